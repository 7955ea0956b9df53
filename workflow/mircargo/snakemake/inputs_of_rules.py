"""What rules read: functions of wildcards, made from the configuration."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mircargo.config import Config, fetched_path, table_path
from mircargo.figures import catalogue
from mircargo.results import contract
from mircargo.results.contract import Result
from mircargo.snakemake.settings import mirbase_of

Paths = Callable[[Any], Any]


class Inputs:
    """The inputs of rules, for one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.studies = config.studies

    def sheet(self, wildcards: Any) -> str:
        return self.studies[wildcards.study].samples

    def tables(self, wildcards: Any) -> list[str]:
        return [table_path(wildcards.study, table) for table in self.studies[wildcards.study].counts]

    def mirbase(self, wildcards: Any) -> list[str]:
        """Return miRBase's file of the studies that a step reads, where they have one."""
        paths = [path for study in self.studies_of(wildcards) for path in mirbase_of(study, self.studies[study])]
        return list(dict.fromkeys(paths))

    def recipient_tables(self, wildcards: Any) -> list[str]:
        """Return the tables of a study's recipient and of the targets."""
        return [fetched_path(wildcards.study, table) for table in self.studies[wildcards.study].recipient_tables]

    def recipient_files(self, wildcards: Any) -> list[str]:
        """Return the other files that the check of a study's recipient reads: sample sheets, genes, families."""
        study = self.studies[wildcards.study]
        return [*study.recipient_files, study.samples]

    def recipient_sheet(self, wildcards: Any) -> list[str]:
        """Return the sample sheet of a study's recipient, where it has counts."""
        recipient = self.studies[wildcards.study].recipient
        return [recipient.samples] if recipient is not None and recipient.samples is not None else []

    def cargo(self, result: Result) -> Paths:
        """Return a function that gives a result of the contrast of exosomes that is to explain the recipient."""
        return lambda wildcards: [
            result.template.format(study=wildcards.study, contrast=self.studies[wildcards.study].cargo_contrast)
        ]

    def panel(self, wildcards: Any) -> list[str]:
        """Return the panel where it is a file of the user's; a missing one is named by the step."""
        return [self.config.panel] if Path(self.config.panel).is_file() else []

    def spike_ins(self, wildcards: Any) -> list[str]:
        """Return the spike-ins of a study that has any: they show how all miRNA changed."""
        needed = self.studies[wildcards.study].spike_ins or self.spike_ins_of_size_factors(wildcards)
        return [contract.SPIKE_INS.of(wildcards.study)] if needed else []

    def spike_ins_of_size_factors(self, wildcards: Any) -> list[str]:
        """Return the spike-ins where size factors rest on them."""
        needed = self.studies[wildcards.study].size_factors.method == "spike_ins"
        return [contract.SPIKE_INS.of(wildcards.study)] if needed else []

    def given(self, **files: Result | Paths | str) -> dict[str, Any]:
        """Name the inputs of a rule: results with the rule's wildcards, paths, or functions that give paths."""
        return {name: each.template if isinstance(each, Result) else each for name, each in files.items()}

    def every(self, **results: Result) -> dict[str, Paths]:
        """Name inputs of a rule: of each result that of every contrast or comparison, of a study or a meta-analysis.

        A rule without wildcards is given those of the whole run.
        """
        return {name: partial(self._every, result) for name, result in results.items()}

    def _every(self, result: Result, wildcards: Any) -> list[str]:
        if hasattr(wildcards, "study"):
            paths = result.paths(self.studies[wildcards.study]).values()
            return [f"{contract.ROOT}/{wildcards.study}/{path}" for path in paths]
        if not hasattr(wildcards, "meta"):
            return self._every_of_run(result)
        if "{contrast}" not in result.path:
            return [result.of(study) for study in self.studies_of(wildcards)]
        named = self.config.meta[wildcards.meta].named
        return [result.of(study, contrast=contrast) for study, contrast in named]

    def _every_of_run(self, result: Result) -> list[str]:
        """Return a result of every meta-analysis, or of every study."""
        if "{meta}" in result.path:
            return [result.template.format(meta=meta) for meta in self.config.meta]
        studies = self.studies.items()
        return [f"{contract.ROOT}/{name}/{path}" for name, study in studies for path in result.paths(study).values()]

    def of_exosomes(self, result: Result) -> Paths:
        """Return a function that gives a comparison the result of its exosomes."""
        return partial(self._of_fraction, result, "exosome")

    def of_source(self, result: Result) -> Paths:
        """Return a function that gives a comparison the result of their source."""
        return partial(self._of_fraction, result, "source")

    def _of_fraction(self, result: Result, fraction: str, wildcards: Any) -> str:
        comparison = self.studies[wildcards.study].comparisons[wildcards.comparison]
        return result.of(wildcards.study, contrast=getattr(comparison, fraction))

    def release_of_exosomes(self, wildcards: Any) -> list[str]:
        """Return the comparison of which a contrast is the exosome, if there is one."""
        comparisons = self.studies[wildcards.study].comparisons.items()
        names = [name for name, each in comparisons if each.exosome == wildcards.contrast]
        return [contract.RELEASE_TABLE.of(wildcards.study, comparison=name) for name in names[:1]]

    def co_cargo_if_exosomes(self, wildcards: Any) -> list[str]:
        """Return the co-cargo of a contrast, if it is one of exosomes."""
        is_one = wildcards.contrast in self.studies[wildcards.study].exosome_contrasts()
        return [contract.CO_CARGO_OF_CONTRAST.of(**wildcards)] if is_one else []

    def counts_to_halve(self, wildcards: Any) -> list[str]:
        """Return the counts of the studies of a meta-analysis, where it halves their contrasts."""
        halves = self.config.meta[wildcards.meta].halves
        return [contract.RAW_COUNTS.of(study) for study in self.studies_of(wildcards)] if halves else []

    def spike_ins_to_halve(self, wildcards: Any) -> list[str]:
        """Return the spike-ins that the size factors of halves rest on."""
        names = self.studies_of(wildcards) if self.config.meta[wildcards.meta].halves else []
        spiked = [name for name in names if self.studies[name].size_factors.method == "spike_ins"]
        return [contract.SPIKE_INS.of(name) for name in spiked]

    def next_experiment(self, wildcards: Any) -> list[str]:
        """Return what is planned next, where the study asks for it."""
        if self.studies[wildcards.study].next_experiment is None:
            return []
        return [each.of(wildcards.study) for each in (contract.NEXT_EXPERIMENT, contract.NEXT_EXPERIMENT_OPEN)]

    def recipient(self, wildcards: Any) -> list[str]:
        """Return what is found of a study's recipient, where it has one."""
        if self.studies[wildcards.study].recipient is None:
            return []
        return [each.of(wildcards.study) for each in contract.OF_A_RECIPIENT]

    def studies_of(self, wildcards: Any) -> list[str]:
        """Return the studies that a step reads: one, or those of a meta-analysis, each once."""
        if hasattr(wildcards, "study"):
            return [wildcards.study]
        return self.config.meta[wildcards.meta].studies if hasattr(wildcards, "meta") else []

    def pooled_sheets(self, wildcards: Any) -> list[str]:
        return [self.studies[study].samples for study in self.studies_of(wildcards)]

    def figures(self, wildcards: Any) -> list[str]:
        """Every figure of a study, as .svg; its other files stand beside it."""
        return self._figures(wildcards.study)

    def meta_figures(self, wildcards: Any) -> list[str]:
        """Every figure of a meta-analysis, as .svg."""
        return [f"{contract.META_FIGURES}/{kind.stem(wildcards.meta)}.svg" for kind in catalogue.OF_META]

    def _figures(self, study: str) -> list[str]:
        return [f"{contract.FIGURES.format(study=study)}/{stem}.svg" for stem in catalogue.by_stem(self.studies[study])]
