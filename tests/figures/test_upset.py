"""Which features changed in which contrasts, counted by hand."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend

from mircargo.figures import upset

#           feature: call and robust in a, in b, in c
MADE = {
    "miR-1": ("up", True, "up", True, "none", None),
    "miR-2": ("up", True, "up", False, None, None),
    "miR-3": ("up", True, "up", True, "none", None),
    "miR-4": ("down", False, "none", None, "none", None),
    "miR-5": ("up", True, "down", True, "none", None),
    "miR-6": ("none", None, "none", None, "none", None),
    "miR-7": ("down", True, None, None, "none", None),
    "miR-8": ("none", None, "up", True, "none", None),
}
TITLES = {"a": "day 1", "b": "day 7", "c": "sham"}


def contrasts(made=MADE):
    calls = pd.DataFrame([row[::2] for row in made.values()], index=list(made), columns=list("abc"), dtype=object)
    robust = pd.DataFrame([row[1::2] for row in made.values()], index=list(made), columns=list("abc"), dtype=object)
    fits = {name: calls[name].rename("call").rename_axis("feature").reset_index() for name in calls}
    # Rows of a stress test may stand in another order.
    stress = {name: robust[name][::-1].rename("robust").rename_axis("feature").reset_index() for name in robust}
    return fits, stress


def test_columns_by_hand():
    table = upset.tabulate(*contrasts(), TITLES, target=["miR-5"])
    columns = table.drop_duplicates("column")[["features", "size", "n_robust", "role"]]
    assert columns.to_numpy().tolist() == [
        ["miR-1; miR-2; miR-3", 3, 2, "none"],  # of miR-2 one call is not robust
        ["miR-4; miR-7", 2, 1, "none"],
        ["miR-8", 1, 1, "none"],  # of one contrast, before those of two
        ["miR-5", 1, 1, "target"],
    ]
    assert table["column"].value_counts().eq(3).all(), "a row for each contrast"
    grid = table.pivot_table(index="row", columns="column", values="call", aggfunc="first")
    assert grid.to_numpy().tolist() == [
        ["up", "down", "none", "up"],
        ["up", "none", "up", "down"],
        ["none", "none", "none", "none"],
    ]
    untested = table.set_index(["features", "contrast"])["n_not_tested"]
    assert untested["miR-1; miR-2; miR-3", "c"] == untested["miR-4; miR-7", "b"] == 1
    assert untested.sum() == 2


def test_what_is_drawn():
    fits, stress = contrasts()
    figure = upset.plot(upset.tabulate(fits, stress, TITLES, target=["miR-5"]), alpha=0.05, title="t")
    key, bars, sets, matrix = figure.axes
    assert [patch.get_height() for patch in bars.patches] == [2, 1, 1, 1, 1, 1, 0, 0], "robust ones, then the others"
    assert [(text.get_text(), text.get_fontweight()) for text in bars.texts] == [
        ("3", "normal"), ("2", "normal"), ("1", "normal"), ("1", "bold"),
    ]  # fmt: skip
    assert [text.get_text() for text in sets.texts] == ["4 up, 2 down", "4 up, 1 down", "0 up, 0 down"]
    up = matrix.collections[-2].get_offsets().tolist()
    assert sorted(up) == [[0, 0], [0, 1], [2, 1], [3, 0]]
    assert legend(key)[-1] == "bold number: with the target"
    assert "no proof of no change" in caption(figure)
    assert "not said" not in caption(figure)


def test_what_is_not_decided_is_named_and_not_drawn_as_robust():
    made = {name: (*row[:2], row[2], None, *row[4:]) for name, row in MADE.items()}
    table = upset.tabulate(*contrasts(made), TITLES)
    assert table.drop_duplicates("column")["n_robust"].tolist() == [0, 1, 0, 0]
    assert "Which calls of day 7 are robust is not said" in caption(upset.plot(table, alpha=0.05))


def test_nothing_changed_is_said():
    none = dict.fromkeys(MADE, ("none", None) * 3)
    table = upset.tabulate(*contrasts(none), TITLES)
    assert (len(table), list(table)) == (0, list(upset.COLUMNS))
    assert "No feature changed in any contrast" in upset.plot(table, alpha=0.05).axes[0].texts[0].get_text()


@pytest.mark.parametrize(("n", "chosen"), [(2, 2), (20, 12)])
def test_many_contrasts_with_long_names_stay_apart(n, chosen):
    rng = np.random.default_rng(n)
    features = [f"mmu-miR-{i}-5p" for i in range(800)]
    fits, stress, titles = {}, {}, {}
    for place in range(n):
        # Later contrasts have more calls.
        most = 15 * (place + 1)
        call = rng.permutation(["up"] * most + ["down"] * most + ["none"] * (800 - 2 * most))
        fits[f"c{place}"] = pd.DataFrame({"feature": features, "call": call})
        robust = np.where(call == "none", None, rng.random(800) < 0.5)
        stress[f"c{place}"] = pd.DataFrame({"feature": features, "robust": robust})
        titles[f"c{place}"] = f"Injured against control in exosomes of the spinal cord at day {place}"
    table = upset.tabulate(fits, stress, titles)
    assert table["contrast"].unique().tolist() == [f"c{place}" for place in range(n - chosen, n)]
    figure = upset.plot(table, alpha=0.05, title="What changed")
    figure.draw_without_rendering()
    key, bars, sets, matrix = figure.axes
    numbers = [text.get_window_extent() for text in bars.texts]
    assert all(left.x1 < right.x0 for left, right in pairwise(numbers))
    beside = max(text.get_window_extent().x1 for text in sets.texts)
    assert beside < matrix.get_window_extent().x0
    assert key.get_legend().get_window_extent().x1 < bars.get_tightbbox().x0
    assert min(label.get_window_extent().x0 for label in sets.get_yticklabels()) >= 0
    left_out = len(table) // chosen - len(bars.texts)
    assert (f"{left_out} smaller columns" in caption(figure)) == (left_out > 0)
    assert (f"Of {n} contrasts, the 12 with the most calls" in caption(figure)) == (n > 12)
