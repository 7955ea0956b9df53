"""The target in every sample, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, within

from mircargo.config import Contrast
from mircargo.figures import target_by_group as target

LPS = Contrast(variable="treatment", level="LPS", reference="control")
SHEET = pd.DataFrame(
    {
        "treatment": ["LPS", "control", "LPS", "control", "IL10"],
        "subject": ["1", "1", "2", "2", "1"],
        "fraction": ["drg", "drg", "exosome", "exosome", "drg"],
    },
    index=["a", "b", "c", "d", "e"],
)


COUNTS = pd.DataFrame([[7.5, 1.5, 0.0, 31.5, 9.0], [1.0] * 5], index=["rno-miR-21-5p", "x"], columns=list("abcde"))


def test_tabulate_against_hand_calculation():
    table = target.tabulate(COUNTS, SHEET, "rno-miR-21-5p", LPS)
    assert table["sample"].tolist() == ["b", "d", "a", "c"]
    np.testing.assert_allclose(table["drawn_at"], [2, 32, 8, 0.5])
    np.testing.assert_allclose(table["group_mean"], [8, 8, 2, 2])
    assert table[["facet", "subject"]].isna().all(axis=None)
    split = target.tabulate(COUNTS, SHEET, "rno-miR-21-5p", LPS, "subject", "fraction")
    np.testing.assert_allclose(split["group_mean"], split["drawn_at"])
    assert split["subject"].tolist() == ["1", "2", "1", "2"]


def test_plot_has_a_panel_a_facet_and_a_line_a_subject():
    table = target.tabulate(COUNTS, SHEET, "rno-miR-21-5p", LPS, "subject", "fraction")
    figure = target.plot(table, LPS, note="n small.")
    assert [axes.get_title() for axes in figure.axes] == ["drg", "exosome"]
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["control\nn = 1", "LPS\nn = 1"]
    # A tick a group, and a line that joins both.
    assert [len(axes.lines) for axes in figure.axes] == [3, 3]
    assert figure.axes[0].get_yscale() == "log"
    assert figure.axes[0].get_ylabel() == "miR-21-5p, normalised count + 0.5"
    assert caption(figure).endswith("n small.")


def test_a_number_is_drawn_along_its_axis():
    sheet = SHEET.assign(dose=["10", "0", "2", "0", "5"])
    dose = Contrast(variable="dose", level="10", reference="0", per_unit=True)
    table = target.tabulate(COUNTS, sheet, "rno-miR-21-5p", dose)
    assert table["sample"].tolist() == ["b", "d", "c", "e", "a"]
    figure = target.plot(table, dose)
    (points,) = figure.axes[0].collections
    np.testing.assert_allclose(points.get_offsets(), [[0, 2], [0, 32], [2, 0.5], [5, 9.5], [10, 8]])
    assert figure.axes[0].get_xlabel() == "dose"
    assert not figure.axes[0].lines


@pytest.mark.parametrize("feature", [None, "rno-miR-9999"])
def test_a_target_without_counts_is_said_plainly(feature):
    table = target.tabulate(COUNTS, SHEET, feature, LPS, "subject", "fraction")
    assert table.empty
    figure = target.plot(table, LPS)
    assert within(figure.axes[0])[0] == "The target has no counts."


@pytest.mark.parametrize("counts", [[0.0] * 5, [5.0] * 5, [1e6, 0, 1e6, 0, 0]])
def test_all_zero_all_equal_and_far_apart(counts):
    normalised = pd.DataFrame([counts], index=["t"], columns=list("abcde"))
    figure = target.plot(target.tabulate(normalised, SHEET, "t", LPS), LPS)
    low, high = figure.axes[0].get_ylim()
    assert 0 < low < min(counts) + 0.5
    assert high > max(counts) + 0.5
    assert high / low >= 4


def test_the_target_in_many_samples_has_its_middle_half_boxed():
    names = [f"s{i}" for i in range(242)]
    counts = pd.DataFrame([[*range(121), *range(100, 221)]], index=["mmu-miR-21a-5p"], columns=names, dtype=float)
    sheet = pd.DataFrame({"group": ["sham"] * 121 + ["SNI"] * 121, "mouse": [f"m{i % 121}" for i in range(242)]}, names)
    injury = Contrast(variable="group", level="SNI", reference="sham")
    figure = target.plot(target.tabulate(counts, sheet, "mmu-miR-21a-5p", injury, "mouse"), injury)
    # Of 0 to 120 the quartiles are 30 and 90, and the axis shows counts + 0.5.
    assert [(box.get_y(), box.get_y() + box.get_height()) for box in figure.axes[0].patches] == [
        (30.5, 90.5),
        (130.5, 190.5),
    ]
    assert "Box: the middle half of a group." in caption(figure)
    assert "Lines between samples of one subject, of which there are 121, are left out." in caption(figure)
    assert len(figure.axes[0].lines) == 2
