"""The workflow by profiles/kubernetes, with a stand-in for the cluster (see `api`): no kubelet, image or scheduler."""

import json
import math
import os
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest
from api import Cluster, cluster

from project import CLUSTER_PROGRAMS, Workflow, contents, copy_project

needs_an_executor = pytest.mark.skipif(
    not (CLUSTER_PROGRAMS.exists() and shutil.which("rsync")),
    reason="`make cluster` installs .venv-cluster, a package of the system rsync, by which files come and go",
)
SMOKE = ["--configfile", "config/smoke.yaml"]
IMAGE = "registry.example/mircargo:0.1.0"
DATED = {"provenance.json", "report.html", "ro-crate-metadata.json"}


@pytest.fixture
def volume(tmp_path) -> Workflow:
    return Workflow(copy_project(tmp_path / "volume"), CLUSTER_PROGRAMS)


@pytest.fixture
def kubernetes(tmp_path, volume):
    """Return a cluster that has the volume, and whose containers cannot install anything."""
    programs, pods = tmp_path / "bin", tmp_path / "pods"
    programs.mkdir()
    pods.mkdir()
    pip = programs / "pip"
    pip.write_text("#!/bin/sh\necho there is no network here >&2\nexit 1\n")
    pip.chmod(0o755)
    path = os.pathsep.join([str(programs), str(CLUSTER_PROGRAMS), os.environ["PATH"]])
    with cluster(pods, {"mircargo": volume.folder}, path) as started:
        yield started


def run_on(started: Cluster, volume: Workflow, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run by the profile; its volume is mounted at /work, where a test cannot write."""
    here = ["--default-storage-prefix", str(volume.folder)]
    here += ["--kubernetes-persistent-volumes", f"mircargo:{volume.folder}"]
    quick = ["--seconds-between-status-checks", "1", "--latency-wait", "5"]
    return volume.call(
        "snakemake", *arguments, *SMOKE, "--profile", "profiles/kubernetes", "--container-image", IMAGE, *here, *quick,
        KUBECONFIG=str(started.kubeconfig), HOME=str(volume.folder.parent),
    )  # fmt: skip


@needs_an_executor
def test_a_study_is_one_job_and_its_results_come_to_the_volume_in_the_bytes_of_a_local_run(kubernetes, volume):
    result = run_on(kubernetes, volume)
    assert result.returncode == 0, "\n".join([result.stderr, *(path.read_text() for path in kubernetes.logs())])
    assert kubernetes.refusals == []
    # Of all steps the stress test asks for most: 500 MB, and 75 for each MB of the table.
    table = volume.folder / "config" / "example" / "exosome_counts.tsv"
    memory = math.ceil(500 + 75 * table.stat().st_size / 1e6)
    # The executor leaves a twentieth of a core to Kubernetes.
    assert kubernetes.requests() == [{"cpu": "950m", "memory": f"{memory}M"}]
    (log,) = kubernetes.logs()
    # One Snakemake did all of the steps.
    assert log.read_text().count("Building DAG of jobs") == 1
    # Nothing is left in the cluster.
    assert kubernetes.deleted == list(kubernetes.jobs)
    assert not kubernetes.pods
    assert not kubernetes.secrets
    again = run_on(kubernetes, volume, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr
    results = volume.results("smoke")
    in_the_cluster = contents(results, without=DATED)
    # Inputs are named as in the configuration, not as the copies that a job is given.
    noted = (results / "provenance.json").read_text()
    assert "config/example/exosome_counts.tsv" in noted
    assert ".snakemake" not in noted
    assert {path.name for path in results.iterdir()} >= DATED
    shutil.rmtree(results)
    volume.complete(*SMOKE)
    assert in_the_cluster == contents(results, without=DATED)


@needs_an_executor
def test_failed_job_is_tried_again_with_twice_the_memory(kubernetes, volume):
    table = volume.folder / "config" / "example" / "exosome_counts.tsv"
    table.write_text(table.read_text().replace("\t0\t", "\tnone\t", 1))
    target = "results/smoke/counts/counts.tsv"
    # Once is enough to see; the profile says twice.
    assert run_on(kubernetes, volume, target, "--retries", "1").returncode != 0
    memory = [int(requests["memory"].removesuffix("M")) for requests in kubernetes.requests()]
    assert memory == [pytest.approx(400, abs=2), pytest.approx(800, abs=4)]
    assert kubernetes.refusals == []
    assert not kubernetes.pods
    # The message reaches the volume.
    log = (volume.folder / "logs" / "smoke" / "import.log").read_text()
    assert "'none'" in log
    assert "exosome_counts.tsv" in log
    assert not (volume.folder / target).exists()


def job(**changes: object) -> dict[str, object]:
    container = {"name": "snakemake", "image": IMAGE, "command": ["/bin/sh"], "args": ["-c", "true"],
                 "workingDir": "/workdir", "volumeMounts": [{"name": "workdir", "mountPath": "/workdir"}],
                 "resources": {"requests": {"cpu": "950m", "memory": "1501M"}}}  # fmt: skip
    pod = {"restartPolicy": "Never", "volumes": [{"name": "workdir", "emptyDir": {}}],
           "containers": [container | {name: each for name, each in changes.items() if name != "called"}]}  # fmt: skip
    return {"metadata": {"name": changes.get("called", "snakejob-1")}, "spec": {"template": {"spec": pod}}}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"called": "Snakejob_1"}, "metadata.name"),
        ({"image": None}, "image: Required"),
        ({"resources": {"requests": {"memory": "1501MB"}}}, "requests.memory"),
        ({"resources": {"requests": {"cpu": "one"}}}, "requests.cpu"),
        ({"volumeMounts": [{"name": "mircargo", "mountPath": "/work"}]}, "Not found: 'mircargo'"),
    ],
)
def test_the_stand_in_refuses_what_a_server_would(kubernetes, changes, named):
    address = json.loads(kubernetes.kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
    address += "/apis/batch/v1/namespaces/default/jobs"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, json.dumps(job(**changes)).encode())
    with refused.value as answer:
        assert answer.code == 422
        status = json.loads(answer.read())
    assert status["kind"] == "Status"
    assert named in status["message"]
    assert kubernetes.jobs == {}
    with urllib.request.urlopen(address, json.dumps(job()).encode()) as answer:
        assert answer.status == 201
