"""Differential expression of contrasts, and its stress test."""

from typing import Annotated

from mircargo.config import SizeFactorChoice, Study, Thresholds
from mircargo.steps.base import AskedContrast, Files, Only, Step, StressThresholds, Untracked


class FitContrast(Step):
    """Fit one contrast with DESeq2's model."""

    name: str
    contrast: AskedContrast
    thresholds: Annotated[
        Thresholds,
        Only(
            "alpha", "min_log2_fold_change", "min_total_count", "equivalence_log2_fold_change", "preparation_log2_sd",
            "scale_log2_sd",
        ),
    ]  # fmt: skip
    numeric: list[str]
    fraction: str
    size_factors: SizeFactorChoice
    # All contrasts of a study are checked before one is fitted.
    study: Annotated[Study, Untracked()]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.model import fit

        fit.callback(
            name=self.name, counts=given.counts, samples=given.samples, contrast=self.contrast,
            thresholds=self.thresholds, numeric=self.numeric, fraction=self.fraction, choice=self.size_factors,
            spike_ins=given.optional("spike_ins"), study=self.study, out=made.results, out_facts=made.facts,
        )  # fmt: skip


class StressContrast(Step):
    """Fit a contrast in other ways, and say of each feature whether its call survives."""

    name: str
    contrast: AskedContrast
    thresholds: StressThresholds
    numeric: list[str]
    fraction: str
    size_factors: SizeFactorChoice

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.robustness import stress

        stress.callback(
            name=self.name, counts=given.counts, samples=given.samples, contrast=self.contrast, results=given.results,
            thresholds=self.thresholds, numeric=self.numeric, fraction=self.fraction, choice=self.size_factors,
            spike_ins=given.optional("spike_ins"), out=made.robustness, out_variants=made.variants,
            out_facts=made.facts,
        )  # fmt: skip
