"""Names beside points: no two overlap, none is cut off, the important ones are placed first.

textalloc was tried (1.2.4) and keeps this promise only by leaving out two thirds of 30 labels in a crowd, without
regard to which of them matter; hence this search, which looks further away and leaves out the least important.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from mircargo.figures.search import GAP, NEAR, RADIUS, Field, Floats, search
from mircargo.figures.style import NOTE
from mircargo.vocabulary import SPECIES

_SPECIES: Final = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(SPECIES)})-(?=[A-Za-z])")


def short_name(name: str) -> str:
    """Leave the species prefix away: ``hsa-let-7a-5p/hsa-let-7c-5p`` becomes ``let-7a-5p/let-7c-5p``."""
    return _SPECIES.sub("", name)


def place(
    axes: Axes,
    x: Sequence[float] | Floats,
    y: Sequence[float] | Floats,
    texts: Sequence[str],
    *,
    points: tuple[Sequence[float] | Floats, Sequence[float] | Floats] | None = None,
    bold: Sequence[bool] | None = None,
    radii: Sequence[float] | None = None,
    size: float = 7.0,
) -> list[Text]:
    """Write labels near their points, joined by thin lines.

    The layout of the figure must be final (`style.frame`), since places are found in pixels.

    Parameters
    ----------
    axes
        Axes, linear or log, with final limits.
    x, y
        Data coordinates of the points that are labelled, one per text.
    texts
        Labels, most important first. Where there is no room, the later ones are left out, and a small note in
        the axes says how many.
    points
        Data coordinates of everything drawn, which labels avoid to cover where they can.
    bold
        Which labels are bold; none by default.
    radii
        How far the marker of each labelled point reaches from its middle, in points; 2 by default.
    size
        Size of the letters in points.

    Returns
    -------
    list of Text
        The labels that were placed, and the note, if any, last. No two of them overlap, all lie inside the axes.

    Raises
    ------
    ValueError
        Where `x`, `y`, `texts`, `bold` and `radii` differ in length.
    """
    heavy = [False] * len(texts) if bold is None else list(bold)
    reach = np.full(len(texts), RADIUS) if radii is None else np.asarray(radii, dtype=float)
    if len({len(x), len(y), len(texts), len(heavy), len(reach)}) > 1:
        raise ValueError(f"{len(texts)} labels need as many x, y, bold and radii")
    if not texts:
        return []
    anchors = _pixels(axes, x, y)
    pixel = axes.figure.dpi / 72
    crowd = _pixels(axes, *points) if points is not None else anchors[:0]
    field = Field(
        axes.get_window_extent().padded(-GAP * pixel),
        np.concatenate([anchors, crowd]),
        pixel * np.concatenate([reach, np.full(len(crowd), RADIUS)]),
        # A label over the marker of a named point is worse than one over a point of the crowd.
        np.repeat([40.0, 12.0], [len(anchors), len(crowd)]),
        pixel,
    )
    artists = [
        axes.text(0, 0, text, size=size, weight="bold" if b else "normal", zorder=6, transform=axes.transAxes)
        for text, b in zip(texts, heavy, strict=True)
    ]
    boxes = [artist.get_window_extent() for artist in artists]
    found = search(field, anchors, boxes, [])
    note = None
    if None in found:
        # The note needs room as well, so the search starts again with the corner of the note taken.
        note = _note(axes, f"{len(texts)} more labels: no room", field, size)
        found = search(field, anchors, boxes, [note.get_window_extent()])
        left_out = found.count(None)
        note.set_text(f"{left_out} more label{'s' if left_out != 1 else ''}: no room" if left_out else "")
    kept: list[Text] = []
    for artist, box, corner, anchor, radius in zip(artists, boxes, found, anchors, reach * pixel, strict=True):
        if corner is None:
            artist.remove()
            continue
        kept.append(artist)
        _move(axes, artist, box, corner)
        _lead(axes, anchor, Bbox.from_bounds(*corner, box.width, box.height), radius, pixel)
    return [*kept, note] if note is not None and note.get_text() else kept


def _pixels(axes: Axes, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> Floats:
    both = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    return np.asarray(axes.transData.transform(both), dtype=float)


def _move(axes: Axes, artist: Text, box: Bbox, corner: tuple[float, float]) -> None:
    """Shift a text from the origin of the axes so that its box starts at a pixel."""
    shifted = axes.transAxes.transform((0.0, 0.0)) + np.asarray(corner) - box.min
    artist.set_position(tuple(axes.transAxes.inverted().transform(shifted)))


def _lead(axes: Axes, anchor: Floats, box: Bbox, radius: float, pixel: float) -> None:
    """Draw a line from the rim of a marker to the label, unless they are close together."""
    end = np.clip(anchor, box.min, box.max)
    length = float(np.hypot(*(end - anchor)))
    if length - radius < 1.5 * NEAR * pixel:
        return
    ends = np.array([anchor + (end - anchor) * radius / length, end])
    x, y = axes.transAxes.inverted().transform(ends).T
    axes.plot(x, y, transform=axes.transAxes, color="#444444", linewidth=0.4, zorder=4, scalex=False, scaley=False)


def _note(axes: Axes, text: str, field: Field, size: float) -> Text:
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
        size=size - 0.5,
        color=NOTE,
        style="italic",
    )
