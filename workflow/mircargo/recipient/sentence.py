"""What the targets of a miRNA did, in one sentence."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.model.differential_table import format_p
from mircargo.recipient.matching import FEWEST_GENES
from mircargo.robustness.sentences import MOST_NAMED
from mircargo.vocabulary import CHANGED, DOWN, UP

_DOES = {DOWN: "fall", UP: "rise"}


def response_sentence(
    mirna: str, found: Mapping[str, Any] | None, dose: pd.DataFrame, cargo: str | None, where: str
) -> str:
    """Say what the targets of a miRNA did, and whether its own change predicts that.

    Parameters
    ----------
    mirna
        As people read it.
    found
        The row of its family, as of `family_shifts`; None where the table of targets does not have it.
    dose
        Rows of its family, as of `dose_response`.
    cargo
        Call of the miRNA in the exosomes.
    where
        The recipient and what it was given, for instance `macrophages, exosomes of injured against sham`.
    """
    if found is None:
        return f"The table of targets has no site of {mirna}."
    if pd.isna(found["shift"]):
        return _not_tested(mirna, int(found["n_targets"]), where)
    low, high = sorted((abs(found["ci_low"]), abs(found["ci_high"])))
    n = f"{found['n_targets']:.0f} genes"
    if found["call"] not in CHANGED:
        if (found["ci_low"] > 0) == (found["ci_high"] > 0):
            # The interval is of one family, the call of all: without their number both seem to contradict each other.
            numbers = f"{found['shift']:+.2f} log2 ({found['ci_low']:+.2f} to {found['ci_high']:+.2f}, {n})"
            surprise = f"p {format_p(found['pvalue'])} is no surprise among all families (padj {found['padj']:.2g})"
            return f"No evidence that the targets of {mirna} respond in {where}: {numbers}; {surprise}."
        seen = f"a shift of {found['detectable']:.2g} log2 would have been seen with 80% power"
        estimate = f"{found['shift']:+.2f} log2 ({found['ci_low']:+.2f} to {found['ci_high']:+.2f}, {n})"
        return f"No evidence that the targets of {mirna} respond in {where}: {estimate}; {seen}."
    does = _DOES[found["call"]]
    numbers = f"{abs(found['shift']):.2f} log2 ({low:.2f} to {high:.2f}, {n}, p {format_p(found['pvalue'])})"
    return f"Targets of {mirna} {does} by {numbers} in {where}{_beside(does, cargo)}{_strongest(dose)}."


def _not_tested(mirna: str, n_targets: int, where: str) -> str:
    if n_targets >= FEWEST_GENES:
        return f"The targets of {mirna} cannot be tested: too few genes of {where} are without a site of it."
    targets = "target" if n_targets == 1 else "targets"
    return f"{mirna} has {n_targets} {targets} among the genes of {where}: too few to be tested."


def holding_sentence(found: Mapping[str, Any]) -> str:
    """Say in how many re-analyses a shift holds, and in which it does not; empty where none was possible.

    Parameters
    ----------
    found
        The row of its family: `n_same_call n_variants fragile_under`.
    """
    if not found["n_variants"]:
        return ""
    if found["n_same_call"] == found["n_variants"]:
        return f" It holds in all {found['n_variants']} re-analyses."
    names = str(found["fragile_under"]).split("; ")
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    broken = ", ".join(names[:MOST_NAMED]) + more
    return f" It holds in {found['n_same_call']} of {found['n_variants']} re-analyses, not in: {broken}."


def _beside(does: str, cargo: str | None) -> str:
    """Say whether the change of the miRNA in exosomes predicts that of its targets."""
    if cargo not in CHANGED:
        return ", while no change of it in the exosomes is called"
    own = "rise" if cargo == UP else "fall"
    return f", as its {own} there predicts" if own != does else f", against what its {own} in the exosomes predicts"


def _strongest(dose: pd.DataFrame) -> str:
    """Name the type of site whose targets change most, where there are several."""
    by_type = dose[dose["by"] == "site type"]
    if len(by_type) < 2:
        return ""
    return f"; strongest for {by_type.loc[by_type['shift'].abs().idxmax(), 'stratum']} sites"
