"""Size factors: how deep each library is compared with the others of its fraction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.model.normalisation.tmm import tmm_size_factors
from mircargo.problems import ProblemsFound, listing, refusal

FEWEST_FEATURES = 3  # features; on fewer of them size factors show what one of them does
Method = Literal["auto", "ratio", "poscounts", "tmm", "total"]


@dataclass(frozen=True)
class SizeFactors:
    """Size factors of samples."""

    values: pd.Series  # one factor per sample; counts divided by it are comparable within a fraction
    # For each fraction: `ratio`, `poscounts`, `tmm` or `total`; or, from `chosen_size_factors`, `control_features`,
    # `spike_ins` or `column`; or `mode`, from `mode_size_factors`. Where fractions are not told apart, their name is
    # `all`.
    methods: dict[str, str]
    n_features: dict[str, int]  # for each fraction: on how many features they rest
    # The features by name, where somebody named them, or where a median of ratios is of fewer than `FEWEST_FEATURES`:
    # what they do is divided out, wholly or in part.
    rests_on: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        """Whether those that they rest on by name are fewer than `FEWEST_FEATURES` in some fraction."""
        return bool(self.rests_on) and min(self.n_features.values()) < FEWEST_FEATURES

    def normalise(self, counts: pd.DataFrame) -> pd.DataFrame:
        """Divide counts (features x samples) by the size factors of their samples.

        The table is in one piece. pandas would divide column by column, and take minutes to write thousands of them.
        """
        values = counts.to_numpy(dtype=float) / self.values[counts.columns].to_numpy()
        return pd.DataFrame(values, counts.index, counts.columns)


def size_factors(
    counts: pd.DataFrame,
    fraction: pd.Series | None = None,
    *,
    method: Method = "auto",
    features: Collection[str] | None = None,
) -> SizeFactors:
    """Find size factors within each fraction.

    Parameters
    ----------
    counts
        Features x samples, integers.
    fraction
        The fraction of each sample; None where there is only one.
    method
        `ratio`: median of ratios to the geometric mean (Anders and Huber 2010, Genome Biol 11:R106) over the
        features that have reads in every sample. `poscounts`: DESeq2's geometric mean of the positive counts, with
        zeros as 1 in the mean. `tmm`: trimmed mean of M-values (Robinson and Oshlack 2010, Genome Biol 11:R25).
        `total`: the column sums over their geometric mean, which take the total and not the typical feature as
        unchanged. `auto`: ratio, or poscounts where every feature has a zero.
    features
        The features that they rest on; None takes all.

    Raises
    ------
    ProblemsFound
        Where a sample has no reads, or the method cannot be used.
    """
    raise_if_empty(counts)
    if features is not None:
        counts = _restricted(counts, features)
    groups = fraction_groups(counts, fraction)
    parts, methods, used, problems = [], {}, {}, []
    rests_on: dict[str, None] = {}
    for name in groups.unique():
        part = counts.loc[:, (groups == name).to_numpy()]
        try:
            values = part.to_numpy(dtype=float)
            fallback = "ratio" if (values > 0).all(axis=1).any() else "poscounts"
            methods[name] = fallback if method == "auto" else method
            factors, used[name] = _ESTIMATES[methods[name]](values)
        except ProblemsFound as error:
            where = f"fraction '{name}'" if fraction is not None else f"{part.shape[1]} samples"
            problems += [replace(each, where=where) for each in error.problems]
        else:
            parts.append(pd.Series(factors, index=part.columns))
            if methods[name] == "ratio" and (features is not None or used[name] < FEWEST_FEATURES):
                rests_on |= dict.fromkeys(map(str, part.index[(part > 0).all(axis=1)]))
    if problems:
        raise ProblemsFound(problems)
    return SizeFactors(pd.concat(parts).reindex(counts.columns), methods, used, tuple(rests_on))


def assumed(factors: SizeFactors) -> bool:
    """Whether size factors rest on the features that are fitted, and so on what these are assumed to do."""
    return set(factors.methods.values()) <= {*_ESTIMATES, "mode"}


def raise_if_empty(counts: pd.DataFrame) -> None:
    """Refuse samples without any read, by name."""
    empty = counts.columns[counts.sum(axis=0) == 0]
    if len(empty):
        what, hint = "a sample without any read cannot be normalised", "take it out of the sample sheet"
        raise refusal("no_reads", what, f"sample {listing(empty)}", "0 reads", hint, samples=tuple(empty))


def fraction_groups(counts: pd.DataFrame, fraction: pd.Series | None) -> pd.Series:
    """Return the name of each sample's fraction: `all` where there is only one, `none` where it is not known."""
    if fraction is None:
        return pd.Series("all", index=counts.columns)
    return fraction.reindex(counts.columns).fillna("none")


def _restricted(counts: pd.DataFrame, features: Collection[str]) -> pd.DataFrame:
    unknown = [feature for feature in features if feature not in counts.index]
    if unknown:
        what = "size factors are to rest on features that are not in the counts"
        raise refusal("no_such_feature", what, "", listing(unknown), "name them as counts/features.tsv does")
    part = counts[counts.index.isin(list(features))]
    empty = part.columns[part.sum(axis=0) == 0]
    if len(empty):
        what = f"none of the {len(part)} features that size factors are to rest on has reads in this sample"
        where, found, hint = f"sample {listing(empty)}", listing(part.index), "name other features"
        raise refusal("no_reads_of_controls", what, where, found, hint, samples=tuple(empty))
    return part


def _ratio(values: np.ndarray) -> tuple[np.ndarray, int]:
    complete = (values > 0).all(axis=1)
    if not complete.any():
        what = "the median of ratios needs a feature with reads in every sample, and there is none"
        hint = "take `method: poscounts`, which does without, or `auto`, which then takes it"
        raise refusal("no_feature_in_all_samples", what, "", f"each of the {len(values):,} features has a zero", hint)
    log_values = _logs(values)
    ratios = log_values[complete] - log_values.mean(axis=1)[complete, None]
    return np.exp(np.median(np.ascontiguousarray(ratios.T), axis=1)), int(complete.sum())


def _poscounts(values: np.ndarray) -> tuple[np.ndarray, int]:
    present = values[(values > 0).any(axis=1)]
    ratios = np.where(present > 0, _logs(present) - _logs(present).mean(axis=1)[:, None], np.nan)
    log_factors = np.nanmedian(ratios, axis=0)
    return np.exp(log_factors - log_factors.mean()), len(present)


def _tmm(values: np.ndarray) -> tuple[np.ndarray, int]:
    return tmm_size_factors(values), int((values > 0).any(axis=1).sum())


def _total(values: np.ndarray) -> tuple[np.ndarray, int]:
    log_totals = np.log(values.sum(axis=0))
    return np.exp(log_totals - log_totals.mean()), int((values > 0).any(axis=1).sum())


def _logs(values: np.ndarray) -> np.ndarray:
    """Return logarithms, 0 where there is no read."""
    return np.log(np.where(values > 0, values, 1.0))


_ESTIMATES: dict[str, Callable[[np.ndarray], tuple[np.ndarray, int]]] = {
    "ratio": _ratio,
    "poscounts": _poscounts,
    "tmm": _tmm,
    "total": _total,
}
