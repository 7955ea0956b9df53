"""PyDESeq2's default inference with two rules of DESeq2 that it lacks, behind its own `Inference` interface.

Both matter where many counts are zero, as in exosomes (seen with PyDESeq2 0.5.4 and DESeq2 1.38):

- Features whose gene-wise dispersion sits at its floor take part in PyDESeq2's first fit of the dispersion trend.
  Where there are many, that fit fails and one mean dispersion is used for all features. DESeq2 leaves them out.
- Where a group has no reads, its fitted mean runs to zero and the standard error grows without bound. DESeq2 takes
  fitted means as at least 0.5 there, as it does everywhere else.
"""

from typing import Any

import numpy as np
import pandas as pd
from pydeseq2.default_inference import DefaultInference

FLOOR = 1e-6  # 100 times the smallest dispersion, as in DESeq2
MIN_MEAN = 0.5
START = np.array([0.1, 1.0])


class DESeq2Inference(DefaultInference):
    """PyDESeq2's default inference with DESeq2's trend a0 + a1 / mean and its floor of fitted means."""

    def wald_test(self, *, mu: np.ndarray, **others: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Test one contrast of each feature; the arguments and values are those of `DefaultInference.wald_test`."""
        p_values, statistics, errors = super().wald_test(mu=np.maximum(mu, MIN_MEAN), **others)
        return p_values, statistics, errors

    def dispersion_trend_gamma_glm(
        self, covariates: pd.Series, targets: pd.Series
    ) -> tuple[np.ndarray, np.ndarray, bool]:
        """Fit the trend; see `fit_trend`. The arguments are 1 / mean and the gene-wise dispersion of each feature.

        Returns
        -------
        tuple
            (a0, a1), the fitted dispersion of each feature, and whether the fit converged.
        """
        inverse_means, dispersions = covariates.to_numpy(dtype=float), targets.to_numpy(dtype=float)
        coefficients = fit_trend(inverse_means, dispersions)
        if coefficients is None:
            return np.full(2, np.nan), np.full(len(dispersions), np.nan), False
        return coefficients, coefficients[0] + coefficients[1] * inverse_means, True


def fit_trend(inverse_means: np.ndarray, dispersions: np.ndarray) -> np.ndarray | None:
    """Fit dispersion = a0 + a1 / mean by a gamma regression that leaves outliers out (Love et al. 2014, Methods).

    Features at the dispersion's floor take no part; of the others those within 1e-4 to 15 times the trend are
    fitted, again and again until the coefficients stay.

    Parameters
    ----------
    inverse_means, dispersions
        One value a feature.

    Returns
    -------
    numpy.ndarray or None
        (a0, a1), or None where there is no such trend with two positive coefficients.
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
        fitted = _gamma_identity(design[near], values[near], coefficients)
        if fitted is None or (fitted <= 0).any():
            return None
        moved = float((np.log(fitted / coefficients) ** 2).sum())
        coefficients = fitted
        if moved < 1e-6:
            return coefficients
    return None


def _gamma_identity(design: np.ndarray, values: np.ndarray, start: np.ndarray) -> np.ndarray | None:
    """Gamma regression with identity link by Fisher scoring; a step that leaves a mean negative is halved."""

    def deviance(coefficients: np.ndarray) -> float:
        means = design @ coefficients
        return float(2 * (values / means - 1 - np.log(values / means)).sum())

    coefficients, last = start, deviance(start)
    for _ in range(25):
        weights = 1 / (design @ coefficients) ** 2
        try:
            proposed = np.linalg.solve(design.T @ (weights[:, None] * design), design.T @ (weights * values))
        except np.linalg.LinAlgError:
            return None
        for _ in range(25):
            if (design @ proposed > 0).all():
                break
            proposed = (proposed + coefficients) / 2
        else:
            return None
        now, coefficients = deviance(proposed), proposed
        if abs(now - last) / (abs(now) + 0.1) < 1e-8:
            return coefficients
        last = now
    return None
