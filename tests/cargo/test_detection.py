"""Detection: probabilities by hand and by drawing, and studies with a planted truth."""

import numpy as np
import pandas as pd
import pytest

from factories import INJURED, groups
from mircargo.cargo.detection import p_no_reads, p_unseen, reason, unseen
from mircargo.config import Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit

PER_GROUP = 5
GROUPS = groups(PER_GROUP, PER_GROUP)
SAMPLES = GROUPS.index


def test_rule_of_three():
    # exp(-3) is 4.98%: three reads expected in all, if there is nothing but counting.
    assert p_no_reads(1.0, [1, 1, 1], 0.0) == pytest.approx(0.0498, abs=1e-4)
    assert p_no_reads(10.0, [0.1, 0.1, 0.1], 0.0) == pytest.approx(0.0498, abs=1e-4)


def test_probability_of_no_reads_as_drawn():
    rng = np.random.Generator(np.random.PCG64(1))
    factors, mean, dispersion = np.array([0.2, 0.5, 1.0]), 2.0, 0.8
    drawn = rng.poisson(rng.gamma(1 / dispersion, mean * dispersion * factors, (200_000, 3)))
    assert p_no_reads(mean, factors, dispersion) == pytest.approx((drawn.sum(axis=1) == 0).mean(), abs=0.003)
    assert p_no_reads(mean, factors, 0.0) == pytest.approx(np.exp(-3.4))


def study(seed: int, depth_of_injured: float) -> tuple[pd.DataFrame, pd.Series]:
    """Counts of 300 features; a tenth falls 8-fold, the others are unchanged."""
    rng = np.random.Generator(np.random.PCG64(seed))
    injured = (GROUPS == "injured").to_numpy()
    falls = np.arange(300) % 10 == 0
    level = np.exp(rng.normal(2.5, 2.0, 300))[:, None] * np.where(injured & falls[:, None], 1 / 8, 1.0)
    mean = level * np.where(injured, depth_of_injured, 1.0) * rng.uniform(0.7, 1.3, len(GROUPS))
    counts = rng.poisson(rng.gamma(4, mean / 4))
    names = pd.Index([f"mir_{i}" for i in range(300)], name="feature")
    return pd.DataFrame(counts, index=names, columns=SAMPLES), pd.Series(falls, index=names)


@pytest.mark.parametrize("depth", [1.0, 0.1, 0.03])
def test_never_against_a_call_and_only_where_depth_explains_it(depth):
    design, thresholds = contrast_design(GROUPS.to_frame(), INJURED, [], "test"), Thresholds()
    fired = called_down = truly_down = 0
    for seed in range(10):
        counts, falls = study(seed, depth)
        result = fit(counts, design, thresholds, details=True)
        table = result.results.set_index("feature")
        found = unseen(counts, result.facts["size_factors"], GROUPS, table["dispersion"]).set_index("feature")
        flagged = found.index[found["not_detected"]]
        down = table.index[(table["padj"] < 0.05) & (table["log2FoldChange"] < 0)]
        assert not set(flagged) & set(down)
        fired += len(set(flagged) & set(falls.index[~falls]) & set(found.index[found["unseen_in"] == "injured"]))
        called_down += len(down)
        truly_down += int(falls[down].sum())
    assert truly_down / called_down > 0.85
    assert called_down > 30
    assert fired > (100 if depth < 0.1 else 10 if depth < 1 else -1)


def test_absence_in_deep_libraries_says_something():
    counts = pd.DataFrame([[5, 6, 7, 4, 6, 0, 0, 0, 0, 0]], index=["mir"], columns=SAMPLES)
    same = dict.fromkeys(SAMPLES, 1.0)
    shallow = dict.fromkeys(SAMPLES[:PER_GROUP], 1.0) | dict.fromkeys(SAMPLES[PER_GROUP:], 0.05)
    nothing = pd.Series(dtype=float)
    assert not unseen(counts, same, GROUPS, nothing)["not_detected"].any()
    # What neither group has a read of is no difference between them.
    assert unseen(counts * 0, same, GROUPS, nothing).empty
    row = unseen(counts, shallow, GROUPS, nothing).iloc[0]
    # 5.6 a library, times 5 libraries of a twentieth: 1.4 reads, none in exp(-1.4), a quarter.
    assert (row["unseen_in"], row["not_detected"]) == ("injured", True)
    assert reason(row) == (
        "injured has no read of it, and its libraries are too shallow to show it at the other group's abundance "
        "(1.4 reads expected, none by chance in 25%)"
    )


def two_fractions(unseen_mean: float, exosome_reads: float = 0.0) -> pd.DataFrame:
    """Four libraries of each fraction; exosomes hold a quarter or 4-fold of the 89 other features, in turn."""
    source = pd.Series({f"f{i}": 100.0 * (i + 1) for i in range(89)} | {"asked": unseen_mean})
    ratio = np.where(np.arange(90) % 3 == 0, 1.0, np.where(np.arange(90) % 3 == 1, 0.25, 4.0))
    exosome = source * ratio
    exosome["asked"] = exosome_reads
    return pd.DataFrame({f"{name}{i}": each for name, each in (("s", source), ("e", exosome)) for i in range(4)})


def chance_unseen(counts: pd.DataFrame, dispersion: float = 0.0) -> pd.DataFrame:
    in_exosome = pd.Series(counts.columns.str.startswith("e"), counts.columns)
    factors = pd.Series(1.0, counts.columns)
    return p_unseen(counts, factors, in_exosome, pd.Series({"exosome": dispersion, "source": dispersion}))


def test_the_chance_to_be_unseen_is_over_how_others_are_enriched():
    # Log2 ratios are 0, -2 and 2 in equal numbers: median 0, and the median absolute deviation is 2.
    spread = 1.4826 * 2
    for mean in (0.5, 4.0, 200.0):
        found = chance_unseen(two_fractions(mean)).loc["asked"]
        drawn = np.random.default_rng(1).normal(0.0, spread, 200_000)
        expected = np.exp(-4 * mean * 2**drawn).mean()
        assert found["exosome"] == pytest.approx(expected, abs=0.01)
        assert np.isnan(found["source"])


def test_the_typical_ratio_is_of_the_third_that_is_most_abundant():
    # Of 90 features the first 30: ten are 4 times and twenty 8 times as many in exosomes. The others are rarer than a
    # read a library, and as many in both.
    source = pd.Series([100.0] * 10 + [50.0] * 20 + [0.5] * 60, index=[f"f{i}" for i in range(90)])
    exosome = source * np.repeat([4.0, 8.0, 1.0], [10, 20, 60])
    exosome["f89"] = 0
    counts = pd.DataFrame({f"{name}{i}": each for name, each in (("s", source), ("e", exosome)) for i in range(4)})
    # Twenty of thirty ratios are alike, so nothing is spread: 0.5 reads times 8 in each of 4 libraries.
    assert chance_unseen(counts).at["f89", "exosome"] == pytest.approx(np.exp(-16))
    # No read in 4 libraries stands for half a one in all, which is 0.125 a library where the source has 50.
    counts.loc["f0":"f29", ["e0", "e1", "e2", "e3"]] = 0
    assert chance_unseen(counts).at["f89", "exosome"] == pytest.approx(np.exp(-4 * 0.5 * 0.125 / 50))
    counts.loc["f0":"f29"] = np.repeat([[100] * 4 + [400] * 4, [50] * 4 + [400] * 4], [10, 20], axis=0)
    # The fractions are treated alike.
    swapped = counts.rename(columns=lambda name: {"s": "e", "e": "s"}[name[0]] + name[1])
    assert chance_unseen(swapped).at["f89", "source"] == pytest.approx(np.exp(-16))


def test_dispersion_makes_it_likelier_to_be_unseen():
    counts = two_fractions(50.0)
    assert chance_unseen(counts, 2.0).at["asked", "exosome"] > chance_unseen(counts, 0.0).at["asked", "exosome"]


def test_nine_reads_in_eight_libraries_are_reads():
    counts = two_fractions(4000.0)
    assert chance_unseen(counts).at["asked", "exosome"] < 0.01
    counts.loc["asked", ["e0", "e1"]] = [5, 4]
    assert chance_unseen(counts).loc["asked"].isna().all()


def test_few_features_do_not_tell_what_is_typical():
    assert chance_unseen(two_fractions(4000.0).iloc[-59:]).isna().all(axis=None)
    assert chance_unseen(two_fractions(4000.0).iloc[-60:]).at["asked", "exosome"] < 0.05


def test_the_chance_of_no_read_follows_the_dispersion():
    # Poisson: exp(-(1 + 2)); negative binomial with dispersion 0.5: (1 / 1.5)**2 * (1 / 2)**2.
    assert p_no_reads(10, [0.1, 0.2], 0.0) == pytest.approx(np.exp(-3))
    assert p_no_reads(10, [0.1, 0.2], 0.5) == pytest.approx((1 / 1.5) ** 2 / 4)
    counts = pd.DataFrame([[10, 10, 0, 0]], index=["m"], columns=list("abcd"))
    halves = pd.Series(["g", "g", "h", "h"], index=list("abcd"))
    factors = {"a": 1.0, "b": 1.0, "c": 0.1, "d": 0.2}
    row = unseen(counts, factors, halves, pd.Series({"m": 0.5})).iloc[0]
    assert row["p_no_reads"] == pytest.approx((1 / 1.5) ** 2 / 4)
    assert (row["unseen_in"], row["expected_reads"], bool(row["not_detected"])) == ("h", pytest.approx(3), True)
    assert unseen(counts, factors, halves, pd.Series({"m": np.nan})).iloc[0]["p_no_reads"] == pytest.approx(np.exp(-3))
