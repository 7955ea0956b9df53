"""Any other table with a column of miRNAs, families or seeds, and one of genes; with or without a header.

Columns are known by their names or, that of miRNAs, by its cells; `columns` of `targets` names them where that fails.
"""

import re
from typing import Final

from mircargo.inputs.targets.format import WRITTEN_TYPES, Head, Layout, TargetFormat
from mircargo.problems import did_you_mean, listing, refusal

_MIRNA: Final = re.compile(r"(?:[a-z]{3,6}-)?(?:mir|let|lin|lsy|bantam|MIMAT)[-\d]", re.IGNORECASE)
_SEED: Final = re.compile(r"[ACGUT]{7}", re.IGNORECASE)
_MIRNA_NAMES: Final = (
    "mirna", "mirna_name", "mirna name", "mirna_id", "mirna id", "mir", "mir_id", "microrna", "mature_mirna_id",
    "family", "mir family", "mirna family", "mirna_family", "seed", "seed+m8", "source",
)  # fmt: skip
_GENE_NAMES: Final = (
    "gene", "gene_id", "gene id", "geneid", "gene_symbol", "gene symbol", "genesymbol", "symbol", "gene_name",
    "gene name", "genename", "target", "target gene", "target_gene", "target_symbol", "target_entrez",
    "target_ensembl", "ensembl", "ensembl_gene_id", "ensembl_id", "entrez", "entrez_id", "transcript",
    "transcript_id", "transcript id", "ensembl_transcript_id",
)  # fmt: skip
_TYPES: Final = ("site_type", "site type", "sitetype", "seed match", "seed_match")
_SCORES: Final = (
    "score", "context++ score", "context_score", "weighted context++ score", "mitg_score", "mitg", "target score",
    "weight",
)  # fmt: skip


def layout(head: Head) -> Layout | None:
    given = head.columns
    asked = {key: name for key, name in given.model_dump().items() if name is not None}
    for key, name in asked.items():
        if name not in head.header:
            hint = f"{did_you_mean(name, head.header)} it has {listing(head.header, 15)}".strip()
            where = f"{head.path} (`columns: {key}` of `targets`)"
            raise refusal("no_such_column", "the table of targets has no such column", where, f"'{name}'", hint)
    mirna = given.mirna or _mirna_column(head)
    ids = (given.gene,) if given.gene else _gene_columns(head, mirna)
    if mirna is None or not ids:
        return None
    cells = head.cells(mirna)
    seeds = sum(bool(_SEED.fullmatch(cell)) for cell in cells) > len(cells) / 2
    transcript = next((name for name in ids if "transcript" in name.lower() and len(ids) > 1), None)
    return Layout(
        mirna=mirna,
        ids=ids,
        named="seed" if seeds else "mirna",
        species=head.first("species", "species id", "gene tax id", "organism", "tax_id"),
        site_type=given.site_type or _type_column(head, {mirna, *ids}),
        score=given.score or head.first(*_SCORES),
        transcript=transcript,
        start=head.first("utr_start", "utr start", "start"),
        utr3_length=head.first("utr3_length", "utr_length", "3utr_length", "len_3utr"),
        finding=head.first("support_type", "support type", "positive_negative"),
    )


def _mirna_column(head: Head) -> str | None:
    """Return the column of miRNAs by its cells, or else of families or seeds by its name."""
    shares = {name: _share(head.cells(name), _MIRNA) for name in head.header}
    best = max(shares, key=lambda name: (shares[name], head.first(*_MIRNA_NAMES) == name), default=None)
    if best is not None and shares[best] > 0.5:
        return best
    seeds = [name for name in head.header if _share(head.cells(name), _SEED) > 0.5]
    named = head.first(*_MIRNA_NAMES)
    return seeds[0] if seeds else named


def _gene_columns(head: Head, mirna: str | None) -> tuple[str, ...]:
    found = [name for name in head.header if name.lower() in _GENE_NAMES and name != mirna]
    if not found and len(head.header) == 2:  # what is beside the miRNA
        found = [name for name in head.header if name != mirna]
    if not found and head.header[0] == "column 1":  # no header: the first text that is no miRNA and no site type
        others = [name for name in head.header if name != mirna]
        found = [name for name in others if not set(map(str.lower, head.cells(name))) <= {*WRITTEN_TYPES}][:1]
    return tuple(found)


def _type_column(head: Head, taken: set[str]) -> str | None:
    """Return the column of types of site: by its cells, or else by its name."""
    for name in head.header:
        cells = [cell.lower() for cell in head.cells(name)]
        if name not in taken and sum(cell in WRITTEN_TYPES for cell in cells) > len(cells) / 2:
            return name
    return head.first(*_TYPES)


def _share(cells: list[str], pattern: re.Pattern[str]) -> float:
    match = pattern.match if pattern is _MIRNA else pattern.fullmatch
    return sum(bool(match(cell)) for cell in cells) / len(cells) if cells else 0.0


FORMAT = TargetFormat(
    program="anything else",
    recognised="a column of miRNAs, families or seeds, and one of genes",
    layout=layout,
    order=1,
)
