"""The cells that take the exosomes up."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from mircargo.config import Config, MirbaseFile, Recipient, TargetTable, Thresholds
from mircargo.steps.declaration import (
    AlphaOnly,
    DrawingStep,
    Files,
    FittedContrast,
    FitThresholds,
    Only,
    Step,
    StressThresholds,
    Threads,
    Untracked,
)

if TYPE_CHECKING:
    from mircargo.analysis import Question
    from mircargo.model.engines.deseq2 import Fit


class ImportRecipient(Step):
    """Read the recipient's messenger RNA and the targets of miRNAs, and match their genes.

    All that is wrong with them is listed at once.
    """

    needs: ClassVar[Literal["tables"]] = "tables"
    study_name: str
    configuration: Annotated[Config, Untracked()]
    # What the tables depend on.
    recipient: Recipient | None
    targets: TargetTable | None
    species: str
    mirbase: MirbaseFile | None
    target: str
    thresholds: Annotated[Thresholds, Only("min_total_count")]

    def run(self, given: Files, made: Files) -> str:
        import pandas as pd

        from mircargo.checks.recipient import examine_recipient
        from mircargo.checks.study import raise_errors
        from mircargo.io import write_json, write_table
        from mircargo.problems import render
        from mircargo.results.contract import RECIPIENT_CHANGES

        problems, tables = examine_recipient(self.configuration, self.study_name)
        raise_errors(problems)
        assert tables is not None  # without an error there are tables
        counts = pd.DataFrame(columns=["gene"]) if tables.counts is None else tables.counts.reset_index()
        changes = pd.DataFrame() if tables.changes is None else tables.changes
        write_table(counts, made.counts)
        write_table(changes.reindex(columns=list(RECIPIENT_CHANGES.columns)), made.changes)
        write_table(tables.sites, made.sites)
        write_table(tables.genes, made.genes)
        write_json({**tables.ledger, "warnings": [vars(problem) for problem in problems]}, made.ledger)
        return "\n".join([tables.in_short, render(problems)])


class RecipientStep(Step):
    """The settings of the steps that fit the recipient's genes."""

    recipient_contrast: FittedContrast | None = None
    recipient_numeric: list[str] = Field(default_factory=list)
    thresholds: FitThresholds

    def question(self, given: Files) -> "Question | None":
        """Return the contrast of the recipient's genes; None where it has results and no counts."""
        from mircargo.analysis import Question, StudyData
        from mircargo.inputs.sheet import read_sheet
        from mircargo.io import read_result

        sheet = given.optional("samples")
        if self.recipient_contrast is None or sheet is None:
            return None
        counts = read_result(given.counts).set_index("gene").rename_axis("feature")
        data = StudyData(counts, read_sheet(sheet), numeric=self.recipient_numeric)
        return Question(data, "recipient", self.recipient_contrast, self.thresholds)


class FitRecipient(RecipientStep):
    """Fit the genes of the recipient with DESeq2's model, or take the results that were given."""

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import read_result, write_json, write_table
        from mircargo.results.contract import RECIPIENT_FIT

        question = self.question(given)
        if question is None:
            changes = read_result(given.changes)
            results, facts = changes.assign(status="tested"), {}
        else:
            fitted = question.fit()
            results, facts = fitted.results.rename(columns={"feature": "gene"}), fitted.facts
        write_table(results.reindex(columns=list(RECIPIENT_FIT.columns)), made.results)
        write_json(facts, made.facts)


class StressRecipient(RecipientStep):
    """Fit the recipient's genes in other ways: which calls survive, and which shifts of targets."""

    thresholds: StressThresholds
    threads: Threads = 1

    def run(self, given: Files, made: Files) -> None:
        import pandas as pd

        from mircargo.analysis.recipient_question import RecipientQuestion
        from mircargo.analysis.recipient_stress import shifts_of_re_analyses
        from mircargo.io import read_result, write_json, write_table
        from mircargo.results.contract import RECIPIENT_STRESS, SHIFTS

        fitted, question = _read_fit(given), self.question(given)
        summary, shifts, facts = pd.DataFrame(), pd.DataFrame(), {}
        if question is not None:
            stressed = question.stress(fitted.results, self.threads)
            summary, facts = stressed.summary.rename(columns={"feature": "gene"}), stressed.facts
            asked = RecipientQuestion(
                fitted, read_result(given.sites), read_result(given.genes).set_index("gene"), question
            )
            shifts = shifts_of_re_analyses(asked, stressed.variants, self.thresholds.alpha, self.threads)
        write_table(summary.reindex(columns=list(RECIPIENT_STRESS.columns)), made.robustness)
        write_table(shifts.reindex(columns=list(SHIFTS.columns)), made.shifts)
        write_json(facts, made.facts)


def _read_fit(given: Files) -> "Fit":
    from mircargo.io import read_json, read_result
    from mircargo.model.engines.deseq2 import Fit

    return Fit(read_result(given.fit).rename(columns={"gene": "feature"}), read_json(given.facts))


class CompareTargets(RecipientStep):
    """Say whether the targets of each miRNA family change otherwise than genes like them, and whether cargo agrees."""

    prints: ClassVar[bool] = True
    recipient_title: str
    target: str
    species: str

    def run(self, given: Files, made: Files) -> str:
        from mircargo.analysis.recipient_answer import Cargo, Tried, answer
        from mircargo.analysis.recipient_question import RecipientQuestion
        from mircargo.features.find_target import find_target
        from mircargo.io import read_result, write_json, write_table

        genes = read_result(given.genes).set_index("gene")
        asked = RecipientQuestion(_read_fit(given), read_result(given.sites), genes, self.question(given))
        features = read_result(given.features)
        feature = find_target(self.target, self.species, features)[0]
        tables = (given.cargo[0], given.robustness[0], given.co_cargo[0])
        cargo = Cargo(self.target, feature, features, *map(read_result, tables))
        tried = Tried(read_result(given.stressed), read_result(given.shifts))
        found = answer(asked, tried, cargo, self.recipient_title, self.thresholds.alpha)
        for name, table in found.tables.items():
            write_table(table, made[name])
        write_json(found.facts, made.answer)
        return str(found.facts["sentence"])


class PlotRecipient(DrawingStep):
    """Draw what the targets of miRNAs do in the recipient."""

    simulated: bool
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_RECIPIENT, draw
        from mircargo.figures.inputs import RecipientInputs
        from mircargo.io import read_json, read_result

        inputs = RecipientInputs(
            families=read_result(given.families),
            dose=read_result(given.dose),
            compared=read_result(given.compared),
            agreement=read_result(given.agreement),
            facts=read_json(given.answer),
            alpha=self.thresholds.alpha,
            simulated=self.simulated,
        )
        draw(made, OF_RECIPIENT, inputs, self.figure_formats)
