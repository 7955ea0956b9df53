"""limma-voom about the mode: planted truths, hand calculations, and what has to hold by arithmetic."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import CONTRASTS, by_our_names, question
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from mircargo.model.design.matrix import Design
from mircargo.model.engines.limma_voom import log_counts, voom
from mircargo.model.engines.typical import shared_error, typical_change
from mircargo.model.engines.voom_about_mode import Terms, spread_of, voom_about_mode
from studies import oracle


def two_groups(n: int, m: int | None = None) -> tuple[Design, pd.Series]:
    group = np.r_[np.zeros(n), np.ones(m or n)]
    matrix = pd.DataFrame({"one": 1.0, "group": group})
    return Design(matrix, np.array([0.0, 1.0]), "~ group", {}), pd.Series(group).map({0: "control", 1: "injured"})


def ask(counts: pd.DataFrame, n: int, m: int | None = None, stated: float = 0.0):
    return voom_about_mode(counts, *two_groups(n, m), Terms(stated))


def sequenced(rng: np.random.Generator, abundance: np.ndarray, dispersion: np.ndarray | float = 0.1) -> pd.DataFrame:
    """Draw negative binomial counts at uneven depths from features x samples of true abundance."""
    depth = np.exp(rng.normal(0, 0.3, abundance.shape[1]))
    mean = abundance / abundance.sum(axis=0) * 2e5 * depth
    shape = np.broadcast_to(1 / np.asarray(dispersion), mean.shape)
    counts = pd.DataFrame(rng.poisson(mean * rng.gamma(shape) / shape))
    return counts[counts.sum(axis=1) >= 10]


def test_only_the_dominant_feature_that_rose_fourfold_is_called(capsys):
    dominant, n_called, n_false = [], 0, 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        abundance = np.exp(rng.normal(4, 1.5, (300, 1))) * np.ones(12)
        abundance[0] = abundance.sum(axis=0) * np.repeat([1, 4], 6)
        results = ask(sequenced(rng, abundance), 6).table.set_index("feature")
        called = results.index[results["padj"] < 0.05]
        n_called, n_false = n_called + (0 in called), n_false + len(called.drop(0, errors="ignore"))
        dominant.append(results["log2FoldChange"][0])
    assert n_called >= 8
    assert n_false <= 5  # of 2,990
    assert np.mean(dominant) == pytest.approx(2, abs=0.3)
    assert capsys.readouterr() == ("", "")


def test_many_changes_to_one_side_do_not_shift_the_others():
    rng = np.random.default_rng(4)
    truth = np.where(np.arange(400) < 160, 1.5, 0)
    abundance = np.exp(rng.normal(5, 1.5, (400, 1))) * 2 ** (truth[:, None] * np.repeat([0, 1], 6))
    counts = sequenced(rng, abundance)
    results = ask(counts, 6).table.set_index("feature")
    unchanged, changed = results[truth[results.index] == 0], results[truth[results.index] > 0]
    assert unchanged["log2FoldChange"].median() == pytest.approx(0, abs=0.1)
    assert (changed["padj"] < 0.05).mean() > 0.9
    assert (unchanged["padj"] < 0.05).mean() < 0.05
    # TMM puts 0 between the two sets.
    by_tmm = voom(counts, two_groups(6)[0]).set_index("feature")["log2FoldChange"][unchanged.index]
    assert by_tmm.median() < -0.15


def test_where_nothing_changes_one_p_in_twenty_is_below_a_twentieth():
    rng = np.random.default_rng(9)
    small = []
    for _ in range(20):
        abundance = np.exp(rng.normal(4, 2, (400, 1))) * np.ones(6)
        small.extend(ask(sequenced(rng, abundance), 3).table["pvalue"] < 0.05)
    assert np.mean(small) == pytest.approx(0.05, abs=0.01)


def test_a_small_group_that_scatters_more_is_weighted_for_it():
    """Three injured with eight times the dispersion of nine controls: one error for both is far too small."""
    rng = np.random.default_rng(2)
    plain, weighted, ratios = [], [], []
    design, groups = two_groups(9, 3)
    for _ in range(15):
        abundance = np.exp(rng.normal(6, 1.2, (300, 1))) * np.ones(12)
        counts = sequenced(rng, abundance, np.repeat([0.04, 0.32], [9, 3]))
        plain.extend(voom(counts, design)["pvalue"] < 0.05)
        weighted.extend(ask(counts, 9, 3).table["pvalue"] < 0.05)
        spread = spread_of(groups.to_numpy(), log_counts(counts, design))
        ratios.append(spread[-1] / spread[0])
    assert np.mean(plain) > 0.12
    assert np.mean(weighted) == pytest.approx(0.05, abs=0.015)
    # Of log-gamma variables: trigamma(1 / 0.32) over trigamma(1 / 0.04), less what counting adds to both.
    assert 6.5 < np.median(ratios) < 9.5


def test_groups_that_scatter_alike_weigh_alike():
    rng = np.random.default_rng(3)
    counts = sequenced(rng, np.exp(rng.normal(5, 1.5, (500, 1))) * np.ones(8))
    design, groups = two_groups(4)
    assert spread_of(groups.to_numpy(), log_counts(counts, design)) == pytest.approx(np.ones(8), abs=0.12)


def test_partners_mirror_each_other_and_weigh_alike():
    rng = np.random.default_rng(7)
    subject, group = np.repeat(np.eye(3), 2, axis=0), np.tile([0.0, 1], 3)
    matrix = pd.DataFrame(np.column_stack([subject, group]))
    design = Design(matrix, np.array([0.0, 0, 0, 1]), "~ 0 + subject + group", {})
    counts = pd.DataFrame(rng.integers(300, 5000, (40, 6)))
    assert (spread_of(group, log_counts(counts, design)) == 1).all()


@pytest.mark.parametrize("planted", [0.0, 0.1, 0.2, 0.3])
def test_the_shared_error_is_found(planted):
    rng = np.random.default_rng(11)
    found = []
    for _ in range(10):
        errors = rng.uniform(0.1, 0.8, 400)
        changes = rng.normal(0, np.hypot(errors, planted))
        changes[:60] += rng.choice([-1, 1], 60) * rng.exponential(1, 60)
        found.append(shared_error(changes, errors, 0.2))
    assert np.mean(found) == pytest.approx(max(planted, 0.05), abs=0.04)


def test_the_shared_error_stays_between_a_quarter_and_one_and_a_half_of_what_is_stated():
    rng = np.random.default_rng(1)
    errors = np.full(300, 0.2)
    assert shared_error(rng.normal(0, 0.2, 300), errors, 0.4) == pytest.approx(0.1)
    assert shared_error(rng.normal(0, 0.45, 300), errors, 0.2) == pytest.approx(0.3)
    assert shared_error(rng.normal(0, 0.9, 300), errors, 0.0) == 0
    assert shared_error(rng.normal(0, 0.9, 19), errors[:19], 0.2) == 0.2
    # Features with errors of 0.6 and more say nothing.
    assert shared_error(rng.normal(0, 0.9, 300), np.full(300, 0.6), 0.2) == 0.2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(12, 120))
def test_the_typical_change_is_the_top_of_the_density(seed, n):
    rng = np.random.default_rng(seed)
    changes, errors = rng.normal(0.4, 0.3, n) + rng.exponential(1, n) * (rng.random(n) < 0.3), rng.uniform(0.05, 0.6, n)
    mode = typical_change(changes, errors)

    def density(at: float) -> float:
        return float(norm.pdf(at, changes, np.hypot(errors, 0.1)).sum())

    grid = np.linspace(*np.quantile(changes, [0.02, 0.98]), 2000)
    near = minimize_scalar(lambda at: -density(at), bounds=(mode - 0.05, mode + 0.05), method="bounded").x
    assert mode == pytest.approx(near, abs=1e-4)
    assert density(mode) >= max(map(density, grid)) * (1 - 1e-3)
    assert typical_change(changes + 5, errors) == pytest.approx(mode + 5, abs=1e-6)
    assert typical_change(np.r_[changes, np.nan, 9], np.r_[errors, 0.1, np.nan]) == pytest.approx(mode)


def test_sure_features_outweigh_unsure_ones():
    # 40 that are known to 0.1 lie at 0.5; 100 that are known to 2 lie at -1.
    changes = np.array([*np.linspace(0.45, 0.55, 40), *np.linspace(-3, 1, 100)])
    errors = np.array([0.1] * 40 + [2.0] * 100)
    assert typical_change(changes, errors) == pytest.approx(0.5, abs=0.03)
    # What has no error takes no part.
    assert typical_change(np.r_[changes, [9.0] * 500], np.r_[errors, [np.nan] * 500]) == pytest.approx(0.5, abs=0.03)


def test_one_change_is_its_own_mode_and_none_is_zero():
    assert typical_change(np.array([1.3]), np.array([0.2])) == pytest.approx(1.3)
    assert typical_change(np.full(5, 0.3), np.full(5, 0.1)) == pytest.approx(0.3)
    assert typical_change(np.array([np.nan]), np.array([0.2])) == 0


def test_the_shared_error_is_added_to_each_error():
    rng = np.random.default_rng(5)
    counts = sequenced(rng, np.exp(rng.normal(6, 1, (300, 1))) * np.ones(8) * 2 ** rng.normal(0, 0.1, (300, 8)))
    without, stated = ask(counts, 4), ask(counts, 4, stated=2.0)
    assert without.shared_error == 0
    assert stated.shared_error == pytest.approx(0.5)
    assert stated.table["lfcSE"].to_numpy() == pytest.approx(np.hypot(without.table["lfcSE"], 0.5).to_numpy())
    assert stated.table["log2FoldChange"].to_numpy() == pytest.approx(without.table["log2FoldChange"].to_numpy())


PAIRS = [name for name in CONTRASTS if "paired" in name]
TWO_GROUPS = [name for name in CONTRASTS if name not in [*PAIRS, "microglia_interaction_lps"]]


@pytest.mark.parametrize("name", TWO_GROUPS + PAIRS)
def test_fold_changes_are_those_of_limma_less_the_typical_one(shared, name):
    """Weights that are alike within a group move no fold change; partners have none, and limma's errors."""
    expected = by_our_names(oracle(shared, f"{name}.limma_voom"))
    counts, design, _ = question(shared, name)
    groups = pd.Series(design.matrix @ design.contrast, index=design.matrix.index).round(6)
    asked = voom_about_mode(counts, design, groups)
    table = asked.table.set_index("feature").loc[expected.index]
    differences = (table["log2FoldChange"] - expected["logFC"]).to_numpy()
    assert differences == pytest.approx(np.full(len(differences), -asked.typical), abs=1e-6)
    if name in PAIRS:
        errors = (expected["logFC"] / expected["t"]).to_numpy()
        assert table["lfcSE"].to_numpy() == pytest.approx(errors, rel=1e-5)
