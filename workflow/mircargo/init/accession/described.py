"""The samples of a study as its series describes them: their columns, groups, and further columns of the sheet."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mircargo.init.accession.characteristics import MISSING, Grouping, columns_of, facts_in, groups_in
from mircargo.init.accession.deposit import DepositedSample
from mircargo.init.accession.matching import Matched, fraction_of, match_libraries
from mircargo.init.groups import group_sizes, references
from mircargo.init.guess import Guess, guess_samples
from mircargo.init.library_columns import Sample, all_distinct, fractions_of_equal_tables, libraries, plain
from mircargo.init.sample_words import ACCESSION

SMALL_RNA: Final = ("miRNA-Seq", "ncRNA-Seq")
"""What GEO and ENA call the strategy of a library of small RNA."""

_FACTS: Final = ("fraction", "replicate", "batch", "subject", "sex")


def match_samples(guess: Guess, samples: Sequence[DepositedSample]) -> Matched | None:
    """Find the sample of each library of the tables.

    Where tables have columns of the same name, each is matched with the samples of its own fraction.
    """
    small = [sample for sample in samples if sample.strategy in SMALL_RNA]
    if small and len(small) < len(samples):
        # RNA-seq of the same animals often has the same titles; the tables are of miRNAs.
        return match_samples(guess, small) or _match(guess, samples)
    return _match(guess, samples)


def _match(guess: Guess, samples: Sequence[DepositedSample]) -> Matched | None:
    libraries = guess.samples
    columns = [each.name if each.more else each.column for each in libraries]
    if all_distinct(columns):
        return match_libraries(columns, samples)
    tables = list(dict.fromkeys(each.table for each in libraries))
    found: dict[int, DepositedSample] = {}
    how = ""
    for table in tables:
        at = [number for number, each in enumerate(libraries) if each.table == table]
        fraction = libraries[at[0]].facts.get("fraction")
        own = [sample for sample in samples if fraction and fraction_of(sample) == fraction]
        matched = match_libraries([columns[number] for number in at], own)
        if matched is None:
            return None
        found |= dict(zip(at, matched.samples, strict=True))
        how = f"{matched.how}, among the samples of the table's fraction"
    return Matched(tuple(found[number] for number in range(len(libraries))), how)


def guess_from_series(guess: Guess, matched: Matched) -> tuple[Guess, dict[str, list[str]], list[str]]:
    """Guess groups and fractions from the characteristics, or else from the titles, or else from the columns' names.

    Returns
    -------
    tuple
        The guess, the further columns of the sheet (of each library, in its order), and notes.
    """
    samples = [_copy(each) for each in guess.samples]
    columns = columns_of(matched.samples)
    stated = facts_in(columns)
    by_title = _guess_from_titles(samples, [each.title for each in matched.samples])
    for fact in _FACTS:
        sources = [stated[fact][1]] if fact in stated else []
        sources += [values for each in (by_title, guess) if each and (values := each.column(fact))]
        for number, sample in enumerate(samples):
            sample.facts.pop(fact, None)
            if sources:
                sample.facts[fact] = sources[0][number]
    fractions = [each.facts.get("fraction", "") for each in samples]
    used = {name for name, _ in stated.values()}
    grouping = groups_in({name: of for name, of in columns.items() if name not in used}, fractions)
    groups, sentence = _best_groups(grouping, by_title, guess, fractions)
    for sample, group in zip(samples, groups, strict=True):
        sample.group = group
    _name_by_title(samples, matched)
    notes = [*(f"{fact}: the characteristic `{name}`" for fact, (name, _) in stated.items()), sentence]
    chosen = Guess(samples, *references(group_sizes(groups, fractions)), [*_notes_of_columns(guess), *notes])
    further = {
        "accession": [each.accession for each in matched.samples],
        "title": [each.title for each in matched.samples],
    }
    # What is written as a subject, replicate or batch is not written twice; a fraction is, as it is put in other words.
    again = {name for fact, (name, _) in stated.items() if fact != "fraction"}
    return chosen, further | {name: of for name, of in columns.items() if name not in again}, notes


def _notes_of_columns(guess: Guess) -> list[str]:
    """Say again which columns are lanes of a library, and which tables fractions of the same animals."""
    samples, notes = libraries([place for sample in guess.samples for place in sample.places])
    return notes + fractions_of_equal_tables(samples)


def _copy(sample: Sample) -> Sample:
    return replace(sample, facts=dict(sample.facts), more=list(sample.more))


def _guess_from_titles(samples: Sequence[Sample], titles: Sequence[str]) -> Guess | None:
    guess = guess_samples([(sample.table, title) for sample, title in zip(samples, titles, strict=True)])
    return guess if len(guess.samples) == len(samples) else None


def _best_groups(
    grouping: Grouping | None, by_title: Guess | None, by_column: Guess, fractions: Sequence[str]
) -> tuple[list[str], str]:
    """Choose the groups that have a reference: of characteristics, titles, columns; else any of them, in this order."""
    options = [(grouping.groups, grouping.sentence)] if grouping else []
    for guess, words in ((by_title, "titles"), (by_column, "columns' names")):
        if guess and any(each.group for each in guess.samples):
            options.append(([each.group for each in guess.samples], f"groups: words of the {words}"))
    for groups, sentence in options:
        if references(group_sizes(groups, fractions))[0]:
            return groups, sentence
    return next(iter(options), ([""] * len(fractions), "no groups can be told from characteristics, titles or names"))


def _name_by_title(samples: Sequence[Sample], matched: Matched) -> None:
    """Name samples after their titles where the columns are bare accessions, which nobody can read."""
    titles = [plain(each.title) for each in matched.samples]
    readable = all_distinct(titles) and not any(re.fullmatch(r"[\d.+-]+|NA|sample", title) for title in titles)
    if readable and all(ACCESSION.fullmatch(sample.name) for sample in samples):
        for sample, title in zip(samples, titles, strict=True):
            sample.name = title


def listed_samples(samples: Sequence[DepositedSample]) -> list[str]:
    """Write what the series says of samples whose columns a person has to find."""
    columns = columns_of(samples)
    lines = []
    for number, sample in enumerate(samples):
        own = ", ".join(f"{name}: {values[number]}" for name, values in columns.items() if values[number] != MISSING)
        lines.append(f"    {sample.accession}  {sample.title}{f'  ({own})' if own else ''}")
    return lines
