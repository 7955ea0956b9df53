"""Texts of a configuration are data: what could end a line, a command or a page is refused where it stands."""

import copy
from pathlib import Path

import pytest
import yaml

from mircargo.config import load, parse
from mircargo.problems import ProblemsFound
from mircargo.results.captions import of_quality

SMOKE = yaml.safe_load((Path(__file__).parents[2] / "config" / "smoke.yaml").read_text())


def changed(*path, value):
    settings = copy.deepcopy(SMOKE)
    part = settings
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return settings


STUDY = ("studies", "smoke")
ANY = {"variable": "condition", "level": "injured", "reference": "control"}
ADDRESS = {"sha256": "0" * 64}
CONTRAST = (*STUDY, "contrasts", "exosome_injury")


@pytest.mark.parametrize(
    ("path", "value", "where", "message"),
    [
        ((*STUDY, "title"), "x</script><script>alert(1)</script>", "studies.smoke", "`title` has '</script'"),
        ((*STUDY, "title"), "<!-- x", "studies.smoke", "`title` has '<!--'"),
        ((*STUDY, "title"), "one\ntwo", "studies.smoke", "that is not seen: 'one\\ntwo'"),
        ((*STUDY, "title"), "left \u202e right", "studies.smoke", "not seen: 'left \\u202e right'"),
        ((*STUDY, "numeric"), ["age</SCRIPT"], "studies.smoke", "`numeric` has '</SCRIPT'"),
        ((*CONTRAST, "level"), "a\rb", "studies.smoke.contrasts.exosome_injury", "`level` has a character"),
        ((*CONTRAST, "subset"), {"a</script": ["b"]}, "contrasts.exosome_injury", "`subset` has '</script'"),
        ((*CONTRAST, "subset"), {"a": ["b", "c</script"]}, "contrasts.exosome_injury", "`subset` has '</script'"),
        ((*STUDY, "samples"), "{study}.tsv", "studies.smoke.samples", "has a brace"),
        ((*STUDY, "samples"), "-rf.tsv", "studies.smoke.samples", "begins with a dash"),
        ((*STUDY, "counts"), [{"table": "a}.tsv"}], "studies.smoke.counts.0.table", "has a brace"),
        ((*STUDY, "samples"), "<results>/s.tsv", "studies.smoke.samples", "has <results>, which Snakemake takes"),
        ((*STUDY, "counts"), [ADDRESS | {"url": "https://x.org/{a}.tsv"}], "smoke.counts.0", "`url` has a brace"),
        ((*STUDY, "counts"), [ADDRESS | {"url": "https://x.org/<b>"}], "smoke.counts.0", "`url` has <b>, which"),
        ((*STUDY, "contrasts"), {"NA": ANY}, "smoke.contrasts.NA", "stands for what is missing"),
        (("panel",), "--out", "panel", "begins with a dash"),
        (("target",), "miR\x0021", "top level", "`target` has a character"),
    ],
)
def test_text_that_could_break_out_is_refused_with_its_key(path, value, where, message):
    with pytest.raises(ProblemsFound) as caught:
        parse(changed(*path, value=value))
    (problem,) = caught.value.problems
    assert problem.where.endswith(where)
    assert message in problem.what


@pytest.mark.parametrize(
    "title",
    [
        "quotes ' \" ` and $(touch pwned); ${HOME} && x | y",
        "p < 0.05 & q > 1",
        "<b>bold</b>",
        "\ud7fc",
        "=cmd|' /C calc'!A0",
        "é µ",
    ],
)
def test_honest_text_is_taken_as_it_is(title):
    assert parse(changed(*STUDY, "title", value=title)).studies["smoke"].title == title


def test_names_in_captions_cannot_end_a_script(tmp_path):
    table = tmp_path / "samples.tsv"
    table.write_text("sample\ttotal\tflags\n</script><script>x\t10\tshallow\n<!--y\t20\tshallow\n")
    caption = of_quality(table)
    assert "</" not in caption
    assert "<!--" not in caption
    assert "script>x" in caption


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{bad", "configuration: this is not valid JSON\n    found: line 1, column 2: Expecting property name"),
        ('{"a": 1,\n "b": }', "not valid JSON\n    found: line 2, column 7: Expecting value"),
        ('{"a":' * 50_000, "not valid JSON\n    found: maximum recursion depth"),
        ('{"a": ' + "1" * 5000 + "}", "not valid JSON\n    found: Exceeds the limit"),
        ("a: 1\nb: [1, 2", "not valid YAML\n    found: while parsing a flow sequence .* line 2, column 4"),
        ("a: " + "[" * 5000, "not valid YAML\n    found: its parts lie too deep within each other"),
        ("a: 1\nb: !!int x", "line 2: this is no int\n    found: x"),
        ("a: 1\nb: 2020-13-45", "line 2: this is no timestamp\n    found: 2020-13-45"),
        ("a: !!python/object/apply:os.system ['touch pwned']", "could not determine a constructor"),
        ("studies: {a: 1}\npanel: x\nstudies: {b: 1}", "a key stands twice\n    found: 'studies' in lines 1, 3"),
        ("studies: [{2020-01-01: 1}]", "studies: keys with values are expected here"),
        ("studies: &a {b: [*a]}", "line 1: what is named by an alias .* has the alias within it"),
        ("url: [https://me:secret-word@x.org/", "not valid YAML"),
    ],
    ids=lambda text: text[:20],
)
def test_text_that_is_no_configuration_is_refused_with_its_line(text, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(text)
    with pytest.raises(ProblemsFound, match=message) as caught:
        load(text if text.startswith("{") else "mine.yaml")
    assert "secret-word" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml"]


def test_message_holds_nothing_that_a_terminal_obeys():
    with pytest.raises(ProblemsFound) as caught:
        parse(SMOKE | {"\x1b[2J\x9b1m": "\x1b]0;title\x07 \u202e \ud800"})
    text = str(caught.value)
    assert "\\x1b[2J\\x9b1m: unknown key" in text
    assert text.isascii()
