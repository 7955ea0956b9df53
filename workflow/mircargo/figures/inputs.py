"""What figures are drawn from: an object each for samples, a contrast, its co-cargo, a comparison, a meta-analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mircargo.config import Contrast, SizeFactorChoice, Thresholds
from mircargo.figures.placement import Words
from mircargo.figures.sample_grid import Colours
from mircargo.vocabulary import SIZE_FACTOR_METHODS

Drawn = tuple[pd.DataFrame, Figure]
"""The data drawn, and the drawing."""


@dataclass(frozen=True)
class SamplesInputs:
    """All samples of a study.

    `libraries` are `quality/samples.tsv`; `variables` are those of its contrasts, `fraction` is a column of the sheet
    or None, `size_factors` says in a sentence where these come from; `target` is empty where no feature is the target.
    """

    counts: pd.DataFrame
    normalised: pd.DataFrame
    sheet: pd.DataFrame
    libraries: pd.DataFrame
    variables: tuple[str, ...]
    fraction: str | None
    size_factors: str
    target: list[str]
    colours: Colours
    simulated: bool

    def groups(self, *first: str | None) -> pd.DataFrame:
        """Return the groups of the samples: some columns first, then the variables and the fraction."""
        return _columns(self.sheet, *first, *self.variables, self.fraction)


@dataclass(frozen=True)
class ContrastsInputs:
    """All contrasts of a study, by name: the title of each, `differential/{contrast}.tsv`, `robustness/{contrast}.tsv`.

    `target` is empty where no feature is the target.
    """

    titles: Mapping[str, str]
    fits: Mapping[str, pd.DataFrame]
    stress: Mapping[str, pd.DataFrame]
    alpha: float
    target: list[str]
    simulated: bool


@dataclass(frozen=True)
class ContrastInputs:
    """A contrast, as configured; `name` is what people read of it: its title, or what it asks in words.

    `table`, `facts`, `robustness` and `variants` are `differential/{contrast}.tsv`, its `.json`,
    `robustness/{contrast}.tsv` and its `.variants.tsv`; `values` are the normalised counts of its samples (feature x
    sample), and `samples` their rows of the sheet. `everywhere` are those of all samples of the study, which have rows
    in `sheet`: of its own samples only where the contrast has size factors of its own. `fraction` is a column of the
    sheet or None. `cautions` are of the features that have any. `colours` are of the whole sheet, so that a group has
    one colour in every figure of the study. `target` is empty where no feature is the target, `co_cargo` where none has
    a tier.
    """

    name: str
    contrast: Contrast
    thresholds: Thresholds
    table: pd.DataFrame
    facts: Mapping[str, Any]
    robustness: pd.DataFrame
    variants: pd.DataFrame
    cautions: Mapping[str, str]
    values: pd.DataFrame
    samples: pd.DataFrame
    everywhere: pd.DataFrame
    sheet: pd.DataFrame
    fraction: str | None
    colours: Colours
    target: list[str]
    co_cargo: list[str]
    simulated: bool

    def words(self, note: str) -> Words:
        """Return what all figures of the contrast say, with the note of one."""
        return {"title": self.name, "note": note, "simulated": self.simulated}

    @property
    def feature(self) -> str | None:
        """The target among the features."""
        return next(iter(self.target), None)

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
        """The note of most figures."""
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
    def groups(self) -> pd.DataFrame:
        """The groups of the samples: the facet, the contrast's variable, what is blocked."""
        return _columns(self.samples, self.facet, self.contrast.variable, *self.contrast.blocking)


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
    """A comparison (`cargo/release/{comparison}.tsv`), the facts of its fit, its contrast of exosomes and co-cargo."""

    name: str
    contrast: Contrast
    release: pd.DataFrame
    facts: Mapping[str, Any]
    target: list[str]
    co_cargo: list[str]
    alpha: float
    simulated: bool


@dataclass(frozen=True)
class NextExperimentInputs:
    """What is planned: `cargo/next_experiment.power.tsv`, `cargo/next_experiment.tsv`, and the power asked for.

    `titles` are those of contrasts and comparisons; `target` is missing where no feature is the target.
    """

    powers: pd.DataFrame
    needed: pd.DataFrame
    titles: Mapping[str, str]
    target: str | None
    power: float
    simulated: bool


@dataclass(frozen=True)
class RecipientInputs:
    """The recipient cells: `recipient/families.tsv`, dose.tsv, compared.tsv, agreement.tsv, and answer.json as `facts`.

    `where` is what people read of the cells.
    """

    families: pd.DataFrame
    dose: pd.DataFrame
    compared: pd.DataFrame
    agreement: pd.DataFrame
    facts: Mapping[str, Any]
    alpha: float
    simulated: bool

    @property
    def where(self) -> str:
        return str(self.facts["where"])

    @property
    def target(self) -> str | None:
        """The target among the features of the exosomes."""
        return self.facts["feature"]


@dataclass(frozen=True)
class MetaInputs:
    """A meta-analysis: `meta/{meta}.tsv`, `{meta}.studies.tsv`, and the target over the studies in a sentence.

    `titles` are those of contrasts that have one, by STUDY.CONTRAST.
    """

    title: str
    pooled: pd.DataFrame
    contrasts: pd.DataFrame
    feature: str | None
    sentence: str
    alpha: float
    simulated: bool
    titles: Mapping[str, str]


def size_factors_note(choice: SizeFactorChoice, has_fractions: bool) -> str:
    """Say where size factors come from, as far as that is not DESeq2's way over all samples."""
    if choice.method == "column":
        return f"Size factors of the column '{choice.column}'."
    method = SIZE_FACTOR_METHODS[choice.method]
    by = (
        f" from {method.words}" if method.measured else f" by {method.words}" if method.name in ("tmm", "total") else ""
    )
    where = "within fractions" if has_fractions and choice.within_fraction else "over all samples"
    return f"Size factors{by} {where}."


def counts_of_contrast(normalised: pd.DataFrame, facts: Mapping[str, Any], libraries: pd.DataFrame) -> pd.DataFrame:
    """Divide counts by the size factors of a contrast, where they are not the study's.

    The study's are of each fraction; those of a contrast of fractions are found over them, and those about the mode of
    its fold changes are its own.

    Parameters
    ----------
    normalised
        Features x samples of the contrast, divided by the study's size factors.
    facts
        Of the contrast's fit.
    libraries
        `quality/samples.tsv`, with the study's size factors.
    """
    if not facts.get("size_factors_over_fractions") and "mode" not in facts["size_factor_methods"].values():
        return normalised
    of_study = libraries.set_index("sample")["size_factor"][normalised.columns]
    return normalised * of_study / pd.Series(facts["size_factors"])[normalised.columns]


def group_sizes(facts: Mapping[str, Any]) -> str:
    """Say how many samples each group of a fit has."""
    return ", ".join(f"{n} {group}" for group, n in facts["groups"].items())


def _columns(sheet: pd.DataFrame, *names: str | None) -> pd.DataFrame:
    """Take columns of a sheet, each once."""
    return sheet[list(dict.fromkeys(name for name in names if name))]
