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
    return labels.place(axes, wanted, None if crowded is None else labels.Crowd(np.column_stack(crowded)))


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
        ("ssc-miR-21-5p", "miR-21-5p"),
        ("dre-let-7a/dre-let-7c", "let-7a/let-7c"),
    ],
)
def test_short_name_leaves_only_the_species_away(name, short):
    assert labels.short_name(name) == short


def test_the_species_stays_where_a_figure_has_several():
    names = ["hsa-miR-21-5p", "mmu-miR-21a-5p", "U6"]
    assert [labels.short_name(name, names) for name in names] == names
    assert [labels.short_name(name, ["hsa-miR-1", "U6"]) for name in names[::2]] == ["miR-21-5p", "U6"]


def leaders_of(axes: Axes, before: int) -> list[np.ndarray]:
    return [axes.transAxes.transform(line.get_xydata()) for line in axes.lines[before:]]


def distance(box, points) -> np.ndarray:
    return np.hypot(*(np.clip(points, box.min, box.max) - points).T)


def crosses(box, leader) -> bool:
    """Whether a line, looked at in small steps, enters a box."""
    along = np.linspace(leader[0], leader[1], 400)
    return bool(((along > box.min + 0.1) & (along < box.max - 0.1)).all(axis=1).any())


@pytest.mark.parametrize("seed", range(6))
def test_sparing_labels_can_be_told_to_belong_to_their_points(seed):
    """None across zero, none nearer to another point without a line, no line through a label or another line."""
    with style():
        axes, x, y = crowd(seed)
        x = x - 1
        axes.clear()
        axes.scatter(x, y, s=11)
        axes.set(xlim=(-5, 5), ylim=(-1, 15))
        before = len(axes.lines)
        chosen = [*range(6), *range(200, 204)]
        wanted = [labels.Label(x[i], y[i], f"miR-{i}-5p") for i in chosen]
        placed = labels.place(axes, wanted, labels.Crowd(np.column_stack([x, y])), walls=(0.0, None), sparing=True)
        assert_readable(axes, placed)
        named = {f"miR-{i}-5p": np.array([x[i], y[i]]) for i in chosen}
        points, pixel = axes.transData.transform(np.column_stack([x, y])), axes.figure.dpi / 72
        zero = axes.transData.transform((0, 0))[0]
        leaders = leaders_of(axes, before)
        boxes = [text.get_window_extent() for text in placed if text.get_text() in named]
        # Six stand apart, four in the heap, whose names would lie over its points.
        assert len(boxes) >= 4
        for text, box in zip(placed, boxes, strict=False):
            anchor = axes.transData.transform(named[text.get_text()])
            assert (box.x0 >= zero) if anchor[0] > zero else (box.x1 <= zero)
            own = distance(box, anchor[None])[0]
            others = points[np.hypot(*(points - anchor).T) > 1e-6]
            near = np.clip(anchor, box.min, box.max)
            joined = any(np.hypot(*(leader - near).T).min() < 0.5 * pixel for leader in leaders)
            assert joined or own < distance(box, others).min()
            assert own < 45 * pixel
        assert not [1 for leader in leaders for box in boxes if crosses(box, leader)]
        for one, two in combinations(leaders, 2):
            steps = [np.linspace(each[0], each[1], 200) for each in (one, two)]
            gaps = np.hypot(*(steps[0][:, None] - steps[1]).transpose(2, 0, 1))
            assert gaps.min() > 0 or np.allclose(one[0], two[0])
