"""The surest changed features, chosen and put in order by hand, and how they are drawn."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend, names
from matplotlib.colors import to_hex

from mircargo.figures import intervals
from mircargo.figures.changed import surest
from mircargo.vocabulary import FEATURE_CALLS

TARGET = "mmu-miR-21a-5p"
#   feature, fold change, its error, padj, robust
ROWS = [
    ("mmu-miR-1", 1.0, 0.2, 1e-9, False), ("mmu-miR-2", -2.0, 0.2, 1e-4, True), ("mmu-miR-3", 3.0, 0.5, 1e-6, True),
    ("mmu-miR-4", 2.0, 0.4, 1e-3, False), (TARGET, 0.2, 0.3, 0.4, None), ("mmu-miR-5", 0.1, 0.3, 0.8, None),
    # A joint test may have a padj though the interval spans 0.
    ("mmu-miR-6", 0.1, 0.3, 1e-5, None), ("mmu-miR-7", np.nan, np.nan, np.nan, None),
]  # fmt: skip
CAUTIONS = {
    "mmu-miR-3": "its reads may be fragments of rRNA [Someone 2020]",
    "mmu-miR-5": "holds up to 60% of a library",
}


def tables(rows=ROWS):
    fit = pd.DataFrame([row[:4] for row in rows], columns=["feature", "log2FoldChange", "lfcSE", "padj"])
    half = 1.96 * fit["lfcSE"]
    fit = fit.assign(pvalue=fit["padj"] / 2, baseMean=100.0)
    fit = fit.assign(ci_low=fit["log2FoldChange"] - half, ci_high=fit["log2FoldChange"] + half)
    stress = pd.DataFrame({"feature": fit["feature"], "robust": pd.Series([row[4] for row in rows], dtype=object)})
    return fit, stress[::-1]


def chosen(most=25, rows=ROWS, target=(TARGET,)):
    return surest(*tables(rows), CAUTIONS, 0.05, target, most)


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (25, ["mmu-miR-3", "mmu-miR-2", "mmu-miR-1", "mmu-miR-4", TARGET]),  # robust ones first, then the smaller padj
        (1, ["mmu-miR-3", TARGET]),
    ],
)
def test_robust_calls_come_before_smaller_p_values(most, expected):
    table = chosen(most)
    assert table["feature"].tolist() == expected
    assert table["n_changed"].unique().tolist() == [4]
    assert table["rank"].tolist() == list(range(1, len(expected) + 1))
    assert table.loc[0, "cautions"] == CAUTIONS["mmu-miR-3"]


def test_target_that_is_called_keeps_its_place_beyond_the_most():
    assert chosen(1, target=["mmu-miR-4"])["feature"].tolist() == ["mmu-miR-3", "mmu-miR-4"]
    assert chosen(9, target=["mmu-miR-3"])["feature"].tolist()[0] == "mmu-miR-3"


def test_rows_are_in_the_order_of_fold_changes_and_drawn_as_they_are():
    table = intervals.tabulate(chosen())
    assert table["feature"].tolist() == ["mmu-miR-3", "mmu-miR-4", "mmu-miR-1", TARGET, "mmu-miR-2"]
    figure = intervals.plot(table, alpha=0.05, change="injured / control", least=0.5, title="t")
    axes = figure.axes[0]
    assert names(axes) == ["miR-3", "miR-4", "miR-1", "miR-21a-5p", "miR-2"]
    assert names(axes, bold=True) == ["miR-21a-5p"]
    # A feature each: where its point is, and whether it is hollow.
    lines, *points = axes.collections
    points = points[-5:]
    assert [each.get_offsets().tolist() for each in points] == [[[3, 0]], [[2, 1]], [[1, 2]], [[0.2, 3]], [[-2, 4]]]
    fills = [to_hex(each.get_facecolor()[0]) for each in points]
    assert [fill == "#ffffff" for fill in fills] == [True, False, False, False, False]
    assert lines.get_segments()[0].ravel().tolist() == pytest.approx([3 - 0.98, 0, 3 + 0.98, 0])
    # The colour tells the call; a thick line and a large point that it is robust.
    up, down = (FEATURE_CALLS[call].colour.lower() for call in ("up", "down"))
    assert [to_hex(colour) for colour in lines.get_color()] == [up, up, up, "#000000", down]
    robust, not_robust = {float(lines.get_linewidth()[at]) for at in (0, 4)}, {lines.get_linewidth()[1]}
    assert len(robust) == 1
    assert max(not_robust) < min(robust)
    assert points[1].get_sizes()[0] < points[0].get_sizes()[0]
    expected = ["up", "down", "robust", "not robust", "black: not called", "hollow: a caution", "±0.5"]
    assert legend(axes) == expected
    text = caption(figure)
    assert "All 4 changed features (adjusted p < 0.05)." in text
    assert "Cautions: its reads may be fragments of rRNA." in text


def test_what_is_not_decided_is_not_called_not_robust():
    undecided = [(*row[:4], None) for row in ROWS]
    figure = intervals.plot(intervals.tabulate(chosen(rows=undecided)), alpha=0.05, change="a / b")
    assert [each for each in legend(figure.axes[0]) if "robust" in each] == ["robustness undecided"]


def test_what_is_not_called_is_round_and_that_all_have_a_caution_is_said():
    figure = intervals.plot(intervals.tabulate(chosen()), alpha=0.05, change="a / b")
    key = dict(zip(legend(figure.axes[0]), figure.axes[0].get_legend().get_lines(), strict=True))
    target = figure.axes[0].collections[-2]
    assert target.get_offsets().tolist() == [[0.2, 3]]
    assert key["black: not called"].get_marker() == "o"
    # The outline of the marker, of the unit circle and not of a square.
    radii = np.hypot(*target.get_paths()[0].vertices.T)
    assert radii.max() - radii.min() < 0.1 * radii.max()
    everything = surest(*tables(), dict.fromkeys([row[0] for row in ROWS], "a hairpin"), 0.05, (TARGET,), 25)
    figure = intervals.plot(intervals.tabulate(everything), alpha=0.05, change="a / b")
    assert "hollow: a caution (all 5)" in legend(figure.axes[0])


def test_an_interval_that_is_far_longer_does_not_compress_the_others():
    rows = [(f"mmu-miR-{i}", 2.0 + i / 50, 0.2, 1e-5, True) for i in range(20)]
    rows += [("mmu-miR-99", 40.0, 8.0, 0.04, True)]
    table = intervals.tabulate(chosen(rows=rows, target=()))
    figure = intervals.plot(table, alpha=0.05, change="a / b")
    assert figure.axes[0].get_xlim()[1] < 12
    assert "Beyond the axis: miR-99." in caption(figure)


def test_long_names_stay_inside_the_figure():
    rows = [(f"mmu-let-7{i}-5p/mmu-let-7{i}-2-5p/mmu-miR-98-5p", 1.0 + i, 0.2, 1e-5, True) for i in range(25)]
    figure = intervals.plot(intervals.tabulate(chosen(rows=rows)), alpha=0.05, change="a / b", simulated=True)
    figure.draw_without_rendering()
    boxes = sorted((label.get_window_extent() for label in figure.axes[0].get_yticklabels()), key=lambda box: box.y0)
    assert all(low.y1 < high.y0 + 1 for low, high in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) < figure.axes[0].get_window_extent().x0
    assert figure.get_size_inches()[0] == 3.5


def test_nothing_changed_is_said():
    rows = [ROWS[5]]
    assert chosen(rows=rows).empty
    figure = intervals.plot(intervals.tabulate(chosen(rows=rows)), alpha=0.05, change="a / b")
    assert "No feature changed" in figure.axes[0].texts[0].get_text()
    alone = intervals.plot(intervals.tabulate(chosen(rows=[ROWS[4]])), alpha=0.05, change="a / b")
    assert "only the target is shown" in caption(alone)
