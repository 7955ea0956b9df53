"""What a run found, in the lines that it ends with."""

import csv
from collections.abc import Collection, Mapping

from mircargo.results.contract import REPORT, TARGET_CALLS


def summarise(
    folders: Mapping[str, str],
    simulated: Collection[str] = (),
    labels: Mapping[tuple[str, str], str] | None = None,
) -> str:
    """Write the target's sentence of each contrast, and where the report is.

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
        with table.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        lines += [
            f"{study} (simulated data)" if study in simulated else study,
            *(f"  {labels.get((study, row['contrast']), row['contrast'])}: {row['sentence']}" for row in rows),
            f"  report: {REPORT.within(folder)}",
        ]
    return "\n".join(lines)
