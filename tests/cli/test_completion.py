"""What a shell is told when it asks for completions, in the protocol of each shell."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "mircargo"
COMMANDS = ["benchmark", "check", "init", "run", "simulate", "summary"]


def completions(shell: str, line: str) -> list[str]:
    """Return the lines printed for what stands at the end of a command line."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1)}
    environment = os.environ | asked | {"_MIRCARGO_COMPLETE": f"{shell}_complete"}
    return subprocess.run([COMMAND], env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_and_files_complete(shell):
    names = {"bash": lambda lines: [line.split(",")[1] for line in lines], "zsh": lambda lines: lines[1::3]}
    of_shell = names.get(shell, lambda lines: [line.split(",")[1].split("\t")[0] for line in lines])
    assert sorted(of_shell(completions(shell, "mircargo "))) == COMMANDS
    for command in ("run", "check", "init", "summary"):
        assert completions(shell, f"mircargo {command} m")[0].startswith("file")
    options = " ".join(completions(shell, "mircargo run --"))
    assert "--cores" in options
    assert "--dry-run" in options


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_takes_the_line_of_the_documentation():
    page = (Path(__file__).parents[2] / "docs" / "clusters.md").read_text()
    (line,) = [row.split("`")[3] for row in page.splitlines() if row.startswith("| bash |")]
    script = f"{line}\ncomplete -p mircargo"
    environment = os.environ | {"PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
    shown = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "_mircargo_completion mircargo" in shown.stdout
