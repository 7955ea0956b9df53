"""The fit of a contrast or a comparison as configured, to be made otherwise."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from mircargo.config import Contrast, Thresholds
from mircargo.model.design.matrix import Design, contrast_design, group_of
from mircargo.model.engines.deseq2 import fit
from mircargo.model.engines.voom_about_mode import SecondOpinion, Terms
from mircargo.model.filtering import with_enough_reads
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.mode import contrast_size_factors
from mircargo.model.normalisation.scale import scale_difference
from mircargo.model.normalisation.size_factors import SizeFactors, assumed
from mircargo.problems import ProblemsFound, refusal
from mircargo.robustness.second_opinions import about_mode, library_factors


@dataclass(frozen=True, eq=False)
class BaseFit:
    """A contrast or a comparison as it is fitted, with all that is needed to fit it otherwise."""

    counts: pd.DataFrame  # features x samples, integers; at least the design's samples
    design: Design  # the model and the contrast
    thresholds: Thresholds  # where a call begins, and which features are fitted
    groups: pd.Series  # the group of each sample, as counted in `design.groups`
    how: Normalisation  # how size factors are found
    # Tables of fits already made. Variants with the same samples, features and size factors are one fit.
    fitted: dict[Hashable, pd.DataFrame] = field(default_factory=dict)
    # What spike-ins say of the global change, as of `global_change.spike_in_change`; empty where there are none, or
    # where size factors hold it already.
    measured: Mapping[str, Any] = field(default_factory=dict)
    # What limma-voom about the mode says, once it was asked.
    opinions: list[SecondOpinion] = field(default_factory=list)

    @classmethod
    def of_contrast(
        cls,
        counts: pd.DataFrame,
        how: Normalisation,
        contrast: Contrast,
        numeric: Sequence[str],
        thresholds: Thresholds,
        where: str,
    ) -> "BaseFit":
        """Put the fit of a contrast together.

        Parameters
        ----------
        counts
            Features x samples, integers; at least the contrast's samples.
        numeric
            Columns of the sample sheet that are numbers.
        where
            The contrast in words, for messages.

        Raises
        ------
        ProblemsFound
            As `contrast_design`.
        """
        design = contrast_design(how.sheet, contrast, numeric, where)
        groups = group_of(how.sheet.loc[list(design.matrix.index)], contrast)
        return cls(counts, design, thresholds, groups, how.between(groups))

    @property
    def sheet(self) -> pd.DataFrame:
        """The sample sheet, for the names of what is left out."""
        return self.how.sheet

    @property
    def fraction(self) -> pd.Series | None:
        """The fraction of each sample, where size factors are found within each."""
        return self.how.fractions

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
        kept = with_enough_reads(self.own_counts, self.thresholds.min_total_count)
        if kept.empty:
            raise refusal("too_few_reads", "no feature has enough reads to be fitted")
        return kept

    def size_factors(self) -> SizeFactors:
        """Return the size factors as configured; they are found once."""
        return self._size_factors

    @cached_property
    def _size_factors(self) -> SizeFactors:
        return contrast_size_factors(self.own_counts, self.how, self.design, self.thresholds)

    def scale(self) -> dict[str, Any]:
        """Say by how much the typical feature and the total differ between the groups, as of `scale_difference`.

        `depends` is false where the size factors are given and not assumed.
        """
        if "estimate" in self.measured:
            return {"depends": False}
        factors = self.size_factors()
        return {"depends": False} | scale_difference(self.own_counts, self.how, factors, self.design, self.thresholds)

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

    def with_least(self, min_total_count: int) -> "BaseFit":
        """Return the fit with another low-count filter."""
        return replace(self, thresholds=self.thresholds.model_copy(update={"min_total_count": min_total_count}))

    def refit(self, factors: SizeFactors | None = None) -> pd.DataFrame:
        """Fit with DESeq2's model; return its table."""
        factors = factors or self.size_factors()
        samples = self.design.matrix.index
        # Two methods may give the same factors, and a feature that one of them rests on has no p-value with it alone.
        untested = factors.rests_on if factors.few else ()
        values = factors.values[samples].to_numpy(dtype=float).tobytes()
        key = (tuple(samples), tuple(self.kept().index), values, untested)
        if key not in self.fitted:
            self.fitted[key] = fit(self.counts, self.design, self.thresholds, factors=factors).results
        return self.fitted[key]
