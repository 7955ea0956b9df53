"""The workflow on a real SLURM cluster of one node, which the test starts from the system's programs and ends."""

import re
import shutil

import pytest
from cluster import cluster, missing_programs

from project import CLUSTER_PROGRAMS, Workflow, contents, copy_project

pytestmark = [
    pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"),
    pytest.mark.skipif(not CLUSTER_PROGRAMS.exists(), reason="`make cluster` installs .venv-cluster"),
]
QUICK = [
    "--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "2",
    "--seconds-between-status-checks", "2", "--latency-wait", "5", "--slurm-no-account",
    "--default-resources", "slurm_partition=main",
]  # fmt: skip


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """Return the environment of a running cluster, and the file that lists its ended jobs."""
    folder = tmp_path_factory.mktemp("slurm")
    with cluster(folder) as environment:
        ended = folder / "jobs.txt"
        ended.touch()
        yield environment, ended


@pytest.fixture
def project(tmp_path) -> Workflow:
    return Workflow(copy_project(tmp_path), CLUSTER_PROGRAMS)


def submit(project, slurm, *arguments):
    """Run by the profile; return how the run ended, and what SLURM noted of each of its jobs."""
    environment, ended = slurm
    before = len(ended.read_text())
    result = project.call("snakemake", *arguments, "--profile", "profiles/slurm", *QUICK, **environment)
    lines = ended.read_text()[before:].splitlines()
    return result, [dict(re.findall(r"(\w+)=([^\s,]*)", line.replace("Tres=", ""))) for line in lines]


def test_each_study_is_one_job_and_gives_the_bytes_of_a_local_run(slurm, project):
    project.call("mircargo", "simulate", "--studies", "2", "--animals", "3", "--features", "80", "many")
    configured = ["--configfile", "many/config.yaml"]
    result, jobs = submit(project, slurm, *configured)
    assert result.returncode == 0, result.stderr
    # Two studies; the two meta-analyses of DRG and of exosomes, with the replication of each, which waits for neither;
    # and the index.
    assert [job["JobState"] for job in jobs] == ["COMPLETED"] * 7
    assert {job["cpu"] for job in jobs} == {"1"}
    # A study's job asks for what its largest step needs, the stress test of the release: 700 MB and 100 a MB of tables.
    assert sum(int(job["mem"].removesuffix("M")) in range(700, 800) for job in jobs) == 2
    results = project.folder / "results"
    on_the_cluster = contents(results, "*.tsv")
    assert on_the_cluster
    shutil.rmtree(results)
    project.complete(*configured)
    assert on_the_cluster == contents(results, "*.tsv")


def test_failed_step_is_tried_again_with_twice_the_memory_and_its_message_is_kept(slurm, project):
    table = project.folder / "config" / "example" / "exosome_counts.tsv"
    table.write_text(table.read_text().replace("\t0\t", "\tnone\t", 1))
    target = "results/smoke/counts/counts.tsv"
    result, jobs = submit(project, slurm, target, "--configfile", "config/smoke.yaml")
    assert result.returncode != 0
    assert [job["JobState"] for job in jobs] == ["FAILED"] * 3
    memory = [int(job["mem"].removesuffix("M")) for job in jobs]
    assert memory[1:] == [pytest.approx(2 * memory[0], abs=2), pytest.approx(4 * memory[0], abs=4)]
    log = (project.folder / "logs" / "smoke" / "import.log").read_text()
    assert "exosome_counts.tsv" in log
    assert "'none'" in log
    assert not (project.folder / target).exists()
