"""A configuration and a sample sheet for tables that have none yet."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mircargo.init.found_tables import describe_tables, reads_beside_umis, stacked_tables
from mircargo.init.guess import Guess, guess_samples, is_blood, is_vesicle
from mircargo.init.quoting import quoted
from mircargo.init.sheet_text import Described, in_comment, sheet_text
from mircargo.init.table_columns import guess_from_columns
from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, ProblemsFound, listing
from mircargo.vocabulary import FILL_IN

LEFT_OUT = re.compile(r"undetermined(_S0.*)?", re.IGNORECASE)
SCHEMA = Path("workflow/schemas/config.schema.json")


@dataclass(frozen=True)
class Start:
    """What to write, and what to tell the user.

    Attributes
    ----------
    config, sheet
        The texts of the two files.
    understood
        What was found and guessed, in words, a line each.
    complete
        Whether the study can be run as it is.
    """

    config: str
    sheet: str
    understood: list[str]
    complete: bool


@dataclass(frozen=True)
class Place:
    """What a study is called, and the files that are to be written."""

    name: str
    config: str
    sheet: str


@dataclass(frozen=True)
class ProposedContrast:
    """A contrast as proposed."""

    name: str
    fraction: str | None
    level: str
    reference: str


def compose(
    place: Place, of_species: Sequence[str], tables: Sequence[RawTable], described: Described | None = None
) -> Start:
    """Write the configuration and the sample sheet of a study, as far as its description or its names allow.

    Parameters
    ----------
    place
        What the study is called, and where its files will be.
    of_species
        The lines of the configuration that say the species (`species_lines`).
    tables
        As read.
    described
        What an archive says of the study.

    Raises
    ------
    ProblemsFound
        Where two tables have a column of the same name, or a name has a line break.
    """
    guess, left_out = (described.guess, described.left_out) if described else guess_of_tables(tables)
    contrasts = _propose_contrasts(guess)
    complete = not any(FILL_IN in text for text in [*of_species, *(each.level for each in contrasts)])
    understood = describe_tables(tables)
    if stacked := stacked_tables(tables):
        understood.append(f"{listing(stacked)}: other kinds of RNA of the same libraries, which stay the same samples")
    understood += [_summary(guess), *guess.notes]
    config = _config(place, of_species, tables, contrasts, described or Described(place.name, guess, left_out=left_out))
    return Start(config, sheet_text(guess, place.config, described), understood, complete)


def guess_of_tables(tables: Sequence[RawTable]) -> tuple[Guess, list[str]]:
    """Guess from the names of the columns; return the guess, and the columns that are no samples.

    Raises
    ------
    ProblemsFound
        Where two tables have a column of the same name, or a name has a line break.
    """
    columns = [(table.path, str(column)) for table in tables for column in table.counts.columns]
    what = "the name of a sample has a line break"
    problems = [
        Problem("line_break_in_name", what, path, repr(column), "rename the column", samples=(column,))
        for path, column in columns
        if set(column) & {"\n", "\r"}
    ]
    left_out = [column for _, column in columns if LEFT_OUT.fullmatch(column)]
    left_out += reads_beside_umis([column for _, column in columns])
    stacked = stacked_tables(tables)
    guess = guess_samples([each for each in columns if each[1] not in left_out and each[0] not in stacked])
    guess = guess_from_columns(guess, tables)
    twice = [sample.name for sample in guess.samples]
    repeated = sorted({each for each in twice if twice.count(each) > 1})
    if repeated:
        hint = (
            "samples are told apart by their names: rename the column in one of the tables; or name the files after"
            " what tells them apart, as drg.tsv and exosome.tsv, and they are taken as fractions of the same animals"
        )
        what, where = "two samples have the same name", listing(table.path for table in tables)
        found = listing(map(repr, repeated))
        problems.append(Problem("repeated_sample", what, where, found, hint, samples=tuple(repeated)))
    if problems:
        raise ProblemsFound(problems)
    return guess, left_out


def _propose_contrasts(guess: Guess) -> list[ProposedContrast]:
    """Propose the contrasts: each group against its reference, in each fraction that has two samples of both."""
    fractions: list[str | None] = list(guess.fractions) if len(guess.fractions) > 1 else [None]
    contrasts: list[ProposedContrast] = []
    for fraction in fractions:
        sizes = guess.sizes(fraction)
        for level, reference in guess.reference.items():
            if min(sizes[level], sizes[reference]) > 1:
                contrasts.append(ProposedContrast(_key([fraction, level], contrasts), fraction, level, reference))
    if contrasts:
        return contrasts
    groups = [group for group, n in guess.sizes(None).items() if group and n > 1]
    one_of = f": one of {listing(groups)}" if groups else ""
    level, reference = f"{FILL_IN} the group of interest{one_of}", f"{FILL_IN} the group it is compared with{one_of}"
    return [
        ProposedContrast(_key([fraction, "contrast"], contrasts), fraction, level, reference) for fraction in fractions
    ]


def _key(parts: Sequence[str | None], taken: Sequence[ProposedContrast]) -> str:
    """Make a key of the configuration from words, one that no other contrast has."""
    key = re.sub(r"[^A-Za-z0-9_-]+", "_", "_".join(part for part in parts if part)).strip("_-") or "contrast"
    names = {each.name for each in taken}
    return next(name for name in [key, *(f"{key}_{n}" for n in range(2, len(taken) + 3))] if name not in names)


def _summary(guess: Guess) -> str:
    fractions = f"; fractions {listing(guess.fractions)}" if guess.fractions else ""
    groups = listing(f"{group} ({n})" for group, n in guess.sizes(None).items() if group)
    return f"{len(guess.samples)} samples; groups {groups or 'not guessed'}{fractions}"


def _config(
    place: Place,
    of_species: Sequence[str],
    tables: Sequence[RawTable],
    contrasts: Sequence[ProposedContrast],
    described: Described,
) -> str:
    guess = described.guess
    lines = []
    if SCHEMA.exists():
        schema = os.path.relpath(SCHEMA, Path(place.config).parent)
        lines += [f"# yaml-language-server: $schema={Path(schema).as_posix()}", "#"]
    path = in_comment(place.config)
    lines += [f"# {in_comment(line)}" for line in described.about]
    lines += [
        "# Written by `mircargo init`. What it GUESSED from the names of the samples is marked so: look through it,",
        f"# and write something in place of each {FILL_IN}. Then run",
        f"#     mircargo check {path}",
        f"#     mircargo run {path}",
        "# `mircargo run example` brings the example, which explains every key, and config/README.md, which lists all.",
        "",
        "# The miRNA that is asked about, in any spelling of miRBase; the species is known from below.",
        "target: miR-21-5p",
        "",
        "studies:",
        f"  {quoted(place.name)}:",
        "    # Title of the report: say what the study is.",
        f"    title: {quoted(described.title)}",
        *of_species,
        "    # The count tables; their samples stand side by side. Raw counts, not normalised.",
        "    counts:",
    ]
    for table in tables:
        of_sheet = [f"        sheet: {quoted(table.sheet)}"] if table.sheet else []
        if table.file in described.sources:
            url, sha256 = described.sources[table.file]
            source = [
                f"      - url: {quoted(url)}",
                f"        sha256: {sha256}",
                f"        table: {quoted(table.file)}",
            ]
        else:
            source = [f"      - table: {quoted(table.file)}"]
        lines += [*source, "        format: auto", *of_sheet]
    if len({tuple(sorted(set(table.ids))) for table in tables}) > 1:
        lines += [
            "        # The tables have different rows. Where one leaves out features without reads, say so of it:",
            "        # absent_is_zero: true",
        ]
    if described.left_out:
        lines += [
            "    # Columns of the tables that are no samples of the study.",
            f"    exclude_samples: [{_list(described.left_out)}]",
        ]
    lines += [
        "    # The sample sheet: who is who. Its groups are guesses.",
        f"    samples: {quoted(place.sheet)}",
    ]
    if guess.fractions:
        lines += [
            "    # Column of the sheet with the fraction (GUESSED): size factors are found within each.",
            "    fraction: fraction",
        ]
    blood = [fraction for fraction in guess.fractions if is_blood(fraction)]
    if blood:
        lines += [
            "    # Fractions from blood (GUESSED): the check looks for red cells in them.",
            f"    blood_derived: [{_list(blood)}]",
        ]
    lines += _contrasts(guess, contrasts)
    lines += _comparisons(guess, contrasts)
    return "\n".join(lines) + "\n"


def _contrasts(guess: Guess, contrasts: Sequence[ProposedContrast]) -> list[str]:
    lines = [
        "    # The questions: `level` against `reference` of one column. Positive fold changes mean higher in `level`.",
        "    # GUESSED: which group is the reference, and what is worth asking. Take out what is not.",
    ]
    if guess.unclear and guess.reference:
        lines.append(f"    # No reference was found for {in_comment(listing(guess.unclear))}.")
    if guess.pairing:
        lines.append(f"    # {in_comment(guess.pairing)}.")
    paired = any(guess.is_paired(each.fraction, (each.level, each.reference)) for each in contrasts)
    for column in ("batch", "sex", "subject"):
        if guess.column(column) and (column != "subject" or not paired):
            lines.append(f"    # The sheet has a {column} (GUESSED); `blocking: [{column}]` takes its effect out.")
    lines.append("    contrasts:")
    for each in contrasts:
        lines.append(f"      {quoted(each.name)}:")
        if each.fraction:
            lines.append(f"        subset: {{fraction: {quoted(each.fraction)}}}")
        lines += [
            "        variable: group",
            f"        level: {quoted(each.level)}",
            f"        reference: {quoted(each.reference)}",
        ]
        if guess.is_paired(each.fraction, (each.level, each.reference)):
            lines += ["        # GUESSED: each subject has a sample of both groups.", "        blocking: [subject]"]
        fraction = each.fraction or next(iter(guess.fractions), "")
        if is_vesicle(fraction):
            lines += [
                "        # Samples of exosomes: what travels with the target is looked for.",
                "        exosome: true",
            ]
    return lines


def _comparisons(guess: Guess, contrasts: Sequence[ProposedContrast]) -> list[str]:
    """Propose exosomes against their source, where a question is asked of both."""
    pairs = [
        (exosome, source)
        for exosome in contrasts
        for source in contrasts
        if exosome.fraction and source.fraction and is_vesicle(exosome.fraction) and not is_vesicle(source.fraction)
        and (exosome.level, exosome.reference) == (source.level, source.reference) and not is_blood(source.fraction)
    ]  # fmt: skip
    if not pairs:
        return []
    lines = [
        "    # Exosomes against what they came from (GUESSED): what is released beyond what changes inside.",
        "    # `blocking: [subject]` pairs exosomes and source of the same animal or culture, if the sheet says which.",
        "    comparisons:",
    ]
    for exosome, source in pairs:
        name = "release" if len(pairs) == 1 else f"{exosome.name}_against_{source.name}"
        lines += [
            f"      {quoted(name)}:",
            f"        exosome: {quoted(exosome.name)}",
            f"        source: {quoted(source.name)}",
            "        fraction: fraction",
        ]
    return lines


def _list(texts: Sequence[str]) -> str:
    return ", ".join(map(quoted, texts))
