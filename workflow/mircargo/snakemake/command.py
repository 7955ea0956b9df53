"""Snakemake as `mircargo run` calls it: in the present folder, with the workflow as it is installed."""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from mircargo.config import load
from mircargo.problems import ProblemsFound, did_you_mean, listing, refusal
from mircargo.results.contract import ROOT
from mircargo.snakemake import project
from mircargo.steps import STEPS

ENDINGS: Final = (".yaml", ".yml", ".json")
MADE: Final = (f"{ROOT}/", "logs/", "data/")
"""Where files lie that the workflow makes."""


@dataclass(frozen=True)
class Command:
    """What was typed after `mircargo run`, understood.

    Attributes
    ----------
    config
        The configuration that was named: a file, or the name of a study that comes with mircargo. None where nothing
        was.
    arguments
        All else, for Snakemake.
    has_configfile
        Whether Snakemake's own `--configfile` is among them.
    has_cores
        Whether they say how many jobs or cores there may be, or where jobs go.
    has_workflow_profile
        Whether they name a profile in the place of ours.
    folder
        Where the run is: Snakemake's `--directory`, else the present folder.
    """

    config: str | None
    arguments: list[str]
    has_configfile: bool
    has_cores: bool
    has_workflow_profile: bool
    folder: Path


def understand(arguments: Sequence[str]) -> Command:
    """Tell the configuration from what is Snakemake's.

    Snakemake's own parser says which words are values of its options: `run -n mine.yaml` and `run --forcerun
    fit_contrast mine.yaml` are not alike.

    Raises
    ------
    ProblemsFound
        Where an option's value cannot be used; an unknown option ends the process with Snakemake's usage.
    """
    from snakemake.cli import get_argument_parser, parse_config
    from snakemake.exceptions import CliException

    try:
        given = get_argument_parser().parse_args(list(arguments))
        parse_config(given.config)
    except (CliException, ValueError) as error:
        raise refusal("invalid_option", "Snakemake does not take this", "mircargo run", str(error)) from None
    named = [target for target in map(str, given.targets) if _is_configuration(target)]
    _refuse_what_cannot_be(given, named)
    rest = list(arguments)
    if named:
        rest.remove(named[0])
    elsewhere = given.executor not in (None, "local")
    return Command(
        config=named[0] if named else None,
        arguments=rest,
        has_configfile=bool(given.configfile),
        has_cores=given.cores is not None
        or given.jobs is not None
        or elsewhere
        or bool(given.profile or given.workflow_profile),
        has_workflow_profile=bool(given.workflow_profile),
        folder=Path(given.directory or "."),
    )


def _refuse_what_cannot_be(given: Any, named: Sequence[str]) -> None:
    """Refuse files that are not there, and words that are neither configurations nor files to make."""
    for path in given.configfile or ():
        if not Path(path).is_file():
            raise refusal("no_such_configuration", "there is no such configuration", str(path), "--configfile")
    if named and given.configfile:
        found, hint = f"{named[0]} and --configfile {given.configfile[0]}", "name one"
        raise refusal("several_configurations", "a run has one configuration", "mircargo run", found, hint)
    if len(named) > 1:
        found, hint = listing(named), "one after the other; or write all studies into one configuration"
        raise refusal("several_configurations", "a run has one configuration", "mircargo run", found, hint)
    for option in ("until", "omit_from", "forcerun", "allowed_rules"):
        if swallowed := [word for word in getattr(given, option) or () if word.lower().endswith(ENDINGS)]:
            what, where = "this option takes all words that follow it", f"--{option.replace('_', '-')}"
            hint = f"name the configuration first: mircargo run {swallowed[0]} {where} ..."
            raise refusal("invalid_option", what, where, swallowed[0], hint)
    for target in map(str, given.targets):
        if target not in named and target not in {"all", *STEPS} and not target.startswith(MADE):
            is_table = Path(target).exists()
            hint = "" if is_table else did_you_mean(target, project.studies())
            hint = hint or "for a table of your own: mircargo init TABLE; studies that come with mircargo: "
            hint += "" if hint.endswith("?") else listing(project.studies())
            what = "this is no configuration, no study that comes with mircargo, and nothing that the workflow makes"
            raise refusal("no_such_configuration", what, target, "", hint)


def _is_configuration(word: str) -> bool:
    return word.lower().endswith(ENDINGS) or word in project.studies()


def find_configuration(command: Command) -> tuple[str, list[str]]:
    """Find the configuration of a run.

    Returns
    -------
    str
        Its path.
    list of str
        What was copied there so that it can run: the files of a study that comes with mircargo.

    Raises
    ------
    ProblemsFound
        Where the file is not there, or none was named and the folder has several.
    """
    named, folder = command.config, command.folder
    if named and not Path(named).is_file():
        if named not in project.studies():
            here = _configurations(folder)
            known = f"a configuration here: {listing(here)}" if here else "mircargo init TABLE writes one"
            hint = f"{known}; studies that come with mircargo: {listing(project.studies())}"
            raise refusal("no_such_configuration", "there is no such configuration", named, "", hint)
        return _brought(named, folder)
    if named:
        return named, []
    own = folder / project.CONFIGURATION
    if own.is_file():
        _refuse_foreign(own, "run in another folder, or name your configuration: mircargo run CONFIG")
        return str(own), []
    if here := _configurations(folder):
        hint = f"mircargo run {here[0]}; or mircargo run example, for the example"
        raise refusal("which_configuration", "name the configuration to run", str(folder), listing(here), hint)
    return _brought(project.EXAMPLE, folder)


def _brought(study: str, folder: Path) -> tuple[str, list[str]]:
    path = folder / project.studies()[study]
    if path.is_file():
        _refuse_foreign(path, "run in another folder: the study would be brought to this place")
    return str(path), project.bring(study, folder)


def _refuse_foreign(path: Path, hint: str) -> None:
    if not _has_studies(path):
        raise refusal("not_a_configuration", "this file is no configuration of mircargo", str(path), "", hint)


def _configurations(folder: Path) -> list[str]:
    """List the files of a folder, and of its config/, that look like configurations of mircargo."""
    found = [path for pattern in ("*.y*ml", "config/*.y*ml") for path in sorted(folder.glob(pattern))]
    return [str(path) for path in found if path.is_file() and _has_studies(path)]


def _has_studies(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return any(re.match(r"[{\s]*[\"']?studies[\"']?\s*:", line) for line in lines)


def run_snakemake(command: Command, config: str | None) -> NoReturn:
    """Run Snakemake with a configuration, which is looked at first; it ends the process with its exit code.

    Raises
    ------
    ProblemsFound
        Where the configuration cannot be used, or files of the user are missing.
    """
    if config is not None:
        settings = load(config)
        from mircargo.snakemake.wiring import problems_where_files_are_missing  # it imports Snakemake

        # Paths are relative to where the run is.
        if command.folder == Path() and (problems := problems_where_files_are_missing(settings)):
            raise ProblemsFound(problems)
    from snakemake.cli import main

    # First, with values that cannot be taken for more than one: what follows may end in names of files to make.
    arguments = [f"--snakefile={project.root() / project.SNAKEFILE}"]
    if not command.has_workflow_profile:
        # Snakemake would take one of the present folder, which may be another project's.
        arguments += [f"--workflow-profile={project.root() / 'profiles' / 'default'}"]
    if not command.has_cores:
        arguments += ["--cores=all"]
    if config is not None:
        arguments += [f"--configfile={config}"]
    arguments += command.arguments
    # Snakemake lists how it was called.
    sys.argv = ["snakemake", *arguments]
    # Steps call the command `mircargo` of this very environment, whether or not it is active.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    main(arguments)
    raise AssertionError("Snakemake ends the process")
