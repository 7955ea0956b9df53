"""What a study gives to its analysis."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from mircargo.config import SizeFactorChoice
from mircargo.model.normalisation.choice import Normalisation


@dataclass(frozen=True, eq=False)
class StudyData:
    """The tables of a study, and its settings that are not of one contrast.

    Attributes
    ----------
    counts
        Features x samples, integers.
    sheet
        Samples x columns, as `read_sheet` gives them.
    features
        `counts/features.tsv`; only co-cargo and release need it.
    spike_ins
        Spike-ins x samples, if the study has any.
    size_factors
        How size factors are found.
    fraction
        Column of the sheet with the fraction, where it has one.
    numeric
        Columns of the sheet that are numbers.
    blood_derived
        Fractions that come from blood, beside those whose name says so.
    """

    counts: pd.DataFrame
    sheet: pd.DataFrame
    features: pd.DataFrame = field(default_factory=pd.DataFrame)
    spike_ins: pd.DataFrame | None = None
    size_factors: SizeFactorChoice = field(default_factory=SizeFactorChoice)
    fraction: str = "fraction"
    numeric: Sequence[str] = ()
    blood_derived: Sequence[str] = ()

    @property
    def normalisation(self) -> Normalisation:
        """How size factors are found."""
        return Normalisation(self.sheet, self.size_factors, self.fraction, self.spike_ins)
