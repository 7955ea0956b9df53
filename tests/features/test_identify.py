import re
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import rows_as_text
from mircargo.features.identify import identify
from mircargo.features.mirbase import load_hairpins, load_mature, load_names
from mircargo.features.name_history import vocabulary


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


def test_names_are_read_in_the_release_that_explains_most():
    # Release 17: miR-21, miR-21* and miR-103 were the names; in 22 none of them is.
    found = identify(["mmu-miR-21", "mmu-miR-21*", "mmu-miR-9", "mmu-let-7a"], vocabulary("mmu"))
    assert found.rows["feature"].tolist() == ["mmu-miR-21a-5p", "mmu-miR-21a-3p", "mmu-miR-9-5p", "mmu-let-7a-5p"]
    assert "4 of 4 ids are mature names" in found.naming


@pytest.fixture(scope="module")
def history(shared):
    """Return every (release, accession, name) of miRBase 6 to 22, apart from the table that the package carries."""
    return pd.read_csv(shared / "reference" / "miRBase_mature_name_history_hsa_mmu_rno.tsv.gz", sep="\t")


@pytest.mark.parametrize(("species", "n", "undecided"), [("hsa", 23_977, 2), ("mmu", 17_443, 0), ("rno", 9_343, 0)])
def test_every_name_of_every_release_is_its_accession(history, species, n, undecided):
    # Release 10 gives hsa-miR-516a-5p to two accessions; nothing else in 50,763 pairs is left open, none is wrong.
    own = history[history["name"].str.startswith(f"{species}-")]
    found = pd.concat(
        identify(each["name"].tolist(), vocabulary(species)).rows for _, each in own.groupby("version", sort=False)
    )
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
    rows = identify([write(name) for name in mature["name"]], vocabulary(species)).rows
    assert rows["accession"].tolist() == mature["accession"].tolist()
    assert rows["feature"].tolist() == mature["name"].tolist()


def test_matures_and_hairpins_of_one_table_are_told_apart():
    # Without lettered names such as mir-21 of old releases drawing the vote away from 22.
    mature, hairpins = (table.query("species == 'hsa'") for table in (load_mature(), load_hairpins()))
    rows = identify([*mature["name"], *hairpins["name"]], vocabulary("hsa")).rows
    assert rows["accession"].tolist() == [*mature["accession"], *hairpins["accession"]]


# Of each species ids by themselves; where several stand in one entry, what is told is of the first beside the others.
IDS = {
    "hsa": """
        Hsa-Mir-21_3p  Hsa-Mir-21_3p*  Hsa-Let-7-P1_5p  Hsa-Mir-21_pre  hsa-miR-1179-3p
        hsa-miR-103a-3p/hsa-miR-107  hsa-mir-16-1/hsa-mir-16-2  hsa-miR-107/zzz  hsa-let-7a-5p/7c-5p
        hsa-miR-103a-3p/107  hsa-miR-103a-3p|hsa-miR-107  miR-103a-3p;miR-107  hsa-miR-199a-3p,b-3p
        MIMAT0000101|MIMAT0000104
        hsa-miR-107:MIMAT0000104:Homo:sapiens|MIMAT0000104  hsa-miR-107|MIMAT0000104|Homo  hsa-miR-500|MIMAT0004773
        hsa-miR-103a-3p/999z  tRNA/Gly  hsa-miR-500  MIR21+hsa-miR-22-5p  hsa-miR-500+hsa-miR-21-5p+hsa-miR-182-5p
        hsa-mir-21_precursor  hsa-miR-21_precursor  hsa-mir-16-1_stemloop  pre-mir-451a  MI0000060
        hsa-mir-223_MI0000300  mmu-mir-21a_MI0000569  hsa-mir-21_mature  hsa-mir-451a_mature  hsa-miR-155-5p_mature
        hsa-miR-155_mature  hsa-mir-99999_mature  xyz_precursor  hsa-miR-21-5p_hsa-mir-21  hsa-mir-21|hsa-miR-21-5p
        hsa-miR-21-5p_pre-hsa-mir-21  hsa-miR-21-5p_hsa-mir-21_mature  hsa-miR-21-5p_hsa-mir-21_precursor
        hsa-miR-500_hsa-mir-500a  hsa-mir-16-1-5p_hsa-mir-16-1  hsa-miR-21-5p_MI0000077  hsa-miR-21-5p_MI0000078
        hsa-miR-21-5p_hsa-mir-22  hsa-let-7a-5p_hsa-let-7a-1_hsa-let-7a-2  hsa-let-7a-5p_MIRLET7A1  hsa-miR-21-5p_MIR21
        MIMAT0000062_hsa-let-7a-1  MIMAT0000062|MI0000060|MI0000077  hsa-miR-21-5p_R-1  hsa-miR-21-5p_hsa-mir-21_R-1
        hsa-miR-21-5p|ref  xyz_R-1  hsa-miR-500_L+1  hsa-mir-34b_hsa-mir-34b  hsa-mir-34b_hsa-miR-34b
        hsa-miR-155+hsa-miR-21-5p+hsa-miR-155-3p  hsa-miR-129-5p+hsa-miR-21+hsa-miR-155
        hsa-miR-155-5p_precursor  hsa-miR-16_precursor  hsa-miR-223_MI0000300  hsa-mir-99999_MI0000077
        MIMAT0000062|hsa-let-7a-1  MIMAT0000062|hsa-mir-22  MIMAT0000062|hsa-let-7b-5p|hsa-let-7a-1
        MIMAT0000280_hsa-miR-223  MIMAT0000280_hsa-mir-223-5p  hsa-miR-21-5p(mature)  hsa.mir.21._mature
        MIR21+MIR16-1  MIR21+MIR16-1+MIR22-5P  MIR21+MIR22-5P+MIR155*  hsa-let-7g+hsa-mir-16-1  hsa-let-7g+hsa-miR-155
        hsa-let-7g+MI0000070
        hsa-let-7g+hsa-let-7a-1  hsa-let-7g+hsa-let-7a-5p+hsa-let-7f-5p  hsa-let-7a-5p+hsa-let-7g+hsa-mir-16-1
        'hsa-miR-21\u20125p'  hsa.miR.155.  miR.21.5p  7c-5p  hsa-let-7a-5p/c-5p/-3p  hsa-mir-21,22
        hsa-mir-522-5p_hsa-mir-522  hsa-miR-1302_hsa-mir-1302-1_hsa-mir-1302-2_hsa-mir-1302-3_hsa-mir-1302-4
    """,
    "mmu": """
        MIMAT0000530  MIMAT0000530_1  mmu-miR-99_MIMAT0000530_Mus  MIMAT0000076  MIMAT0003463  MIMAT0003463_1
        MIMAT0000543  mmu-miR-9-5p  miR-9-5p  mmu.miR.9.5p  mmu.miR.21a.5p  hsa-miR-9-5p  hsa-miR-21-5p  xyz
        mmu-mir-9-1  mmu-mir-21a  mmu-let-7a-1  mmu-let-7g+mmu-let-7a-1+mmu-mir-9-1  mmu-miR-685  mmu-miR-1982.1
        Hsa-Mir-21_5p  Mmu-Mir-9_pre  Mmu-Mir-9-P2_5p  Mmu-Mir-99999_5p  Mmu-Mir-21_5p  mmu-mir-9-2-5p
        mmu-let-7g  mmu-mir-21+mmu-mir-22
    """,
    # Release 22 renamed what 21 called so; nothing else here tells the two releases apart.
    "rno": "rno-miR-3084a-5p+rno-miR-21-5p  rno-miR-21-5p",
}


@pytest.mark.parametrize("species", IDS)
def test_one_id_and_what_is_said_of_it(species, snapshot):
    rows = []
    for text in IDS[species].split():
        # The plus of an isomiR is none between ids.
        found = identify(re.split(r"(?<!_L)\+", text), vocabulary(species))
        row = found.rows.iloc[[0]].join(found.parts)
        rows.append(row.assign(ambiguous=row["ambiguous"].map({True: "ambiguous", False: ""}), id=text))
    table = pd.concat(rows)[["id", "feature", "accession", "level", "ambiguous", "locus", "variant", "reason"]]
    assert rows_as_text(table) == snapshot
    # What is ambiguous must not pass for the miRNA or hairpin that has this name now.
    unsure = table[table["ambiguous"] != ""]
    assert set(unsure["accession"]) == {""}
    now = {*load_mature()["name"], *load_hairpins()["name"]}
    assert not now & set(unsure["feature"])


NAMES = load_names()["name"].unique().tolist()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=12), st.from_regex(r"[A-Za-z]{3}-?[mM]i[rR]-?\d.{0,5}"))
    ),
    st.sampled_from(["hsa", "mmu", "rno"]),
)
def test_any_text_is_an_id(ids, species):
    rows = identify(ids, vocabulary(species)).rows
    assert len(rows) == len(ids)
    assert rows["reason"].str.len().gt(0).all()
    assert not (rows["ambiguous"] & (rows["accession"] != "")).any()
    # An id is understood alike wherever it stands, and however often.
    assert identify(ids[::-1] + ids, vocabulary(species)).rows["feature"].tolist() == [
        *rows["feature"][::-1],
        *rows["feature"],
    ]


@pytest.mark.slow
def test_fifty_thousand_ids_take_seconds():
    start = time.process_time()
    identify([f"mmu-miR-{number}/{number + 1}" for number in range(50_000)], vocabulary("mmu"))
    assert time.process_time() - start < 15


def test_what_is_said_of_a_whole_table():
    assert identify(["mmu-mir-9-1", "mmu-mir-9-2", "mmu-let-7g"], vocabulary("mmu")).naming == (
        "3 of 3 ids are names of hairpins: the arm is unknown"
    )
    assert (
        identify(["MIMAT0000530", "MIMAT0000142_1"], vocabulary("mmu")).naming == "2 of 2 ids carry a miRBase accession"
    )
    merged = identify(["hsa-miR-103a-3p/107", "hsa-miR-21-5p", "hsa-miR-9983-3p"], vocabulary("hsa")).naming
    assert merged == "3 of 3 ids are mature names of miRBase 22; 1 ids name several miRNAs"
    assert identify(["x", "y"], vocabulary("hsa")).naming == "0 of 2 ids are mature names of miRBase 22"
    assert identify([], vocabulary("hsa")).naming == ""
