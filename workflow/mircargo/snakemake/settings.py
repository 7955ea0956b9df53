"""What a step is told of the configuration: exactly the settings that it declares, found by their names."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from mircargo.config import Config, Contrast, CountTable, Study, Thresholds, table_path
from mircargo.steps.base import Only, Step, Untracked


class Settings:
    """Finds the settings of a step in a configuration.

    A field is found by its name: by a method of this class where its value is made of several keys or hangs on a
    wildcard, else as a key of the study, else of the configuration.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.fetched: dict[str, CountTable] = {
            table_path(name, table): table
            for name, study in config.studies.items()
            for table in study.counts
            if table.url
        }

    def study_of(self, wildcards: Any) -> Study:
        return self.config.studies[wildcards.study]

    def of(self, step: type[Step], wildcards: Any, untracked: bool = False) -> dict[str, Any]:
        """Return the settings of a step as plain values, those marked `Untracked` apart from the others.

        Only what is not the default is written out: a step runs again where a value changes, not where a new setting
        with a default comes into being.
        """
        return {
            name: plain(self._value(name, wildcards), [field.annotation, *field.metadata])
            for name, field in step.model_fields.items()
            if untracked == any(isinstance(each, Untracked) for each in field.metadata)
        }

    def _value(self, name: str, wildcards: Any) -> Any:
        found: Callable[[Any], Any] | None = getattr(self, f"_{name}", None)
        if found is not None:
            return found(wildcards)
        if hasattr(wildcards, "study") and hasattr(self.study_of(wildcards), name):
            return getattr(self.study_of(wildcards), name)
        return getattr(self.config, name)

    def _name(self, wildcards: Any) -> str:
        return str(next(value for key, value in wildcards.items() if key in ("contrast", "comparison", "meta")))

    def _study_name(self, wildcards: Any) -> str:
        return str(wildcards.study)

    def _study(self, wildcards: Any) -> Study:
        return self.study_of(wildcards)

    def _table(self, wildcards: Any) -> CountTable:
        return self.fetched[wildcards.path]

    def _contrast(self, wildcards: Any) -> Contrast:
        return self.study_of(wildcards).contrasts[wildcards.contrast]

    def _comparison(self, wildcards: Any) -> Any:
        return self.study_of(wildcards).comparisons[wildcards.comparison]

    def _exosome(self, wildcards: Any) -> Contrast:
        return self.study_of(wildcards).contrasts[self._comparison(wildcards).exosome]

    def _source(self, wildcards: Any) -> Contrast:
        return self.study_of(wildcards).contrasts[self._comparison(wildcards).source]

    def _contrasts(self, wildcards: Any) -> dict[str, Contrast]:
        """All contrasts of a study; those that a comparison names as the exosomes are marked as such."""
        study = self.study_of(wildcards)
        exosomes = study.exosome_contrasts()
        return {name: each.model_copy(update={"exosome": name in exosomes}) for name, each in study.contrasts.items()}

    def _expectations(self, wildcards: Any) -> dict[str, Any]:
        return {name: each.expectation for name, each in self.study_of(wildcards).contrasts.items()}

    def _variables(self, wildcards: Any) -> list[str]:
        return list(dict.fromkeys(each.variable for each in self.study_of(wildcards).contrasts.values()))

    def thresholds_of(self, wildcards: Any) -> Thresholds:
        return self.config.thresholds_of(wildcards.study) if hasattr(wildcards, "study") else self.config.thresholds

    def _thresholds(self, wildcards: Any) -> Thresholds:
        return self.thresholds_of(wildcards)

    def _meta(self, wildcards: Any) -> Any:
        return self.config.meta[wildcards.meta]

    def _pooled(self, wildcards: Any) -> dict[str, Any]:
        """Say of each study of a meta-analysis, once, what pooling has to know of it."""
        names = dict.fromkeys(each.split(".")[0] for each in self._meta(wildcards).contrasts)
        keys = ("species", "subject", "simulated")
        return {name: {key: getattr(self.config.studies[name], key) for key in keys} for name in names}

    def _configuration(self, wildcards: Any) -> dict[str, Any]:
        """Return the configuration of one study as it was written, for its check."""
        return {
            "studies": {wildcards.study: plain(self.study_of(wildcards), [])},
            "target": self.config.target,
            "panel": self.config.panel,
        }

    def _resolved(self, wildcards: Any) -> dict[str, Any]:
        """Return the configuration of one study in full, defaults included."""
        return {
            "studies": {wildcards.study: self.study_of(wildcards).model_dump(mode="json", exclude_none=True)},
            "target": self.config.target,
            "panel": self.config.panel,
            "thresholds": self.config.thresholds_of(wildcards.study).model_dump(mode="json"),
        }

    def _input_files(self, wildcards: Any) -> list[str]:
        study = self.study_of(wildcards)
        panel = [self.config.panel] if Path(self.config.panel).is_file() else []
        return [*(table_path(wildcards.study, table) for table in study.counts), study.samples, *panel]


def plain(value: Any, declared: list[Any]) -> Any:
    """Return a value as JSON has it: of models what is not the default, and of those marked `Only` the keys it names.

    Parameters
    ----------
    value
        Of a setting.
    declared
        Its type, and what it is annotated with.
    """
    kind, *marks = declared or [Any]
    if get_origin(kind) is Annotated:
        kind, *inner = get_args(kind)
        marks = [*marks, *inner]
    if isinstance(value, BaseModel):
        keys = next((mark.keys for mark in marks if isinstance(mark, Only)), None)
        return value.model_dump(mode="json", exclude_defaults=True, include=set(keys) if keys else None)
    if isinstance(value, Mapping):
        of_values = get_args(kind)[1:] if get_origin(kind) is dict else ()
        return {name: plain(each, list(of_values)) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each, list(get_args(kind))) for each in value]
    return value


def as_json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False)
