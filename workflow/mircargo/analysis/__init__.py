"""The analysis of a study as one object: what the workflow, the benchmark and a notebook call.

A `Question` is a contrast of a study, a `ReleaseQuestion` a comparison of exosomes with their source. Each holds the
sequence of steps from counts to calls; nothing here reads or writes a file.
"""

import importlib
from typing import TYPE_CHECKING, Any

from mircargo.analysis.data import StudyData

if TYPE_CHECKING:
    from mircargo.analysis.question import Question
    from mircargo.analysis.release_question import ReleaseQuestion

__all__ = ["Question", "ReleaseQuestion", "StudyData"]
# A step that asks nothing of a study need not wait a second for the engines.
_MODULES = {"Question": "question", "ReleaseQuestion": "release_question"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
