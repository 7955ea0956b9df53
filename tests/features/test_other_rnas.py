"""Rows that are no miRNA of the species, by what they are called."""

import csv

import pytest

from factories import assembled, source
from mircargo.features.mirbase import load_hairpins, load_mature, load_names
from mircargo.features.other_rnas import kind_of, species_of
from mircargo.features.parts import Source
from mircargo.inputs.registry import read_table

NAMES = {
    "piRNA": "hsa_piR_012345 piR-hsa-1207 hsa_piR_016000/gb/DQ500000/Homo hsa-piR-32972 piR-36249 DQ570940 piRNA_7",
    "tRNA": "tRNA-Gly-GCC tRNA-Gly-GCC-1-1 tRF-22-8EKSP1852 tRF-Gly-GCC-001 Gly_Comb_1 5'tiRNA 5'tiRNA-Gly tsRNA-1 "
    "tRF-1 3'-tRF-Ala mt-tRNA-Phe hsa_tRNA-Ala i-tRF-5 Glu-CTC",
    "snoRNA": "SNORD44 SNORA12 Snord44 ACA45 HBII-85 HBI-36 RNU44 RNU48 U48 SCARNA5 snoRNA202",
    "snRNA": "U6 RNU6-2 RNU6B RNU1 RNU1-1 RNVU1-18 U2",
    "Y_RNA": "RNY4 RNY4P10 hY4 Y_RNA Y_RNA.12",
    "rRNA": "RNA5S RNA5S1 RNA5-8SN5 RNA18SN5 5.8S 5.8S_rRNA 18S_rRNA rRNA MT-RNR1",
    "vault_RNA": "VTRNA1-1 vtRNA2-1 vault_RNA",
    "7SL_RNA": "RN7SL1 7SL",
    "7SK_RNA": "RN7SK 7SK",
    "lncRNA": "LINC00152 MALAT1 XIST ZEB1-AS1 SNHG1",
    "mRNA": "GAPDH ACTB Gapdh RPL13A NM_001101 MT-ND1",
    "spike_in": "ERCC-00002 UniSp2 UniSp100 cel-miR-39-3p ath-miR-159a spike-in_3",
}
OWN = "x y spike_1 own_1 gene1 novel_miR_3 feature_12 miR-99999 candidate-12 A1 let7 U Y1 E1 sample 21 E-cadherin P1_3"


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names.split()])
def test_an_rna_is_known_by_its_name(kind, name):
    assert kind_of(name) == kind_of(f' "{name} "') == kind


def test_no_mirna_and_no_name_of_a_user_is_another_rna():
    names = {*load_mature()["name"], *load_hairpins()["name"], *load_names()["name"], *OWN.split()}
    assert [name for name in names for text in (name, name.upper(), name[4:]) if kind_of(text)] == []
    assert {species_of(name) for name in load_mature()["name"]} == {"hsa", "mmu", "rno"}
    assert [name for name in OWN.split() if species_of(name)] == []
    assert [species_of(name) for name in ("ptr-miR-21", "' ptr.let.7'", "new-miR-5", "mir-21")] == [
        "ptr", "ptr", "", "",
    ]  # fmt: skip


def imported(ids, wanted, **more):
    table = source(ids, [[i, 1] for i in range(1, len(ids) + 1)], "refuse", **more)
    return assembled(table, species="hsa", biotypes=wanted)


def test_other_rnas_are_fitted_where_the_configuration_lists_them():
    ids = ["hsa-miR-21-5p", "piR-hsa-1207", "SNORD44", "mmu-miR-9-5p", "own_1"]
    found = imported(ids, ["miRNA"])
    assert list(found.counts.index) == ["hsa-miR-21-5p", "own_1"]
    assert found.ledger["action"].tolist() == ["kept", "dropped", "dropped", "dropped", "kept"]
    told = found.ledger["reason"]
    assert "does not list piRNA under `biotypes`" in told[1]
    assert told[3].startswith("a name of species mmu, and the study is of hsa")
    assert found.balance["dropped_reads"].tolist() == [2 + 3 + 4, 3]
    assert "1 piRNA (3 reads), 1 snoRNA (4 reads), 1 other_species (5 reads)" in found.notes[-1]
    assert list(imported(ids, ["miRNA", "piRNA"]).counts.index) == ["hsa-miR-21-5p", "piR-hsa-1207", "own_1"]
    assert list(imported(ids, ["miRNA", "other_species"]).counts.index) == ["hsa-miR-21-5p", "mmu-miR-9-5p", "own_1"]
    assert list(imported(ids, None).counts.index) == ids


def test_what_a_reader_states_goes_before_the_name():
    kinds = imported(["SNORD44", "U6"], ["miRNA"], biotypes=["miRNA", ""]).rows["biotype"]
    assert kinds.tolist() == ["miRNA", "snRNA"]
    # Reads that fit the study's species as well are not of another one.
    kinds = imported(["mmu-miR-99998", "mmu-miR-99998/hsa-miR-99999"], None).rows["biotype"]
    assert kinds.tolist() == ["other_species", "unknown"]


@pytest.mark.parametrize(
    "name", ["other_rnas/qiaseq.csv", "other_rnas/mixed.tsv", "isomirs_and_species/ev_allspecies.tsv"]
)
def test_cases_of_other_rnas_and_species(shared, name):
    path = shared / "cases" / name
    with path.open() as handle:
        rows = list(csv.reader(handle, delimiter="," if name.endswith("csv") else "\t"))[1:]
    found = assembled(Source(read_table(str(path))), species="hsa", biotypes=["miRNA"])
    expected = {row[0]: sum(map(int, row[1:])) for row in rows if row[0].startswith("hsa-")}
    assert found.counts.sum(axis=1).to_dict() == expected
    dropped = found.ledger[found.ledger["action"] == "dropped"]
    assert set(dropped["source_id"]) == {row[0] for row in rows} - set(expected)
    assert dropped["reason"].str.contains("does not list").all()
