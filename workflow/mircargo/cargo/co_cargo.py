"""Co-cargo: which miRNAs change in the exosomes together with the target."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mircargo.cargo.cross_mapping import find_shadows
from mircargo.config import Thresholds
from mircargo.model.results import ALL_ZERO, LOW_COUNT
from mircargo.quality.libraries import DOMINATED

COLUMNS = [
    "contrast", "feature", "tier", "class", "log2FoldChange", "padj", "source_log2FoldChange", "release_log2FoldChange",
    "release_padj", "share_same_call", "residual_correlation", "cross_maps_to", "cautions",
]  # fmt: skip
FEWEST_DEGREES_OF_FREEDOM = 4


def find_co_cargo(
    contrast: str,
    results: pd.DataFrame,
    counts: pd.DataFrame,
    features: pd.DataFrame,
    size_factors: Mapping[str, float],
    groups: pd.Series,
    target: str | None,
    release: pd.DataFrame | None,
    thresholds: Thresholds,
    robustness: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List the fitted features of an exosome contrast with what speaks for and against each as co-cargo.

    The tier *candidate* goes to features that changed (padj below alpha) in the target's direction and are no
    shadow of a more abundant miRNA. No feature has a tier where the target itself did not change. Higher tiers
    need evidence that is not gathered yet.

    Parameters
    ----------
    contrast
        Its name.
    results
        Its `differential/{contrast}.tsv`.
    counts
        Features x samples, integers.
    features
        `counts/features.tsv`.
    size_factors
        Of the contrast's samples.
    groups
        The group of each of these samples; correlations are of what is left when group means are taken out.
    target
        The target among the features, if there.
    release
        Table of `release.classify`, where the contrast is the exosome of a comparison.
    thresholds
        Where a call begins.
    robustness
        Its `robustness/{contrast}.tsv`, where its calls were stress-tested.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; `residual_correlation` is missing under 4 residual degrees of freedom.
    """
    fitted = results[~results["status"].isin([ALL_ZERO, LOW_COUNT])].set_index("feature")
    own = counts.loc[fitted.index, list(groups.index)]
    known = features.set_index("feature")
    shadows = find_shadows(own, known["sequence"]).reindex(fitted.index)
    table = pd.DataFrame(
        {"log2FoldChange": fitted["log2FoldChange"], "padj": fitted["padj"], "cross_maps_to": shadows},
        index=fitted.index,
    )
    changed = fitted["padj"] < thresholds.alpha
    target_changed = target is not None and bool(changed.get(target, False))
    if target is not None and target_changed:
        same = np.sign(fitted["log2FoldChange"]) == np.sign(fitted["log2FoldChange"][target])
        candidate = changed & same & shadows.isna() & (fitted.index != target)
        table["tier"] = candidate.map({True: "candidate", False: pd.NA})
    else:
        table["tier"] = pd.NA
    for column in ("class", "source_log2FoldChange", "release_log2FoldChange", "release_padj"):
        table[column] = pd.NA if release is None else release.set_index("feature")[column].reindex(fitted.index)
    table["share_same_call"] = (
        pd.NA if robustness is None else robustness.set_index("feature")["share_same_call"].reindex(fitted.index)
    )
    table["residual_correlation"] = residual_correlation(own, size_factors, groups, target)
    table["cautions"] = _cautions(own, known.reindex(fitted.index), shadows)
    table["contrast"] = contrast
    order = pd.DataFrame({"tier": table["tier"].isna(), "padj": table["padj"]}).sort_values(
        ["tier", "padj"], kind="stable"
    )
    return table.loc[order.index].rename_axis("feature").reset_index()[COLUMNS]


def residual_correlation(
    counts: pd.DataFrame, size_factors: Mapping[str, float], groups: pd.Series, target: str | None
) -> pd.Series:
    """Correlate each feature with the target within groups (Pearson, on log2 of normalised counts plus one)."""
    nothing = pd.Series(np.nan, index=counts.index)
    if target not in counts.index or len(groups) - groups.nunique() < FEWEST_DEGREES_OF_FREEDOM:
        return nothing
    factors = pd.Series(size_factors)[counts.columns]
    values = np.log2(counts / factors + 1)
    residuals = values - values.T.groupby(groups.to_numpy()).transform("mean").T
    norms = np.sqrt((residuals**2).sum(axis=1)).where(lambda norm: norm > 1e-9)
    return (residuals @ residuals.loc[target]) / (norms * norms[target])


def _cautions(counts: pd.DataFrame, known: pd.DataFrame, shadows: pd.Series) -> pd.Series:
    share = (counts / counts.sum(axis=0)).max(axis=1)
    texts = []
    for feature in counts.index:
        words = []
        if pd.notna(shadows[feature]):
            words.append(f"its reads may be misread ones of {shadows[feature]}")
        if share[feature] > DOMINATED:
            words.append(f"holds up to {share[feature]:.0%} of a library")
        if str(known.at[feature, "accession"]).startswith("MI0"):
            words.append("a hairpin: both arms counted")
        elif pd.isna(known.at[feature, "accession"]):
            words.append("no miRNA that miRBase knows")
        texts.append("; ".join(words))
    return pd.Series(texts, index=counts.index, dtype=object).replace("", pd.NA)
