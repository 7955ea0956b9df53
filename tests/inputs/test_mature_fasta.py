"""miRBase's mature.fa: read whatever its make, and every other file refused with what it is."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import as_text, problems_of
from mircargo.inputs.mature_fasta import read_mature_fasta

# As in miRBase 22.1, but for accessions that begin with MIMAT99, which are made up.
PIG = ">ssc-miR-21-5p MIMAT9900001 Sus scrofa miR-21-5p\nUAGCUUAUCAGACUGAUGUUGA\n"
OTHERS = (
    ">hsa-miR-21-5p MIMAT0000076 Homo sapiens miR-21-5p\nUAGCUUAUCAGACUGAUGUUGA\n"
    ">hsa-let-7a-5p MIMAT0000062 Homo sapiens let-7a-5p\nUGAGGUAGUAGGUUGUAUAGUU\n"
    ">mmu-miR-9-5p MIMAT0000142 Mus musculus miR-9-5p\nUCUUUGGUUAUCUAGCUGUAUGA\n"
)

BASES = st.text("ACGU", min_size=15, max_size=30)
LETTERS = st.from_regex(r"[a-z][a-z0-9]{2,4}", fullmatch=True)
NAMES = st.from_regex(r"(miR-?|let-|lin-|bantam-|miR-BART)[0-9]{1,3}[a-z]?(-[35]p|\*)?", fullmatch=True)
RECORDS = st.lists(st.tuples(LETTERS, NAMES, BASES), min_size=1, max_size=12)


@given(RECORDS, st.data())
def test_entries_come_back_as_they_were_written(tmp_path_factory, records, data):
    accessions = [f"MIMAT{at:07d}" for at in range(len(records))]
    species = data.draw(st.sampled_from([letters for letters, _, _ in records]))
    as_dna, lower, packed = (data.draw(st.booleans()) for _ in range(3))
    width, end = data.draw(st.sampled_from([7, 60])), data.draw(st.sampled_from(["\n", "\r\n"]))
    lines = []
    for accession, (letters, name, bases) in zip(accessions, records, strict=True):
        written = bases.replace("U", "T") if as_dna else bases
        written = written.lower() if lower else written
        lines += [f">{letters}-{name} {accession} Genus species {name}"]
        lines += [written[at : at + width] for at in range(0, len(written), width)]
    text = (end.join(lines) + end).encode()
    path = tmp_path_factory.mktemp("fasta") / "any.name"
    path.write_bytes(gzip.compress(text) if packed else text)
    read = read_mature_fasta(path, species)
    expected = [
        (f"{letters}-{name}", accession, bases)
        for accession, (letters, name, bases) in zip(accessions, records, strict=True)
        if letters == species
    ]
    assert [(each.name, each.accession, each.sequence) for each in read.entries] == expected
    assert read.names == {
        accession: f"{letters}-{name}" for accession, (letters, name, _) in zip(accessions, records, strict=True)
    }
    assert read.in_dna == (as_dna and any("U" in bases for _, _, bases in expected))


def test_the_real_file_of_three_species(shared):
    path = shared / "reference" / "mature_miRBase22.1_hsa_mmu_rno.fa"
    for species in ("hsa", "mmu", "rno"):
        # Counted by grep -c.
        assert len(read_mature_fasta(path, species).entries) == path.read_text().count(f">{species}-")


# What is given in place of miRBase's mature.fa.
WRONG = {
    "hairpins": ">ssc-mir-21 MI0002459 Sus scrofa miR-21 stem-loop\nUGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUC\n",
    "a genome": ">1 dna:primary_assembly\n" + "ACGT" * 5000 + "\n",
    "MirGeneDB": ">Ssc-Mir-21_5p\nUAGCUUAUCAGACUGAUGUUGA\n",
    "a web page": "<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
    "nothing": "",
    "a table": "miRNA,s1,s2\nssc-miR-21-5p,1,2\n",
    "without accessions": ">ssc-miR-21-5p\nUAGCUUAUCAGACUGAUGUUGA\n",
    "no entry of the species": OTHERS,
    "U and T in one": PIG.replace("UAGCUUAUC", "UAGCTTATC"),
    "no bases": PIG.replace("UAGCUUAUC", "UAGNUEAUC"),
    "cut off": OTHERS + PIG.split("\n")[0],
    "one accession twice": PIG + PIG.replace("miR-21-5p", "miR-22-5p"),
    "a zip archive": b"PK\x03\x04rest",
    "half of a gzip file": gzip.compress((OTHERS + PIG).encode())[:60],
    "no text": b"\x00\xff\xfe" * 100,
}


@pytest.mark.parametrize("case", WRONG)
def test_another_file_is_refused_in_one_message(case, tmp_path, monkeypatch, snapshot):
    monkeypatch.chdir(tmp_path)
    content = WRONG[case]
    (tmp_path / "mature.fa").write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = problems_of(read_mature_fasta, "mature.fa", "ssc")
    assert len(problems) == 1
    assert as_text(problems) == snapshot


def test_an_entry_that_stands_there_twice_says_nothing_new(tmp_path):
    (tmp_path / "mature.fa").write_text(PIG + OTHERS + PIG)
    assert {each.accession for each in read_mature_fasta(tmp_path / "mature.fa", "ssc").entries} == {"MIMAT9900001"}
