"""What the exosomes carry: release, the call of the target, co-cargo, and what the literature expects of them."""

from typing import TYPE_CHECKING, Annotated, ClassVar

from mircargo.config import Comparison, Contrast, Expectation, SizeFactorChoice, Thresholds
from mircargo.steps.declaration import Files, FittedContrast, FitThresholds, Only, Step, StressThresholds, Threads
from mircargo.steps.study_files import read_fit, read_study, write_stressed

if TYPE_CHECKING:
    from mircargo.analysis import ReleaseQuestion


class Release(Step):
    """The settings of both steps of a comparison."""

    name: str
    comparison: Annotated[Comparison, Only("exosome source fraction blocking subject")]
    exosome: FittedContrast
    source: FittedContrast
    numeric: list[str]
    size_factors: SizeFactorChoice
    thresholds: Thresholds

    def question(self, given: Files) -> "ReleaseQuestion":
        from mircargo.analysis import ReleaseQuestion

        data = read_study(given, self)
        return ReleaseQuestion(data, self.name, self.comparison, self.exosome, self.source, self.thresholds)


class FitRelease(Release):
    """Test what changes more, or less, in the exosomes than in the cells they came from."""

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import read_result, write_json, write_table

        fitted = self.question(given).fit(read_result(given.exosome), read_result(given.source))
        write_table(fitted.results, made.release)
        write_json(fitted.facts, made.facts)


class StressRelease(Release):
    """Fit a comparison in other ways, and say of each feature whether the call of its release survives."""

    thresholds: StressThresholds
    threads: Threads = 1

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import read_result

        write_stressed(self.question(given).stress(read_result(given.release), self.threads), made)


class CallTarget(Step):
    """Say of every contrast what the target does."""

    prints: ClassVar[bool] = True
    contrasts: dict[
        str,
        Annotated[
            Contrast,
            Only("title subset variable level reference expected reduced interaction per_unit exosome"),
        ],
    ]
    target: str
    species: str
    thresholds: Thresholds

    def run(self, given: Files, made: Files) -> str:
        import pandas as pd

        from mircargo.cargo.target_call import Target, call_target
        from mircargo.features.find_target import find_target
        from mircargo.io import read_json, read_result, write_table
        from mircargo.results.contract import TARGET_CALLS
        from mircargo.robustness.robust_calls import Stressed

        target = Target(self.target, *find_target(self.target, self.species, read_result(given.features)))
        fits = map(read_fit, given.differential, given.facts)
        stressed = [
            Stressed(read_result(summary), read_result(variants), read_json(facts))
            for summary, variants, facts in zip(given.robustness, given.variants, given.tried, strict=True)
        ]
        rows = [
            call_target(name, contrast, self.thresholds, fit, target, tried)
            for (name, contrast), fit, tried in zip(self.contrasts.items(), fits, stressed, strict=True)
        ]
        write_table(pd.DataFrame(rows, columns=list(TARGET_CALLS.columns)), made.target)
        labels = {name: contrast.title or name for name, contrast in self.contrasts.items()}
        return "\n".join(f"{labels[row['contrast']]}: {row['sentence']}" for row in rows)


class FindCoCargo(Step):
    """List what changes in the exosomes together with the target."""

    name: str
    contrast: FittedContrast
    target: str
    species: str
    thresholds: FitThresholds
    fraction: str
    blood_derived: list[str]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.analysis import Question
        from mircargo.cargo.co_cargo import Evidence
        from mircargo.cargo.global_change import under_global_change
        from mircargo.features.find_target import find_target
        from mircargo.io import read_result, write_table

        data, fitted = read_study(given, self), read_fit(given.results, given.facts)
        release = given.optional("release")
        evidence = Evidence(read_result(release) if release else None, read_result(given.robustness))
        feature = find_target(self.target, self.species, data.features)[0]
        question = Question(data, self.name, self.contrast, self.thresholds)
        write_table(question.co_cargo(fitted, feature, evidence), made.table)
        changed = under_global_change(fitted.results, self.thresholds.alpha, self.thresholds.min_log2_fold_change)
        write_table(changed, made.composition)


class ListForQpcr(Step):
    """Say which changes of a contrast to validate by qPCR, and against which reference miRNAs."""

    name: str
    contrast: FittedContrast
    target: str
    species: str
    thresholds: FitThresholds
    numeric: list[str]
    fraction: str
    blood_derived: list[str]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.analysis import Question
        from mircargo.features.find_target import find_target
        from mircargo.io import read_result, write_table

        data, fitted = read_study(given, self), read_fit(given.results, given.facts)
        feature = find_target(self.target, self.species, data.features)[0]
        robust = read_result(given.robustness).set_index("feature")["robust"]
        table, references = Question(data, self.name, self.contrast, self.thresholds).for_qpcr(fitted, feature, robust)
        write_table(table, made.table)
        write_table(references, made.references)


class PermuteLabels(Step):
    """Fit an exosome contrast with its labels exchanged, to say how much of the co-cargo chance alone would give."""

    name: str
    contrast: FittedContrast
    target: str
    species: str
    thresholds: FitThresholds
    numeric: list[str]
    threads: Threads = 1

    def run(self, given: Files, made: Files) -> None:
        from mircargo.analysis import Question
        from mircargo.features.find_target import find_target
        from mircargo.io import read_result, write_json

        data, fitted = read_study(given, self), read_fit(given.results, given.facts)
        feature = find_target(self.target, self.species, data.features)[0]
        question = Question(data, self.name, self.contrast, self.thresholds)
        write_json(question.by_chance(fitted, feature, read_result(given.co_cargo), self.threads), made.facts)


class GatherCoCargo(Step):
    """Put the co-cargo of several contrasts in one table, with what the literature expects of each miRNA.

    Without a contrast of exosomes the table is its header alone; it waits for the counts all the same.
    """

    def run(self, given: Files, made: Files) -> None:
        import pandas as pd

        from mircargo.cargo.co_cargo import with_expectations
        from mircargo.io import read_result, write_table
        from mircargo.results.contract import CO_CARGO_OF_CONTRAST

        parts = [read_result(table) for table in given.tables]
        together = (
            pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CO_CARGO_OF_CONTRAST.columns))
        )
        write_table(with_expectations(together, read_result(given.expectations)), made.table)


class CompareExpectations(Step):
    """Hold what the literature leads one to expect against what was found."""

    expectations: dict[str, Expectation | None]
    panel: str
    target: str
    species: str
    thresholds: Thresholds

    def run(self, given: Files, made: Files) -> None:
        import pandas as pd

        from mircargo.cargo.expectations import compare, expected_of, find_panel
        from mircargo.inputs.panel import read_panel
        from mircargo.io import read_result, write_table

        entries = read_panel(self.panel)
        found = find_panel(entries, self.target, self.species, read_result(given.features))
        parts = [
            compare(name, expected_of(entries, expectation, self.species), found, read_result(path), self.thresholds)
            for (name, expectation), path in zip(self.expectations.items(), given.differential, strict=True)
        ]
        write_table(pd.concat([part.astype(object) for part in parts], ignore_index=True), made.table)
