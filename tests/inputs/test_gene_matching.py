"""Genes of the recipient and of targets, by identifiers of several kinds: the pairs are made up."""

import numpy as np
import pandas as pd
import pytest

from mircargo.inputs.gene_ids import kind_of, species_of_ids
from mircargo.inputs.gene_matching import OwnGenes, match_genes, match_problems, refuse_other_species
from mircargo.problems import ProblemsFound

SYMBOLS = ["Aaa1", "Bbb2", "Ccc3", "Ddd4"]
ENSEMBL = [f"ENSMUSG{i:011d}" for i in range(4)]


def own(ids, weight=None, expressed=None, **more):
    table = pd.DataFrame({"gene": ids, **more}, index=pd.Index(ids, name="gene"))
    n = len(ids)
    return OwnGenes(
        table,
        np.asarray(weight if weight is not None else range(n, 0, -1), dtype=float),
        np.asarray(expressed if expressed is not None else [True] * n),
    )


@pytest.mark.parametrize(
    ("ids", "kind", "species"),
    [
        (["ENSG00000171862.11", "ENSG00000141510"], "gene", "hsa"),
        (["ENSMUST00000013807.8"], "transcript", "mmu"),
        (["FBgn0000008", "FBgn0000017"], "gene", "dme"),
        (["5728", "7157"], "entrez", ""),
        (["PTEN", "TP53", "100"], "symbol", ""),
    ],
)
def test_kind_and_species_of_identifiers(ids, kind, species):
    assert kind_of(ids) == kind
    assert species_of_ids(ids) == species


@pytest.mark.parametrize(
    ("ids", "targets", "column"),
    [
        (ENSEMBL, {"id": [f"{each}.7" for each in ENSEMBL], "symbol": SYMBOLS}, "id"),
        ([f"{each}.2" for each in ENSEMBL], {"id": [f"{each}.7" for each in ENSEMBL]}, "id"),
        (SYMBOLS, {"id": ENSEMBL, "symbol": SYMBOLS}, "symbol"),
        (["11", "12", "13", "14"], {"entrez": ["11.0", "12.0", "13.0", "99.0"]}, "entrez"),
    ],
    ids=["version", "versions differ", "symbols", "a spreadsheet's decimals"],
)
def test_the_identifiers_that_fit_are_found(ids, targets, column):
    matched = match_genes(own(ids), {name: pd.Index(each) for name, each in targets.items()})
    assert matched.target_column == column
    expected = {gene: target for gene, target in zip(ids, targets[column], strict=True) if "99" not in target}
    assert matched.target_of.to_dict() == expected


def test_a_column_beside_the_genes_may_fit():
    matched = match_genes(own(ENSEMBL, symbol=SYMBOLS), {"Gene Symbol": pd.Index(SYMBOLS)})
    assert matched.own_column == "symbol"
    assert matched.target_of.to_dict() == dict(zip(ENSEMBL, SYMBOLS, strict=True))


def test_of_genes_with_one_identifier_the_most_expressed_is_taken():
    matched = match_genes(own(ENSEMBL, [1, 9, 3, 4], symbol=["A1", "A1", "B2", "C3"]), {"s": pd.Index(["A1", "B2"])})
    assert matched.target_of.to_dict() == {ENSEMBL[1]: "A1", ENSEMBL[2]: "B2"}
    assert matched.repeated == 1


def test_case_counts_where_symbols_match_by_it():
    """In the fly `w` and `W` are two genes."""
    matched = match_genes(own(["w", "W", "Abc", "abd"]), {"s": pd.Index(["W", "Abc", "abd"])})
    assert matched.target_of.to_dict() == {"W": "W", "Abc": "Abc", "abd": "abd"}
    assert not matched.folded


def refused(genes, targets, species):
    targets = {name: pd.Index(each) for name, each in targets.items()}
    with pytest.raises(ProblemsFound) as error:
        refuse_other_species(match_genes(genes, targets), genes, targets, "targets.txt", species)
    (problem,) = error.value.problems
    assert problem.code == "targets_of_other_species"
    return problem


def test_targets_of_another_species_are_told_by_ensembl():
    problem = refused(own(SYMBOLS), {"id": ["ENSG00000171862"], "s": [s.upper() for s in SYMBOLS]}, "mmu")
    assert problem.found == "'ENSG00000171862' in column 'id' is of human"


def test_targets_of_another_species_are_told_by_the_case_of_symbols():
    problem = refused(own(SYMBOLS), {"s": [s.upper() for s in SYMBOLS]}, "mmu")
    assert "AAA1" in problem.found
    assert "Aaa1" in problem.found


def test_rats_genes_match_the_symbols_of_mouse_as_targetscan_has_them():
    genes = own(SYMBOLS)
    targets = {"id": pd.Index(ENSEMBL), "s": pd.Index(SYMBOLS)}
    refuse_other_species(match_genes(genes, targets), genes, targets, "targets.txt", "rno")
    refused(genes, {"id": ENSEMBL, "s": SYMBOLS}, "hsa")


def test_less_than_half_is_refused_with_examples_of_both_sides():
    (problem,) = match_problems(match_genes(own(ENSEMBL), {"s": pd.Index(SYMBOLS)}), "targets.txt", "counts.tsv")
    assert (problem.code, problem.severity, problem.where) == ("genes_do_not_match", "error", "targets.txt")
    assert "gene ids of Ensembl, FlyBase or WormBase, the table of targets gene symbols" in problem.found
    assert SYMBOLS[0] in problem.found
    assert ENSEMBL[0] in problem.found
    assert "counts.tsv" in problem.found


@pytest.mark.parametrize(
    ("n_genes", "n_targets", "n_shared", "codes"),
    [(10, 10, 10, []), (20, 30, 15, []), (10, 30, 10, ["few_genes_match"]), (10, 30, 4, ["genes_do_not_match"])],
)
def test_half_is_the_limit(n_genes, n_targets, n_shared, codes):
    """The larger of both shares decides whether it is refused, the smaller whether it is said."""
    ids = [f"Gene{i}" for i in range(n_genes)]
    theirs = ids[:n_shared] + [f"Other{i}" for i in range(n_targets - n_shared)]
    problems = match_problems(match_genes(own(ids), {"s": pd.Index(theirs)}), "targets.txt", "counts.tsv")
    assert [each.code for each in problems] == codes
