"""What to measure next: power over animals and depth, and what would settle an inconclusive call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.config import NextExperiment
from mircargo.recipient.basis import Basis
from mircargo.recipient.power import Decisive, Limit, chance_of_settling, power_of_robust, power_of_wald
from mircargo.results.contract import NEXT_EXPERIMENT, NEXT_EXPERIMENT_POWER
from mircargo.robustness.leave_out import FEWEST_SAMPLES

WALD, ROBUST, RELEASE = "wald", "robust", "release"
DEEPER: Final = 3.0
NODES: Final = 9


@dataclass(frozen=True)
class Design:
    """An experiment: animals per group, and its depth over that of this study."""

    animals: float
    depth: float = 1.0


def kinds_of(basis: Basis, release: bool) -> list[str]:
    """Return the calls that a basis knows the tests of."""
    return [RELEASE] if release else [WALD, *([ROBUST] if basis.decisive is not None else [])]


def tests_in(basis: Basis, design: Design) -> tuple[Limit, Decisive | None]:
    """Return where calls would begin in an experiment: cut-offs rise with the number of calls."""
    ratio = basis.cutoff_ratio(design.animals, design.depth)

    def moved(test: Limit) -> Limit:
        return replace(test, cutoff=min(test.cutoff * ratio, basis.alpha))

    if basis.decisive is None:
        return moved(basis.test), None
    decisive = basis.decisive.in_experiment(design.animals / basis.layout.animals)
    return moved(basis.test), replace(decisive, test=moved(decisive.test))


def powers_at(
    basis: Basis, features: Iterable[str], folds: Sequence[float], design: Design, release: bool = False
) -> pd.DataFrame:
    """Return the power of an experiment: `feature call_kind fold_change depth animals power`.

    The change is taken in the direction of the feature's fold change in this study.
    """
    test, decisive = tests_in(basis, design)
    deep = basis.at_depth(design.depth)
    df = basis.layout.residual_df(design.animals)
    rows = []
    for feature in features:
        sign = -1.0 if basis.known.loc[feature, "log2FoldChange"] < 0 else 1.0
        for fold in folds:
            change = sign * float(np.log2(fold))
            drawn = deep.draws(feature, change, design.animals)
            for kind in kinds_of(basis, release):
                if kind == ROBUST and design.animals < FEWEST_SAMPLES:  # no call of so few is said to be robust
                    power = 0.0
                elif kind == ROBUST and decisive is not None:
                    power = power_of_robust(drawn, change, test, decisive, df)
                else:
                    power = power_of_wald(drawn, change, test, decisive.shared if decisive else 0.0)
                rows.append((feature, kind, fold, design.depth, design.animals, power))
    return pd.DataFrame(rows, columns=["feature", "call_kind", "fold_change", "depth", "animals", "power"])


def power_table(basis: Basis, features: Sequence[str], plan: NextExperiment, release: bool = False) -> pd.DataFrame:
    """Return the power of all experiments of the plan, as in `cargo/next_experiment.power.tsv` but for the contrast."""
    parts = [
        powers_at(basis, features, plan.fold_changes, Design(animals, depth), release)
        for depth in plan.depths
        for animals in plan.animals
    ]
    table = pd.concat(parts, ignore_index=True)
    order = {each: place for place, each in enumerate([*features, WALD, ROBUST, RELEASE])}
    keys = ["feature", "call_kind", "fold_change", "depth", "animals"]
    return table.sort_values(keys, key=lambda c: c.map(order) if c.name in keys[:2] else c, ignore_index=True)


def needed_table(basis: Basis, powers: pd.DataFrame, plan: NextExperiment, release: bool = False) -> pd.DataFrame:
    """Sum up the power of planned experiments: the fewest animals per group that reach the power asked for.

    Parameters
    ----------
    powers
        Of `power_table`.

    Returns
    -------
    pandas.DataFrame
        As in `cargo/next_experiment.tsv` but for the contrast.
    """
    keys = ["feature", "call_kind", "fold_change", "depth"]
    enough = powers[powers["power"] >= plan.power].groupby(keys, sort=False)["animals"].min()
    table = powers[keys].drop_duplicates().join(enough.rename("animals_needed"), on=keys)
    now = Design(basis.layout.animals)
    present = powers_at(basis, powers["feature"].unique(), plan.fold_changes, now, release)
    table = table.merge(present[["feature", "call_kind", "fold_change", "power"]], on=keys[:3], how="left")
    return table.rename(columns={"power": "power_now"}).assign(animals_now=now.animals)


def animals_to_settle(
    basis: Basis, feature: str, plan: NextExperiment, margin: float, depth: float = 1.0
) -> int | None:
    """Return the fewest animals per group with which an inconclusive call would be settled, with the power asked for.

    Settled is a call, or a fold change shown to lie within the margin. What the true change is, is known as far as this
    study says: the chance is the mean over it. None where the most animals of the plan are too few.
    """
    row = basis.known.loc[feature]
    mean, sd = (
        (row["estimate"], row["error"]) if pd.notna(row["estimate"]) else (row["log2FoldChange"], row["own_error"])
    )
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    deep = basis.at_depth(depth)
    for animals in (n for n in plan.animals if n >= basis.layout.animals):
        test, _ = tests_in(basis, Design(animals, depth))
        chances = [
            chance_of_settling(deep.draws(feature, change, animals), change, test, margin, basis.alpha)
            for change in mean + sd * nodes
        ]
        if float(weights @ chances / weights.sum()) >= plan.power:
            return int(animals)
    return None


def settling_sentence(
    feature: str, basis: Basis, plan: NextExperiment, margin: float, found: tuple[int | None, int | None]
) -> str:
    """Say how many animals would settle an inconclusive call, at this depth and at three times the reads."""
    most = max(plan.animals)
    at_this, deeper = (f"{n} animals" if n is not None else f"more than {most} animals" for n in found)
    also = f"{deeper.removesuffix(' animals')} with {DEEPER:g} times the reads"
    return (
        f"{feature} is inconclusive with {basis.layout.animals:.3g} animals per group: {at_this} per group ({also}) "
        f"would settle it with {plan.power:.0%} power, by a call or by a change shown to lie within "
        f"{2**margin:.2g}-fold."
    )


def columns_of_power(table: pd.DataFrame, contrast: str) -> pd.DataFrame:
    """Put the contrast or comparison first, and the columns in the order of their file."""
    file = NEXT_EXPERIMENT_POWER if "power" in table else NEXT_EXPERIMENT
    return table.assign(contrast=contrast)[list(file.columns)]
