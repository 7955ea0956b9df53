"""From a study's tables to its counts, and warnings about them."""

from typing import Annotated, ClassVar, Literal

from mircargo.config import Config, CountTable
from mircargo.steps.declaration import Files, Only, Step, Untracked


class FetchTable(Step):
    """Fetch a table once, from a folder of MIRCARGO_MIRROR or else from its address."""

    needs: ClassVar[Literal["tables"]] = "tables"
    # A table is fetched where the run was started: a cluster's nodes often have no network.
    group: ClassVar[str] = ""
    table: Annotated[CountTable, Only("url sha256")]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.inputs.fetch import fetch

        return fetch(str(self.table.url), str(self.table.sha256), made.table)


class ImportCounts(Step):
    """Read the count tables of a study into one matrix.

    Features get names of miRBase 22.1, and a ledger says what became of every input row. The whole study is checked
    first, its contrasts too, so that all of its problems come at once.
    """

    needs: ClassVar[Literal["tables"]] = "tables"
    study_name: str
    configuration: Annotated[Config, Untracked()]
    # What the counts depend on; contrasts and thresholds are checked as well, and do not change them.
    counts: list[CountTable]
    species: str
    exclude_samples: list[str]
    biotypes: list[str]
    spike_ins: list[str]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.checks.study import examine_study, raise_errors
        from mircargo.features.isomirs import no_isomirs
        from mircargo.io import write_json, write_table

        problems, result = examine_study(self.configuration, self.study_name)
        raise_errors(problems)
        assert result is not None  # without an error there are counts
        write_table(result.counts.reset_index(), made.counts)
        write_table(result.features, made.features)
        write_table(result.ledger, made.ledger)
        write_table(result.balance, made.balance)
        isomirs = no_isomirs(list(result.counts)) if result.isomirs is None else result.isomirs
        write_table(isomirs, made.isomirs)
        write_table(result.spike_ins.reset_index(), made.spike_ins)
        write_json({"in_short": result.in_short, "notes": result.notes}, made.notes)
        return "\n".join(result.notes)


class NoteWarnings(Step):
    """List the warnings about a study and its fits; an error has stopped a step before."""

    needs: ClassVar[Literal["tables"]] = "tables"
    study_name: str
    configuration: Annotated[Config, Untracked()]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.checks.study import examine_study, raise_errors
        from mircargo.io import write_json
        from mircargo.problems import render

        problems, counts = examine_study(self.configuration, self.study_name)
        raise_errors(problems)
        write_json({"warnings": [vars(problem) for problem in problems]}, made.check)
        in_short = [f"{self.study_name}: {counts.in_short}"] if counts is not None and counts.in_short else []
        return "\n".join([*in_short, render(problems)])
