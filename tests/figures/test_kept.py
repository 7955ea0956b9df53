"""What is kept of a text is what matplotlib would find each time."""

from io import BytesIO, StringIO
from itertools import product

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font

from mircargo.figures import style
from mircargo.figures.kept import text_kept


def measured():
    """Measure texts that differ in one thing each, with all that draw them."""
    drawing = [
        RendererAgg(100, 100, 300),
        RendererAgg(100, 100, 72),
        RendererPdf(PdfFile(BytesIO()), 72, 100, 100),
        RendererSVG(100, 100, StringIO()),
    ]
    fonts = [
        FontProperties(family=family, size=size, weight=weight)
        for family, size, weight in product((style.FONTS, style.FONTS[1]), (7, 8), ("normal", "bold"))
    ]
    texts = ("miR-21-5p", "let-7a", "10⁻⁴", "Ag")
    return {
        (number, str(font), text): renderer.get_text_width_height_descent(text, font, False)
        for (number, renderer), font, text in product(enumerate(drawing), fonts, texts)
    }


def heights():
    found = []
    for weight in ("normal", "bold"):
        font = get_font(fontManager._find_fonts_by_props(FontProperties(family=style.FONTS, weight=weight)))
        found += [font.get_sfnt_table(name) for name in ("head", "OS/2", "hhea", "pclt")]
    return found


def test_sizes_kept_are_those_measured():
    with style.style():
        settings = dict(matplotlib.rcParams)
    with matplotlib.rc_context(settings):
        plain = measured(), heights()
        assert len(set(plain[0].values())) > 0.7 * len(plain[0]), "they can be told apart"
        with text_kept():
            assert (measured(), heights()) == plain
            assert (measured(), heights()) == plain, "those kept"


def test_matplotlib_is_left_as_it_was():
    own = [RendererAgg.get_text_width_height_descent, FT2Font.get_sfnt_table, fontManager._find_fonts_by_props]
    with text_kept():
        assert RendererAgg.get_text_width_height_descent is not own[0]
        with text_kept():
            pass
        assert RendererAgg.get_text_width_height_descent is not own[0]
    now = [RendererAgg.get_text_width_height_descent, FT2Font.get_sfnt_table, fontManager._find_fonts_by_props]
    assert now == own
    assert "get_text_width_height_descent" not in vars(RendererPdf)
