"""Texts of a configuration are data: what could end a line, a command or a page is refused where it stands."""

import copy
from pathlib import Path

import pytest
import yaml

from mircargo.captions import of_quality
from mircargo.config import parse
from mircargo.problems import ProblemsFound

SMOKE = yaml.safe_load((Path(__file__).parents[2] / "config" / "smoke.yaml").read_text())


def changed(*path, value):
    settings = copy.deepcopy(SMOKE)
    part = settings
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return settings


STUDY = ("studies", "smoke")
CONTRAST = (*STUDY, "contrasts", "exosome_injury")


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
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
        (("panel",), "--out", "panel", "begins with a dash"),
        (("target",), "miR\x0021", "top level", "`target` has a character"),
    ],
)
def test_text_that_could_break_out_is_refused_with_its_key(path, value, where, said):
    with pytest.raises(ProblemsFound) as caught:
        parse(changed(*path, value=value))
    (problem,) = caught.value.problems
    assert problem.where.endswith(where)
    assert said in problem.what


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
