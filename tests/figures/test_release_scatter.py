"""Exosome against source, worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend, within

from mircargo.figures import release_scatter as release

COLUMNS = ["feature", "class", "log2FoldChange", "lfcSE", "source_log2FoldChange", "source_lfcSE", "release_padj"]


def comparison(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(release_log2FoldChange=table["log2FoldChange"] - table["source_log2FoldChange"])


@pytest.fixture
def table() -> pd.DataFrame:
    return comparison(
        [
            ("mmu-miR-21a-5p", "undetermined", 1.0, 0.5, 2.0, 0.25, 0.4),
            ("a", "selective", 3.0, 0.5, 0.5, 0.5, 0.001),
            ("b", "selective", 4.0, 0.5, 0.5, 0.5, 0.002),
            ("c", "parallel", 2.0, 0.5, 2.0, 0.5, 0.9),
            ("d", "undetermined", 0.1, 0.5, 0.1, 0.5, 0.9),
            ("e", "exosome_only", 5.0, 0.5, math.nan, math.nan, math.nan),
            ("f", "retained", -1.0, math.nan, 2.0, 0.5, 0.01),
        ]
    )


def test_tabulate_against_hand_calculation(table):
    found = release.tabulate(table, ["mmu-miR-21a-5p"], []).set_index("feature")
    target = found.loc["mmu-miR-21a-5p", ["ci_low", "ci_high", "source_ci_low", "source_ci_high"]].astype(float)
    np.testing.assert_allclose(target, [0.020018, 1.979982, 1.510009, 2.489991], rtol=1e-6)
    wide = release.tabulate(table, ["mmu-miR-21a-5p"], [], alpha=0.1).set_index("feature")
    assert wide.loc["mmu-miR-21a-5p", "ci_high"] == pytest.approx(1 + 0.5 * 1.644854, rel=1e-6)  # normal, 95%
    # The surest of each class before the second of any.
    assert found["label_rank"].dropna().sort_values().index.tolist() == ["mmu-miR-21a-5p", "a", "f", "c", "b"]
    assert math.isnan(found.loc["d", "ci_low"])
    assert math.isnan(found.loc["e", "source_ci_low"])


def test_a_class_without_co_cargo_has_a_label_before_more_co_cargo():
    rows = [(f"c{i}", "selective", 2.0, 0.1, 0.1 * i, 0.1, 0.001) for i in range(12)]
    rows += [("r", "retained", 0.1, 0.1, 2.0, 0.1, 0.04)]
    found = release.tabulate(comparison(rows), [], [f"c{i}" for i in range(12)]).set_index("feature")["label_rank"]
    assert found["r"] <= 2
    assert found.notna().sum() == 10


def test_figure_counts_what_it_does_not_draw(table):
    found = release.tabulate(table, ["mmu-miR-21a-5p"], ["b"])
    figure = release.plot(found, change="LPS / control", alpha=0.1)
    axes = figure.axes[0]
    assert sum(len(points.get_offsets()) for points in axes.collections) == 6
    assert "1 not measured in both, not drawn." in caption(figure)
    assert "Bars: 90% confidence interval." in caption(figure)
    assert axes.get_ylabel() == "log2 fold change in exosome (LPS / control)"
    assert legend(axes) == [
        "selective (2): exosomes change beyond their source",
        "parallel (1): both change alike",
        "retained (1): the source changes, its exosomes less",
        "undetermined (2): the data do not tell",
    ]
    assert set(within(axes)) >= {"miR-21a-5p", "a", "b"}


def test_every_class_has_its_own_look_and_a_strange_one_is_refused(table):
    with pytest.raises(ValueError, match="not a release class: shared; these are: selective"):
        release.tabulate(table.assign(**{"class": "shared"}), [], [])
    classes = ["selective", "parallel", "retained", "exosome_only", "source_only", "discordant", "undetermined"]
    rows = [(name, name, i - 3.0, 0.3, 0.5 * i, 0.3, 0.01) for i, name in enumerate(classes)]
    figure = release.plot(release.tabulate(comparison(rows), [], []), change="LPS / control")
    handles = figure.axes[0].get_legend().get_lines()
    assert len({(line.get_color(), line.get_marker()) for line in handles}) == len(classes)


def test_nothing_measured_in_both(table):
    figure = release.plot(release.tabulate(table[table["feature"] == "e"], [], []), change="")
    assert within(figure.axes[0])[0] == "No feature was measured in both."
    release.plot(release.tabulate(table.iloc[:0], [], []), change="")


def test_an_interval_beyond_the_axes_ends_in_an_arrow_head():
    rows = [(f"f{i}", "selective", 1.0 + 0.1 * i, 0.3, 0.2 * i, 0.3, 0.01) for i in range(4)]
    whole = release.plot(release.tabulate(comparison(rows), [], []), change="LPS / control")
    assert "Arrow head" not in caption(whole)
    axes = whole.axes[0]
    # 1.3 + 1.96 * 0.3
    assert axes.get_ylim()[1] > 1.3 + 1.95996 * 0.3
    rows.append(("wide", "selective", 1.0, 30.0, 0.5, 0.3, 0.01))
    axes = release.plot(release.tabulate(comparison(rows), [], []), change="LPS / control").axes[0]
    assert "Arrow head: it goes on." in caption(axes.figure)
    heads = {line.get_marker(): line.get_ydata()[0] for line in axes.lines if line.get_marker() in ("^", "v")}
    assert heads == {"v": axes.get_ylim()[0], "^": axes.get_ylim()[1]}
    # The points are not pressed together for its sake.
    assert axes.get_ylim()[1] < 4
