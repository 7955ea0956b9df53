"""Figures by their names, as `mc.plot.pvalues(results)`.

Each takes what `tabulate` and `plot` of its module take (see the gallery), and returns a matplotlib figure.
"""

import importlib
from collections.abc import Callable
from inspect import signature
from typing import Any

from mircargo.figures.catalogue import MODULES

_MODULES = {kind.name: module for kind, module in MODULES.items()}
__all__ = list(_MODULES)


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in _MODULES:
        raise AttributeError(f"there is no figure '{name}'; there are {', '.join(_MODULES)}")
    figure = importlib.import_module(_MODULES[name])

    def draw(*tables: Any, **given: Any) -> Any:
        of_table, of_plot = signature(figure.tabulate).parameters, signature(figure.plot).parameters
        table = figure.tabulate(*tables, **{key: value for key, value in given.items() if key in of_table})
        words = {key: value for key, value in given.items() if key in of_plot or key not in of_table}
        return figure.plot(table, **words)

    draw.__doc__ = f"{figure.__doc__}\n\nArguments are those of `{figure.__name__}.tabulate` and `.plot`."
    return draw


def __dir__() -> list[str]:
    return sorted(_MODULES)
