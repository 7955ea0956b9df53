"""The layout of a table: names in another column than the first, long tables, no header."""

import re
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.grid import Grid
from mircargo.inputs.header import MIRNA, NAME_WORDS
from mircargo.inputs.numbers import is_number, read_numbers
from mircargo.problems import listing, refusal

LOCATION_COLUMNS: Final = frozenset({
    "chr", "chrom", "chromosome", "seqnames", "seqname", "start", "end", "stop", "strand", "length",
    "gene_length", "width", "score", "chromstart", "chromend", "thickstart", "thickend", "itemrgb", "phase",
    "frame", "position", "pos", "entrez",
    "entrezid", "entrez_id", "entrezgene", "entrez_gene_id", "ncbi_gene_id",
})  # fmt: skip
"""Columns about where a feature lies, in lower case."""
_NAME: Final = re.compile(r"^(?:[a-z]{3,4}[-._])?(?:mir|let|lin|lsy|iab|bantam)(?:[-._]?\d|$|-[35]p)", re.I)
_CAPITAL: Final = re.compile(r"(?:^|[^A-Za-z])miR[-._]?\d|[-._][35]p(?![A-Za-z0-9])")
_INDEX_NAMES: Final = frozenset({
    "", "x", "index", "no", "no.", "nr", "#", "row", "rownames", "row.names", "id", "n",
})  # fmt: skip
SAMPLE_HEADINGS: Final = frozenset({
    "sample", "samples", "sample_id", "sampleid", "sample_name", "samplename", "library", "libraries", "lib",
    "library_id", "name", "run", "barcode", "replicate_id", "gsm", "srr", "variable",
})  # fmt: skip
COUNT_HEADINGS: Final = frozenset({
    "count", "counts", "read_count", "read count", "readcount", "reads", "raw_count", "raw_counts", "value",
})  # fmt: skip
_MAX_CELLS: Final = 2000


def matching_share(cells: list[str], pattern: re.Pattern[str]) -> float:
    """Return which part of cells fits a pattern; of very many, the first are looked at."""
    cells = cells[:_MAX_CELLS]
    return sum(bool(pattern.search(cell)) for cell in cells) / len(cells) if cells else 0.0


def with_names_first(grid: Grid) -> tuple[Grid, set[str], list[str]]:
    """Put the column that holds the names of miRNAs first: mature names before hairpins, names before accessions.

    Return the table, the columns that number its rows and are no samples, and notes.
    """
    shares = {at: _shares_of(grid, at) for at in range(len(grid.header)) if at == 0 or grid.body[at].dtype == object}
    best = max(shares, key=lambda at: (shares[at], -at), default=0)
    if best == 0 or not _is_better(shares[0], shares[best]):
        if not _is_index(grid, 0) or len(grid.header) < 3 or grid.body[1].dtype != object:
            return grid, set(), []
        best = 1  # behind the numbers of the rows, names that are no miRNAs
    order = [best, *(at for at in range(len(grid.header)) if at != best)]
    header = [grid.header[at] for at in order]
    texts = grid.texts[order].set_axis(range(len(order)), axis=1)
    body = grid.body[order].set_axis(range(len(order)), axis=1)
    doubtful = {order.index(at): row for at, row in grid.doubtful.items()}
    index = {grid.header[at] for at in range(len(grid.header)) if _is_index(grid, at)}
    note = f"names stand in column {best + 1}, '{grid.header[best]}'"
    return replace(grid, header=header, texts=texts, body=body, doubtful=doubtful), index, [note]


def _shares_of(grid: Grid, at: int) -> tuple[float, float, float]:
    """Return which part of a column is mature names, names, and accessions."""
    cells = grid.cells(at)
    capital, any_name = matching_share(cells, _CAPITAL), matching_share(cells, _NAME)
    return (round(min(capital, any_name), 1), round(any_name, 1), round(matching_share(cells, MIRNA), 1))


def _is_better(first: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether another column is taken before the first: that has no names, or hairpins where the other has matures."""
    if first[1] <= 0.5:
        return other[1] > 0.5 or (first[2] <= 0.5 < other[2])
    return other[0] > 0.5 and first[0] < 0.3


def _is_index(grid: Grid, at: int) -> bool:
    """Whether a column numbers the rows, as `write.csv` and pandas write it."""
    name = grid.header[at].lower()
    if name not in _INDEX_NAMES and not name.startswith("unnamed:"):
        return False
    cells = grid.cells(at)
    return cells in ([str(n) for n in range(len(cells))], [str(n + 1) for n in range(len(cells))])


def samples_column(grid: Grid) -> int:
    """Return the column of the samples' names where samples stand in rows: behind an index, the second."""
    second = grid.cells(1) if len(grid.header) > 2 else []
    named = len(set(second)) == len(second) and not all(map(is_number, second)) and not MIRNA.search(grid.header[1])
    return 1 if named and _is_index(grid, 0) else 0


def long_to_wide(grid: Grid) -> Grid:
    """Turn a long table (a row for each miRNA of each sample) into one column per sample; return any other as it is."""
    at = _long_columns(grid)
    if at is None:
        return grid
    feature, sample, count = at
    keys = pd.DataFrame({"id": grid.cells(feature), "sample": grid.cells(sample), "row": grid.rows})
    again = keys[keys.duplicated(["id", "sample"], keep=False)]
    if len(again):
        one = again.iloc[0]
        what = "this table has one row per miRNA and sample, and a miRNA has two rows for a sample"
        rows = again.loc[(again["id"] == one["id"]) & (again["sample"] == one["sample"]), "row"]
        found = f"'{one['id']}' of '{one['sample']}'; {len(again)} such rows"
        raise refusal("repeated_pair", what, f"{grid.path}, rows {listing(rows)}", found, "remove the duplicates")
    wide = keys.assign(cell=grid.cells(count)).set_index(["id", "sample"])["cell"].unstack("sample")  # noqa: PD010
    wide = wide.reindex(index=keys["id"].unique(), columns=keys["sample"].unique())
    _raise_if_gaps(wide, grid)
    wide = wide.fillna("")
    texts = wide.reset_index().set_axis(range(wide.shape[1] + 1), axis=1).astype(object)
    numbers = read_numbers(texts, "\t")
    left_out = [name for i, name in enumerate(grid.header) if i not in at]
    note = f"a long table (columns '{grid.header[feature]}', '{grid.header[sample]}', '{grid.header[count]}') is turned"
    note += " into one with a column for each sample" + (f"; left out: {listing(left_out)}" if left_out else "")
    return replace(
        grid,
        header=["feature", *wide.columns],
        texts=numbers.texts,
        body=numbers.body,
        doubtful=numbers.doubtful,
        rows=keys.groupby("id", sort=False)["row"].first().tolist(),
        delimiter="\t",
        notes=[*grid.notes, note],
    )


def _raise_if_gaps(wide: pd.DataFrame, grid: Grid) -> None:
    """Ask about miRNAs that a long table has no row of in some samples: no cell of the file is empty."""
    at = np.argwhere(wide.isna().to_numpy())
    if not len(at) or grid.options.missing_is_zero:
        return
    pairs = listing((f"'{wide.index[row]}' of '{wide.columns[column]}'" for row, column in at), 3)
    what = "a long table without a row of some miRNAs for some samples: an empty cell where a count should be"
    hint = "set `missing_is_zero: true` for this table if it leaves out miRNAs without reads"
    raise refusal("missing_pair", what, grid.path, f"no row for {pairs} ({len(at):,} of {wide.size:,})", hint)


def _long_columns(grid: Grid) -> tuple[int, int, int] | None:
    """Return the columns of names, samples and counts of a long table; None where it is none."""
    width = len(grid.header)
    if width < 3 or len(grid.rows) < 4:
        return None
    numeric = [at for at in range(width) if at > 0 and grid.body[at].dtype != object]
    lower = [name.lower() for name in grid.header]
    counts = [at for at in range(width) if lower[at] in COUNT_HEADINGS] or (numeric if len(numeric) == 1 else [])
    texts = [at for at in range(width) if at not in numeric and at not in counts]
    names = [at for at in texts if matching_share(grid.cells(at), MIRNA) > 0.5] if len(counts) == 1 else []
    others = [at for at in range(width) if lower[at] in SAMPLE_HEADINGS] or [at for at in texts if at not in names]
    if len(counts) != 1 or not names:
        return None
    for feature in sorted(names, key=lambda at: -_shares_of(grid, at)[0]):
        ids = grid.texts[feature]
        for sample in others:
            if sample in (feature, counts[0]):
                continue
            groups = grid.texts[sample]
            different, features = groups.nunique(), ids.nunique()
            full = len(ids) >= 0.5 * different * features and different > 1 and features > 1
            if full and len(ids) > features and not pd.concat([ids, groups], axis=1).duplicated().mean() > 0.5:
                return feature, sample, counts[0]
    return None


def raise_if_headless(grid: Grid) -> None:
    """Refuse a table whose first row are counts, which would become the names of samples, as STAR's do."""
    first, *cells = grid.header
    where = f"{grid.path}, row 1"
    if first == "N_unmapped":
        what = "this is STAR's ReadsPerGene.out.tab: it has no header, and its first four rows are no features"
        hint = "make a table of the names and the column of your protocol (unstranded, sense, antisense), with a header"
        raise refusal("star_without_header", what, where, f"'{first}' and {len(cells)} numbers", hint)
    numbers = len(cells) > 1 and all(map(is_number, cells)) and bool((grid.body.dtypes.iloc[1:].ne(object)).all())
    if first.lower().lstrip("#") in NAME_WORDS or not numbers:
        return
    form = re.sub(r"\d+", "#", first)
    alike = form != first and bool(grid.texts[0].map(lambda text: re.sub(r"\d+", "#", text) == form).mean() > 0.3)
    if alike or len(set(cells)) < len(cells) or "0" in cells or any(float(cell) > 9999 for cell in cells):
        what = "this table has no header: its first row is a feature and counts"
        raise refusal("no_header", what, where, f"'{first}'", "add a row with the names of the columns")
