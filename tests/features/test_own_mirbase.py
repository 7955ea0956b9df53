"""Names of species that the package does not hold: of miRBase's mature.fa, or taken as they are."""

import pandas as pd
import pytest

from factories import as_text, problems_of
from mircargo.config import Study
from mircargo.features.describe import biotypes_of
from mircargo.features.find_target import find_target
from mircargo.features.identify import identify
from mircargo.features.mirbase import family_of, load_hairpins, load_mature
from mircargo.features.own_mirbase import names_as_they_are, names_of_study, vocabulary_of_file

# Names and sequences as in miRBase 22.1 but for those of the pig; accessions that begin with MIMAT99 are made up.
MATURE = """>ath-miR156a-5p MIMAT0000166 Arabidopsis thaliana miR156a-5p
UGACAGAAGAGAGUGAGCAC
>cel-let-7-5p MIMAT0000001 Caenorhabditis elegans let-7-5p
UGAGGUAGUAGGUUGUAUAGUU
>cel-lin-4-5p MIMAT0000002 Caenorhabditis elegans lin-4-5p
UCCCUGAGACCUCAAGUGUGA
>cel-miR-39-3p MIMAT0000010 Caenorhabditis elegans miR-39-3p
UCACCGGGUGUAAAUCAGCUUG
>dme-bantam-3p MIMAT0000365 Drosophila melanogaster bantam-3p
UGAGAUCAUUUUGAAAGCUGAUU
>ebv-miR-BART1-5p MIMAT9900009 Epstein Barr miR-BART1-5p
UCUUAGUGGAAGUGACGUGCUGUG
>hsv1-miR-H1-5p MIMAT9900010 Herpes Simplex miR-H1-5p
GAUGGAAGGACGGGAAGUGGA
>mml-miR-135b-5p MIMAT0006191 Macaca mulatta miR-135b-5p
UAUGGCUUUUCAUUCCUAUGUGA
>ssc-miR-21 MIMAT9900011 Sus scrofa miR-21
UAGCUUAUCAGACUGAUGUUGA
>ssc-miR-9-1 MIMAT9900012 Sus scrofa miR-9-1
UCUUUGGUUAUCUAGCUGUAUGA
>ssc-miR-9-1 MIMAT9900013 Sus scrofa miR-9-1
AUAAAGCUAGAUAACCGAAAGU
"""


@pytest.fixture
def mature(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mature.fa").write_text(MATURE)
    return "mature.fa"


# Species, an id of a table, and the feature that it is: the id itself where nothing is known of it.
IDS = [
    ("ath", "ath-miR156a-5p", "ath-miR156a-5p"),
    ("ath", "ath.miR156a.5p", "ath-miR156a-5p"),
    ("ath", "MIR156A-5P", "ath-miR156a-5p"),
    ("cel", "cel-lin-4-5p", "cel-lin-4-5p"),
    ("cel", "lin-4-5p", "cel-lin-4-5p"),
    ("cel", "cel-let-7-5p_MIMAT0000001", "cel-let-7-5p"),
    ("cel", "cel-miR-39-3p_R-1", "cel-miR-39-3p"),
    ("dme", "bantam-3p", "dme-bantam-3p"),
    ("ebv", "ebv-miR-BART1-5p", "ebv-miR-BART1-5p"),
    ("hsv1", "hsv1-miR-H1-5p", "hsv1-miR-H1-5p"),
    ("hsv1", "miR-H1-5p", "hsv1-miR-H1-5p"),
    ("mml", "MIMAT0006191", "mml-miR-135b-5p"),
    ("ssc", "ssc.miR.21", "ssc-miR-21"),
    # Of another release, another species, a hairpin or a mature miRNA, and of two accessions: not guessed.
    ("ssc", "ssc-miR-21-5p", None),
    ("ssc", "hsa-miR-21-5p", None),
    ("ssc", "ssc-miR-9-1", None),
]


@pytest.mark.parametrize(("species", "text", "feature"), IDS)
def test_ids_are_read_by_the_names_of_the_file(mature, species, text, feature):
    [row] = identify([text], vocabulary_of_file(mature, species)).rows.itertuples()
    assert (row.feature.removesuffix(" (ambiguous)"), row.accession != "") == (feature or text, feature is not None)


def test_what_became_of_the_names_is_said(mature, snapshot):
    names = vocabulary_of_file(mature, "ssc")
    ids = ["ssc-miR-21", "ssc-mir-21", "ssc-miR-21-5p", "hsa-miR-21-5p", "MIMAT0000076", "MIMAT1234567", "ssc-miR-9-1"]
    found = identify([*ids, "Ssc-Mir-21_5p"], names)
    assert "\n".join([*names.notes, found.naming, *found.rows["reason"]]) == snapshot


def test_family_arm_and_seed_are_by_the_name_and_the_sequence(mature):
    facts = pd.concat([vocabulary_of_file(mature, each).own_facts for each in ("ath", "cel", "dme", "ebv", "ssc")])
    assert facts["family"].tolist() == [
        "mir156", "let-7", "lin-4", "mir-39", "bantam", "mir-bart1", "mir-21", "mir-9", "mir-9",
    ]  # fmt: skip
    assert facts.loc["MIMAT9900011"].tolist() == ["ssc", "", "mir-21", "AGCUUAU", "UAGCUUAUCAGACUGAUGUUGA"]
    assert facts.loc["MIMAT0000365", ["arm", "seed"]].tolist() == ["3p", "GAGAUCA"]
    for held in (load_mature(), load_hairpins()):  # as made before the rule was shared
        assert held["name"].map(family_of).equals(held["family"])


def test_names_as_they_are_are_features_of_which_nothing_is_known():
    ids = ["dre-miR-21-5p", "bantam", "U6", "x_1", "hsv1-miR-H1-5p", "ebv-miR-BART1-5p", "osa-miR156a", "novel_mir_3"]
    found = identify(ids, names_as_they_are()).rows
    assert found["feature"].tolist() == ids
    assert set(found["accession"]) == {""}
    rows = found.assign(source_id=ids)
    assert biotypes_of(rows, None, "other").tolist() == ["miRNA", "miRNA", "snRNA", "unknown", *["miRNA"] * 4]


# Of a study of `species`: the target as configured, the rows, and the one that is taken.
TARGETS = [
    ("other", "miR-21-5p", ["dre-miR-21-5p", "dre-miR-9-5p"], "dre-miR-21-5p"),
    ("other", "dre-miR-21-5p", ["miR-21-5p"], "miR-21-5p"),
    ("other", "MIR-21-5P", ["dre-mir-21-5p"], "dre-mir-21-5p"),
    ("other", "hsa-miR-21-5p", ["dre-miR-21-5p"], None),
    ("other", "miR-21-5p", ["dre-miR-21"], None),
    ("other", "miR-21-5p", ["dre-miR-21-5p_MIMAT9900001"], "dre-miR-21-5p_MIMAT9900001"),
    ("other", "MIMAT9900001", ["dre-miR-21-5p|MIMAT9900001"], "dre-miR-21-5p|MIMAT9900001"),
    ("other", "let-7a", ["let-7a", "let-7b"], "let-7a"),
    ("other", "let-7a", ["mir-7a"], None),
    ("other", "miR-H1-5p", ["hsv1-miR-H1-5p"], "hsv1-miR-H1-5p"),
    ("ssc", "miR-21", ["ssc-miR-21", "ssc-miR-21-5p"], "ssc-miR-21"),
    ("ssc", "miR-21", ["hsa-miR-21"], None),
    ("ssc", "MIMAT9900011", ["ssc-miR-21"], "ssc-miR-21"),
    ("ssc", "miR-103", ["ssc-miR-103/ssc-miR-107"], "ssc-miR-103/ssc-miR-107"),
    ("ssc", "miR-21", ["ssc-miR-9/ssc-miR-21", "ssc-miR-7/ssc-miR-21"], "ssc-miR-9/ssc-miR-21"),
    ("ath", "miR-156a-5p", ["ath-miR156a-5p"], None),
]


@pytest.mark.parametrize(("species", "target", "rows", "expected"), TARGETS)
def test_the_target_is_found_by_name_with_and_without_its_species(species, target, rows, expected, snapshot):
    keys = {"ssc-miR-21": "MIMAT9900011", "ssc-miR-103/ssc-miR-107": "MIMAT9900020/MIMAT9900021"}
    features = pd.DataFrame({"feature": rows, "accession": [keys.get(row, float("nan")) for row in rows]})
    found, note = find_target(target, species, features)
    assert found == expected
    assert note == snapshot


def test_several_rows_that_may_be_the_target_are_asked_about(snapshot):
    features = pd.DataFrame({"feature": ["dre-miR-21-5p", "hsa-miR-21-5p"], "accession": [None, None]})
    assert as_text(problems_of(find_target, "miR-21-5p", "other", features)) == snapshot


def study(**keys) -> Study:
    contrast = {"variable": "group", "level": "a", "reference": "b"}
    needed = {"title": "t", "counts": [{"table": "t.tsv"}], "samples": "s.tsv", "contrasts": {"c": contrast}}
    return Study.model_validate(needed | keys)


def test_a_file_that_changed_or_is_not_filled_in_is_refused(mature, snapshot):
    changed = study(species="ssc", mirbase={"file": mature, "sha256": "0" * 64})
    to_fill_in = study(species="ssc", mirbase={"file": "FILL_IN the path"})
    missing = study(species="ssc", mirbase={"file": "missing.fa"})
    texts = [as_text(problems_of(names_of_study, "s", each)) for each in (changed, to_fill_in, missing)]
    assert "\n".join(texts) == snapshot
