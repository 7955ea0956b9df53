"""What a run found, in the lines that it ends with."""

import csv
from collections.abc import Mapping
from pathlib import Path


def summarise(folders: Mapping[str, str]) -> str:
    """Write the target's sentence of each contrast, and where the report is.

    Parameters
    ----------
    folders
        Study -> its results folder.
    """
    lines = []
    for study, folder in folders.items():
        table = Path(folder) / "cargo" / "target.tsv"
        if not table.exists():
            lines += [f"{study}: no results yet"]
            continue
        with table.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        lines += [
            study,
            *(f"  {row['contrast']}: {row['sentence']}" for row in rows),
            f"  report: {folder}/report.html",
        ]
    return "\n".join(lines)
