"""Genes that are like the targets of a miRNA in all but having a site."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.stats import norm, rankdata

NEIGHBOURS: Final = 20
"""Genes that each target is compared with."""

FEWEST_GENES: Final = 10
"""A family with fewer targets, or fewer genes without a site, is not tested."""

COVARIATES: Final = {
    "utr3_length": "length of the 3'UTR",
    "gc": "GC",
    "sites": "number of families with a site",
    "expression": "expression",
}
"""What genes can be matched for, and how people read it."""

# A gene whose covariate is not known lies further from those with one than these lie from each other.
_APART: Final = 8.0
_KNOTS: Final = (-1.0, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Matched:
    """The targets of a family, and the genes that they are compared with.

    Attributes
    ----------
    targets
        Positions of the targets among the genes.
    neighbours
        Targets x genes without a site: positions of the most similar genes of each target.
    """

    targets: np.ndarray
    neighbours: np.ndarray

    @cached_property
    def n_controls(self) -> int:
        """Genes without a site that are compared with, each once."""
        return len(np.unique(self.neighbours))

    def control_weights(self, shares: np.ndarray, n_genes: int) -> np.ndarray:
        """Return the weight of each gene in the mean of the controls; they add up to 1.

        Parameters
        ----------
        shares
            Of each target in the mean of the targets; each of its neighbours has an equal part of it.
        """
        each = np.repeat(shares / self.neighbours.shape[1], self.neighbours.shape[1])
        return np.bincount(self.neighbours.ravel(), weights=each, minlength=n_genes)


def places(covariates: pd.DataFrame) -> np.ndarray:
    """Return where each gene stands among all by each covariate, as normal scores of its rank.

    Parameters
    ----------
    covariates
        Genes x covariates (length of the 3'UTR, mean expression, GC), in any unit; missing where not known.

    Returns
    -------
    numpy.ndarray
        Genes x scores; a covariate with missing values has a second column, which sets those genes apart.
    """
    columns = []
    for name in covariates:
        values = covariates[name]
        known = values.notna().to_numpy()
        if known.sum() == 0:
            continue
        scores = np.zeros(len(values))
        scores[known] = norm.ppf((rankdata(values[known]) - 0.5) / known.sum())
        columns.append(scores)
        if not known.all():
            columns.append(np.where(known, 0.0, _APART))
    return np.column_stack(columns) if columns else np.zeros((len(covariates), 1))


def match(scores: np.ndarray, targets: np.ndarray, pool: np.ndarray) -> Matched:
    """Find for each target the genes of a pool that are nearest to it.

    Nearest-neighbour matching with replacement: a gene may be compared with several targets.

    Parameters
    ----------
    scores
        Of `places`.
    targets, pool
        Positions of the genes with a site, and of those without.
    """
    several = np.arange(1, min(NEIGHBOURS, len(pool)) + 1)
    return Matched(targets, pool[cKDTree(scores[pool]).query(scores[targets], k=several)[1]])


def without_trend(change: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Take from the change of each gene what its covariates alone explain, a cubic spline in each.

    What matching leaves of a difference in the covariates then does not count as a shift (the correction of Abadie
    and Imbens 2011, J Bus Econ Stat 29:1). The median of what is returned is 0.
    """
    terms = [np.ones(len(change))]
    for column in scores.T:
        if len(np.unique(column)) > 2:
            terms += [column, column**2, column**3, *(np.maximum(column - knot, 0) ** 3 for knot in _KNOTS)]
        elif np.ptp(column) > 0:
            terms.append(column)
    design = np.column_stack(terms)
    left = change - design @ np.linalg.lstsq(design, change, rcond=None)[0]
    return np.asarray(left - np.median(left))


def balance(covariates: pd.DataFrame, matched: Matched, pool: np.ndarray, shares: np.ndarray) -> pd.DataFrame:
    """Compare targets with the genes without a site, all of them and those matched, by each covariate.

    Returns
    -------
    pd.DataFrame
        A row per covariate: `covariate targets all_others matched before after`; means, and how far those of the
        genes without a site lie from those of the targets, in standard deviations of the ranks over all genes.
    """
    rows = []
    weights = matched.control_weights(shares, len(covariates))
    for name, values in covariates.items():
        known = values.notna().to_numpy()
        ranks = np.where(known, values.rank().to_numpy(), 0.0)
        spread = ranks[known].std() if known.any() else np.nan

        def mean(of: np.ndarray, weight: np.ndarray, known: np.ndarray = known) -> float:
            used = weight * known
            return float((of * used).sum() / used.sum()) if used.sum() > 0 else np.nan

        masses = [np.zeros(len(values)), np.zeros(len(values)), weights]
        masses[0][matched.targets] = shares
        masses[1][pool] = 1.0
        plain = np.where(known, values.to_numpy(dtype=float), 0.0)
        by_rank = [mean(ranks, mass) for mass in masses]
        means = [mean(plain, mass) for mass in masses]
        apart = [(by_rank[0] - other) / spread if spread else np.nan for other in by_rank[1:]]
        rows.append([str(name), *means, *apart])
    return pd.DataFrame(rows, columns=["covariate", "targets", "all_others", "matched", "before", "after"])
