"""Captions of results in Snakemake's report: rendered when that report is made, from the files as they are then."""

from collections.abc import Callable
from typing import Any, Final

from mircargo.results import captions, contract

_OF: Final[dict[str, Callable[[str], str]]] = {
    "RAW_COUNTS": captions.of_counts,
    "LEDGER_TABLE": captions.of_ledger,
    "LIBRARIES": captions.of_quality,
    "FIT": lambda path: captions.of_contrast(path, 0.05),
    "STRESS": captions.of_robustness,
    "RELEASE_STRESS": captions.of_robustness,
    "TARGET_CALLS": captions.of_target,
    "CO_CARGO_TABLE": captions.of_co_cargo,
    "CO_CARGO_OF_CONTRAST": captions.of_co_cargo,
    "RELEASE_TABLE": captions.of_release,
    "GLOBAL_CHANGE": captions.of_composition,
    "EXPECTATION_TABLE": captions.of_expectations,
    "META_TARGET": captions.of_meta,
}


class Captions:
    """The captions of a job's results by their names in the contract: `{{ snakemake.params.captions.FIT }}`."""

    def __init__(self, wildcards: Any) -> None:
        self._wildcards = dict(wildcards.items())

    def __getattr__(self, name: str) -> str:
        if name.startswith("_") or name not in _OF:
            raise AttributeError(name)
        return _OF[name](getattr(contract, name).template.format(**self._wildcards))
