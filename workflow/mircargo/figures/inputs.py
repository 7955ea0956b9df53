"""What figures are drawn from: an object each for samples, a contrast, its co-cargo, a comparison, a meta-analysis.

Each has what its figures share: tables, groups, colours, and what stands below them and on their axes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mircargo.config import Contrast, Thresholds
from mircargo.figures.placement import Words
from mircargo.figures.sample_grid import Colours

Drawn = tuple[pd.DataFrame, Figure]
"""The data drawn, and the drawing."""


def _without_repeats(*columns: str | None) -> list[str]:
    return list(dict.fromkeys(column for column in columns if column))


@dataclass(frozen=True)
class SamplesInputs:
    """All samples of a study.

    Attributes
    ----------
    counts, normalised
        Feature x sample; `normalised` divided by size factors.
    sheet
        Sample sheet, indexed by sample name.
    variables
        The variables of the contrasts.
    fraction
        The column of fractions; None where the sheet has none.
    size_factors
        Where the size factors come from, in a sentence.
    target
        The target among the features, if it is there.
    colours
        Column of the sheet -> level -> colour.
    simulated
        Whether the data are simulated.
    """

    counts: pd.DataFrame
    normalised: pd.DataFrame
    sheet: pd.DataFrame
    variables: tuple[str, ...]
    fraction: str | None
    size_factors: str
    target: list[str]
    colours: Colours
    simulated: bool

    @property
    def by_condition(self) -> pd.DataFrame:
        """The groups of the samples, conditions first."""
        return self.sheet[_without_repeats(*self.variables, self.fraction)]

    @property
    def by_fraction(self) -> pd.DataFrame:
        """The groups of the samples, fractions first."""
        return self.sheet[_without_repeats(self.fraction, *self.variables)]


@dataclass(frozen=True)
class ContrastInputs:
    """A contrast.

    Attributes
    ----------
    name, contrast, thresholds
        As configured.
    table, facts, variants
        `differential/{contrast}.tsv`, `.json`, and `robustness/{contrast}.variants.tsv`.
    values
        Normalised counts of the samples of the contrast, feature x sample.
    samples
        Their rows of the sample sheet.
    colours
        Column of the sheet -> level -> colour, of all samples of the study: a group has one colour in all its figures.
    feature
        The target among the features; None where it is not there.
    co_cargo
        Features that have a tier.
    simulated
        Whether the data are simulated.
    """

    name: str
    contrast: Contrast
    thresholds: Thresholds
    table: pd.DataFrame
    facts: Mapping[str, Any]
    variants: pd.DataFrame
    values: pd.DataFrame
    samples: pd.DataFrame
    colours: Colours
    feature: str | None
    co_cargo: list[str]
    simulated: bool

    @property
    def target(self) -> list[str]:
        """The target, if it is there."""
        return [self.feature] if self.feature else []

    def words(self, note: str) -> Words:
        """Return what all figures of the contrast say, with the note of one."""
        return {"title": self.name, "note": note, "simulated": self.simulated}

    @property
    def group_colours(self) -> Mapping[str, str]:
        """Level of the contrast's variable -> colour."""
        return self.colours[self.contrast.variable]

    @property
    def sizes(self) -> str:
        """How many samples are compared, and at which levels of other columns."""
        asked, level, reference = self.facts["asked"], self.contrast.level, self.contrast.reference
        if asked["term"] != "difference":
            return str(asked["samples"]).removeprefix("over ")
        where = "".join(f", {column} {level}" for column, level in asked["where"].items())
        # `4 7` would be read as one number.
        named = f"of {self.contrast.variable} " if level[:1].isdigit() or reference[:1].isdigit() else ""
        return f"{asked['n_level']:,} {named}{level}, {asked['n_reference']:,} {named}{reference}{where}"

    @property
    def test(self) -> str:
        """The test of the contrast."""
        if self.contrast.reduced is not None:
            return f"DESeq2's likelihood-ratio test against {self.contrast.reduced} (PyDESeq2)"
        least = self.thresholds.min_log2_fold_change
        return f"DESeq2's Wald test{f' of |log2 fold change| > {least:g}' if least > 0 else ''} (PyDESeq2)"

    @property
    def sizes_and_test(self) -> str:
        """What most figures say below themselves."""
        return f"{self.sizes}; {self.test}."

    @property
    def change(self) -> str:
        """What a positive fold change is of, as it stands on an axis."""
        pair = self.contrast.interaction
        if self.contrast.per_unit:
            return str(self.facts["asked"]["place"])
        change = f"{self.contrast.level} / {self.contrast.reference}"
        return f"{change}: {pair.level} / {pair.reference}" if pair else change

    @property
    def facet(self) -> str | None:
        """The column between whose levels the change differs, if the model has one."""
        if self.contrast.interaction is not None:
            return self.contrast.interaction.variable
        return next(iter(self.facts["asked"]["where"]), None)

    @property
    def subject(self) -> str | None:
        """The blocking column, if any, that pairs each sample of a group with one of the other."""
        for column in () if self.contrast.per_unit else self.contrast.blocking:
            by_group = self.samples.groupby(column)[self.contrast.variable]
            if (by_group.size() == 2).all() and (by_group.nunique() == 2).all():
                return column
        return None

    @property
    def groups(self) -> pd.DataFrame:
        """The groups of the samples: the facet, the contrast's variable, what is blocked."""
        return self.samples[_without_repeats(self.facet, self.contrast.variable, *self.contrast.blocking)]


@dataclass(frozen=True)
class CargoInputs:
    """The co-cargo of a contrast of exosomes (`cargo/co_cargo/{contrast}.tsv`), and the facts of the contrast's fit."""

    name: str
    co_cargo: pd.DataFrame
    facts: Mapping[str, Any]
    target: list[str]
    alpha: float
    simulated: bool


@dataclass(frozen=True)
class ReleaseInputs:
    """A comparison (`cargo/release/{comparison}.tsv`), the facts of its fit, and its contrast of exosomes.

    `co_cargo` are the features that have a tier in that contrast.
    """

    name: str
    contrast: Contrast
    release: pd.DataFrame
    facts: Mapping[str, Any]
    target: list[str]
    co_cargo: list[str]
    simulated: bool


@dataclass(frozen=True)
class MetaInputs:
    """A meta-analysis: `meta/{meta}.tsv`, `{meta}.studies.tsv`, and what the target does over the studies."""

    title: str
    pooled: pd.DataFrame
    contrasts: pd.DataFrame
    feature: str | None
    sentence: str
    alpha: float
    simulated: bool


def group_sizes(facts: Mapping[str, Any]) -> str:
    """Say how many samples each group of a fit has."""
    return ", ".join(f"{n} {group}" for group, n in facts["groups"].items())
