"""The results of a meta-analysis as one object: each file is read when it is first asked for, and once."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mircargo.io import read_json, read_result
from mircargo.results import contract as files


class MetaResults:
    """The results of a meta-analysis.

    Parameters
    ----------
    name
        The meta-analysis.
    folder
        Where its tables lie: `results/meta` of a run.

    Attributes
    ----------
    features, studies
        `{name}.tsv` and `{name}.studies.tsv`, rows numbered.
    target
        The row of `{name}.target.tsv`, None for what is missing.
    facts
        `{name}.json`.
    """

    def __init__(self, name: str, folder: str | Path) -> None:
        self.name, self.folder = name, Path(folder)

    @cached_property
    def features(self) -> pd.DataFrame:
        return read_result(files.META_FEATURES.within(self.folder, meta=self.name))

    @cached_property
    def studies(self) -> pd.DataFrame:
        return read_result(files.META_STUDIES.within(self.folder, meta=self.name))

    @cached_property
    def target(self) -> dict[str, Any]:
        table = read_result(files.META_TARGET.within(self.folder, meta=self.name)).astype(object)
        row: dict[str, Any] = table.where(table.notna(), None).iloc[0].to_dict()
        return row

    @cached_property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = read_json(files.META_FACTS.within(self.folder, meta=self.name))
        return facts
