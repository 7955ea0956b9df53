"""No reads are co-cargo twice: hairpins beside their matures, rows of one set of reads, features nobody can look up."""

import re

import numpy as np
import pandas as pd
import pytest

from factories import assembled, fitted, groups, source, stressed
from mircargo.cargo.co_cargo import Evidence, Libraries, find_co_cargo
from mircargo.config import Thresholds
from mircargo.features.ledger import Source
from mircargo.features.mirbase import load_mature
from mircargo.inputs.registry import read_table

GROUPS = groups()
SAMPLES = list(GROUPS.index)


def counted(rows: dict[str, np.ndarray]):
    table = source(list(rows), list(rows.values()), "refuse", samples=SAMPLES)
    return assembled(table, species="hsa", biotypes=["miRNA"])


def tiers(counts, target: str, samples=GROUPS) -> pd.DataFrame:
    """Return the co-cargo where every feature is called up in every variant."""
    names = list(counts.counts.index)
    libraries = Libraries(counts.counts, counts.features, dict.fromkeys(samples.index, 1.0), samples)
    evidence = Evidence(None, stressed(names))
    return find_co_cargo("ev", fitted(names), libraries, target, Thresholds(), evidence).set_index("feature")


@pytest.fixture
def reads():
    draw = np.random.default_rng(4)
    return lambda mean: draw.poisson(mean * draw.gamma(5, 0.2, 8))


def test_a_hairpin_is_no_co_cargo_beside_its_own_mature(reads):
    mature, other = reads(5000), reads(3000)
    counts = counted({
        "hsa-miR-21-5p": mature, "hsa-mir-21": reads(6000), "hsa-miR-223-3p": other, "hsa-mir-223": other + 7,
        "hsa-mir-155": reads(900), "hsa-miR-26a-5p": reads(800), "hsa-mir-26a-1": reads(700),
    })  # fmt: skip
    table = tiers(counts, "hsa-miR-21-5p")
    # hsa-mir-155 has no mature of its own in the table.
    assert table["tier"].dropna().to_dict() == dict.fromkeys(
        ["hsa-miR-223-3p", "hsa-mir-155", "hsa-miR-26a-5p"], "strong"
    )
    assert "a hairpin beside its own mature hsa-miR-21-5p" in table["cautions"]["hsa-mir-21"]
    assert "a hairpin beside its own mature hsa-miR-223-3p" in table["cautions"]["hsa-mir-223"]
    # Where the hairpin is the target, its matures are no news.
    assert tiers(counts, "hsa-mir-21")["tier"].isna()["hsa-miR-21-5p"]


def test_one_set_of_reads_is_co_cargo_once(reads):
    a, b = reads(4000), reads(3000)
    counts = counted({
        "hsa-miR-21-5p": a, "hsa-miR-590-3p": a, "hsa-miR-16-5p": b, "hsa-miR-451a": b, "hsa-miR-30d-5p": reads(2000),
        "hsa-miR-199a-3p": b // 3, "hsa-miR-199b-3p": b // 3 - 1,
    })  # fmt: skip
    table = tiers(counts, "hsa-miR-21-5p")
    assert set(table.index[table["tier"].notna()]) == {"hsa-miR-16-5p", "hsa-miR-30d-5p", "hsa-miR-199a-3p"}
    assert table["cautions"]["hsa-miR-451a"].startswith("one set of reads with hsa-miR-16-5p")
    assert "one set of reads with hsa-miR-21-5p" in table["cautions"]["hsa-miR-590-3p"]


def test_what_cannot_be_looked_up_is_a_candidate_at_most(reads):
    counts = counted({"hsa-miR-21-5p": reads(9000), "own_1": reads(500), "hsa-miR-155-5p": reads(700),
                        "hsa-mir-223": reads(800)})  # fmt: skip
    table = tiers(counts, "hsa-miR-21-5p")
    # The sequences of a hairpin's matures are known.
    assert table["tier"].dropna().to_dict() == {
        "own_1": "candidate", "hsa-miR-155-5p": "strong", "hsa-mir-223": "strong",
    }  # fmt: skip
    assert "no sequence is known" in table["cautions"]["own_1"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [("hairpin_beside_mature", "ev_both.tsv"), ("isomirs_and_species", "lcsci.tsv"),
     ("isomirs_and_species", "ev_allspecies.tsv")],
)  # fmt: skip
def test_cases_have_no_co_cargo_of_the_target_s_own_reads(shared, folder, name):
    table = Source(read_table(str(shared / "cases" / folder / name)))
    counts = assembled(table, species="hsa", biotypes=["miRNA"])
    samples = list(counts.counts)
    case = pd.Series(["injured" if "case" in s else "control" for s in samples], index=samples)
    found = tiers(counts, "hsa-miR-21-5p", case)
    named = found.index[found["tier"].notna()]
    assert len(named)
    assert [feature for feature in named if re.match(r"hsa-mi[rR]-21(\D|$)", feature)] == []
    assert [feature for feature in named if not feature.startswith("hsa-") or "_" in feature] == []
    mature = load_mature()
    loci = mature.assign(hairpin=mature["hairpins"].str.split(";")).explode("hairpin")
    own = loci.groupby("hairpin")["name"].agg(set)
    present = set(counts.counts.index)
    assert [feature for feature in named if own.get(feature, set()) & present] == []
