"""Characteristics of samples as columns of a sheet: keys as names, and which of them are groups, fractions, animals."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mircargo.init.accession.deposit import DepositedSample
from mircargo.init.groups import are_groups, group_sizes, is_reference, references
from mircargo.init.guess import is_vesicle
from mircargo.init.library_columns import fraction_in
from mircargo.init.sample_words import joined_negations, key
from mircargo.problems import listing

WRITTEN_BY_INIT: Final = (
    "sample", "column", "table", "group", "fraction", "replicate", "batch", "subject", "accession", "title",
)  # fmt: skip
"""Columns of the sheet that a characteristic may not take the name of."""

MISSING: Final = "NA"
_MOST_GROUPS: Final = 12
_FACTS: Final = {
    "subject": r"(subject|patient|donor|individual|participant|animal|mouse|rat)( ?(id|number|no|identifier|code))?",
    "replicate": r"(biological )?rep(licate)?( ?(id|number|no))?",
    "batch": r"((library|sequencing|experimental|processing) )?(batch|run|pool)( ?(id|number|no))?",
}
_NOTHING: Final = ("none", "no", "-", "na", "n/a", "nothing")
"""Values that mean that a sample did not get what the key names."""


def columns_of(samples: Sequence[DepositedSample]) -> dict[str, list[str]]:
    """Return the characteristics that tell samples apart, as columns of a sheet.

    Returns
    -------
    dict
        Name of the column (the key in lower case, with underscores) -> its value in each sample, `NA` where the sample
        has no such key. A column of one value for all samples is left out.
    """
    keys = list(dict.fromkeys(each for sample in samples for each in sample.characteristics))
    columns: dict[str, list[str]] = {}
    for each in keys:
        values = [_cell(sample.characteristics.get(each, "")) for sample in samples]
        name = column_name(each)
        if name in columns and all(MISSING in pair for pair in zip(columns[name], values, strict=True)):
            pairs = zip(columns[name], values, strict=True)  # one key in two spellings
            columns[name] = [one if other == MISSING else other for one, other in pairs]
            continue
        number = 2
        while name in columns:
            name, number = f"{column_name(each)}_{number}", number + 1
        columns[name] = values
    if columns.get("source_name") in [values for name, values in columns.items() if name != "source_name"]:
        del columns["source_name"]
    return {name: values for name, values in columns.items() if len(set(values)) > 1}


def column_name(text: str) -> str:
    """Return a heading as the name of a column of the sheet."""
    name = re.sub(r"\W+", "_", text.casefold()).strip("_") or "characteristic"
    return f"given_{name}" if name in WRITTEN_BY_INIT else name


def _cell(value: str) -> str:
    return " ".join(value.split()) or MISSING


def facts_in(columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, list[str]]]:
    """Find the columns that are subject, replicate, batch or fraction; each with the column that says it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name, values in columns.items():
        words = name.removeprefix("given_").replace("_", " ")
        for fact, pattern in _FACTS.items():
            if re.fullmatch(pattern, words) and MISSING not in values:
                found.setdefault(fact, (name, list(values)))
        fractions = _fractions(values)
        if fractions:
            found.setdefault("fraction", (name, fractions))
    return found


def _fractions(values: Sequence[str]) -> list[str] | None:
    """Return the fraction of each sample where values name several, or vesicles and something else."""
    named = {value: fraction_in(re.findall(r"[^\W_]+", value)) for value in set(values)}
    known = {each for each in named.values() if each}
    if MISSING in named or not known:
        return None
    if all(named.values()):
        return [str(named[value]) for value in values] if len(known) > 1 else None
    only = next(iter(known))
    if len(known) == 1 and is_vesicle(only):
        return [named[value] or "source" for value in values]
    return None


class Grouping(NamedTuple):
    """Groups by characteristics: their columns, the group of each sample, and columns that might be groups as well."""

    columns: list[str]
    groups: list[str]
    others: list[str]

    @property
    def sentence(self) -> str:
        names = " and ".join(f"`{name}`" for name in self.columns)
        also = f"; {listing(f'`{name}`' for name in self.others)} may be groups as well" if self.others else ""
        return f"groups: the characteristic{'s' if len(self.columns) > 1 else ''} {names}{also}"


def groups_in(columns: Mapping[str, Sequence[str]], fractions: Sequence[str]) -> Grouping | None:
    """Find the characteristics that are groups: those with a word for a reference (`sham`, `untreated`, `healthy`).

    Parameters
    ----------
    columns
        Characteristics that are no subject, replicate, batch or fraction.
    fractions
        Of each sample; '' where there are none.

    Returns
    -------
    Grouping or None
        Of several columns with a reference where these tell groups apart together; None where no column may be groups.
    """
    words = {name: [_group(value, name) for value in values] for name, values in columns.items()}
    possible = {
        name: groups
        for name, groups in words.items()
        if MISSING not in columns[name]
        and len(set(groups)) <= _MOST_GROUPS
        and are_groups([key(group) for group in groups], fractions)
        and not _are_the_fractions(groups, fractions)
    }
    referring = [name for name, groups in possible.items() if _refers(groups, fractions)]
    if len(referring) > 1:
        joined = ["_".join(parts) for parts in zip(*(possible[name] for name in referring), strict=True)]
        if are_groups([key(group) for group in joined], fractions) and _refers(joined, fractions):
            return Grouping(referring, joined, [name for name in possible if name not in referring])
    first = next(iter([*referring, *possible]), None)
    return Grouping([first], possible[first], [name for name in possible if name != first]) if first else None


def _refers(groups: Sequence[str], fractions: Sequence[str]) -> bool:
    return any(map(is_reference, groups)) and bool(references(group_sizes(groups, fractions))[0])


def _are_the_fractions(groups: Sequence[str], fractions: Sequence[str]) -> bool:
    return len(set(fractions)) > 1 and len(set(zip(groups, fractions, strict=True))) == len(set(fractions))


def _group(value: str, name: str) -> str:
    """Write a value as a group is written: words joined by underscores; `none` under `treatment` is `no_treatment`."""
    if value.casefold() in _NOTHING:
        return f"no_{name.removeprefix('given_')}"
    words = joined_negations(re.findall(r"[\w.+]+", value))
    group = "_".join(each.strip("._") or each for each in words)
    return f"{name.removeprefix('given_')}_{group}" if re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?|", group) else group
