"""Names beside points: no two overlap, none is cut off, the important ones are placed first.

textalloc (1.2.4) achieves this only by leaving out two thirds of 30 labels in a crowd, whichever these are. This search
looks further away and leaves out the least important.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from mircargo.figures.search import FORBIDDEN, GAP, NEAR, RADIUS, Field, Floats, search
from mircargo.figures.style import NOTE
from mircargo.vocabulary import MIRBASE_CODES

_SIZE: Final = 7.0  # of the letters, in points
_LINE: Final = 1.0  # 1/72 inch, how far a line reaches
_SPECIES: Final = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(sorted(MIRBASE_CODES))})-(?=[A-Za-z])")


def short_name(name: str, among: Iterable[str] = ()) -> str:
    """Drop the species prefix: ``hsa-let-7a-5p/hsa-let-7c-5p`` becomes ``let-7a-5p/let-7c-5p``.

    Parameters
    ----------
    name
        Of a feature, in miRBase's way; the letters of any of its animals and plants are a species.
    among
        All names of the figure: where they are of several species, the prefix stays.
    """
    species = {letters for each in (name, *among) for letters in _SPECIES.findall(each)}
    return _SPECIES.sub("", name) if len(species) == 1 else name


@dataclass(frozen=True)
class Label:
    """A text beside a point at `x`, `y` (data coordinates), whose marker reaches `radius` (1/72 inch) from there."""

    x: float
    y: float
    text: str
    bold: bool = False
    radius: float = RADIUS


@dataclass(frozen=True)
class Crowd:
    """What is drawn where labels go, in data coordinates.

    Attributes
    ----------
    points
        Points x 2, all of them, the labelled ones too.
    radius
        How far their markers reach (1/72 inch); one for all, or one each.
    lines
        Places x 2 along lines, which labels keep off if they can; None where there are no lines.
    """

    points: Floats
    radius: float | Floats = RADIUS
    lines: Floats | None = None


def place(
    axes: Axes,
    wanted: Sequence[Label],
    crowd: Crowd | None = None,
    *,
    walls: tuple[float | None, float | None] = (None, None),
    sparing: bool = False,
) -> list[Text]:
    """Write labels near their points, joined by thin lines.

    The layout of the figure must be final (`placement.frame`), since places are found in pixels.

    Parameters
    ----------
    axes
        Axes, linear or log, with final limits.
    wanted
        Most important first. Where there is no room, the later ones are left out, and a small note in the axes says
        how many.
    crowd
        Everything drawn, which labels cover only where they must.
    walls
        An x and a y, data coordinates, which no label crosses, as 0 of a fold change; None where there is no such line.
    sparing
        Rather leave a label out than cover a point, or draw a line that is long, crosses another or runs over a point
        that has a name. Labels in bold are placed in any case, if they stand first.

    Returns
    -------
    list of Text
        The labels that were placed, and the note, if any, last. No two overlap, and all lie inside the axes.
    """
    if not wanted:
        return []
    field = _field(axes, wanted, crowd or Crowd(np.empty((0, 2))), walls, sparing)
    anchors, reach = field.points[: len(wanted)], field.reach[: len(wanted)]
    artists = [
        axes.text(
            0, 0, each.text, size=_SIZE, weight="bold" if each.bold else "normal", zorder=6, transform=axes.transAxes
        )
        for each in wanted
    ]
    boxes = [artist.get_window_extent() for artist in artists]
    found = search(field, anchors, boxes, [])
    note = None
    if None in found:
        # The note needs room as well, so the search starts again with the corner of the note taken.
        note = _note(axes, f"{len(wanted)} more labels: no room", field)
        found = search(field, anchors, boxes, [note.get_window_extent()])
        left_out = found.count(None)
        note.set_text(f"{left_out} more label{'s' if left_out != 1 else ''}: no room" if left_out else "")
    kept: list[Text] = []
    for artist, box, corner, anchor, radius in zip(artists, boxes, found, anchors, reach, strict=True):
        if corner is None:
            artist.remove()
            continue
        kept.append(artist)
        _move(axes, artist, box, corner)
        placed = Bbox.from_bounds(*corner, box.width, box.height)
        _lead(axes, anchor, placed, radius, field)
    return [*kept, note] if note is not None and note.get_text() else kept


def _field(
    axes: Axes, wanted: Sequence[Label], crowd: Crowd, walls: tuple[float | None, float | None], sparing: bool
) -> Field:
    """Say in pixels where labels may stand."""
    pixel = axes.figure.dpi / 72
    anchors = _pixels(axes, [(label.x, label.y) for label in wanted])
    lines = np.empty((0, 2)) if crowd.lines is None else crowd.lines
    sizes = len(anchors), len(crowd.points), len(lines)
    own = np.array([label.radius for label in wanted])
    radii = np.concatenate([own, np.broadcast_to(crowd.radius, sizes[1]), np.full(sizes[2], _LINE)])
    return Field(
        axes.get_window_extent().padded(-GAP * pixel),
        np.concatenate([anchors, _pixels(axes, crowd.points), _pixels(axes, lines)]),
        pixel * radii,
        # A label over the marker of a named point is worse than one over a point of the crowd.
        np.repeat([FORBIDDEN, FORBIDDEN, 12.0] if sparing else [40.0, 12.0, 12.0], sizes),
        pixel,
        _walls(axes, walls),
        sparing,
        len(anchors),
        next((number for number, label in enumerate(wanted) if not label.bold), len(wanted)) if sparing else 0,
    )


def _pixels(axes: Axes, points: Floats | Sequence[tuple[float, float]]) -> Floats:
    return np.asarray(axes.transData.transform(np.asarray(points, dtype=float).reshape(-1, 2)), dtype=float)


def _move(axes: Axes, artist: Text, box: Bbox, corner: tuple[float, float]) -> None:
    """Shift a text from the origin of the axes so that its box starts at a pixel."""
    shifted = axes.transAxes.transform((0.0, 0.0)) + np.asarray(corner) - box.min
    artist.set_position(tuple(axes.transAxes.inverted().transform(shifted)))


def _lead(axes: Axes, anchor: Floats, box: Bbox, radius: float, field: Field) -> None:
    """Draw a line from the rim of a marker to the label, unless they are close and no other point is as close."""
    end = np.clip(anchor, box.min, box.max)
    length = float(np.hypot(*(end - anchor)))
    others = field.points[(field.points != anchor).any(axis=1) & (field.reach > _LINE * field.pixel)]
    nearest = np.hypot(*(np.clip(others, box.min, box.max) - others).T).min(initial=np.inf)
    if length - radius < 1.5 * NEAR * field.pixel and length < nearest:
        return
    if length <= radius:
        return
    ends = np.array([anchor + (end - anchor) * radius / length, end])
    x, y = axes.transAxes.inverted().transform(ends).T
    axes.plot(x, y, transform=axes.transAxes, color="#444444", linewidth=0.4, zorder=4, scalex=False, scaley=False)


def _walls(axes: Axes, walls: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    """Return walls in pixels; on a log axis 0 has no place."""
    x, y = walls
    at_x = None if x is None else float(axes.transData.transform((x, axes.get_ylim()[0]))[0])
    at_y = None if y is None else float(axes.transData.transform((axes.get_xlim()[0], y))[1])
    return at_x, at_y


def _note(axes: Axes, text: str, field: Field) -> Text:
    """Write the note into the corner with the fewest points."""
    inside = field.inside
    relative = (field.points - inside.min) / inside.size
    corners = [(1, 1), (0, 1), (1, 0), (0, 0)]
    fewest = min(corners, key=lambda c: int((np.abs(relative - c) < [0.4, 0.12]).all(axis=1).sum()))
    x, y = ((inside.x1 if fewest[0] else inside.x0), (inside.y1 if fewest[1] else inside.y0))
    at = axes.transAxes.inverted().transform((x, y))
    return axes.text(
        float(at[0]),
        float(at[1]),
        text,
        transform=axes.transAxes,
        ha="right" if fewest[0] else "left",
        va="top" if fewest[1] else "bottom",
        size=_SIZE - 0.5,
        color=NOTE,
    )
