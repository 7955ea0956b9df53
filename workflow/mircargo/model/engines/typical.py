"""The typical fold change, and how far those of features that do not change scatter beyond their errors."""

from typing import Final

import numpy as np

BANDWIDTH: Final = 0.1  # log2, added to each feature's own error
GRID: Final = 256
STEPS, TOLERANCE = 100, 1e-12
PRECISE: Final = 0.6  # log2; of features with larger errors the scatter says nothing of small shared errors
FEWEST_PRECISE: Final = 20
SMALLEST, LARGEST = 0.25, 1.5  # of the stated error
STEP: Final = 0.02  # log2
SPREADS: Final = (2.5, 5.0, 7.5, 12.5)  # of the stated error: how far features that do change lie
SHARE_STEPS: Final = 30


def typical_change(change: np.ndarray, errors: np.ndarray) -> float:
    """Return the mode of fold changes, each of which counts as its error allows.

    The mode of a density whose kernels are normal, with the variance of each feature's own error and 0.1 squared: a
    feature that is known well makes a narrow, high kernel. The mean and the median follow the features that change;
    the mode stays with the largest set of features that change alike, which are taken for the unchanged ones.

    Parameters
    ----------
    change, errors
        Log2 fold changes and their standard errors; features without either are left out.

    Returns
    -------
    float
        In log2; 0 where no feature has both.
    """
    known = np.isfinite(change) & np.isfinite(errors)
    values, widths = change[known], np.hypot(errors[known], BANDWIDTH)
    if not len(values):
        return 0.0
    low, high = np.quantile(values, [0.02, 0.98])
    grid = np.linspace(low, high, GRID)
    z = (grid[:, None] - values) / widths
    # Rounded, so that of two grid points that are equally good all processors take the first.
    density = np.round((np.exp(-(z**2) / 2) / widths).sum(axis=1), 9)
    mode = float(grid[np.argmax(density)])
    for _ in range(STEPS):  # mean shift: the point that is the mean of the features around it
        weights = np.exp(-(((mode - values) / widths) ** 2) / 2) / widths**3
        moved = float((weights * values).sum() / weights.sum())
        if abs(moved - mode) < TOLERANCE:
            break
        mode = moved
    return mode


def shared_error(change: np.ndarray, errors: np.ndarray, stated: float) -> float:
    """Estimate the error that all libraries of a group share, such as that of their preparation.

    It differs between features and not between the libraries of a group, so no replicate shows it; but the features
    that do not change show it together, by fold changes that scatter more than their standard errors. Fold changes
    about the typical one are taken for a mixture of two normal distributions: of the unchanged features with variance
    e^2 + s^2, for their own errors e, and of those that change, with a larger one. The s of greatest likelihood is
    sought in steps of 0.02, between a quarter and one and a half times what is stated.

    Parameters
    ----------
    change, errors
        Log2 fold changes about the typical one, and their standard errors.
    stated
        Standard deviation of the shared error (log2) that is taken where fewer than 20 features have an error below
        0.6; with 0 none is looked for.
    """
    use = np.isfinite(change) & np.isfinite(errors) & (errors < PRECISE)
    if stated <= 0 or use.sum() < FEWEST_PRECISE:
        return max(stated, 0.0)
    squares, variances = change[use] ** 2, errors[use] ** 2
    candidates = np.arange(0, LARGEST * stated + STEP / 2, STEP)
    fits = [
        max(_log_likelihood(squares, variances + sd**2, spread * stated) for spread in SPREADS) for sd in candidates
    ]
    found = float(candidates[np.argmax(np.round(fits, 6))])
    return float(np.clip(found, SMALLEST * stated, LARGEST * stated))


def _log_likelihood(squares: np.ndarray, variances: np.ndarray, spread: float) -> float:
    """Return that of the mixture, at the share of unchanged features that fits best."""
    wider = variances + spread**2
    unchanged = np.exp(-squares / variances / 2) / np.sqrt(variances)
    changed = np.exp(-squares / wider / 2) / np.sqrt(wider)
    share = 0.8
    for _ in range(SHARE_STEPS):
        share = float((share * unchanged / (share * unchanged + (1 - share) * changed)).mean())
    return float(np.log(share * unchanged + (1 - share) * changed).sum())
