"""Independent studies: what is planted is in the counts, and the rival is limma's."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark import bars
from mircargo.benchmark.callers import RIVALS
from mircargo.benchmark.independent import SETTINGS, Conditions, independent_study
from mircargo.benchmark.pools import DOUBTFUL, doubtful
from mircargo.benchmark.run import simulated
from mircargo.benchmark.studies import CONTRAST

QUIET = {"dispersion": (1e-6, 1e-6), "dispersion_sd": 0.0, "reads": 5e7, "reads_sd": 0.0}


def of(per_group: int = 4, **changed):
    return independent_study("one of mine", per_group, 0, 5, Conditions("", **{**QUIET, **changed}))


def log_ratios(study) -> pd.Series:
    """Log2 of the mean share of treated over that of controls, of features with many reads."""
    kept = study.counts[study.counts.min(axis=1) > 1000]
    shares = kept / study.counts.sum()
    treated = study.sheet["group"].eq("treated").to_numpy()
    return np.log2(shares.loc[:, treated].mean(axis=1) / shares.loc[:, ~treated].mean(axis=1))


def test_a_study_hangs_on_its_name_size_number_and_seed_only():
    one, same, other = (independent_study("latent", 3, number, 9) for number in (4, 4, 5))
    pd.testing.assert_frame_equal(one.counts, same.counts)
    assert not one.counts.equals(other.counts)


def test_the_planted_changes_are_in_the_counts_up_to_composition():
    study = of(up=0.2, down=0.1)
    assert (int((study.truth > 0).sum()), int((study.truth < 0).sum())) == (100, 50)
    found = log_ratios(study)
    bias = found - study.truth[found.index]
    assert bias.std() < 0.03
    assert bias.abs().mean() > 0.05, "shares know the changes up to a constant"


def test_one_feature_dominates_and_rises():
    study = of(up=0.0, down=0.0, dominant=0.4, dominant_rise=2.0)
    shares = (study.counts / study.counts.sum()).max()
    assert shares[:4].mean() == pytest.approx(0.4, abs=0.01)
    assert shares[4:].mean() == pytest.approx(1.6 / 2.2, abs=0.01)


@pytest.mark.parametrize(("errors", "within", "between"), [("preparation_sd", 0, 0.3 * 2**0.5), ("latent_sd", 0.2, 0)])
def test_shared_errors_are_between_groups_or_between_features(errors, within, between):
    study = of(6, up=0.0, down=0.0, **{errors: 0.3})
    kept = np.log2(study.counts[study.counts.min(axis=1) > 1000] / study.counts.sum())
    scatter = kept.iloc[:, :6].std(axis=1)
    assert scatter.mean() == pytest.approx(within, abs=0.06)
    if between:
        assert log_ratios(study).std() == pytest.approx(between, rel=0.2)
    else:
        residuals = kept.iloc[:, :6].sub(kept.iloc[:, :6].mean(axis=1), axis=0)[scatter > 0.1]
        assert np.abs(np.corrcoef(residuals)).mean() > 0.4, "features of one factor rise and fall together"


def test_depth_spread_outliers_and_batches():
    deep = of(deeper=4.0, shallow=30.0).counts.sum()
    assert deep.iloc[5] / deep.iloc[1] == pytest.approx(4, rel=0.01)
    assert deep.iloc[1] / deep.iloc[0] == pytest.approx(30, rel=0.01)
    spread = of(8, up=0.0, down=0.0, dispersion=(0.05, 0.0), spread=4.0).counts
    rich = np.log(spread[spread.min(axis=1) > 1000])
    assert (rich.iloc[:, 8:].var(axis=1).mean() / rich.iloc[:, :8].var(axis=1).mean()) == pytest.approx(4, rel=0.25)
    calm = of(8, up=0.0, down=0.0, outliers=0.01).counts
    rich = calm[calm.min(axis=1) > 1000]
    far = rich.div(rich.median(axis=1), axis=0) > 3
    assert far.to_numpy().mean() == pytest.approx(0.01, abs=0.004)
    batches = independent_study("batches", 4, 0, 1)
    assert pd.crosstab(batches.sheet["batch"], batches.sheet["group"]).to_numpy().tolist() == [[2, 2], [2, 2]]


def test_the_rival_is_limmas_treat():
    """By treat(lmFit(voom(calcNormFactors(x))), lfc = 0.3) of limma 3.54.1 with edgeR 3.40.2, a table by a formula."""
    i, j = np.arange(1, 61)[:, None], np.arange(1, 7)
    counts = (i * i * (j + 3) + 7 * i * j) % 97 * (1 + i % 4) + (i % 7 == 0) * 500 * j + 20
    counts[:, 3:] *= np.where(i % 5 == 0, 3, 1)
    samples = [f"s{n}" for n in j]
    table = pd.DataFrame(counts, index=[f"f{n[0]}" for n in i], columns=samples)
    sheet = pd.DataFrame({"group": ["control"] * 3 + ["treated"] * 3}, index=samples)
    found = RIVALS["voom_treat"](table, sheet, CONTRAST).loc[["f5", "f30", "f59"]]
    assert found["log2FoldChange"].tolist() == pytest.approx([1.705484664086, 0.617384006043, -1.002214672473])
    assert found["padj"].tolist() == pytest.approx([0.417474721970, 0.657028030354, 0.537091391654], rel=1e-6)


def test_a_run_takes_independent_settings_and_blocks_on_batches():
    rows, _ = simulated(RIVALS, ["batches", "null_tissue"], [3], 1, 1, 1)
    assert rows["outcome"].eq("fitted").all()
    assert rows["setting"].tolist() == ["batches", "null_tissue"]
    assert set(SETTINGS).isdisjoint({"no_change", "dominant_rises"}), "a name says by whom a study is made"


def summary(**changed) -> pd.DataFrame:
    rows = [
        {"setting": setting, "caller": caller, "per_group": 4, "mean_tpr": tpr, "mean_fdr": 0.03, "any_false": 0.02}
        for setting in ("tissue", "null_tissue")
        for caller, tpr in (("robust", 0.3), ("threshold", 0.31), ("voom_treat", 0.2))
    ]
    table = pd.DataFrame(rows)
    for column, value in changed.items():
        table.loc[(table["caller"] == "robust"), column] = value
    return table


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, []),
        ({"mean_fdr": 0.06}, ["FDR"]),
        ({"any_false": 0.06}, ["nothing changes"]),
        ({"mean_tpr": 0.249}, ["TPR"]),
        ({"mean_tpr": 0.2}, ["TPR", "TPR beside rivals"]),
    ],
)
def test_bars_of_independent_studies(changed, missed):
    table = summary(**changed)
    if "mean_tpr" in changed and len(missed) == 1:
        table.loc[table["caller"] == "threshold", "mean_tpr"] = 0.25
    verdicts = bars.on_independent(table)
    said = verdicts.loc[~verdicts["met"], "what"].str.removeprefix("independent studies: ").tolist()
    assert said == missed


def test_doubtful_rnas_of_the_pools_are_found_among_the_names_of_an_oligo():
    names = pd.Index(["oligo_1,hsa-miR-423-5p;mmu-miR-423-5p", "hsa-miR-423-3p", "x,hsa-miR-625-5p"])
    assert doubtful(names) == [names[0], names[2]]
    assert len(DOUBTFUL) == 2
