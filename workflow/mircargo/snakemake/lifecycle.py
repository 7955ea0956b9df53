"""What a run of the workflow does beside its rules: it takes its turn, starts the warm process, says what was found."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from mircargo.config import Config, table_path
from mircargo.problems import ProblemsFound, problem_of
from mircargo.results.contract import INDEX
from mircargo.results.summary import fit_to_screen
from mircargo.snakemake import lock, orphans, patches, warm
from mircargo.snakemake.settings import mirbase_of


def begin(workflow: Any, config: Config) -> None:
    """Let no other run work on these studies at the same time, and start what makes steps begin at once.

    Raises
    ------
    WorkflowError
        Where another run is at work on one of the studies, or the results may not be written.
    """
    own = lock.holder()
    written = [*config.studies, *(["meta"] if config.meta else []), *([INDEX.path] if config.has_index else [])]
    try:
        lock.take(written, own)
    except ProblemsFound as problems:
        raise WorkflowError(str(problems)) from None
    except OSError as error:
        problem = replace(problem_of(error), what="the system does not let this run lock its results")
        raise WorkflowError(str(ProblemsFound(problem))) from None
    orphans.announce(own, written[0], workflow.local_exec)
    # Jobs are started by `python -m snakemake`, which would look for modules in the working directory first.
    os.environ["PYTHONSAFEPATH"] = "1"
    patches.stop_at_sigterm(workflow)
    patches.hold_interrupts_of_starting_steps(workflow)
    patches.remove_empty_temporary_folder(workflow)
    patches.retry_failed_kubernetes_jobs(workflow)
    patches.lift_job_rate_limit(workflow)
    if workflow.local_exec and not workflow.deployment_settings.deployment_method:
        warm.start()


def print_at_the_end(workflow: Any, answer: Callable[[], str]) -> Callable[[], None]:
    """Print what a run found as the last thing on the screen, also where nothing had to be done.

    Until Snakemake has closed its log, progress on a terminal is drawn over what was printed. A run that was stopped
    says so; one that failed, or only shows what it would do, prints nothing here.

    Parameters
    ----------
    workflow
        Snakemake's workflow.
    answer
        Called when all is done.

    Returns
    -------
    callable
        To be called when the steps of the run have succeeded.
    """
    succeeded: list[bool] = []
    stopped: list[int] = []
    usual = signal.getsignal(signal.SIGINT)

    def note_and_stop(number: int, frame: Any) -> None:
        stopped.append(number)
        # What failed because it was stopped is no news, and would be some pages for each step.
        logger.disabled = True
        # What a handler raises is lost where the signal falls into a callback of Python.
        patches.end_soon(workflow)
        usual(number, frame)  # type: ignore[operator, misc]  # looked at below

    def at_exit() -> None:
        # Only a run has a scheduler; one that could not be planned, `--lint`, `--report` and `--unlock` have none.
        nothing_to_do = workflow.scheduler is not None and not workflow.dryrun and not len(workflow.dag)
        if succeeded or nothing_to_do:
            print(fit_to_screen(answer()), flush=True)
        elif stopped:
            print("Stopped. The same command goes on where it was.", file=sys.stderr, flush=True)

    # Where the rules are a module of another workflow, the end is that one's.
    if workflow.is_main_process and workflow.modifier.is_main_snakefile():
        atexit.register(at_exit)
        if callable(usual) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, note_and_stop)
    return lambda: succeeded.append(True)


def within_job(workflow: Any) -> None:
    """Run the steps of a cluster's job in its own process, with a warm process where there are several."""
    if patches.run_steps_within_job(workflow) and not workflow.deployment_settings.deployment_method:
        warm.start()


def link_files_of_volume(workflow: Any, config: Config) -> None:
    """In a job that shares no folder with the run but a volume, let the files of the configuration be where it says.

    Snakemake gives a step copies of its inputs under names of its own, but tables and messages name a file as the user
    does.
    """
    paths = [config.panel]
    for name, study in config.studies.items():
        paths += [study.samples, *(table_path(name, each) for each in study.counts), *mirbase_of(name, study)]
    _link(workflow, paths)


def link_sheets_of_volume(workflow: Any, settings: Mapping[str, Any]) -> None:
    """Do so with the sample sheets of a configuration that is not typed yet: it may leave contrasts to them."""
    studies = settings.get("studies")
    listed = studies.values() if isinstance(studies, dict) else ()
    named = [each.get("samples") for each in listed if isinstance(each, dict)]
    _link(workflow, [path for path in named if isinstance(path, str)])


def _link(workflow: Any, paths: Iterable[str]) -> None:
    if not getattr(workflow, "remote_exec", False) or not workflow.storage_settings.default_storage_prefix:
        return
    for path in map(Path, paths):
        held = Path(workflow.storage_settings.default_storage_prefix, path)
        if held.exists() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(held)
