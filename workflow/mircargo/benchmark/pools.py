"""Two pools of small RNAs mixed at known ratios, sequenced by many laboratories with many kits.

Giraldez et al. 2018, Nat Biotechnol 36:746 (GEO GSE94586). Pool A and pool B hold the same 334 RNAs, 40 of them in
equal parts and the others at ratios of 1.5 to 10. The libraries of a laboratory and kit are replicates of one
preparation, so they vary less than animals do: they show bias, slope and sign, and whether RNAs in equal parts are
called, but not whether p-values are calibrated for biology.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.problems import Problem, ProblemsFound, refusal

CONTRAST = Contrast(variable="pool", level="B", reference="A")
SOURCE = (
    "Giraldez et al. 2018 (GEO GSE94586): calibrator counts of each sample in rspengle/CrossU01_exRNA_Manuscript2017"
    " on GitHub, lanes added up"
)
MIN_READS = 10
# Mixed in equal parts and found otherwise in 25 groups (medians of log2 +0.78 and +0.64); the first is antisense of
# hsa-miR-3184-3p, which is not mixed in equal parts.
DOUBTFUL = ("hsa-miR-423-5p", "hsa-miR-625-5p")
SWAPPED = ("Lab1.NEBNext", "Lab1.NEBNext.SynthA.1", "Lab1.NEBNext.SynthB.2")


@dataclass(frozen=True)
class Pools:
    """The pools as measured, and as mixed."""

    counts: pd.DataFrame  # features x samples, integers
    # Laboratory and kit -> its rows of the sheet (`pool`, A or B; `replicate`), A first, in order of replicate.
    groups: dict[str, pd.DataFrame]
    truth: pd.Series  # log2 of the parts in pool B over those in pool A, by feature


def read_pools(folder: Path) -> Pools:
    """Read the pools.

    Parameters
    ----------
    folder
        With `counts.tsv` (feature x sample), `samples.tsv` (`sample lab kit pool replicate`) and `truth.tsv`
        (`feature parts_in_pool_a parts_in_pool_b`).

    Raises
    ------
    ProblemsFound
        Where a file or a column is not there, or the files do not name the same samples and features.
    """
    tables, problems = {}, []
    for name, columns in (
        ("counts", ["feature"]),
        ("samples", ["sample", "lab", "kit", "pool", "replicate"]),
        ("truth", ["feature", "parts_in_pool_a", "parts_in_pool_b"]),
    ):
        path = folder / f"{name}.tsv"
        if not path.is_file():
            what, hint = "a table of the pools is not there", f"made from: {SOURCE}"
            problems.append(Problem("no_pool_table", what, str(path), "", hint))
            continue
        tables[name] = pd.read_csv(path, sep="\t")
        if missing := [column for column in columns if column not in tables[name]]:
            what = "a table of the pools lacks columns"
            problems.append(Problem("pool_table_lacks_columns", what, str(path), ", ".join(missing)))
    if problems:
        raise ProblemsFound(problems)
    counts, sheet = tables["counts"].set_index("feature"), tables["samples"].set_index("sample")
    parts = tables["truth"].set_index("feature")
    if set(sheet.index) - set(counts.columns) or set(counts.index) - set(parts.index):
        what = "the tables of the pools do not name the same samples and features"
        raise refusal("pool_tables_differ", what, str(folder))
    truth = np.log2(parts["parts_in_pool_b"] / parts["parts_in_pool_a"]).rename("log2_fold_change")
    names = sheet["lab"].astype(str) + "." + sheet["kit"].astype(str)
    ordered = sheet.sort_values(["pool", "replicate"], kind="stable")
    groups = {name: ordered[names[ordered.index] == name] for name in dict.fromkeys(names)}
    return Pools(counts, groups, truth[counts.index])


def first_replicates(sheet: pd.DataFrame, n: int) -> pd.DataFrame:
    """Take the first `n` libraries of each pool: with three, the published figures of DESeq2 come out."""
    return sheet.groupby("pool", sort=False).head(n)


def doubtful(features: pd.Index) -> list[str]:
    """Return the features that `DOUBTFUL` names among their miRBase names (`oligo,name;alias`)."""
    return [name for name in features if set(DOUBTFUL) & set(str(name).replace(",", ";").split(";"))]


def enough_reads(counts: pd.DataFrame, n: int) -> pd.DataFrame:
    """Keep the features with 10 reads or more in `n` samples or more."""
    return counts[(counts >= MIN_READS).sum(axis=1) >= n]


def swapped_back(name: str, sheet: pd.DataFrame) -> pd.DataFrame:
    """Give two libraries the labels that their laboratory gave them at first, by mistake; other groups are as given."""
    group, a, b = SWAPPED
    if name != group:
        return sheet
    mistaken = sheet.copy()
    mistaken.loc[[a, b], "pool"] = sheet.loc[[b, a], "pool"].to_numpy()
    return mistaken
