"""The command that a newcomer begins with."""

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from mircargo.problems import Problem, ProblemsFound, listing, refusal
from mircargo.vocabulary import AS_NAMED, SPECIES, species_in_words

if TYPE_CHECKING:
    from mircargo.init.compose import Place, Start

FILE = click.Path(dir_okay=False)
OWN = "mine"
"""What a study of one's own tables is called where it has no name."""


@click.command()
@click.option(
    "--species",
    help="What the samples are of: human, mouse, rat, pig, ..., miRBase's letters, or `other` (names as they are). If"
    " not given, what the series says, or the species with which most names begin.",
)
@click.option("--mirbase", type=FILE, help="miRBase's mature.fa, for other species than human, mouse and rat.")
@click.option(
    "--out",
    type=click.Path(),
    help="Configuration to write, NAME.yaml, or a folder for it (any other name); the present folder if not given.",
)
@click.option(
    "--sheet", "sheets", multiple=True, help="Sheet of a workbook to take; may be given more than once for several."
)
@click.option("--name", help="Name of the study; results go to results/NAME. The accession, from --out, or `mine`.")
@click.option("--file", "files", multiple=True, help="Of a series: file to take, where several hold counts.")
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Of a series: megabytes that a file to fetch may have.",
)
@click.option("--again", is_flag=True, help="Of a series: fetch again what was fetched before.")
@click.argument("tables", nargs=-1, required=True, type=FILE)
def init(
    tables: tuple[str, ...], species: str | None, mirbase: str | None, out: str | None, name: str | None, **series: Any
) -> None:
    """Write a configuration and a sample sheet for count TABLES of your own, or for a series: GSE..., E-MTAB-...

    Samples are found in the tables, and groups are guessed from their names or from what the series says of them; what
    is guessed is marked so. No file is written over.
    """
    from mircargo.init.accession.begin import looks_like_accession
    from mircargo.init.species_guess import letters_of
    from mircargo.io import write_text

    accessions = [each for each in tables if looks_like_accession(each) and not Path(each).exists()]
    letters = letters_of(species) if species else None
    if letters:
        _refuse_needless_mirbase(letters, mirbase)
    if accessions and len(tables) > 1:
        what = "a series is begun alone: each is a study of its own"
        hint = f"one after the other: {'; '.join(f'`mircargo init {each}`' for each in accessions)}"
        raise refusal("several_series", what, "", listing(tables), hint)
    place, problems = _place(accessions[0].upper() if accessions else OWN, out, name)
    if not accessions:
        start = _of_tables(tables, place, letters, mirbase, series["sheets"], problems)
    elif problems:
        raise ProblemsFound(problems)
    else:
        start = _of_series(accessions[0], place, letters, series | {"mirbase": mirbase or ""})
    write_text(start.sheet, place.sheet)
    write_text(start.config, place.config)
    written = [f"wrote {place.config}", f"wrote {place.sheet}", ""]
    click.echo("\n".join([*start.understood, *written, *_next(place.config, place.sheet, start.complete)]))


def _place(default: str, out: str | None, name: str | None) -> tuple["Place", list[Problem]]:
    """Return what the study is called and where its files will be, and what is wrong with that."""
    from mircargo.init.compose import Place

    if out and (Path(out).is_dir() or Path(out).suffix.lower() not in (".yaml", ".yml")):
        name = name or default
        out = f"{Path(out) / name}.yaml"
    name = name or (re.sub(r"[^A-Za-z0-9_-]+", "_", Path(out).stem).strip("_-") if out else "") or default
    out = out or f"{name}.yaml"
    place = Place(name, out, str(Path(out).with_suffix("")) + ".samples.tsv")
    problems = []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        hint = "letters, digits, _ and -; it begins with a letter or a digit"
        what = "this cannot be the name of a study"
        problems.append(Problem("invalid_study_name", what, "--name", f"'{name}'", hint))
    for path in (place.config, place.sheet):
        if Path(path).exists():
            hint = "choose another file with --out, or move this one away"
            problems.append(Problem("file_exists", "this file exists, and is not written over", path, "", hint))
    return place, problems


def _of_tables(
    tables: tuple[str, ...],
    place: "Place",
    species: str | None,
    mirbase: str | None,
    sheets: tuple[str, ...],
    problems: list[Problem],
) -> "Start":
    """Begin with tables; what is wrong with them is listed with what was wrong before."""
    from mircargo.config.base import plain_path
    from mircargo.init.compose import compose
    from mircargo.init.found_tables import read_tables
    from mircargo.init.species_guess import guess_species, species_lines

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
    letters = species or guess_species(read)
    if not species:
        _refuse_needless_mirbase(letters, mirbase)
    start = compose(place, species_lines(letters, mirbase or "", guessed=not species), read)
    guess = "" if species else f", guessed: most names that tell one begin with {letters}-"
    words = "other, names are taken as they are" if letters == AS_NAMED else species_in_words(letters)
    return replace(start, understood=[*start.understood, f"species: {words}{guess}"])


def _refuse_needless_mirbase(letters: str, mirbase: str | None) -> None:
    if mirbase and letters in (*SPECIES, AS_NAMED):
        what, hint = f"--mirbase is for other species, and this study is of {letters}", "leave it out"
        raise refusal("mirbase_not_needed", what, "--mirbase", mirbase, hint)


def _of_series(text: str, place: "Place", species: str | None, options: dict[str, Any]) -> "Start":
    from mircargo.init.accession.begin import begin, series_accession
    from mircargo.init.accession.candidates import Choice
    from mircargo.init.accession.delivery import Delivery

    def report(line: str) -> None:
        click.echo(line, err=True)

    accession = series_accession(text)
    delivery = Delivery(accession, options["max_size"] * 1_000_000, options["again"], report)
    return begin(delivery, place, species, Choice(options["files"], options["sheets"]), options["mirbase"])


def _next(out: str, sheet: str, complete: bool) -> list[str]:
    """Say what to do next, as commands."""
    first = "look through" if complete else "fill in what is marked FILL_IN in"
    return [
        f"Next: {first} {out} and {sheet}; then",
        f"    mircargo check {shlex.quote(out)}",
        f"    mircargo run {shlex.quote(out)}",
    ]
