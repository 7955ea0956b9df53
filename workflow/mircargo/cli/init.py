"""The command that a newcomer begins with."""

import re
import shlex
from pathlib import Path

import rich_click as click

from mircargo.problems import Problem, ProblemsFound, refusal
from mircargo.vocabulary import AS_NAMED, SPECIES, species_in_words

FILE = click.Path(dir_okay=False)


@click.command()
@click.option(
    "--species",
    help="What the samples are of: human, mouse, rat, pig, ..., miRBase's letters, or `other` (names as they are). If"
    " not given, the species with which most names begin.",
)
@click.option("--mirbase", type=FILE, help="miRBase's mature.fa, for other species than human, mouse and rat.")
@click.option("--out", type=FILE, help="Configuration to write; NAME.yaml in the present folder if not given.")
@click.option(
    "--sheet", "sheets", multiple=True, help="Sheet of a workbook to take; may be given more than once for several."
)
@click.option("--name", help="Name of the study; results go to results/NAME. From --out, or `mine`, if not given.")
@click.argument("tables", nargs=-1, required=True, type=FILE)
def init(
    species: str | None,
    mirbase: str | None,
    out: str | None,
    sheets: tuple[str, ...],
    name: str | None,
    tables: tuple[str, ...],
) -> None:
    """Write a configuration and a sample sheet for count TABLES of your own.

    Samples are found in the tables, and groups are guessed from their names; what is guessed is marked so. No file is
    written over.
    """
    from mircargo.config.base import plain_path
    from mircargo.init.compose import compose
    from mircargo.init.found_tables import read_tables
    from mircargo.init.species_guess import guess_species, letters_of, species_lines
    from mircargo.io import write_text

    name = name or (re.sub(r"[^A-Za-z0-9_-]+", "_", Path(out).stem).strip("_-") if out else "") or "mine"
    out = out or f"{name}.yaml"
    sheet = str(Path(out).with_suffix("")) + ".samples.tsv"
    problems = []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        hint = "letters, digits, _ and -; it begins with a letter or a digit"
        problems.append(
            Problem("invalid_study_name", "this cannot be the name of a study", "--name", f"'{name}'", hint)
        )
    for path in (out, sheet):
        if Path(path).exists():
            hint = "choose another file with --out, or move this one away"
            problems.append(Problem("file_exists", "this file exists, and is not written over", path, "", hint))
    read = []
    for path in dict.fromkeys(tables):
        try:
            read += read_tables(plain_path(path), sheets)
        except ValueError as error:
            problems.append(Problem("invalid_path", "this path cannot stand in a workflow", ascii(path), str(error)))
        except ProblemsFound as error:
            problems += error.problems
    if problems:
        raise ProblemsFound(problems)
    letters = letters_of(species) if species else guess_species(read)
    if mirbase and letters in (*SPECIES, AS_NAMED):
        what, hint = f"--mirbase is for other species, and this study is of {letters}", "leave it out"
        raise refusal("mirbase_not_needed", what, "--mirbase", mirbase, hint)
    start = compose(name, species_lines(letters, mirbase or "", guessed=not species), read, out, sheet)
    write_text(start.sheet, sheet)
    write_text(start.config, out)
    guess = "" if species else f", guessed: most names that tell one begin with {letters}-"
    words = "other, names are taken as they are" if letters == AS_NAMED else species_in_words(letters)
    understood = [*start.understood, f"species: {words}{guess}"]
    click.echo("\n".join([*understood, f"wrote {out}", f"wrote {sheet}", "", *_next(out, sheet, start.complete)]))


def _next(out: str, sheet: str, complete: bool) -> list[str]:
    """Say what to do next, as commands."""
    first = "look through" if complete else "fill in what is marked FILL_IN in"
    return [
        f"Next: {first} {out} and {sheet}; then",
        f"    mircargo check {shlex.quote(out)}",
        f"    mircargo run {shlex.quote(out)}",
    ]
