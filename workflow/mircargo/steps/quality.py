"""What the libraries of a study are."""

from typing import ClassVar, Literal

from mircargo.config import SizeFactorChoice
from mircargo.steps.declaration import Files, Step
from mircargo.steps.study_files import read_study


class AssessQuality(Step):
    """Describe every library: depth, features seen, what dominates it, size factor."""

    needs: ClassVar[Literal["tables"]] = "tables"
    fraction: str
    size_factors: SizeFactorChoice

    def run(self, given: Files, made: Files) -> None:
        from mircargo.checks.libraries import assess
        from mircargo.io import write_table
        from mircargo.model.normalisation.choice import chosen_size_factors

        data = read_study(given, self)
        chosen = chosen_size_factors(data.counts, data.normalisation)
        described, factors = assess(data.counts, data.sheet.get(self.fraction), chosen, data.spike_ins)
        write_table(described, made.samples)
        write_table(factors.normalise(data.counts).reset_index(), made.normalised)
