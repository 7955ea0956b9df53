"""Spike-ins: oligonucleotides that were added to the libraries, kept aside from the features."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from mircargo.problems import Problem, did_you_mean

COMMON = ("cel-miR-39*", "cel-miR-54*", "cel-miR-238*", "ath-miR-159a*", "UniSp*", "ERCC-0*", "ERCC_0*")
"""Spike-ins that are often added to exosome and plasma libraries."""

_BEFORE_ACCESSION = re.compile(r"(.+?)[_:|\s]+MIMAT\d{7}")


def find_spike_ins(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return the name of each row that is one of the spike-ins, missing for all others.

    Case does not matter. A row is known by its id, by its feature, or by what stands before an accession in its id
    (`cel-miR-39-3p_MIMAT0000010_...`).

    Parameters
    ----------
    rows
        Columns `source_id` and `feature`.
    names
        Names as configured; `*` and `?` stand for any letters.
    """
    known = [_pattern(name) for name in names]

    def name_of(source_id: str, feature: str) -> str | None:
        head = _BEFORE_ACCESSION.match(source_id)
        texts = [head.group(1), source_id] if head else [feature, source_id]
        return texts[0] if any(pattern.fullmatch(text) for pattern in known for text in texts) else None

    return pd.Series(map(name_of, rows["source_id"], rows["feature"]), index=rows.index, dtype=object)


def matches(text: str, names: Sequence[str]) -> bool:
    """Whether an id is one of the names; `*` and `?` stand for any letters."""
    return any(_pattern(name).fullmatch(text) for name in names)


def common_spike_ins(rows: pd.DataFrame) -> pd.Series:
    """Return the features of rows (`source_id`, `feature`) that have the name of a spike-in often used."""
    return rows.loc[find_spike_ins(rows, COMMON).notna(), "feature"].drop_duplicates()


def names_without_row(names: Sequence[str], tables: Iterable[pd.DataFrame]) -> list[Problem]:
    """List configured names that no row of any table (`source_id`, `feature`) has."""
    rows = pd.concat([table[["source_id", "feature"]] for table in tables], ignore_index=True)
    ids = list(dict.fromkeys(rows["source_id"]))
    what, hint = "`spike_ins` names a row that no table has", "write it as the table does, or take it out"
    return [
        Problem("spike_in_without_row", what, "spike_ins", f"'{name}'", f"{did_you_mean(name, ids)} {hint}".strip())
        for name in names
        if find_spike_ins(rows, [name]).isna().all()
    ]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE)
