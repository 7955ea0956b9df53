"""What a step gets of the configuration: exactly the settings that it declares, found by their names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel

from mircargo.config import (
    Comparison,
    Config,
    Contrast,
    MetaAnalysis,
    Study,
    Thresholds,
    fetched_files,
    fetched_path,
    mirbase_path,
    table_path,
)
from mircargo.steps.declaration import FittedContrast, FitThresholds, OfJob, Only, Step, Untracked


@dataclass(frozen=True)
class Job:
    """What a step is run on: the configuration, and the wildcards of its rule."""

    config: Config
    wildcards: Any

    @property
    def study(self) -> Study:
        return self.config.studies[self.wildcards.study]

    @property
    def comparison(self) -> Comparison:
        return self.study.comparisons[self.wildcards.comparison]

    @property
    def meta(self) -> MetaAnalysis:
        return self.config.meta[self.wildcards.meta]

    @property
    def thresholds(self) -> Thresholds:
        of_study = hasattr(self.wildcards, "study")
        return self.config.thresholds_of(self.wildcards.study) if of_study else self.config.thresholds

    def contrasts(self) -> dict[str, Contrast]:
        """Return the contrasts of a study; those that a comparison names as the exosomes are marked as such."""
        exosomes = self.study.exosome_contrasts()
        contrasts = self.study.contrasts.items()
        return {name: each.model_copy(update={"exosome": name in exosomes}) for name, each in contrasts}

    def references(self) -> dict[str, list[str]]:
        """Return the levels that the contrasts of a study compare others with, by the column of the sheet."""
        found: dict[str, list[str]] = {}
        contrasts = self.study.contrasts.values()
        pairs = [(each.variable, each.reference) for each in contrasts]
        pairs += [(each.interaction.variable, each.interaction.reference) for each in contrasts if each.interaction]
        for variable, reference in dict.fromkeys(pairs):
            found.setdefault(variable, []).append(reference)
        return found

    def title(self) -> str | None:
        """Return the title of the contrast or comparison, which has none where its name is what people read."""
        if hasattr(self.wildcards, "contrast"):
            return self.study.contrasts[self.wildcards.contrast].title
        return self.comparison.title if hasattr(self.wildcards, "comparison") else None

    def titles(self) -> dict[str, str]:
        """Return the titles of contrasts that have one, by their names; those of a meta-analysis by STUDY.CONTRAST."""
        titles: dict[str, str | None] = {}
        if hasattr(self.wildcards, "meta"):
            studies = self.config.studies
            titles = {f"{study}.{name}": studies[study].contrasts[name].title for study, name in self.meta.named}
        elif hasattr(self.wildcards, "study"):
            titles = {name: contrast.title for name, contrast in self.study.contrasts.items()}
        return {name: title for name, title in titles.items() if title}

    def pooled(self) -> dict[str, Any]:
        """Return of each study of a meta-analysis, once, what pooling has to know of it."""
        keys = ("species", "subject", "simulated")
        return {name: {key: getattr(self.config.studies[name], key) for key in keys} for name in self.meta.studies}

    def study_titles(self) -> dict[str, str]:
        """Return the titles of the studies of a meta-analysis."""
        return {name: self.config.studies[name].title for name in self.meta.studies}

    def halved(self) -> dict[str, Any]:
        """Return of each study of a meta-analysis what fitting halves has to know; nothing where none are asked for."""
        if self.meta.halves is None:
            return {}
        found = {}
        for name in self.meta.studies:
            study = self.config.studies[name]
            keys = ("numeric", "size_factors", "fraction", "subject")
            own = {contrast: study.contrasts[contrast] for of, contrast in self.meta.named if of == name}
            values = {key: plain(getattr(study, key), []) for key in keys}
            fitted = {contrast: plain(each, [FittedContrast]) for contrast, each in own.items()}
            thresholds = plain(self.config.thresholds_of(name), [FitThresholds])
            found[name] = {**values, "contrasts": fitted, "thresholds": thresholds}
        return found

    def configuration(self) -> dict[str, Any]:
        """Return the configuration of one study as it was written, for its check."""
        study = {self.wildcards.study: plain(self.study, [])}
        return {"studies": study, "target": self.config.target, "panel": self.config.panel}

    def resolved(self) -> dict[str, Any]:
        """Return the configuration of one study in full, defaults included."""
        study = {self.wildcards.study: self.study.model_dump(mode="json", exclude_none=True)}
        common = self.config.model_dump(mode="json", include={"target", "panel", "figure_formats"})
        return {"studies": study, "thresholds": self.thresholds.model_dump(mode="json"), **common}

    def input_files(self) -> list[str]:
        panel = [self.config.panel] if Path(self.config.panel).is_file() else []
        tables = [table_path(self.wildcards.study, table) for table in self.study.counts]
        own = [*mirbase_of(self.wildcards.study, self.study), *recipient_of(self.wildcards.study, self.study)]
        return [*tables, self.study.samples, *panel, *own]


COMPUTED: Final[Mapping[str, Callable[[Job], Any]]] = {
    "name": lambda job: next(v for key, v in job.wildcards.items() if key in ("contrast", "comparison", "meta")),
    "study_name": lambda job: job.wildcards.study,
    "study": lambda job: job.study,
    "table": lambda job: {file.path: file.source for file in fetched_files(job.config)}[job.wildcards.path],
    "contrast": lambda job: job.study.contrasts[job.wildcards.contrast],
    "comparison": lambda job: job.comparison,
    "exosome": lambda job: job.study.contrasts[job.comparison.exosome],
    "source": lambda job: job.study.contrasts[job.comparison.source],
    "contrasts": Job.contrasts,
    "expectations": lambda job: {name: each.expectation for name, each in job.study.contrasts.items()},
    "variables": lambda job: list(dict.fromkeys(each.variable for each in job.study.contrasts.values())),
    "references": Job.references,
    "thresholds": lambda job: job.thresholds,
    "meta": lambda job: job.meta,
    "title": Job.title,
    "titles": Job.titles,
    "pooled": Job.pooled,
    "study_titles": Job.study_titles,
    "study_names": lambda job: list(job.config.studies),
    "meta_names": lambda job: list(job.config.meta),
    "halved": Job.halved,
    "configuration": Job.configuration,
    "resolved": Job.resolved,
    "input_files": Job.input_files,
    "recipient_title": lambda job: (job.study.recipient and job.study.recipient.title) or "the recipient cells",
    "recipient_contrast": lambda job: job.study.recipient and job.study.recipient.contrast,
    "recipient_numeric": lambda job: job.study.recipient.numeric if job.study.recipient else [],
}
"""Settings that are not simply a key of the study or of the configuration, by the name of the step's field."""


def settings_of(step: type[Step], job: Job, untracked: bool = False) -> dict[str, Any]:
    """Return the settings of a step as plain values, those marked `Untracked` apart from the others.

    A field is looked for by its name: in `COMPUTED`, then as a key of the study, and a key of the configuration. Only
    what is not the default is written out: a step runs again where a value changes, not where a new setting with a
    default comes into being.
    """
    fields = {
        name: field
        for name, field in step.model_fields.items()
        if untracked == any(isinstance(each, Untracked) for each in field.metadata) and not of_job(field.metadata)
    }
    values = {name: _value(name, job) for name in fields}
    return {
        name: plain(values[name], [field.annotation, *field.metadata])
        for name, field in fields.items()
        if field.is_required() or values[name] != field.get_default(call_default_factory=True)
    }


def of_job(marks: Iterable[Any]) -> bool:
    """Tell by what a field is annotated with whether its value is of the job, and not of the configuration."""
    return any(isinstance(each, OfJob) for each in marks)


def _value(name: str, job: Job) -> Any:
    if name in COMPUTED:
        return COMPUTED[name](job)
    of_study = hasattr(job.wildcards, "study") and hasattr(job.study, name)
    return getattr(job.study if of_study else job.config, name)


def recipient_of(name: str, study: Study) -> list[str]:
    """Return the paths of all that a study says of its recipient: tables, then its sample sheet; none without one."""
    tables = [fetched_path(name, table) for table in study.recipient_tables]
    return [*tables, *study.recipient_files]


def mirbase_of(name: str, study: Study) -> list[str]:
    """Return the path of a study's file of miRBase, if it has one."""
    return [] if study.mirbase is None else [mirbase_path(name, study.mirbase)]


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
        keys = next((set(mark.keys.split()) for mark in marks if isinstance(mark, Only)), None)
        return value.model_dump(mode="json", exclude_defaults=True, include=keys)
    if isinstance(value, Mapping):
        of_values = get_args(kind)[1:] if get_origin(kind) is dict else ()
        return {name: plain(each, list(of_values)) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each, list(get_args(kind))) for each in value]
    return value
