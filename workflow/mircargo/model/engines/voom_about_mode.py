"""limma-voom about the mode: a second opinion that rests on no size factor."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.model.design.matrix import Design
from mircargo.model.engines.limma_voom import LogCounts, log_counts, weighted_least_squares
from mircargo.model.engines.moderation import tested
from mircargo.model.engines.typical import shared_error, typical_change
from mircargo.problems import refusal

FEWEST_FEATURES: Final = 10
LEAST_SCATTER: Final = 1e-8
STEPS, TOLERANCE = 20, 1e-4


@dataclass(frozen=True)
class Terms:
    """On which terms a second opinion is asked."""

    stated_error: float = 0.0  # as of `typical.shared_error`
    null: float = 0.0  # smallest absolute log2 fold change of interest
    alpha: float = 0.05  # intervals cover 1 - alpha
    # As of `voom`. Where scale is assumed they weigh the libraries and move no fold change.
    factors: np.ndarray | None = None
    # Whether these factors say how large the libraries are (by spike-ins, say): the mode is then what it is.
    given: bool = False


@dataclass(frozen=True)
class SecondOpinion:
    """What limma-voom about the mode says."""

    # One row per feature: `feature log2FoldChange lfcSE stat pvalue padj ci_low ci_high`; fold changes are about the
    # typical one, and their errors hold the shared one.
    table: pd.DataFrame
    typical: float  # the typical fold change, in log2, before it became 0
    shared_error: float  # standard deviation of the error that libraries of a group share, in log2


def voom_about_mode(counts: pd.DataFrame, design: Design, groups: pd.Series, terms: Terms = Terms()) -> SecondOpinion:
    """Test a contrast by limma-voom, with the typical fold change as 0.

    Four things are otherwise than in limma-voom (Law et al. 2014, Genome Biol 15:R29). What is taken as unchanged is
    the mode of the fold changes (as LinDA does for log ratios, Zhou et al. 2022, Genome Biol 23:95; here each feature
    counts as its error allows), so no normalisation decides. Groups may scatter differently, and are weighted for it
    (as `arrayWeights` of limma does with `var.group`; Ritchie et al. 2006, BMC Bioinformatics 7:261). The error that
    libraries of a group share is estimated (`typical.shared_error`) and added. And the test is the moderated t (Smyth
    2004, Stat Appl Genet Mol Biol 3:3) with these errors.

    Parameters
    ----------
    counts
        Features x samples, integers, already filtered; holds the samples of the design, in any order.
    design
        The model and the contrast, with at least one residual degree of freedom.

    Raises
    ------
    ProblemsFound
        Where there are too few features to tell the typical fold change, or all samples of a group are alike.
    """
    if len(counts) < FEWEST_FEATURES:
        what = f"the typical fold change is told from {FEWEST_FEATURES} features or more"
        raise refusal("too_few_features", what, "the samples of the contrast", f"{len(counts)} features")
    logs = weighted_logs(counts, design, groups, terms)
    change, errors, df = logs.moderated_fit()
    typical = typical_change(change, errors)
    shared = shared_error(change - typical, errors, terms.stated_error)
    change, errors = change - (0.0 if terms.given else typical), np.hypot(errors, shared)
    table = tested(logs.features, change, errors, df, terms.alpha, terms.null)
    return SecondOpinion(table, typical, shared)


def weighted_logs(counts: pd.DataFrame, design: Design, groups: pd.Series, terms: Terms = Terms()) -> LogCounts:
    """Take the logarithms of counts with weights of their size and of their group; arguments as `voom_about_mode`."""
    logs = log_counts(counts, design, terms.factors)
    spread = spread_of(groups[design.matrix.index].to_numpy(), logs)
    return replace(logs, weights=logs.weights / spread)


def spread_of(groups: np.ndarray, logs: LogCounts) -> np.ndarray:
    """Return how much the samples of each group scatter, a number per sample.

    The residual variance of a group's samples over the features' own, all features together. Features' own variances
    are of all samples, so a group's part in them is taken out by weighting anew until nothing changes. All are 1 where
    the samples of a group alone leave no residual degree of freedom, as in pairs, where the residuals mirror each
    other.
    """
    spread = np.ones(len(groups))
    for each in pd.unique(groups):
        part = logs.basis[groups == each]
        if len(part) <= np.linalg.matrix_rank(part):
            return spread
    for _ in range(STEPS):
        factor = _scatter(groups, replace(logs, weights=logs.weights / spread))
        spread = spread * factor
        if np.abs(np.log(factor)).max() < TOLERANCE:
            break
    return spread / np.exp(np.log(spread).mean())


def _scatter(groups: np.ndarray, logs: LogCounts) -> np.ndarray:
    """Return the residual variance of each sample's group over that of all, as the weights stand."""
    n, p = logs.basis.shape
    products = (logs.basis[:, :, None] * logs.basis[:, None, :]).reshape(n, p * p)
    coefficients, unscaled, variances = weighted_least_squares(logs.values, logs.basis, logs.weights)
    squares = logs.weights * (logs.values - coefficients @ logs.basis.T) ** 2
    # What is left of a sample's variance in its residual: 1 - leverage.
    held = 1 - logs.weights * (unscaled.reshape(-1, p * p) @ products.T)
    usable = variances > 0
    scatter = np.ones(n)
    for each in pd.unique(groups):
        there = groups == each
        scatter[there] = (squares[usable][:, there] / variances[usable, None]).sum() / held[usable][:, there].sum()
    return np.maximum(scatter, LEAST_SCATTER)
