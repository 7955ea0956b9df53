"""Ctrl-C that meets a step while its interpreter starts: held back until the step can end without a traceback."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from project import lay_out

pytestmark = pytest.mark.usefixtures("interruptible")
MADE = "results/smoke/differential/exosome_injury.tsv"
# Stands before the command on the path, notes the signals that it was started with, and goes on as the command.
NOTING = """#!/bin/bash
grep SigBlk /proc/self/status >> {noted}
exec {command} "$@"
"""


def test_a_command_that_is_interrupted_as_it_starts_ends_without_a_word():
    def start_and_interrupt() -> tuple[int, str]:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with subprocess.Popen(
            [Path(sys.executable).with_name("mircargo"), "reference", "--help"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            process.send_signal(signal.SIGINT)
            return process.wait(timeout=60), process.stdout.read()

    # In a thread of its own, with which its mask ends.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(start_and_interrupt).result() == (130, "")


@pytest.mark.parametrize("variables", [{}, {"MIRCARGO_WARM": ""}], ids=["warm", "cold"])
def test_a_run_starts_its_steps_with_interrupts_held_back(tmp_path, variables):
    project, programs, noted = lay_out(tmp_path / "project"), tmp_path / "programs", tmp_path / "noted"
    programs.mkdir()
    command = programs / "mircargo"
    command.write_text(NOTING.format(noted=noted, command=Path(sys.executable).with_name("mircargo")))
    command.chmod(0o755)
    environment = project.environment(**variables)
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    asked = ["snakemake", "--cores", "1", MADE, "--configfile", "config/smoke.yaml"]
    subprocess.run(asked, cwd=project.folder, env=environment, check=True, capture_output=True)
    masks = [int(line.split()[1], 16) for line in noted.read_text().splitlines()]
    assert len(masks) >= 2
    assert all(mask & 1 << (signal.SIGINT - 1) for mask in masks)
