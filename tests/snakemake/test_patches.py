"""Patches of Snakemake and its executors are there as long as the faults are. A test that fails here says: look again.

Where the installed version has changed what is patched, see whether the fault is gone, and take the patch out of
`mircargo.snakemake.patches` with its test.
"""

import inspect
import subprocess
from types import SimpleNamespace

import pytest
from snakemake.scheduling.job_scheduler import JobScheduler

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


@pytest.mark.cluster
@pytest.mark.skipif(not CLUSTER_PROGRAMS.exists(), reason="`make cluster` installs .venv-cluster")
def test_kubernetes_executor_still_asks_for_the_log_of_a_container_that_a_job_does_not_have():
    code = (
        "import inspect, snakemake_executor_plugin_kubernetes as plugin;"
        "print('previous=True' in inspect.getsource(plugin))"
    )
    result = subprocess.run([CLUSTER_PROGRAMS / "python", "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "True"
