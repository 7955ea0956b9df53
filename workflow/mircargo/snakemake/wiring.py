"""What rules take their files, resources and parameters from: functions of wildcards, made from the configuration."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from snakemake.exceptions import WorkflowError
from snakemake.io import report

from mircargo.config import Config, parse, problems_of_texts, table_path
from mircargo.figures import catalogue
from mircargo.problems import Problem, ProblemsFound, render
from mircargo.results import contract
from mircargo.results.contract import Result
from mircargo.results.summary import next_step, summarise
from mircargo.snakemake import lifecycle, project
from mircargo.snakemake.report_captions import Captions
from mircargo.snakemake.resources import megabytes_of, scaled
from mircargo.snakemake.settings import Job, as_json, fetched_files, mirbase_of, settings_of
from mircargo.steps.declaration import Step

STEP: Final = "mircargo --log {log:q} step {params.step} {params.settings:q} {params.files:q}"
"""The shell command of every rule."""

ENVIRONMENT: Final = "../../envs/mircargo.yaml"

FIGURES_OF: Final = {
    "samples": ("Quality", "", "all samples"),
    "contrasts": ("Differential expression", "", "all contrasts"),
    "contrast": ("Differential expression", "{contrast}", "{contrast}"),
    "exosomes": ("Cargo", "{contrast}", "{contrast}"),
    "comparison": ("Cargo", "{comparison}", "{comparison}"),
    "next_experiment": ("Cargo", "", "all contrasts"),
    "meta": ("Across studies", "{meta}", "{meta}"),
}
"""Of figures by what they are of: their category in Snakemake's report, the wildcard in their names, and what stands
there for what they are of."""

Paths = Callable[[Any], Any]


def problems_where_files_are_missing(config: Config) -> list[Problem]:
    """List all that is wrong with the first study of which a user's file is missing; nothing where none is.

    Snakemake would name the first missing file only.
    """
    for name, study in config.studies.items():
        own = [study.samples, *(table_path(name, table) for table in study.counts if not table.url)]
        own += mirbase_of(name, study) if study.mirbase is not None and not study.mirbase.url else []
        if not all(Path(path).is_file() for path in own):
            from mircargo.checks.study import examine_study  # it imports pandas: only if a file is missing

            return examine_study(config, name)[0]
    return []


class Wiring:
    """What rules are made of, for one configuration.

    Parameters
    ----------
    workflow
        Snakemake's workflow.
    settings
        The configuration as Snakemake read it.

    Raises
    ------
    WorkflowError
        Where the configuration cannot be used, or files of the user are missing; with every problem of the study.
    """

    def __init__(self, workflow: Any, settings: Mapping[str, Any]) -> None:
        if re.search("[{}]", str(workflow.basedir)):
            raise WorkflowError(
                f"{workflow.basedir}: the folder of the workflow has a brace in its path, which Snakemake takes for a"
                " wildcard. Rename it."
            )
        lifecycle.link_sheets_of_volume(workflow, settings)
        try:
            # Snakemake has read the files, and tells neither which word stood there for a value nor a repeated key.
            if misread := problems_of_texts(getattr(workflow, "configfiles", ())):
                raise ProblemsFound(misread)
            self.config: Config = parse(settings)
        except ProblemsFound as problems:
            raise WorkflowError(f"The configuration cannot be used.\n{problems}") from None
        self.studies = self.config.studies
        # For an environment that conda makes.
        os.environ.setdefault("MIRCARGO_SOURCE", str(project.source()))

    @property
    def wildcards(self) -> dict[str, str]:
        """What wildcards can be: the names in the configuration."""
        studies = self.studies.values()
        names = {
            "study": list(self.studies),
            "contrast": [name for study in studies for name in study.contrasts],
            "comparison": [name for study in studies for name in study.comparisons],
            "meta": list(self.config.meta),
            "path": [re.escape(path) for path in fetched_files(self.config)],
        }
        return {wildcard: "|".join(values) or "(?!)" for wildcard, values in names.items()}

    def refuse_missing_files(self) -> None:
        """Stop where a user's file is missing, with all that is wrong with its study."""
        if problems := problems_where_files_are_missing(self.config):
            raise WorkflowError(f"The configuration cannot be run.\n{render(problems)}")

    # Inputs.

    def sheet(self, wildcards: Any) -> str:
        return self.studies[wildcards.study].samples

    def tables(self, wildcards: Any) -> list[str]:
        return [table_path(wildcards.study, table) for table in self.studies[wildcards.study].counts]

    def mirbase(self, wildcards: Any) -> list[str]:
        """Return miRBase's file of the studies that a step reads, where they have one."""
        paths = [path for study in self.studies_of(wildcards) for path in mirbase_of(study, self.studies[study])]
        return list(dict.fromkeys(paths))

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
        """Name inputs of a rule: of each result that of every contrast or comparison, of a study or a meta-analysis."""
        return {name: partial(self._every, result) for name, result in results.items()}

    def _every(self, result: Result, wildcards: Any) -> list[str]:
        if hasattr(wildcards, "study"):
            paths = result.paths(self.studies[wildcards.study]).values()
            return [f"{contract.ROOT}/{wildcards.study}/{path}" for path in paths]
        if "{contrast}" not in result.path:
            return [result.of(study) for study in self.studies_of(wildcards)]
        named = self.config.meta[wildcards.meta].named
        return [result.of(study, contrast=contrast) for study, contrast in named]

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

    def _figures(self, study: str) -> list[str]:
        return [f"{contract.FIGURES.format(study=study)}/{stem}.svg" for stem in catalogue.by_stem(self.studies[study])]

    def everything(self) -> list[str]:
        """Return what a run makes where it is not asked for less."""
        wanted = (contract.REPORT, contract.CRATE, contract.PROVENANCE, contract.EXPECTATION_TABLE)
        return [
            *(each.of(study) for study in self.studies for each in wanted),
            *(path for study in self.studies for path in self._figures(study)),
            *(contract.META_FEATURES.template.format(meta=meta) for meta in self.config.meta),
            *(contract.META_REPLICATION.template.format(meta=meta) for meta in self.config.meta),
            *(f"{contract.META_FIGURES}/forest_{meta}.svg" for meta in self.config.meta),
        ]

    # Outputs.

    def reported(self, **results: Result) -> dict[str, Any]:
        """Name the outputs of a rule; Snakemake's report lists those that say how."""
        return {name: self._reported(result) for name, result in results.items()}

    def _reported(self, result: Result) -> Any:
        if not result.shows:
            return result.template
        return self._listed(result.template, result.caption, result.category, result.of_what, result.shows)

    def _listed(self, path: str, caption: str, category: str, of: str, shows: str) -> Any:
        """Mark an output for Snakemake's report."""

        def labels(wildcards: Any) -> dict[str, str]:
            named = dict(wildcards.items())
            title = Job(self.config, wildcards).title() if of in ("{contrast}", "{comparison}") else None
            return {"study": named.get("study", "several"), "of": title or of.format(**named), "shows": shows}

        return report(path, caption=f"../report/{caption}.rst", category=category, labels=labels)

    def sections(self, result: Result, names: tuple[str, ...]) -> list[str]:
        """List the files of a result that has several sections."""
        return [result.template.replace("{section}", f"{{study}}_{name}") for name in names]

    def drawn(self, kinds: Sequence[catalogue.Kind]) -> dict[str, Any]:
        """Name the outputs of a step that draws: of each kind the .svg, for Snakemake's report, and its other files."""
        folder = contract.META_FIGURES if kinds == catalogue.OF_META else contract.FIGURES
        outputs: dict[str, Any] = {}
        for kind in kinds:
            category, wildcard, of = FIGURES_OF[kind.of]
            stem = f"{folder}/{kind.stem(wildcard)}"
            outputs[kind.name] = self._listed(f"{stem}.svg", f"figure_{kind.of}", category, of, kind.shows)
            outputs[f"{kind.name}_files"] = [f"{stem}.{ending}" for ending in catalogue.ENDINGS if ending != "svg"]
        return outputs

    # Parameters and resources.

    def step(self, kind: type[Step]) -> dict[str, Any]:
        """Give a rule the parameters of its step.

        `settings` decides whether the step runs again. `files` does not, nor what it tells of settings that a step
        marks as untracked: Snakemake leaves parameters made from inputs and outputs out of that.
        """

        def settings(wildcards: Any) -> str:
            return as_json(settings_of(kind, Job(self.config, wildcards)))

        def files(wildcards: Any, input: Any, output: Any) -> str:  # noqa: A002 - Snakemake's name
            untracked = settings_of(kind, Job(self.config, wildcards), untracked=True)
            return as_json({"input": _named(input), "output": _named(output), "settings": untracked})

        def captions(wildcards: Any, output: Any) -> Captions:
            job = Job(self.config, wildcards)
            return Captions(wildcards, job.thresholds.alpha, job.titles())

        return {"step": kind.rule(), "settings": settings, "files": files, "captions": captions}

    def sized(self, mb: float, minutes: float, per_mb: float = 0, minutes_per_mb: float = 0) -> dict[str, Any]:
        """Say what a step asks of a cluster: memory in MB and minutes, and more of both for each MB of tables."""

        def megabytes(wildcards: Any) -> float:
            studies = self.studies_of(wildcards)
            return sum(megabytes_of(table_path(name, table)) for name in studies for table in self.studies[name].counts)

        return {"mem_mb": scaled(megabytes, mb, per_mb), "runtime": scaled(megabytes, minutes, minutes_per_mb)}

    def summary(self) -> str:
        """Return what a run ends with: the target's sentences, where the reports are, and what to do next."""
        simulated = [name for name, study in self.studies.items() if study.simulated]
        folders = {name: f"{contract.ROOT}/{name}" for name in self.studies}
        return "\n".join(
            filter(None, (summarise(folders, simulated, self.config.labels), next_step(folders, simulated)))
        )


def _named(files: Any) -> dict[str, str | list[str]]:
    return {name: str(each) if isinstance(each, str) else list(map(str, each)) for name, each in files.items()}
