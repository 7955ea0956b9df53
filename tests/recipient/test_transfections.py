"""Four transfections of fly cells (Agarwal et al. 2018, Genome Biol 19:152): one miRNA acts in each, five do not."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from mircargo.analysis.recipient_question import RecipientQuestion
from mircargo.model.engines.deseq2 import Fit
from mircargo.recipient.comparison import Comparison
from mircargo.recipient.de_repression import family_shifts
from mircargo.recipient.dose import dose_response
from mircargo.recipient.sites import Sites
from mircargo.vocabulary import DOWN, NO_CALL

TYPES = {"8m": "8mer", "7m8": "7mer-m8", "7A1": "7mer-A1", "6m": "6mer", "o6": "offset-6mer", "6A1": "other"}
MIRNAS = ("miR1", "miR124", "miR263a", "miR994")


class Transfection:
    """The fold changes after one transfection, with the sites of all six miRNAs."""

    def __init__(self, folder, mirna):
        features = pd.read_csv(folder / "feature_table_transfections.txt", sep="\t")
        change = (
            pd.read_csv(folder / f"{mirna}.diff", sep="\t", names=["gene", "change"]).groupby("gene")["change"].mean()
        )
        length = features.groupby("GENE_ID")["LEN_3UTR"].max().reindex(change.index)
        self.sites = pd.DataFrame(
            {"family": features["MIR_ID"], "gene": features["GENE_ID"], "site_type": features["TYPE"].map(TYPES)}
        )
        assert self.sites["site_type"].notna().all()
        results = pd.DataFrame({"feature": change.index, "baseMean": np.nan, "log2FoldChange": change.to_numpy()})
        genes = pd.DataFrame({"utr3_length": length, "target_id": length.index.where(length.notna())})
        self.asked = RecipientQuestion(Fit(results, {}), self.sites, genes)
        self.change = change[self.asked.compared_genes.index]
        self.tested = family_shifts(self.asked.comparison)
        self.table = self.tested.table.set_index("family")


@pytest.fixture(scope="module")
def folder(shared):
    found = shared / "data" / "transfections"
    if not found.is_dir():
        pytest.skip(f"the fold changes of four transfections are not there ({found})")
    return found


@pytest.fixture(scope="module", params=MIRNAS)
def transfection(request, folder):
    return request.param, Transfection(folder, request.param)


def test_the_transfected_mirna_ranks_first_and_falls_and_no_other_is_called(transfection):
    mirna, found = transfection
    table = found.table
    assert table["pvalue"].idxmin() == mirna
    assert table["call"].to_dict() == dict.fromkeys(table.index, NO_CALL) | {mirna: DOWN}
    assert (table.drop(index=mirna)["padj"] >= 0.05).all()
    assert table.loc[mirna, "shift"] < -0.08


def test_8mer_sites_act_more_than_7mer_sites(transfection):
    mirna, found = transfection
    shifts = dose_response(found.tested, [mirna]).set_index("stratum")["shift"]
    assert shifts["8mer"] < shifts["7mer-m8"] < 0
    assert shifts["8mer"] < shifts["7mer-A1"]


def test_a_plain_rank_test_calls_others(folder):
    """The contrast: targets against all genes without a site, each gene for itself."""
    called, pvalues = {}, {}
    for mirna in MIRNAS:
        found = Transfection(folder, mirna)
        sites, change = found.asked.comparison.sites, found.change.to_numpy()
        for family, name in enumerate(sites.families):
            pvalues[mirna, name] = mannwhitneyu(change[sites.targets(family)], change[sites.pool(family)]).pvalue
        called[mirna] = [name for name in sites.families if name != mirna and pvalues[mirna, name] < 0.05]
    # Of miR-263a after miR-1, as the analysis that these tests are set against has it.
    assert pvalues["miR1", "miR263a"] == pytest.approx(3e-5, rel=0.2)
    assert all(called.values())
    assert sum(map(len, called.values())) >= 8


def test_intervals_cover_0_for_random_sets_matched_the_same_way(transfection):
    """500 sets, each as large as that of a miRNA that does not act, on 3'UTRs about as long, of genes by chance."""
    mirna, found = transfection
    compared = found.asked.comparison
    rng = np.random.default_rng(1)
    names, best = list(compared.sites.families), compared.sites.best
    others = [family for family, name in enumerate(names) if name != mirna]
    by_length = np.argsort(compared.response.scores[:, 0], kind="stable")
    blocks = np.array_split(by_length, len(by_length) // 20)
    drawn = np.zeros((len(best), 500), dtype=best.dtype)
    for column in range(500):
        # Each gene gives its sites to one of about 20 whose 3'UTR is as long.
        moved = np.concatenate([rng.permutation(block) for block in blocks])
        drawn[moved, column] = best[by_length, others[column % 5]]
    sites = Sites([*names, *map(str, range(500))], np.hstack([best, drawn]))
    table = family_shifts(Comparison.of(compared.response, sites)).table.set_index("family")
    assert table["pvalue"].idxmin() == mirna
    random = table.iloc[6:]
    covered = ((random["ci_low"] <= 0) & (random["ci_high"] >= 0)).mean()
    assert 0.93 <= covered <= 0.97
