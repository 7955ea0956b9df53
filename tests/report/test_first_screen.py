"""What the first screen says of a contrast: numbers of a real case worked out by hand, and faults that are planted."""

import re

import numpy as np
import pandas as pd
import pytest

from factories import TARGET, Made, make
from mircargo.glossary import GLOSSARY, OF_A_RECIPIENT
from mircargo.io import read_json, read_result, write_json, write_table
from mircargo.report.build import PAGE, build
from mircargo.report.first_screen import changed, changes, doubts, re_analyses, why_open
from mircargo.results.contract import CHECK, QPCR, STRESS
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import RELEASE_CLASSES, TARGET_CALLS, TIERS

# Of the vesicles of microglia_ev.
VESICLES = pd.DataFrame(
    {"total": [15869, 16027, 28727, 25867], "top_share": [0.7373, 0.7585, 0.5622, 0.4991], "top_feature": "mir-6236"},
    index=["c1", "c2", "l1", "l2"],
)
FACTS = {"samples": list(VESICLES.index), "groups": {"control": 2, "LPS": 2}}


def fitted(mean, dispersion):
    return pd.DataFrame({"baseMean": [mean], "dispersion": [dispersion]}, index=[TARGET])


def test_why_a_call_is_open_says_what_it_rests_on():
    reason, cure = why_open(TARGET, FACTS, fitted(13.2, 0.36), VESICLES)
    assert reason == (
        "It rests on a mean of 13 normalised counts, in libraries of 15,869 to 28,727 reads of which 50% to 76% are one"
        " feature (mir-6236); 2 control, 2 LPS."
    )
    # The standard deviation of counting 13.2 is 1 / sqrt(13.2) = 28% of it; that of samples sqrt(0.36) = 60%.
    assert cure == (
        "Samples of a group differ by about 60% beyond counting, counting alone makes about 28%: more samples would"
        " settle it, deeper libraries would help little."
    )


def test_depth_is_what_lacks_where_counting_is_the_larger_part():
    _, cure = why_open(TARGET, FACTS, fitted(4, 0.04), VESICLES)
    assert "about 20% beyond counting, counting alone makes about 50%" in cure
    assert cure.endswith("deeper libraries would settle it first, with less of mir-6236, and more samples next.")
    assert why_open("other", FACTS, fitted(4, 0.04), VESICLES) == []


@pytest.mark.parametrize(
    ("call", "calls", "words"),
    [
        ("up", ["up"] * 17, "holds in all 17 re-analyses"),
        ("up", ["up"] * 9 + ["none"] * 10, "holds in 9 of 19 re-analyses only"),
        ("inconclusive", ["none"] * 17, "none of 17 re-analyses shows a change"),
        ("inconclusive", ["none"] * 15 + ["up", "up"], "2 of 17 would call it up"),
        ("unchanged", [], "no re-analysis was possible"),
    ],
)
def test_re_analyses_are_counted(call, calls, words):
    base = pd.DataFrame({"kind": ["base"], "call": ["up" if call == "up" else "none"]})
    variants = pd.concat([base, pd.DataFrame({"kind": "sample", "call": calls})])
    found = re_analyses({"call": call}, variants)
    assert found["words"] == words
    assert found["solid"] == words.startswith("holds in all")


def test_what_not_to_trust_of_a_contrast():
    facts = {
        "size_factors_with_groups": {"differs": True, "ranges": {"LPS": [2.2, 3.5], "control": [0.7, 1.1]}},
        "scale": {"depends": True},
    }
    row = {"contrast": "ev", "note": "the tables count the hairpin", "call": "up"}
    copies = {"code": "pseudo_replication", "where": "studies.s.contrasts.ev", "what": "a mouse stands twice"}
    warnings = [
        copies | {"found": "mouse D"},
        copies | {"where": "studies.s.contrasts.other", "found": "x"},
        {"code": "depends_on_scale", "where": "studies.s.contrasts.ev", "what": "said shorter", "found": "x"},
    ]
    assert doubts(row, facts, warnings) == [
        "A mouse stands twice (mouse D).",
        "Size factors differ between the groups (2.2 to 3.5 in LPS against 0.7 to 1.1 in control), so every fold change"
        " hangs on how they were found. Were the libraries of both groups made from the same amount of RNA?",
        "Fold changes depend on scale: whether the typical miRNA or the total is taken as unchanged.",
        "The tables count the hairpin.",
    ]
    assert doubts(row | {"note": None}, {}, []) == []


@pytest.fixture
def planted(tmp_path):
    """Return results in which of the changes one alone is robust, and one that is has a caution that others lack."""
    folder = make(Made(n_contrasts=1), tmp_path / "mine")
    stress, qpcr = STRESS.within(folder, contrast="c1"), QPCR.within(folder, contrast="c1")
    table = read_result(stress)
    called = table.loc[table["call"].isin(["up", "down"]) & (table["feature"] != TARGET), "feature"]
    table["robust"] = table["feature"].isin(called.iloc[[3, 5]]).where(table["feature"].isin(called), None)
    table["n_same_call"] = np.where(table["robust"].eq(True), table["n_variants"], 3)
    write_table(table, stress)
    cautions = read_result(qpcr).astype({"cautions": object, "caution_kinds": object})
    cautions["cautions"], cautions["caution_kinds"] = "a hairpin: both arms counted", "hairpin"
    at = cautions["feature"] == called.iloc[3]
    cautions.loc[at, ["cautions", "caution_kinds"]] = ["both", "hairpin;rrna"]
    write_table(cautions, qpcr)
    return StudyResults("mine", folder), called


def test_changes_that_can_be_trusted_come_first(planted):
    results, called = planted
    table, common = changed(results, "c1")
    own = [feature for feature in table["feature"] if feature != TARGET]
    assert own[:2] == [called.iloc[5], called.iloc[3]], "robust ones, that without a caution of its own before"
    assert common == ["hairpin"], "what all have tells none from another"
    assert table.set_index("feature")["wary"][called.iloc[3]] == "possible rRNA fragment"
    found = changes(results, "c1", TARGET)
    fit = results.fit["c1"].set_index("feature")
    for call in ("up", "down"):
        assert found[call]["n"] == (fit["call"].drop(TARGET) == call).sum()
        assert found[call]["n_robust"] == (fit["call"][called.iloc[[3, 5]]] == call).sum()
        assert len(found[call]["top"]) == min(5, found[call]["n"])


def test_page_marks_what_is_not_robust_and_what_asks_for_care(planted):
    results, _ = planted
    page = build("mine", results.folder)
    card = page[page.index('<section id="answer"') : page.index('<section id="qpcr"')]
    n_variants = len(results.stress_facts["c1"]["variants"])
    assert f"in 3 of {n_variants} re-analyses only" in card
    assert "All of them: a hairpin, both arms counted." in card
    assert "possible rRNA fragment (1)" in card


def test_a_warning_of_the_check_stands_on_the_card_of_its_contrast(tmp_path):
    folder = make(Made(n_contrasts=1), tmp_path / "mine")
    check = CHECK.within(folder)
    warning = {
        "where": "studies.mine.contrasts.c1",
        "what": "libraries are copies",
        "found": "",
        "hint": "",
        "code": "x",
    }
    write_json(read_json(check) | {"warnings": [warning]}, check)
    assert "<strong>Mind.</strong> Libraries are copies." in build("mine", folder)


def test_every_call_class_and_tier_is_in_the_glossary_and_every_link_to_it_leads_there(tmp_path):
    words = [term.words for term in (*TARGET_CALLS.values(), *RELEASE_CLASSES.values())]
    assert [word for word in (*words, *TIERS) if word not in GLOSSARY] == []
    page = build("mine", make(Made(), tmp_path / "mine"))
    for target in set(re.findall(r'href="#([^"]+)"|aria-describedby="([^"]+)"', page)):
        assert f'id="{target[0] or target[1]}"' in page
    templates = "".join(path.read_text() for path in (PAGE / "templates").glob("*.j2"))
    asked = set(re.findall(r'term\("([^"]+)"', templates))
    assert asked <= set(GLOSSARY | OF_A_RECIPIENT)
