"""Expected directions: a panel's entries found by hand, names against miRBase's history, and messages."""

import pandas as pd
import pytest

from factories import as_text, fitted, problems_of
from mircargo.cargo.expectations import compare, expected_directions, expected_of, find_panel
from mircargo.config import Expectation, Thresholds
from mircargo.inputs.panel import own_panels, read_panel

HEADER = "mirna\ttissue\tmodel\tday\tspecies\tdirection\tsource\n"
FEATURES = pd.DataFrame(
    {
        "feature": ["rno-miR-21-5p", "rno-miR-21-3p", "rno-miR-214-3p", "rno-miR-29b-3p"],
        "accession": ["MIMAT0000790", "MIMAT0004711", "MIMAT0000885", "MIMAT0000801"],
    }
)
RESULTS = fitted(FEATURES["feature"], [2.8, 0.1, 0.9, 0.02], [0.3, 0.8, 0.2, 0.1], [1e-9, 0.9, 1e-4, 0.9])


@pytest.fixture
def panel():
    return read_panel("neuropathic_pain")


def panel_of(*entries: tuple[str, str | None], note: str | None = None) -> pd.DataFrame:
    table = pd.DataFrame(entries, columns=["mirna", "direction"]).assign(
        tissue="drg", model="m", day=None, species=None, source="s", doi=None, note=note
    )
    return table.astype(object).where(table.notna(), None)


def compared(panel, expectation):
    held = expected_of(panel, expectation, "rno")
    return compare("cut", held, find_panel(panel, "miR-21-5p", "rno", FEATURES), RESULTS, Thresholds())


# From the papers as cited in the panel's README, one line each.
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("drg", "Nerve  Transection", 7, "rno"), {("miR-21", "up"), ("miR-214", "down")}),
        (("DRG", "nerve transection", 14, "rno"), {("miR-214", "down")}),
        (("DRG", "nerve transection", None, "rno"), {("miR-214", "down")}),
        (("DRG", "nerve transection", 7, "mmu"), set()),
        (("DRG", "spared nerve injury", 7, "mmu"), {("miR-21-5p", "up"), ("miR-23a", "up")}),
        (("sciatic nerve", "diabetes", None, "mmu"), {("miR-21", "down"), ("miR-27a", "down"), ("miR-146a", "down")}),
        (("sciatic nerve", "nerve crush", 14, "rno"), {(f"miR-{x}", "up") for x in ("21", "132", "29a", "29b")}),
        (("sciatic nerve", "nerve crush", 15, "rno"), set()),
        (("DRG exosomes", "capsaicin", None, "mmu"), {("miR-21-5p", "up"), ("miR-23a", "up")}),
        (("spinal cord", "nerve crush", 7, "rno"), set()),
    ],
)
def test_entries_hold_for_their_tissue_model_day_and_species(panel, asked, expected):
    found = expected_directions(panel, *asked)
    assert set(zip(found["mirna"], found["direction"], strict=True)) == expected
    assert list(found) == list(panel)


def test_every_entry_of_our_panel_has_a_source_and_only_the_unseen_signs_lack_a_direction(panel):
    assert list(own_panels()) == ["neuropathic_pain"]
    assert panel["source"].notna().all()
    assert set(panel.loc[panel["direction"].isna(), "source"]) == {"Gu 2022"}
    assert not panel.duplicated(["mirna", "tissue", "model", "day", "species"]).any()


def test_expected_against_observed(panel):
    table = compared(panel, Expectation(tissue="DRG", model="nerve transection", day=7))
    rows = table.drop_duplicates("mirna").set_index("mirna")
    told = ["feature", "expected", "observed", "agrees"]
    assert rows.loc["miR-21", told].tolist() == ["rno-miR-21-5p", "up", "up", "yes"]
    assert rows.loc["miR-214", told].tolist() == ["rno-miR-214-3p", "down", "up", "no"]
    # rno-miR-29b was MIMAT0000801 until miRBase named its arms.
    assert rows.loc["miR-29b", told[:3]].tolist() == ["rno-miR-29b-3p", "no expectation", "unchanged"]
    assert rows.loc["miR-146a", told[1:3]].tolist() == ["no expectation", "not_tested"]
    assert "miR-21-5p" not in rows.index
    assert rows.loc[rows["expected"] == "no expectation", "agrees"].isna().all()
    # A hairpin's name is of no arm: said, not guessed.
    assert pd.isna(rows.loc["miR-30c-1", "feature"])
    assert "never had a mature miRNA" in rows.loc["miR-30c-1", "note"]


def test_without_a_key_nothing_is_expected(panel):
    table = compared(panel, None)
    assert set(table["expected"]) == {"no expectation"}
    assert table["feature"].dropna().is_unique


def test_an_own_panel_may_disagree_with_itself_and_that_is_said(tmp_path):
    text = "rno-miR-21\tdrg\tx\tNA\trno\tup\ta\nMIMAT0000790\tDRG\tX\tNA\tNA\tdown\tb\nmiR-21-3p\tDRG\tX\t\t\tup\tc\n"
    (tmp_path / "panel.tsv").write_text(HEADER + text)
    own = read_panel(str(tmp_path / "panel.tsv"))
    table = compared(own, Expectation(tissue="DRG", model="x"))
    assert table["feature"].tolist() == ["rno-miR-21-5p", "rno-miR-21-5p", "rno-miR-21-3p"]
    assert table["agrees"].tolist() == ["yes", "no", "open"]
    assert table["note"].fillna("").tolist() == ["the sources disagree", "the sources disagree", ""]


PANELS = {
    "values": f"{HEADER}miR-21\tDRG\tx\tsoon\tmmu\thigher\ts\n\tDRG\tx\t7\tmouse\tup\ts\n",
    "columns": "miRNA\ttisue\tmodel\tday\tspecies\tdirection\nmiR-21\tDRG\tx\t7\trno\tup\n",
    "no file": None,
}


@pytest.mark.parametrize("case", PANELS)
def test_all_that_is_wrong_with_a_panel_is_said_at_once(tmp_path, case, snapshot):
    path = tmp_path / "panel.tsv"
    if PANELS[case]:
        path.write_text(PANELS[case])
    assert as_text(problems_of(read_panel, str(path))).replace(f"{tmp_path}/", "") == snapshot


def test_a_panel_says_yes_no_or_open():
    panel = panel_of(("miR-21", "up"), ("miR-214", "up"), ("miR-29b", "down"), ("miR-9", None), note="as seen")
    features = pd.DataFrame(
        {"feature": ["rno-miR-21-5p", "rno-miR-214-3p", "rno-miR-29b-3p"],
         "accession": ["MIMAT0000790", "MIMAT0000885", "MIMAT0000801"]}
    )  # fmt: skip
    table = fitted(features["feature"], [0.0, 0.1, -2.0], [0.05, 0.9, 0.3], [0.9, 0.9, 0.001])
    held = expected_of(panel, Expectation(tissue="DRG", model="M"), "rno")
    mirnas = find_panel(panel, "miR-21-3p", "rno", features)
    found = compare("cut", held, mirnas, table, Thresholds()).set_index("mirna")
    assert found["observed"].to_dict() == {
        "miR-21": "unchanged", "miR-214": "inconclusive", "miR-29b": "down", "miR-9": "not_tested",
        "miR-21-3p": "not_tested",
    }  # fmt: skip
    assert found["agrees"].fillna("").tolist() == ["no", "open", "yes", "", ""]
    assert set(found["contrast"]) == {"cut"}
    assert found.loc["miR-21", ["note", "expected", "tissue"]].tolist() == ["as seen", "up", "drg"]
    assert found.loc["miR-21-3p", "expected"] == "no expectation"


def test_sources_may_disagree_about_a_mirna_that_the_study_lacks():
    panel = panel_of(("miR-9", "up"), ("miR-9", "down"))
    features = pd.DataFrame({"feature": ["x"], "accession": [pd.NA]})
    held = expected_of(panel, Expectation(tissue="drg", model="m"), "rno")
    found = compare("c", held, find_panel(panel, "miR-21", "rno", features), fitted(), Thresholds())
    assert found["note"].str.endswith("the sources disagree").tolist() == [True, True, False]
    assert found["agrees"].fillna("").tolist() == ["open", "open", ""]
