"""The compositional test against planted truths, and against what has to hold by arithmetic."""

import numpy as np
import pandas as pd
import pytest
from test_voom import CONTRASTS, filtered

from mircargo.model.compositional import common_bias, compositional_test
from mircargo.model.design import Design
from mircargo.problems import ProblemsFound
from studies import oracle


def two_groups(n: int) -> Design:
    matrix = pd.DataFrame({"one": 1.0, "group": [0.0] * n + [1.0] * n})
    return Design(matrix, np.array([0.0, 1.0]), "~ group", {})


def sequenced(rng: np.random.Generator, abundance: np.ndarray) -> pd.DataFrame:
    """Draw negative binomial counts (dispersion 0.1) at uneven depths from features x samples of true abundance."""
    depth = np.exp(rng.normal(0, 0.3, abundance.shape[1]))
    mean = abundance / abundance.sum(axis=0) * 2e5 * depth
    counts = pd.DataFrame(rng.poisson(mean * rng.gamma(10, 0.1, mean.shape)))
    return counts[counts.sum(axis=1) >= 10]


def test_only_the_dominant_feature_that_rose_fourfold_is_called(capsys):
    dominant, by_share, n_called, n_false = [], [], 0, 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        abundance = np.exp(rng.normal(4, 1.5, (300, 1))) * np.ones(12)
        abundance[0] = abundance.sum(axis=0) * np.repeat([1, 4], 6)
        counts = sequenced(rng, abundance)
        results = compositional_test(counts, two_groups(6)).set_index("feature")
        called = results.index[results["padj"] < 0.05]
        n_called, n_false = n_called + (0 in called), n_false + len(called.drop(0, errors="ignore"))
        dominant.append(results["log2FoldChange"][0])
        shares = (counts / counts.sum())[(counts > 0).all(axis=1)]
        by_total = np.log2(shares.iloc[1:, 6:].mean(axis=1) / shares.iloc[1:, :6].mean(axis=1))
        by_share.append(by_total.median())

    # a test of shares would report all other features, which fall from a half to a fifth of the reads
    assert np.mean(by_share) == pytest.approx(np.log2(2 / 5), abs=0.2)
    assert n_called >= 8  # one change among 300 features has to reach p = 0.00017
    assert n_false <= 5  # of 2,990
    assert np.mean(dominant) == pytest.approx(2, abs=0.3)
    assert capsys.readouterr() == ("", "")


def test_many_changes_to_one_side_do_not_shift_the_others():
    rng = np.random.default_rng(4)
    truth = np.where(np.arange(400) < 120, 1.5, 0)
    abundance = np.exp(rng.normal(5, 1.5, (400, 1))) * 2 ** (truth[:, None] * np.repeat([0, 1], 6))
    results = compositional_test(sequenced(rng, abundance), two_groups(6)).set_index("feature")
    unchanged, changed = results[truth[results.index] == 0], results[truth[results.index] > 0]
    assert unchanged["log2FoldChange"].mean() == pytest.approx(0, abs=0.15)
    assert (changed["padj"] < 0.05).mean() > 0.9
    assert (unchanged["padj"] < 0.05).mean() < 0.05


def test_where_nothing_changes_one_p_in_twenty_is_below_a_twentieth():
    rng = np.random.default_rng(9)
    small = []
    for _ in range(20):
        abundance = np.exp(rng.normal(4, 2, (400, 1))) * np.ones(6)
        small.extend(compositional_test(sequenced(rng, abundance), two_groups(3))["pvalue"] < 0.05)
    assert np.mean(small) == pytest.approx(0.05, abs=0.01)


def test_depth_is_no_fold_change():
    once = pd.DataFrame(np.random.default_rng(3).negative_binomial(1, 0.02, (60, 3)))
    assert (once == 0).any(axis=None)
    results = compositional_test(pd.concat([once, once * 4], axis=1, ignore_index=True), two_groups(3))
    assert results["log2FoldChange"].to_numpy() == pytest.approx(np.zeros(60), abs=1e-9)


def test_blocked_fold_changes_are_the_means_of_the_differences_within_pairs():
    rng = np.random.default_rng(7)
    counts = pd.DataFrame(rng.integers(50, 5000, (40, 6)))
    subject, group = np.repeat(np.eye(3), 2, axis=0), np.tile([0.0, 1], 3)
    design = Design(
        pd.DataFrame(np.column_stack([subject, group])), np.array([0.0, 0, 0, 1]), "~ 0 + subject + group", {}
    )
    change = compositional_test(counts, design)["log2FoldChange"]

    added = counts + 0.5 * counts.sum() / counts.sum().mean()
    logs = np.log2(added)
    within = (logs.to_numpy()[:, 1::2] - logs.to_numpy()[:, ::2]).mean(axis=1)
    assert (change - change[0]).to_numpy() == pytest.approx(within - within[0], abs=1e-9)


@pytest.mark.parametrize(("study", "contrast", "name", "least"), [each for each in CONTRASTS if each[1] != "release"])
def test_agrees_with_deseq2_on_public_studies(shared, study, contrast, name, least):
    expected = oracle(shared, f"{name}.deseq2_ratio")
    expected.index = [feature.split("_")[0] for feature in expected.index]
    results = compositional_test(*filtered(shared, study, contrast, least)).set_index("feature").loc[expected.index]
    called = expected["padj"] < 0.05
    assert (np.sign(results["log2FoldChange"]) == np.sign(expected["log2FoldChange"]))[called].all()
    ours = results["padj"] < 0.05
    assert ours.sum() == 0 if called.sum() == 0 else (ours & called).sum() > 0.4 * called.sum()
    assert (ours & ~called).sum() < 0.2 * max(ours.sum(), 1)


def test_the_common_bias_is_where_most_fold_changes_lie():
    most, some = np.random.default_rng(0).normal(0.7, 0.1, 300), np.linspace(1.5, 4, 100)
    assert common_bias(np.concatenate([most, some])) == pytest.approx(0.7, abs=0.05)
    assert common_bias(np.full(20, 0.3)) == 0.3


@pytest.mark.parametrize(("rows", "reason"), [([[5, 6, 7, 8]] * 9, "10 features"), ([[7] * 4] * 20, "variation")])
def test_counts_that_cannot_be_judged_are_refused(rows, reason):
    with pytest.raises(ProblemsFound, match=reason):
        compositional_test(pd.DataFrame(rows), two_groups(2))
