"""A study from an accession: fetch, find the counts, find who is who, and write down what is known."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mircargo.config.base import BREAKS_OUT
from mircargo.init.accession.array_express import read_study
from mircargo.init.accession.candidates import Choice, Found, find_counts
from mircargo.init.accession.delivery import Delivery
from mircargo.init.accession.deposit import Deposit, DepositedSample
from mircargo.init.accession.described import guess_from_series, listed_samples, match_samples
from mircargo.init.accession.geo import read_series
from mircargo.init.accession.matching import Matched, match_libraries
from mircargo.init.accession.usable import labels, of_one_species, raise_if_superseries, without_arrays
from mircargo.init.compose import Place, Start, compose, guess_of_tables
from mircargo.init.guess import Guess
from mircargo.init.sheet_text import Described
from mircargo.init.species_guess import species_lines
from mircargo.problems import listing, refusal

_ACCESSION: Final = re.compile(
    r"(GSE|GSM|GPL|GDS|GSD|PRJ[A-Z]{2}|[SED]R[APRSXZ]|SAM[A-Z]+|E-[A-Z]{4}-|S-[A-Z]+|CR[AXR]|HRA|PXD|TCGA-)\d*",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(r"GSE[1-9]\d*")
_STUDY: Final = re.compile(r"E-[A-Z]{4}-[1-9]\d*")


def looks_like_accession(text: str) -> bool:
    """Whether a word is an accession of an archive, of whichever kind."""
    return re.fullmatch(r"[A-Z-]+\d+", text, re.IGNORECASE) is not None and _ACCESSION.fullmatch(text) is not None


def series_accession(text: str) -> str:
    """Return an accession as the archives write it.

    Raises
    ------
    ProblemsFound
        Where it is one of something else than a series of GEO or a study of ArrayExpress.
    """
    accession = text.upper()
    if _SERIES.fullmatch(accession) or _STUDY.fullmatch(accession):
        return accession
    kinds = {
        "GSM": ("a sample of GEO", "the page of the sample names its series (GSE...)"),
        "GPL": ("a platform of GEO", "take the accession of a series (GSE...)"),
        "GDS": ("a data set that GEO made of a series", "its page names the series (GSE...)"),
    }
    what, hint = kinds.get(accession[:3], ("no series of GEO (GSE...) or ArrayExpress (E-MTAB-...)", ""))
    more = "; of reads alone no study can be made: count them, and begin with `mircargo init TABLE`"
    is_ = "this accession is" if hint else "this is"
    raise refusal("no_series", f"{is_} {what}", "", text, hint or f"the page of the paper names its series{more}")


def begin(delivery: Delivery, place: Place, species: str | None, choice: Choice, mirbase: str = "") -> Start:
    """Make configuration and sample sheet of a series.

    Parameters
    ----------
    delivery
        The accession, and how its files are fetched.
    place
        Where they will be.
    species
        miRBase's letters; None takes the organism of the samples.
    choice
        Which files and sheets to take, where the user says so.
    mirbase
        Path of miRBase's mature.fa, for a species whose names do not come with mircargo.

    Raises
    ------
    ProblemsFound
        Where the series cannot be had, or is none that a study can be begun with: with what was found.
    """
    read = read_series if _SERIES.fullmatch(delivery.accession) else read_study
    deposit = read(delivery)
    raise_if_superseries(deposit)
    deposit = without_arrays(deposit)
    deposit, letters, others = of_one_species(deposit, species)
    found, notes = find_counts(deposit, delivery, f"data/{place.name}", choice)
    tables = [table for each in found for table in each.tables]
    guess, left_out = guess_of_tables(tables)
    guess, of_others = _without_others(guess, others, deposit)
    tables = [
        each for each in tables if any((each.path, str(column)) not in of_others for column in each.counts.columns)
    ]
    matched = match_samples(guess, deposit.samples)
    if matched is None:
        _refuse_same_samples(found, deposit)
    described, how = _described(deposit, guess, matched)
    paths = {table.path for table in tables}
    described = replace(
        described,
        sources={each.path: (each.file.url, each.sha256) for each in found},
        left_out=[*left_out, *(column for table, column in of_others if table in paths)],
    )
    start = compose(place, species_lines(letters, mirbase), tables, described)
    return Start(start.config, start.sheet, [*deposit.notes, *notes, *start.understood, *how], start.complete)


def _described(deposit: Deposit, guess: Guess, matched: Matched | None) -> tuple[Described, list[str]]:
    """Put together what the series says; return it, and how the samples were found."""
    updated = f"; last update {deposit.updated}" if deposit.updated else ""
    about = [f"{deposit.accession} of {deposit.archive}, {deposit.page}{updated}."]
    title = BREAKS_OUT.sub(" ", " ".join(deposit.title.split())) or deposit.accession
    if matched is None:
        what = "the columns of the tables could not be matched to the samples of the series beyond doubt"
        columns, titles = [each.column for each in guess.samples], [each.title for each in deposit.samples]
        how = f"{what}: columns {listing(map(repr, columns), 4)}; titles {listing(map(repr, titles), 4)}"
        lines = [f"{what[0].upper()}{what[1:]}. It has:", *listed_samples(deposit.samples)]
        about.append("Groups are guessed from the names of the columns alone; the sheet lists the series' samples.")
        return Described(title, guess, {}, about=about, about_samples=lines), [how]
    chosen, columns_, sentences = guess_from_series(guess, matched)
    n = len(matched.samples)
    how = f"{n} libraries matched to samples of the series: {matched.how}"
    about += [f"{how[0].upper()}{how[1:]}.", *(f"{each[0].upper()}{each[1:]}." for each in sentences)]
    without = [
        sample for sample in deposit.samples if sample.accession not in {each.accession for each in matched.samples}
    ]
    lines = [f"How samples were found: {matched.how}."]
    if without:
        lines.append(f"Samples of the series without a column in the tables: {labels(without, len(without))}.")
    shown = [how] + ([f"samples of the series without a column in the tables: {labels(without)}"] if without else [])
    return Described(title, chosen, {}, columns_, about=about, about_samples=lines), shown


def _without_others(
    guess: Guess, others: Sequence[DepositedSample], deposit: Deposit
) -> tuple[Guess, list[tuple[str, str]]]:
    """Take the columns of samples of other species out; they are known by being matched together with the rest.

    Return the guess without them, and their tables and columns.

    Raises
    ------
    ProblemsFound
        Where it cannot be told which columns those are.
    """
    if not others:
        return guess, []
    everything = match_libraries([each.column for each in guess.samples], [*deposit.samples, *others])
    if everything is None:
        if len(guess.samples) == len(deposit.samples) and match_samples(guess, deposit.samples):
            return guess, []
        what = "it cannot be told which columns are samples of the species that is asked for"
        found = f"columns {listing((each.column for each in guess.samples), 6)}; samples {labels(deposit.samples, 6)}"
        hint = "begin with the table: `mircargo init TABLE --species ...`, and name the others under `exclude_samples`"
        raise refusal("columns_not_told_apart", what, deposit.accession, found, hint)
    theirs = {sample.accession for sample in others}
    pairs = list(zip(guess.samples, everything.samples, strict=True))
    kept = [library for library, sample in pairs if sample.accession not in theirs]
    out = [place for library, sample in pairs if sample.accession in theirs for place in library.places]
    if not kept:
        what = "no column of the tables is of the species that is asked for"
        raise refusal(
            "no_column_of_species", what, deposit.accession, f"columns {listing(column for _, column in out)}"
        )
    return Guess(kept, guess.reference, guess.unclear, guess.notes), out


def _refuse_same_samples(found: Sequence[Found], deposit: Deposit) -> None:
    """Ask which file it is, where two tables turn out to be of the same samples under other names."""
    several = [each for each in found if not each.file.of_sample]
    of_file: dict[str, set[str]] = {}
    for each in several:
        columns = [str(column) for table in each.tables for column in table.counts.columns]
        matched = match_libraries(columns, deposit.samples)
        of_file[each.file.name] = {sample.accession for sample in matched.samples} if matched else set()
    names = list(of_file)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            if of_file[one] & of_file[other]:
                what = "two files of this series hold raw counts of the same samples"
                hint = f"choose with `--file {one}`"
                raise refusal("several_tables", what, deposit.accession, f"{one}, {other}", hint)
