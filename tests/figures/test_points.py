"""What volcano and MA plot draw, worked out by hand, and the values that break axes."""

import math

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend, within
from matplotlib.figure import Figure

from mircargo.figures import ma, volcano

WORDS = {"alpha": 0.05, "change": "LPS / control"}


def texts_of(figure: Figure) -> list[str]:
    return [caption(figure), *(text for axes in figure.axes for text in within(axes)), *legend(figure.axes[0])]


@pytest.fixture
def results() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("mmu-miR-21a-5p", 900.0, 2.0, 1e-3, 0.20, "tested"),
            ("mmu-miR-146a-5p", 50.0, -3.0, 1e-5, 1e-4, "tested"),
            ("mmu-miR-1a-3p", 10.0, 0.5, 1.0, 1.0, "tested"),
            ("mmu-miR-2", 10.0, 1.0, 0.0, 0.0, "tested"),
            ("mmu-miR-3", 5.0, 4.0, math.nan, math.nan, "outlier"),
            ("mmu-miR-4", 0.0, math.nan, math.nan, math.nan, "all_zero"),
            ("mmu-miR-5", 2.0, 3.0, 1e-2, math.nan, "independent_filter"),
        ],
        columns=["feature", "baseMean", "log2FoldChange", "pvalue", "padj", "status"],
    ).assign(lfcSE=0.2)


def test_tabulate_against_hand_calculation(results):
    table = volcano.tabulate(results, ["mmu-miR-21a-5p"], ["mmu-miR-1a-3p", "mmu-miR-3"], 0.05).set_index("feature")
    assert table["direction"].tolist() == [
        "not significant", "down", "not significant", "up", "not tested", "not tested", "not significant"
    ]  # fmt: skip
    assert table["role"].tolist() == ["target", "none", "co-cargo", "none", "co-cargo", "none", "none"]
    # Target, then co-cargo, then by p-value; what is not drawn and what did not change has no name.
    assert table["label_rank"].dropna().sort_values().index.tolist() == [
        "mmu-miR-21a-5p", "mmu-miR-1a-3p", "mmu-miR-2", "mmu-miR-146a-5p"
    ]  # fmt: skip
    np.testing.assert_allclose(table["minus_log10_pvalue"], [3, 5, 0, math.inf, math.nan, math.nan, 2])
    assert not np.signbit(table["minus_log10_pvalue"].dropna()).any()


@pytest.mark.parametrize("module", [volcano, ma])
def test_figure_says_what_it_draws_and_what_not(results, module):
    figure = module.plot(
        module.tabulate(results, ["mmu-miR-21a-5p"], [], 0.05), **WORDS, note="Wald test.", simulated=True
    )
    joined = " ".join(texts_of(figure))
    for text in ("SIMULATED DATA", "up (1)", "down (1)", "not significant (3)", "miR-21a-5p", "Wald test."):
        assert text in joined
    assert "5 features. 2 without a p-value not drawn. Up or down: adjusted p < 0.05." in joined
    (target,) = [text for text in figure.axes[0].texts if text.get_text() == "miR-21a-5p"]
    assert target.get_fontweight() == "bold"


@pytest.mark.parametrize("module", [volcano, ma])
def test_of_a_joint_test_only_what_differs_between_the_two_groups_is_up_or_down(results, module):
    # 1.96 * 1.6 is more than 3: the groups differ in miR-146a, but not these two for sure.
    table = module.tabulate(results.assign(lfcSE=[0.2, 1.6, 0.2, 0.2, 0.2, 0.2, 0.2]), [], [], 0.05)
    of_feature = table.set_index("feature")
    assert of_feature.loc[["mmu-miR-146a-5p", "mmu-miR-2"], "direction"].tolist() == ["not significant", "up"]
    assert of_feature["label_rank"].dropna().index.tolist() == ["mmu-miR-2"]
    text = " ".join(texts_of(module.plot(table, **WORDS)))
    assert "Up or down: adjusted p < 0.05 and interval beyond 0." in text
    assert "down (0)" in text


def test_p_of_zero_and_vast_changes_do_not_squash_the_axes():
    n = 200
    p = np.linspace(1e-4, 1, n)
    p[:2] = 0.0, 1e-300
    change = np.linspace(-2, 2, n)
    change[0], change[5] = 29.0, -31.0
    results = pd.DataFrame(
        {"feature": [f"f{i}" for i in range(n)], "baseMean": 10.0, "log2FoldChange": change, "pvalue": p, "padj": p}
    ).assign(lfcSE=0.0)
    figure = volcano.plot(volcano.tabulate(results, ["f0"], [], 0.05), **WORDS)
    axes = figure.axes[0]
    assert axes.get_ylim()[1] < 20
    assert axes.get_xlim()[1] < 10
    drawn = np.concatenate([points.get_offsets() for points in axes.collections])
    assert len(drawn) == n
    assert (drawn[:, 0] >= axes.get_xlim()[0]).all()
    assert (drawn[:, 1] <= axes.get_ylim()[1]).all()
    assert "Beyond the axis, drawn at its rim: f0, f1, f5." in caption(figure)


@pytest.mark.parametrize("module", [volcano, ma])
def test_nothing_tested_and_one_feature(results, module):
    nothing = module.plot(module.tabulate(results.iloc[4:6], [], [], 0.05), **WORDS)
    assert within(nothing.axes[0])[0] == "No feature has a p-value."
    module.plot(module.tabulate(results.iloc[:1], [], [], 0.05), **WORDS)
    module.plot(module.tabulate(results.iloc[:0], [], [], 0.05), **WORDS)


@pytest.mark.parametrize("module", [volcano, ma])
@pytest.mark.parametrize(("changed", "at"), [({}, -0.8), ({"depends": False}, None), ({"difference": 80.0}, None)])
def test_where_no_change_would_lie_under_the_other_assumption_of_scale(results, module, changed, at):
    scale = {"kept": "typical", "instead": "total", "difference": 0.8, "depends": True} | changed
    figure = module.plot(module.tabulate(results, [], [], 0.05), **WORDS, scale=scale)
    lines = [line.get_xydata() for line in figure.axes[0].lines]
    column = 0 if module is volcano else 1
    drawn = [line[0, column] for line in lines if line[0, column] == line[1, column]]
    assert (-0.8 in drawn) == (at is not None)
    assert ("0 if the total stayed the same" in texts_of(figure)) == (at is not None)


def test_threshold_beyond_the_axis_is_not_drawn_at_its_rim():
    p = np.array([1e-24, *np.linspace(0.2, 0.9, 30)])
    results = pd.DataFrame(
        {"feature": [f"f{i}" for i in range(31)], "baseMean": 10.0, "log2FoldChange": 1.0, "pvalue": p, "padj": p}
    ).assign(lfcSE=0.1)
    figure = volcano.plot(volcano.tabulate(results, ["f0"], [], 0.05), **WORDS)
    assert figure.axes[0].get_ylim()[1] < 20
    assert "adjusted p = 0.05" not in texts_of(figure)
    assert "Beyond the axis, drawn at its rim: f0." in caption(figure)
    near = results.assign(pvalue=p.clip(0.02), padj=p.clip(0.02))
    assert "adjusted p = 0.05" in texts_of(volcano.plot(volcano.tabulate(near, ["f0"], [], 0.05), **WORDS))
