"""GEO's texts: what a family file says, and that a series matrix says the same."""

import gzip

import pytest

import geo_series as made
from mircargo.init.accession.characteristics import columns_of, facts_in, groups_in
from mircargo.init.accession.delivery import read_text
from mircargo.init.accession.deposit import DepositedSample
from mircargo.init.accession.geo import series_folder
from mircargo.init.accession.soft import read_family, read_matrix
from mircargo.init.accession.species import species_of
from mircargo.problems import ProblemsFound

# As GEO writes them: an empty value, an equals sign and a tab within values, a table whose rows look like records.
FAMILY = """^DATABASE = GeoMiame
!Database_name = Gene Expression Omnibus (GEO)
^SERIES = GSE7
!Series_title = a = b
!Series_summary =
!Series_summary = second line
!Series_sample_id = GSM1
^PLATFORM = GPL1
!Platform_technology = in situ oligonucleotide
#ID = probe
!platform_table_begin
ID\tSEQUENCE
^SAMPLE = GSM99\t!Sample_title = none
!platform_table_end
^SAMPLE = GSM1
!Sample_title = first: of two
!Sample_characteristics_ch1 = tissue: DRG
!Sample_characteristics_ch1 = injury
!Sample_contact_zip/postal_code = 1
!sample_table_begin
ID_REF\tVALUE
!Sample_title = none
!sample_table_end
"""


def test_family_file_by_hand():
    records = read_family(FAMILY, "here")
    assert records.series["title"] == ["a = b"]
    assert records.series["summary"] == ["", "second line"]
    assert records.platforms == {"GPL1": {"technology": ["in situ oligonucleotide"]}}
    assert records.samples == {
        "GSM1": {
            "title": ["first: of two"],
            "characteristics_ch1": ["tissue: DRG", "injury"],
            "contact_zip/postal_code": ["1"],
        }
    }


@pytest.mark.parametrize("series", made.ALL, ids=lambda each: each.__name__)
def test_series_matrix_says_of_samples_what_the_family_file_says(series):
    family, matrix = read_family(series().family(), ""), read_matrix(series().matrix(), "")
    assert family.samples == matrix.samples
    assert family.series["title"] == matrix.series["title"]


def test_matrix_whose_line_is_cut_is_refused():
    text = made.matrix_in_suppl().matrix()
    cut = "\n".join(line.rsplit("\t", 1)[0] if line.startswith("!Sample_title") else line for line in text.split("\n"))
    with pytest.raises(ProblemsFound, match=r"!Sample_title: 5 of 6"):
        read_matrix(cut, "here")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_texts_of_any_age_are_read(encoding, packed, tmp_path):
    content = "µ-opioid, Café".encode(encoding)
    (tmp_path / "x").write_bytes(gzip.compress(content) if packed else content)
    assert read_text(tmp_path / "x", "x") == "µ-opioid, Café"


@pytest.mark.parametrize(
    ("accession", "folder"),
    [("GSE105845", "GSE105nnn"), ("GSE1000", "GSE1nnn"), ("GSE999", "GSEnnn"), ("GSE7", "GSEnnn")],
)
def test_folder_of_a_series(accession, folder):
    assert series_folder(accession) == f"https://ftp.ncbi.nlm.nih.gov/geo/series/{folder}/{accession}"


def test_species():
    assert species_of("Mus musculus", "") == species_of("Mus musculus domesticus", "") == "mmu"
    assert species_of("Sus scrofa", "") == "ssc"
    for organism in ("Mus spretus", "", "Homo sapiens and Mus musculus"):
        with pytest.raises(ProblemsFound) as found:
            species_of(organism, "GSE7")
        assert found.value.problems[0].code == "unknown_species"


def described(*characteristics):
    return [DepositedSample(f"GSM{n}", f"s{n}", characteristics=own) for n, own in enumerate(characteristics)]


def test_characteristics_as_columns():
    columns = columns_of(
        described(
            {"Cell Type": "B", "tissue": "DRG", "group": "a", "sample": "x", "%": "1\t2"},
            {"cell type": "T", "tissue": "DRG", "group": "b", "sample": "y", "%": "1 3"},
        )
    )
    assert columns == {
        "cell_type": ["B", "T"], "given_group": ["a", "b"], "given_sample": ["x", "y"], "characteristic": ["1 2", "1 3"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "fact", "values"),
    [
        ({"patient_id": ["P1", "P2"]}, "subject", ["P1", "P2"]),
        ({"given_subject": ["1", "2"]}, "subject", ["1", "2"]),
        ({"mouse_strain": ["B6", "BALB"]}, "subject", None),
        ({"sequencing_batch": ["1", "2"]}, "batch", ["1", "2"]),
        ({"batch": ["1", "NA"]}, "batch", None),
        ({"material": ["exosomes", "cells"]}, "fraction", ["ev", "cell"]),
        ({"material": ["exosomes", "homogenate"]}, "fraction", ["ev", "source"]),
        ({"cell_type": ["T cells", "B cells"]}, "fraction", None),
    ],
)
def test_facts_in_characteristics(columns, fact, values):
    found = facts_in(columns)
    assert (found[fact][1] if fact in found else None) == values


@pytest.mark.parametrize(
    ("columns", "groups"),
    [
        ({"treatment": ["none", "none", "LPS", "LPS"]}, ["no_treatment", "no_treatment", "LPS", "LPS"]),
        ({"sex": list("mfmf"), "injury": ["sham", "sham", "SNI", "SNI"]}, ["sham", "sham", "SNI", "SNI"]),
        (
            {"genotype": ["wild type", "wild type", "KO", "KO"] * 2, "drug": ["vehicle"] * 4 + ["taxol"] * 4},
            ["wildtype_vehicle"] * 2 + ["KO_vehicle"] * 2 + ["wildtype_taxol"] * 2 + ["KO_taxol"] * 2,
        ),
        ({"dose": ["0", "0", "10", "10"]}, ["dose_0", "dose_0", "dose_10", "dose_10"]),
        ({"mouse": ["1", "2", "3", "4"]}, None),
        ({"injury": ["sham", "sham", "SNI", "SNI", "NA", "NA"]}, None),
    ],
)
def test_groups_in_characteristics(columns, groups):
    n = len(next(iter(columns.values())))
    found = groups_in(columns, [""] * n)
    assert (found.groups if found else None) == groups
