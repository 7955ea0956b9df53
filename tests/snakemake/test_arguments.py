"""What a step is told on its command line, short or long."""

import json
import shlex
import subprocess

import pytest
from click.testing import CliRunner

from mircargo.cli.main import mircargo
from mircargo.problems import ProblemsFound
from mircargo.snakemake import arguments
from mircargo.snakemake.arguments import LONGEST, argument
from mircargo.steps import STEPS
from mircargo.steps.declaration import Files, Step

LINE_OF_LINUX = 131_072
"""MAX_ARG_STRLEN of linux/binfmts.h: 32 pages of 4 kB, with the byte that ends the text."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def values_of(bytes_in_quotes: int) -> dict[str, str]:
    return {"a": "x" * (bytes_in_quotes - len("""'{"a": ""}'"""))}


def test_long_values_are_in_a_file_that_is_named_by_what_is_in_it(tmp_path):
    short = values_of(LONGEST)
    assert json.loads(argument(short)) == short
    assert not list(tmp_path.iterdir()), "what fits on the line needs no file"
    texts = {argument(values_of(LONGEST + more)) for more in (1, 1, 2)}
    assert len(texts) == 2, "settings that did not change have the same text, others another"
    for text in texts:
        assert json.loads((tmp_path / text.removeprefix("@")).read_text())["a"].startswith("xxx")
        assert shlex.quote(text) == text


def test_letters_of_several_bytes_and_quotes_count_as_what_they_take_on_the_line():
    assert argument({"a": "é" * (LONGEST // 2)}).startswith("@")
    assert argument({"a": "'" * (LONGEST // 5)}).startswith("@"), "a quote within quotes takes five"
    assert not argument({"a": "é" * (LONGEST // 3)}).startswith("@")


def test_a_line_of_two_arguments_that_are_just_not_too_long_can_be_run():
    line = f"true {'x' * 5000} {shlex.quote(argument(values_of(LONGEST)))} {shlex.quote(argument(values_of(LONGEST)))}"
    assert len(line) > 2 * LONGEST
    assert subprocess.run(["bash", "-c", line], check=False).returncode == 0
    with pytest.raises(OSError, match="Argument list too long"):
        subprocess.run(["bash", "-c", "true ".ljust(LINE_OF_LINUX, "x")], check=False)


class Echo(Step):
    """Says what it was told."""

    words: str

    def run(self, given: Files, made: Files) -> str:
        return json.dumps([self.words, dict(given), dict(made)])


def test_a_step_is_told_the_same_by_a_file_and_on_the_line(monkeypatch):
    monkeypatch.setitem(STEPS, "echo", Echo)
    settings = {"words": "é ' \" @ \\n"}
    files = {"input": {"tables": ["a.tsv"] * 3}, "output": {"report": "r.html"}, "settings": {}}
    monkeypatch.setattr(arguments, "LONGEST", 0)
    in_files = [argument(settings), argument(files)]
    assert all(text.startswith("@") for text in in_files)
    on_the_line = [json.dumps(settings), json.dumps(files)]
    said = [CliRunner().invoke(mircargo, ["step", "echo", *both]).output for both in (in_files, on_the_line)]
    assert said[0] == said[1]
    assert json.loads(said[0]) == [settings["words"], files["input"], files["output"]]


@pytest.mark.parametrize(
    ("settings", "files", "where", "what"),
    [
        ("@gone.json", "{}", "SETTINGS", "does not exist"),
        ("{}", "@gone.json", "FILES", "does not exist"),
        ('{"name": ', "{}", "SETTINGS", "not valid JSON"),
        ("{}", '{"input": ', "FILES", "not valid JSON"),
    ],
)
def test_a_line_that_cannot_be_run_says_why(settings, files, where, what):
    result = CliRunner().invoke(mircargo, ["step", "fit_contrast", settings, files])
    assert isinstance(result.exception, ProblemsFound)
    (problem,) = result.exception.problems
    assert problem.where == where
    assert what in problem.what
    assert problem.hint
