"""Cautions of real names; what the lists hold is held against miRBase."""

from importlib.resources import files

import pandas as pd
import pytest

from mircargo.cargo.cautions import blood_derived, cautions, in_words, load_markers, of_features, with_markers
from mircargo.cargo.cross_mapping import COLUMNS
from mircargo.features.mirbase import load_mature

RELATIVES = pd.DataFrame(
    [
        ("mmu-miR-21b", "mmu-miR-21a-5p", 1, 0.005, 0.6, 0.0, "follows"),
        ("mmu-miR-21c", "mmu-miR-21a-5p", 1, 0.002, 0.6, 0.4, "cannot_tell"),
    ],
    columns=COLUMNS,
)
FEATURES = pd.Series(
    {
        "mmu-miR-21b": "MIMAT0025121",
        "mmu-miR-21c": "MIMAT0025148",
        "mmu-miR-6236": "MIMAT0024857",
        "mmu-mir-6240": "MI0021587",
        "mmu-miR-451a": "MIMAT0001632",
        "mmu-miR-124-3p": "MIMAT0000134",
        "novel": pd.NA,
        "mmu-miR-124-3p/mmu-miR-6236": "MIMAT0000134/MIMAT0024857",
    }
).to_frame("accession")
COUNTS = pd.DataFrame({"a": [1, 1, 70, 1, 1, 25, 1, 0], "b": [1, 1, 50, 1, 1, 45, 1, 0]}, index=FEATURES.index)


def test_each_caution_with_its_source():
    found = {name: in_words(each) for name, each in cautions(COUNTS, FEATURES, RELATIVES, blood=False).items()}
    assert found["mmu-miR-21b"] == "its reads may be misread ones of mmu-miR-21a-5p (1 edit away and 0.5% of its reads)"
    assert found["mmu-miR-21c"] == "the counts cannot tell it from misread reads of mmu-miR-21a-5p (1 edit away)"
    assert found["mmu-miR-6236"] == "holds up to 70% of a library; its reads may be fragments of rRNA [microglia_ev]"
    assert found["mmu-mir-6240"] == "a hairpin: both arms counted; its reads may be fragments of rRNA [microglia_ev]"
    assert found["mmu-miR-124-3p"] == "holds up to 45% of a library"
    assert found["mmu-miR-451a"] == ""
    assert found["novel"] == "no miRNA that miRBase knows"
    assert found["mmu-miR-124-3p/mmu-miR-6236"] == "its reads may be fragments of rRNA [microglia_ev]"


def test_cautions_that_need_no_sequences_are_the_same_of_normalised_counts():
    known = FEATURES.assign(species="mmu", sequence=None).rename_axis("feature").reset_index()
    found = of_features(COUNTS / [0.5, 4], known, blood=False)
    assert found == {
        "mmu-miR-6236": "holds up to 70% of a library; its reads may be fragments of rRNA [microglia_ev]",
        "mmu-mir-6240": "a hairpin: both arms counted; its reads may be fragments of rRNA [microglia_ev]",
        "mmu-miR-124-3p": "holds up to 45% of a library",
        "mmu-miR-124-3p/mmu-miR-6236": "its reads may be fragments of rRNA [microglia_ev]",
        "novel": "no miRNA that miRBase knows",
    }
    assert "mmu-miR-451a" in of_features(COUNTS, known, blood=True)


def test_markers_of_haemolysis_only_in_blood():
    found = cautions(COUNTS, FEATURES, RELATIVES, blood=True)["mmu-miR-451a"]
    assert in_words(found) == "rises in plasma and serum when red blood cells break [plasma_haemolysis]"
    assert blood_derived(["Plasma_EV"])
    assert not blood_derived(["exosome", "drg", None])


def test_markers_are_known_by_their_sequence_in_other_species():
    mature = load_mature().set_index("name")["sequence"]
    sequences = {
        "ssc-miR-451": mature["hsa-miR-451a"],
        "ssc-miR-23a": mature["hsa-miR-23a-3p"] + "A",  # as pig, cow and dog have it
        "ssc-miR-23b": mature["hsa-miR-23b-3p"],  # differs in a base near its end
        "ssc-miR-9": None,
    }
    known = pd.DataFrame({"species": "ssc", "sequence": sequences, "accession": "MIMAT9900000"})
    found = with_markers(known)["accession"]
    assert [len(each.split("/")) for each in found] == [2, 2, 1, 1]
    counts = pd.DataFrame({"a": [1, 1, 1, 1], "b": [1, 1, 1, 1]}, index=known.index)
    cautioned = cautions(counts, with_markers(known), RELATIVES, blood=True)
    rises = "rises in plasma and serum when red blood cells break [plasma_haemolysis]"
    assert in_words(cautioned["ssc-miR-451"]) == rises
    assert in_words(cautioned["ssc-miR-23a"]) == rises.replace("rises", "falls")
    assert cautioned["ssc-miR-23b"] == []
    mouse = known.assign(species="mmu")
    assert with_markers(mouse)["accession"].equals(mouse["accession"])


def test_names_as_they_are_are_not_said_to_be_unknown_to_mirbase():
    found = cautions(COUNTS, FEATURES.assign(accession=pd.NA), RELATIVES, blood=True)
    assert found["novel"] == []


@pytest.mark.parametrize("name", ["rrna_like", "blood"])
def test_lists_name_what_mirbase_names_with_a_source_that_is_explained(name):
    listed, mature = load_markers(name), load_mature().set_index("accession")
    assert (mature.loc[listed.index, ["name", "species"]] == listed[["name", "species"]]).all(axis=None)
    page = files("mircargo.resources").joinpath("markers", "README.md").read_text(encoding="utf-8")
    assert all(f"`{source}`" in page for source in listed["source"])


def test_markers_of_mouse_and_rat_have_the_human_sequences():
    sequences = load_mature().set_index("accession")["sequence"][load_markers("blood").index]
    assert sequences.value_counts().tolist() == [3, 3, 3, 3]


def test_edits_of_a_relative_stand_in_its_caution():
    rows = [("p", "o", 0, 0.005, 0.6, 0.0, "follows"), ("q", "o", 2, 0.05, 0.6, 0.0, "cannot_tell"),
            ("r", "o", 1, 0.05, 0.6, 0.0, "own_reads"), ("s", "o", 2, 0.0123, 0.6, 0.0, "follows")]  # fmt: skip
    names = list("pqrs")
    known = pd.DataFrame({"accession": ["MIMAT0000134"] * 4}, index=names)
    counts = pd.DataFrame({"a": [1] * 4, "b": [1] * 4}, index=names).reindex([*names, "big"], fill_value=1)
    counts.loc["big"] = 100
    found = cautions(counts.loc[names] * 0 + 1, known, pd.DataFrame(rows, columns=COLUMNS), False)
    texts = {name: [each.text for each in own] for name, own in found.items()}
    assert texts["p"][0] == (
        "its reads may be misread ones of o (the same sequence, shifted or extended, and 0.5% of its reads)"
    )
    assert texts["q"][0] == "the counts cannot tell it from misread reads of o (2 edits away)"
    assert not any("misread" in text for text in texts["r"])
    assert texts["s"][0] == "its reads may be misread ones of o (2 edits away and 1.2% of its reads)"
