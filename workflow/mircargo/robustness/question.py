"""A contrast or a comparison as it was fitted, to be fitted otherwise."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from mircargo.config import Thresholds
from mircargo.model.design.matrix import Design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.engines.voom_about_mode import SecondOpinion, Terms
from mircargo.model.normalisation.scale import compared_scale
from mircargo.model.normalisation.size_factors import SizeFactors, assumed, size_factors
from mircargo.problems import ProblemsFound, refusal
from mircargo.robustness.engines import about_mode, library_factors


@dataclass(frozen=True)
class Question:
    """A contrast or a comparison as it was fitted, with all that is needed to fit it otherwise.

    Attributes
    ----------
    counts
        Features x samples, integers; at least the design's samples.
    design
        The model and the contrast.
    thresholds
        Where a call begins, and which features are fitted.
    groups
        The group of each sample, as counted in `design.groups`.
    sheet
        The sample sheet, for the names of what is left out.
    fraction
        The fraction of each sample, where size factors are found within each.
    factors
        How size factors are found in counts and a least total count, where another way than the usual is configured.
    fitted
        Tables of fits already made. Variants with the same samples, features and size factors are one fit.
    measured
        What spike-ins say of the global change, as of `composition.spike_in_change`; empty where there are none, or
        where size factors hold it already.
    opinions
        What limma-voom about the mode says, once it was asked.
    """

    counts: pd.DataFrame
    design: Design
    thresholds: Thresholds
    groups: pd.Series
    sheet: pd.DataFrame
    fraction: pd.Series | None = None
    factors: Callable[[pd.DataFrame, int], SizeFactors] | None = None
    fitted: dict[Hashable, pd.DataFrame] = field(default_factory=dict, compare=False)
    measured: Mapping[str, Any] = field(default_factory=dict)
    opinions: list[SecondOpinion] = field(default_factory=list, compare=False)

    @property
    def own_counts(self) -> pd.DataFrame:
        """Counts of the design's samples alone."""
        return self.counts[list(self.design.matrix.index)]

    def kept(self) -> pd.DataFrame:
        """Return the counts that are fitted.

        Raises
        ------
        ProblemsFound
            Where no feature has enough reads.
        """
        counts = self.own_counts
        totals = counts.sum(axis=1)
        kept = counts[(totals >= self.thresholds.min_total_count) & (totals > 0)]
        if kept.empty:
            raise refusal("too_few_reads", "no feature has enough reads to be fitted")
        return kept

    def size_factors(self) -> SizeFactors:
        """Return the size factors as configured."""
        if self.factors:
            return self.factors(self.own_counts, self.thresholds.min_total_count)
        return size_factors(self.kept(), self.fraction)

    def scale(self) -> dict[str, Any]:
        """Say by how much the typical feature and the total part between the groups, as `model.scale` does.

        Returns
        -------
        dict
            As of `model.scale.compared_scale`; `depends` is false where the size factors are given and not assumed.
        """
        factors = self.size_factors()
        if not assumed(factors) or "estimate" in self.measured:
            return {"depends": False}
        total = set(factors.methods.values()) == {"total"}
        other = size_factors(self.kept(), self.fraction, method="auto" if total else "total")
        return compared_scale(factors, other, self.design, self.thresholds.alpha)

    def second_opinion(self) -> SecondOpinion:
        """Ask limma-voom about the mode.

        Raises
        ------
        ProblemsFound
            Where it cannot be asked.
        """
        if not self.opinions:
            self.opinions.append(about_mode(self.kept(), self.design, self.groups, self.terms()))
        return self.opinions[0]

    def terms(self) -> Terms:
        """Say on which terms other engines are asked: with the same size factors where these are given."""
        factors, thresholds = self.size_factors(), self.thresholds
        given = None if assumed(factors) else factors
        of_libraries = library_factors(self.kept(), self.design, self.fraction, given)
        stated, null = thresholds.preparation_log2_sd, thresholds.min_log2_fold_change
        return Terms(stated, null, thresholds.alpha, of_libraries, given is not None)

    def shared_error(self) -> float:
        """Return the error that libraries of a group share (log2, in a slope of one unit): as estimated, or stated."""
        try:
            return self.second_opinion().shared_error
        except ProblemsFound:
            return self.thresholds.preparation_log2_sd / self.design.width

    def with_least(self, min_total_count: int) -> "Question":
        """Return the question with another low-count filter."""
        changed = self.thresholds.model_copy(update={"min_total_count": min_total_count})
        return replace(self, thresholds=changed)

    def refit(self, factors: SizeFactors | None = None) -> pd.DataFrame:
        """Fit with DESeq2's model; return its table."""
        factors = factors or self.size_factors()
        samples = self.design.matrix.index
        key = (tuple(samples), tuple(self.kept().index), factors.values[samples].to_numpy(dtype=float).tobytes())
        if key not in self.fitted:
            self.fitted[key] = fit(self.counts, self.design, self.thresholds, factors=factors).results
        return self.fitted[key]
