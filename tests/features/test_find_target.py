"""The row of the target by any of its names, and what is said where it is no row of its own."""

import pandas as pd
import pytest

from factories import as_text, problems_of
from mircargo.features.find_target import find_target
from mircargo.features.mirbase import load_hairpins, load_mature
from studies import read_study

KEYS = {**load_mature().set_index("name")["accession"], **load_hairpins().set_index("name")["accession"]}


def rows(*names: str) -> pd.DataFrame:
    """Return features by name, with the accessions that miRBase has for them; a merged one has those of its parts."""
    keys = ["/".join(KEYS.get(part, "") for part in name.split("/")) or float("nan") for name in names]
    return pd.DataFrame({"feature": list(names), "accession": keys})


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
        # It was another miRNA in release 6.
        ("miR-129-5p", "mmu", "mmu-miR-129-5p"),
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


MERGED = "hsa-miR-103a-3p/hsa-miR-107"
THREE, TWO = "hsa-let-7a-5p/hsa-let-7c-5p/hsa-let-7e-5p", "hsa-let-7a-5p/hsa-let-7c-5p"
# The target, the species, the rows of the tables.
CASES = {
    "one hairpin of two": ("let-7c-5p", "mmu", ["mmu-let-7c-2"]),
    "two hairpins": ("let-7c-5p", "mmu", ["mmu-let-7c-2", "mmu-let-7c-1"]),
    "merged with one": ("let-7a-5p", "hsa", [TWO]),
    "merged with two": ("let-7a-5p", "hsa", [THREE]),
    "merged twice": ("let-7a-5p", "hsa", [THREE, TWO]),
    "merged twice and by itself": ("let-7a-5p", "hsa", [THREE, TWO, "hsa-let-7a-5p"]),
    "merged, with its hairpin": ("miR-107", "hsa", ["x", MERGED, "hsa-mir-107"]),
    "merged and by itself": ("miR-107", "hsa", ["x", MERGED, "hsa-mir-107", "hsa-miR-107"]),
    "both arms of a hairpin": ("miR-21-5p", "hsa", ["hsa-miR-21-5p/hsa-miR-21-3p"]),
    "no row": ("miR-21-5p", "mmu", ["x", "hsa-let-7a-5p"]),
    "an accession without a row": ("MIMAT9999999", "mmu", ["hsa-let-7a-5p"]),
    "a table without any accession": ("miR-21-5p", "hsa", ["x"]),
    "a row that miRBase does not name": ("x", "mmu", ["x"]),
    "a row of MirGeneDB": ("Mmu-Mir-21_5p", "mmu", ["Mmu-Mir-21_5p"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_taken_for_the_target_and_what_is_said_of_it(case, snapshot):
    target, species, names = CASES[case]
    feature, note = find_target(target, species, rows(*names))
    assert f"{feature}: {note}" == snapshot
    assert feature is None or feature in names


@pytest.mark.parametrize(("target", "species"), [("miR-500", "hsa"), ("miR-21z", "mmu")])
def test_targets_that_cannot_be_one(target, species, snapshot):
    assert as_text(problems_of(find_target, target, species, rows("hsa-let-7a-5p"))) == snapshot
