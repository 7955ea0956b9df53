"""Do cargo and consequence agree? The change of each miRNA in exosomes beside that of its targets in the recipient."""

from typing import Final

import numpy as np
import pandas as pd

from mircargo.vocabulary import CHANGED, DOWN, UP

STRONG, SUPPORTED, CANDIDATE, OPPOSED, NO_RESPONSE, UNCHANGED, NOT_ASKED = (
    "strong", "supported", "candidate", "opposed", "no response", "cargo unchanged", "not tested",
)  # fmt: skip
AGREEMENTS: Final = {
    STRONG: "robust change in exosomes, opposite change of the targets, 8mer sites at least as strong as 7mer sites",
    SUPPORTED: "change in exosomes, and opposite change of the targets",
    CANDIDATE: "change in exosomes, and opposite shift of the targets with p below alpha, but not after FDR",
    OPPOSED: "change in exosomes, and the targets change the same way",
    NO_RESPONSE: "change in exosomes, and no change of the targets shown",
    UNCHANGED: "no change in exosomes called",
    NOT_ASKED: "the family was not tested",
}
"""What cargo and consequence say together, the best first."""

_OPPOSITE: Final = {UP: DOWN, DOWN: UP}


def agreement(cargo: pd.DataFrame, families: pd.DataFrame, dose: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Set the change of each miRNA in exosomes beside the shift of its family's targets.

    What is imported lowers its targets: a rise in exosomes predicts a fall of the targets, and a fall a rise.

    Parameters
    ----------
    cargo
        A row per miRNA fitted in the exosomes: `feature seed log2FoldChange padj call robust`, and `tier` of co-cargo.
    families
        As of `family_shifts`; `family` is the seed.
    dose
        As of `dose_response`.
    alpha
        Of a single p-value, for *candidate*.

    Returns
    -------
    pd.DataFrame
        `feature family log2FoldChange padj call robust tier shift ci_low ci_high shift_padj shift_call n_targets
        agreement same_family`, the best agreement first. miRNAs of one family have the same targets; which of them
        acts cannot be told, and `same_family` names the others.
    """
    known = families.set_index("family")
    table = cargo.rename(columns={"seed": "family"}).reset_index(drop=True)
    theirs = known.rename(columns={"padj": "shift_padj", "call": "shift_call"})
    own = ["shift", "shift_se", "ci_low", "ci_high", "shift_padj", "shift_call", "n_targets", "pvalue"]
    table = table.join(theirs[own], on="family")
    table["n_targets"] = table["n_targets"].astype("Int64")
    predicted = table["call"].map(_OPPOSITE)
    changed = table["call"].isin(CHANGED)
    way = pd.Series(np.where(table["shift"] < 0, DOWN, UP), table.index)
    called = table["shift_call"].isin(CHANGED)
    agrees = changed & (way == predicted)
    by_strength = table["family"].map(stronger_for_8mer(dose)).eq(True)
    robust = table["robust"].astype(str).str.lower().eq("true")
    tiers = {
        NOT_ASKED: table["shift"].isna(),
        UNCHANGED: ~changed,
        STRONG: agrees & called & robust & by_strength,
        SUPPORTED: agrees & called,
        CANDIDATE: agrees & (table["pvalue"] < alpha),
        OPPOSED: called,
    }
    table["agreement"] = np.select([*tiers.values()], [*tiers], NO_RESPONSE)
    members = table.groupby("family")["feature"].agg(list)
    table["same_family"] = [
        "; ".join(each for each in members.get(family, []) if each != feature) or pd.NA
        for feature, family in zip(table["feature"], table["family"], strict=True)
    ]
    order = table["agreement"].map({name: place for place, name in enumerate(AGREEMENTS)})
    return table.loc[order.to_frame("tier").assign(p=table["pvalue"]).sort_values(["tier", "p"], kind="stable").index]


def stronger_for_8mer(dose: pd.DataFrame) -> dict[str, bool]:
    """Tell of each family whether targets with an 8mer site change at least as much as those with a 7mer site.

    Families without both kinds are missing.
    """
    found = {}
    for family, rows in dose[dose["by"] == "site type"].groupby("family"):
        shifts = rows.set_index("stratum")
        seven = shifts[shifts.index.str.startswith("7mer")]
        if "8mer" in shifts.index and len(seven):
            mean = float(np.average(seven["shift"], weights=seven["n_targets"]))
            eight = float(shifts.loc["8mer", "shift"])
            found[str(family)] = bool(abs(eight) >= abs(mean) and eight * mean > 0)
    return found
