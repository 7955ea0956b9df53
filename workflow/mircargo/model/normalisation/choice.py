"""Size factors as configured: from all features, from controls or spike-ins, or from a column of the sample sheet."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.config import SizeFactorChoice
from mircargo.model.design.samples import unknown_columns
from mircargo.model.filtering import with_enough_reads
from mircargo.model.normalisation.size_factors import (
    FEWEST_FEATURES,
    Method,
    SizeFactors,
    fraction_groups,
    raise_if_empty,
    size_factors,
)
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing

USUAL = (0.1, 10.0)  # between these lies the geometric mean of size factors that somebody calls so


@dataclass(frozen=True, eq=False)
class Normalisation:
    """How a study's size factors are found, with all that this takes beside its counts."""

    sheet: pd.DataFrame  # samples x columns, as `read_sheet` gives them
    choice: SizeFactorChoice = field(default_factory=SizeFactorChoice)  # the method, and what it needs
    fraction: str = "fraction"  # column of the sheet with the fraction, where it has one
    # Spike-ins x at least the samples that are compared; missing where a table has no row of a spike-in.
    spike_ins: pd.DataFrame | None = None

    @property
    def fractions(self) -> pd.Series | None:
        """The fraction of each sample, where size factors are found within each."""
        return self.sheet.get(self.fraction) if self.choice.within_fraction else None

    def by(self, method: Method | Literal["spike_ins"]) -> "Normalisation":
        """Return the same by another method."""
        return replace(self, choice=self.choice.model_copy(update={"method": method}))

    def between(self, groups: pd.Series) -> "Normalisation":
        """Return how size factors are found for a contrast: over all its samples where it compares fractions.

        Found within each fraction, they would leave the difference in depth between two fractions in the fold changes.

        Parameters
        ----------
        groups
            The group of each sample of the contrast.
        """
        fractions = self.fractions
        if fractions is None or self.choice.method == "column":
            return self
        own = fractions.reindex(groups.index)
        sets = [set(own[(groups == group).to_numpy()].dropna()) for group in groups.unique()]
        apart = len(sets) > 1 and all(sets) and len(set().union(*sets)) == sum(map(len, sets))
        return replace(self, choice=self.choice.model_copy(update={"within_fraction": False})) if apart else self


def chosen_size_factors(
    counts: pd.DataFrame, how: Normalisation, min_total_count: int = 0, where: str = "size_factors"
) -> SizeFactors:
    """Find the size factors of samples as the study has it.

    Parameters
    ----------
    counts
        Features x samples, integers; only the samples that are compared.
    min_total_count
        Features with fewer reads over these samples take no part. Control features and spike-ins always do.
    where
        The key in the configuration, for messages.

    Raises
    ------
    ProblemsFound
        Where a sample has no reads, or the method cannot be used: each reason, with the features or samples.
    """
    kept = with_enough_reads(counts, min_total_count)
    kept = counts if kept.empty else kept
    raise_if_empty(kept)
    problems = choice_problems(counts, how, where)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ProblemsFound(errors)
    choice, groups = how.choice, how.fractions
    if choice.method == "column":
        values = pd.to_numeric(how.sheet[str(choice.column)].reindex(counts.columns)).astype(float)
        return SizeFactors(values, {"all": "column"}, {"all": 0})
    if choice.method == "control_features" or choice.method == "spike_ins":
        controls = _controls(counts, how).fillna(0).astype("int64")
        found = size_factors(controls, groups, method="ratio", features=list(controls.index))
        # Spike-ins are no features of the counts: nothing of what is fitted is divided out with them.
        rests_on = found.rests_on if choice.method == "control_features" else ()
        return replace(found, methods=dict.fromkeys(found.methods, choice.method), rests_on=rests_on)
    # Fold changes have a mode, and size factors about it, in a contrast only: see `mode.contrast_size_factors`.
    method = "auto" if choice.method == "mode" else choice.method
    try:
        return size_factors(kept, groups, method=method)
    except ProblemsFound as error:
        raise ProblemsFound(replace(each, where=f"{where}, {each.where}") for each in error.problems) from None


def choice_problems(counts: pd.DataFrame, how: Normalisation, where: str = "size_factors") -> list[Problem]:
    """List why a column, control features or spike-ins cannot give size factors, and what to be wary of.

    Errors where they cannot; warnings where some of the controls cannot be used, or few are left. Parameters as of
    `chosen_size_factors`.
    """
    choice = how.choice
    if choice.method == "column":
        return _column_problems(counts.columns, str(choice.column), how.sheet, where)
    if choice.method == "control_features":
        where, what = f"{where}.features", "no feature of the counts has this name"
        unknown = [name for name in choice.features if name not in counts.index]
        if unknown:
            hints = {name: _alike(name, counts.index) for name in unknown}
            return [Problem("no_such_feature", what, where, f"'{name}'", hint) for name, hint in hints.items()]
    elif choice.method != "spike_ins":
        return []
    controls = _controls(counts, how)
    word = "spike-in" if choice.method == "spike_ins" else "control feature"
    if controls.empty:
        hint = "name them under `spike_ins`, as they stand in the count tables"
        return [Problem("no_spike_ins", "size factors are to rest on spike-ins, and there are none", where, "", hint)]
    groups = fraction_groups(counts, how.fractions)
    problems = []
    for name in groups.unique():
        place = where if groups.nunique() == 1 else f"{where}, fraction '{name}'"
        problems += _control_problems(controls.loc[:, (groups == name).to_numpy()], word, place)
    return problems


def _alike(name: str, known: pd.Index) -> str:
    longer = [feature for feature in known if name.lower() in feature.lower()]
    near = f"there is {listing(longer, 4)};" if longer else did_you_mean(name, known)
    return f"{near} names are those of counts/features.tsv".strip()


def _controls(counts: pd.DataFrame, how: Normalisation) -> pd.DataFrame:
    """Return the rows that the size factors rest on; of spike-ins, missing where a table has no row."""
    if how.choice.method == "control_features":
        return counts[counts.index.isin(how.choice.features)]
    if how.spike_ins is None or how.spike_ins.empty:
        return counts.iloc[:0]
    return how.spike_ins[list(counts.columns)]


def _control_problems(controls: pd.DataFrame, word: str, where: str) -> list[Problem]:
    usable = (controls.fillna(0) > 0).all(axis=1)
    found = listing([f"{feature} has {_lacks(row)}" for feature, row in controls[~usable].iterrows()], 5)
    if not usable.any():
        what = f"no {word} has reads in every sample, so size factors cannot rest on them"
        hint = f"name a {word} that has reads in every sample, take such samples out, or choose another `method`"
        return [Problem("no_usable_controls", what, where, found, hint)]
    problems = []
    if not usable.all():
        what = f"a {word} without reads in some sample cannot be used; size factors rest on the others"
        hint = f"{usable.sum()} of {len(usable)} are used"
        problems.append(Problem("controls_without_reads", what, where, found, hint, "warning"))
    if usable.sum() < FEWEST_FEATURES:
        what = f"size factors rest on fewer than {FEWEST_FEATURES} {word}s, so what disturbs one disturbs every result"
        hint = "name more of them, if there are more"
        problems.append(Problem("few_controls", what, where, listing(controls.index[usable]), hint, "warning"))
    return problems


def _lacks(row: pd.Series) -> str:
    parts = [("no row in the table of", row.isna()), ("no reads in", row.fillna(-1) == 0)]
    return " and ".join(
        f"{words} {'any sample' if mask.all() else listing(row.index[mask], 4)}" for words, mask in parts if mask.any()
    )


def _column_problems(samples: pd.Index, column: str, sheet: pd.DataFrame, where: str) -> list[Problem]:
    where = f"{where}.column"
    problems = unknown_columns(sheet, [column], where)
    if problems:
        return problems
    cells = sheet[column].reindex(samples)
    values = pd.to_numeric(cells, errors="coerce").astype(float)
    missing = cells.isna()
    wrong = ~missing & ~(np.isfinite(values) & (values > 0))
    place = f"{where}, sample sheet, column '{column}'"
    hint = "a size factor is a number above 0, with a point before its decimals; one for each sample"
    for mask, code, what in (
        (missing, "sample_without_size_factor", "a sample without a size factor"),
        (wrong, "not_a_size_factor", "not a size factor"),
    ):
        if mask.any():
            bad = tuple(samples[mask])
            found = listing(sample if mask is missing else f"{sample}: '{cells[sample]}'" for sample in bad)
            problems.append(Problem(code, what, place, found, hint, samples=bad))
    if problems:
        return problems
    middle = float(np.exp(np.log(values).mean()))
    if USUAL[0] <= middle <= USUAL[1]:
        return []
    what = "size factors far from 1: dispersions are sought on the scale of normalised counts, and calls change with it"
    hint = "divide them by their geometric mean"
    return [Problem("size_factors_far_from_one", what, where, f"a geometric mean of {middle:.3g}", hint, "warning")]
