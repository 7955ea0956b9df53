"""A thousand configurations and sheets, each with one thing altered: what is wrong is said once, and nothing else.

More are tried with `MIRCARGO_CONFIGURATIONS=2000 pytest tests/trust/test_generated_configurations.py`.
"""

import json
import os
import random
import time
import traceback
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from generated_cases import GENERATORS
from generated_faults import Case
from generated_study import correct, tables
from generated_twins import twins

from mircargo.cli.main import mircargo
from mircargo.problems import Problem, ProblemsFound
from project import lay_out

config = import_module("mircargo.config")  # where the command finds `load` when it is called
SECONDS = 5


def found_wrong(case: Case, folder: Path) -> str:
    """Check the files of a case as `mircargo check` does; return what is wrong with the answer, '' where nothing is."""
    case.files.write(folder)
    began = time.process_time()
    result = CliRunner().invoke(mircargo, ["check", "--json", "c.yaml"])
    taken = time.process_time() - began
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        return "traceback: " + "".join(traceback.format_exception(error)[-3:])
    if taken > SECONDS:
        return f"it takes {taken:.0f} s"
    problems = [each for each in json.loads(result.output)["problems"] if each["severity"] == "error"]
    shown = "\n".join(str(each) for each in problems)
    if case.harmless:
        return f"refused: {shown}" if problems else ""
    if not problems:
        return "accepted"
    if len(problems) > case.most:
        return f"{len(problems)} errors: {shown}"
    if len(shown) > 1500 * len(problems):
        return f"a message of {len(shown)} letters: {shown[:200]}"
    for each in problems:
        if not each["hint"]:
            return f"nothing to do: {each}"
        if not any(word in each["where"] or word in each["what"] for word in case.names):
            return f"names none of {case.names}: {each}"
    if case.hint and not any(case.hint in each["hint"] for each in problems):
        return f"does not say {case.hint}: {shown}"
    return ""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in tables().items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


MORE = int(os.environ.get("MIRCARGO_CONFIGURATIONS", "0"))
"""How many of each sort are tried; where it is not set, as many as half a minute has room for."""
IN_CI = {
    "wrong types": 500, "unknown keys": 250, "names": 110, "designs": 30, "recipients": 12, "sheets": 30, "YAML": 54,
}  # fmt: skip


@pytest.mark.parametrize("kind", GENERATORS)
def test_what_is_altered_is_said_or_harmless(kind, folder):
    cases = list(GENERATORS[kind]())
    if kind == "names":  # those that are harmless are looked at to the end, which takes long
        cases = [case for case in cases if not case.harmless or MORE] + [case for case in cases if case.harmless][::7]
    tried = random.Random(1).sample(cases, min(len(cases), MORE or IN_CI[kind]))
    wrong = {case.what: found for case in tried if (found := found_wrong(case, folder))}
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())
    assert len(tried) >= min(len(cases), IN_CI[kind])


def test_a_fault_is_found_in_a_study_that_is_written_in_another_way_and_its_twin_is_accepted(folder):
    for fault, twin in twins(2, MORE or 25):
        for case in (fault, twin):
            assert not found_wrong(case, folder), f"{case.kind}, {case.what}"


@pytest.mark.parametrize("kind", ["no hint", "no key", "twice", "accepted", "refused"])
def test_the_oracle_sees_what_it_is_for(kind, folder, monkeypatch):
    problem = {
        "no hint": [Problem("x", "what", "studies.nerve.title", "", "")],
        "no key": [Problem("x", "what", "somewhere", "", "mend it")],
        "twice": [Problem("x", "what", "studies.nerve.title", "", "mend it"), Problem("y", "again", "title", "", "do")],
        "accepted": [],
        "refused": [Problem("x", "what", "studies.nerve.title", "", "mend it")],
    }[kind]

    def load(source):
        if problem:
            raise ProblemsFound(problem)
        return SimpleNamespace(studies={}, meta={})

    monkeypatch.setattr(config, "load", load)
    case = Case("x", "x", correct(), () if kind == "refused" else ("studies.nerve.title",))
    assert found_wrong(case, folder)


@pytest.mark.slow
def test_what_check_accepts_the_workflow_plans(tmp_path):
    """Odd names, columns, levels and ways to write a file, each of which `mircargo check` takes."""
    workflow = lay_out(tmp_path / "project")
    for name, text in tables().items():
        (workflow.folder / name).write_text(text)
    kinds = {"names": 4, "designs": 2, "sheets": 3, "YAML": 2}
    for kind, number in kinds.items():
        harmless = [case for case in GENERATORS[kind]() if case.harmless]
        for case in random.Random(3).sample(harmless, number):
            case.files.write(workflow.folder)
            planned = workflow.run("--dry-run", "--quiet", "--configfile", "c.yaml")
            assert planned.returncode == 0, f"{kind}, {case.what}: {planned.stderr[-2000:]}"
