"""For each feature, how many variants make the same call and which ones break it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mircargo.results.contract import STRESS
from mircargo.robustness.sentences import CALLS, DOWN, NOT_TESTED, UP, broken_by
from mircargo.robustness.stress import Runs


@dataclass(frozen=True)
class Stressed:
    """What came of a stress test."""

    summary: pd.DataFrame  # one row per feature, as of `summarise`
    variants: pd.DataFrame  # every variant of every feature, as of `stress.tidy`
    facts: dict[str, Any]  # which variants were fitted and which were not, as of `stress.facts`


def summarise(runs: Runs, copies: bool = False, few: bool = False) -> pd.DataFrame:
    """Summarise the variants of each feature, as in `robustness/{contrast}.tsv`.

    `share_same_call` is the share of a kind's variants with the same call (up, down or none) as the fit as configured,
    averaged over the kinds: otherwise a kind with many variants, such as samples left out, would outweigh the others.
    The fit as configured does not count, nor does a variant that did not test the feature (which was filtered or an
    outlier there). Where the fit as configured did not test the feature, the share is missing.

    `robust` says of a call whether the decisive variant makes it and no variant that tests the feature has another
    call; it is missing where there is no call, no variant, `few` samples, or where the decisive variant was not
    possible. `confirmed` says whether the decisive variant makes the call; of a joint test, which has none, the same as
    `robust`.

    Parameters
    ----------
    copies
        Whether libraries of a group are one and the same (`checks.replicates`): variants cannot show it, as the copies
        are in all of them. Then no call is robust, and `fragile_under` says so.
    few
        Whether a group has fewer than three samples, none of which can be left out. Then no call is said to be robust.
    """
    base, calls = runs.calls[0], runs.calls[1:]
    n_variants, folds = len(calls), runs.log2_fold_change[1:]
    tested = (base != NOT_TESTED) & (n_variants > 0)
    same, untested = calls == base, calls == NOT_TESTED
    called = (base == UP) | (base == DOWN)
    prepared = np.array([kind == "preparation" for kind in runs.kinds[1:]], dtype=bool)
    decided = called & (n_variants > 0) & (not runs.undecided_without)
    decisive = np.array([variant.decisive for variant in runs.possible], dtype=bool)
    unbroken = (same | untested).all(axis=0)
    confirmed = same[decisive].all(axis=0) if decisive.any() else unbroken
    return pd.DataFrame(
        {
            "feature": runs.features,
            "n_variants": n_variants,
            "share_same_call": np.where(tested, _share_by_kind(same, untested, runs.kinds[1:]), np.nan),
            "min_log2FoldChange": np.fmin.reduce(folds, axis=0, initial=np.nan),
            "max_log2FoldChange": np.fmax.reduce(folds, axis=0, initial=np.nan),
            "fragile_under": _fragile_under(runs, copies),
            "call": [CALLS[code] for code in base],
            "n_not_tested": untested.sum(axis=0),
            "robust": np.where(decided & (not few), unbroken & confirmed & (not copies), None),
            "beyond_preparation": np.where(called & prepared.any(), same[prepared].all(axis=0), None),
            "n_same_call": np.where(tested, same.sum(axis=0), np.nan),
            "confirmed": np.where(decided, confirmed, None),
        },
        columns=list(STRESS.columns),
    )


def _share_by_kind(same: np.ndarray, untested: np.ndarray, kinds: Sequence[str]) -> np.ndarray:
    """Return the mean over kinds of the share of variants with the same call, among those that test a feature."""
    total, n_kinds = np.zeros(same.shape[1]), np.zeros(same.shape[1])
    for kind in dict.fromkeys(kinds):
        own = np.array([each == kind for each in kinds])
        tests = (~untested[own]).sum(axis=0)
        total += np.where(tests > 0, (same & ~untested)[own].sum(axis=0) / np.maximum(tests, 1), 0)
        n_kinds += tests > 0
    return np.where(n_kinds > 0, total / np.maximum(n_kinds, 1), np.nan)


def _fragile_under(runs: Runs, copies: bool) -> np.ndarray:
    base, calls = runs.calls[0], runs.calls[1:]
    called = (base == UP) | (base == DOWN)
    broken = np.where(called, (calls != base).any(axis=0) | copies, ((calls == UP) | (calls == DOWN)).any(axis=0))
    names = runs.names[1:]
    texts = np.full(len(base), None, dtype=object)
    for feature in np.flatnonzero(broken):
        others = [CALLS[code] for code in calls[:, feature]]
        texts[feature] = "; ".join(broken_by(names, others, CALLS[base[feature]], copies))
    return texts
