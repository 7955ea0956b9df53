"""What each gene of the recipient did, made comparable between genes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from mircargo.recipient.matching import places, without_trend

# The change of a gene counts as at most so many times the spread of genes like it.
_FARTHEST: Final = 4.0
# Genes over which the spread is found, and the fewest of them at either end.
_WINDOW, _FEWEST = 501, 50
_MAD: Final = 1.4826  # the median absolute deviation of a normal distribution is 1 / 1.4826 of its standard deviation


@dataclass(frozen=True, eq=False)
class Replicates:
    """How samples of a group differ, from which the correlation between genes is found.

    Attributes
    ----------
    residuals
        Genes x samples: log2 normalised counts less what the design explains.
    df
        Samples less coefficients of the design.
    scale
        The variance of the contrast's log2 fold change, in units of a sample's variance: 1/n + 1/n for two groups.
    """

    residuals: np.ndarray
    df: int
    scale: float

    def variance(self, weights: np.ndarray) -> np.ndarray:
        """Return the variance of weighted sums of the changes of genes, with their correlation.

        Parameters
        ----------
        weights
            Sums x genes.
        """
        return np.asarray(((weights @ self.residuals) ** 2).sum(axis=1) / self.df * self.scale)

    def without_correlation(self, weights: np.ndarray) -> np.ndarray:
        """Return the variance that the same sums would have if genes varied each for itself."""
        each = (self.residuals**2).sum(axis=1) / self.df * self.scale
        return np.asarray(weights**2 @ each)


@dataclass(frozen=True, eq=False)
class Response:
    """The genes of the recipient that are compared.

    Attributes
    ----------
    change
        Log2 fold change of each gene less what its covariates explain, drawn in where it lies far out.
    precision
        One over the squared spread of the changes of genes of like expression: the weight of a gene.
    covariates
        Genes x covariates, as they were given.
    scores
        Where each gene stands by them, as of `matching.places`.
    replicates
        None where only fold changes were given.
    """

    change: np.ndarray
    precision: np.ndarray
    covariates: pd.DataFrame
    scores: np.ndarray
    replicates: Replicates | None = None

    @property
    def variance(self) -> float:
        """The variance of the change of a gene, the precise ones counting more."""
        return float(np.average(self.change**2, weights=self.precision))


def respond(change: pd.Series, covariates: pd.DataFrame, replicates: Replicates | None = None) -> Response:
    """Prepare the log2 fold changes of genes for the comparison of targets with other genes.

    Parameters
    ----------
    change
        Log2 fold change of each gene, none missing.
    covariates
        Genes x covariates in the same order; missing where not known. `expression`, where there, also tells how far
        genes scatter.
    replicates
        Where the samples are known.
    """
    scores = places(covariates)
    left = without_trend(change.to_numpy(dtype=float), scores)
    spread = _spread(left, covariates.get("expression"))
    bound = _FARTHEST * spread
    return Response(np.clip(left, -bound, bound), 1 / spread**2, covariates, scores, replicates)


def _spread(change: np.ndarray, expression: pd.Series | None) -> np.ndarray:
    """Return the spread of genes of like expression: the running median absolute deviation over the ranks."""
    size = np.abs(change)
    overall = max(float(np.median(size)), float(np.mean(size)) / 10, 1e-6) * _MAD
    if expression is None or expression.isna().all() or len(change) < 2 * _WINDOW:
        return np.full(len(change), overall)
    order = np.argsort(expression.fillna(expression.median()).to_numpy(), kind="stable")
    running = pd.Series(size[order]).rolling(_WINDOW, center=True, min_periods=_FEWEST).median()
    spread = np.empty(len(change))
    spread[order] = running.to_numpy() * _MAD
    # No gene counts for more than a hundred typical ones: a window of genes that all have no change has no spread.
    return np.maximum(spread, overall / 10)
