"""Do the targets of a miRNA change otherwise than genes that are like them? Tested for each family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from mircargo.recipient.comparison import Comparison
from mircargo.recipient.error import CORRELATION, Error, error_between_samples, variance_between_families
from mircargo.vocabulary import DOWN, NO_CALL, NOT_TESTED, UP

# More families than this are not taken to act at once.
_MOST_ACTING: Final = 10
_POWER: Final = 0.8


@dataclass(frozen=True, eq=False)
class Tested:
    """What `family_shifts` found.

    Attributes
    ----------
    table
        A row per family of the sites, as of `family_shifts`.
    effects
        By position of each family that is called: what it explains of the change of each gene.
    added
        By position of each tested family: the variance of its shift beyond the scatter of its genes, and the degrees of
        freedom of all.
    """

    compared: Comparison
    table: pd.DataFrame
    effects: Mapping[int, np.ndarray]
    added: Mapping[int, tuple[float, float]]

    def left(self, family: int) -> np.ndarray:
        """Return the change of each gene less what other families explain."""
        others = (effect for each, effect in self.effects.items() if each != family)
        return np.asarray(self.compared.response.change - sum(others, np.zeros(len(self.compared.response.change))))


def family_shifts(compared: Comparison, alpha: float = 0.05) -> Tested:
    """Test for each family whether its targets change otherwise than the genes matched to them.

    A competitive test. Its error has three parts: the scatter of the genes; what the correlation between genes adds
    from sample to sample (`error_between_samples`); and what families that do nothing differ by
    (`variance_between_families`). Families that are called are taken one by one, the surest first, and what they
    explain is taken from all genes before the others are tested again: their targets are among the others' genes.

    Parameters
    ----------
    compared
        Genes, sites and matches.
    alpha
        FDR over the families, and 1 - alpha the coverage of the intervals.

    Returns
    -------
    Tested
        With a table of a row per family: `family n_targets n_controls shift shift_se ci_low ci_high stat df pvalue
        padj call detectable`. Log2 throughout; `detectable` is the shift that is found with 80% power at p < alpha.
        What cannot be tested (fewer than 10 targets, or genes without a site) has the call `not tested`.
    """
    families = list(compared.matched)
    error = error_between_samples(compared)
    acting: list[int] = []
    found = _test(compared, error, acting, alpha)
    while len(acting) < min(_MOST_ACTING, len(families)):
        table = found.table
        called = [row for row in np.flatnonzero(table["padj"] < alpha) if families[row] not in acting]
        if not called:
            break
        acting.append(families[max(called, key=lambda row: abs(table["stat"].iloc[row]))])
        found = _test(compared, error, acting, alpha)
    found.table.insert(0, "family", [compared.sites.families[family] for family in families])
    whole = pd.DataFrame({"family": list(compared.sites.families)}).merge(found.table, on="family", how="left")
    whole.insert(1, "n_targets", (compared.sites.best > 1).sum(axis=0))
    whole["call"] = whole["call"].fillna(NOT_TESTED)
    return replace(found, table=whole)


def _test(compared: Comparison, error: Error, acting: Sequence[int], alpha: float) -> Tested:
    """Test all families, each with what the acting ones (itself apart) explain taken out."""
    families = list(compared.matched)
    effects = _effects(compared, acting)
    total = sum(effects.values(), np.zeros(len(compared.response.change)))
    change = compared.response.change - total
    rows = [compared.difference(family, change + effects.get(family, 0.0)) for family in families]
    shift = np.array([row.shift for row in rows])
    within = np.array([row.variance for row in rows])
    # Genes that happen to vary against each other in a few samples do not make the error vanish.
    samples = np.maximum(error.between_samples, -within / 2)
    between, df_between = _between(shift, within + samples, [family in acting for family in families], compared)
    variance = within + samples + between
    of_genes = within**2 / np.maximum(np.array([row.n for row in rows]) - 1, 1)
    # Satterthwaite. What the replicates add is a difference; as uncertain as it is what they say as a whole.
    df = variance**2 / (of_genes + error.found**2 / error.df + between**2 / df_between)
    se = np.sqrt(variance)
    pvalue = 2 * student.sf(np.abs(shift) / se, df)
    padj = false_discovery_control(pvalue) if len(pvalue) else pvalue
    half = student.ppf(1 - alpha / 2, df)
    columns: dict[str, Any] = {
        "n_controls": [compared.matched[family].n_controls for family in families],
        "shift": shift,
        "shift_se": se,
        "ci_low": shift - half * se,
        "ci_high": shift + half * se,
        "stat": shift / se,
        "df": df,
        "pvalue": pvalue,
        "padj": padj,
        "call": np.where(padj < alpha, np.where(shift < 0, DOWN, UP), NO_CALL),
        "detectable": (half + student.ppf(_POWER, df)) * se,
    }
    more = np.maximum(variance - within, 0)
    added = {family: (float(more[row]), float(df[row])) for row, family in enumerate(families)}
    return Tested(compared, pd.DataFrame(columns), effects, added)


def _between(
    shift: np.ndarray, variance: np.ndarray, acting: Sequence[bool], compared: Comparison
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each family what `variance_between_families` finds of the others that do not act."""
    preset = CORRELATION * compared.response.variance
    found = []
    for row in range(len(shift)):
        others = ~np.array(acting, dtype=bool)
        others[row] = False
        found.append(variance_between_families(shift[others], variance[others], preset))
    pairs = np.array(found).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _effects(compared: Comparison, acting: Sequence[int]) -> dict[int, np.ndarray]:
    """Return what each acting family explains, found one after another, twice, each with the others taken out."""
    change = compared.response.change
    effects: dict[int, np.ndarray] = {family: np.zeros(len(change)) for family in acting}
    for _ in range(2):
        for family in acting:
            others = sum((effect for each, effect in effects.items() if each != family), np.zeros(len(change)))
            effects[family] = compared.explained(family, change - others)
    return effects
