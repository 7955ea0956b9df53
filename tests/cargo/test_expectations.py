"""Expected directions: a panel's entries found by hand, names against miRBase's history, and messages."""

import pandas as pd
import pytest

from factories import fitted
from mircargo.cargo.expectations import compare, expected_directions, expected_of, find_panel
from mircargo.config import Expectation, Thresholds
from mircargo.inputs.panel import own_panels, read_panel
from mircargo.problems import ProblemsFound

HEADER = "mirna\ttissue\tmodel\tday\tspecies\tdirection\tsource\n"
FEATURES = pd.DataFrame(
    {
        "feature": ["rno-miR-21-5p", "rno-miR-21-3p", "rno-miR-214-3p", "rno-miR-29b-3p"],
        "accession": ["MIMAT0000790", "MIMAT0004711", "MIMAT0000885", "MIMAT0000801"],
    }
)
RESULTS = pd.DataFrame(
    {
        "feature": FEATURES["feature"],
        "log2FoldChange": [2.8, 0.1, 0.9, 0.02],
        "lfcSE": [0.3, 0.8, 0.2, 0.1],
        "padj": [1e-9, 0.9, 1e-4, 0.9],
        "status": "tested",
    }
)


@pytest.fixture
def panel():
    return read_panel("neuropathic_pain")


def compared(panel, expectation):
    held = expected_of(panel, expectation, "rno")
    return compare("cut", held, find_panel(panel, "miR-21-5p", "rno", FEATURES), RESULTS, Thresholds())


def written(tmp_path, text):
    path = tmp_path / "panel.tsv"
    path.write_text(HEADER + text)
    return str(path)


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
    own = read_panel(written(tmp_path, text))
    table = compared(own, Expectation(tissue="DRG", model="x"))
    assert table["feature"].tolist() == ["rno-miR-21-5p", "rno-miR-21-5p", "rno-miR-21-3p"]
    assert table["agrees"].tolist() == ["yes", "no", "open"]
    assert table["note"].fillna("").tolist() == ["the sources disagree", "the sources disagree", ""]


def test_all_that_is_wrong_with_a_panel_is_said_at_once_with_its_row(tmp_path):
    text = "miR-21\tDRG\tx\tsoon\tmmu\thigher\ts\n\tDRG\tx\t7\tmouse\tup\ts\n"
    with pytest.raises(ProblemsFound) as found:
        read_panel(written(tmp_path, text))
    told = [(problem.where.rsplit(",", 1)[-1].strip(), problem.found) for problem in found.value.problems]
    assert told == [
        ("column direction", "'higher'"), ("column day", "'soon'"), ("row 3", ""), ("column species", "'mouse'")
    ]  # fmt: skip
    assert "row 2, column direction" in str(found.value)
    assert "write up, down or NA" in str(found.value)


def test_missing_columns_and_panels(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_text("miRNA,tisue,model,day,species,direction\nmiR-21,DRG,x,7,rno,up\n")
    with pytest.raises(ProblemsFound, match=r"needs the column 'tissue'(.|\n)*'tisue'(.|\n)*needs the column 'source'"):
        read_panel(str(path))
    with pytest.raises(ProblemsFound, match=r"no such panel(.|\n)*neuropathic_pain"):
        read_panel("nowhere.tsv")


def test_a_panel_says_yes_no_or_open():
    panel = pd.DataFrame(
        [("miR-21", "up"), ("miR-214", "up"), ("miR-29b", "down"), ("miR-9", None)], columns=["mirna", "direction"]
    ).assign(tissue="drg", model="m", day=None, species=None, source="s", doi=None, note="as seen")
    panel = panel.astype(object).where(panel.notna(), None)
    features = pd.DataFrame(
        {"feature": ["rno-miR-21-5p", "rno-miR-214-3p", "rno-miR-29b-3p"],
         "accession": ["MIMAT0000790", "MIMAT0000885", "MIMAT0000801"]}
    )  # fmt: skip
    table = pd.DataFrame(
        {"feature": features["feature"], "log2FoldChange": [0.0, 0.1, -2.0], "lfcSE": [0.05, 0.9, 0.3],
         "padj": [0.9, 0.9, 0.001], "status": "tested"}
    )  # fmt: skip
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
    panel = pd.DataFrame([("miR-9", "up"), ("miR-9", "down")], columns=["mirna", "direction"]).assign(
        tissue="drg", model="m", day=None, species=None, source="s", doi=None, note=None
    )
    panel = panel.astype(object).where(panel.notna(), None)
    features = pd.DataFrame({"feature": ["x"], "accession": [pd.NA]})
    held = expected_of(panel, Expectation(tissue="drg", model="m"), "rno")
    found = compare("c", held, find_panel(panel, "miR-21", "rno", features), fitted(), Thresholds())
    assert found["note"].str.endswith("the sources disagree").tolist() == [True, True, False]
    assert found["agrees"].fillna("").tolist() == ["open", "open", ""]
