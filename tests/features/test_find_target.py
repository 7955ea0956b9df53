import pandas as pd
import pytest

from mircargo.features.find_target import find_target
from mircargo.features.mirbase import load_mature
from mircargo.problems import ProblemsFound
from studies import read_study


@pytest.mark.parametrize(
    ("target", "species", "name"),
    [
        ("miR-21-5p", "mmu", "mmu-miR-21a-5p"),
        ("miR-21-5p", "rno", "rno-miR-21-5p"),
        ("miR-21-5p", "hsa", "hsa-miR-21-5p"),
        ("mmu-miR-21", "mmu", "mmu-miR-21a-5p"),
        ("miR-21a-5p", "mmu", "mmu-miR-21a-5p"),
        ("MIMAT0000530", "mmu", "mmu-miR-21a-5p"),
        ("miR-21*", "hsa", "hsa-miR-21-3p"),
    ],
)
def test_target_is_found_by_any_of_its_names(target, species, name):
    mature = load_mature()
    features = mature[mature["species"] == species].rename(columns={"name": "feature"})
    assert find_target(target, species, features) == (name, "")


def test_target_is_found_as_its_hairpin_and_this_is_said(shared):
    _, counts, _ = read_study("microglia_ev", shared)
    feature, note = find_target("miR-21-5p", "mmu", counts.features)
    assert feature == "mmu-mir-21a"
    assert "hairpin" in note


def test_target_that_the_tables_lack_and_one_that_mirbase_lacks():
    nothing = pd.DataFrame({"feature": ["x"], "accession": ["MIMAT0000001"]})
    assert find_target("miR-21-5p", "mmu", nothing)[0] is None
    with pytest.raises(ProblemsFound, match="never had a mature miRNA of this name"):
        find_target("miR-21z", "mmu", nothing)


def test_target_is_found_in_a_merged_row_and_this_is_said():
    features = pd.DataFrame(
        {
            "feature": ["x", "hsa-miR-103a-3p/hsa-miR-107", "hsa-mir-107"],
            "accession": [pd.NA, "MIMAT0000101/MIMAT0000104", "MI0000114"],
        }
    )
    feature, note = find_target("miR-107", "hsa", features)
    assert feature == "hsa-miR-103a-3p/hsa-miR-107"
    assert "merge it with hsa-miR-103a-3p, so reads of both are in" in note
    alone = pd.DataFrame({"feature": ["hsa-miR-107"], "accession": ["MIMAT0000104"]})
    feature, note = find_target("miR-107", "hsa", pd.concat([features, alone]))
    assert feature == "hsa-miR-107"
    assert "hsa-miR-103a-3p/hsa-miR-107" in note


def test_target_of_two_meanings_is_refused_unless_one_of_them_is_its_name_now():
    features = pd.DataFrame({"feature": ["x"], "accession": ["MIMAT0000209"]})
    with pytest.raises(ProblemsFound, match="has meant several mature miRNAs"):
        find_target("miR-500", "hsa", features)
    # mmu-miR-129-5p was another miRNA in release 6.
    assert find_target("miR-129-5p", "mmu", features) == ("x", "")


def test_table_without_any_accession_has_no_target():
    # As read back from features.tsv: a column of nothing but NA.
    features = pd.DataFrame({"feature": ["x"], "accession": [float("nan")]})
    assert find_target("miR-21-5p", "hsa", features) == (None, "no row of the tables is hsa-miR-21-5p (MIMAT0000076)")


def test_target_may_be_a_row_that_mirbase_does_not_name():
    features = pd.DataFrame({"feature": ["Mmu-Mir-21_5p"], "accession": [pd.NA]})
    feature, note = find_target("Mmu-Mir-21_5p", "mmu", features)
    assert feature == "Mmu-Mir-21_5p"
    assert "the row of this name was taken" in note


def test_two_arms_of_one_hairpin_are_not_said_to_be_merged():
    both = pd.DataFrame({
        "feature": ["hsa-miR-21-5p/hsa-miR-21-3p"], "accession": ["MIMAT0000076/MIMAT0004494"]
    })  # fmt: skip
    feature, note = find_target("miR-21-5p", "hsa", both)
    assert feature == "hsa-miR-21-5p/hsa-miR-21-3p"
    assert note.startswith("the tables do not say which arm of hsa-mir-21 it is")
