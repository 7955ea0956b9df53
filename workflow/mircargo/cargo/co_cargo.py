"""Co-cargo: which miRNAs change in the exosomes together with the target, and what speaks for each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.cargo.cautions import in_words
from mircargo.cargo.cross_mapping import shadows_among
from mircargo.cargo.examined import Libraries, examine
from mircargo.cargo.residuals import residual_correlations
from mircargo.config import Thresholds
from mircargo.model.differential_table import to_sort_by
from mircargo.results.contract import CO_CARGO_OF_CONTRAST
from mircargo.vocabulary import CHANGED, TIERS

RELEASE = ("class", "source_log2FoldChange", "release_log2FoldChange", "release_padj")
SURVIVAL = ("share_same_call", "robust", "beyond_preparation", "fragile_under", "confirmed")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What else is known of the features of an exosome contrast."""

    release: pd.DataFrame | None = None  # table of `classify`, where the contrast is the exosome of a comparison
    # Its `robustness/{contrast}.tsv`; without it no feature is more than a candidate.
    robustness: pd.DataFrame | None = None


def find_co_cargo(
    contrast: str,
    results: pd.DataFrame,
    libraries: Libraries,
    target: str | None,
    thresholds: Thresholds,
    evidence: Evidence = Evidence(),
) -> pd.DataFrame:
    """List the fitted features of an exosome contrast with what speaks for and against each as co-cargo.

    Tiers, each within the one before:

    - *candidate*: changed (padj below alpha) in the target's direction, no shadow of a more abundant miRNA, and no
      row of reads that stand on another feature too (the same counts, or a hairpin beside its own mature miRNA);
    - *supported*: and its sequence is known, so that it could be looked at as a shadow, and its call is confirmed:
      limma-voom about the mode makes it as well;
    - *strong*: and it is robust, as is the target's own call; and its change is none that broken red blood cells or
      depth may have made (`signatures`).

    No feature has a tier where the target itself did not change. All other evidence stands in columns of its own and
    moves no tier. The table is that of `cargo/co_cargo/{contrast}.tsv`, the best tier first.
    """
    examined = examine(results, libraries, target, thresholds.alpha)
    fitted, own, groups = examined.fitted, examined.counts, libraries.groups
    shadows = shadows_among(examined.related).reindex(fitted.index)
    table = fitted[["log2FoldChange", "padj"]].assign(cross_maps_to=shadows)
    # Results of an earlier version may lack a column; nothing is then confirmed.
    for known_of, columns in ((evidence.release, RELEASE), (evidence.robustness, SURVIVAL)):
        if known_of is None:
            table[list(columns)] = pd.NA
        else:
            table = table.join(known_of.set_index("feature").reindex(fitted.index, columns=columns))
    called = table["padj"] < thresholds.alpha
    direction = np.where(table["log2FoldChange"] > 0, "up", "down")
    table["call"] = pd.Series(np.where(called, direction, "none"), table.index).mask(table["padj"].isna())
    unchecked = examined.sequences.isna()
    explained = table.index.isin([feature for each in examined.signed for feature in each.features])
    table["tier"] = _tiers(table, target, table.index.isin(examined.again), unchecked).mask(
        lambda tiers: tiers.eq("strong") & explained, "supported"
    )
    table = table.join(residual_correlations(own, libraries.size_factors, groups, target))
    table["relation"] = relation(examined.known, target)
    found = examined.cautions(table.index[called], table.index[table["tier"].notna() & unchecked])
    table["cautions"] = pd.Series({feature: in_words(each) for feature, each in found.items()}, dtype=object)
    table["cautions"] = table["cautions"].replace("", pd.NA)
    table["contrast"] = contrast
    rank = table["tier"].map({tier: place for place, tier in enumerate(TIERS)}).fillna(len(TIERS)).astype(int)
    order = pd.DataFrame({"tier": rank, "padj": to_sort_by(table["padj"])}).sort_values(["tier", "padj"], kind="stable")
    return table.loc[order.index].rename_axis("feature").reset_index()[list(CO_CARGO_OF_CONTRAST.columns)]


def _tiers(table: pd.DataFrame, target: str | None, again: np.ndarray, unchecked: pd.Series) -> pd.Series:
    """Give the tier of each feature; missing for the target, and for what is no co-cargo.

    `again` tells the features whose reads stand on another one too, `unchecked` those without a sequence.
    """
    tiers = pd.Series(pd.NA, index=table.index, dtype=object)
    if target is None or table["call"].get(target) not in CHANGED:
        return tiers
    candidate = (
        table["call"].eq(table["call"][target]) & table["cross_maps_to"].isna() & (table.index != target) & ~again
    )
    tiers[candidate] = "candidate"
    candidate &= ~unchecked
    tiers[candidate & is_true(table["confirmed"])] = "supported"
    robust = is_true(table["robust"])
    if robust[target]:
        tiers[candidate & robust] = "strong"
    return tiers


def is_true(column: pd.Series) -> pd.Series:
    """Tell where a column that may hold True, False, their names, or nothing, is true."""
    return column.astype(str).str.lower().eq("true")


def relation(known: pd.DataFrame, target: str | None) -> pd.Series:
    """Say what each feature of `counts/features.tsv` (its index) has in common with the target by its origin."""
    words = pd.Series("", index=known.index)
    if target is None or target not in known.index:
        return words.replace("", pd.NA)
    own = known.loc[target]
    stem = known.index.to_series().str.replace(r"-[35]p$", "", regex=True)
    shared = {
        "other arm of its hairpin": (stem == stem[target]) & known["arm"].notna(),
        "same family": known["family"].notna() & (known["family"] == own["family"]),
        "same seed": known["seed"].notna() & (known["seed"] == own["seed"]),
    }
    for word, rows in shared.items():
        words = words.mask(rows & (known.index != target), words + "; " + word)
    return words.str.removeprefix("; ").replace("", pd.NA)


def with_expectations(table: pd.DataFrame, expectations: pd.DataFrame) -> pd.DataFrame:
    """Add a column `expected`: the direction that the literature leads one to expect in this contrast.

    Parameters
    ----------
    table
        Co-cargo of one or several contrasts.
    expectations
        `cargo/expectations.tsv`; of several entries for a feature all directions are given.
    """
    known = expectations[expectations["feature"].notna() & expectations["expected"].isin(CHANGED)]
    directions = known.groupby(["contrast", "feature"])["expected"].agg(lambda each: " or ".join(dict.fromkeys(each)))
    keys = pd.MultiIndex.from_frame(table[["contrast", "feature"]])
    return table.assign(expected=directions.reindex(keys).to_numpy())
