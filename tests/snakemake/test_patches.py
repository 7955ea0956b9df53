"""Patches of Snakemake and its executors are there as long as the faults are. A test that fails here says: look again.

Where the installed version has changed what is patched, see whether the fault is gone, and take the patch out of
`mircargo.snakemake.patches` with its test.
"""

import inspect
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.scheduling.job_scheduler import JobScheduler

import snakemake
from mircargo.snakemake import patches
from project import CLUSTER_PROGRAMS


def test_snakemake_still_looks_for_jobs_anew_for_every_step_that_has_ended():
    assert "self._schedule_reevalutation(self.job_rate_limiter.timespan)" in inspect.getsource(JobScheduler)


def scheduled(local: bool, limit: tuple[int, int]) -> SimpleNamespace:
    limiter = SimpleNamespace(max_jobs=limit[0], timespan=limit[1])
    return SimpleNamespace(local_exec=local, scheduler=SimpleNamespace(job_rate_limiter=limiter))


@pytest.mark.parametrize(("local", "limit", "lifted"), [(True, patches.LIMIT, True), (True, (5, 60), False),
                                                        (False, patches.LIMIT, False)])  # fmt: skip
def test_a_limit_that_the_user_asked_for_stays(local, limit, lifted):
    workflow = scheduled(local, limit)
    patches.lift_job_rate_limit(workflow)
    assert (workflow.scheduler.job_rate_limiter is None) == lifted


def test_snakemake_still_waits_at_sigterm_for_a_lock_that_it_may_hold():
    """Its handler runs in the thread that it interrupts."""
    waiting = SimpleNamespace(_lock=threading.Lock(), _open_jobs=threading.Semaphore(0), _user_kill=None)
    handling = threading.Thread(target=JobScheduler.exit_gracefully, args=[waiting], daemon=True)
    with waiting._lock:
        handling.start()
        handling.join(0.2)
        assert handling.is_alive()
    handling.join(5)
    assert waiting._user_kill == "graceful"


def test_sigterm_is_heard_while_the_lock_is_held():
    scheduler = object.__new__(JobScheduler)
    scheduler._lock, scheduler._open_jobs, scheduler._user_kill = threading.Lock(), threading.Semaphore(0), None
    usual = signal.signal(signal.SIGTERM, scheduler.exit_gracefully)
    try:
        patches.stop_at_sigterm(SimpleNamespace(scheduler=scheduler))
        with scheduler._lock:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
        assert scheduler._open_jobs.acquire(timeout=5)
        assert scheduler._user_kill == "graceful"
    finally:
        signal.signal(signal.SIGTERM, usual)


def test_snakemake_still_makes_a_folder_that_a_killed_run_leaves():
    assert 'TemporaryDirectory(prefix="snakemake")' in Path(snakemake.__file__).with_name("workflow.py").read_text()


@pytest.mark.cluster
@pytest.mark.skipif(not CLUSTER_PROGRAMS.exists(), reason="`make cluster` installs .venv-cluster")
def test_kubernetes_executor_still_asks_for_the_log_of_a_container_that_a_job_does_not_have():
    code = (
        "import inspect, snakemake_executor_plugin_kubernetes as plugin;"
        "print('previous=True' in inspect.getsource(plugin))"
    )
    result = subprocess.run([CLUSTER_PROGRAMS / "python", "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "True"
