"""The sample sheet as text."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mircargo.init.guess import Guess
from mircargo.problems import listing
from mircargo.vocabulary import FILL_IN


@dataclass(frozen=True)
class Described:
    """What an archive says of a study, beside its tables.

    Attributes
    ----------
    title
        Of the study.
    guess
        Its samples with groups and fractions.
    sources
        Address and checksum of each table's file, by the path where it will lie.
    columns
        Further columns of the sheet; of each sample of `guess`, in its order.
    left_out
        Columns of the tables that are no samples of the study.
    about
        Lines of comment for the configuration: where it is from, and how samples were found.
    about_samples
        Lines of comment for the sheet.
    """

    title: str
    guess: Guess
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    about: Sequence[str] = ()
    about_samples: Sequence[str] = ()


def sheet_text(guess: Guess, config_path: str, described: Described | None = None) -> str:
    """Write the sample sheet; comment lines stand before its header."""
    rows = [(sample, place) for sample in guess.samples for place in sample.places]
    columns: dict[str, list[str]] = {"sample": [sample.name for sample, _ in rows]}
    if any(sample.name != column for sample, (_, column) in rows):
        columns["column"] = [column for _, (_, column) in rows]
    if len({column for _, (_, column) in rows}) < len(rows):
        files = {table: Path(table).name for _, (table, _) in rows}
        names = files if len(set(files.values())) == len(files) else dict(zip(files, files, strict=True))
        columns["table"] = [names[table] for _, (table, _) in rows]
    columns["group"] = [sample.group or FILL_IN for sample, _ in rows]
    for column in dict.fromkeys(("fraction", "replicate", "batch", "subject", "sex", *guess.further)):
        if guess.column(column):
            columns[column] = [sample.facts[column] for sample, _ in rows]
    if described:
        numbers = [number for number, sample in enumerate(guess.samples) for _ in sample.places]
        columns |= {name: [cells[number] for number in numbers] for name, cells in described.columns.items()}
    out = io.StringIO()
    out.write(
        f"# Samples of {in_comment(config_path)}. `sample` names a sample, `column` its column in the count table.\n"
    )
    if described and described.columns:
        given = listing(described.columns, len(described.columns))
        out.write(f"# As the series has them: {given}.\n")
    if guess.further:
        out.write(f"# As the table has them: {listing(guess.further, len(guess.further))}.\n")
    out.write(f"# All other columns are GUESSES from the names: check and correct them. {FILL_IN}: write it.\n")
    if len(rows) > len(guess.samples):
        out.write(
            "# Rows of one `sample` are one library: lanes, runs or technical replicates, whose reads are added up.\n"
        )
    out.write("# Columns may be added (subject, batch, sex) and named in the configuration. Empty or NA: not known.\n")
    out.writelines(f"# {in_comment(line)}\n" for line in (described.about_samples if described else ()))
    # A name that begins with # is quoted, so that its line is not taken for a comment.
    hashed = any(name.startswith("#") for name in columns["sample"])
    writer = csv.writer(
        out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL if hashed else csv.QUOTE_MINIMAL
    )
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def in_comment(text: str) -> str:
    """Keep a text on one line of comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
