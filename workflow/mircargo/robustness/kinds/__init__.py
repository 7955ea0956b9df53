"""The kinds of re-analysis: a module each, whose `KIND` says how it fits and how it is named and drawn."""

import pkgutil
from importlib import import_module
from typing import Final

from mircargo.robustness.kind import Kind


def _found() -> dict[str, Kind]:
    kinds = [import_module(f"{__name__}.{module.name}").KIND for module in pkgutil.iter_modules(__path__)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.order)}


KINDS: Final = _found()
