"""Faults of the recipient cells and their targets, each with what it planted."""

from typing import Any

from generated_designs import Alter, Fault, study


def _cells(**values: Any) -> Alter:
    return lambda files: files.study["recipient"].update(values)


def _given(**values: Any) -> Alter:
    return lambda files: files.study["recipient"]["contrast"].update(values)


_CELLS = "studies.nerve.recipient"
RECIPIENTS: list[Fault] = [
    ("as it is", lambda f: None, ()),
    ("no targets", lambda f: f.study.pop("targets"), ("studies.nerve.recipient",)),
    ("no recipient", lambda f: f.study.pop("recipient"), ("studies.nerve.targets",)),
    ("cargo not there", _cells(cargo="exo"), ("recipient.cargo",)),
    ("cargo of no exosomes", _cells(cargo="drg"), ("recipient.cargo",)),
    ("counts and results", _cells(results="results.tsv"), (_CELLS,)),
    ("neither", lambda f: f.study["recipient"].pop("counts"), (_CELLS,)),
    ("no contrast", lambda f: f.study["recipient"].pop("contrast"), (_CELLS,)),
    ("no sheet", lambda f: f.study["recipient"].pop("samples"), (_CELLS,)),
    ("columns beside counts", _cells(columns={"gene": "x"}), (_CELLS,)),
    ("no such table", _cells(counts="cell.tsv"), ("cell.tsv",)),
    ("table of miRNA", _cells(counts="counts.tsv"), ("counts.tsv",)),
    ("no such sheet", _cells(samples="cells.tsx"), ("cells.tsx",)),
    ("sheet of the study", _cells(samples="samples.tsv"), ("samples drg", _CELLS)),
    ("no such level", _given(level="exo"), (f"{_CELLS}.contrast",)),
    ("no such variable", _given(variable="treated"), (f"{_CELLS}.contrast",)),
    ("level is the reference", _given(level="none"), (f"{_CELLS}.contrast",)),
    ("blocking confounded", _given(blocking=["given"]), (f"{_CELLS}.contrast",)),
    ("blocking not there", _given(blocking=["lot"]), (f"{_CELLS}.contrast",)),
    ("exosome asked of cells", _given(exosome=True), (f"{_CELLS}.contrast",)),
    ("expectation asked of cells", _given(expected="up"), (f"{_CELLS}.contrast",)),
    ("slope along text", _cells(numeric=["given"]), (_CELLS,)),
    ("numeric not there", _cells(numeric=["dose"]), (f"{_CELLS}.numeric",)),
    ("paired without subjects", _cells(paired=True), (_CELLS, "cells_samples.tsv")),
    ("no such genes", _cells(genes="gene.tsv"), ("gene.tsv",)),
    ("genes without a length", _cells(genes="targets.tsv"), ("targets.tsv",)),
    ("no such targets", study(targets="target.tsv"), ("target.tsv",)),
    ("targets that are none", study(targets="samples.tsv"), ("samples.tsv",)),
    (
        "column of targets not there",
        lambda f: f.study["targets"]["columns"].update(gene="symbol"),
        ("targets.tsv", "targets.columns"),
    ),
    (
        "column of miRNAs not there",
        lambda f: f.study["targets"]["columns"].update(mirna="family"),
        ("targets.tsv", "targets.columns"),
    ),
    ("score without a column", lambda f: f.study["targets"].update(max_score=-0.1), ("targets.tsv", "max_score")),
    (
        "scores that leave nothing",
        lambda f: f.study["targets"].update(max_score=0, min_score=1),
        ("studies.nerve.targets",),
    ),
    ("no such families", lambda f: f.study["targets"].update(families="fam.txt"), ("fam.txt",)),
    ("families that are none", lambda f: f.study["targets"].update(families="genes.tsv"), ("genes.tsv",)),
    ("targets alone", study(targets="targets.tsv"), ()),
    ("target without targets", lambda f: f.configuration.update(target="miR-124-3p"), ("targets.tsv", "target")),
    ("no such target", lambda f: f.configuration.update(target="miR-21x"), ("target",)),
]
