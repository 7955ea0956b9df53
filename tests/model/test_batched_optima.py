"""The batched fits against PyDESeq2's own: never less likely. How near they are to R, test_against_r.py says."""

import warnings
from functools import cache

import numpy as np
import pytest
from pydeseq2.dds import DeseqDataSet
from pydeseq2.default_inference import DefaultInference
from reference import factors_of, log_likelihood, log_posterior, question

from mircargo.model.batched import BatchedInference

TABLES = ["microglia_evs_lps", "joint_day7_naive", "joint_day7_paired"]


@cache
def fitted_by(shared, name, kind):
    """Fit as `DeseqDataSet` does, with an inference of a kind; the size factors are R's."""
    counts, design, _ = question(shared, name)
    factors = factors_of(shared, name).values.to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata = design.matrix[[]].assign(size_factors=factors)
        inference = kind(n_cpus=1) if kind is DefaultInference else kind()
        data = DeseqDataSet(counts=counts.T, metadata=metadata, design=design.matrix, inference=inference, quiet=True)
        data.layers["normed_counts"] = data.X / factors[:, None]
        data.var["_normed_means"] = data.layers["normed_counts"].mean(axis=0)
        data.fit_genewise_dispersions()
        data.fit_dispersion_trend()
        data.fit_dispersion_prior()
        data.fit_MAP_dispersions()
        data.fit_LFC()
        data.calculate_cooks()
        data.refit()
    return data


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("prior", [False, True], ids=["genewise", "map"])
def test_dispersions_are_at_least_as_likely_as_pydeseq2_s(shared, name, prior):
    data = fitted_by(shared, name, DefaultInference)
    counts, design = data.X, data.obsm["design_matrix"].to_numpy(dtype=float)
    mu, trend = data.layers["_mu_hat"], data.var["fitted_dispersions"].to_numpy()
    bounds = data.min_disp, data.max_disp
    if prior:
        variance = float(data.uns["prior_disp_var"])
        found, _ = BatchedInference().alpha_mle(counts, design, mu, trend, *bounds, variance, prior_reg=True)
        default, about = data.var["MAP_dispersions"].to_numpy(), (trend, variance)
    else:
        start = np.clip(data.var["_MoM_dispersions"].to_numpy(), *bounds)
        found, _ = BatchedInference().alpha_mle(counts, design, mu, start, *bounds)
        default, about = data.var["genewise_dispersions"].to_numpy(), ()
    gain = log_posterior(counts.T, mu.T, design, found, *about) - log_posterior(counts.T, mu.T, design, default, *about)
    # Near the floor the reference's own log-likelihood is a difference of large numbers: it is good to about 1e-6.
    assert np.median(gain) > -1e-6
    assert gain.min() > -1e-5


@pytest.mark.parametrize("name", TABLES)
def test_coefficients_are_at_least_as_likely_as_pydeseq2_s(shared, name):
    data = fitted_by(shared, name, DefaultInference)
    design, factors = data.obsm["design_matrix"].to_numpy(dtype=float), data.obs["size_factors"].to_numpy()
    alpha = data.var["dispersions"].to_numpy()
    inference = BatchedInference()
    found, _, _, converged = inference.irls(data.X, factors, design, alpha, 0.5, 1e-8)
    assert converged.all()
    assert not any(inference.fallbacks.values())
    default = data.varm["LFC"].to_numpy()
    means = [factors * np.exp(beta @ design.T) for beta in (found, default)]
    # Where means are raised to 0.5 while they are fitted, neither is after the likelihood alone.
    free = np.minimum(*means).min(axis=1) > 0.5
    values = [
        log_likelihood(data.X.T, mu, alpha) - 0.5e-6 * (beta**2).sum(axis=1)
        for mu, beta in zip(means, (found, default), strict=True)
    ]
    gain = (values[0] - values[1])[free]
    assert free.sum() > 80
    assert gain.min() > -1e-5


@pytest.mark.parametrize("name", TABLES)
def test_bare_inference_serves_pydeseq2_s_own_data_set(shared, name):
    ours, default = (fitted_by(shared, name, kind) for kind in (BatchedInference, DefaultInference))
    assert ours.var["_LFC_converged"].all()
    strong = default.var["_normed_means"] > 100
    gap = (ours.varm["LFC"] - default.varm["LFC"])[strong].abs().to_numpy()
    assert np.median(gap) < 1e-3
