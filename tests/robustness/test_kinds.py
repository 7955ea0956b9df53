"""The kinds of re-analysis: found, in order, documented, and each with variants of its own kind only."""

import re
from pathlib import Path

import pytest
from test_stress import SHEET, planted, question

from mircargo.robustness.kinds import KINDS

METHODS = Path(__file__).parents[2] / "docs" / "methods.md"


def test_the_methods_page_lists_every_kind_in_its_order():
    section = METHODS.read_text(encoding="utf-8").split("\n## Stress test\n")[1].split("\n## ")[0]
    assert list(KINDS) == re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_has_variants_of_its_own_kind_only(kind):
    made = kind.variants(question(planted()))
    assert made
    assert {variant.kind for variant in made} == {kind.name}
    assert len({variant.name for variant in made}) == len(made)


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("sample", "without sample b2", "b2"),
        ("sample", "without subject k", "subject k"),
        ("sample", "without block 3 of 10 (12 samples)", "block 3 of 10 (12 samples)"),
        ("dominant", "size factors without mmu-miR-1", "mmu-miR-1"),
        ("filter", "at least 10 reads in 4 samples", "at least 10 reads in 4 samples"),
    ],
)
def test_a_row_leaves_out_what_its_heading_says(kind, name, shown):
    assert KINDS[kind].below_heading(name) == shown


def test_samples_that_are_left_out_are_known_without_reading_names():
    paired = KINDS["sample"].variants(question(planted(), ["subject"]))
    assert {variant.name: variant.samples for variant in paired} == {
        f"without subject {subject}": tuple(SHEET.index[SHEET["subject"] == subject]) for subject in "klmn"
    }
    assert not any(variant.samples for variant in KINDS["filter"].variants(question(planted())))
