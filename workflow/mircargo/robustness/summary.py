"""Of each feature: in how many variants its call is the same, and which ones break it."""

from typing import Final

import numpy as np
import pandas as pd

from mircargo.robustness.stress import Runs
from mircargo.robustness.words import CALLS, COPIES, DOWN, NOT_TESTED, UP, broken

COLUMNS: Final = [
    "feature", "n_variants", "share_same_call", "min_log2FoldChange", "max_log2FoldChange", "fragile_under", "call",
    "n_not_tested", "robust", "beyond_preparation",
]  # fmt: skip


def summarise(runs: Runs, copies: bool = False) -> pd.DataFrame:
    """Sum up the variants of each feature.

    `share_same_call` is the number of variants whose call (up, down or none) is that of the fit as configured, over
    all variants that were possible. The fit as configured is not counted. A variant that did not test the feature
    (its filter left it out, or an outlier did) does not say the same: it counts below the line and not above it,
    and `n_not_tested` says how many there are. Where the fit as configured did not test the feature, there is no
    call that could survive and the share is missing.

    Parameters
    ----------
    runs
        The variants.
    copies
        Whether libraries of a group are one and the same (`quality.replicates`): variants cannot show it, as the
        copies are in all of them. Then no call is robust, and `fragile_under` says so.

    Returns
    -------
    pandas.DataFrame
        A row a feature, columns `COLUMNS`. The fold changes are the smallest and the largest among the variants.
        `fragile_under` names the variants of another call, joined by `; `; for a feature without a call those that
        call it up or down; missing where there are none. `robust` says of a call whether it holds in every variant;
        it is missing where there is no call, or no variant. `beyond_preparation` says the same of the error of
        preparation alone.
    """
    base, calls = runs.calls[0], runs.calls[1:]
    n_variants = len(calls)
    tested = (base != NOT_TESTED) & (n_variants > 0)
    same = (calls == base).sum(axis=0) / max(n_variants, 1)
    called = (base == UP) | (base == DOWN)
    prepared = np.array([kind == "preparation" for kind in runs.kinds[1:]], dtype=bool)
    folds = runs.log2_fold_change[1:]
    return pd.DataFrame(
        {
            "feature": runs.features,
            "n_variants": n_variants,
            "share_same_call": np.where(tested, same, np.nan),
            "min_log2FoldChange": _extreme(folds, np.fmin),
            "max_log2FoldChange": _extreme(folds, np.fmax),
            "fragile_under": _fragile_under(runs, copies),
            "call": [CALLS[code] for code in base],
            "n_not_tested": (calls == NOT_TESTED).sum(axis=0),
            "robust": np.where(called & (n_variants > 0), (same == 1) & (not copies), None),
            "beyond_preparation": np.where(called & prepared.any(), (calls == base)[prepared].all(axis=0), None),
        },
        columns=COLUMNS,
    )


def _extreme(folds: np.ndarray, choose: np.ufunc) -> np.ndarray:
    return np.asarray(choose.reduce(folds, axis=0, initial=np.nan))


def _fragile_under(runs: Runs, copies: bool) -> np.ndarray:
    base, calls = runs.calls[0], runs.calls[1:]
    called = (base == UP) | (base == DOWN)
    worth_a_look = np.where(called, (calls != base).any(axis=0), ((calls == UP) | (calls == DOWN)).any(axis=0))
    texts = np.full(len(base), None, dtype=object)
    for feature in np.flatnonzero(worth_a_look):
        words = [CALLS[code] for code in calls[:, feature]]
        texts[feature] = "; ".join(broken(runs.names[1:], words, CALLS[base[feature]]))
    for feature in np.flatnonzero(called) if copies else ():
        texts[feature] = "; ".join(filter(None, [COPIES, texts[feature]]))
    return texts
