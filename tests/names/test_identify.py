import pandas as pd
import pytest

from mircargo.names.identify import find_target, identify
from mircargo.names.mirbase import load_mature, load_names
from mircargo.problems import ProblemsFound
from studies import read_study


def test_mirbase_tables_are_whole():
    # miRBase 22.1: matures of human, mouse and rat; and what evidence says of miR-21.
    mature = load_mature()
    assert mature["species"].value_counts().to_dict() == {"hsa": 2656, "mmu": 1978, "rno": 764}
    row = mature.set_index("name").loc["mmu-miR-21a-5p"]
    assert (row["accession"], row["seed"], row["family"]) == ("MIMAT0000530", "AGCUUAU", "mir-21")
    assert row["hairpins"] == "mmu-mir-21a"
    names = load_names()
    ranges = names[names["accession"] == "MIMAT0000530"][["name", "first", "last"]].to_numpy().tolist()
    assert ranges == [["mmu-miR-21", "6", "17"], ["mmu-miR-21-5p", "18", "18"], ["mmu-miR-21a-5p", "19", "22"]]


def test_accession_in_the_id_decides():
    rows = identify(["MIMAT0000530", "MIMAT0000530_1", "mmu-miR-99_MIMAT0000530_Mus"], "mmu").rows
    assert set(rows["feature"]) == {"mmu-miR-21a-5p"}


def test_names_are_read_in_the_release_that_explains_most():
    # Release 17: miR-21, miR-21* and miR-103 were the names; in 22 none of them is.
    found = identify(["mmu-miR-21", "mmu-miR-21*", "mmu-miR-9", "mmu-let-7a"], "mmu")
    assert found.rows["feature"].tolist() == ["mmu-miR-21a-5p", "mmu-miR-21a-3p", "mmu-miR-9-5p", "mmu-let-7a-5p"]
    assert "4 of 4 ids are mature names" in found.naming


def test_name_of_two_meanings_is_not_guessed():
    # hsa-miR-500 is one accession up to 9.2 and another in 10 to 15; the other names here are of release 22.
    row = identify(["hsa-miR-21-5p", "hsa-miR-182-5p", "hsa-miR-500"], "hsa").rows.iloc[2]
    assert row["ambiguous"]
    assert row["feature"] == "hsa-miR-500"
    assert row["accession"] == ""


def test_hairpins_keep_their_names_and_have_no_arm():
    found = identify(["mmu-mir-21a", "mmu-let-7a-1", "mmu-let-7g", "mmu-mir-9-1"], "mmu")
    assert found.rows["feature"].tolist() == ["mmu-mir-21a", "mmu-let-7a-1", "mmu-let-7g", "mmu-mir-9-1"]
    assert set(found.rows["level"]) == {"hairpin"}


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
