"""What miR-21 and its exosomal co-cargo do, from small-RNA count tables.

The names that most people need are here: `read_table`, `read_study`, `check`, `fit`, `call_target` and `plot`. They are
imported when they are first asked for, as the command line starts with this module.
"""

import importlib
from typing import Any

__all__ = ["call_target", "check", "fit", "plot", "read_study", "read_table"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("mircargo")
    if name == "plot":
        return importlib.import_module("mircargo.plot")
    if name in __all__:
        return getattr(importlib.import_module("mircargo.api"), name)
    raise AttributeError(f"module 'mircargo' has no attribute '{name}'")
