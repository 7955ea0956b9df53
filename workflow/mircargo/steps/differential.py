"""Differential expression of contrasts, and its stress test."""

from typing import Annotated

from mircargo.config import Contrast, SizeFactorChoice, Study, Thresholds
from mircargo.steps.declaration import Files, FittedContrast, Only, Step, StressThresholds, Threads, Untracked
from mircargo.steps.study_files import read_study, write_stressed


class FitContrast(Step):
    """Fit one contrast with DESeq2's model."""

    name: str
    contrast: FittedContrast
    thresholds: Thresholds
    numeric: list[str]
    fraction: str
    size_factors: SizeFactorChoice
    # All contrasts of a study are checked before one is fitted.
    study: Annotated[Study, Untracked()]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.analysis import Question
        from mircargo.checks.study import design_problems, raise_errors
        from mircargo.io import write_json, write_table

        data = read_study(given, self)
        raise_errors(design_problems(self.study, data.sheet, "study"))
        fitted = Question(data, self.name, self.contrast, self.thresholds).fit()
        write_table(fitted.results, made.results)
        write_json(fitted.facts, made.facts)


class StressContrast(Step):
    """Fit a contrast in other ways, and say of each feature whether its call survives."""

    name: str
    contrast: FittedContrast
    thresholds: StressThresholds
    numeric: list[str]
    fraction: str
    size_factors: SizeFactorChoice
    threads: Threads = 1

    def run(self, given: Files, made: Files) -> None:
        from mircargo.analysis import Question
        from mircargo.io import read_result

        question = Question(read_study(given, self), self.name, self.contrast, self.thresholds)
        write_stressed(question.stress(read_result(given.results), self.threads), made)


class SummariseContrasts(Step):
    """Count what went up and down in each contrast."""

    contrasts: dict[str, Annotated[Contrast, Only("variable level reference")]]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import read_json, read_result, write_table
        from mircargo.robustness.contrast_summary import count_calls, to_table, why_not_said

        files = zip(self.contrasts, given.differential, given.facts, given.robustness, given.tried, strict=True)
        rows = [
            count_calls(name, read_result(fit), read_json(facts), read_result(stress))
            | {"note": why_not_said(read_json(tried))}
            for name, fit, facts, stress, tried in files
        ]
        write_table(to_table(rows), made.summary)
