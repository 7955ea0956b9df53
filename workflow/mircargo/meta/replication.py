"""Replication: how many calls of one contrast repeat in another, and how many were expected to, given its power."""

from collections.abc import Sequence
from itertools import permutations
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtr
from scipy.stats import norm

from mircargo.cargo.global_change import p_cutoff
from mircargo.meta.study_table import Contribution
from mircargo.model.differential_table import covers
from mircargo.results.contract import META_REPLICATION
from mircargo.vocabulary import CHANGED

FEWEST_FOR_PRIOR: Final = 10
ALL: Final = "all"


def replication(contributions: Sequence[Contribution], matched: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Compare every two contrasts that share no samples, both ways.

    A call of the first contrast is expected to repeat with the probability that the second calls a change of that size
    in that direction: `Phi((|b| - z se) / sqrt(sd^2 + se^2))`, b being the shrunken fold change of the first, sd its
    standard deviation, se the standard error of the second and z where its calls begin. Fold changes are shrunken as
    those that were called are too large on average (the winner's curse).

    Parameters
    ----------
    contributions
        The contrasts.
    matched
        `results/meta/{meta}.studies.tsv`: which feature of each contrast is which.
    alpha
        Ranges of the expected number cover 1 - alpha.

    Returns
    -------
    pandas.DataFrame
        Rows for up, down and all of each ordered pair, as in `results/meta/{meta}/replication.tsv`.
    """
    named = {
        (each.study, each.contrast): own for (each, own) in ((c, _by_common_name(c, matched)) for c in contributions)
    }
    rows = []
    for first, second in permutations(contributions, 2):
        if first.study == second.study and not first.units.isdisjoint(second.units):
            continue
        tables = [named[each.study, each.contrast] for each in (first, second)]
        found = compare(tables[0], tables[1], (first.label, second.label), alpha)
        rows += of_pair(found, *(f"{each.study}.{each.contrast}" for each in (first, second)))
    return pd.DataFrame(rows, columns=list(META_REPLICATION.columns))


def of_pair(rows: list[dict[str, object]], first: str, second: str) -> list[dict[str, object]]:
    """Say of rows from and in which contrast they are."""
    return [{"from_contrast": first, "in_contrast": second, **row} for row in rows]


def compare(
    first: pd.DataFrame, second: pd.DataFrame, labels: tuple[str, str], alpha: float
) -> list[dict[str, object]]:
    """Return the rows of one pair, up, down and all.

    Parameters
    ----------
    first, second
        Their `differential/{contrast}.tsv`, indexed by the name that a feature has in both.
    labels
        What people read of each.
    """
    both = first.index[first["call"].isin(CHANGED)].intersection(second.index[second["padj"].notna()])
    called, again = first.loc[both, "call"], second.loc[both, "call"]
    chances = _chances(first, second, both, alpha)
    rows: list[dict[str, object]] = []
    for direction in (*CHANGED, ALL):
        own = (called == direction).to_numpy() | (direction == ALL)
        low, high = _range_of_sum(chances[own], alpha)
        repeated = int((again == called)[own].sum())
        opposite = int((again.isin(CHANGED) & (again != called))[own].sum())
        row: dict[str, object] = {
            "direction": direction,
            "calls": int(own.sum()),
            "expected": float(chances[own].sum()),
        }
        row |= {"expected_low": low, "expected_high": high, "repeated": repeated, "opposite": opposite}
        rows.append(row | {"sentence": _sentence(row, labels, alpha)})
    return rows


def _by_common_name(each: Contribution, matched: pd.DataFrame) -> pd.DataFrame:
    own = matched[(matched["study"] == each.study) & (matched["contrast"] == each.contrast)]
    common = own.dropna(subset=["study_feature"]).set_index("study_feature")["feature"]
    table = each.results[each.results["feature"].isin(common.index)]
    return table.set_index(table["feature"].map(common))


def _chances(first: pd.DataFrame, second: pd.DataFrame, both: pd.Index, alpha: float) -> np.ndarray:
    """Return the probability that each call of the first is made by the second."""
    change, sd = (values[first.index.get_indexer(both)] for values in _shrunken(first))
    error = second.loc[both, "lfcSE"].to_numpy(dtype=float)
    limit = float(norm.isf(p_cutoff(second, alpha) / 2)) * error
    return np.asarray(ndtr((np.abs(change) - limit) / np.hypot(sd, error)))


def _shrunken(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return fold changes without the winner's curse, with their standard deviations.

    apeGLM's where the fit has them; else by a normal prior, whose variance is that of the fold changes less that of
    their errors.
    """
    change, error = (table[name].to_numpy(dtype=float) for name in ("log2FoldChange", "lfcSE"))
    known = np.isfinite(change) & (error > 0)
    spread = max(float(np.mean(change[known] ** 2 - error[known] ** 2)), 0.0) if known.any() else 0.0
    kept = spread / (spread + error**2) if spread > 0 else np.zeros_like(error)
    values = {"log2FoldChange": change * kept, "lfcSE": error * np.sqrt(kept)}
    given = [table.get(f"shrunken_{name}", pd.Series(np.nan, table.index)).to_numpy(dtype=float) for name in values]
    there = np.isfinite(given[0]) & np.isfinite(given[1])
    shrunken = [np.where(there, own, prior) for own, prior in zip(given, values.values(), strict=True)]
    return shrunken[0], shrunken[1]


def _range_of_sum(chances: np.ndarray, alpha: float) -> tuple[int, int]:
    """Return the range that the number of successes of independent trials is in with probability 1 - alpha or more."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    below = np.cumsum(distribution)
    low, high = (int(np.searchsorted(below, level - 1e-12)) for level in (alpha / 2, 1 - alpha / 2))
    return low, min(high, len(chances))


def _sentence(row: dict[str, object], labels: tuple[str, str], alpha: float) -> str:
    direction, n, low, high = (row[key] for key in ("direction", "calls", "expected_low", "expected_high"))
    what = "" if direction == ALL else f" {direction}"
    if not n:
        return f"No feature called{what} in {labels[0]} was tested in {labels[1]}."
    text = (
        f"Of {n} called{what} in {labels[0]} and tested in {labels[1]}, {row['expected']:.1f} ({low} to {high}, "
        f"{covers(alpha)}) were expected to be called again there in the same direction, given its power; "
        f"{row['repeated']} {'was' if row['repeated'] == 1 else 'were'}, and {row['opposite']} in the opposite one"
    )
    if int(str(row["repeated"])) < int(str(low)):
        return f"{text}: fewer than power explains, so the two differ in what changes, or calls of the first are wrong."
    return f"{text}."
