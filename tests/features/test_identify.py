import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.features.identify import identify
from mircargo.features.mirbase import load_hairpins, load_mature, load_names


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


@pytest.fixture(scope="module")
def history(shared):
    """Every (release, accession, name) of miRBase 6 to 22, apart from the table that the package carries."""
    return pd.read_csv(shared / "reference" / "miRBase_mature_name_history_hsa_mmu_rno.tsv.gz", sep="\t")


@pytest.mark.parametrize(("species", "n", "undecided"), [("hsa", 23_977, 2), ("mmu", 17_443, 0), ("rno", 9_343, 0)])
def test_every_name_of_every_release_is_its_accession(history, species, n, undecided):
    # Release 10 gives hsa-miR-516a-5p to two accessions; nothing else in 50,763 pairs is left open, none is wrong.
    own = history[history["name"].str.startswith(f"{species}-")]
    found = pd.concat(identify(each["name"].tolist(), species).rows for _, each in own.groupby("version", sort=False))
    expected = pd.concat(each["acc"] for _, each in own.groupby("version", sort=False))
    right = found["accession"].to_numpy() == expected.to_numpy()
    assert len(right) == n
    assert (~right).sum() == undecided
    assert found.loc[~right, "ambiguous"].all()
    assert not found.loc[right, "ambiguous"].any()


@pytest.mark.parametrize("species", ["hsa", "mmu", "rno"])
@pytest.mark.parametrize(
    "write", [str.lower, str.upper, str.title, lambda name: name[4:], lambda name: f" {name}\u00a0"]
)
def test_a_whole_table_may_be_written_otherwise(species, write):
    mature = load_mature().query("species == @species")
    rows = identify([write(name) for name in mature["name"]], species).rows
    assert rows["accession"].tolist() == mature["accession"].tolist()
    assert rows["feature"].tolist() == mature["name"].tolist()


def test_matures_and_hairpins_of_one_table_are_told_apart():
    # Without lettered names such as mir-21 of old releases drawing the vote away from 22.
    mature, hairpins = (table.query("species == 'hsa'") for table in (load_mature(), load_hairpins()))
    rows = identify([*mature["name"], *hairpins["name"]], "hsa").rows
    assert rows["accession"].tolist() == [*mature["accession"], *hairpins["accession"]]


@pytest.mark.parametrize(
    ("ids", "species", "reason"),
    [
        (["mmu-let-7g"], "mmu", "is a hairpin, and was a mature miRNA in miRBase 6 to 17"),
        (["MIR21", "hsa-miR-22-5p"], "hsa", "is a hairpin, and was a mature"),
        (["mmu-mir-21", "mmu-mir-22"], "mmu", "a mature miRNA or a hairpin of an older release"),
        (["hsa-miR-500"], "hsa", "has meant MIMAT0002871, MIMAT0004773"),
        # Release 22 renamed what 21 called so; nothing else here tells the two releases apart.
        (["rno-miR-3084a-5p", "rno-miR-21-5p"], "rno", "fit 22, 21"),
    ],
)
def test_what_the_table_does_not_decide_is_ambiguous(ids, species, reason):
    row = identify(ids, species).rows.iloc[0]
    assert row["ambiguous"]
    assert row["accession"] == ""
    assert reason in row["reason"]
    # It must not pass for the miRNA or hairpin that has this name now.
    assert row["feature"] not in {*load_mature()["name"], *load_hairpins()["name"]}


@pytest.mark.parametrize(
    ("text", "species", "feature", "reason"),
    [
        ("MIMAT0000076", "mmu", "hsa-miR-21-5p", "of another species"),
        ("hsa-miR-21-5p", "mmu", "hsa-miR-21-5p", "a name of species hsa"),
        ("mmu.miR.21a.5p", "mmu", "mmu-miR-21a-5p", "by its name in miRBase 22"),
        ("mmu-mir-9-2-5p", "mmu", "mmu-miR-9-5p", "the 5p arm of hairpin mmu-mir-9-2"),
        ("hsa-miR-1179-3p", "hsa", "hsa-miR-1179-3p", "has had hsa-miR-1179, and does not say of which arm"),
        ("MIMAT0003463_1", "mmu", "mmu-miR-685", "miRBase 22.1 no longer has it"),
        ("mmu-miR-685", "mmu", "mmu-miR-685", "miRBase 22.1 no longer has it"),
        ("mmu-miR-1982.1", "mmu", "mmu-miR-1982-3p", "by its name in miRBase 17"),
        ("MIMAT0000543", "mmu", "MIMAT0000543", "no longer has it"),
        ("Hsa-Mir-21_3p*", "hsa", "hsa-miR-21-3p", "the only 3p mature miRNA numbered 21"),
        ("Hsa-Let-7-P1_5p", "hsa", "Hsa-Let-7-P1_5p", "does not name P1"),
        ("Mmu-Mir-21_5p", "mmu", "Mmu-Mir-21_5p", "could be mmu-miR-21a-5p, mmu-miR-21b, mmu-miR-21c"),
        ("Hsa-Mir-21_pre", "hsa", "Hsa-Mir-21_pre", "not of a mature miRNA"),
    ],
)
def test_one_id_and_what_is_said_of_it(text, species, feature, reason):
    row = identify([text], species).rows.iloc[0]
    assert row["feature"] == feature
    assert reason in row["reason"]
    assert not row["ambiguous"]


@pytest.mark.parametrize(
    ("text", "feature", "accession"),
    [
        ("hsa-let-7a-5p/7c-5p", "hsa-let-7a-5p/hsa-let-7c-5p", "MIMAT0000062/MIMAT0000064"),
        ("hsa-miR-103a-3p/107", "hsa-miR-103a-3p/hsa-miR-107", "MIMAT0000101/MIMAT0000104"),
        ("hsa-miR-103a-3p|hsa-miR-107", "hsa-miR-103a-3p/hsa-miR-107", "MIMAT0000101/MIMAT0000104"),
        ("miR-103a-3p; miR-107", "hsa-miR-103a-3p/hsa-miR-107", "MIMAT0000101/MIMAT0000104"),
        ("hsa-miR-199a-3p,b-3p", "hsa-miR-199a-3p/hsa-miR-199b-3p", "MIMAT0000232/MIMAT0004563"),
        ("MIMAT0000101|MIMAT0000104", "hsa-miR-103a-3p/hsa-miR-107", "MIMAT0000101/MIMAT0000104"),
        ("hsa-miR-107:MIMAT0000104:Homo:sapiens|MIMAT0000104", "hsa-miR-107", "MIMAT0000104"),
        ("hsa-miR-107|MIMAT0000104|Homo sapiens", "hsa-miR-107", "MIMAT0000104"),
        ("hsa-miR-500|MIMAT0004773", "hsa-miR-500a-5p", "MIMAT0004773"),
        ("hsa-miR-103a-3p/999z", "hsa-miR-103a-3p/999z", ""),
        ("tRNA/Gly", "tRNA/Gly", ""),
    ],
)
def test_merged_names_are_one_feature(text, feature, accession):
    row = identify([text], "hsa").rows.iloc[0]
    assert (row["feature"], row["accession"]) == (feature, accession)
    assert ("merged" in row["reason"]) == ("/" in accession or "999z" in text)


NAMES = load_names()["name"].unique().tolist()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=12), st.from_regex(r"[A-Za-z]{3}-?[mM]i[rR]-?\d.{0,5}"))
    ),
    st.sampled_from(["hsa", "mmu", "rno"]),
)
def test_any_text_is_an_id(ids, species):
    rows = identify(ids, species).rows
    assert len(rows) == len(ids)
    assert rows["reason"].str.len().gt(0).all()
    assert not (rows["ambiguous"] & (rows["accession"] != "")).any()
    # An id is understood alike wherever it stands, and however often.
    assert identify(ids[::-1] + ids, species).rows["feature"].tolist() == [*rows["feature"][::-1], *rows["feature"]]


@pytest.mark.slow
def test_fifty_thousand_ids_take_seconds():
    start = time.process_time()
    identify([f"mmu-miR-{number}/{number + 1}" for number in range(50_000)], "mmu")
    assert time.process_time() - start < 15
