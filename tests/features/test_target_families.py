"""Families of miRNAs by bases 2 to 8; seeds are those of miRBase 22.1, written here by hand."""

import pytest

from mircargo.features.name_history import vocabulary
from mircargo.features.own_mirbase import names_as_they_are
from mircargo.features.target_families import read_families, seed_of, seeds_of
from mircargo.problems import ProblemsFound

INFO = """miR family\tSeed+m8\tSpecies ID\tMiRBase ID\tMature sequence\tFamily Conservation?\tMiRBase Accession
miR-124-3p.1\tAAGGCAC\t10090\tmmu-miR-124-3p.1\tUAAGGCACGCGGUGAAUGCC\t2\tMIMAT0000134
miR-9-5p\tCUUUGGU\t9606\thsa-miR-9-5p\tUCUUUGGUUAUCUAGCUGUAUGA\t2\tMIMAT0000441
"""


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("mmu-miR-21a-5p", "AGCUUAU"),
        ("mmu-miR-21", "AGCUUAU"),  # release 17
        ("mmu-miR-21*", "AACAGCA"),
        ("MIMAT0000530", "AGCUUAU"),
        ("miR-21-5p/590-5p", "AGCUUAU"),
        ("let-7-5p/98-5p", "GAGGUAG"),
        ("miR-17-5p/20-5p/93-5p/106-5p", "AAAGUGC"),
        ("miR-15-5p/16-5p/195-5p/322-5p/497-5p", "AGCAGCA"),
        ("miR-1-3p/206", "GGAAUGU"),
        ("miR-30-5p", "GUAAACA"),
        ("miR-124-3p.1", ""),
        ("mmu-miR-99999", ""),
    ],
)
def test_seeds_of_mirnas_and_families(name, seed):
    row = seeds_of([name], vocabulary("mmu")).loc[name]
    assert row["seed"] == seed
    assert bool(row["reason"]) == (not seed)


def test_targetscans_families_go_before_mirbase(tmp_path):
    path = tmp_path / "miR_Family_Info.txt"
    path.write_text(INFO)
    families = read_families(str(path), "mmu")
    assert families == {"mir-124-3p.1": "AAGGCAC", "mmu-mir-124-3p.1": "AAGGCAC"}
    assert seeds_of(["miR-124-3p.1"], vocabulary("mmu"), families)["seed"].tolist() == ["AAGGCAC"]
    with pytest.raises(ProblemsFound, match="no row of the species"):
        read_families(str(path), "rno")


def test_where_no_name_is_known_each_is_its_own_family():
    assert seeds_of(["x-1"], names_as_they_are())["seed"].tolist() == ["x-1"]


@pytest.mark.parametrize(
    ("sequence", "seed"), [("TGGAATGTAAAGAAG", "GGAAUGU"), ("uggaaugu", "GGAAUGU"), ("UGGAAUG", ""), ("miR-1", "")]
)
def test_seed_of_a_sequence(sequence, seed):
    assert seed_of(sequence) == seed
