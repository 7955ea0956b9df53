"""A step runs in the warm process as it would by itself, and never outlives its command or the run."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mircargo.snakemake import warm, warm_client
from running import until
from stepping import arguments_of

COMMAND = str(Path(sys.executable).with_name("mircargo"))


@contextlib.contextmanager
def started(monkeypatch):
    monkeypatch.setenv(warm_client.ADDRESS, "")  # so that what is set below ends with the test
    monkeypatch.delenv(warm_client.ADDRESS)
    process = warm.start()
    yield process
    process.kill()
    process.wait(timeout=30)


@pytest.fixture
def process(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with started(monkeypatch) as process:
        yield process
    assert not list((tmp_path / "temporary").iterdir())


def run(*arguments, warm_at=None, **options):
    environment = {key: value for key, value in os.environ.items() if key != warm_client.ADDRESS}
    environment |= {warm_client.ADDRESS: warm_at} if warm_at else {}
    return subprocess.run(
        [COMMAND, *arguments], env=environment | options.pop("env", {}), capture_output=True, text=True, **options
    )


def steps_of(process):
    """Return the forks of the warm process; while it imports, a library may ask another program something."""
    seen = forks_of(process)
    time.sleep(0.05)
    return [each for each in forks_of(process) if each in seen]


def forks_of(process):
    own = Path(f"/proc/{process}/cmdline").read_bytes()
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes() == own:
                found.append(int(child))
    return found


def test_a_step_has_the_folder_streams_and_exit_code_of_its_command(process, tmp_path):
    address = os.environ[warm_client.ADDRESS]
    for arguments in (["--version"], ["check", "no-such-config.yaml"], ["step"], ["summary", "--no-such-option"]):
        cold, hot = run(*arguments, cwd=tmp_path), run(*arguments, warm_at=address, cwd=tmp_path)
        assert (hot.returncode, hot.stdout, hot.stderr) == (cold.returncode, cold.stdout, cold.stderr)
    assert cold.returncode == 2
    made = run("simulate", "--help", warm_at=address, cwd=tmp_path, env={"COLUMNS": "50"})
    assert made.stdout == run("simulate", "--help", cwd=tmp_path, env={"COLUMNS": "50"}).stdout
    assert max(map(len, made.stdout.splitlines())) <= 50


def test_without_a_warm_process_or_with_another_installations_a_command_runs_by_itself(process, monkeypatch, tmp_path):
    assert run("--version", warm_at=str(tmp_path / "nowhere")).returncode == 0
    monkeypatch.setattr(warm_client, "installation", lambda: "of somebody else")
    assert warm_client.run_warm(os.environ[warm_client.ADDRESS], ["mircargo", "--version"]) is None


def waiting(folder):
    """Return the command of a step that waits for a table that nobody writes."""
    os.mkfifo(folder / "nobody.tsv")
    given = {"expectations": folder / "nobody.tsv", "tables": []}
    return arguments_of("gather_co_cargo", given, {"table": folder / "out.tsv"}, {})


@pytest.fixture
def endless(process, tmp_path):
    """Begin a step that does not end."""
    command = subprocess.Popen([COMMAND, *waiting(tmp_path)], stderr=subprocess.PIPE, text=True)
    until(lambda: steps_of(process.pid) or command.poll() is not None)
    yield command
    with contextlib.suppress(ProcessLookupError):
        command.kill()
    command.wait()
    command.stderr.close()


def test_a_command_does_not_wait_for_the_steps_that_began_after_its_own(process, endless, tmp_path):
    (first,) = steps_of(process.pid)
    with subprocess.Popen(endless.args, stderr=subprocess.DEVNULL) as later:
        try:
            until(lambda: len(steps_of(process.pid)) == 2)
            os.kill(first, signal.SIGTERM)
            assert endless.wait(timeout=30) == 128 + signal.SIGTERM
            assert later.poll() is None
        finally:
            later.kill()


def test_a_step_ends_with_the_command_that_asked_for_it(process, endless):
    endless.send_signal(signal.SIGKILL)
    endless.wait()
    until(lambda: not steps_of(process.pid))
    assert run("--version", warm_at=os.environ[warm_client.ADDRESS]).returncode == 0


def test_a_step_that_is_killed_ends_its_command_with_the_signals_code(process, endless):
    os.kill(steps_of(process.pid)[0], signal.SIGTERM)
    assert endless.wait(timeout=30) == 128 + signal.SIGTERM


RUN = """
import os, time
from mircargo.snakemake import warm
print(warm.start().pid, os.environ["MIRCARGO_WARM"], flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_the_warm_process_and_its_steps_end_with_the_run(stopped, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != warm_client.ADDRESS}
    with subprocess.Popen([sys.executable, "-c", RUN], env=environment, stdout=subprocess.PIPE, text=True) as of_run:
        server, address = of_run.stdout.readline().split()
        with subprocess.Popen(
            [COMMAND, *waiting(tmp_path)], env=environment | {warm_client.ADDRESS: address}
        ) as command:
            (step,) = until(lambda: steps_of(server))
            if stopped:
                os.kill(int(server), signal.SIGSTOP)
            of_run.kill()
            assert command.wait(timeout=30) == 1
    until(lambda: is_gone(server) and is_gone(step))


def is_gone(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_warm_process_that_is_ended_takes_its_steps_along_and_later_ones_run_by_themselves(sent, process, endless):
    (step,) = steps_of(process.pid)
    process.send_signal(sent)
    assert endless.wait(timeout=30) == 1
    assert "ended before the step did" in endless.stderr.read()
    until(lambda: is_gone(step))
    assert run("--version", warm_at=os.environ[warm_client.ADDRESS]).returncode == 0


def request(**parts):
    whole = {"arguments": ["mircargo", "--version"], "folder": "/", "environment": {"A": "b"},
             "installation": warm_client.installation()}  # fmt: skip
    return framed(json.dumps({key: value for key, value in (whole | parts).items() if value is not None}).encode())


def framed(text):
    return len(text).to_bytes(8, "big") + text


MALFORMED = [
    (framed(b"{"), 3, "it is not JSON"),
    (framed(b"[" * 100_000), 3, "it is not JSON"),
    (framed(b"[]"), 3, "'arguments' is not as it should be"),
    (request(environment=None), 3, "'environment' is not as it should be"),
    (request(arguments=[1]), 3, "'arguments' is not as it should be"),
    (request(arguments=[]), 3, "'arguments' is not as it should be"),
    (request(environment={"A": 1}), 3, "'environment' is not as it should be"),
    (request(folder=["/"]), 3, "'folder' is not as it should be"),
    (b"\xff" * 16, 3, "it would have 18446744073709551615 bytes"),
    (request(), 2, "it has 2 streams, not 3"),
]
# Nothing can be said of these before their client hangs up.
UNFINISHED = [request()[:-1], b"\0\0", b""]


def test_a_malformed_request_ends_nothing_else(tmp_path, monkeypatch, capfd):
    with started(monkeypatch) as process:
        malform(process, tmp_path)
    said = [f"mircargo: a request to the warm process was refused: {why}" for _, _, why in MALFORMED]
    assert sorted(capfd.readouterr().err.splitlines()) == sorted(said)


def malform(process, tmp_path):
    address = os.environ[warm_client.ADDRESS]
    with subprocess.Popen([COMMAND, *waiting(tmp_path)]) as other, contextlib.ExitStack() as clients:
        (step,) = until(lambda: steps_of(process.pid))
        assert run("--version", warm_at=address).returncode == 0  # all has been imported
        refused = []
        for message, streams, _ in [*MALFORMED, *((each, 3, None) for each in UNFINISHED)]:
            client = clients.enter_context(socket.socket(socket.AF_UNIX))
            client.connect("\0" + address.rpartition(":")[0])
            if message:
                socket.send_fds(client, [message], [0, 1, 2][:streams])
            refused.append(client)
        for client in refused[: len(MALFORMED)]:
            assert client.recv(64) == warm_client.REFUSED
        started = time.monotonic()
        # While the clients that have not said all are still there.
        assert run("--version", warm_at=address).returncode == 0
        assert time.monotonic() - started < 4
        clients.close()
        assert run("--version", warm_at=address).returncode == 0
        assert other.poll() is None
        assert steps_of(process.pid) == [step]
        other.kill()


MISSED = "mircargo.export.workbook cannot be imported, and steps that need it will fail: "


@pytest.mark.parametrize(
    ("broken", "said"),
    [("raise RuntimeError('it is broken')", f"{MISSED}RuntimeError: it is broken"),
     ("raise SystemExit(3)", f"{MISSED}SystemExit: 3"),
     ("import os; os._exit(3)", "")],
)  # fmt: skip
def test_a_module_that_cannot_be_imported_ends_no_other_step(broken, said, tmp_path, monkeypatch, capfd):
    (tmp_path / "openpyxl.py").write_text(broken)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with started(monkeypatch):
        # It waits for all that is imported; where that ends the warm process, it runs by itself.
        assert run("--version", warm_at=os.environ[warm_client.ADDRESS]).returncode == 0
    assert said in capfd.readouterr().err


BUSY = """
import pathlib, time
pathlib.Path({busy!r}).touch()
while not pathlib.Path({free!r}).exists():
    time.sleep(0.01)
raise ImportError("it has waited")
"""


def test_a_step_and_its_command_that_end_while_the_warm_process_is_busy_end_nothing_else(tmp_path, monkeypatch, capfd):
    busy, free = tmp_path / "busy", tmp_path / "free"
    # Imported after what the steps here need, so that they run meanwhile.
    (tmp_path / "openpyxl.py").write_text(BUSY.format(busy=str(busy), free=str(free)))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with started(monkeypatch) as process, subprocess.Popen([COMMAND, *waiting(tmp_path)]) as command:
        (step,) = until(lambda: steps_of(process.pid))
        until(busy.exists)
        os.kill(step, signal.SIGKILL)
        until(lambda: is_gone(step))
        command.kill()
        command.wait()
        free.touch()
        assert run("--version", warm_at=os.environ[warm_client.ADDRESS]).returncode == 0
        assert process.poll() is None
    assert "Traceback" not in capfd.readouterr().err


def test_a_warm_process_that_is_stopped_ends_the_wait_in_words(process, tmp_path, monkeypatch, capfd):
    address = os.environ[warm_client.ADDRESS]
    assert run("--version", warm_at=address).returncode == 0
    process.send_signal(signal.SIGSTOP)
    threading.Timer(1.5, process.send_signal, [signal.SIGCONT]).start()
    assert warm_client.run_warm(address, [COMMAND, "--version"]) == 0
    monkeypatch.setattr(warm_client, "PATIENCE", 2)
    process.send_signal(signal.SIGSTOP)
    assert warm_client.run_warm(address, [COMMAND, "--version"]) == 1
    assert f"mircargo: process {process.pid}, which runs the steps, has been stopped" in capfd.readouterr().err


def test_neither_side_trusts_another_user(process, monkeypatch):
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert warm_client.is_own(ours)
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
        assert not warm_client.is_own(ours)
        assert warm_client.run_warm(os.environ[warm_client.ADDRESS], ["mircargo", "--version"]) is None


def test_a_warm_process_is_only_started_by_the_thread_with_which_the_run_ends(monkeypatch):
    monkeypatch.delenv(warm_client.ADDRESS, raising=False)
    with ThreadPoolExecutor() as pool:
        assert pool.submit(warm.start).result() is None


def test_the_warm_process_is_not_started_where_it_is_not_wanted(monkeypatch):
    monkeypatch.setenv(warm_client.ADDRESS, "")
    assert warm.start() is None
