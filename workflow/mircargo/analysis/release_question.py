"""A comparison of exosomes with their source: what is released more, or less, than the source changes."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from mircargo.analysis.data import StudyData
from mircargo.analysis.re_analyses import stress_test
from mircargo.cargo.release_classes import classify, limits_of
from mircargo.config import Comparison, Contrast, Thresholds
from mircargo.model.design.matrix import release_design
from mircargo.model.design.samples import contrast_samples
from mircargo.model.engines.by_fraction import describe_release
from mircargo.model.engines.deseq2 import Fit, fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.mode import MODE
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.robust_calls import Stressed


@dataclass(frozen=True, eq=False)
class ReleaseQuestion:
    """A comparison, asked of a study.

    Attributes
    ----------
    data
        The study.
    name
        Of the comparison.
    comparison, thresholds
        As configured.
    exosome, source
        Its two contrasts, as configured.
    """

    data: StudyData
    name: str
    comparison: Comparison
    exosome: Contrast
    source: Contrast
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def _where(self) -> str:
        return f"comparison '{self.name}'"

    @cached_property
    def base(self) -> BaseFit:
        """The fit of the interaction as configured, before it is made.

        Raises
        ------
        ProblemsFound
            Where the two contrasts share samples, or the interaction cannot be told apart from the blocking.
        """
        data, fraction = self.data, self.comparison.fraction
        design = release_design(data.sheet, self.comparison, self.exosome, self.source, data.numeric, self._where)
        how = Normalisation(data.sheet, data.size_factors, fraction, data.spike_ins)
        if how.choice.method == MODE:  # the mode is of the fold changes of a contrast, not of their difference
            how = how.by("auto")
        groups = (data.sheet[fraction] + " " + data.sheet[self.exosome.variable])[list(design.matrix.index)]
        return BaseFit(data.counts, design, self.thresholds, groups, how)

    def fit(self, exosome: pd.DataFrame, source: pd.DataFrame) -> Fit:
        """Test what changes more, or less, in the exosomes than in the cells they came from, and class it.

        Parameters
        ----------
        exosome, source
            `differential/{contrast}.tsv` of its two contrasts.

        Returns
        -------
        Fit
            The table of `classify`, and what was done.
        """
        base, thresholds = self.base, self.thresholds
        counts, design, factors = base.own_counts, base.design, base.size_factors()
        common = fit(counts, design, thresholds, factors=factors, details=True)
        groups = contrast_samples(self.data.sheet, self.exosome, self._where)[self.exosome.variable]
        in_exosome = pd.Series(counts.columns.isin(groups.index), index=counts.columns)
        described = describe_release(counts, design, in_exosome, factors, common.results, thresholds)
        accessions = self.data.features.set_index("feature")["accession"]
        own = {"exosome": exosome, "source": source}
        limits = limits_of(counts, factors.values, groups, own, accessions, thresholds.alpha)
        classes = classify(exosome, source, common.results, described, thresholds, limits)
        engine_warnings = [*common.facts["engine_warnings"], *described.facts.pop("engine_warnings")]
        return Fit(classes, {**common.facts, "engine_warnings": engine_warnings, "by_fraction": described.facts})

    def stress(self, classes: pd.DataFrame, threads: int = 1) -> Stressed:
        """Fit the comparison otherwise, and say of each feature whether the call of its release survives.

        Parameters
        ----------
        classes
            The table of `fit`.
        threads
            How many processes share the work. The result does not depend on it.
        """
        release = classes.filter(like="release_").rename(columns=lambda key: key.removeprefix("release_"))
        return stress_test(self.base, classes[["feature"]].join(release), threads)
