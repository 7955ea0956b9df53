"""Cargo and consequence side by side: each tier once, each sentence once, and targets that were shown."""

import numpy as np
import pandas as pd
import pytest
from made import make

from mircargo.recipient.agreement import agreement
from mircargo.recipient.de_repression import family_shifts
from mircargo.recipient.sentence import response_sentence
from mircargo.recipient.shown_targets import COLUMNS, shown_targets

FAMILIES = pd.DataFrame(
    [
        # family, shift, pvalue, padj, call
        ("falls", -0.2, 1e-6, 1e-5, "down"),
        ("flat8", -0.2, 1e-6, 1e-5, "down"),
        ("falls_a_little", -0.05, 0.03, 0.2, "none"),
        ("rises", 0.2, 1e-6, 1e-5, "up"),
        ("still", -0.01, 0.6, 0.8, "none"),
        ("few", np.nan, np.nan, np.nan, "not tested"),
    ],
    columns=["family", "shift", "pvalue", "padj", "call"],
).assign(shift_se=0.02, ci_low=-0.3, ci_high=0.3, n_targets=100)
DOSE = pd.DataFrame(
    [
        ("falls", "site type", "8mer", 30, -0.3),
        ("falls", "site type", "7mer-m8", 40, -0.2),
        ("flat8", "site type", "8mer", 30, -0.1),
        ("flat8", "site type", "7mer-m8", 40, -0.25),
        ("rises", "site type", "8mer", 30, 0.3),
        ("rises", "site type", "7mer-m8", 40, 0.2),
    ],
    columns=["family", "by", "stratum", "n_targets", "shift"],
)
# family, change in exosomes, its call, robust -> tier
CASES = {
    ("falls", 2.0, "up", True): "strong",
    ("rises", -2.0, "down", "true"): "strong",
    ("falls", 2.0, "up", False): "supported",
    ("flat8", 2.0, "up", True): "supported",
    ("falls_a_little", 2.0, "up", True): "candidate",
    ("falls_a_little", -2.0, "down", True): "no response",
    ("falls", -2.0, "down", True): "opposed",
    ("rises", 2.0, "up", True): "opposed",
    ("still", 2.0, "up", True): "no response",
    ("falls", 0.3, "inconclusive", False): "cargo unchanged",
    ("falls", 0.0, "unchanged", False): "cargo unchanged",
    ("few", 2.0, "up", True): "not tested",
    ("absent", 2.0, "up", True): "not tested",
}


def cargo(rows):
    table = pd.DataFrame(rows, columns=["seed", "log2FoldChange", "call", "robust"])
    table.insert(0, "feature", [f"miR-{number}" for number in range(1, len(table) + 1)])
    return table.assign(padj=0.01, tier="supported")


@pytest.mark.parametrize(("row", "tier"), CASES.items())
def test_each_tier(row, tier):
    assert agreement(cargo([row]), FAMILIES, DOSE, 0.05)["agreement"].tolist() == [tier]


def test_the_best_agreement_comes_first_and_members_of_a_family_are_named():
    rows = [("still", 2.0, "up", True), ("falls", 0.0, "unchanged", False), ("falls", 2.0, "up", True)]
    found = agreement(cargo([*rows, ("absent", 1.0, "up", True)]), FAMILIES, DOSE, 0.05).set_index("feature")
    assert found["agreement"].to_dict() == {
        "miR-3": "strong", "miR-1": "no response", "miR-2": "cargo unchanged", "miR-4": "not tested",
    }  # fmt: skip
    assert found.index.tolist() == ["miR-3", "miR-1", "miR-2", "miR-4"]
    assert found["same_family"].fillna("").to_dict() == {"miR-3": "miR-2", "miR-1": "", "miR-2": "miR-3", "miR-4": ""}
    assert found.loc["miR-3", ["shift", "shift_padj", "shift_call", "n_targets"]].tolist() == [-0.2, 1e-5, "down", 100]


FOUND = {
    "n_targets": 231, "shift": -0.08, "ci_low": -0.11, "ci_high": -0.05, "pvalue": 2e-6, "call": "down",
    "detectable": 0.05,
}  # fmt: skip
RISES = FOUND | {"shift": 0.08, "ci_low": 0.05, "ci_high": 0.11, "call": "up"}
FALL = "Targets of miR-21-5p fall by 0.08 log2 (0.05 to 0.11, 231 genes, p 2.0e-06) in cells"
RISE = FALL.replace("fall", "rise")


@pytest.mark.parametrize(
    ("found", "cargo", "strata", "sentence"),
    [
        (FOUND, "up", {"8mer": -0.1, "7mer-m8": 0}, f"{FALL}, as its rise there predicts; strongest for 8mer sites."),
        (FOUND, "up", {"8mer": -0.1}, f"{FALL}, as its rise there predicts."),
        (FOUND, "down", {}, f"{FALL}, against what its fall in the exosomes predicts."),
        (RISES, "down", {}, f"{RISE}, as its fall there predicts."),
        (RISES, "up", {}, f"{RISE}, against what its rise in the exosomes predicts."),
        (FOUND, "unchanged", {}, f"{FALL}, while no change of it in the exosomes is called."),
        (FOUND, None, {}, f"{FALL}, while no change of it in the exosomes is called."),
        (
            FOUND | {"shift": -0.01, "ci_low": -0.05, "ci_high": 0.03, "call": "none"}, "up", {},
            "No evidence that the targets of miR-21-5p respond in cells: -0.01 log2 (-0.05 to +0.03, 231 genes); "
            "a shift of 0.05 log2 would have been seen with 80% power.",
        ),
        (
            {"n_targets": 9, "shift": np.nan, "call": "not tested"}, "up", {},
            "miR-21-5p has 9 targets among the genes of cells: too few to be tested.",
        ),
        (
            {"n_targets": 1, "shift": np.nan, "call": "not tested"}, "up", {},
            "miR-21-5p has 1 target among the genes of cells: too few to be tested.",
        ),
        (
            {"n_targets": 5984, "shift": np.nan, "call": "not tested"}, "up", {},
            "The targets of miR-21-5p cannot be tested: too few genes of cells are without a site of it.",
        ),
        (
            FOUND | {"shift": -0.43, "ci_low": -0.69, "ci_high": -0.18, "pvalue": 0.0021, "padj": 0.06, "call": "none"},
            "up", {},
            "No evidence that the targets of miR-21-5p respond in cells: -0.43 log2 (-0.69 to -0.18, 231 genes); "
            "p 0.0021 is no surprise among all families (padj 0.06).",
        ),
        (None, "up", {}, "The table of targets has no site of miR-21-5p."),
    ],
)  # fmt: skip
def test_each_sentence(found, cargo, strata, sentence):
    rows = [("x", "site type", name, 30, shift) for name, shift in strata.items()]
    rows.append(("x", "score decile", "1", 30, -9.0))
    dose = pd.DataFrame(rows, columns=["family", "by", "stratum", "n_targets", "shift"])
    assert response_sentence("miR-21-5p", found, dose, cargo, "cells") == sentence


def test_targets_that_were_shown_stand_beside_the_genes_matched_to_all_targets():
    made = make(5)
    own = made.sites.loc[made.sites["family"] == "a", "gene"].tolist()
    made.change[own[0]] = -9.0  # falls further than any other
    symbols = pd.Series(pd.NA, made.change.index, dtype=object)
    symbols[own[0]] = "SPRY2"
    elsewhere = next(gene for gene in made.change.index if gene not in own)
    symbols[elsewhere] = "Pten"
    tested = family_shifts(made.compared())
    changes = pd.DataFrame({"log2FoldChange": made.change, "lfcSE": 0.1, "padj": 0.5})
    found = shown_targets(changes, pd.DataFrame({"symbol": symbols}), tested, {"miR-21-5p": "a"}).set_index("symbol")
    assert found.reset_index()[COLUMNS].columns.tolist() == COLUMNS
    site = made.sites.loc[made.sites["gene"].eq(own[0]) & made.sites["family"].eq("a"), "site_type"].iloc[0]
    assert found.loc["Spry2", ["gene", "site_type", "log2FoldChange", "share_lower"]].tolist() == [own[0], site, -9, 0]
    assert found.loc["Pten", ["gene", "log2FoldChange"]].tolist() == [elsewhere, made.change[elsewhere]]
    assert found.loc["Pten", ["site_type", "share_lower"]].isna().all()
    assert found.loc["Reck", "note"] == "not among the genes of the recipient"
    assert found.loc["Reck", ["gene", "log2FoldChange"]].isna().all()
    assert "Strickland" in found.loc["Spry2", "source"]


def test_share_lower_is_that_of_the_matched_genes():
    made = make(6)
    gene = made.sites.loc[made.sites["family"] == "a", "gene"].iloc[0]
    tested = family_shifts(made.compared())
    symbols = pd.DataFrame({"symbol": pd.Series({gene: "Pten"})}).reindex(made.change.index)
    changes = pd.DataFrame({"log2FoldChange": made.change, "lfcSE": 0.1, "padj": 0.5})
    found = shown_targets(changes, symbols, tested, {"miR-21-5p": "a"}).set_index("symbol").loc["Pten"]
    matched, change = tested.compared.matched[0], tested.compared.response.change
    own = change[made.change.index.get_loc(gene)]
    # All genes weigh alike here, so the share is that of all pairs of a target and a gene matched to it.
    assert found["share_lower"] == pytest.approx((change[matched.neighbours] < own).mean())
