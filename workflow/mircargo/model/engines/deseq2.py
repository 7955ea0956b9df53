"""Differential expression with PyDESeq2: one design, one contrast, a status for every feature."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mircargo.config import Thresholds
from mircargo.model.batched import BatchedDataSet
from mircargo.model.design.matrix import Design
from mircargo.model.design.wording import describe
from mircargo.model.differential_table import calls, confidence_interval, equivalence_pvalues
from mircargo.model.filtering import adjust, independent_filter, with_enough_reads
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors
from mircargo.model.shrinkage import shrink_contrast
from mircargo.problems import refusal
from mircargo.vocabulary import ALL_ZERO, CONTROL, FILTERED, LOW_COUNT, OUTLIER, TESTED


@dataclass(frozen=True)
class Fit:
    """Result of a fit."""

    # One row per feature of the count matrix, `feature baseMean log2FoldChange lfcSE stat pvalue padj status`; fold
    # changes in log2, positive where higher in the contrast's level; missing where the feature was not fitted.
    results: pd.DataFrame
    # What was done, for the report: design, samples, size factors, dispersion trend, counts by status.
    facts: dict[str, Any]


def fit(
    counts: pd.DataFrame,
    design: Design,
    thresholds: Thresholds,
    factors: SizeFactors | None = None,
    details: bool = False,
) -> Fit:
    """Fit a negative binomial model to each feature and test one contrast as DESeq2 does.

    By the Wald test, or by the likelihood-ratio test where the design has a reduced model.

    Parameters
    ----------
    counts
        Features x samples, integers; more samples than the design's are left aside, order does not matter.
    thresholds
        `alpha` (for independent filtering), `min_total_count` and `min_log2_fold_change`.
    factors
        Size factors of at least the design's samples, where they are already known.
    details
        Whether to add what a reader wants and a refit does not: the columns `DETAILS`, and the design in words.

    Raises
    ------
    ProblemsFound
        Where a sample is empty, or no feature has enough reads.

    References
    ----------
    Love, Huber and Anders 2014, Genome Biol 15:550; Muzellec et al. 2023, Bioinformatics 39:btad547.
    """
    counts = counts[list(design.matrix.index)]
    totals = counts.sum(axis=1)
    kept = with_enough_reads(counts, thresholds.min_total_count)
    factors = factors or size_factors(counts if kept.empty else kept)
    if design.reduced is not None and thresholds.min_log2_fold_change > 0:
        found = f"`min_log2_fold_change` is {thresholds.min_log2_fold_change:g}"
        hint = "set it to 0 in the study's `thresholds`, or leave out `reduced`"
        what = "a likelihood-ratio test knows no smallest fold change"
        raise refusal("joint_test_with_fold_change", what, "", found, hint)
    if kept.empty:
        found = f"the largest total is {totals.max() if len(totals) else 0:,}"
        hint = "lower `min_total_count`, or look at the samples' depth"
        raise refusal("too_few_reads", "no feature has enough reads to be fitted", "", found, hint)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dataset = BatchedDataSet(kept.T, design.matrix, factors.values[design.matrix.index].to_numpy()).fit()
        divided_out = kept.index.isin(factors.rests_on)
        table, cutoff = _test(dataset, design, thresholds, divided_out & factors.few)
    results = table.reindex(counts.index)
    unfitted, control = ~results.index.isin(kept.index), results.index.isin(kept.index[divided_out & factors.few])
    reasons = [totals == 0, unfitted, control, results["pvalue"].isna(), results["padj"].isna()]
    results["status"] = np.select(reasons, [ALL_ZERO, LOW_COUNT, CONTROL, OUTLIER, FILTERED], TESTED)
    results = results.rename_axis("feature").reset_index()
    facts = _facts(dataset, design, factors, results, cutoff, caught)
    if details:
        described, facts["not_shrunken"] = _details(dataset, design, table, thresholds)
        # That they do not change is what the size factors take for granted: it cannot be shown with them.
        described.loc[divided_out, ["equivalence_pvalue", "equivalence_padj"]] = np.nan
        results = results.join(described, on="feature")
        results["control_feature"] = results["feature"].isin(factors.rests_on)
        # Their fold changes are next to 0 because they were divided by themselves, which is no estimate.
        fold_changes = ["log2FoldChange", "lfcSE", "ci_low", "ci_high", "shrunken_log2FoldChange", "shrunken_lfcSE"]
        results.loc[results["status"] == CONTROL, [*fold_changes, "stat", "elsewhere"]] = np.nan
        facts["design"] = describe(design)
        if design.asked is not None:
            facts["asked"] = design.asked.facts(dict(zip(design.matrix.columns, design.contrast, strict=True)))
    return Fit(results, facts)


def _test(
    dataset: BatchedDataSet, design: Design, thresholds: Thresholds, uncallable: np.ndarray
) -> tuple[pd.DataFrame, float]:
    """Test the contrast of every fitted feature, leave outliers and `uncallable` ones out, adjust what remains."""
    null = thresholds.min_log2_fold_change
    p_values, statistics, errors = dataset.wald_test(design.contrast, null)
    changes = dataset.varm["LFC"].to_numpy() @ design.contrast / np.log(2)
    # Other groups may have reads of a feature that the two compared have none of: what is fitted to them is no change.
    compared = dataset.obs_names.isin(design.compared)
    unseen = (dataset.X[compared] == 0).all(axis=0) & compared.any()
    changes, statistics, p_values = np.where(unseen, [[0.0], [0.0], [1.0]], [changes, statistics, p_values])
    if design.reduced is not None:
        statistics, p_values = dataset.likelihood_ratio_test(design.reduced)
    p_values = np.where(dataset.cooks_outlier() | uncallable, np.nan, p_values)
    means = dataset.var["_normed_means"].to_numpy()
    adjusted, cutoff = independent_filter(means, p_values, thresholds.alpha)
    values = {
        "baseMean": means,
        "log2FoldChange": changes,
        "lfcSE": errors / np.log(2),
        "stat": statistics,
        "pvalue": p_values,
        "padj": adjusted,
    }
    return pd.DataFrame(values, index=dataset.var_names), cutoff


def _elsewhere(dataset: BatchedDataSet, design: Design, alpha: float) -> "pd.Series[str]":
    """Write of each feature the fold change, with its interval, at the other levels where the model lets it differ."""
    texts = pd.Series("", dataset.var_names)
    for where, weights in design.asked.elsewhere.items() if design.asked else ():
        changes = dataset.varm["LFC"].to_numpy() @ weights / np.log(2)
        low, high = confidence_interval(changes, dataset.wald_test(weights)[2] / np.log(2), alpha)
        own = [f"{where} {x:+.2f} ({a:+.2f} to {b:+.2f})" for x, a, b in zip(changes, low, high, strict=True)]
        texts = texts.where(texts == "", texts + "; ") + own
    return texts.replace("", np.nan)


def _details(
    dataset: BatchedDataSet, design: Design, table: pd.DataFrame, thresholds: Thresholds
) -> tuple[pd.DataFrame, str | None]:
    """Give intervals, equivalence and shrunken fold changes; and the reason where nothing was shrunken."""
    changes, errors = table["log2FoldChange"], table["lfcSE"]
    known = table["pvalue"].notna() & (errors > 0)
    # A slope has to stay within the margin over all its numbers, not for one unit.
    margin = thresholds.equivalence_log2_fold_change / design.width
    p_values = np.where(known, equivalence_pvalues(changes, errors, margin), np.nan)
    low, high = confidence_interval(changes, errors, thresholds.alpha)
    natural = (values.to_numpy() * np.log(2) for values in (changes, errors))
    shrunken, why_not = shrink_contrast(dataset, design.contrast, *natural)
    columns = {
        "call": calls(table, thresholds.alpha),
        "ci_low": low,
        "ci_high": high,
        "equivalence_pvalue": p_values,
        # The features that take part are those of the table's own adjustment.
        "equivalence_padj": adjust(np.where(table["padj"].notna(), p_values, np.nan)),
        **{f"shrunken_{key}": np.nan if shrunken is None else shrunken[key] for key in ("log2FoldChange", "lfcSE")},
        "dispersion": dataset.var["dispersions"],
        "dispersion_gene_wise": dataset.var["genewise_dispersions"],
        "dispersion_trend": dataset.var["fitted_dispersions"],
        "elsewhere": _elsewhere(dataset, design, thresholds.alpha),
    }
    return pd.DataFrame(columns, index=table.index), why_not or None


def _facts(
    dataset: BatchedDataSet,
    design: Design,
    factors: SizeFactors,
    results: pd.DataFrame,
    cutoff: float,
    caught: list[warnings.WarningMessage],
) -> dict[str, Any]:
    return {
        "formula": design.formula,
        "reduced_formula": design.reduced_formula or None,
        "coefficients": list(map(str, design.matrix.columns)),
        "contrast_vector": [float(weight) for weight in design.contrast],
        "samples": list(map(str, design.matrix.index)),
        "groups": design.groups,
        "residual_degrees_of_freedom": design.residual_degrees_of_freedom,
        "size_factors": {str(name): float(factors.values[name]) for name in design.matrix.index},
        "size_factor_methods": factors.methods,
        "size_factor_features": factors.n_features,
        "size_factors_rest_on": list(factors.rests_on),
        "dispersion_trend": str(dataset.uns["disp_function_type"]),
        "dispersion_prior_variance": float(dataset.uns["prior_disp_var"]),
        "n_refitted_outliers": int(dataset.var["refitted"].sum()),
        "n_fallbacks": dataset.inference.fallbacks,
        "independent_filter_mean": cutoff,
        "n_by_status": {str(key): int(n) for key, n in results["status"].value_counts().items()},
        "engine_warnings": engine_warnings(caught),
    }


def engine_warnings(caught: list[warnings.WarningMessage]) -> list[str]:
    """Return what the engine says of the data; deprecations are between it and its libraries."""
    messages = (each.message for each in caught if issubclass(each.category, UserWarning | RuntimeWarning))
    return sorted({" ".join(str(message).split()) for message in messages})
