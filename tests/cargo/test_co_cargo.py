import numpy as np
import pandas as pd
import pytest

from factories import fitted, groups, stressed
from mircargo.cargo import residuals
from mircargo.cargo.co_cargo import Evidence, Libraries, find_co_cargo, relation, with_expectations
from mircargo.cargo.cross_mapping import relatives, shadows_among
from mircargo.cargo.residuals import residual_correlations
from mircargo.config import Thresholds
from mircargo.features.mirbase import load_mature
from mircargo.results.contract import CO_CARGO_OF_CONTRAST

SEQUENCES = load_mature().query("species == 'mmu'").set_index("name")["sequence"]
GROUPS = groups()


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
    assert shadows_among(relatives(counts(), SEQUENCES)).to_dict() == {
        "mmu-miR-21b": "mmu-miR-21a-5p",
        "mmu-miR-21c": "mmu-miR-21a-5p",
    }


def differential(padj: dict[str, float]) -> pd.DataFrame:
    names = pd.Index(padj)
    return fitted(names, np.where(names == "mmu-miR-10a-5p", -1.0, 1.0), padj=list(padj.values()))


def features() -> pd.DataFrame:
    names = counts().index
    known = load_mature().query("species == 'mmu'").set_index("name")
    return known.loc[names].rename_axis("feature").reset_index()


def co_cargo(padj: dict[str, float], robustness: pd.DataFrame | None = None) -> pd.DataFrame:
    libraries = Libraries(counts(), features(), dict.fromkeys(GROUPS.index, 1.0), GROUPS)
    evidence = Evidence(robustness=robustness)
    table = find_co_cargo("ev", differential(padj), libraries, "mmu-miR-21a-5p", Thresholds(), evidence)
    return table.set_index("feature")


def test_candidates_change_with_the_target_and_are_no_shadows():
    table = co_cargo(dict.fromkeys(counts().index, 0.001) | {"mmu-miR-10b-5p": 0.06})
    assert set(CO_CARGO_OF_CONTRAST.columns) == {"feature", *table.columns}
    assert table.index[table["tier"].notna()].tolist() == ["mmu-miR-124-3p"]
    assert table["cross_maps_to"]["mmu-miR-21b"] == "mmu-miR-21a-5p"
    assert "misread" in table["cautions"]["mmu-miR-21b"]
    assert table["cautions"].isna()["mmu-miR-124-3p"]
    assert table["relation"].dropna().to_dict() == {
        "mmu-miR-21b": "same family", "mmu-miR-21c": "same family; same seed",
    }  # fmt: skip


def test_the_share_of_variants_with_the_same_call_stands_with_each():
    shares = robustness(confirmed=True, robust=False)
    table = co_cargo(dict.fromkeys(counts().index, 0.001), shares)
    assert table["share_same_call"].dropna().to_dict() == {"mmu-miR-124-3p": 0.75, "mmu-miR-21a-5p": 1.0}


def test_no_tier_where_the_target_did_not_change():
    # Nor has what did not change with it.
    table = co_cargo(dict.fromkeys(counts().index, 0.001) | {"mmu-miR-21a-5p": 0.2, "mmu-miR-124-3p": 0.2})
    assert table["tier"].isna().all()


def robustness(confirmed: bool, robust: bool, target_robust: bool = True) -> pd.DataFrame:
    both = {"share_same_call": [0.75, 1.0], "confirmed": [confirmed, True], "robust": [robust, target_robust]}
    return stressed(["mmu-miR-124-3p", "mmu-miR-21a-5p"], **both)


@pytest.mark.parametrize(
    ("confirmed", "robust", "target_robust", "tier"),
    [
        (True, True, True, "strong"),
        (True, False, True, "supported"),
        # Libraries counted more than once leave no call robust, the target's neither.
        (True, True, False, "supported"),
        (False, False, True, "candidate"),
    ],
)
def test_tiers_follow_their_definitions(confirmed, robust, target_robust, tier):
    padj = dict.fromkeys(counts().index, 0.001) | {"mmu-miR-10b-5p": 0.06}
    table = co_cargo(padj, robustness(confirmed, robust, target_robust))
    assert table["tier"].dropna().to_dict() == {"mmu-miR-124-3p": tier}


def test_relation_to_the_target_is_by_hairpin_family_and_seed():
    known = load_mature().query("species == 'mmu'").set_index("name")
    names = ["mmu-miR-21a-5p", "mmu-miR-21a-3p", "mmu-miR-21c", "mmu-miR-590-5p", "mmu-let-7a-5p"]
    found = relation(known.loc[names], "mmu-miR-21a-5p")
    assert found["mmu-miR-21a-3p"].startswith("other arm of its hairpin")
    assert "same seed" in found["mmu-miR-21c"]
    assert found["mmu-miR-590-5p"] == "same seed"
    assert found[["mmu-miR-21a-5p", "mmu-let-7a-5p"]].isna().all()


def correlations(values: np.ndarray, samples: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame(2**values - 1, index=["a", "b"], columns=samples.index)
    return residual_correlations(table, dict.fromkeys(samples.index, 1.0), samples, "a")


def test_correlation_is_of_what_the_groups_leave_and_its_p_is_exact():
    # Within each group the second falls as the first rises; the groups' means go the other way.
    values = np.array([[1, 2, 3, 4, 11, 12, 13, 14], [4, 3, 2, 1, 14, 13, 12, 11]], dtype=float)
    found = correlations(values, GROUPS)
    assert found["residual_correlation"].to_dict() == pytest.approx({"a": 1, "b": -1})
    # Of 4! x 4! arrangements only those two are as strong that turn both groups round, or neither.
    assert found["residual_correlation_pvalue"]["b"] == pytest.approx(2 / 576)
    assert found["residual_degrees_of_freedom"].eq(5).all()
    few = GROUPS.iloc[[0, 1, 4, 5]]
    assert correlations(values[:, [0, 1, 4, 5]], few)["residual_correlation"].isna().all()
    # Six samples without the means of two groups are four numbers, the fewest there may be.
    enough = correlations(values[:, [0, 1, 2, 4, 5, 6]], GROUPS.iloc[[0, 1, 2, 4, 5, 6]]).loc["b"]
    assert enough.tolist() == pytest.approx([-1, 2 / 36, 3])


def test_correlations_are_of_normalised_counts():
    values = 2 ** np.random.default_rng(2).normal(8, 1, (5, 8))
    factors = np.linspace(0.2, 3, 8)
    plain, scaled = (pd.DataFrame(each, columns=GROUPS.index) for each in (values, values * factors))
    found = residual_correlations(scaled, dict(zip(GROUPS.index, factors, strict=True)), GROUPS, 0)
    pd.testing.assert_frame_equal(found, residual_correlations(plain, dict.fromkeys(GROUPS.index, 1.0), GROUPS, 0))


def test_correlation_of_what_has_nothing_in_common_is_nominal():
    samples, ones = groups(8, 8), dict.fromkeys(groups(8, 8).index, 1.0)
    random = np.random.Generator(np.random.PCG64(3))
    table = pd.DataFrame(
        2 ** random.normal(8, 1, (400, 16)), columns=samples.index, index=[f"f{i}" for i in range(400)]
    )
    found = residual_correlations(table, ones, samples, "f0")
    p_values = found["residual_correlation_pvalue"].drop("f0")
    assert 0.02 < (p_values < 0.05).mean() < 0.09
    # Of 20,000 arrangements, the real one among them.
    assert (p_values * 20_000).to_numpy() == pytest.approx((p_values * 20_000).round().to_numpy(), abs=1e-6)
    assert p_values.min() >= 1 / 20_000
    table.loc["f1"] = table.loc["f0"] * 3
    twin = residual_correlations(table, ones, samples, "f0").loc["f1"]
    assert twin["residual_correlation_pvalue"] == 1 / 20_000


@pytest.mark.parametrize("per_group", [4, 8])  # 576 arrangements, all of them; 20,000 drawn ones
def test_p_values_of_correlations_do_not_hang_on_how_many_arrangements_are_made_at_a_time(per_group, monkeypatch):
    samples, ones = groups(per_group, per_group), dict.fromkeys(groups(per_group, per_group).index, 1.0)
    random = np.random.Generator(np.random.PCG64(3))
    table = pd.DataFrame(2 ** random.normal(8, 1, (30, 2 * per_group)), columns=samples.index, index=range(30))
    found = []
    for at_a_time in (2**22, 30 * 7, 1):
        monkeypatch.setattr(residuals, "AT_A_TIME", at_a_time if per_group == 4 else max(at_a_time, 30 * 500))
        found.append(residual_correlations(table, ones, samples, 0))
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)
    pd.testing.assert_frame_equal(found[0], found[2], check_exact=True)


def test_expected_directions_stand_beside_what_they_are_of():
    table = pd.DataFrame({"contrast": ["ev", "ev", "drg"], "feature": ["a", "b", "a"]})
    expectations = pd.DataFrame(
        [
            ("ev", "a", "up"),
            ("ev", "a", "down"),
            ("ev", "a", "up"),
            ("drg", "a", "up"),
            ("ev", None, "up"),
            ("ev", "b", "no expectation"),
        ],
        columns=["contrast", "feature", "expected"],
    )
    found = with_expectations(table, expectations)["expected"]
    assert [None if pd.isna(each) else each for each in found] == ["up or down", None, "up"]
    assert with_expectations(table, expectations.iloc[:0])["expected"].isna().all()


def test_direction_and_class_stand_beside_each_feature():
    names = ["t", "u", "d", "n", "m"]
    counts = pd.DataFrame(np.arange(20).reshape(5, 4) + 50, index=names, columns=groups(2, 2).index)
    table = fitted(names, [1.0, 2.0, -1.0, 1.0, 1.0], padj=[0.001, 0.01, 0.01, 0.05, np.nan]).drop(columns="lfcSE")
    features = pd.DataFrame(
        {"feature": names} | dict.fromkeys(["accession", "species", "sequence", "arm", "family", "seed"], pd.NA)
    )
    columns = ["source_log2FoldChange", "release_log2FoldChange", "release_padj"]
    release = pd.DataFrame({"feature": names[::-1], "class": list("vwxyz")} | {name: range(5) for name in columns})
    libraries = Libraries(counts, features, dict.fromkeys(counts, 1.0), groups(2, 2))
    found = find_co_cargo("c", table, libraries, "t", Thresholds(), Evidence(release)).set_index("feature")
    assert found["call"].fillna("missing").to_dict() == {"t": "up", "u": "up", "d": "down", "n": "none", "m": "missing"}
    assert found["class"].to_dict() == {"t": "z", "u": "y", "d": "x", "n": "w", "m": "v"}
    assert found.loc["t", columns].tolist() == [4, 4, 4]
    assert found["tier"].dropna().to_dict() == {"u": "candidate"}
    assert list(found.index) == ["u", "t", "d", "n", "m"]
    assert set(found["contrast"]) == {"c"}


def test_relations_in_words():
    known = pd.DataFrame(
        {"arm": ["5p", "3p", "5p", None, "5p"], "family": ["f", "f", "f", None, "g"],
         "seed": ["s", "r", "s", None, "s"]},
        index=["m-1-5p", "m-1-3p", "m-2", "m-3", "m-4-5p"],
    )  # fmt: skip
    assert relation(known, "m-1-5p").fillna("").to_dict() == {
        "m-1-5p": "", "m-1-3p": "other arm of its hairpin; same family", "m-2": "same family; same seed", "m-3": "",
        "m-4-5p": "same seed",
    }  # fmt: skip
    for target in (None, "elsewhere"):
        assert relation(known, target).isna().all()
