"""A contrast of a study, from counts to what the target does and what travels with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from mircargo.analysis.data import StudyData
from mircargo.analysis.re_analyses import stress_test
from mircargo.cargo.cautions import blood_derived
from mircargo.cargo.co_cargo import Evidence, find_co_cargo
from mircargo.cargo.detection import unseen
from mircargo.cargo.examined import Libraries, examine
from mircargo.cargo.global_change import spike_in_change, with_typical
from mircargo.cargo.permutation_fdr import set_fdr
from mircargo.cargo.qpcr import list_for_qpcr, reference_mirnas
from mircargo.cargo.target_call import Target, call_target
from mircargo.config import Contrast, Thresholds
from mircargo.model.design.samples import contrast_samples
from mircargo.model.engines.deseq2 import Fit, fit
from mircargo.model.normalisation.scale import scale_difference, scale_intervals, scale_model, size_factors_with_groups
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.robust_calls import Stressed
from mircargo.vocabulary import CHANGED, SIZE_FACTOR_METHODS


@dataclass(frozen=True, eq=False)
class Question:
    """A contrast, asked of a study.

    Attributes
    ----------
    data
        The study.
    name
        Of the contrast.
    contrast, thresholds
        As configured.
    """

    data: StudyData
    name: str
    contrast: Contrast
    thresholds: Thresholds = field(default_factory=Thresholds)

    @cached_property
    def base(self) -> BaseFit:
        """The fit as configured, before it is made.

        Raises
        ------
        ProblemsFound
            Where the sheet does not have what the contrast asks for, or the design cannot be fitted.
        """
        data = self.data
        return BaseFit.of_contrast(
            data.counts, data.normalisation, self.contrast, data.numeric, self.thresholds, f"contrast '{self.name}'"
        )

    @cached_property
    def measured(self) -> Mapping[str, Any]:
        """What spike-ins say of the global change, as of `spike_in_change`; empty without spike-ins."""
        base = self.base
        if self.data.spike_ins is None or self.data.spike_ins.empty:
            return {}
        return spike_in_change(base.own_counts, base.how, base.design, self.thresholds, base.size_factors())

    def fit(self) -> Fit:
        """Fit the contrast with DESeq2's model.

        Returns
        -------
        Fit
            `differential/{contrast}.tsv`, and what was done.

        Raises
        ------
        ProblemsFound
            Where the contrast cannot be asked, or size factors cannot be found as configured.
        """
        base, thresholds, contrast = self.base, self.thresholds, self.contrast
        counts, design, factors = base.own_counts, base.design, base.size_factors()
        fitted = fit(counts, design, thresholds, factors=factors, details=True)
        over_fractions = base.how.choice is not self.data.size_factors
        results, facts = fitted.results, fitted.facts | {"size_factors_over_fractions": over_fractions}
        groups = base.groups[list(design.two_groups)]
        if design.two_groups:
            dispersions = results.set_index("feature")["dispersion"]
            lacking = unseen(counts, facts["size_factors"], groups, dispersions)
            results = results.merge(lacking, on="feature", how="left")
        if self.measured:
            facts["global_change"] = with_typical(self.measured, results)
        if design.two_groups:
            pair = contrast.level, contrast.reference
            facts["size_factors_with_groups"] = size_factors_with_groups(factors.values, groups, design, *pair)
        facts["scale"] = scale_difference(counts, base.how, factors, design, thresholds)
        # What is stated is of groups; in a slope it is of the whole span of its variable.
        per_unit = {key: getattr(thresholds, key) / design.width for key in ("preparation_log2_sd", "scale_log2_sd")}
        stated = thresholds.model_copy(update=per_unit)
        facts["scale_model"] = scale_model(facts["scale"], facts.get("global_change", {}), stated)
        return Fit(results.join(scale_intervals(results, facts["scale_model"], stated)), facts)

    def stress(self, results: pd.DataFrame, threads: int = 1) -> Stressed:
        """Fit the contrast otherwise, and say of each feature whether its call survives.

        Samples left out in turn, other size factors, other low-count filters, an error of preparation, other engines.

        Parameters
        ----------
        results
            Of `fit`.
        threads
            How many processes share the work. The result does not depend on it.
        """
        base = self.base
        if not SIZE_FACTOR_METHODS[self.data.size_factors.method].measured and "estimate" in self.measured:
            base = replace(base, measured=self.measured)
        return stress_test(base, results, threads)

    def call(self, fitted: Fit, target: Target, stressed: Stressed | None = None) -> dict[str, Any]:
        """Say what the target does: a row of `cargo/target.tsv`, as of `call_target`."""
        return call_target(self.name, self.contrast, self.thresholds, fitted, target, stressed)

    def co_cargo(self, fitted: Fit, target: str | None, evidence: Evidence) -> pd.DataFrame:
        """List what changes in the exosomes together with the target, as of `find_co_cargo`.

        Parameters
        ----------
        fitted
            Of `fit`.
        target
            The target among the features, if there.
        evidence
            The release of the comparison that it is the exosome of, and the summary of its stress test.
        """
        return find_co_cargo(self.name, fitted.results, self._libraries(fitted), target, self.thresholds, evidence)

    def for_qpcr(self, fitted: Fit, target: str | None, robust: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Say what to validate by qPCR, and against which miRNAs, as of `list_for_qpcr` and `reference_mirnas`.

        Parameters
        ----------
        fitted, target
            As of `co_cargo`.
        robust
            Of the summary of its stress test, by feature.
        """
        libraries = self._libraries(fitted)
        examined = examine(fitted.results, libraries, target, self.thresholds.alpha)
        groups = libraries.groups if self.base.design.width == 1 else libraries.groups.map(lambda _: "all")
        table = list_for_qpcr(examined, robust, groups)
        references = reference_mirnas(examined, table, groups, target)
        of_note = table["call"].isin(CHANGED) | table["cautions"].notna()
        return table[of_note].reset_index(drop=True), references

    def _libraries(self, fitted: Fit) -> Libraries:
        """Return the libraries of the contrast, with all of the study beside them."""
        data = self.data
        chosen = contrast_samples(data.sheet, self.contrast, f"contrast '{self.name}'")
        fractions = chosen.get(data.fraction, pd.Series(dtype=object))
        blood = blood_derived(fractions) or bool(set(data.blood_derived) & set(fractions))
        groups, strata = chosen[self.contrast.variable], data.sheet.get(data.fraction)
        return Libraries(data.counts, data.features, fitted.facts["size_factors"], groups, strata, blood)

    def by_chance(self, fitted: Fit, target: str | None, co_cargo: pd.DataFrame, threads: int = 1) -> dict[str, Any]:
        """Fit the contrast with its labels exchanged, to say how much of the co-cargo would be found by chance.

        Parameters
        ----------
        fitted, target
            As of `co_cargo`.
        co_cargo
            What that gave.
        threads
            How many processes share the work. The result does not depend on it.

        Returns
        -------
        dict
            `tiers`, how many there are of each; and what `set_fdr` gives.
        """
        tiers = {str(tier): int(n) for tier, n in co_cargo["tier"].value_counts().items()}
        factors = SizeFactors(pd.Series(fitted.facts["size_factors"]), {}, {})
        others = fitted.results[fitted.results["feature"] != target]
        found = set_fdr(self.base, self.contrast, factors, others, sum(tiers.values()), threads)
        return {"tiers": tiers, **found}
