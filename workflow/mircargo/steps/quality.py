"""What the libraries of a study are."""

from typing import ClassVar, Literal

from mircargo.config import SizeFactorChoice
from mircargo.steps.base import Files, Step


class AssessQuality(Step):
    """Describe every library: depth, features seen, what dominates it, size factor."""

    needs: ClassVar[Literal["tables"]] = "tables"
    fraction: str
    size_factors: SizeFactorChoice

    def run(self, given: Files, made: Files) -> None:
        from mircargo.checks.libraries import assess, fraction_of
        from mircargo.inputs.sheet import read_sheet
        from mircargo.io import read_counts, write_table
        from mircargo.model.normalisation.choice import chosen_size_factors

        table, sheet = read_counts(given.counts), read_sheet(given.samples)
        added = read_counts(given.spike_ins)
        chosen = chosen_size_factors(table, self.size_factors, sheet, self.fraction, added)
        described, factors = assess(table, fraction_of(sheet, self.fraction), chosen, added)
        write_table(described, made.samples)
        write_table(factors.normalise(table).reset_index(), made.normalised)
