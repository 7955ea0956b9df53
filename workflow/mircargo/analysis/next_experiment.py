"""The next experiment of a study: every contrast and comparison, with the target and its co-cargo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mircargo.analysis.data import StudyData
from mircargo.analysis.question import Question
from mircargo.analysis.release_question import ReleaseQuestion
from mircargo.cargo.target_call import call_feature
from mircargo.config import Comparison, Contrast, NextExperiment, Thresholds
from mircargo.model.design.samples import contrast_samples
from mircargo.model.engines.deseq2 import Fit, fit
from mircargo.recipient.basis import Basis, basis_of_contrast, basis_of_release
from mircargo.recipient.next_experiment import (
    DEEPER,
    animals_to_settle,
    columns_of_power,
    needed_table,
    power_table,
    settling_sentence,
)  # fmt: skip
from mircargo.results.contract import NEXT_EXPERIMENT, NEXT_EXPERIMENT_OPEN, NEXT_EXPERIMENT_POWER


@dataclass(eq=False)
class Plan:
    """The experiments that a study plans, and what is found of them."""

    data: StudyData
    contrasts: Mapping[str, Contrast]
    comparisons: Mapping[str, Comparison]
    thresholds: Thresholds
    experiments: NextExperiment
    _needed: list[pd.DataFrame] = field(default_factory=list)
    _powers: list[pd.DataFrame] = field(default_factory=list)
    _open: list[dict[str, Any]] = field(default_factory=list)

    def add_contrast(
        self,
        name: str,
        fitted: Fit,
        stressed: tuple[Mapping[str, Any], pd.DataFrame],
        target: str | None,
        candidates: Sequence[str],
        panel: Sequence[str],
    ) -> None:
        """Add a contrast.

        Parameters
        ----------
        fitted
            `differential/{contrast}.tsv` and its facts.
        stressed
            `robustness/{contrast}.json` and its `.variants.tsv`.
        candidates
            Co-cargo with a tier.
        panel
            Features of which something is expected, to be settled where they are inconclusive.
        """
        asked = self.contrasts[name]
        named = list(dict.fromkeys(each for each in [target, *candidates] if isinstance(each, str)))
        if asked.per_unit or asked.reduced is not None:
            what = "a slope" if asked.per_unit else "a joint test"
            self._add_open(name, target, f"The power of {what} is not worked out: animals per group are of two groups.")
            return
        base = Question(self.data, name, asked, self.thresholds).base
        basis = basis_of_contrast(base, fitted, *stressed)
        self._add_powers(basis, name, [each for each in named if each in basis.known.index], release=False)
        rows = fitted.results.set_index("feature")
        for feature in dict.fromkeys([*named, *panel]):
            if feature not in basis.known.index:
                self._add_open(name, feature, f"{feature} was not fitted here, so this study does not tell its power.")
            elif call_feature(rows.loc[feature], self.thresholds).call == "inconclusive":
                self._settle(basis, name, feature)

    def add_release(self, name: str, release: pd.DataFrame, target: str | None, candidates: Sequence[str]) -> None:
        """Add a comparison; `release` is `cargo/release/{comparison}.tsv`."""
        comparison = self.comparisons[name]
        exosome, source = self.contrasts[comparison.exosome], self.contrasts[comparison.source]
        base = ReleaseQuestion(self.data, name, comparison, exosome, source, self.thresholds).base
        fitted = fit(base.own_counts, base.design, self.thresholds, factors=base.size_factors(), details=True)
        outside = contrast_samples(self.data.sheet, exosome, f"comparison '{name}'").index
        basis = basis_of_release(base, fitted, release, base.design.matrix.index.isin(outside))
        named = dict.fromkeys(each for each in [target, *candidates] if isinstance(each, str))
        self._add_powers(basis, name, [each for each in named if each in basis.known.index], release=True)

    def _add_powers(self, basis: Basis, name: str, features: list[str], release: bool) -> None:
        if features:
            powers = power_table(basis, features, self.experiments, release)
            self._powers.append(columns_of_power(powers, name))
            self._needed.append(columns_of_power(needed_table(basis, powers, self.experiments, release), name))

    def _settle(self, basis: Basis, name: str, feature: str) -> None:
        margin = self.thresholds.equivalence_log2_fold_change
        found = tuple(animals_to_settle(basis, feature, self.experiments, margin, depth) for depth in (1.0, DEEPER))
        sentence = settling_sentence(feature, basis, self.experiments, margin, (found[0], found[1]))
        self._add_open(name, feature, sentence, basis.layout.animals, found)

    def _add_open(
        self,
        name: str,
        feature: str | None,
        sentence: str,
        now: float | None = None,
        found: Sequence[int | None] = (None, None),
    ) -> None:
        values = (name, feature, now, *found, sentence)
        self._open.append(dict(zip(NEXT_EXPERIMENT_OPEN.columns, values, strict=True)))

    def needed(self) -> pd.DataFrame:
        """Return the table of `cargo/next_experiment.tsv`."""
        return _together(self._needed, list(NEXT_EXPERIMENT.columns))

    def powers(self) -> pd.DataFrame:
        """Return the table of `cargo/next_experiment.power.tsv`."""
        return _together(self._powers, list(NEXT_EXPERIMENT_POWER.columns))

    def inconclusive(self) -> pd.DataFrame:
        """Return the table of `cargo/next_experiment.inconclusive.tsv`."""
        return pd.DataFrame(self._open, columns=list(NEXT_EXPERIMENT_OPEN.columns)).astype(
            {"animals_to_settle": "Int64", "animals_to_settle_deeper": "Int64"}
        )


def _together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({"animals_needed": "Int64"}) if "animals_needed" in columns else table
