"""The variants of a fit: the same question asked in other ways that would have been as reasonable."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from mircargo.model.filtering import adjust
from mircargo.model.normalisation.scale import scale_model
from mircargo.model.normalisation.size_factors import Method, assumed, size_factors
from mircargo.problems import listing
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.engines import ABOUT_MODE, VOOM, limma_voom
from mircargo.robustness.leave_out import blocks, units, without
from mircargo.robustness.sentences import MOST_IN_TURN

Kind = Literal["sample", "size_factors", "dominant", "scale", "filter", "preparation", "engine"]

METHODS: Final[dict[Method, str]] = {
    "ratio": "median of ratios",
    "poscounts": "poscounts",
    "tmm": "TMM",
    "total": "total counts",
}
BETWEEN: Final = "scale between typical and total"
BY_SPIKE_INS: Final = "scale by the spike-ins"
DOMINANT: Final = 0.2  # share of the reads of a library
TOTALS: Final = (10, 30, 100)
LEAST_READS: Final = 10


@dataclass(frozen=True)
class Variant:
    """Another way to ask.

    Attributes
    ----------
    name
        In words, as it stands in tables and sentences.
    kind
        What is changed: the samples, the size factors, dominant features in them, the scale, the filter, the error, or
        the engine.
    refit
        Gives a table with `feature log2FoldChange lfcSE padj`, perhaps `ci_low ci_high`; raises `ProblemsFound`
        where the variant is not possible.
    block
        The samples that are left out together only because there are too many to leave each out in turn.
    decisive
        Whether a call is robust only if this variant makes it by itself, by an adjusted p-value.
    """

    name: str
    kind: Kind
    refit: Callable[[], pd.DataFrame] = field(compare=False)
    block: tuple[str, ...] = ()
    decisive: bool = False


def variants(question: BaseFit, most_in_turn: int = MOST_IN_TURN) -> list[Variant]:
    """List the variants of a fit; the fit as configured is none of them.

    Parameters
    ----------
    question
        The fit as configured.
    most_in_turn
        With more samples than these, blocks of them are left out instead, of which each sample is in one.

    Returns
    -------
    list of Variant
        Each sample left out in turn (each pair, where one sample means nothing without the other); the other
        methods of size factors, total counts among them unless size factors come from controls, spike-ins or a
        column; dominant features (over 0.2 of a library's reads) left out of the size factors; where the typical
        feature and the total cannot both have stayed the same, scale anywhere between; other low-count filters; the
        error that libraries of a group share added to each fold change; the engines. A joint test of several levels
        has no scale, no shared error and no other engine, which know one fold change only.
    """
    return [
        *(_left_out(question) if len(question.design.matrix) <= most_in_turn else _blocks_left_out(question)),
        *_size_factor_methods(question),
        *_without_dominant(question),
        *_scale(question),
        *_filters(question),
        *([] if question.design.reduced is not None else [*_preparation(question), *_engines(question)]),
    ]


def _left_out(question: BaseFit) -> list[Variant]:
    return [
        Variant(unit_name(unit, question), "sample", partial(_refit_without, question, unit))
        for unit in units(question.design)
    ]


def _blocks_left_out(question: BaseFit) -> list[Variant]:
    every = blocks(question.design, question.groups)
    return [
        Variant(
            f"without block {number} of {len(every)} ({len(block):,} samples)", "sample",
            partial(_refit_without, question, block), block,
        )
        for number, block in enumerate(every, 1)
    ]  # fmt: skip


def _refit_without(question: BaseFit, unit: tuple[str, ...]) -> pd.DataFrame:
    return replace(question, design=without(question.design, unit, question.groups)).refit()


def unit_name(unit: tuple[str, ...], question: BaseFit) -> str:
    """Name samples that are left out together: by the column of the sheet that holds them together, if one does."""
    if len(unit) == 1:
        return f"without sample {unit[0]}"
    rows = question.sheet.loc[list(question.design.matrix.index)].drop(columns="column", errors="ignore")
    shared = [column for column in rows if rows[column].notna().all() and rows.loc[list(unit), column].nunique() == 1]
    exact = [column for column in shared if (rows[column] == rows.at[unit[0], column]).sum() == len(unit)]
    # The blocking first: another column may happen to say the same of these samples.
    for column in sorted(exact, key=lambda column: column not in question.design.formula):
        return f"without {column} {rows.at[unit[0], column]}"
    return f"without samples {listing(unit)}"


def _size_factor_methods(question: BaseFit) -> list[Variant]:
    def refit(method: Method) -> pd.DataFrame:
        return question.refit(size_factors(question.kept(), question.fraction, method=method))

    factors = question.size_factors()
    if not assumed(factors):  # Controls, spike-ins or a column say what all other methods would have to assume.
        return []
    used = set(factors.methods.values())
    # Where spike-ins are kept aside, they say whether the total is the same.
    asked = {method: name for method, name in METHODS.items() if method != "total" or not question.measured}
    return [Variant(name, "size_factors", partial(refit, method)) for method, name in asked.items() if used != {method}]


def _without_dominant(question: BaseFit) -> list[Variant]:
    kept = question.kept()
    share = (kept / kept.sum(axis=0)).max(axis=1)
    dominant = list(share[share > DOMINANT].sort_values(ascending=False, kind="stable").index)
    factors = question.size_factors()
    if not dominant or not assumed(factors):
        return []
    methods = set(factors.methods.values())
    method: Method = "auto" if len(methods) > 1 else next((known for known in METHODS if known in methods), "auto")

    def refit() -> pd.DataFrame:
        others = kept.index.difference(dominant, sort=False)
        return question.refit(size_factors(kept, question.fraction, method=method, features=others))

    names = listing(dominant, 3)
    return [Variant(f"size factors without {names}", "dominant", refit)]


def _scale(question: BaseFit) -> list[Variant]:
    """Ask what is left of a call by another scale.

    By what spike-ins say, where they are kept aside. Else, where the typical feature and the total part by more than
    their sampling error, if either stayed the same, or anything between (`model.scale`).
    """
    thresholds, scale = question.thresholds, question.scale()
    measured = "estimate" in question.measured
    if question.design.reduced is not None or not (measured or scale["depends"]):
        return []
    # Between the two assumptions, and no further: that neither may hold is said by the intervals under scale.
    between = thresholds.model_copy(update={"scale_log2_sd": 0.0})
    model = scale_model({"difference": 0.0} if measured else scale, question.measured, between)

    def refit() -> pd.DataFrame:
        table = question.refit()
        moved = table.assign(log2FoldChange=table["log2FoldChange"] + model["shift"])
        return with_preparation_error(moved, model["log2_sd"], thresholds.min_log2_fold_change)

    return [Variant(BY_SPIKE_INS if measured else BETWEEN, "scale", refit)]


def _filters(question: BaseFit) -> list[Variant]:
    n_samples = min(question.design.groups.values())

    def refit_by_samples() -> pd.DataFrame:
        enough = (question.own_counts >= LEAST_READS).sum(axis=1) >= n_samples
        factors = question.size_factors()
        unfiltered = replace(question, counts=question.counts[enough]).with_least(0)
        # Factors out of control features, spike-ins or a column do not hang on the filter.
        return unfiltered.refit(unfiltered.size_factors() if assumed(factors) else factors)

    totals = [
        Variant(f"at least {least} reads in total", "filter", question.with_least(least).refit)
        for least in TOTALS
        if least != question.thresholds.min_total_count
    ]
    return [*totals, Variant(f"at least {LEAST_READS} reads in {n_samples} samples", "filter", refit_by_samples)]


def _preparation(question: BaseFit) -> list[Variant]:
    if question.thresholds.preparation_log2_sd <= 0:
        return []
    sd = question.shared_error()

    def refit() -> pd.DataFrame:
        return with_preparation_error(question.refit(), sd, question.thresholds.min_log2_fold_change)

    return [Variant(f"a preparation error of {2 ** (sd * question.design.width) - 1:.0%}", "preparation", refit)]


def with_preparation_error(table: pd.DataFrame, log2_sd: float, null: float = 0.0) -> pd.DataFrame:
    """Test fold changes again that carry an error which is the same in all libraries of a group.

    Replicates of one pool agree better than two pools of the same mixture do: what differs between pools and not
    between libraries makes small changes significant that are none. It is taken as normal, and added to the error.

    Parameters
    ----------
    table
        `log2FoldChange` and `lfcSE` of each feature, missing where there is no estimate.
    log2_sd
        Standard deviation of that error.
    null
        Smallest absolute log2 fold change of interest.
    """
    errors = np.hypot(table["lfcSE"], log2_sd)
    beyond = (table["log2FoldChange"].abs() - null) / errors
    p_values = np.minimum(1.0, 2 * norm.sf(beyond))
    if "pvalue" in table:  # an outlier has none, and is given none here
        p_values = np.where(table["pvalue"].isna(), np.nan, p_values)
    return table.assign(lfcSE=errors, pvalue=p_values, padj=adjust(p_values))


def _engines(question: BaseFit) -> list[Variant]:
    return [
        Variant(VOOM, "engine", lambda: limma_voom(question.kept(), question.design, question.terms())),
        Variant(ABOUT_MODE, "engine", lambda: question.second_opinion().table, decisive=True),
    ]
