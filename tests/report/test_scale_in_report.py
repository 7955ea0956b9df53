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
SMALL = SCALE | {"difference": 0.05, "low": -0.1, "high": 0.2, "depends": False}
GIVEN = {"why_not": "scale is not assumed: size factors come from spike-ins"}
NUMBER = {"estimate": 2.16, "low": 1.5, "high": 3.1}
SPIKE_INS = {"offset": NUMBER, "total": NUMBER | {"estimate": 2.34}, "typical": NUMBER | {"estimate": 2.0}}
WITH_GROUPS = {"differs": True, "ranges": {"injured": [2.2, 3.5], "control": [0.7, 1.1]}}


def lines_of_page(folder, **changes) -> list[str]:
    """Change facts of the first contrast, and return the texts of the page without its paragraph on methods."""
    folder = make(Made(), folder / "mine")
    target = StudyResults("mine", folder).target.assign(scale_ci_low=-0.4, scale_ci_high=1.9)
    write_table(target, TARGET_CALLS.within(folder))
    path = FIT_FACTS.within(folder, contrast="c1")
    write_json(read_json(path) | changes, path)
    page = re.sub(r"<(script|style).*?</\1>", "", build("mine", folder), flags=re.DOTALL).split("Raw counts of")[0]
    blocks = re.split(r"</?(?:p|li|dd|dt|td|th|tr|div|section|h\d)\b[^>]*>", page)
    # Two pages may be made in two minutes.
    texts = (
        re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)", "", unescape(re.sub(r"<[^>]+>", "", block))) for block in blocks
    )
    return [" ".join(text.split()) for text in texts]


@pytest.fixture(scope="module")
def without_facts(tmp_path_factory):
    return lines_of_page(tmp_path_factory.mktemp("without"))


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": SCALE, "scale_model": {"shift": 0.4, "log2_sd": 0.5, "rests_on": "assumptions"}},
        {"scale": SMALL, "scale_model": {"rests_on": "spike_ins"}},
        {"scale": GIVEN, "scale_model": {"rests_on": "size_factors"}},
        {"size_factors_with_groups": WITH_GROUPS, "global_change": SPIKE_INS},
    ],
    ids=["depends", "does not depend", "given", "size factors and spike-ins"],
)
def test_card_and_trust_say_what_the_facts_of_a_fit_are(tmp_path, without_facts, snapshot, changes):
    assert [line for line in lines_of_page(tmp_path, **changes) if line not in without_facts] == snapshot


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
