"""A pipe, a device, a socket or a folder in the place of a file is refused before it is opened."""

import os
import socket
from pathlib import Path

import pytest
import yaml

from mircargo.config import load
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.problems import ProblemsFound
from project import files_made, lay_out


def pipe(path):
    os.mkfifo(path)


def device(path):
    path.symlink_to("/dev/zero")


def heard(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)  # the whole path is longer than a socket's name may be


KINDS = {"a pipe": pipe, "a device": device, "a socket": heard, "a folder": Path.mkdir}


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("read", [read_table, read_sheet, load])
def test_what_is_no_file_is_refused_by_its_kind(tmp_path, monkeypatch, kind, read):
    monkeypatch.chdir(tmp_path)
    KINDS[kind](tmp_path / "x.tsv")
    with pytest.raises(ProblemsFound, match=rf"x\.tsv: this is {kind}, and no file"):
        read("x.tsv")


@pytest.mark.parametrize("reading", ["check <(cat config/smoke.yaml)", "init --species mouse <(cat mine.tsv)"])
def test_output_of_a_command_is_to_be_saved_first(reading, tmp_path):
    (tmp_path / "mine.tsv").write_text("feature\ts1\ts2\nmmu-miR-21a-5p\t5\t6\n")
    done = lay_out(tmp_path).call("bash", "-c", f"mircargo {reading}", timeout=60)
    assert done.returncode == 1
    assert "this is a pipe, and no file\n    to do: save what it gives as a file" in done.stderr


@pytest.mark.workflow
@pytest.mark.parametrize("part", ["table", "samples", "panel"])
def test_run_ends_at_once_with_a_pipe_in_its_configuration(part, tmp_path):
    workflow = lay_out(tmp_path)
    settings = yaml.safe_load((tmp_path / "config" / "smoke.yaml").read_text())
    study = settings["studies"]["smoke"]
    place = {"table": study["counts"][0], "samples": study, "panel": settings}[part]
    place[part] = "pipe.tsv"
    os.mkfifo(tmp_path / "pipe.tsv")
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(settings))
    done = workflow.call("snakemake", "--cores", "2", "--configfile", "mine.yaml", timeout=60)
    assert done.returncode == 1
    assert "pipe.tsv: this is a pipe, and no file" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert files_made(tmp_path / "results") == []
