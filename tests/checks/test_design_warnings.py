"""What the check warns of in a sample sheet, on sheets small enough to see why."""

import pandas as pd
import pytest

from factories import as_text, sheet, study_of
from mircargo.checks.contrasts import contrasts_with_samples
from mircargo.checks.design import depth_with_group, design_warnings
from studies import read_study


def depth_warnings(study, table, counts) -> list:
    return [
        problem
        for _, contrast, place, chosen in contrasts_with_samples(study, table, "x")
        for problem in depth_with_group(counts, chosen, contrast, place)
    ]


def contrast(**changes) -> dict:
    return {"contrasts": {"c": {"variable": "group", "level": "case", "reference": "control"} | changes}}


DAYS = {"level": "day_7_r", "reference": "day_7_l"}
SLOPE = {"variable": "dose", "level": 3, "reference": 0}
DOSES = {"dose": "00112233", "sex": "ffmmffmm"}
# Columns beside the groups of 4 controls and 4 cases; keys of the study.
CASES = {
    "subjects": ({"subject": "abcdefgh"}, {}),
    "a subject twice in a group": ({"subject": "aacdefgh"}, {}),
    "subjects in both groups": ({"subject": "abcdabcd"}, {}),
    "subjects as blocking": ({"subject": "abcdabcd"}, contrast(blocking=["subject"])),
    "subjects twice and in both groups": ({"subject": "aabbaabb"}, {}),
    "a kit for each group": ({"kit": "xxxxyyyy"}, {}),
    "three kits, none in both groups": ({"kit": "xxzzyyyy"}, {}),
    "one sample out of line": ({"kit": "xxxyyyyy"}, {}),
    "kits in both groups": ({"kit": "xyxyxyxy"}, {}),
    "one kit": ({"kit": "xxxxxxxx"}, {}),
    "a value for each sample": ({"kit": "abcdefgh"}, {}),
    "a value for nearly each sample": ({"kit": "aabcdefg"}, {}),
    "a kit as blocking": ({"kit": "xxxxyyyy"}, contrast(blocking=["kit"])),
    "a kit in the design": ({"kit": "xxxxyyyy"}, contrast(design="~ kit + group")),
    "a column that restates the group": (
        {"group": ["day_7_l"] * 4 + ["day_7_r"] * 4, "kit": "xxxxyyyy", "leg": "llllrrrr"}, contrast(**DAYS)
    ),
    "similar values": ({"treatment": ["IL-10", "IL10", "Control", "control", "a+", "a-", "1.5", "15"]}, {}),
    "similar columns": ({"Group": "abcdefgh", "batch": "abcdefgh", "Batch": "abcdefgh"}, {}),
    "a slip": ({"group": ["contol", *["control"] * 3, *["case"] * 4]}, {}),
    "another group": ({"group": ["sham", *["control"] * 3, *["case"] * 4]}, {}),
    "a name somebody chose": ({"group": ["contol", "contol", *["control"] * 2, *["case"] * 4]}, {}),
    "a number that tells groups apart": (
        {"group": ["control2", *["control1"] * 3, *["case"] * 4]}, contrast(reference="control1")
    ),
    "a small group": ({"group": ["control"] * 2 + ["sham"] * 2 + ["case"] * 4}, {}),
    # Two samples of a dose are no small group, and the groups that the doses happen to go with no confounding.
    "a slope": (DOSES, {"numeric": ["dose"], "contrasts": {"c": SLOPE}}),
    "doses as groups": (DOSES, {"contrasts": {"c": SLOPE}}),
    "a slope over subjects": (DOSES | {"subject": "aabcdefg"}, {"numeric": ["dose"], "contrasts": {"c": SLOPE}}),
    "an interaction": ({"sex": "ffmmffmm"}, contrast(interaction={"variable": "sex", "level": "m", "reference": "f"})),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_designs(case, snapshot):
    columns, changes = CASES[case]
    table = sheet(**{"group": ["control"] * 4 + ["case"] * 4} | columns)
    said = design_warnings(study_of(**changes), table.assign(column=table.index), "studies.mine")
    assert as_text(said) == snapshot


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        # 274.8 / 114.5 = 2.40, of geometric means
        ([100, 110, 120, 130, 260, 270, 280, 290], ["2.4-fold", "'case' 260 to 290 reads; 'control' 100 to 130 reads"]),
        ([100, 110, 120, 130, 131, 140, 150, 160], []),  # apart, but 1.3-fold
        ([100, 110, 120, 900, 800, 970, 980, 990], []),  # over 2-fold, but not apart
    ],
)
def test_depth_that_goes_with_the_groups(totals, found):
    table = sheet(group=["control"] * 4 + ["case"] * 4)
    problems = depth_warnings(study_of(), table, pd.DataFrame([totals], columns=table.index))
    assert len(problems) == bool(found)
    assert all(text in problems[0].found for text in found)


def test_the_public_studies_get_no_warning_that_they_do_not_deserve(shared):
    for name, expected in (("microglia_ev", 0), ("joint_injury", 1), ("myotube_ev", 1)):
        study, read, table = read_study(name, shared)
        problems = design_warnings(study, table, "x")
        assert len(problems) == expected, problems
        if name == "joint_injury":  # both legs of the naive mice, by the sheet: mice D, E and F
            assert all(mouse in problems[0].found for mouse in "DEF"), problems[0]
        assert depth_warnings(study, table, read.counts) == []
