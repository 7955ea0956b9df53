"""The cells that take the exosomes up."""

from typing import Annotated, ClassVar, Literal

from mircargo.config import Config, MirbaseFile, Recipient, TargetTable, Thresholds
from mircargo.steps.declaration import Files, Only, Step, Untracked


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
