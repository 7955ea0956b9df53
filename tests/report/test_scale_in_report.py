"""What the page and its methods paragraph say of scale, and of size factors that go with the groups."""

import re
from html import unescape

import pytest
from test_report_parts import facts, paragraph

from factories import Made, make
from mircargo.io import read_json, write_json, write_table
from mircargo.report.build import build
from mircargo.report.methods import references_of
from mircargo.results.contract import FIT_FACTS, TARGET_CALLS
from mircargo.results.reader import StudyResults

SCALE = {"kept": "typical", "instead": "total", "difference": 0.89, "low": 0.71, "high": 1.07, "depends": True}
ASKED = (
    "if the total and not the typical miRNA stayed the same, all fold changes would rise by 0.89"
    " (95% interval 0.71 to 1.07)"
)


@pytest.fixture
def folder(tmp_path):
    folder = make(Made(), tmp_path / "mine")
    target = StudyResults("mine", folder).target.assign(scale_ci_low=-0.4, scale_ci_high=1.9)
    write_table(target, TARGET_CALLS.within(folder))
    return folder


def page(folder, **changes) -> str:
    """Add facts to the first contrast, and return the page's text without its tags."""
    path = FIT_FACTS.within(folder, contrast="c1")
    write_json(read_json(path) | changes, path)
    text = re.sub(r"<script.*?</script>|<style.*?</style>", "", build("mine", folder), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_an_answer_that_depends_on_scale_says_so_on_its_card_and_under_trust(folder):
    text = page(folder, scale=SCALE, scale_model={"shift": 0.4, "log2_sd": 0.5, "rests_on": "assumptions"})
    assert f"ScaleThe answer depends on scale: {ASKED}. Under uncertainty of scale and preparation" in text
    assert "the interval is -0.40 to +1.90 " in text
    assert f"Scale: {ASKED}. The answer depends on scale." in text


def test_where_it_does_not_depend_the_number_stands_alone(folder):
    small = SCALE | {"difference": 0.05, "low": -0.1, "high": 0.2, "depends": False}
    text = page(folder, scale=small, scale_model={"rests_on": "spike_ins"})
    assert "would rise by 0.05 (95% interval of this -0.10 to +0.20)" in text
    assert "about what the spike-ins say" in text
    assert "The answer depends on scale" not in text


def test_where_scale_is_given_it_says_by_what(folder):
    why = "scale is not assumed: size factors come from spike-ins"
    text = page(folder, scale={"why_not": why}, scale_model={"rests_on": "size_factors"})
    assert f"Scale{why}. Under uncertainty of preparation the interval is -0.40 to +1.90" in text
    assert f"Scale: {why}." in text


def test_size_factors_and_spike_ins_under_trust(folder):
    ranges = {"injured": [2.2, 3.5], "control": [0.7, 1.1]}
    number = {"estimate": 2.16, "low": 1.5, "high": 3.1}
    change = {"offset": number, "total": number | {"estimate": 2.34}, "typical": number | {"estimate": 2.0}}
    text = page(folder, size_factors_with_groups={"differs": True, "ranges": ranges}, global_change=change)
    assert "The size factors go with the groups: injured 2.2 to 3.5 against control 0.7 to 1.1." in text
    assert "Spike-ins: total miRNA 2.34 times (1.50 to 3.10), the typical miRNA 2.00 times (1.50 to 3.10)" in text
    assert "offset of the fold changes 2.16 times (1.50 to 3.10)." in text


def test_results_without_these_facts_make_a_page(folder):
    assert "depends on scale" not in page(folder)


def test_methods_paragraph_names_the_scale_model_where_scale_is_assumed():
    text = paragraph(facts(scale=SCALE), {"scale_log2_sd": 0.3})
    assert "What all fold changes would be if the total had stayed the same was asked of each contrast" in text
    assert (
        "with a log2 sd of 0.3 beside half of their difference) and for an error of preparation (log2 sd 0.2)" in text
    )
    assert any("10.1186" in entry or "26:139" in entry for entry in references_of(text))
    alone = paragraph(facts(scale=SCALE), {"preparation_log2_sd": 0})
    assert "beside half of their difference) stand beside the model's own." in alone
    assert "Nixon" not in paragraph(facts(scale={"why_not": "given"}))
