"""What rules take their files, resources and parameters from: functions of wildcards, made from the configuration."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from snakemake.exceptions import WorkflowError
from snakemake.io import report

from mircargo.config import Config, fetched_files, fetched_path, misplaced_files, parse, problems_of_texts, table_path
from mircargo.figures import catalogue
from mircargo.problems import Problem, ProblemsFound, render
from mircargo.results import contract
from mircargo.results.contract import Result
from mircargo.results.summary import next_step, summarise, summarise_pooled
from mircargo.snakemake import lifecycle, project
from mircargo.snakemake.arguments import argument
from mircargo.snakemake.inputs_of_rules import Inputs
from mircargo.snakemake.report_captions import Captions
from mircargo.snakemake.resources import megabytes_of, memory, scaled, threads_for
from mircargo.snakemake.settings import Job, mirbase_of, settings_of
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
    "recipient": ("Recipient cells", "", "recipient cells"),
    "next_experiment": ("Cargo", "", "all contrasts"),
    "meta": ("Across studies", "{meta}", "{meta}"),
}
"""Of figures by what they are of: their category in Snakemake's report, the wildcard in their names, and what stands
there for what they are of."""


def problems_where_files_are_missing(config: Config) -> list[Problem]:
    """List all that is wrong with the first study of which a user's file is missing; nothing where none is.

    Snakemake would name the first missing file only.
    """
    for name, study in config.studies.items():
        own = [study.samples, *(table_path(name, table) for table in study.counts if not table.url)]
        own += mirbase_of(name, study) if study.mirbase is not None and not study.mirbase.url else []
        of_recipient = [fetched_path(name, table) for table in study.recipient_tables if not table.url]
        of_recipient += study.recipient_files
        if not all(Path(path).is_file() for path in own):
            from mircargo.checks.study import examine_study  # it imports pandas: only if a file is missing

            return examine_study(config, name)[0]
        if not all(Path(path).is_file() for path in of_recipient):
            from mircargo.checks.recipient import examine_recipient

            found = examine_recipient(config, name)[0]
            return [each for each in found if each.code != "no_such_file" or each.where in of_recipient]
    return []


class Wiring(Inputs):
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
            super().__init__(parse(settings))
        except ProblemsFound as problems:
            raise WorkflowError(f"The configuration cannot be used.\n{problems}") from None
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
            "path": [re.escape(file.path) for file in fetched_files(self.config)],
        }
        return {wildcard: "|".join(values) or "(?!)" for wildcard, values in names.items()}

    def refuse_missing_files(self) -> None:
        """Stop where a file would be fetched to a wrong place, or one of the user's is missing.

        Where one is missing, with all that is wrong with its study.
        """
        if problems := misplaced_files(fetched_files(self.config)):
            raise WorkflowError(f"The configuration cannot be run.\n{render(problems)}")
        if problems := problems_where_files_are_missing(self.config):
            raise WorkflowError(f"The configuration cannot be run.\n{render(problems)}")

    def everything(self) -> list[str]:
        """Return what a run makes where it is not asked for less."""
        wanted = (contract.REPORT, contract.CRATE, contract.PROVENANCE, contract.EXPECTATION_TABLE)
        return [
            *(each.of(study) for study in self.studies for each in wanted),
            *(path for study in self.studies for path in self._figures(study)),
            *(contract.RECIPIENT_ANSWER.of(name) for name, study in self.studies.items() if study.recipient),
            *self._every_of_run(contract.META_REPORT),
            *self._every_of_run(contract.META_REPLICATION),
            *([contract.INDEX.template] if self.config.has_index else []),
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
            outputs |= catalogue.paths_of(kind, f"{folder}/{kind.stem(wildcard)}", self.config.figure_formats)
            outputs[kind.name] = self._listed(outputs[kind.name], f"figure_{kind.of}", category, of, kind.shows)
        return outputs

    # Parameters and resources.

    def step(self, kind: type[Step]) -> dict[str, Any]:
        """Give a rule the parameters of its step.

        `settings` decides whether the step runs again. `files` does not, nor what it tells of settings that a step
        marks as untracked or of its job: Snakemake leaves parameters made from inputs, outputs and threads out of that.
        """

        def settings(wildcards: Any) -> str:
            return argument(settings_of(kind, Job(self.config, wildcards)))

        def files(wildcards: Any, input: Any, output: Any, threads: int) -> str:  # noqa: A002 - Snakemake's name
            untracked = settings_of(kind, Job(self.config, wildcards), untracked=True)
            if "threads" in kind.model_fields:
                untracked["threads"] = threads
            return argument({"input": _named(input), "output": _named(output), "settings": untracked})

        def captions(wildcards: Any, output: Any) -> Captions:
            job = Job(self.config, wildcards)
            return Captions(wildcards, job.thresholds.alpha, job.titles())

        return {"step": kind.rule(), "settings": settings, "files": files, "captions": captions}

    def sized(self, mb: float, minutes: float, per_mb: float = 0, minutes_per_mb: float = 0) -> dict[str, Any]:
        """Say what a step asks of a cluster: memory in MB and minutes, and more of both for each MB of tables."""
        size = self._megabytes
        return {"mem_mb": memory(size, mb, per_mb), "runtime": scaled(size, minutes, minutes_per_mb)}

    def threads(self, wildcards: Any) -> int:
        """Say how many cores a step that can use several does: one where the tables are small, so that others run."""
        return threads_for(self._megabytes(wildcards))

    def threads_of_recipient(self, wildcards: Any) -> int:
        """Return how many cores a step may use that shares its work on the recipient's genes."""
        recipient = self.studies[wildcards.study].recipient
        table = recipient.counts if recipient is not None else None
        return threads_for(megabytes_of(table_path(wildcards.study, table))) if table is not None else 1

    def _megabytes(self, wildcards: Any) -> float:
        studies = self.studies_of(wildcards)
        return sum(megabytes_of(table_path(name, table)) for name in studies for table in self.studies[name].counts)

    def summary(self) -> str:
        """Return what a run ends with: the target's sentences, where the reports are, and what to do next."""
        simulated = [name for name, study in self.studies.items() if study.simulated]
        folders = {name: f"{contract.ROOT}/{name}" for name in self.studies}
        index = contract.INDEX.template if self.config.has_index else None
        parts = (
            summarise(folders, simulated, self.config.labels),
            summarise_pooled(dict.fromkeys(self.config.meta, contract.META)),
            f"index: {index}" if index else "",
            next_step(folders, simulated, index),
        )
        return "\n".join(filter(None, parts))


def _named(files: Any) -> dict[str, str | list[str]]:
    return {name: str(each) if isinstance(each, str) else list(map(str, each)) for name, each in files.items()}
