"""What the exosomes carry: release, the call of the target, co-cargo, and what the literature expects of them."""

from typing import Annotated, ClassVar

from mircargo.config import Comparison, Contrast, Expectation, SizeFactorChoice, Thresholds
from mircargo.steps.base import AskedContrast, Files, FitThresholds, Only, Step, StressThresholds


class Release(Step):
    """What every step of a comparison is told of it."""

    name: str
    comparison: Comparison
    exosome: AskedContrast
    source: AskedContrast
    numeric: list[str]
    size_factors: SizeFactorChoice


class FitRelease(Release):
    """Test what changes more, or less, in the exosomes than in the cells they came from."""

    thresholds: Thresholds

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.cargo import release

        release.callback(
            name=self.name, counts=given.counts, features=given.features, samples=given.samples,
            comparison=self.comparison, exosome=self.exosome, source=self.source,
            exosome_results=given.exosome, source_results=given.source, thresholds=self.thresholds,
            numeric=self.numeric, choice=self.size_factors, spike_ins=given.optional("spike_ins"), out=made.release,
            out_facts=made.facts,
        )  # fmt: skip


class StressRelease(Release):
    """Fit a comparison in other ways, and say of each feature whether the call of its release survives."""

    thresholds: StressThresholds

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.robustness import stress_release

        stress_release.callback(
            name=self.name, counts=given.counts, samples=given.samples, comparison=self.comparison,
            exosome=self.exosome, source=self.source, release=given.release, thresholds=self.thresholds,
            numeric=self.numeric, choice=self.size_factors, spike_ins=given.optional("spike_ins"),
            out=made.robustness, out_variants=made.variants, out_facts=made.facts,
        )  # fmt: skip


class CallTarget(Step):
    """Say of every contrast what the target does."""

    prints: ClassVar[bool] = True
    contrasts: dict[
        str,
        Annotated[
            Contrast,
            Only(
                "subset", "variable", "level", "reference", "expected", "reduced", "interaction", "per_unit", "exosome"
            ),
        ],
    ]
    target: str
    species: str
    thresholds: Thresholds

    def run(self, given: Files, made: Files) -> str:
        from mircargo.cli.cargo import target

        target.callback(
            contrasts=self.contrasts, features=given.features, target=self.target, species=self.species,
            thresholds=self.thresholds, robustness=given.robustness, out=made.target,
            differential=given.differential,
        )  # fmt: skip
        return ""


class FindCoCargo(Step):
    """List what changes in the exosomes together with the target."""

    name: str
    contrast: AskedContrast
    target: str
    species: str
    thresholds: FitThresholds
    fraction: str
    blood_derived: list[str]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.cargo import co_cargo

        co_cargo.callback(
            name=self.name, contrast=self.contrast, counts=given.counts, features=given.features,
            samples=given.samples, results=given.results, release=given.optional("release"),
            robustness=given.robustness, target=self.target, species=self.species, thresholds=self.thresholds,
            fraction=self.fraction, blood=self.blood_derived, out=made.table, out_composition=made.composition,
        )  # fmt: skip


class PermuteLabels(Step):
    """Fit an exosome contrast with its labels exchanged, to say how much of the co-cargo chance alone would give."""

    contrast: AskedContrast
    target: str
    species: str
    thresholds: FitThresholds
    numeric: list[str]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.cargo import permute

        permute.callback(
            contrast=self.contrast, counts=given.counts, features=given.features, samples=given.samples,
            results=given.results, co_cargo=given.co_cargo, target=self.target, species=self.species,
            thresholds=self.thresholds, numeric=self.numeric, out=made.facts,
        )  # fmt: skip


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

        from mircargo.cargo.expectations import compare
        from mircargo.inputs.panel import read_panel
        from mircargo.io import read_result, write_table

        entries, known = read_panel(self.panel), read_result(given.features)
        parts = [
            compare(
                name, expectation, entries, read_result(path), known, self.species, self.thresholds, self.target
            ).astype(object)
            for (name, expectation), path in zip(self.expectations.items(), given.differential, strict=True)
        ]
        write_table(pd.concat(parts, ignore_index=True), made.table)
