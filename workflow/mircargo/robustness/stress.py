"""The stress test: every variant is fitted, and the calls of each feature are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from mircargo.model.differential_table import confidence_interval
from mircargo.parallel import in_order
from mircargo.problems import ProblemsFound
from mircargo.results.contract import STRESS_VARIANTS
from mircargo.robustness.kind import Variant
from mircargo.robustness.sentences import BASE, CALLS, DOWN, NO_CALL, NOT_TESTED, UP

TOO_FEW: Final = "a group has fewer than three samples, none of which can be left out"


@dataclass(frozen=True)
class Runs:
    """Results of the variants; arrays are variants x features, features in the order of the base."""

    features: list[str]
    variants: Sequence[Variant]  # all variants, including those that were not possible
    why_not: list[str | None]  # why a variant was not possible, one entry per variant; None where it was
    # First the fit as configured, then each variant that was possible. Missing where a variant did not fit a feature,
    # or its engine gives no such number.
    log2_fold_change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    padj: np.ndarray
    calls: np.ndarray  # codes of `sentences.CALLS`, rows as above

    @property
    def possible(self) -> list[Variant]:
        """The variants that were possible, in the order of the arrays' rows but the first."""
        return [variant for variant, why in zip(self.variants, self.why_not, strict=True) if why is None]

    @property
    def names(self) -> list[str]:
        """Names of the arrays' rows."""
        return [BASE, *(variant.name for variant in self.possible)]

    @property
    def kinds(self) -> list[str]:
        """Kinds of the arrays' rows."""
        return ["base", *(variant.kind for variant in self.possible)]

    @property
    def undecided_without(self) -> list[str]:
        """Names of the decisive variants where none of them was possible; else empty."""
        decisive = [variant.name for variant in self.variants if variant.decisive]
        return [] if any(variant.decisive for variant in self.possible) else decisive


def run(
    base: pd.DataFrame,
    variants: Sequence[Variant],
    alpha: float,
    joint: bool = False,
    null: float = 0.0,
    threads: int = 1,
) -> Runs:
    """Fit every variant.

    A variant calls up or down where its padj is below alpha. It also keeps a call of the fit as configured where its
    own interval lies beyond 0 (or beyond `null`) on the same side: padj depends on all other features and on the number
    of samples, which variants change, and the question is whether a variant contradicts the call. Decisive variants and
    those of a joint test keep no call that they do not make.

    Parameters
    ----------
    base
        The table of the fit as configured, `feature log2FoldChange lfcSE padj`.
    joint
        Whether padj is of a joint test of several levels: then a call needs the interval as well, as padj does not say
        which levels differ.
    null
        Smallest absolute log2 fold change of interest.
    threads
        How many processes share the work. The result does not depend on it.
    """
    features = pd.Index(base["feature"])
    tried = _try(variants, features, alpha, threads)
    why_not = [each if isinstance(each, str) else None for each in tried]
    tables = [_numbers(base, features, alpha), *(each for each in tried if not isinstance(each, str))]
    change, low, high, padj = np.stack(tables, axis=1)
    shown = (padj < alpha) & ((low > 0) | (high < 0) | (not joint))
    calls = np.select([np.isnan(padj), shown & (change > 0), shown], [NOT_TESTED, UP, DOWN], NO_CALL)
    if not joint:
        # A variant without a call keeps that of the fit as configured where its interval lies on the same side.
        decisive = [variant.decisive for variant, why in zip(variants, why_not, strict=True) if why is None]
        keeps = ((calls[0] == UP) & (low > null)) | ((calls[0] == DOWN) & (high < -null))
        calls = np.where((calls == NO_CALL) & keeps & ~np.array([False, *decisive])[:, None], calls[0], calls)
    return Runs(list(map(str, features)), variants, why_not, change, low, high, padj, calls)


def _try(variants: Sequence[Variant], features: pd.Index, alpha: float, threads: int) -> list[np.ndarray | str]:
    """Return of each variant its numbers, as of `_numbers`, or why it was not possible."""

    def refit(numbers: Sequence[int]) -> list[np.ndarray | str]:
        return [_refit(variants[number], features, alpha) for number in numbers]

    alone = [[number] for number, variant in enumerate(variants) if not variant.on_base]
    on_base = [number for number, variant in enumerate(variants) if variant.on_base]
    parts = [on_base, *alone]  # the longest first
    found: dict[int, np.ndarray | str] = {}
    for part, results in zip(parts, in_order([partial(refit, part) for part in parts], threads), strict=True):
        found.update(zip(part, results, strict=True))
    return [found[number] for number in range(len(variants))]


def _refit(variant: Variant, features: pd.Index, alpha: float) -> np.ndarray | str:
    try:
        return _numbers(variant.refit(), features, alpha)
    except ProblemsFound as error:
        return "; ".join(": ".join(filter(None, [each.what, each.found])) for each in error.problems)


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


def facts(runs: Runs, not_robust: Sequence[str] = (), few: bool = False) -> dict[str, Any]:
    """Count the calls, those that hold in all variants, and those of each variant; list what was not possible.

    A variant that does not test a feature does not break its call. `not_robust` and `few` are reasons from outside the
    variants: why no call is robust although its variants agree, and that a group has fewer than three samples.

    Returns
    -------
    dict
        `n_calls`, `n_calls_in_all`, `variants` and `not_possible`; and only where there are any, `blocks` (the samples
        of each block that was left out), `not_robust` (reasons), and `undecided` (why no call is said to be robust).
    """
    undecided = [TOO_FEW] if few else []
    undecided += [f"{name}, which decides, was not possible" for name in runs.undecided_without]
    blocks = {variant.name: list(variant.samples) for variant in runs.variants if variant.block}
    reasons = {"blocks": blocks, "not_robust": list(not_robust), "undecided": undecided}
    base = runs.calls[0]
    called = (base == UP) | (base == DOWN)
    return {
        "n_calls": int(called.sum()),
        "n_calls_in_all": int((called & ((runs.calls == base) | (runs.calls == NOT_TESTED)).all(axis=0)).sum()),
        "variants": [
            {
                "name": variant.name,
                "kind": variant.kind,
                "n_calls": int(((calls == UP) | (calls == DOWN)).sum()),
                "n_calls_kept": int((called & (calls == base)).sum()),
            }
            for variant, calls in zip(runs.possible, runs.calls[1:], strict=True)
        ],
        "not_possible": [
            {"name": variant.name, "kind": variant.kind, "why": why}
            for variant, why in zip(runs.variants, runs.why_not, strict=True)
            if why is not None
        ],
        **{name: values for name, values in reasons.items() if values},
    }
