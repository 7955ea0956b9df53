"""What a run found, in the lines that it ends with."""

import csv
import shutil
import sys
import textwrap
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mircargo.io import read_json
from mircargo.results.contract import (
    INDEX,
    META,
    META_FACTS,
    META_REPORT,
    META_TARGET,
    PROVENANCE,
    RECIPIENT_ANSWER,
    REPORT,
    ROOT,
    TARGET_CALLS,
)


def summarise(
    folders: Mapping[str, str],
    simulated: Collection[str] = (),
    labels: Mapping[tuple[str, str], str] | None = None,
) -> str:
    """Write the target's sentence of each contrast and of the recipient cells, and where the report is.

    Parameters
    ----------
    folders
        Study -> its results folder.
    simulated
        Studies whose data are simulated, which is said.
    labels
        Study and contrast -> what people read of the contrast; its name where none is given.
    """
    lines, labels = [], labels or {}
    for study, folder in folders.items():
        table = TARGET_CALLS.within(folder)
        if not table.exists():
            lines += [f"{study}: no results yet"]
            continue
        rows = _rows(table)
        lines += [
            f"{study} (simulated data)" if study in simulated else study,
            *(f"  {labels.get((study, row['contrast']), row['contrast'])}: {row['sentence']}" for row in rows),
            *_of_recipient(study, folder),
            f"  report: {REPORT.within(folder)}",
        ]
    return "\n".join(lines)


def _of_recipient(study: str, folder: str) -> list[str]:
    """Return the line on what the targets did in the recipient cells, where the study has them.

    An answer may be left from a configuration that had them.
    """
    answer = RECIPIENT_ANSWER.within(folder)
    configured = _configured(folder)
    if not answer.exists() or (study in configured and not configured[study].get("recipient")):
        return []
    return [f"  recipient cells: {read_json(answer)['sentence']}"]


def _configured(folder: str) -> dict[str, dict[str, Any]]:
    """Return the studies as the results in a folder were configured; none where these do not say it yet."""
    path = PROVENANCE.within(folder)
    studies: dict[str, dict[str, Any]] = read_json(path)["configuration"]["studies"] if path.exists() else {}
    return studies


def summarise_pooled(folders: Mapping[str, str]) -> str:
    """Write the target's sentence of each meta-analysis, and where its report is.

    Parameters
    ----------
    folders
        Meta-analysis -> the folder of its tables.
    """
    lines = []
    for meta, folder in folders.items():
        table, facts = META_TARGET.within(folder, meta=meta), META_FACTS.within(folder, meta=meta)
        if not table.exists():
            lines += [f"{meta} (meta-analysis): no results yet"]
            continue
        title = f": {read_json(facts)['title']}" if facts.exists() else ""
        report = META_REPORT.within(folder, meta=meta)
        lines += [f"{meta} (meta-analysis){title}", *(f"  {row['sentence']}" for row in _rows(table))]
        lines += [f"  report: {report}"] if report.exists() else []
    return "\n".join(lines)


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def next_step(folders: Mapping[str, str], simulated: Collection[str] = (), index: str | None = None) -> str:
    """Say what to do after a run, in one line; `index` is the page that leads to its reports, where it has one."""
    reports = [str(REPORT.within(folder)) for folder in folders.values() if REPORT.within(folder).exists()]
    if not reports:
        return ""
    own = "; for a table of your own: mircargo init TABLE" if set(folders) <= set(simulated) else ""
    return f"Next: open {index or reports[0]} in a browser{own}"


def finished_studies(folder: str) -> dict[str, str]:
    """Return the studies whose results lie in a folder, and where."""
    tables = sorted(Path(folder).glob(f"*/{TARGET_CALLS.path}"))
    depth = len(Path(TARGET_CALLS.path).parts)
    return {folder.name: str(folder) for folder in (table.parents[depth - 1] for table in tables)}


def finished_pools(folder: str) -> dict[str, str]:
    """Return the meta-analyses whose tables lie below a folder of results, and where."""
    within = Path(folder) / Path(META).relative_to(ROOT)
    ending = META_TARGET.path.removeprefix("{meta}")
    return {path.name.removesuffix(ending): str(within) for path in sorted(within.glob(f"*{ending}"))}


def index_of(folder: str) -> str:
    """Say where the page is that leads to all reports below a folder of results; nothing where there is none."""
    path = INDEX.within(folder)
    return f"index: {path}" if path.exists() else ""


def facts_of(folders: Mapping[str, str]) -> tuple[list[str], dict[tuple[str, str], str]]:
    """Read from results which studies are simulated, and the titles of contrasts, by study and name."""
    simulated: list[str] = []
    titles: dict[tuple[str, str], str] = {}
    for study, folder in folders.items():
        for each in _configured(folder).values():
            simulated += [study] if each.get("simulated") else []
            contrasts = each["contrasts"].items()
            titles |= {(study, name): contrast["title"] for name, contrast in contrasts if contrast.get("title")}
    return simulated, titles


def fit_to_screen(text: str) -> str:
    """Break lines between words where they are shown on a terminal; elsewhere leave them as they are."""
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(
        textwrap.fill(
            line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False,
            drop_whitespace=True, replace_whitespace=False,
        )
        for line in text.splitlines()
    )  # fmt: skip
