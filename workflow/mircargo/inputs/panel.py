"""Panels of expected directions: those that come with the package, and a user's own."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mircargo.inputs.grid import read_grid
from mircargo.problems import Problem, ProblemsFound, listing, refusal
from mircargo.vocabulary import CHANGED, MIRBASE_CODES, SPECIES

NEEDED: Final = ["mirna", "tissue", "model", "day", "species", "direction", "source"]
OPTIONAL: Final = ["doi", "note"]
DAYS: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\s*[-\u2013]\s*(\d+(?:\.\d+)?))?")


def own_panels() -> dict[str, Traversable]:
    """Return the panels that come with the package, by name."""
    folder = files("mircargo.resources").joinpath("panels")
    return {file.name.removesuffix(".tsv"): file for file in folder.iterdir() if file.name.endswith(".tsv")}


def read_panel(panel: str) -> pd.DataFrame:
    """Read a panel: one that comes with the package, by its name, or a file.

    Returns
    -------
    pandas.DataFrame
        Columns `NEEDED` and `OPTIONAL`, text; missing values as None.

    Raises
    ------
    ProblemsFound
        With one problem for each column that is missing and each entry that cannot be used, with its row.
    """
    own = own_panels().get(panel)
    if own is None and not Path(panel).exists():
        hint = f"give the path of a file, or one of {listing(own_panels())}"
        raise refusal("no_such_panel", "there is no such panel of expectations", "configuration, panel", panel, hint)
    grid = read_grid(str(own or panel))
    table = grid.body.astype(object).where(grid.body.notna(), None).map(_text)
    header = [str(name).strip().lower() for name in grid.header]
    found = f"columns {listing(header)}"
    if not {*NEEDED} & {*header}:
        what, hint = f"this is no panel, which has the columns {listing(NEEDED)}", "name the file that has the panel"
        raise refusal("panel_lacks_column", what, panel, found, hint)
    problems = [
        Problem(
            "panel_lacks_column", f"a panel needs the column '{name}'", panel, found, _column_to_rename(name, header)
        )
        for name in NEEDED
        if name not in header
    ]
    if problems:
        raise ProblemsFound(problems)
    table.columns = pd.Index(header)
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise refusal("repeated_columns", "columns of the same name", panel, listing(repeated), "rename one of them")
    table = table.reindex(columns=[*NEEDED, *OPTIONAL]).astype(object).where(lambda cells: cells.notna(), None)
    problems = [
        problem
        for row, entry in zip(grid.rows, table.to_dict("records"), strict=True)
        for problem in _problems(entry, f"{panel}, row {row}")
    ]
    if problems:
        raise ProblemsFound(problems)
    return table.reset_index(drop=True)


def _column_to_rename(name: str, header: Sequence[str]) -> str:
    near = get_close_matches(name, [each for each in header if each not in NEEDED], n=1, cutoff=0.75)
    return f"rename the column '{near[0]}'" if near else "add it"


def _text(cell: object) -> str | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split())
    return None if text in ("", "NA") else text


def _problems(entry: dict[str, Any], where: str) -> Iterable[Problem]:
    for name in ("mirna", "tissue", "model", "source"):
        if entry[name] is None:
            what = f"an entry without its {name}"
            yield Problem("incomplete_expectation", what, where, "", "an expectation holds for one tissue and model")
    for name, allowed, shown in (
        ("direction", frozenset(CHANGED), CHANGED),
        ("species", MIRBASE_CODES, (*SPECIES, "another code of miRBase")),
    ):
        if entry[name] is not None and entry[name] not in allowed:
            hint = f"write {', '.join(shown)} or NA"
            yield Problem("invalid_expectation", f"unknown {name}", f"{where}, column {name}", f"'{entry[name]}'", hint)
    if entry["day"] is not None and not DAYS.fullmatch(entry["day"]):
        yield Problem("invalid_day", "no day", f"{where}, column day", f"'{entry['day']}'", "write 7, 1-14 or NA")
