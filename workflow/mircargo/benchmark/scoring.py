"""Scores of calls whose truth is known, and their summaries over studies."""

import numpy as np
import pandas as pd
from scipy.stats import binomtest


def score(calls: pd.DataFrame, truth: pd.Series, counted: pd.Index | None = None) -> dict[str, float]:
    """Score calls against the truth.

    A call of a feature that does not change is false, and so is one of the wrong sign.

    Parameters
    ----------
    calls
        What a caller gives: `log2FoldChange`, `called`, by feature.
    truth
        True log2 fold change by feature, 0 where it does not change.
    counted
        Features that could have been called; all where left out. Those that changed are the denominator of the true
        positive rate; any call counts as a call.

    Returns
    -------
    dict
        `calls`, `false_calls`, `wrong_signs`; `tpr`, missing where nothing changes; `fdr`, the share of false calls
        (0 where there is no call: Benjamini and Hochberg 1995); `unchanged_called`, the share of the unchanged
        features that are called; `slope` and `rmse` of the log2 fold change over `counted`.
    """
    truth = truth.reindex(calls.index)
    called, changes = calls["called"].to_numpy(dtype=bool), (truth != 0).to_numpy()
    same_sign = (np.sign(calls["log2FoldChange"]) == np.sign(truth)).to_numpy()
    could = np.ones(len(calls), dtype=bool) if counted is None else calls.index.isin(counted)
    right = called & changes & same_sign
    false = called & ~right
    seen = could & calls["log2FoldChange"].notna().to_numpy()
    estimate, true = calls["log2FoldChange"].to_numpy(dtype=float)[seen], truth.to_numpy(dtype=float)[seen]
    return {
        "calls": int(called.sum()),
        "false_calls": int(false.sum()),
        "wrong_signs": int((called & changes & ~same_sign).sum()),
        "tpr": share((right & could).sum(), (changes & could).sum()),
        "fdr": float(false.sum() / max(1, called.sum())),
        "unchanged_called": share((called & could & ~changes).sum(), (could & ~changes).sum()),
        "slope": float(np.polyfit(true, estimate, 1)[0]) if np.ptp(true) > 0 else np.nan,
        "rmse": float(np.sqrt(np.mean((estimate - true) ** 2))) if len(true) else np.nan,
    }


def interval(successes: int, of: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson 1927)."""
    if of == 0:
        return np.nan, np.nan
    found = binomtest(successes, of).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def summarise(scores: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Summarise the scores of many studies.

    Parameters
    ----------
    scores
        One row per study and caller, as `run.simulated` makes them.

    Returns
    -------
    pandas.DataFrame
        `by`; `studies`, `refused` and `refused_by_name`; means of `tpr`, `fdr`, `unchanged_called` and `rmse` and
        the median of `tpr` over the studies that were fitted; `any_false`, the share of these with a false call, with
        its 95% interval `any_false_low` and `any_false_high`; `wrong_signs` in total.
    """
    rows = []
    for key, part in scores.groupby(by, sort=False):
        fitted = part[part["outcome"] == "fitted"]
        with_false = int((fitted["false_calls"] > 0).sum())
        low, high = interval(with_false, len(fitted))
        rows.append(
            dict(zip(by, key, strict=True))
            | {"studies": len(part), "refused": int((part["outcome"] == "refused").sum())}
            | {"refused_by_name": int(part["names_sample"].sum())}
            | {f"mean_{name}": fitted[name].mean() for name in ("tpr", "fdr", "unchanged_called", "rmse")}
            | {"median_tpr": fitted["tpr"].median(), "wrong_signs": int(fitted["wrong_signs"].sum())}
            | {"any_false": share(with_false, len(fitted))}
            | {"any_false_low": low, "any_false_high": high}
        )
    return pd.DataFrame(rows)


def share(part: float, whole: float) -> float:
    """Return a share; missing where there is nothing to take it of."""
    return float(part / whole) if whole else np.nan
