"""The trend of dispersions over means, a0 + a1 / mean, as DESeq2 fits it.

PyDESeq2 0.5.4 lets features whose dispersion sits at its floor take part in the first of its fits. Where many counts
are zero, as in exosomes, that fit fails. DESeq2 leaves them out.
"""

import numpy as np

FLOOR = 1e-6  # 100 times the smallest dispersion, as in DESeq2
START = np.array([0.1, 1.0])
NOTHING = 1e-10  # share of a dispersion: what a coefficient adds of less than that is 0 but for rounding


def fit_trend(inverse_means: np.ndarray, dispersions: np.ndarray) -> np.ndarray | None:
    """Fit dispersion = a0 + a1 / mean by a gamma regression that leaves outliers out (Love et al. 2014, Methods).

    Features at the dispersion's floor take no part; of the others those within 1e-4 to 15 times the trend are fitted,
    again and again until the coefficients stay. None where there is no such trend with two positive coefficients.
    """
    above = dispersions > FLOOR
    design = np.column_stack([np.ones(above.sum()), inverse_means[above]])
    values = dispersions[above]
    coefficients = START
    for _ in range(11):
        ratios = values / (design @ coefficients)
        near = (ratios > 1e-4) & (ratios < 15)
        if near.sum() < 2:
            return None
        fitted, at_rest = _gamma_identity(design[near], values[near], coefficients)
        shares = (fitted * design[near]).max(axis=0) / (design[near] @ fitted).max()
        if not (shares > NOTHING).all():
            return None
        moved = float((np.log(fitted / coefficients) ** 2).sum())
        coefficients = fitted
        # R's glm hands on what it has after 25 steps; such a fit is only never the last.
        if moved < 1e-6 and at_rest:
            return coefficients
    return None


def _gamma_identity(design: np.ndarray, values: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, bool]:
    """Gamma regression with identity link by Fisher scoring; a step that leaves a mean negative is halved.

    Returns
    -------
    tuple
        The coefficients, missing where there are none, and whether the deviance came to rest within 25 steps.
    """

    def deviance(coefficients: np.ndarray) -> float:
        means = design @ coefficients
        return float(-2 * (np.log(values / means) - (values - means) / means).sum())

    none = np.full(2, np.nan), False
    coefficients, last = start, deviance(start)
    for _ in range(25):
        weights = 1 / (design @ coefficients) ** 2
        try:
            proposed = np.linalg.solve(design.T @ (weights[:, None] * design), design.T @ (weights * values))
        except np.linalg.LinAlgError:
            return none
        for _ in range(25):
            if (design @ proposed > 0).all():
                break
            proposed = (proposed + coefficients) / 2
        else:
            return none
        now, coefficients = deviance(proposed), proposed
        if abs(now - last) / (abs(now) + 0.1) < 1e-8:
            return coefficients, True
        last = now
    return coefficients, False
