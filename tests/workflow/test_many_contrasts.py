"""Five hundred contrasts in one study: what a step is told does not fit on a command line."""

import json
import shlex

import pytest
import yaml

from mircargo.snakemake.arguments import LONGEST
from project import lay_out

N = 500
LINE_OF_LINUX = 131_072  # MAX_ARG_STRLEN: `bash -c LINE` is refused from there on


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Lay out the smoke study with so many contrasts; return its folder, and the command of each rule's jobs."""
    flow = lay_out(tmp_path_factory.mktemp("many"))
    settings = yaml.safe_load((flow.folder / "config" / "smoke.yaml").read_text())
    study = settings["studies"]["smoke"]
    asked = next(iter(study["contrasts"].values()))
    study["contrasts"] |= {f"another_{i:03d}": {**asked, "title": f"Question {i}"} for i in range(N)}
    (flow.folder / "many.yaml").write_text(yaml.safe_dump(settings))
    shown = flow.complete("--dry-run", "--printshellcmds", "--configfile", "many.yaml").stdout
    lines = [line.partition("mircargo --log")[2] for line in shown.splitlines() if "mircargo --log" in line]
    return flow.folder, [shlex.split(line) for line in lines], lines


def test_every_command_can_be_run(planned):
    _, commands, lines = planned
    assert len(commands) > 4 * N
    assert max(len(line.encode()) for line in lines) < LINE_OF_LINUX - 1000


def test_a_printed_line_names_files_that_are_there_and_list_all_contrasts(planned):
    folder, commands, _ = planned
    (report,) = [command for command in commands if command[2] == "write_report"]
    assert report[4].startswith("@")
    files = json.loads((folder / report[4].removeprefix("@")).read_text())
    assert len(files["input"]["differential"]) > N
    assert not [each for command in commands for each in command[3:] if len(each.encode()) > LONGEST]
