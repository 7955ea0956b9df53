"""Power against animals: what is taken of the tables, and what is drawn."""

import pandas as pd
import pytest

from mircargo.figures import power


@pytest.fixture
def tables():
    keys = [
        (c, f, k, x, d)
        for c in ("a", "b")
        for f in ("mir", "other")
        for k in ("wald", "robust")
        for x in (2, 4)
        for d in (0.5, 3)
    ]
    names = ["contrast", "feature", "call_kind", "fold_change", "depth"]
    needed = pd.DataFrame(keys, columns=names).assign(animals_needed=6, power_now=0.5)
    needed["animals_now"] = needed["contrast"].map({"a": 4.0, "b": 5.5})
    powers = pd.concat([needed[names].assign(animals=n, power=n / 30) for n in (3, 12, 24)], ignore_index=True)
    return powers, needed


def test_the_target_at_the_depth_nearest_to_this_study(tables):
    table = power.tabulate(*tables, "mir", {"a": "First", "b": "Second"})
    assert list(table) == list(power.COLUMNS)
    assert set(table["depth"]) == {0.5}
    assert set(table["feature"]) == {"mir"}
    assert len(table) == 2 * 2 * 2 * 3
    assert dict(zip(table["title"], table["animals_now"], strict=True)) == {"First": 4.0, "Second": 5.5}


def test_a_line_a_call_and_change_and_this_study_in_each_panel(tables):
    table = power.tabulate(*tables, "mir", {"a": "First", "b": "A very long title of a contrast " * 4})
    figure = power.plot(table, power=0.8)
    first, second = figure.axes[:2]
    assert first.get_title(loc="left") == "First"
    assert len(second.get_title(loc="left")) <= 52
    for axes, now in ((first, 4.0), (second, 5.5)):
        lines = [line for line in axes.lines if len(line.get_xdata()) == 3]
        assert len(lines) == 4
        assert {tuple(line.get_ydata()) for line in lines} == {(0.1, 0.4, 0.8)}
        marks = [list(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
        assert [now, now] in marks
    assert [text.get_text() for text in first.get_legend().get_texts()] == ["2-fold", "4-fold", "robust call"]


def test_nothing_to_draw_is_said(tables):
    table = power.tabulate(*tables, None, {})
    assert table.empty
    texts = [text.get_text() for axes in power.plot(table, power=0.8).axes for text in axes.texts]
    assert any("fitted in no contrast" in text for text in texts) or power.plot(table, power=0.8).texts
