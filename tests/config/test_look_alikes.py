"""Every key that takes a text, beside every word that YAML takes for something else."""

import re
import subprocess
import sys
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

import pytest

from factories import problems_of
from mircargo.checks.study import examine_study
from mircargo.config import Config, Model, load
from mircargo.config.levels import Interaction

# Each key of a configuration that takes a text, once; `@o` where it can also be left empty, `@l` where it is a level.
FULL = """\
target: @
panel: @
studies:
  one:
    title: @
    species: @
    mirbase: {file: @o, url: @o, sha256: @o}
    samples: @
    counts:
    - table: @o
      sample: @o
      prefix: @o
      sheet: @o
    - {url: @o, sha256: @o}
    exclude_samples: [first, @]
    numeric: [first, @]
    blood_derived: [first, @]
    spike_ins: [first, @]
    fraction: @
    subject: @
    size_factors: {method: control_features, features: [first, @], column: @o}
    contrasts:
      plain:
        title: @o
        variable: @
        level: @l
        reference: @l
        subset:
          day: [one, @l]
          @: two
        blocking: [first, @]
        design: @o
        reduced: @o
        interaction: {variable: @, level: @l, reference: @l}
        expectation: {tissue: @, model: @}
      each: {variable: group, each_level_against: @ol, subset: {day: @l}}
      short: {variable: group, level: a, reference: b, interaction: {geno: @l}}
      @: {variable: group, level: a, reference: b}
    comparisons:
      c: {title: @o, exosome: @, source: @, fraction: @, blocking: [first, @], subject: @o}
    recipient:
      title: @o
      counts: {table: @o, url: @o, sha256: @o, sheet: @o}
      samples: @o
      contrast: {variable: @, level: @l, reference: @l}
      numeric: [first, @]
      results: {table: @o, url: @o, sha256: @o}
      columns: {gene: @o, log2_fold_change: @o, standard_error: @o, base_mean: @o}
      genes: @o
      cargo: @o
    targets:
      table: @o
      families: @o
      columns: {mirna: @o, gene: @o, site_type: @o, score: @o}
meta:
  m:
    title: @
    contrasts: [one.a, @]
    halves: @o
"""
PLACES = list(re.finditer(r"@(o?l?)", FULL))
# As YAML 1.1 has them: what is read, in words.
LOOK_ALIKES = {
    "yes": "true", "Yes": "true", "no": "false", "NO": "false", "on": "true", "off": "false", "true": "true",
    "2024-01-31": "a date", "2020-13-45": "a date", "2001-12-14 21:59:43": "a date", "12:30": "the number 750",
    "010": "the number 8",
    "1_000": "the number 1000", "0x1F": "the number 31", "0b11": "the number 3", "1.0e+5": "the number 100000.0",
    "+7": "the number 7", ".5": "the number 0.5", ".inf": "the number inf", "null": "nothing", "~": "nothing",
    "7": "the number 7", "7.0": "the number 7.0", "-3": "the number -3",
}  # fmt: skip
AS_IN_THE_SHEET = ("7", "7.0", "-3")  # numbers that are levels as they stand


def written(word: str, left_out: str = "") -> str:
    """Write the configuration with a word at each place, but for those with a mark that is left out."""
    return re.sub(r"@(o?l?)", lambda match: "plain" if left_out and left_out in match[1] else word, FULL)


def of_yaml(problems):
    return [problem for problem in problems if problem.code.startswith("yaml_")]


def test_the_configuration_above_has_every_key_that_takes_a_text():
    def texts(kind, found):
        while get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        if get_origin(kind) in (Union, UnionType):
            return sum(texts(each, found) for each in get_args(kind)) > 0
        if get_origin(kind) in (list, dict):
            return texts(get_args(kind)[-1], found)
        if isinstance(kind, type) and issubclass(kind, Model):
            found |= {
                (kind.__name__, name) for name, field in kind.model_fields.items() if texts(field.annotation, found)
            }
        return kind is str

    found: set[tuple[str, str]] = set()
    texts(Config, found)
    keys = set(re.findall(r"(\w+):", FULL))
    assert {key for _, key in found} - {"biotypes"} <= keys
    assert len(found) > 30


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_a_word_that_yaml_takes_for_something_else_is_shown_as_it_stands_with_its_line(tmp_path, word):
    path = tmp_path / "c.yaml"
    left_out = "o" if word in ("null", "~") else "l" if word in AS_IN_THE_SHEET else ""
    path.write_text(written(word, left_out))
    found = of_yaml(problems_of(load, str(path)))
    expected = [FULL.count("\n", 0, place.start()) + 1 for place in PLACES if not left_out or left_out not in place[1]]
    assert [int(re.search(r"c.yaml, line (\d+), [\w.]", problem.where)[1]) for problem in found] == expected
    for problem in found:
        assert (problem.found, problem.hint) == (word, f"put it in quotes: '{word}'")
        assert LOOK_ALIKES[word] in problem.what
    for quotes in ("'", '"'):
        path.write_text(written(f"{quotes}{word}{quotes}"))
        assert not of_yaml(problems_of(load, str(path)))


def test_an_empty_text_is_missing_and_not_nothing(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(written("plain").replace("target: plain", "target:"))
    [problem] = of_yaml(problems_of(load, str(path)))
    assert (problem.code, problem.where) == ("yaml_nothing", f"{path}, line 1, target")


@pytest.mark.parametrize("word", AS_IN_THE_SHEET)
def test_levels_that_are_numbers_are_as_the_sheet_has_them(tmp_path, word):
    (tmp_path / "c.yaml").write_text(re.sub(r"@(o?l?)", lambda match: word if "l" in match[1] else "plain", FULL))
    assert not of_yaml(problems_of(load, str(tmp_path / "c.yaml")))


def test_aliases_and_merged_mappings_are_gone_through(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "studies:\n  one: &a\n    title: t\n    contrasts:\n      x: &x {variable: yes, level: a, reference: b}\n"
        "      y: {<<: *x, level: off}\n  two: {<<: *a, title: 010}\n"
    )
    lines = [problem.where.split(", ")[1] for problem in of_yaml(problems_of(load, str(path)))]
    assert lines == ["line 5", "line 6", "line 7"]


def test_quoted_words_are_those_of_the_sheet(shared, tmp_path, monkeypatch):
    case = shared / "cases" / "yaml"
    text = (case / "yesno.yaml").read_text().replace("level: yes", "level: 'yes'").replace("e: no", 'e: "no"')
    (tmp_path / "c.yaml").write_text(text)
    monkeypatch.chdir(case)
    problems, counts = examine_study(load(str(tmp_path / "c.yaml")), "b08yesno")
    assert not [problem for problem in problems if problem.severity == "error"]
    assert counts is not None


@pytest.mark.slow
def test_snakemake_says_it_too(shared, tmp_path):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "snakemake", "-n", "-s", str(root / "Snakefile"), "--directory", str(tmp_path)]
    done = subprocess.run(
        [*command, "--configfile", str(shared / "cases" / "yaml" / "yesno.yaml")], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "line 8, studies.b08yesno.contrasts.case.level" in done.stdout + done.stderr
    assert "put it in quotes: 'no'" in done.stdout + done.stderr


def test_a_level_of_a_short_interaction_is_a_level():
    assert set(Interaction.model_fields) == {"variable", "level", "reference"}, "the short form has none of these keys"
