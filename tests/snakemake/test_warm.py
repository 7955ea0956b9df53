"""A step runs in the warm process as it would by itself, and never outlives its command or the run."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mircargo.snakemake import warm, warm_client
from stepping import arguments_of

COMMAND = str(Path(sys.executable).with_name("mircargo"))


@pytest.fixture
def process(tmp_path, monkeypatch):
    monkeypatch.setenv(warm_client.ADDRESS, "")  # so that what is set below ends with the test
    monkeypatch.delenv(warm_client.ADDRESS)
    started = warm.start()
    yield started
    started.stdin.close()
    started.wait(timeout=30)
    shutil.rmtree(Path(os.environ[warm_client.ADDRESS]).parent, ignore_errors=True)


def run(*arguments, warm_at=None, **options):
    environment = {key: value for key, value in os.environ.items() if key != warm_client.ADDRESS}
    environment |= {warm_client.ADDRESS: warm_at} if warm_at else {}
    return subprocess.run(
        [COMMAND, *arguments], env=environment | options.pop("env", {}), capture_output=True, text=True, **options
    )


def steps_of(process):
    """Return the forks of the warm process; while it imports, a library may ask another program something."""
    own = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    steps = []
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes() == own:
                steps.append(int(child))
    return steps


def until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about within 30 s")


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


@pytest.mark.parametrize("why", ["no such folder", "too long", "no room"])
def test_a_run_goes_on_without_a_warm_process_where_its_address_cannot_be(why, tmp_path, monkeypatch):
    monkeypatch.setenv(warm_client.ADDRESS, "")
    monkeypatch.delenv(warm_client.ADDRESS)
    # A socket's path has at most 107 bytes (unix(7)). The kernel lets nobody make a folder in /proc/sys, not even root.
    folder = {"no such folder": tmp_path / "none", "too long": tmp_path / ("x" * 120), "no room": Path("/proc/sys")}
    if why == "too long":
        folder[why].mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder[why]))
    assert warm.start() is None
    assert warm_client.ADDRESS not in os.environ
    assert [path for path in tmp_path.rglob("*") if path != folder[why]] == []
    assert run("--version", cwd=tmp_path, env={"TMPDIR": str(folder[why])}).returncode == 0


@pytest.fixture
def endless(process, tmp_path):
    """Begin a step that waits for a table that nobody writes."""
    os.mkfifo(tmp_path / "nobody.tsv")
    given = {"expectations": tmp_path / "nobody.tsv", "tables": []}
    arguments = arguments_of("gather_co_cargo", given, {"table": tmp_path / "out.tsv"}, {})
    command = subprocess.Popen([COMMAND, *arguments], stderr=subprocess.PIPE, text=True)
    until(lambda: steps_of(process) or command.poll() is not None)
    yield command
    with contextlib.suppress(ProcessLookupError):
        command.kill()
    command.wait()
    command.stderr.close()


def test_a_command_does_not_wait_for_the_steps_that_began_after_its_own(process, endless, tmp_path):
    (first,) = steps_of(process)
    with subprocess.Popen(endless.args, stderr=subprocess.DEVNULL) as later:
        try:
            until(lambda: len(steps_of(process)) == 2)
            os.kill(first, signal.SIGTERM)
            assert endless.wait(timeout=30) == 128 + signal.SIGTERM
            assert later.poll() is None
        finally:
            later.kill()


def test_a_step_ends_with_the_command_that_asked_for_it(process, endless):
    endless.send_signal(signal.SIGKILL)
    endless.wait()
    until(lambda: not steps_of(process))
    assert run("--version", warm_at=os.environ[warm_client.ADDRESS]).returncode == 0


def test_a_step_that_is_killed_ends_its_command_with_the_signals_code(process, endless):
    os.kill(steps_of(process)[0], signal.SIGTERM)
    assert endless.wait(timeout=30) == 128 + signal.SIGTERM


def test_steps_end_with_the_warm_process_and_their_commands_say_so(endless, process):
    (step,) = steps_of(process)
    process.send_signal(signal.SIGKILL)
    assert endless.wait(timeout=30) == 1
    assert "ended before the step did" in endless.stderr.read()
    until(lambda: not Path(f"/proc/{step}").exists())
    process.wait()


def test_the_warm_process_and_its_steps_end_with_the_run_and_leave_nothing(process, endless):
    steps = steps_of(process)
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    assert endless.wait(timeout=30) == 1
    until(lambda: not any(Path(f"/proc/{step}").exists() for step in steps))
    assert not Path(os.environ[warm_client.ADDRESS]).parent.exists()


def test_the_warm_process_is_not_started_where_it_is_not_wanted(monkeypatch):
    monkeypatch.setenv(warm_client.ADDRESS, "")
    assert warm.start() is None
