"""The stress test: every variant is fitted, and of each feature it is asked whether its call survives."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from mircargo.model.differential_table import confidence_interval
from mircargo.problems import ProblemsFound
from mircargo.results.contract import STRESS_VARIANTS
from mircargo.robustness.sentences import BASE, CALLS, DOWN, NO_CALL, NOT_TESTED, UP
from mircargo.robustness.variants import Variant


@dataclass(frozen=True)
class Runs:
    """What the variants gave, each array variants x features, in the features' order of the base.

    Attributes
    ----------
    features
        Names.
    names, kinds
        Of the variants that were possible; the base is the first.
    log2_fold_change, low, high, padj
        Missing where a variant did not fit a feature, or its engine gives no such number.
    calls
        Codes of `words.CALLS`.
    not_possible
        `name kind why` of each other variant.
    decisive
        Of each variant, whether a call is robust only if it makes it by itself; and whether one of those was not
        possible, under `undecided`.
    blocks
        Of the variants that leave out a block of samples, because there are too many to leave out each in turn: name
        and samples.
    """

    features: list[str]
    names: list[str]
    kinds: list[str]
    log2_fold_change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    padj: np.ndarray
    calls: np.ndarray
    not_possible: list[dict[str, str]]
    decisive: tuple[bool, ...] = ()
    undecided: bool = False
    blocks: dict[str, list[str]] = field(default_factory=dict)


def run(base: pd.DataFrame, variants: Sequence[Variant], alpha: float, joint: bool = False, null: float = 0.0) -> Runs:
    """Fit every variant.

    A variant calls up or down where its padj is below alpha. It also keeps a call of the fit as configured where its
    own interval lies beyond 0 (or beyond `null`) on the same side: an adjusted p-value hangs on all other features and
    on the number of samples, which variants change, and a variant is asked whether it contradicts. The decisive
    variants, and those of a joint test, keep none that they do not make.

    Parameters
    ----------
    base
        The table of the fit as configured, `feature log2FoldChange lfcSE padj`.
    variants
        What to fit as well.
    alpha
        A call is made where padj is below this; intervals cover 1 - alpha.
    joint
        Whether padj is of a joint test of several levels: it takes the interval as well to say that two of them differ.
    null
        Smallest absolute log2 fold change of interest.
    """
    features = pd.Index(base["feature"])
    tables, ran, not_possible = [_numbers(base, features, alpha)], [], []
    for variant in variants:
        try:
            tables.append(_numbers(variant.refit(), features, alpha))
        except ProblemsFound as error:
            why = "; ".join(f"{each.what}: {each.found}" if each.found else each.what for each in error.problems)
            not_possible.append({"name": variant.name, "kind": variant.kind, "why": why})
        else:
            ran.append(variant)
    stacked = np.stack(tables, axis=1)
    decisive = [False, *(variant.decisive for variant in ran)]
    calls = _calls(stacked, alpha, joint)
    if not joint:
        calls = _with_kept(calls, stacked, np.array(decisive), null)
    return Runs(
        features=list(map(str, features)),
        names=[BASE, *(variant.name for variant in ran)],
        kinds=["base", *(variant.kind for variant in ran)],
        log2_fold_change=stacked[0],
        low=stacked[1],
        high=stacked[2],
        padj=stacked[3],
        calls=calls,
        not_possible=not_possible,
        decisive=tuple(decisive),
        undecided=any(variant.decisive for variant in variants) and not any(decisive),
        blocks={variant.name: list(variant.block) for variant in variants if variant.block},
    )


def _numbers(table: pd.DataFrame, features: pd.Index, alpha: float) -> np.ndarray:
    """Return fold change, interval and padj, 4 x features; missing where the table has no such feature."""
    numbers = np.full((4, len(features)), np.nan)
    places = features.get_indexer(table["feature"])
    folds = table["log2FoldChange"].to_numpy(dtype=float)
    if "ci_low" in table:
        ends = [table[end].to_numpy(dtype=float) for end in ("ci_low", "ci_high")]
    else:
        ends = list(confidence_interval(folds, table["lfcSE"].to_numpy(dtype=float), alpha))
    known = places >= 0
    numbers[:, places[known]] = np.stack([folds, *ends, table["padj"].to_numpy(dtype=float)])[:, known]
    return numbers


def _calls(numbers: np.ndarray, alpha: float, joint: bool) -> np.ndarray:
    """Return the codes of the calls; `numbers` are fold changes, both ends of their intervals, and padj."""
    change, low, high, padj = numbers
    shown = (padj < alpha) & ((low > 0) | (high < 0) | (not joint))
    return np.select([np.isnan(padj), shown & (change > 0), shown], [NOT_TESTED, UP, DOWN], NO_CALL)


def _with_kept(calls: np.ndarray, numbers: np.ndarray, decisive: np.ndarray, null: float) -> np.ndarray:
    """Give the call as configured to variants that make none, but whose interval lies on its side."""
    _, low, high, _ = numbers
    base = calls[0]
    keeps = ((base == UP) & (low > null)) | ((base == DOWN) & (high < -null))
    return np.where((calls == NO_CALL) & keeps & ~decisive[:, None], base, calls)


def tidy(runs: Runs) -> pd.DataFrame:
    """List every variant of every feature that at least one of them fitted, the base first."""
    fitted = np.flatnonzero(~np.isnan(runs.log2_fold_change).all(axis=0))
    n_variants = len(runs.names)
    words = np.array([CALLS[code] for code in range(len(CALLS))], dtype=object)
    columns = {
        "feature": np.repeat(np.array(runs.features, dtype=object)[fitted], n_variants),
        "variant": np.tile(np.array(runs.names, dtype=object), len(fitted)),
        "kind": np.tile(np.array(runs.kinds, dtype=object), len(fitted)),
        "log2FoldChange": runs.log2_fold_change[:, fitted].T.ravel(),
        "ci_low": runs.low[:, fitted].T.ravel(),
        "ci_high": runs.high[:, fitted].T.ravel(),
        "padj": runs.padj[:, fitted].T.ravel(),
        "call": words[runs.calls[:, fitted].T.ravel()],
    }
    return pd.DataFrame(columns, columns=list(STRESS_VARIANTS.columns))


FEW: Final = "a group has fewer than three samples, none of which can be left out"
NOT_ASKED: Final = "limma-voom about the mode, which decides, was not possible"


def facts(runs: Runs, not_robust: Sequence[str] = (), few: bool = False) -> dict[str, Any]:
    """Say how many calls there are and hold in all variants, what each variant calls, and which were not possible.

    A variant that does not test a feature does not break its call.

    Where blocks of samples were left out, `blocks` says which sample was in which. `not_robust` holds the reasons for
    which no call is robust although its variants agree, where there are any, and `undecided` why none is said to be.
    """
    undecided = [reason for reason, so in ((FEW, few), (NOT_ASKED, runs.undecided)) if so]
    base = runs.calls[0]
    called = (base == UP) | (base == DOWN)
    return {
        "n_calls": int(called.sum()),
        "n_calls_in_all": int((called & ((runs.calls == base) | (runs.calls == NOT_TESTED)).all(axis=0)).sum()),
        "variants": [
            {
                "name": name,
                "kind": kind,
                "n_calls": int(((calls == UP) | (calls == DOWN)).sum()),
                "n_calls_kept": int((called & (calls == base)).sum()),
            }
            for name, kind, calls in zip(runs.names[1:], runs.kinds[1:], runs.calls[1:], strict=True)
        ],
        "not_possible": runs.not_possible,
        **({"blocks": runs.blocks} if runs.blocks else {}),
        **({"not_robust": list(not_robust)} if not_robust else {}),
        **({"undecided": undecided} if undecided else {}),
    }
