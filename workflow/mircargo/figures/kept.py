"""What matplotlib works out again and again for the same text, kept while figures are drawn.

A step draws ten figures, each three times, and most of their words are the same. Nothing here changes what is drawn:
where matplotlib comes by fonts and sizes in another way, it only takes longer.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import RendererPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font

_MOST: Final = 20_000
_sizes: dict[Any, tuple[float, float, float]] = {}
_tables: "WeakKeyDictionary[FT2Font, dict[str, Any]]" = WeakKeyDictionary()


@contextmanager
def text_kept() -> Iterator[None]:
    """Keep which fonts a text is written with, how large it is, and how high the letters of a font are.

    Matplotlib looks for the fonts seven thousand times for ten figures, and nine thousand times for their heights. How
    large a text is depends on its letters, font and size, and on the settings of `style`, within which alone this may
    be used.
    """
    with ExitStack() as all_of_it:
        all_of_it.enter_context(_replaced(fontManager, "_find_fonts_by_props", lru_cache))
        all_of_it.enter_context(_replaced(FT2Font, "get_sfnt_table", _with_tables_kept))
        for renderer in (RendererAgg, RendererPdf, RendererSVG):
            all_of_it.enter_context(_replaced(renderer, "get_text_width_height_descent", _with_sizes_kept))
        yield


@contextmanager
def _replaced(owner: Any, name: str, replacement: Callable[[Any], Any]) -> Iterator[None]:
    """Have a class or an object use another function, made from its own; unless it does already."""
    usual, own = getattr(owner, name, None), name in vars(owner)
    if usual is None or hasattr(usual, "__wrapped__"):
        yield
        return
    replaced = replacement(usual)
    replaced.__wrapped__ = usual
    setattr(owner, name, replaced)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, usual)
        else:
            delattr(owner, name)


def _with_sizes_kept(usual: Callable[..., tuple[float, float, float]]) -> Callable[..., tuple[float, float, float]]:
    def get_text_width_height_descent(self: Any, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        # Those for vectors measure at a resolution of their own.
        key = type(self), getattr(self, "dpi", None), s, hash(prop), ismath
        if key not in _sizes:
            if len(_sizes) >= _MOST:
                _sizes.clear()
            _sizes[key] = usual(self, s, prop, ismath)
        return _sizes[key]

    return get_text_width_height_descent


def _with_tables_kept(usual: Callable[[FT2Font, str], Any]) -> Callable[[FT2Font, str], Any]:
    def get_sfnt_table(self: FT2Font, name: str) -> Any:
        kept = _tables.setdefault(self, {})
        if name not in kept:
            kept[name] = usual(self, name)
        return kept[name]

    return get_sfnt_table
