"""Whether labels of a figure can be told to belong to their points: geometry of what is drawn, in pixels."""

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from mircargo.figures.labels import short_name

# What each point stands at, by the kind of figure.
PLACES = {
    "volcano": [("log2FoldChange", "minus_log10_pvalue")],
    "ma": [("baseMean", "log2FoldChange")],
    "release": [("source_log2FoldChange", "log2FoldChange")],
    "dispersion": [("baseMean", "dispersion")],
    "depth": [("total", "detected")],
    "pca": [("PC1", "PC2"), ("within_PC1", "within_PC2")],
}
WALLS = {"volcano": (True, False), "ma": (False, True), "release": (True, True)}
_SLACK = 0.25  # points (1/72 inch): anti-aliasing


def faults(name: str, figure: Figure, table: pd.DataFrame) -> list[str]:
    """List what is wrong with the labels of a figure; `name` is that of its files, `table` the data drawn.

    A label may not lie over a marker, overlap another label or be run through by a line to a label; where another point
    is nearer than its own, a line has to join it to its own; and it may not cross zero of a fold change.
    """
    figure.draw_without_rendering()
    kind = kind_of(name)
    assert kind is not None, name
    return [f"{name}: {fault}" for axes in figure.axes for fault in _faults(axes, kind, table)]


def kind_of(name: str) -> str | None:
    """Return which of the figures with labels a file is of, if any."""
    return next((kind for kind in PLACES if name == kind or name.startswith(f"{kind}_")), None)


def labels_of(axes: Axes) -> list[Text]:
    return [text for text in axes.texts if text.get_text().strip()]


def _faults(axes: Axes, kind: str, table: pd.DataFrame) -> list[str]:
    walls = WALLS.get(kind, (False, False))
    texts = labels_of(axes)
    if not texts:
        return []
    pixel = axes.figure.dpi / 72
    boxes = {text.get_text(): _ink(text) for text in texts}
    whole = {text.get_text(): text.get_window_extent() for text in texts}
    markers = _markers(axes)
    centres = np.array([outline.get_extents().get_points().mean(axis=0) for outline in markers])
    lines = [line.get_xydata() for line in axes.lines if line.get_color() == "#444444"]
    leaders = [axes.transAxes.transform(line) for line in lines]
    found = [f"{one} overlaps {two}" for one, two in combinations(boxes, 2) if boxes[one].overlaps(boxes[two])]
    zero = axes.transData.transform((0.0 if walls[0] else axes.get_xlim()[0], 0.0 if walls[1] else axes.get_ylim()[0]))
    for name, box in boxes.items():
        inner = box.padded(-_SLACK * pixel)
        over = sum(outline.intersects_bbox(inner, filled=True) for outline in markers)
        found += [f"{name} lies over {over} markers"] if over else []
        crossed = [leader for leader in leaders if Path(leader).intersects_bbox(inner, filled=False)]
        found += [f"{name} is run through by a line"] if crossed else []
        for axis, wall in enumerate(walls):
            low, high = inner.min[axis], inner.max[axis]
            found += [f"{name} crosses zero"] if wall and low < zero[axis] < high else []
        if not name.endswith("no room"):
            own = _own(axes, name, kind, table, centres)
            clear = any(_own_point(whole[name], each, centres, leaders, pixel) for each in own)
            found += [] if clear else [f"{name} is nearer to another point than its own, without a line"]
    return found


def _own_point(box: Bbox, own: np.ndarray, centres: np.ndarray, leaders: list[np.ndarray], pixel: float) -> bool:
    """Say whether a reader takes a label for that of its point: a line joins them, or no other point is as near."""
    joined = [leader for leader in leaders if _distance(box, leader[1:])[0] < 0.5 * pixel]
    if any(np.hypot(*(leader[0] - own)) < 6 * pixel for leader in joined):
        return True
    others = centres[np.hypot(*(centres - own).T) > pixel]
    return not joined and bool(_distance(box, own[None])[0] < _distance(box, others).min(initial=np.inf))


def _own(axes: Axes, name: str, kind: str, table: pd.DataFrame, centres: np.ndarray) -> list[np.ndarray]:
    """Return where the point of a label is drawn, in pixels; a sample stands in several panels."""
    names = table["sample" if kind in ("pca", "depth") else "feature"].map(short_name)
    row = table[names == name.partition(" (")[0]].iloc[0]  # flags of a library stand in brackets
    places = [row[list(pair)].astype(float).to_numpy() for pair in PLACES[kind]]
    # Outliers are drawn at the rim, which lies a little inside the axis; a sample is in some of the panels only.
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    pixels = [axes.transData.transform(np.clip(place, low, high)) for place in places if not np.isnan(place).any()]
    nearest = [centres[np.hypot(*(centres - each).T).argmin()] for each in pixels]
    near = (1.0 if kind == "pca" else 60.0) * axes.figure.dpi / 72
    return [centre for centre, each in zip(nearest, pixels, strict=True) if np.hypot(*(centre - each)) < near]


def _ink(text: Text) -> Bbox:
    """Return the box of the letters: that of the text has white above and below them."""
    box = text.get_window_extent()
    return Bbox.from_extents(box.x0, box.y0 + 0.1 * box.height, box.x1, box.y1 - 0.1 * box.height)


def _markers(axes: Axes) -> list[Path]:
    """Return the outline of every marker, in pixels."""
    found = []
    for points in axes.collections:
        offsets = points.get_offset_transform().transform(np.asarray(points.get_offsets()))
        shapes, sizes = points.get_paths(), points.get_transforms()
        if len(sizes) == 0 or not len(shapes):
            continue
        for at, offset in enumerate(offsets):
            scaled = shapes[at % len(shapes)].vertices @ sizes[at % len(sizes)][:2, :2].T
            found.append(Path(scaled + offset, shapes[at % len(shapes)].codes))
    return found


def _distance(box: Bbox, points: np.ndarray) -> np.ndarray:
    return np.hypot(*(np.clip(points, box.min, box.max) - points).T)
