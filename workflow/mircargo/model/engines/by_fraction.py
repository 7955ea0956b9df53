"""The release of exosomes against their source with dispersions of each, and how enriched exosomes are."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mircargo.config import Thresholds
from mircargo.model.batched import BatchedDataSet
from mircargo.model.batched.arrow import AnyGram, gram_of
from mircargo.model.batched.coefficients import RIDGE, Coefficients, Hypothesis, Stopping, fit_coefficients, wald
from mircargo.model.batched.dispersion import Posterior, scan
from mircargo.model.batched.likelihood import Likelihood
from mircargo.model.design.matrix import Design, independent_columns
from mircargo.model.differential_table import confidence_interval
from mircargo.model.engines.deseq2 import engine_warnings
from mircargo.model.filtering import independent_filter
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.vocabulary import OUTLIER

MIN_MU, STOPPING = 0.5, Stopping(tolerance=1e-8, max_beta=30.0, max_steps=100)
MIN_DISPERSION, MAX_DISPERSION = 1e-8, 10.0
COMMON, BY_FRACTION = "common", "by_fraction"
GROUPS = ("reference", "level")


@dataclass(frozen=True)
class Release:
    """What one model of exosomes and source says beside the test of their difference."""

    # Indexed by feature. `log2FoldChange lfcSE pvalue padj`: the release with dispersions of each fraction, missing
    # where these cannot be told apart. `enrichment_{reference,level}` with `_low` and `_high`: log2 of exosomes over
    # source in each group, relative to the median feature, missing where a fraction has no read.
    results: pd.DataFrame
    facts: dict[str, Any]  # which dispersions fit better, and by how much


def describe_release(
    counts: pd.DataFrame,
    design: Design,
    in_exosome: pd.Series,
    factors: SizeFactors,
    common: pd.DataFrame,
    thresholds: Thresholds,
) -> Release:
    """Fit the release with dispersions that may differ between exosomes and source, and the enrichment.

    Exosome libraries scatter more than those of cells. One dispersion for both is too small for the one and too
    large for the other, and the release then looks surer than it is. With dispersions, trend and prior of each
    fraction by itself, and the coefficients of one model, it does not. Where samples are paired by subject, what is
    left of the two samples of a subject mirrors each other, and tells of one dispersion only.

    Parameters
    ----------
    counts
        Features x samples, integers.
    design
        Of `release_design`.
    in_exosome
        Whether each sample is of the exosomes.
    common
        Results of the fit with one dispersion for both, with its details. The enrichment has its dispersions where
        there are no others; what is an outlier there has no p-value here.
    thresholds
        `alpha`, for independent filtering and intervals.
    """
    samples, fitted_together = list(design.matrix.index), common.set_index("feature")
    dispersions = fitted_together["dispersion"].dropna()
    outliers = fitted_together.index[fitted_together["status"] == OUTLIER]
    kept = counts.loc[dispersions.index, samples]
    depths = factors.values[samples].to_numpy(dtype=float)
    exosome = in_exosome[samples].to_numpy(dtype=bool)
    # The model of the exosomes and that of the source, each without columns that say nothing there.
    both = (design.matrix[exosome], design.matrix[~exosome])
    parts = [part.iloc[:, independent_columns(part.to_numpy())] for part in both]
    separable = all(len(part) > part.shape[1] for part in parts)
    alpha, facts = dispersions.to_numpy(dtype=float), {"dispersions": COMMON, "separable": separable}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if separable:
            alpha, facts = _dispersions(kept, exosome, depths, parts)
    facts["engine_warnings"] = [f"in one of the fractions: {warning}" for warning in engine_warnings(caught)]
    gram = gram_of(design.matrix.to_numpy(dtype=float))
    fitted = fit_coefficients(kept.to_numpy(dtype=float), depths, gram, alpha, MIN_MU, STOPPING)
    results = pd.DataFrame(index=kept.index, columns=["log2FoldChange", "lfcSE", "pvalue", "padj"], dtype=float)
    if separable:
        changes, errors, p_values = _test(gram, alpha, fitted, design.contrast)
        p_values = np.where(kept.index.isin(outliers), np.nan, p_values)
        adjusted, _ = independent_filter((kept / depths).mean(axis=1).to_numpy(), p_values, thresholds.alpha)
        results[:] = np.column_stack([changes, errors, p_values, adjusted])
    # In the reference group the two fractions differ by this column alone, in the other by the release as well.
    inside = (design.matrix.to_numpy() == exosome[:, None]).all(axis=0).astype(float)
    seen = (kept.loc[:, exosome] > 0).any(axis=1) & (kept.loc[:, ~exosome] > 0).any(axis=1)
    for group, weights in zip(GROUPS, (inside, inside + design.contrast), strict=True):
        values, errors, _ = _test(gram, alpha, fitted, weights)
        values = np.where(seen, values - np.median(values[seen]) if seen.any() else np.nan, np.nan)
        half = confidence_interval(0.0, 1.0, thresholds.alpha)[1] * errors
        name = f"enrichment_{group}"
        results[name], results[f"{name}_low"], results[f"{name}_high"] = values, values - half, values + half
    return Release(results, facts)


def _test(
    gram: AnyGram, alpha: np.ndarray, fitted: Coefficients, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    means = np.maximum(fitted.mu, MIN_MU)
    p_values, _, errors = wald(gram, alpha, fitted.beta, means, RIDGE, Hypothesis(weights))
    return fitted.beta @ weights / np.log(2), errors / np.log(2), p_values


def _dispersions(
    counts: pd.DataFrame, exosome: np.ndarray, depths: np.ndarray, designs: list[pd.DataFrame]
) -> tuple[np.ndarray, dict[str, Any]]:
    """Fit dispersions in each fraction; return features x samples, and how they compare with common ones.

    The comparison is of gene-wise dispersions by their adjusted profile likelihood; a second dispersion costs a
    feature one parameter (Akaike 1974).
    """
    alpha, mu = np.full((2, *counts.shape), np.nan)
    apart, seen = np.zeros(len(counts)), np.ones(len(counts), dtype=bool)
    for of_exosome, design in zip((True, False), designs, strict=True):
        columns = np.flatnonzero(exosome == of_exosome)
        some = (counts.iloc[:, columns] > 0).any(axis=1).to_numpy()
        part = counts.loc[some].iloc[:, columns]
        dataset = BatchedDataSet(part.T, design, depths[columns])
        dataset.fit_dispersions()
        # What has no read in a fraction is given what the trend says of its rarest feature.
        rarest = dataset.var["fitted_dispersions"].iloc[int(dataset.var["_normed_means"].argmin())]
        alpha[:, columns] = rarest
        alpha[np.ix_(some, columns)] = dataset.var["dispersions"].to_numpy()[:, None]
        mu[np.ix_(some, columns)] = dataset.layers["_mu_hat"].T
        gram = gram_of(design.to_numpy(dtype=float))
        own = np.log(dataset.var["genewise_dispersions"].to_numpy())
        apart[some] += Posterior(Likelihood(part.to_numpy(dtype=float), dataset.layers["_mu_hat"].T), gram)(own)[0]
        seen &= some
    together = _log_likelihood_together(counts[seen], mu[seen], exosome, designs)
    gain = float((apart[seen] - together).sum())
    n = int(seen.sum())
    facts = {
        "separable": True,
        "dispersions": BY_FRACTION if gain > n else COMMON,
        "n_compared": n,
        "log_likelihood_gain": gain,
        "aic_difference": 2 * n - 2 * gain,
    }
    return alpha, facts


def _log_likelihood_together(
    counts: pd.DataFrame, mu: np.ndarray, exosome: np.ndarray, designs: list[pd.DataFrame]
) -> np.ndarray:
    """Return the same likelihood with one dispersion a feature, at its best."""
    first, second = (design.to_numpy(dtype=float) for design in designs)
    both = np.zeros((len(exosome), first.shape[1] + second.shape[1]))
    both[np.ix_(exosome, np.arange(first.shape[1]))] = first
    both[np.ix_(~exosome, np.arange(first.shape[1], both.shape[1]))] = second
    posterior = Posterior(Likelihood(counts.to_numpy(dtype=float), mu), gram_of(both))
    bounds = (np.log(MIN_DISPERSION), np.log(max(MAX_DISPERSION, len(exosome))))
    return np.asarray(posterior(scan(posterior, bounds))[0])
