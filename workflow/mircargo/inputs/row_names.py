"""Names of rows: what R and spreadsheets made of them, and rows without one."""

import re
from collections.abc import Sequence

from mircargo.problems import listing, refusal

DOTTED = re.compile(r"^[a-z]{3,4}\.(?:miR|mir|let|lin|bantam)\.")
DATE = re.compile(
    r"^(?:\d{4}-\d\d-\d\d(?: 00:00:00)?|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{1,2})$",
    re.I,
)


def restore_dashes(ids: Sequence[str]) -> tuple[list[str], int]:
    """Give names back the dashes that R made dots (`mmu.miR.21a.5p`); a final dot was a star."""
    restored = [
        (text[:-1].replace(".", "-") + "*" if text.endswith(".") else text.replace(".", "-"))
        if DOTTED.match(text)
        else text
        for text in ids
    ]
    return restored, sum(old != new for old, new in zip(ids, restored, strict=True))


def raise_if_dates(ids: Sequence[str], where: Sequence[str], path: str) -> None:
    dates = [(text, place) for text, place in zip(ids, where, strict=True) if DATE.match(text)]
    if dates:
        place, found = dates[0][1], listing((f"'{text}'" for text, _ in dates), 1)
        cell = f" (cell A{place.removeprefix('row ')})" if place.startswith("row ") else ""
        hint = "a spreadsheet turned names into dates: use the table from before it was opened there"
        raise refusal("name_is_a_date", "a name that is a date", f"{path}, {place}{cell}", found, hint)


def raise_if_unnamed(ids: Sequence[str], where: Sequence[str], path: str) -> None:
    for text, place in zip(ids, where, strict=True):
        if text in ("", "nan", "NA"):
            raise refusal("row_without_name", "a row without a name", f"{path}, {place}", "", "name it or remove it")
