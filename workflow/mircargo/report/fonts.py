"""The fonts of figures, cut down to the letters that a page's figures have: a machine need not have them."""

from collections.abc import Iterable
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Final

from fontTools import subset  # type: ignore[import-untyped]  # it has no types

from mircargo.report.pack import packed

FONTS: Final = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf")


def cut_down(name: str, letters: str) -> bytes:
    """Return a font of the package with some letters only.

    Parameters
    ----------
    name
        One of `FONTS`.
    letters
        Those to keep; what the font lacks is left out, and a browser takes it from another font.

    Returns
    -------
    bytes
        TrueType without kerning, as figures are laid out, and without hints; the same for the same letters.
    """
    options = subset.Options(hinting=False, layout_features=[], recalc_timestamp=False)
    options.drop_tables += ["FFTM"]  # the time at which FontForge wrote it
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(set(letters))))
    written = BytesIO()
    with (
        as_file(files("mircargo.resources").joinpath("fonts", name)) as path,
        subset.load_font(path, options) as font,
    ):
        cutter.subset(font)
        font.save(written)
    return written.getvalue()


def pack_fonts(drawings: Iterable[Path]) -> dict[str, str]:
    """Pack the fonts of a page, with the letters of its drawings (`.svg`; those that do not exist have none)."""
    letters = "".join(set().union(*(path.read_text(encoding="utf-8") for path in drawings if path.is_file())))
    return {f"page/{font}": packed(cut_down(font, letters)) for font in FONTS}
