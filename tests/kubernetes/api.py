"""A stand-in for the part of the Kubernetes API that Snakemake's executor uses; its pods are processes of this machine.

It stands where a cluster's API server, scheduler and kubelet would. Of the server it has the refusals that are cheap to
have; of the kubelet what a container is given (folder, volumes, environment), its exit code and its log. It has no
images and no nodes: a container has the programs of this machine, and no limit of memory or cores is kept.
"""

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names and .../reference/kubernetes-api/quantity
SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
LABEL = re.compile(r"(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?")
SECRET_KEY = re.compile(r"(?=.{1,253}$)[-._a-zA-Z0-9]+")
QUANTITY = re.compile(r"\+?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?")
RESOURCES = ("cpu", "memory", "ephemeral-storage")
KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "here",
    "clusters": [{"name": "here", "cluster": {}}],
    "users": [{"name": "nobody", "user": {}}],
    "contexts": [{"name": "here", "context": {"cluster": "here", "user": "nobody"}}],
}


class RefusedError(Exception):
    """What the API answers instead of what was asked."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
                       "message": message}  # fmt: skip


@dataclass
class Pod:
    """One job's container."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Cluster:
    """What the API was asked for, and what runs.

    Attributes
    ----------
    folder
        Where the containers have their own folders.
    volumes
        Folders by the name of the claim that stands for them. They can be mounted under their own path only.
    programs
        Value of PATH in the containers.
    """

    folder: Path
    volumes: dict[str, Path]
    programs: str
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    pods: dict[str, Pod] = field(default_factory=dict)
    kubeconfig: Path = field(init=False)

    def requests(self) -> list[dict[str, str]]:
        """Resources that each job asked for, in the order in which they came."""
        return [_container_of(job)["resources"]["requests"] for job in self.jobs.values()]

    def logs(self) -> list[Path]:
        """What the container of each job wrote; it is kept when the pod is deleted."""
        return [self.folder / name / "log" for name in self.jobs]

    def create_secret(self, secret: dict[str, Any]) -> dict[str, Any]:
        name = _named(secret, SUBDOMAIN)
        if name in self.secrets:
            raise RefusedError(409, "AlreadyExists", f'secrets "{name}" already exists')
        for key in secret.get("data", {}):
            _require(SECRET_KEY.fullmatch(key), f"data[{key}]: a key has letters, digits, '-', '_' and '.'")
        self.secrets[name] = {
            key: base64.b64decode(value, validate=True).decode() for key, value in secret.get("data", {}).items()
        }
        return secret

    def create_job(self, job: dict[str, Any]) -> dict[str, Any]:
        name = _named(job, SUBDOMAIN)
        if name in self.jobs:
            raise RefusedError(409, "AlreadyExists", f'jobs.batch "{name}" already exists')
        spec = job["spec"]["template"]["spec"]
        _check_pod(spec)
        container = spec["containers"][0]
        environment = self._environment_of(container)
        folder = self.folder / name
        folder.mkdir()
        self.pods[name] = Pod(f"{name}-0", folder, self._start(spec, container, environment, folder))
        self.jobs[name] = job
        return job

    def _environment_of(self, container: dict[str, Any]) -> dict[str, str]:
        environment = {}
        for variable in container.get("env") or []:
            value = variable.get("value", "")
            if source := variable.get("valueFrom"):
                reference = source["secretKeyRef"]
                value = self.secrets[reference["name"]][reference["key"]]
            environment[variable["name"]] = value
        return environment

    def _start(
        self, spec: dict[str, Any], container: dict[str, Any], environment: dict[str, str], folder: Path
    ) -> subprocess.Popen[bytes]:
        """Start the container; its folders that are mounted empty are made below `folder`."""
        sources = {volume["name"]: volume for volume in spec.get("volumes") or []}
        places = {}
        for mount in container.get("volumeMounts") or []:
            source, path = sources[mount["name"]], mount["mountPath"]
            if "persistentVolumeClaim" in source:
                place = self.volumes.get(source["persistentVolumeClaim"]["claimName"])
                _require(place is not None, f"{source}: no such claim, the pod would wait for ever")
                _require(str(place) == path, f"{path}: this stand-in can mount {place} there only")
            else:
                _require("emptyDir" in source, f"{source}: this stand-in has empty folders and claims only")
                places[path] = folder / mount["name"]
                places[path].mkdir()
        where = container["workingDir"]
        _require(where in places, f"{where}: this stand-in has no images, so a container works in a mounted folder")
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(
                [*container.get("command", []), *container.get("args", [])], cwd=places[where], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, env={"PATH": self.programs, "HOME": str(folder), **environment},
                start_new_session=True,
            )  # fmt: skip

    def status(self, name: str) -> dict[str, Any]:
        job, pod = self._job(name), self.pods.get(name)
        code = pod.process.poll() if pod else None
        count = {None: "active", 0: "succeeded"}.get(code, "failed")
        return {**job, "status": {count: 1}}

    def list_pods(self, selector: str) -> dict[str, Any]:
        name = selector.removeprefix("job-name=")
        pods = [self.pods[name]] if name in self.pods else []
        return {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [_as_seen(name, pod) for pod in pods]}

    def read_log(self, pod_name: str, previous: bool) -> str:
        """The log of a pod; of a container before the present one there is none, as no pod starts anew."""
        found = [pod for pod in self.pods.values() if pod.name == pod_name]
        if not found:
            raise RefusedError(404, "NotFound", f'pods "{pod_name}" not found')
        if previous:
            message = f'previous terminated container "snakemake" in pod "{pod_name}" not found'
            raise RefusedError(400, "BadRequest", message)
        return found[0].log

    def delete_job(self, name: str) -> None:
        self._job(name)
        self.deleted.append(name)
        if pod := self.pods.pop(name, None):
            pod.end()

    def delete_pod(self, pod_name: str) -> None:
        for name, pod in list(self.pods.items()):
            if pod.name == pod_name:
                self.pods.pop(name).end()

    def _job(self, name: str) -> dict[str, Any]:
        if name not in self.jobs or name in self.deleted:
            raise RefusedError(404, "NotFound", f'jobs.batch "{name}" not found')
        return self.jobs[name]


def _container_of(job: dict[str, Any]) -> dict[str, Any]:
    return job["spec"]["template"]["spec"]["containers"][0]


def _as_seen(job_name: str, pod: Pod) -> dict[str, Any]:
    code = pod.process.poll()
    state = {"running": {}} if code is None else {"terminated": {"exitCode": code}}
    container = {"name": "snakemake", "image": "none", "imageID": "none", "ready": code is None, "restartCount": 0,
                 "state": state}  # fmt: skip
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": pod.name, "labels": {"job-name": job_name}},
        "status": {
            "phase": {None: "Running", 0: "Succeeded"}.get(code, "Failed"),
            "containerStatuses": [container],
        },
    }


def _require(holds: object, message: str) -> None:
    if not holds:
        raise RefusedError(422, "Invalid", message)


def _named(body: dict[str, Any], pattern: re.Pattern[str]) -> str:
    name = (body.get("metadata") or {}).get("name") or ""
    _require(pattern.fullmatch(name), f"metadata.name: Invalid value: {name!r}")
    return name


def _check_pod(spec: dict[str, Any]) -> None:
    """What a server would refuse of a job's pod, as far as it is cheap to know."""
    _require(spec.get("restartPolicy") in ("Never", "OnFailure"), f"restartPolicy: {spec.get('restartPolicy')!r}")
    volumes = [volume.get("name", "") for volume in spec.get("volumes") or []]
    for name in volumes:
        _require(LABEL.fullmatch(name), f"volumes.name: Invalid value: {name!r}")
    _require(len(set(volumes)) == len(volumes), f"volumes.name: Duplicate value in {volumes}")
    (container,) = spec["containers"]  # the executor starts pods of one
    _require(LABEL.fullmatch(container.get("name", "")), f"containers.name: {container.get('name')!r}")
    _require((container.get("image") or "").strip(), "containers.image: Required value")
    mounts = container.get("volumeMounts") or []
    paths = [mount["mountPath"] for mount in mounts]
    _require(len(set(paths)) == len(paths), f"volumeMounts.mountPath: must be unique: {paths}")
    for mount in mounts:
        _require(mount["name"] in volumes, f"volumeMounts.name: Not found: {mount['name']!r}")
        _require(":" not in mount["mountPath"], f"volumeMounts.mountPath: must not contain ':': {mount}")
    for kind, quantities in (container.get("resources") or {}).items():
        for name, quantity in quantities.items():
            _require(name in RESOURCES, f"resources.{kind}: this stand-in knows no {name!r}")
            _require(QUANTITY.fullmatch(str(quantity)), f"resources.{kind}.{name}: Invalid value: {quantity!r}")


class _Handler(BaseHTTPRequestHandler):
    cluster: Cluster
    lock = threading.Lock()

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        try:
            with self.lock:
                code, answer = 201 if self.command == "POST" else 200, self._do(body)
        except RefusedError as refused:
            code, answer = refused.code, refused.status
            self.cluster.refusals.append(str(refused))
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_DELETE = do_GET  # noqa: N815 - as the base class calls them

    def _do(self, body: dict[str, Any]) -> dict[str, Any] | str:
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        found = re.fullmatch(r"/(api/v1|apis/batch/v1)/namespaces/([^/]+)/(.*)", address.path)
        cluster, success = self.cluster, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        match [self.command, *(found.groups() if found else ("", "", ""))]:
            case ["POST", "api/v1", "default", "secrets"]:
                return cluster.create_secret(body)
            case ["DELETE", "api/v1", "default", path] if path.startswith("secrets/"):
                cluster.secrets.pop(path.removeprefix("secrets/"))
                return success
            case ["POST", "apis/batch/v1", "default", "jobs"]:
                return cluster.create_job(body)
            case ["GET", "apis/batch/v1", "default", path] if re.fullmatch("jobs/[^/]+/status", path):
                return cluster.status(path.split("/")[1])
            case ["DELETE", "apis/batch/v1", "default", path] if path.startswith("jobs/"):
                cluster.delete_job(path.removeprefix("jobs/"))
                return success
            case ["GET", "api/v1", "default", "pods"]:
                return cluster.list_pods(query["labelSelector"])
            case ["GET", "api/v1", "default", path] if re.fullmatch("pods/[^/]+/log", path):
                return cluster.read_log(path.split("/")[1], query.get("previous") in ("true", "True"))
            case ["DELETE", "api/v1", "default", path] if path.startswith("pods/"):
                cluster.delete_pod(path.removeprefix("pods/"))
                return success
        raise RefusedError(
            404, "NotFound", f"the server could not find the requested resource: {self.command} {self.path}"
        )

    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked is kept in the cluster."""


@contextlib.contextmanager
def cluster(folder: Path, volumes: dict[str, Path], programs: str) -> Iterator[Cluster]:
    """Start an API whose pods work below `folder`; pods and server end with the `with`."""
    here = Cluster(folder, volumes, programs)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"cluster": here}))
    settings = json.loads(json.dumps(KUBECONFIG))
    settings["clusters"][0]["cluster"]["server"] = f"http://127.0.0.1:{server.server_port}"
    here.kubeconfig = folder / "kubeconfig.json"
    here.kubeconfig.write_text(json.dumps(settings))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        for pod in here.pods.values():
            pod.end()
