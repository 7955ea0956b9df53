"""How a figure is written: as .svg, .png and .pdf, and the data behind it as .tsv."""

import math
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd
from fontTools import subset  # type: ignore[import-untyped]  # it has no types
from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

from mircargo.figures.style import FONTS, style
from mircargo.io import written_whole
from mircargo.vocabulary import FIGURE_FORMATS

_NOT_FOR_PDF: Final = ("GSUB", "GPOS", "GDEF", "MATH", "kern", "cmap", "post", "name", "OS/2")
_DECIMALS_OF_PDF: Final = 4
_NO_PDF_METADATA: Final = dict.fromkeys(("Creator", "Producer", "CreationDate"))
_PLACE: Final = re.compile(r' (?:d|x|y)="[^"]*"')
_LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")


def save(figure: Figure, stem: Path, table: pd.DataFrame, formats: Container[str] = FIGURE_FORMATS) -> None:
    """Write a figure and the data behind it, byte for byte the same for the same input.

    Parameters
    ----------
    figure
        On an opaque page; closed afterwards.
    stem
        Path without ending; ``.svg`` and ``.tsv`` are added. The folder is made if needed.
    table
        What the figure shows; missing values are written as NA.
    formats
        Which of ``.pdf`` and ``.png`` (300 dpi) are written as well. Text is text in all but the ``.png``. Without one
        places may differ by a hundredth of a point: what is drawn first measures text at its own resolution.

    Raises
    ------
    OSError
        Where the folder cannot be written to; no half-written file is left behind.
    """
    for ending, content in _drawn(figure, formats).items():
        _write(stem, ending, content)
    text = table.to_csv(sep="\t", index=False, na_rep="NA", float_format="%.6g", lineterminator="\n")
    _write(stem, ".tsv", text.encode())
    figure.clear()
    plt.close(figure)


def _drawn(figure: Figure, formats: Container[str]) -> dict[str, bytes]:
    """Return the content of the files of a figure, by their endings."""
    files = {}
    # By the canvases and not by `savefig`, which draws everything twice. The last two set the figure to 72 dpi.
    png = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    svg, pdf = FigureCanvasSVG(figure), FigureCanvasPdf(figure)
    with style(), _small_pdf():
        if "png" in formats:
            png.draw()
            _fix_labels(figure)
            files[".png"] = _as_png(np.asarray(png.buffer_rgba()), figure.dpi)
        svg.print_svg(drawn := StringIO(), metadata={"Date": None, "Creator": None})
        files[".svg"] = _made_smaller(_with_like_fonts(drawn.getvalue())).encode()
        if "pdf" in formats:
            # In memory first: where a disk is full, matplotlib's writer stumbles over its own half-written file.
            pdf.print_pdf(content := BytesIO(), metadata=_NO_PDF_METADATA)
            files[".pdf"] = content.getvalue()
    return files


def _fix_labels(figure: Figure) -> None:
    """Let the names of axes and the titles of panels stay where they are, now that they are drawn.

    Else they are placed anew for the .svg and the .pdf, for which every number along an axis is measured twice more.
    """
    for axes in figure.axes:
        to_axes = axes.transAxes.inverted()
        for axis in (axes.xaxis, axes.yaxis):
            place = axis.label.get_transform().transform(axis.label.get_position())
            axis.set_label_coords(*to_axes.transform(place))
        axes._autotitlepos = False  # type: ignore[attr-defined]  # without it they would only be placed once more


def _as_png(pixels: npt.NDArray[np.uint8], dpi: float) -> bytes:
    """Return height x width x (red, green, blue, opacity) as a .png that is opaque, of so many pixels in an inch."""
    Image.fromarray(np.ascontiguousarray(pixels[:, :, :3])).save(
        content := BytesIO(), "png", dpi=(dpi, dpi), compress_level=1
    )
    return content.getvalue()


def _with_like_fonts(svg: str) -> str:
    """Name, after the font of an .svg, those of the same widths, for machines that lack it."""
    ours, fallback = (f"'{name}'" for name in FONTS)
    return svg.replace(f"{ours}, {fallback}", f"{ours}, Arial, Helvetica, {fallback}, sans-serif")


def _made_smaller(svg: str) -> str:
    """Round the places in an .svg to a hundredth of a point, which no printer resolves: a third less, compressed."""
    return _PLACE.sub(lambda place: _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", place[0]), svg)


def rehearse() -> None:
    """Draw and discard a small figure, so that fonts and codecs are loaded before they are needed."""
    figure = Figure(figsize=(1, 1))
    axes = figure.subplots()
    axes.imshow([[0, 1]], cmap="viridis")
    axes.set_title("a", weight="bold")
    # In memory: a temporary folder would outlive a process that is killed.
    _drawn(figure, FIGURE_FORMATS)
    pd.DataFrame({"a": [0.5]}).to_csv(sep="\t", float_format="%.6g")


@contextmanager
def _small_pdf() -> Iterator[None]:
    """Leave out of a .pdf what none of its readers needs.

    Those are tables of its fonts, which take a tenth of the time to write; their hints for coarse screens, half of a
    small file; and all but four decimals of a number, of which matplotlib writes ten: half of a file with a point a
    feature. matplotlib has no setting for this. If it came by fonts and numbers in another way, files would only be
    larger.
    """
    usual, number = subset.load_font, backend_pdf.pdfRepr

    def load(path: Any, options: subset.Options, *arguments: Any, **more: Any) -> Any:
        options.hinting = False
        font = usual(path, options, *arguments, **more)
        for table in _NOT_FOR_PDF:
            if table in font:
                del font[table]
        return font

    def short(value: Any) -> bytes:
        # As matplotlib does, which asks first what else it might be.
        if isinstance(value, float) and math.isfinite(value):
            return (b"%.*f" % (_DECIMALS_OF_PDF, value)).rstrip(b"0").rstrip(b".")
        return bytes(number(value))

    subset.load_font, backend_pdf.pdfRepr = load, short
    try:
        yield
    finally:
        subset.load_font, backend_pdf.pdfRepr = usual, number


def _write(stem: Path, ending: str, content: bytes) -> None:
    # Not Path.with_suffix: a name such as `ev.v2` has a dot, but no ending.
    with written_whole(stem.parent / f"{stem.name}{ending}") as path:
        path.write_bytes(content)
