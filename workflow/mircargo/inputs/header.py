"""The lines of a text table: what separates its cells, which line is the header, and what is above and below it."""

import re
from collections.abc import Sequence

from mircargo.delimited import cells_of, delimiter_of
from mircargo.problems import listing, refusal

NAME_WORDS = {"", "feature", "features", "name", "names", "id", "ids", "mirna", "mirnas", "mir", "mirna_id", "gene"}
NAME_WORDS |= {"geneid", "gene_id", "genes", "mature", "uid", "seq", "sequence", "referenceid", "db", "entry name"}
NAME_WORDS |= {"sample", "samples", "precursor", "mirna name", "mirna_name"}
GFF = ["seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes"]
MIRNA = re.compile(
    r"^(?:[a-z]{3,4}[-._])?(?:mir|let|lin|lsy|iab|bantam)(?:[-._]?\d|$|-[35]p)|(?<![A-Za-z])MI(?:MAT)?\d{7}", re.I
)

ALIKE = "give each row as many cells as the header has names, empty where nothing is known"
"""What to do about rows of different lengths."""

Numbered = list[tuple[int, str]]
"""Lines that are not blank, each with its number in the file."""


def names_feature(cell: str) -> bool:
    """Whether a cell is the name of a miRNA, and not the heading of a column of them (`mir`)."""
    return bool(MIRNA.search(cell.strip())) and cell.strip().lower() not in NAME_WORDS


def without_preamble(numbered: Numbered, delimiter: str) -> tuple[Numbered, list[str], list[str]]:
    """Remove what stands above the header (titles, merged names of groups, rows of numbers); return it, and notes."""
    above: list[str] = []
    notes = []
    while len(numbered) > 2:
        rows = [cells_of(line, delimiter_of(line, "") if i else delimiter) for i, (_, line) in enumerate(numbered[:3])]
        if _is_title(rows[0], numbered):
            notes.append(f"a title above the table is left out: {_quoted(numbered[0][1], delimiter, 80)}")
        elif joined := _with_groups(rows):
            notes.append(f"the groups in row {numbered[0][0]} are put before the names of the samples: '{joined[1]}'")
            numbered = [numbered[0], (numbered[1][0], delimiter.join(joined)), *numbered[2:]]
        elif _is_above_header(rows):
            notes.append(f"left out: row {numbered[0][0]} above the header, '{_quoted(numbered[0][1], delimiter)}'")
        else:
            break
        above.append(numbered[0][1])
        numbered = numbered[1:]
        delimiter = delimiter_of(numbered[0][1], numbered[1][1])
    return numbered, above, notes


def _quoted(line: str, delimiter: str, most: int = 60) -> str:
    """Write a row in a sentence: its cells with commas, not tabs, between them."""
    return ", ".join(cell.strip() for cell in cells_of(line, delimiter) if cell.strip())[:most]


def _is_title(cells: Sequence[str], numbered: Numbered) -> bool:
    """Whether a line is a sentence above the table: one cell, and a header (not numbers) below it and other titles."""
    if not cells[0].strip() or any(cell.strip() for cell in cells[1:]):
        return False
    for _, following in numbered[1:20]:
        below = [cell.strip() for cell in cells_of(following, delimiter_of(following, ""))]
        if sum(map(bool, below)) > 1:
            return not names_feature(below[0]) and not any(is_numeric(cell) for cell in below[1:])
        if any(map(names_feature, below)):
            return False
    return False


def _is_above_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of three rows stands above the header: it has gaps or numbers, the second has names alone."""
    first, header, below = ([cell.strip() for cell in row] for row in rows)
    if names_feature(first[0]) and any(map(is_numeric, first[1:])):
        return False  # a feature with its counts, and the header once more below it
    named = sum(map(bool, header)) > 1 and not any(map(is_numeric, header[1:])) and not names_feature(header[0])
    if not named or not any(map(is_numeric, below[1:])) or not MIRNA.search(below[0] or below[min(1, len(below) - 1)]):
        return False
    gaps = any(not cell for cell in first[1:]) and sum(map(bool, first)) < sum(map(bool, header))
    numbers = [cell for cell in first[1:] if cell]
    if len(set(first[1:])) < len(first[1:]) and len(set(header[1:])) == len(header[1:]) and len(first) == len(header):
        return True  # groups above the names of samples
    return gaps or (bool(numbers) and all(map(is_numeric, numbers)))


def _with_groups(rows: Sequence[Sequence[str]]) -> list[str]:
    """Prefix names that repeat within groups by the group above them (merged cells); else return nothing."""
    first, header, below = ([cell.strip() for cell in row] for row in rows)
    groups, names = first[1:], header[1:]
    if len(first) != len(header) or first[0] or not all(names) or len(set(names)) == len(names):
        return []
    if header[0].lower() not in NAME_WORDS - {""} or not MIRNA.search(below[0]) or not all(map(is_numeric, below[1:])):
        return []
    labels = [label for label in groups if label]
    if not groups[0] or len(labels) == len(groups) or len(set(labels)) < len(labels) or any(map(is_numeric, labels)):
        return []
    over: list[str] = []
    for label in groups:  # a merged cell has its text in its first column
        over.append(label or over[-1])
    joined = [f"{group}_{name}" for group, name in zip(over, names, strict=True)]
    return [header[0], *joined] if len(set(joined)) == len(joined) else []


def without_remarks(numbered: Numbered, delimiter: str) -> tuple[Numbered, list[str]]:
    """Leave out footnotes below a table, and rows within it that are commented out; say which."""
    notes = []
    commented = [(number, line) for number, line in numbered if line.lstrip('"').startswith("#")]
    while numbered and _is_remark(numbered[-1][1], delimiter):
        notes.append(f"a footnote is left out: row {numbered[-1][0]}, '{_quoted(numbered[-1][1], delimiter)}'")
        numbered = numbered[:-1]
    if commented:
        numbered = [(number, line) for number, line in numbered if not line.lstrip('"').startswith("#")]
        rows = [(number, line) for number, line in commented if line.strip("# \t")]
        if rows:
            numbers = listing(number for number, _ in rows)
            notes.append(f"left out: {len(rows)} rows that begin with # (rows {numbers}), such as '{rows[0][1][:40]}'")
    return numbered, notes


def _is_remark(line: str, delimiter: str) -> bool:
    cells = [cell.strip() for cell in cells_of(line, delimiter)]
    text = cells[0] or next((cell for cell in cells if cell), "")
    alone = sum(map(bool, cells)) == 1 and not MIRNA.search(text) and not is_numeric(text)
    return alone and (" " in text or text[0] in "*\u2020\u2021\u00a7([")


def is_header(comment: str, first: str, delimiter: str, where: str) -> bool:
    """Whether a line with `#` names the columns: as many cells as the row below it, which has numbers."""
    names, below = cells_of(comment, delimiter), cells_of(first, delimiter)
    parts = re.split(r"[\t,;|]", comment)
    if len(names) < 2 <= len(parts) and parts[0].lstrip("# ").lower() in NAME_WORDS - {""}:
        what, found = "header and rows have different delimiters", f"the line '{comment[:40]}'"
        raise refusal("delimiters_differ", what, where, found, "write the same one in both")
    if comment.startswith("##") or len(names) < 2 or any(map(is_numeric, names[:2])):
        return False
    if names[0].lstrip("# ").lower() not in NAME_WORDS - {""} and not any(map(is_numeric, below)):
        return False
    if len(names) != len(below):
        what, found = "header and rows have different lengths", f"{len(names)} names in the line '{comment[:40]}'"
        found += f", {len(below)} cells in the row below it"
        raise refusal("header_length_differs", what, where, found, ALIKE)
    return True


def implied_header(cells: list[str], sample: str, path: str, row: int) -> list[str]:
    """Name the columns of a file without a header: a GFF, or names and counts of one sample."""
    if len(cells) == len(GFF) and cells[6] in ("+", "-", ".") and is_numeric(cells[3]) and is_numeric(cells[4]):
        return GFF
    if cells[0].strip().lower() in NAME_WORDS:  # a column called `miR` is no miRNA
        return []
    mirnas, numbers = [names_feature(cell) for cell in cells], list(map(is_numeric, cells))
    if mirnas == [True, False] and numbers[1]:
        return ["", sample]
    if (any(mirnas) and any(numbers)) or mirnas[:2] == [True, False]:
        what = "this table has no header: its first row is a feature and counts"
        hint = "add a row with the names of the columns"
        raise refusal("no_header", what, f"{path}, row {row}", f"'{cells[0]}'", hint)
    return []


def is_numeric(cell: str) -> bool:
    try:
        float(cell.strip().strip('"').replace(",", "."))
    except ValueError:
        return False
    return True


def fit_header(header: list[str], numbered: list[tuple[int, str]], delimiter: str, path: str) -> list[str]:
    """Check that every row has as many cells, and find the names of the columns."""
    widths = []
    for number, line in numbered:
        if line.count('"') % 2:
            where, what = f"{path}, row {number}", "a quotation mark is not closed"
            hint = "close it, or take it out; a mark within a cell in quotes is written twice"
            raise refusal("open_quotation_mark", what, where, line.strip()[:60], hint)
        widths.append(line.count(delimiter) + 1 if '"' not in line else len(cells_of(line, delimiter)))
    wanted = len(header)
    if min(widths) == max(widths) == wanted + 1:
        if all(line.endswith(delimiter) for _, line in numbered):
            return [*header, ""]
        if re.split(r"[\t,;|]", header[0].lower().lstrip("#"))[0].strip() not in NAME_WORDS:
            return ["", *header]  # R's write.table leaves out the name of the row names
    if len(set(widths)) > 1 and wanted not in widths:
        wanted = widths[0]
    for (number, _), width in zip(numbered, widths, strict=True):
        what = "the rows of this table have different lengths"
        if width < wanted:
            at = header[width] if width < len(header) else f"number {width + 1}"
            where, found = f"{path}, row {number}, column '{at}'", f"{width} cells where there should be {wanted}"
            raise refusal("row_lengths_differ", f"{what}: cells are missing", where, found, ALIKE)
        if width > wanted:
            code = "row_lengths_differ"
            if len(set(widths)) == 1:
                code, what = "header_length_differs", "header and rows have different lengths"
            found = f"{width} cells in a row where there should be {wanted}"
            raise refusal(code, what, f"{path}, row {number}", found, ALIKE)
    return header
