import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mircargo.cargo.co_cargo import COLUMNS, find_co_cargo, residual_correlation
from mircargo.cargo.cross_mapping import edit_distance, find_shadows
from mircargo.config import Thresholds
from mircargo.names.mirbase import load_mature

SEQUENCES = load_mature().query("species == 'mmu'").set_index("name")["sequence"]
GROUPS = pd.Series(["control"] * 4 + ["injured"] * 4, index=[f"s{i}" for i in range(8)])


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("ACGU", "ACGU", 0), ("ACGU", "CGU", 1), ("ACGU", "AGCU", 2), ("AAA", "", 3)],
)
def test_edit_distance_by_hand(one, other, distance):
    assert edit_distance(one, other) == edit_distance(other, one) == distance


@given(st.text("ACGU", max_size=12), st.text("ACGU", max_size=12), st.text("ACGU", max_size=12))
def test_edit_distance_is_a_distance(a, b, c):
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert (edit_distance(a, b) == 0) == (a == b)


def counts(seed=1) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    origin = generator.integers(20_000, 90_000, 8)
    return pd.DataFrame(
        {
            "mmu-miR-21a-5p": origin,
            "mmu-miR-21b": generator.poisson(0.005 * origin),
            "mmu-miR-21c": generator.poisson(0.002 * origin),
            # As near to miR-10b as its shadow would be, and going its own way.
            "mmu-miR-10b-5p": generator.integers(20_000, 90_000, 8),
            "mmu-miR-10a-5p": generator.integers(50, 900, 8),
            "mmu-miR-124-3p": generator.poisson(0.005 * origin),
        },
        index=GROUPS.index,
    ).T


def test_shadows_are_near_in_sequence_and_follow_in_counts():
    assert find_shadows(counts(), SEQUENCES).to_dict() == {
        "mmu-miR-21b": "mmu-miR-21a-5p",
        "mmu-miR-21c": "mmu-miR-21a-5p",
    }


def differential(padj: dict[str, float]) -> pd.DataFrame:
    table = pd.DataFrame(
        {"feature": list(padj), "padj": list(padj.values()), "log2FoldChange": 1.0, "status": "tested"}
    )
    table.loc[table["feature"] == "mmu-miR-10a-5p", "log2FoldChange"] = -1.0
    return table


def features() -> pd.DataFrame:
    names = counts().index
    return pd.DataFrame({"feature": names, "accession": "MIMAT0000000", "sequence": SEQUENCES[names].to_numpy()})


def co_cargo(padj: dict[str, float]) -> pd.DataFrame:
    factors = dict.fromkeys(GROUPS.index, 1.0)
    table = find_co_cargo(
        "ev", differential(padj), counts(), features(), factors, GROUPS, "mmu-miR-21a-5p", None, Thresholds()
    )
    return table.set_index("feature")


def test_candidates_change_with_the_target_and_are_no_shadows():
    table = co_cargo(dict.fromkeys(counts().index, 0.001) | {"mmu-miR-10b-5p": 0.06})
    assert set(COLUMNS) == {"feature", *table.columns}
    assert table.index[table["tier"].notna()].tolist() == ["mmu-miR-124-3p"]
    assert table["cross_maps_to"]["mmu-miR-21b"] == "mmu-miR-21a-5p"
    assert "misread" in table["cautions"]["mmu-miR-21b"]


def test_the_share_of_variants_with_the_same_call_stands_with_each():
    shares = pd.DataFrame({"feature": ["mmu-miR-124-3p", "mmu-miR-21a-5p"], "share_same_call": [0.75, 1.0]})
    factors = dict.fromkeys(GROUPS.index, 1.0)
    changed = differential(dict.fromkeys(counts().index, 0.001))
    table = find_co_cargo(
        "ev", changed, counts(), features(), factors, GROUPS, "mmu-miR-21a-5p", None, Thresholds(), shares
    ).set_index("feature")
    assert table["share_same_call"].dropna().to_dict() == {"mmu-miR-124-3p": 0.75, "mmu-miR-21a-5p": 1.0}


def test_no_tier_where_the_target_did_not_change():
    table = co_cargo(dict.fromkeys(counts().index, 0.001) | {"mmu-miR-21a-5p": 0.2})
    assert table["tier"].isna().all()


def test_correlation_is_of_what_the_groups_leave():
    # Within each group the second falls as the first rises; the groups' means go the other way.
    log_values = np.array([[1, 2, 3, 4, 11, 12, 13, 14], [4, 3, 2, 1, 14, 13, 12, 11]], dtype=float)
    table = pd.DataFrame(2**log_values - 1, index=["a", "b"], columns=GROUPS.index)
    factors = dict.fromkeys(GROUPS.index, 1.0)
    assert residual_correlation(table, factors, GROUPS, "a").to_dict() == pytest.approx({"a": 1, "b": -1})
    few = GROUPS.iloc[[0, 1, 4, 5]]
    assert residual_correlation(table[few.index], factors, few, "a").isna().all()
