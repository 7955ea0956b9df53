"""The workflow on a real SLURM cluster of one node, which the test starts from the system's programs and ends."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from cluster import cluster, missing_programs

from project import ROOT, copy_project

# The executor plugins have an environment of their own.
PROGRAMS = ROOT / ".venv-cluster" / "bin"
pytestmark = [
    pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"),
    pytest.mark.skipif(not PROGRAMS.exists(), reason="`make test` installs .venv-cluster"),
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
        yield environment, folder / "jobs.txt"


@pytest.fixture
def project(tmp_path) -> Path:
    return copy_project(tmp_path)


def run(folder, environment, *arguments):
    environment = environment | {"PATH": f"{PROGRAMS}{os.pathsep}{environment['PATH']}"}
    return subprocess.run(
        ["snakemake", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def jobs_in(file, after=0):
    """Return what SLURM noted of the jobs that ended, from a position in its file on."""
    lines = file.read_text()[after:].splitlines()
    return [dict(re.findall(r"(\w+)=([^\s,]*)", line.replace("Tres=", ""))) for line in lines]


def tables(folder):
    results = folder / "results"
    paths = [path for path in results.rglob("*.tsv") if path.is_file()]
    return {str(path.relative_to(results)): path.read_bytes() for path in paths}


def test_each_study_is_one_job_and_gives_the_bytes_of_a_local_run(slurm, project):
    environment, ended = slurm
    simulate = ["simulate", "--studies", "2", "--animals", "3", "--features", "80", "many"]
    subprocess.run([PROGRAMS / "mircargo", *simulate], cwd=project, check=True, capture_output=True)
    asked = ["--configfile", "many/config.yaml"]
    before = len(ended.read_text()) if ended.exists() else 0
    result = run(project, environment, "--profile", "profiles/slurm", *asked, *QUICK)
    assert result.returncode == 0, result.stderr
    jobs = jobs_in(ended, before)
    # Two studies, and the two meta-analyses of DRG and of exosomes.
    assert [job["JobState"] for job in jobs] == ["COMPLETED"] * 4
    assert {job["cpu"] for job in jobs} == {"1"}
    # A study's job asks for what its largest step needs, the stress test of the release: 700 MB and 100 a MB of tables.
    assert sum(int(job["mem"].removesuffix("M")) in range(700, 800) for job in jobs) == 2
    on_the_cluster = tables(project)
    shutil.rmtree(project / "results")
    local = run(project, environment, "--cores", "2", *asked)
    assert local.returncode == 0, local.stderr
    assert on_the_cluster == tables(project)


def test_failed_step_is_tried_again_with_twice_the_memory_and_its_message_is_kept(slurm, project):
    environment, ended = slurm
    table = project / "config" / "example" / "exosome_counts.tsv"
    table.write_text(table.read_text().replace("\t0\t", "\tnone\t", 1))
    before = len(ended.read_text()) if ended.exists() else 0
    target = "results/smoke/counts/counts.tsv"
    asked = ["--configfile", "config/smoke.yaml"]
    result = run(project, environment, target, "--profile", "profiles/slurm", *asked, *QUICK)
    assert result.returncode != 0
    jobs = jobs_in(ended, before)
    assert [job["JobState"] for job in jobs] == ["FAILED"] * 3
    memory = [int(job["mem"].removesuffix("M")) for job in jobs]
    assert memory[1] == pytest.approx(2 * memory[0], abs=2)
    assert memory[2] == pytest.approx(4 * memory[0], abs=4)
    assert "exosome_counts.tsv" in (project / "logs" / "smoke" / "import.log").read_text()
    assert "'none'" in (project / "logs" / "smoke" / "import.log").read_text()
    assert not (project / target).exists()


def test_every_step_of_a_study_stands_in_the_profile_s_group():
    profile = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())
    rules = "\n".join(path.read_text() for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    named = set(re.findall(r"^rule (\w+):", rules, re.MULTILINE))
    # A table is fetched where the run is started.
    assert set(profile["groups"]) == named - {"fetch_table"}
    assert {name for name, group in profile["groups"].items() if group == "meta"} == {"pool_studies", "plot_meta"}


def test_every_rule_says_what_memory_and_time_it_needs():
    for path in (ROOT / "workflow" / "rules").glob("*.smk"):
        for rule in re.split(r"^rule ", path.read_text(), flags=re.MULTILINE)[1:]:
            assert re.search(r"mem_mb=scaled\(", rule), rule.split(":")[0]
            assert re.search(r"runtime=scaled\(", rule), rule.split(":")[0]
