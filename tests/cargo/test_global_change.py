"""Composition: the truth is planted, the fits are the model's own, and two cases are worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from factories import INJURED, groups
from mircargo.cargo.global_change import (
    clause,
    global_change,
    measured_clause,
    overturning_change,
    p_cutoff,
    spike_in_change,
    under_global_change,
)
from mircargo.config import SizeFactorChoice, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors

TWO_SIDED_5 = 2 * 0.024997895  # standard normal beyond 1.96, from a table


def paired(per_group: int) -> pd.DataFrame:
    return groups(per_group, per_group).to_frame().assign(subject=[f"m{i % per_group}" for i in range(2 * per_group)])


def study(seed: int, per_group: int, total: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts of 150 miRNAs and 6 spike-ins; all miRNA of the injured is `total` times that of controls."""
    rng = np.random.Generator(np.random.PCG64(seed))
    injured = np.arange(2 * per_group) >= per_group
    abundance = np.exp(rng.normal(0, 1.8, 150))
    abundance *= 1 / abundance.sum()
    level = abundance[:, None] * np.where(injured, total, 1.0) * np.exp(rng.normal(0, 0.35, (1, 2 * per_group)))
    level[5] *= np.where(injured, 4.0, 1.0)
    level = level * rng.gamma(20, 1 / 20, level.shape)
    spikes = np.full((6, 2 * per_group), 0.01) * np.array([1, 2, 4, 8, 16, 32])[:, None] / 8
    everything = np.vstack([level, spikes])
    depth = 500_000 * rng.uniform(0.6, 1.6, 2 * per_group)
    counts = rng.poisson(depth * everything / everything.sum(axis=0))
    names = [*(f"mir_{i}" for i in range(150)), *(f"spike_{i}" for i in range(6))]
    table = pd.DataFrame(counts, index=names, columns=paired(per_group).index)
    return table.iloc[:150], table.iloc[150:]


def test_by_hand():
    # Two standard errors above 1.96: the total may fall by 2**-(2 - 1.96 / 2) = 2**-1.02.
    found = overturning_change(2.0, 0.5, TWO_SIDED_5)
    assert (found.call, found.turn, found.sign) == ("up", pytest.approx(2**-1.02, rel=1e-3), 0.25)
    assert found.opposite == pytest.approx(2**-2.98, rel=1e-3)
    assert clause(found, "control") == "the call would be lost if total exosome miRNA had fallen to 0.49 of control"
    down = overturning_change(-2.0, 0.5, TWO_SIDED_5)
    assert clause(down, "sham", "total miRNA") == "the call would be lost if total miRNA had risen to 2.03 times sham"
    narrow, wide = overturning_change(0.985, 0.5, TWO_SIDED_5), overturning_change(12.0, 0.5, TWO_SIDED_5)
    assert clause(narrow, "control").endswith("had fallen by less than 1%")
    assert clause(wide, "control").endswith("had fallen more than 1000-fold")
    # Against a smallest change of 1 the room is 1 less: 2 - 1 - 0.98 = 0.02.
    assert overturning_change(2.0, 0.5, TWO_SIDED_5, 1.0).turn == pytest.approx(2**-0.02, rel=1e-3)


def test_without_a_call_the_nearest_change_that_makes_one():
    # Of nothing to nearly something: 1.96 * 0.5 is 0.98, and 0.48 of it is missing.
    up, down = (overturning_change(fold, 0.5, TWO_SIDED_5) for fold in (0.5, -0.5))
    assert (down.call, down.turn, down.opposite) == ("none", pytest.approx(2**-0.48, rel=1e-3), None)
    assert clause(up, "control") == "it would be called up if total exosome miRNA had risen to 1.39 times control"
    assert clause(down, "control") == "it would be called down if total exosome miRNA had fallen to 0.72 of control"
    near, far = (overturning_change(fold, 0.5, TWO_SIDED_5) for fold in (0.975, -12.0))
    assert clause(near, "x").endswith("had risen by less than 1%")
    assert clause(far, "x").endswith("had risen more than 1000-fold")


def test_cutoff_is_that_of_the_table():
    table = pd.DataFrame({"pvalue": [0.001, 0.012, 0.04, np.nan], "padj": [0.003, 0.018, 0.04, np.nan]})
    # Two calls of three tests: with 0.0199 in place of 0.012 there would be two still, with 0.0201 one.
    assert p_cutoff(table, 0.03) == pytest.approx(0.02)
    assert p_cutoff(table, 0.001) == pytest.approx(0.001 / 3)
    assert p_cutoff(pd.DataFrame({"padj": [0.01, 0.01, 0.05, 0.9]}), 0.05) == pytest.approx(0.025)
    for alone in (0.2, np.nan):
        assert p_cutoff(pd.DataFrame({"padj": [alone]}), 0.05) == 0.05


def test_a_fit_with_the_global_change_in_its_size_factors_says_the_same():
    counts, _ = study(1, 5, 1.0)
    design, thresholds = contrast_design(paired(5), INJURED, [], "test"), Thresholds()
    factors = size_factors(counts)
    first = fit(counts, design, thresholds, factors=factors).results.set_index("feature")
    cutoff = p_cutoff(first, thresholds.alpha)
    row = first.loc["mir_5"]
    turn = overturning_change(row["log2FoldChange"], row["lfcSE"], cutoff).turn
    assert turn < 1
    injured = (paired(5)["group"] == "injured").to_numpy()
    # If the injured have `turn` times the miRNA, a library of the same depth stands for so many fewer exosomes.
    moved = SizeFactors(factors.values / np.where(injured, turn, 1.0), {}, {})
    second = fit(counts, design, thresholds, factors=moved).results.set_index("feature").loc["mir_5"]
    assert second["log2FoldChange"] == pytest.approx(row["log2FoldChange"] + np.log2(turn), abs=1e-3)
    # To 1% only: what the factors move also moves the means, and with them the trend of dispersions.
    assert second["stat"] == pytest.approx(norm.isf(cutoff / 2), rel=0.01)


def test_table_of_global_changes_by_hand():
    table = pd.DataFrame(
        {"feature": ["a", "b", "c", "d"], "log2FoldChange": [2.0, -2.0, 0.5, 3.0], "lfcSE": 0.5,
         "padj": [0.01, 0.05, 0.9, np.nan]}
    )  # fmt: skip
    found = under_global_change(table, 0.05, 0.25, [2.0])
    assert list(found) == ["feature", "global_change", "log2FoldChange", "call"]
    # Cut-off 0.05 / 3, 2.394 standard errors: 0.25 + 1.197 is needed; at no change the table's padj decides.
    assert found.to_numpy().tolist() == [
        ["a", 0.5, 1.0, "none"], ["a", 1.0, 2.0, "up"], ["a", 2.0, 3.0, "up"],
        ["b", 0.5, -3.0, "down"], ["b", 1.0, -2.0, "none"], ["b", 2.0, -1.0, "none"],
        ["c", 0.5, -0.5, "none"], ["c", 1.0, 0.5, "none"], ["c", 2.0, 1.5, "up"],
    ]  # fmt: skip
    assert overturning_change(-2.0, 0.5, 0.05).call == "down"
    # A small change of a small error is called as it is, and at no change by padj alone; against 0.5 it takes more.
    small = pd.DataFrame({"feature": ["s"], "log2FoldChange": [0.6], "lfcSE": 0.1, "padj": [0.01]})
    calls = [under_global_change(small, 0.05, least, [1.5])["call"].tolist() for least in (0.0, 0.5)]
    assert calls == [["none", "up", "up"], ["none", "up", "up"]]
    assert under_global_change(small.assign(lfcSE=0.4), 0.05, 0.5, [1.5])["call"].tolist() == ["none", "up", "none"]
    assert set(under_global_change(table.iloc[:1], 0.05)["global_change"]) == {0.25, 0.5, 1 / 1.5, 1, 1.5, 2, 4}


@pytest.mark.parametrize("blocking", [[], ["subject"]])
@pytest.mark.parametrize("total", [2.0, 0.5])
def test_spike_ins_bracket_the_planted_change(total, blocking):
    contrast = INJURED.model_copy(update={"blocking": blocking})
    design = contrast_design(paired(5), contrast, [], "test")
    covered = []
    for seed in range(200):
        counts, spikes = study(seed, 5, total)
        found = global_change(size_factors(counts).values, size_factors(spikes).values, design)
        covered.append(found.low <= total <= found.high)
    # 95% of 200, give or take 2.6 standard deviations of the binomial.
    assert 0.91 <= np.mean(covered) <= 0.99


@pytest.mark.parametrize("method", ["auto", "spike_ins"])
def test_change_by_spike_ins_by_hand(method):
    design, samples = contrast_design(paired(2), INJURED, [], "test"), paired(2).index
    # Twice the miRNA for as many spike-ins.
    counts = pd.DataFrame([[100, 100, 200, 200], [50, 50, 100, 100]], index=["a", "b"], columns=samples)
    spikes = pd.DataFrame([[10, 10, 10, 10]] * 3, index=["x", "y", "z"], columns=samples)
    how = Normalisation(paired(2), SizeFactorChoice(method=method), spike_ins=spikes)
    found = spike_in_change(counts, how, design, Thresholds())
    assert [found[key] for key in ("estimate", "low", "high")] == pytest.approx([2, 2, 2])
    assert (found["degrees_of_freedom"], found["included"]) == (2, method == "spike_ins")
    none = spike_in_change(counts, replace(how, spike_ins=spikes * 0), design, Thresholds())
    assert list(none) == ["why_not"]
    assert "x has no reads in any sample" in none["why_not"]


def test_intervals_are_as_wide_as_alpha_says():
    counts, spikes = study(3, 5, 2.0)
    design = contrast_design(paired(5), INJURED, [], "test")
    found = spike_in_change(counts, Normalisation(paired(5), spike_ins=spikes), design, Thresholds(alpha=0.2))
    for each in (found["offset"], found["total"]):
        # Student's t with 8 degrees of freedom, from a table: 1.397 leaves a tenth on each side.
        assert np.log2([each["low"], each["estimate"], each["high"]]) == pytest.approx(
            np.log2(each["estimate"]) + np.array([-1, 0, 1]) * 1.397 * each["log2_se"], abs=1e-3
        )


def test_doubled_total_that_counts_alone_cannot_see():
    counts, spikes = study(3, 6, 2.0)
    design, thresholds = contrast_design(paired(6), INJURED, [], "test"), Thresholds()
    within, per_spike = size_factors(counts), size_factors(spikes)
    table = fit(counts, design, thresholds, factors=within).results.set_index("feature")
    row = table.loc["mir_5"]
    assert row["log2FoldChange"] == pytest.approx(2, abs=0.5)
    found = global_change(within.values, per_spike.values, design)
    absolute, se = row["log2FoldChange"] + np.log2(found.estimate), np.hypot(row["lfcSE"], found.log2_se)
    assert abs(absolute - 3) < 2 * se
    # A fit whose size factors are the spike-ins' says the same in one step.
    direct = fit(counts, design, thresholds, factors=per_spike).results.set_index("feature").loc["mir_5"]
    assert absolute == pytest.approx(direct["log2FoldChange"], abs=0.15)
    assert measured_clause(found, "control").startswith("by the spike-ins total exosome miRNA was ")
