"""Shrunken fold changes against a posterior written anew, climbed from many places by SciPy."""

import numpy as np
import pytest
from reference import ANY, any_treatment, log_likelihood, question
from scipy.optimize import minimize

from mircargo.config import Thresholds
from mircargo.model.batched import BatchedDataSet, inference
from mircargo.model.batched.gram import Gram
from mircargo.model.batched.inference import BatchedInference
from mircargo.model.batched.shrinkage import ShrinkagePrior, shrink
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.size_factors import size_factors
from mircargo.model.shrinkage import shrink_contrast
from studies import read_study

DESIGN = np.column_stack([np.ones(6), np.repeat([0.0, 1.0], 3)])
FACTORS = np.array([0.7, 1.0, 1.4, 0.9, 1.2, 0.8])
COUNTS = np.array(
    [
        [50, 60, 80, 55, 75, 52],  # unchanged
        [50, 60, 80, 455, 675, 352],  # clear
        [0, 1, 0, 3, 9, 1],  # few reads
        [0, 0, 0, 40, 70, 35],  # on or off
        [900, 10, 0, 1, 0, 2],  # one count decides
        [3000, 4100, 5000, 3300, 4500, 3100],  # many reads
        [0, 0, 1, 0, 0, 0],
    ]
)
ALPHA = np.array([0.1, 0.1, 0.5, 0.3, 5.0, 0.01, 2.0])


def lack(beta, counts, alpha, scale, sd):
    """Negative log-posterior: Cauchy on the fold change, normal on the rest (Zhu, Ibrahim and Love 2019)."""
    mu = FACTORS * np.exp(np.clip(DESIGN @ beta, -100, 100))
    prior = np.log1p((beta[1] / scale) ** 2) + beta[0] ** 2 / (2 * sd**2)
    return prior - float(log_likelihood(counts[None], mu[None], np.array([alpha]))[0])


@pytest.mark.parametrize("scale", [0.01, 0.2, 1.0])
def test_no_start_leads_higher(scale):
    beta, inverse, converged = shrink(
        COUNTS.astype(float), Gram(DESIGN), 1 / ALPHA, np.log(FACTORS), ShrinkagePrior(1, scale, 15.0)
    )
    assert converged.all()
    for k, (y, alpha) in enumerate(zip(COUNTS, ALPHA, strict=True)):
        middle = np.log(y.mean() + 0.1)
        starts = [[middle, change] for change in (0.0, -4.0, -0.5, 0.5, 4.0)]
        options = {"xatol": 1e-7, "fatol": 1e-11, "maxiter": 4000}
        tops = [
            minimize(lack, at, args=(y, alpha, scale, 15.0), method="Nelder-Mead", options=options) for at in starts
        ]
        best = min(tops, key=lambda top: top.fun)
        assert lack(beta[k], y, alpha, scale, 15.0) <= best.fun + 1e-7
        assert beta[k] == pytest.approx(best.x, abs=2e-4, rel=1e-3)
        assert np.linalg.inv(inverse[k]) == pytest.approx(hessian(beta[k], y, alpha, scale), rel=2e-3, abs=2e-3)


def test_what_does_not_converge_is_shrunken_by_pydeseq2(monkeypatch):
    """PyDESeq2 climbs by L-BFGS-B, and ends a little below the top. Errors are those of where it ends."""

    def without_an_end(*arguments):
        beta, inverse, converged = shrink(*arguments)
        return np.full_like(beta, np.nan), np.full_like(inverse, np.nan), converged & False

    own = BatchedInference()
    given = DESIGN, COUNTS.T, 1 / ALPHA, np.log(FACTORS), 15.0, 0.2, "L-BFGS-B", 1
    expected, _, _ = own.lfc_shrink_nbinom_glm(*given)
    monkeypatch.setattr(inference, "shrink", without_an_end)
    found, covariances, _ = own.lfc_shrink_nbinom_glm(*given)
    assert own.fallbacks["shrunken fold changes"] == len(COUNTS)
    for k in (0, 1, 3, 5):
        assert found[k] == pytest.approx(expected[k], abs=2e-3)
        assert np.linalg.inv(covariances[k]) == pytest.approx(hessian(found[k], COUNTS[k], ALPHA[k], 0.2), rel=2e-3)
    _, variances, _ = own.lfc_shrink_nbinom_glm(*given, whole=False)
    assert variances == pytest.approx(np.diagonal(covariances, axis1=1, axis2=2))


def hessian(beta, y, alpha, scale, step=1e-4):
    """Second derivatives by differences."""
    ways = step * np.eye(2)
    return np.array(
        [
            [
                sum(a * b * lack(beta + a * one + b * other, y, alpha, scale, 15.0) for a in (1, -1) for b in (1, -1))
                / (4 * step**2)
                for other in ways
            ]
            for one in ways
        ]
    )


def four_treatments(shared, reference):
    _, _, sheet = read_study("microglia_ev", shared)
    contrast = any_treatment().model_copy(update={"level": "LPS", "reference": reference})
    design = contrast_design(sheet, contrast, [], "x")
    table = question(shared, ANY)[0][list(design.matrix.index)]
    return BatchedDataSet(table.T, design.matrix, size_factors(table).values.to_numpy()).fit()


def estimate(data, contrast):
    """Maximum of the likelihood, and a standard error that is the same for every way to write the design."""
    return data.varm["LFC"].to_numpy() @ contrast, 0.1 + 1 / np.sqrt(data.var["_normed_means"].to_numpy())


def test_difference_of_two_coefficients_is_shrunken_as_the_coefficient_of_another_reference(shared):
    shrunken = []
    for reference in ("control", "IL10"):
        data = four_treatments(shared, reference)
        names = list(data.obsm["design_matrix"].columns)
        contrast = np.array([float("LPS" in name) - float("IL10" in name) for name in names])
        assert (contrast != 0).sum() == (2 if reference == "control" else 1)
        table, why_not = shrink_contrast(data, contrast, *estimate(data, contrast))
        assert why_not == ""
        shrunken.append(table)
    one, other = shrunken[0], shrunken[1].loc[shrunken[0].index]
    both = one["lfcSE"].notna() & other["lfcSE"].notna()
    assert both.mean() > 0.95
    gap = (one["log2FoldChange"] - other["log2FoldChange"])[both].abs()
    assert gap.max() < 0.02  # the other coefficients' priors, of standard deviation 15, are not the same


def test_shrunken_towards_zero_and_never_turned(shared):
    for name in ("microglia_cells_lps", "microglia_evs_lps", "joint_day7_paired"):
        counts, design, _ = question(shared, name)
        found = fit(counts, design, Thresholds(), details=True)
        table = found.results.dropna(subset="shrunken_log2FoldChange")
        assert found.facts["not_shrunken"] is None
        assert len(table) > 0.9 * len(found.results)
        raw, shrunken = table["log2FoldChange"], table["shrunken_log2FoldChange"]
        turned = (np.sign(shrunken) != np.sign(raw)) & (shrunken.abs() > 0.002)
        assert not turned.any()
        # Where a group has hardly a read, the raw one stops at means of 0.5 and may be the smaller.
        read = table["baseMean"] > 50
        assert (shrunken.abs() <= raw.abs() + 1e-3)[read].all()
        weak, strong = table["pvalue"] > 0.5, table["pvalue"] < 1e-8
        kept = shrunken / raw
        assert kept[weak].median() < 0.9
        assert not strong.any() or kept[weak].median() < kept[strong].median()
