"""The promise of `place`: no label on another, none cut off, the important ones first."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from mircargo.figures import labels
from mircargo.figures.placement import frame, log_axis, new_figure
from mircargo.figures.style import style


def crowd(seed: int, log: bool = False) -> tuple[Axes, np.ndarray, np.ndarray]:
    """Draw 400 points, half of them in one tight heap at a corner."""
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.normal(0, 1, 200), rng.normal(3, 0.05, 200)])
    y = np.concatenate([rng.exponential(2, 200), rng.normal(12, 0.1, 200)])
    figure = new_figure(3.5, 3.5)
    axes = figure.subplots()
    if log:
        x = 10**x
        log_axis(axes.xaxis, x.min() / 2, x.max() * 2)
    axes.scatter(x, y, s=11)
    frame(figure, "title", "note")
    return axes, x, y


def place(axes, x, y, texts, crowded=None) -> list[Text]:
    wanted = [labels.Label(*each) for each in zip(x, y, texts, strict=True)]
    return labels.place(axes, wanted, None if crowded is None else np.column_stack(crowded))


def assert_readable(axes: Axes, placed: list[Text]) -> None:
    axes.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in placed]
    inside = axes.get_window_extent()
    for text, box in zip(placed, boxes, strict=True):
        assert inside.x0 <= box.x0 <= box.x1 <= inside.x1, text
        assert inside.y0 <= box.y0 <= box.y1 <= inside.y1, text
    assert not [pair for pair in combinations(range(len(boxes)), 2) if boxes[pair[0]].overlaps(boxes[pair[1]])]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_labels_of_a_crowd_never_overlap_nor_leave_the_axes(seed, log):
    with style():
        axes, x, y = crowd(seed, log)
        # Ten spread out, and twenty of the heap; names as long as they come.
        chosen = [*range(10), *range(200, 220)]
        texts = [f"hsa-let-7{chr(97 + i % 26)}-5p/hsa-let-7c-{i}p" for i in chosen]
        placed = place(axes, x[chosen], y[chosen], [labels.short_name(t) for t in texts], crowded=(x, y))
        assert_readable(axes, placed)
        assert len(placed) >= 15
        assert placed[0].get_text() == labels.short_name(texts[0])
        if len(placed) < len(chosen):
            assert placed[-1].get_text().startswith(f"{len(chosen) - len(placed) + 1} more label")


def test_thirty_short_labels_in_a_heap_mostly_find_room():
    with style():
        axes, x, y = crowd(11)
        placed = place(axes, x[200:230], y[200:230], [f"miR-{i}-5p" for i in range(30)], crowded=(x, y))
        assert_readable(axes, placed)
        assert len(placed) >= 12


def test_a_label_wider_than_the_axes_is_left_out_and_counted():
    with style():
        axes, x, y = crowd(0)
        placed = place(axes, x[:2], y[:2], ["miR-21-5p", "miR-1/" * 40])
        assert [text.get_text() for text in placed] == ["miR-21-5p", "1 more label: no room"]
        assert_readable(axes, placed)


def test_nothing_to_label():
    with style():
        axes, _, _ = crowd(0)
        assert labels.place(axes, []) == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("hsa-let-7a-5p/hsa-let-7c-5p", "let-7a-5p/let-7c-5p"),
        ("mmu-miR-21a-5p", "miR-21a-5p"),
        ("U6-hsa", "U6-hsa"),
        ("piR-mmu-49", "piR-mmu-49"),
    ],
)
def test_short_name_leaves_only_the_species_away(name, short):
    assert labels.short_name(name) == short
