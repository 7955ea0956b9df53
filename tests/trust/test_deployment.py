"""Lock, conda and container give the same versions; `test_house` holds conda to the lock."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / "envs" / name).read_text()))


def test_cluster_and_container_have_the_versions_of_the_run():
    run, cluster = locked("requirements.lock"), locked("requirements-cluster.lock")
    assert {name: cluster.get(name) for name in run} == run
    recipe = (ROOT / "envs" / "Containerfile").read_text()
    assert "--require-hashes --requirement envs/requirements-cluster.lock" in recipe
    # By it files come to a job of Kubernetes.
    assert re.search(r"apt-get install .*\brsync\b", recipe)
    # Nothing is installed beside the lock but the package itself.
    installs = re.findall(r"pip install (.*)", recipe)
    assert len(installs) == 2
    assert "--no-deps" in installs[1]


def test_container_and_conda_have_the_same_python():
    conda = yaml.safe_load((ROOT / "envs" / "mircargo.yaml").read_text())
    (python,) = [each.split("=")[1] for each in conda["dependencies"] if each.startswith("python=")]
    assert f"python:{python}-" in (ROOT / "envs" / "Containerfile").read_text()


def test_container_holds_all_that_a_run_needs():
    recipe = (ROOT / "envs" / "Containerfile").read_text()
    copied = {part for line in re.findall(r"^COPY (.*) \S+$", recipe, re.MULTILINE) for part in line.split()}
    assert copied >= {"Snakefile", "config", "envs", "profiles", "workflow", "pyproject.toml", "README.md", "LICENSE"}


def test_conda_environment_gets_the_package_of_this_repository():
    script = (ROOT / "envs" / "mircargo.post-deploy.sh").read_text()
    assert '--no-deps --no-build-isolation --editable "$MIRCARGO_SOURCE"' in script
    assert "MIRCARGO_SOURCE" in (ROOT / "workflow" / "mircargo" / "snakemake" / "wiring.py").read_text()
