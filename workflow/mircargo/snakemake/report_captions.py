"""Captions of results in Snakemake's report: rendered when that report is made, from the files as they are then."""

from collections.abc import Mapping
from typing import Any

from mircargo.results import contract
from mircargo.results.captions import caption_of


class Captions:
    """The captions of a job's results by their names in the contract: `{{ snakemake.params.captions.FIT }}`."""

    def __init__(self, wildcards: Any, alpha: float, titles: Mapping[str, str]) -> None:
        self._wildcards = dict(wildcards.items())
        self._alpha = alpha
        self._titles = titles

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        result = getattr(contract, name)
        return caption_of(result, result.template.format(**self._wildcards), self._alpha, self._titles)
