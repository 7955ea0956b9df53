"""The stress test drawn: which features and variants are chosen, and how a broken call looks."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from made_samples import names, within
from matplotlib.collections import PathCollection

from mircargo.figures import stress_test as robustness

QUESTION = {"question": "injured against control"}


def variants(n_samples=3, features=("a", "b", "mmu-miR-21a-5p")) -> pd.DataFrame:
    """Every feature has a fold change of 1, moved by 0.01 times the sample that is left out; padj as in the order."""
    rows = []
    for place, feature in enumerate(features):
        rows.append((feature, "as configured", "base", 1.0, 0.01 * (place + 1), "up"))
        rows += [
            (feature, f"without sample s{i}", "sample", 1 + 0.01 * i, 0.01, "none" if i == 2 else "up")
            for i in range(n_samples)
        ]
        rows.append((feature, "poscounts", "size_factors", np.nan, np.nan, "not tested"))
    table = pd.DataFrame(rows, columns=["feature", "variant", "kind", "log2FoldChange", "padj", "call"])
    return table.assign(ci_low=table["log2FoldChange"] - 0.5, ci_high=table["log2FoldChange"] + 0.5)


def test_the_target_comes_first_and_then_the_smallest_padj():
    table = robustness.tabulate(variants(), "mmu-miR-21a-5p", most=2)
    assert list(table["feature"].unique()) == ["mmu-miR-21a-5p", "a"]
    assert list(robustness.tabulate(variants(), None)["feature"].unique()) == ["a", "b", "mmu-miR-21a-5p"]
    broken = table[~table["same_call"]]
    assert set(broken["variant"]) == {"without sample s2", "poscounts"}


def test_many_left_out_samples_are_one_row_but_for_those_that_matter():
    table = robustness.tabulate(variants(60), "mmu-miR-21a-5p", most=1)
    samples = table[table["kind"] == "sample"].set_index("variant")
    # s2 breaks the call; s38 to s59 move the fold change the most.
    assert set(samples.index) == {"without sample s2", "each of 37 others"} | {
        f"without sample s{i}" for i in range(38, 60)
    }
    rest = samples.loc["each of 37 others"]
    assert rest[["n_variants", "call", "same_call"]].tolist() == [37, "range", True]
    assert rest[["ci_low", "ci_high"]].tolist() == pytest.approx([1.0, 1.37])
    assert table["variant"].iloc[-1] == "poscounts"


@pytest.mark.parametrize("n_samples", [3, 60])
def test_plot_names_every_row_once_and_marks_broken_calls(n_samples):
    table = robustness.tabulate(variants(n_samples), "mmu-miR-21a-5p")
    figure = robustness.plot(table, title="c", **QUESTION)
    assert [axes.get_title() for axes in figure.axes] == ["miR-21a-5p", "a", "b"]
    labels = names(figure.axes[0])
    assert labels[0] == "as configured"
    assert labels[-1] == "poscounts"
    assert len(labels) == len(set(labels)) == table["variant"].nunique()
    first = figure.axes[0]
    (points,) = [each for each in first.collections if isinstance(each, PathCollection) and each.get_zorder() == 4]
    hollow = (points.get_facecolors() == 1.0).all(axis=1)
    assert len(points.get_offsets()) == (table["feature"].eq("a") & table["log2FoldChange"].notna()).sum()
    assert hollow.sum() == 1
    assert "not fitted" in within(first)
    boxes = [label.get_window_extent() for label in first.get_yticklabels()]
    assert all(above.y0 >= below.y1 - 1 for above, below in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0


def test_nothing_fitted_is_said_plainly():
    figure = robustness.plot(robustness.tabulate(variants().head(0), None), **QUESTION)
    assert within(figure.axes[0])[0] == "No feature was fitted."


def test_endless_intervals_do_not_squash_the_rest():
    table = variants()
    table.loc[table["variant"] == "without sample s1", ["ci_low", "ci_high"]] = [-90.0, 90.0]
    figure = robustness.plot(robustness.tabulate(table, "a", most=1), **QUESTION)
    low, high = figure.axes[0].get_xlim()
    assert -2 < low < 0
    assert 1.5 < high < 3
