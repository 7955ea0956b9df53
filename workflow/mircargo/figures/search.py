"""Find room for boxes beside points, in pixels, by taking the cheapest of many places."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.transforms import Bbox

Floats = npt.NDArray[np.float64]
Corner = tuple[float, float]

# Lengths are in points of type (1/72 inch).
GAP: Final = 1.5  # between labels, and between a label and the border
NEAR: Final = 4.0  # from a point to its label where there is room
RADIUS: Final = 2.0  # of a marker
_LONG: Final = 90.0  # longer lines are hard to follow
_LONGEST: Final = 160.0
_LONGEST_SPARING: Final = 45.0
_CLUSTER_RADIUS: Final = 25.0  # more than three other labelled points within this make a cluster
_CLUSTER_DISTANCES: Final = (20.0, 35.0, 50.0, 70.0)  # at which labels of a cluster are tried
FORBIDDEN: Final = 1e6  # the price of what no label may cover
_COVERED: Final = 40.0  # the price of it for a label that has to be there
_OVER_POINT: Final = 8.0  # what a line over the marker of another point costs
_DECIMALS: Final = 6  # that costs are rounded to
_AT_ONCE: Final = 48  # places whose cost is computed together
_RINGS: Final = np.array([1.0, 1.6, 2.5, 3.5, 5.0, 7.0, 10.0, 14.0, 19.0])
_ANGLES: Final = np.deg2rad(np.arange(0.0, 360.0, 15.0))


@dataclass(frozen=True)
class Field:
    """Where labels may stand, in pixels.

    Attributes
    ----------
    inside
        The border.
    points, reach, price
        Points x 2, those that are labelled first; how far each reaches, and what it costs to cover one.
    pixel
        Pixels in 1/72 inch.
    walls
        An x and a y that no label crosses: it stays on the side of its point. None where there is no such line.
    sparing
        Whether a label is rather left out than joined by a line that is long, crosses another, or runs over a point
        that has a name.
    n_named, needed
        How many points are labelled; and how many labels, the first ones, have to be there: where nothing is free, they
        cover points.
    """

    inside: Bbox
    points: Floats
    reach: Floats
    price: Floats
    pixel: float
    walls: tuple[float | None, float | None] = (None, None)
    sparing: bool = False
    n_named: int = 0
    needed: int = 0


def search(field: Field, anchors: Floats, boxes: list[Bbox], taken: list[Bbox]) -> list[Corner | None]:
    """Find the lower left corner of each label, or None where there is no room.

    Labels close around a cluster of points block those that come after them. The labels of a cluster are therefore
    tried in wider rings as well, and the arrangement that places most labels is taken.
    """
    best = _arrange(field, anchors, boxes, taken, np.zeros(len(anchors)))
    near = np.hypot(*(anchors[:, None] - anchors).transpose(2, 0, 1)) < _CLUSTER_RADIUS * field.pixel
    clustered = near.sum(axis=1) > 4
    for distance in _CLUSTER_DISTANCES if None in best and clustered.any() else ():
        other = _arrange(field, anchors, boxes, taken, np.where(clustered, distance * field.pixel, 0.0))
        best = min(best, other, key=lambda found: found.count(None))
    return best


@dataclass(frozen=True)
class _Placed:
    """Boxes that are taken (their lower left and upper right corners), and lines that are drawn, from start to stop."""

    low: Floats
    high: Floats
    starts: Floats
    stops: Floats

    def and_one(self, anchor: Floats, low: Floats, size: Floats) -> "_Placed":
        return _Placed(
            np.vstack([self.low, low]),
            np.vstack([self.high, low + size]),
            np.vstack([self.starts, anchor]),
            np.vstack([self.stops, np.clip(anchor, low, low + size)]),
        )


def _arrange(
    field: Field, anchors: Floats, boxes: list[Bbox], taken: list[Bbox], distances: Floats
) -> list[Corner | None]:
    """Place each label in turn at the cheapest allowed place."""
    low, high = (np.array([getattr(other, end) for other in taken]).reshape(-1, 2) for end in ("min", "max"))
    placed = _Placed(low, high, np.empty((0, 2)), np.empty((0, 2)))
    found: list[Corner | None] = []
    yielding = replace(field, price=np.minimum(field.price, _COVERED), sparing=False)
    for number, (anchor, box) in enumerate(zip(anchors, boxes, strict=True)):
        for rules in (field, yielding) if number < field.needed else (field,):
            low = _allowed(rules, number, box, distances[number], placed)
            best = _cheapest(rules, number, low, np.asarray(box.size), placed)
            if best is not None:
                break
        if best is None:
            found.append(None)
            continue
        found.append((float(best[0]), float(best[1])))
        placed = placed.and_one(anchor, best, np.asarray(box.size))
    return found


def _allowed(field: Field, number: int, box: Bbox, distance: float, placed: _Placed) -> Floats:
    """List the places of a label: inside the border, at its distance or further, off other labels and their lines."""
    anchor, size, gap = field.points[number], np.asarray(box.size), GAP * field.pixel
    longest = _LONGEST_SPARING if field.sparing else _LONGEST
    start = float(field.reach[number]) + (NEAR - RADIUS) * field.pixel
    low = _candidates(anchor, start, box, field.inside)
    low = low[((low >= field.inside.min) & (low + size <= field.inside.max)).all(axis=1)]
    length = np.hypot(*(np.clip(anchor, low, low + size) - anchor).T)
    low = low[(length >= distance) & (length < longest * field.pixel)]
    low = _on_the_side_of(field, anchor, low, size)
    apart = (low[:, None] - gap > placed.high) | (low[:, None] + size + gap < placed.low)
    low = low[np.all(np.any(apart, axis=2), axis=1)]
    for one, two in _diagonals(placed.low, placed.high):
        low = low[~_cross(anchor, np.clip(anchor, low, low + size)[:, None], one, two).any(axis=1)]
    (a, b), (c, d) = _diagonals(low[:, None] - gap, low[:, None] + size + gap)
    low = low[~(_cross(a, b, placed.starts, placed.stops) | _cross(c, d, placed.starts, placed.stops)).any(axis=1)]
    if field.sparing:
        ends = np.clip(anchor, low, low + size)
        low = low[~_cross(anchor, ends[:, None], placed.starts, placed.stops).any(axis=1)]
        named = slice(field.n_named)
        ends = np.clip(anchor, low, low + size)
        low = low[~_runs_over(anchor, ends, field.points[named], field.reach[named]).any(axis=1)]
    return low


def _on_the_side_of(field: Field, anchor: Floats, low: Floats, size: Floats) -> Floats:
    """Leave out places beyond a wall from the point, or across it; a point on a wall may have its label anywhere."""
    for axis, wall in enumerate(field.walls):
        if wall is not None and anchor[axis] > wall:
            low = low[low[:, axis] >= wall]
        elif wall is not None and anchor[axis] < wall:
            low = low[low[:, axis] + size[axis] <= wall]
    return low


def _cheapest(field: Field, number: int, low: Floats, size: Floats, placed: _Placed) -> Floats | None:
    """Choose among allowed places, nearest first, as the length of the line is part of the cost.

    Long lines, points under the label or its line, and crossing lines cost.
    """
    anchor = field.points[number]
    ends = np.clip(anchor, low, low + size)
    # Places left and right of a point cost the same but for rounding error: the first is taken.
    length = (np.hypot(*(ends - anchor).T) / field.pixel).round(_DECIMALS)
    # A line of moderate length is preferred; a long one is better than no label.
    order = np.argsort(length, kind="stable")
    order = order[length[order] < _LONG] if (length < _LONG).any() else order
    best, cheapest = None, FORBIDDEN
    for some in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
        if not len(some) or length[some[0]] >= cheapest:
            break
        covered = _distance(field.points, low[some], low[some] + size) < field.reach
        crossed = _cross(anchor, ends[some, None], placed.starts, placed.stops)
        over = _runs_over(anchor, ends[some], field.points, field.reach)
        cost = length[some] + covered @ field.price + _OVER_POINT * over.sum(axis=1) + 40.0 * crossed.sum(axis=1)
        cost = cost.round(_DECIMALS)
        if cost.min() < cheapest:
            best, cheapest = low[some[int(cost.argmin())]], float(cost.min())
    return best


def _distance(points: Floats, low: Floats, high: Floats) -> Floats:
    """Return how far points are from boxes, 0 within: boxes x points. By axes, which takes half of the time."""
    x, y = (
        np.minimum(np.maximum(points[:, axis], low[:, axis, None]), high[:, axis, None]) - points[:, axis]
        for axis in (0, 1)
    )
    return np.hypot(x, y)


def _runs_over(anchor: Floats, ends: Floats, points: Floats, reach: Floats) -> npt.NDArray[np.bool_]:
    """Say which lines from a point to their ends (lines x 2) run over which markers, but for those at the point."""
    (x, y), (from_x, from_y), (along_x, along_y) = points.T, anchor, (ends - anchor).T[..., None]
    squared = np.maximum(along_x**2 + along_y**2, 1e-12)
    share = ((x - from_x) * along_x + (y - from_y) * along_y) / squared
    np.clip(share, 0.0, 1.0, out=share)
    off = np.hypot(from_x + share * along_x - x, from_y + share * along_y - y)
    return np.asarray((off < reach) & ((x != from_x) | (y != from_y)))


def _candidates(anchor: Floats, start: float, box: Bbox, inside: Bbox) -> Floats:
    """List lower left corners: rings around the point first, then a grid over the whole axes."""
    radius, angle = (part.ravel() for part in np.meshgrid(start * _RINGS, _ANGLES, indexing="ij"))
    outwards = np.column_stack([np.cos(angle), np.sin(angle)])
    # The box leans outwards: its near side or corner is on the ring.
    lean = (np.clip(1.5 * outwards, -1, 1) - 1) / 2
    rings = anchor + radius[:, None] * outwards + lean * box.size
    across = np.arange(inside.x0, inside.x1 - box.width, box.width / 4)
    upwards = np.arange(inside.y0, inside.y1 - box.height, box.height * 0.6)
    grid = np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)
    return np.concatenate([rings, grid])


def _diagonals(low: Floats, high: Floats) -> list[tuple[Floats, Floats]]:
    """Return the two diagonals of boxes; a line through a box crosses one of them."""
    return [
        (low, high),
        (np.stack([low[..., 0], high[..., 1]], axis=-1), np.stack([high[..., 0], low[..., 1]], axis=-1)),
    ]


def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> npt.NDArray[np.bool_]:
    """Say which segments from a to b cross the segments from c to d; shapes are broadcast."""

    def side(p: Floats, q: Floats, r: Floats) -> Floats:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))
