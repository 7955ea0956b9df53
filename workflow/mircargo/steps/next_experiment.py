"""What to measure next: the power of experiments of another size."""

from typing import TYPE_CHECKING, Annotated

from mircargo.config import Comparison, Contrast, NextExperiment, SizeFactorChoice, Thresholds
from mircargo.steps.declaration import DrawingStep, Files, FittedContrast, Only, Step
from mircargo.steps.study_files import read_fit, read_study

if TYPE_CHECKING:
    from mircargo.analysis.next_experiment import Plan


class PlanNextExperiment(Step):
    """Work out the power of experiments of another size, from what the fits of a study say."""

    contrasts: dict[str, FittedContrast]
    comparisons: dict[str, Annotated[Comparison, Only("exosome source fraction blocking subject")]]
    numeric: list[str]
    size_factors: SizeFactorChoice
    fraction: str
    thresholds: Annotated[
        Thresholds,
        Only("alpha min_log2_fold_change min_total_count equivalence_log2_fold_change preparation_log2_sd"),
    ]
    next_experiment: NextExperiment | None = None  # a study without one has no such rule

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import read_json, read_result, write_table

        plan, target = self._plan(given), read_result(given.target).set_index("contrast")["feature"]
        co_cargo, expected = read_result(given.co_cargo), read_result(given.expectations)
        each = zip(self.contrasts, given.results, given.facts, given.tried, given.variants, strict=True)
        for name, results, facts, tried, variants in each:
            candidates = co_cargo.loc[(co_cargo["contrast"] == name) & co_cargo["tier"].notna(), "feature"]
            panel = expected.loc[(expected["contrast"] == name) & (expected["observed"] == "inconclusive"), "feature"]
            stressed = (read_json(tried), read_result(variants))
            plan.add_contrast(name, read_fit(results, facts), stressed, target[name], [*candidates], [*panel.dropna()])
        for name, release in zip(self.comparisons, given.releases, strict=True):
            exosome = self.comparisons[name].exosome
            candidates = co_cargo.loc[(co_cargo["contrast"] == exosome) & co_cargo["tier"].notna(), "feature"]
            plan.add_release(name, read_result(release), target[exosome], [*candidates])
        write_table(plan.needed(), made.needed)
        write_table(plan.powers(), made.powers)
        write_table(plan.inconclusive(), made.inconclusive)

    def _plan(self, given: Files) -> "Plan":
        from mircargo.analysis.next_experiment import Plan

        experiments = self.next_experiment or NextExperiment()
        return Plan(read_study(given, self), self.contrasts, self.comparisons, self.thresholds, experiments)


class PlotNextExperiment(DrawingStep):
    """Draw the power of the next experiment."""

    contrasts: dict[str, Annotated[Contrast, Only("title variable level reference")]]
    comparisons: dict[str, Annotated[Comparison, Only("title exosome source")]]
    next_experiment: NextExperiment | None = None
    simulated: bool

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_NEXT_EXPERIMENT, draw
        from mircargo.figures.inputs import NextExperimentInputs
        from mircargo.io import read_result

        named: list[tuple[str, Contrast | Comparison]] = [*self.contrasts.items(), *self.comparisons.items()]
        target = read_result(given.target)["feature"].dropna()
        inputs = NextExperimentInputs(
            powers=read_result(given.powers),
            needed=read_result(given.needed),
            titles={name: each.title or name for name, each in named},
            target=target.iloc[0] if len(target) else None,
            power=(self.next_experiment or NextExperiment()).power,
            simulated=self.simulated,
        )
        draw(made, OF_NEXT_EXPERIMENT, inputs, self.figure_formats)
