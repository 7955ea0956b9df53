"""Release: what changes more, or less, in exosomes than in the cells they came from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from mircargo.cargo.detection import p_unseen
from mircargo.cargo.signatures import signatures
from mircargo.config import Thresholds
from mircargo.model.differential_table import equivalence_pvalues
from mircargo.model.engines.by_fraction import BY_FRACTION, Release
from mircargo.results.contract import RELEASE_TABLE
from mircargo.vocabulary import ALL_ZERO, LOW_COUNT, TESTED

# What changed nowhere and is called in exosomes by mistake differs from its source as well: all of it would be
# *selective*, and of what did change only a part. So there the exosomes' call is held to a fourth of alpha.
STRICTER = 4
TEST = ["log2FoldChange", "lfcSE", "pvalue", "padj"]


@dataclass(frozen=True)
class Limits:
    """What the libraries of a comparison cannot tell."""

    # Table of `detection.p_unseen`: how likely depth alone keeps a fraction from showing a feature.
    unseen: pd.DataFrame
    explained: pd.Index  # features whose change in the exosomes may be of blood or depth (`signatures`)


def limits_of(
    counts: pd.DataFrame,
    factors: pd.Series,
    groups: pd.Series,
    results: Mapping[str, pd.DataFrame],
    accessions: pd.Series,
    alpha: float,
) -> Limits:
    """Find what the libraries of a comparison cannot tell.

    Parameters
    ----------
    counts, factors
        Features x samples of both fractions, integers, and size factors found within each fraction.
    groups
        The group of each exosome sample, and of no other.
    results
        `differential/{contrast}.tsv` of the `exosome` and of the `source`.
    """
    in_exosome = pd.Series(counts.columns.isin(groups.index), index=counts.columns)
    rarest = pd.Series({name: table["dispersion_trend"].max() for name, table in results.items()})
    exosome = results["exosome"]
    fitted = exosome.loc[~exosome["status"].isin([ALL_ZERO, LOW_COUNT]), "feature"]
    signed = signatures(counts.loc[fitted, list(groups.index)], factors, groups, accessions, None, alpha)
    explained = pd.Index([feature for each in signed for feature in each.features])
    return Limits(p_unseen(counts, factors, in_exosome, rarest), explained)


def classify(
    exosome: pd.DataFrame,
    source: pd.DataFrame,
    release: pd.DataFrame,
    described: Release,
    thresholds: Thresholds,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Class every feature by three tests: change in the exosomes, change in their source, and their difference.

    - *discordant*: changed in both, with opposite signs;
    - *selective*: changed in the exosomes (padj below a fourth of alpha), the difference goes the same way, and an
      opposite change of the source beyond `equivalence_log2_fold_change` is excluded;
    - *retained*: changed in the source, the difference goes against it, and an opposite change of the exosomes beyond
      `equivalence_log2_fold_change` is excluded;
    - *parallel*: changed in both the same way, and the difference is shown to be within
      `equivalence_log2_fold_change`;
    - *exosome_only*, *source_only*: changed in one, and the other has no read of it although it is deep enough;
    - *undetermined*: anything else, and what changed in the exosomes where blood or depth that goes with the groups may
      have done it. The data do not tell, which is usual with few samples a group.

    Changed means padj below alpha, where nothing else is said, in each test by itself. What is excluded or shown is
    so by one-sided tests at alpha. A class needs all of its tests, so its level is that of the worst of them
    (intersection-union, Berger 1982, Technometrics 24:295). The difference is judged with dispersions of each fraction
    where these fit better than common ones.

    Parameters
    ----------
    exosome, source
        `differential/{contrast}.tsv` of the two contrasts.
    release
        The same for the interaction of fraction and condition, with one dispersion a feature.
    described
        The same with dispersions of each fraction, and the enrichment.
    limits
        What the libraries cannot tell; without it no feature is said to be in one fraction alone.

    Returns
    -------
    pandas.DataFrame
        As in `cargo/release/{comparison}.tsv`; the class is missing where neither contrast tested the feature.
    """
    outside, inside, common = (
        table.set_index("feature").reindex(exosome["feature"]) for table in (exosome, source, release)
    )
    apart = described.results.reindex(outside.index)
    difference = apart if described.facts["dispersions"] == BY_FRACTION else common
    out_sign, in_sign, gap_sign = (_sign(table, thresholds.alpha) for table in (outside, inside, difference))
    surely_out = _sign(outside, thresholds.alpha / STRICTER)
    few_outside, few_inside = (table["status"].isin([ALL_ZERO, LOW_COUNT]).to_numpy() for table in (outside, inside))
    limits = limits or Limits(pd.DataFrame(columns=["exosome", "source"], dtype=float), pd.Index([]))
    chances = limits.unseen.reindex(outside.index)
    absent_outside, absent_inside = ((chances[name] < thresholds.alpha).to_numpy() for name in ("exosome", "source"))
    margin = thresholds.equivalence_log2_fold_change
    p_values = equivalence_pvalues(difference["log2FoldChange"], difference["lfcSE"], margin)
    same = (difference["lfcSE"] > 0).to_numpy() & (p_values < thresholds.alpha)
    source_not_against = _not_against(inside, out_sign, margin, thresholds.alpha)
    exosome_not_against = _not_against(outside, in_sign, margin, thresholds.alpha)
    tested = (outside["status"] == TESTED) | (inside["status"] == TESTED)
    rules = [
        ("undetermined", (out_sign != 0) & outside.index.isin(limits.explained)),
        ("exosome_only", (out_sign != 0) & few_inside & absent_inside),
        ("source_only", (in_sign != 0) & few_outside & absent_outside),
        ("discordant", out_sign * in_sign < 0),
        ("selective", (surely_out != 0) & (gap_sign == surely_out) & source_not_against),
        ("retained", (in_sign != 0) & (gap_sign == -in_sign) & exosome_not_against),
        ("parallel", (out_sign * in_sign > 0) & same),
        ("undetermined", tested.to_numpy()),
    ]
    classes = np.select([rule for _, rule in rules], [name for name, _ in rules], "")
    table = pd.DataFrame(
        {
            "class": pd.Series(classes, index=outside.index).replace("", pd.NA),
            **{key: outside[key] for key in ("log2FoldChange", "lfcSE", "padj")},
            **{f"source_{key}": inside[key] for key in ("log2FoldChange", "lfcSE", "padj")},
            **{f"release_{key}": common[key] for key in (*TEST, "status")},
            **{f"by_fraction_{key}": apart[key] for key in TEST},
            **{key: apart[key] for key in apart if key.startswith("enrichment_")},
            "p_unseen": chances["exosome"].fillna(chances["source"]),
        }
    )
    return table.rename_axis("feature").reset_index()[list(RELEASE_TABLE.columns)]


def _sign(table: pd.DataFrame, alpha: float) -> np.ndarray:
    """Return +1 or -1 where a feature changed, 0 elsewhere."""
    return np.where((table["padj"] < alpha).to_numpy(), np.sign(table["log2FoldChange"].to_numpy(dtype=float)), 0)


def _not_against(table: pd.DataFrame, sign: np.ndarray, margin: float, alpha: float) -> np.ndarray:
    """Say where a change against `sign` by more than the margin is excluded, by a one-sided test at alpha."""
    change, error = table["log2FoldChange"].to_numpy(dtype=float), table["lfcSE"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((error > 0) & (ndtr(-(sign * change + margin) / error) < alpha))
