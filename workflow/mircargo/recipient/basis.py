"""What a study's own fit says of the next experiment: dispersions, depth, errors, and where a call begins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import hmean, norm

from mircargo.cargo.global_change import p_cutoff
from mircargo.model.engines.deseq2 import Fit
from mircargo.model.engines.voom_about_mode import weighted_logs
from mircargo.problems import ProblemsFound
from mircargo.recipient.power import Decisive, Draws, Layout, Limit, Scatter, draws, log2_variance, typical_dispersion
from mircargo.robustness.base_fit import BaseFit

OTHER_SCALES: Final = ("size_factors", "dominant", "scale")
"""Kinds of re-analyses that move all fold changes alike."""
ROUNDS: Final = 30
SAME: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Basis:
    """What a fit says of its features.

    Attributes
    ----------
    layout
        Model and libraries, with animals per group.
    means
        Features x samples: the normalised mean of each where what is asked does not change.
    known
        Indexed by feature: `dispersion trend uncertainty typical`, as of `Scatter`; `estimate error`: fold change and
        its standard deviation, shrunken, missing where the fit could not; `log2FoldChange own_error`: those of the fit;
        `tested`.
    prior_variance
        Of log dispersions around the trend.
    test
        Where a call begins.
    alpha
        The level of the adjusted p-values.
    decisive
        How the decisive re-analysis tests; missing where it was not possible.
    """

    layout: Layout
    means: pd.DataFrame
    known: pd.DataFrame
    prior_variance: float
    test: Limit
    alpha: float
    decisive: Decisive | None = None

    def at_depth(self, depth: float) -> "Basis":
        """Return the same with so many times the reads."""
        return replace(self, layout=replace(self.layout, depths=self.layout.depths * depth))

    def draws(self, feature: str, change: float, animals: float) -> Draws:
        """Say how the standard error of a feature would come out, as of `power.draws`."""
        row = self.known.loc[feature]
        scatter = Scatter(row["dispersion"], row["trend"], self.prior_variance, row["uncertainty"], row["typical"])
        return draws(self.layout, self.means.loc[feature].to_numpy(), change, scatter, animals)

    def cutoff_ratio(self, animals: float, depth: float) -> float:
        """Return by how much the p-value at which a call begins would be larger than now.

        With more animals more features are called, and Benjamini and Hochberg's cut-off, alpha times calls over tests,
        rises. How many are called is expected from the shrunken fold changes and their errors.
        """
        now, then = (self._expected_cutoff(*each) for each in ((self.layout.animals, 1.0), (animals, depth)))
        return then / now

    def _expected_cutoff(self, animals: float, depth: float) -> float:
        known = self.known[self.known["tested"] & self.known["estimate"].notna()]
        errors = self._errors(depth)[known.index].to_numpy() * np.sqrt(self.layout.animals / animals)
        mean, spread = known["estimate"].abs().to_numpy(), np.hypot(known["error"].to_numpy(), errors)
        cutoff, n = self.alpha, max(len(known), 1)
        for _ in range(ROUNDS):
            limit = self.test.null + norm.isf(cutoff / 2) * errors
            calls = float((norm.sf((limit - mean) / spread) + norm.sf((limit + mean) / spread)).sum())
            cutoff = self.alpha * min(max(calls, 1.0), n) / n
        return cutoff

    @cached_property
    def _errors_found(self) -> "dict[float, pd.Series[float]]":
        return {}

    def _errors(self, depth: float) -> "pd.Series[float]":
        if depth in self._errors_found:
            return self._errors_found[depth]
        layout = replace(self.layout, depths=self.layout.depths * depth)
        values = [
            float(np.sqrt(log2_variance(layout, means, 0.0, np.array([dispersion]))[0]))
            for means, dispersion in zip(self.means.to_numpy(), self.known["dispersion"], strict=True)
        ]
        self._errors_found[depth] = pd.Series(values, self.known.index)
        return self._errors_found[depth]


def basis_of_contrast(base: BaseFit, fit: Fit, stress_facts: Mapping[str, Any], variants: pd.DataFrame) -> Basis:
    """Take from the fit of a contrast, and from its stress test, what the next experiment rests on.

    Parameters
    ----------
    base
        The contrast, before its fit.
    fit
        `differential/{contrast}.tsv` and its facts.
    stress_facts, variants
        `robustness/{contrast}.json` and its `.variants.tsv`.
    """
    layout = _layout(base, fit.facts)
    fitted = fit.results[fit.results["dispersion"].notna() & fit.results["lfcSE"].notna()].set_index("feature")
    moved = np.exp2(np.outer(fitted["log2FoldChange"], layout.direction))
    means = np.outer(fitted["baseMean"] / moved.mean(axis=1), np.ones(len(layout.depths)))
    basis = _basis(base, fit, layout, pd.DataFrame(means, fitted.index))
    scale_error = float(fit.facts.get("scale", {}).get("log2_se", 0.0))
    return _with_decisive(basis, base, scale_error, stress_facts, variants)


def basis_of_release(base: BaseFit, fit: Fit, release: pd.DataFrame, in_exosome: np.ndarray) -> Basis:
    """Take from the fit of a comparison what the next experiment rests on.

    Parameters
    ----------
    base
        The comparison, before its fit.
    fit
        Of the interaction, with one dispersion a feature.
    release
        `cargo/release/{comparison}.tsv`.
    in_exosome
        Whether each sample of the design is of the exosomes.
    """
    layout = _layout(base, fit.facts)
    fitted = fit.results[fit.results["dispersion"].notna() & fit.results["lfcSE"].notna()].set_index("feature")
    normalised = base.own_counts.loc[fitted.index].to_numpy() / layout.depths
    changes = release.set_index("feature").reindex(fitted.index)
    at_level = _in_level(base)
    means = np.empty_like(normalised)
    for there, column in ((in_exosome, "log2FoldChange"), (~in_exosome, "source_log2FoldChange")):
        moved = np.exp2(np.outer(changes[column].fillna(0.0), at_level[there]))
        means[:, there] = (normalised[:, there].mean(axis=1) / moved.mean(axis=1))[:, None]
    return _basis(base, fit, layout, pd.DataFrame(means, fitted.index))


def _in_level(base: BaseFit) -> np.ndarray:
    """Return 1 for the samples of the level, in either fraction, and 0 for the others."""
    data, variable = base.design.data, base.design.question[-1]
    assert data is not None, "a comparison has its data"
    return (data[variable] == data[variable].cat.categories[1]).to_numpy(dtype=float)  # the reference is the first


def _layout(base: BaseFit, facts: Mapping[str, Any]) -> Layout:
    design = base.design
    depths = pd.Series(facts["size_factors"])[design.matrix.index].to_numpy(dtype=float)
    sizes = design.asked.n if design.asked is not None else tuple(design.groups.values())
    return Layout(design.matrix.to_numpy(dtype=float), design.contrast, depths, float(hmean(sizes)))


def _basis(base: BaseFit, fit: Fit, layout: Layout, means: pd.DataFrame) -> Basis:
    thresholds, table = base.thresholds, fit.results.set_index("feature").loc[means.index]
    prior = float(fit.facts["dispersion_prior_variance"])
    dispersion, trend = table["dispersion"], table["dispersion_trend"]
    per_read = (1 / np.maximum(means.to_numpy() * layout.depths, 0.5)).mean(axis=1)
    df = layout.residual_df(layout.animals)
    information = df / 2 * (dispersion / (dispersion + per_read)) ** 2
    # DESeq2 leaves the dispersion of one far above the trend as it is.
    alone = (dispersion / table["dispersion_gene_wise"] - 1).abs().lt(SAME) & (dispersion > trend)
    known = pd.DataFrame(
        {
            "dispersion": dispersion,
            "trend": trend,
            "uncertainty": 1 / np.sqrt(information + np.where(alone, 0.0, 1 / prior)),
            "typical": trend,
            "log2FoldChange": table["log2FoldChange"],
            "estimate": table["shrunken_log2FoldChange"],
            "error": table["shrunken_lfcSE"],
            "own_error": table["lfcSE"],
            "tested": table["padj"].notna(),
        }
    )
    test = Limit(p_cutoff(fit.results, thresholds.alpha), thresholds.min_log2_fold_change)
    return Basis(layout, means, known, prior, test, thresholds.alpha)


def _with_decisive(
    basis: Basis, base: BaseFit, scale_error: float, stress_facts: Mapping[str, Any], variants: pd.DataFrame
) -> Basis:
    """Add how limma-voom about the mode tests; nothing where it cannot."""
    try:
        opinion = base.second_opinion()
        logs = weighted_logs(base.kept(), base.design, base.groups, base.terms())
    except ProblemsFound:
        return basis
    errors, prior_df = logs.of_prior()
    of_feature = pd.Series(errors, logs.features)
    typical = [
        typical_dispersion(basis.layout, basis.means.loc[feature].to_numpy(), change, of_feature[feature])
        for feature, change in basis.known["log2FoldChange"].items()
    ]
    cutoff = p_cutoff(opinion.table, basis.alpha)
    shared = float(stress_facts.get("shared_error_log2_sd", opinion.shared_error))
    test, against = Limit(cutoff, basis.test.null), _shifts(variants)
    decisive = Decisive(test, prior_df, shared, against, scale_error, basis.alpha)
    return replace(basis, known=basis.known.assign(typical=typical), decisive=decisive)


def _shifts(variants: pd.DataFrame) -> tuple[float, float]:
    """Return by how much re-analyses with another scale move all fold changes down, and up (log2, 0 or more)."""
    own = variants[variants["kind"].isin(["base", *OTHER_SCALES])]
    wide = own.pivot_table(index="feature", columns="variant", values="log2FoldChange")
    base = own.loc[own["kind"] == "base", "variant"].iloc[0]
    moved = wide.sub(wide[base], axis=0).median()
    return max(0.0, -float(moved.min())), max(0.0, float(moved.max()))
