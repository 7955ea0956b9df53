"""Faults of Snakemake and its executors that a run is kept from, until they are mended there.

Each function looks for what it changes, and does nothing where a newer version no longer has it.
`tests/snakemake/test_patches.py` fails when the installed version no longer has the fault: then the patch can go.
"""

import contextlib
import signal
import sys
import threading
from typing import Any

LIMIT = (100, 1)
"""Jobs that may begin in so many seconds, Snakemake's default."""


def lift_job_rate_limit(workflow: Any) -> None:
    """Have Snakemake choose what to begin when a step has ended, and at no other time, on one machine.

    Where it limits how many steps begin in a second, as it does by default, it (9.27) looks for them anew once a second
    for every step that has ended: after a thousand steps it does nothing else.
    """
    limiter = getattr(workflow.scheduler, "job_rate_limiter", None)
    if workflow.local_exec and limiter and (limiter.max_jobs, limiter.timespan) == LIMIT:
        workflow.scheduler.job_rate_limiter = None


def stop_at_sigterm(workflow: Any) -> None:
    """Have a run end when it is told to.

    The handler of SIGTERM (9.27) waits for a lock which the very thread that it interrupts may hold: then the run waits
    for ever. In a thread of its own it is given the lock.
    """
    usual = getattr(workflow.scheduler, "exit_gracefully", None)
    if usual is not None and signal.getsignal(signal.SIGTERM) == usual:
        signal.signal(signal.SIGTERM, lambda *_: end_soon(workflow))


def hold_interrupts_of_starting_steps(workflow: Any) -> None:
    """Start the commands of steps with SIGINT held back, until they let it through (`mircargo.cli.entry`).

    Ctrl-C reaches them too, and Python prints a traceback where it does so while an interpreter starts. Threads that
    start commands hand their mask on. To commands of other workflows, of which this one is a module, nothing is done.
    """
    scheduler = workflow.scheduler
    for executor in (getattr(scheduler, "_executor", None), getattr(scheduler, "_local_executor", None)):
        pool: Any = getattr(executor, "pool", None)
        if hasattr(pool, "_initializer") and workflow.modifier.is_main_snakefile():
            pool._initializer, pool._initargs = signal.pthread_sigmask, (signal.SIG_BLOCK, {signal.SIGINT})


def end_soon(workflow: Any) -> None:
    """Have a run end with the steps that are running; also within a handler of signals."""
    if workflow.scheduler is not None:
        threading.Thread(target=workflow.scheduler.exit_gracefully).start()


def remove_empty_temporary_folder(workflow: Any) -> None:
    """Remove the temporary folder that Snakemake (9.27) makes for each run and hardly ever uses.

    It would be left behind by a run that is killed. What is written there makes the folder anew.
    """
    folder = getattr(workflow, "snakemake_tmp_dir", None)
    if folder is not None:
        with contextlib.suppress(OSError):
            folder.rmdir()


def retry_failed_kubernetes_jobs(workflow: Any) -> None:
    """Let a failed job of Kubernetes be tried again.

    The executor (0.5.1) asks for the log of the container before the failed one. A job has none, and the refusal would
    end the run and leave its other jobs behind.
    """
    if workflow.executor_plugin.name != "kubernetes":
        return
    from kubernetes.client import CoreV1Api  # type: ignore[import-not-found]  # only with that executor

    read_log = CoreV1Api.read_namespaced_pod_log

    def read_log_of_job(*arguments: Any, previous: Any = None, **named: Any) -> Any:
        return read_log(*arguments, **named)

    CoreV1Api.read_namespaced_pod_log = read_log_of_job


def run_steps_within_job(workflow: Any) -> bool:
    """Within a job of a cluster, run its steps in the job's own process; say whether it has several.

    An executor may give each step of a job a Snakemake of its own, which takes longer to start than most steps to do.
    """
    if workflow.remote_exec:
        workflow.localrules(*(rule.name for rule in workflow.rules))
    return bool(workflow.remote_exec) and "--local-groupid" in sys.argv
