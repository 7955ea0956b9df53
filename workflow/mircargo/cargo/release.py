"""Release: what changes more, or less, in exosomes than in the cells they came from."""

import numpy as np
import pandas as pd

from mircargo.config import Thresholds
from mircargo.model.results import ALL_ZERO, LOW_COUNT, TESTED, equivalence_pvalue

COLUMNS = [
    "feature", "class", "log2FoldChange", "lfcSE", "padj", "source_log2FoldChange", "source_lfcSE", "source_padj",
    "release_log2FoldChange", "release_lfcSE", "release_pvalue", "release_padj", "release_status",
]  # fmt: skip


def classify(
    exosome: pd.DataFrame, source: pd.DataFrame, release: pd.DataFrame, thresholds: Thresholds
) -> pd.DataFrame:
    """Class every feature by three tests: change in the exosomes, change in their source, and their difference.

    - *discordant*: changed in both, with opposite signs;
    - *selective*: changed in the exosomes, and the difference goes the same way;
    - *retained*: changed in the source, and the difference goes against it;
    - *parallel*: changed in both the same way, and the difference is shown to be within
      `equivalence_log2_fold_change`;
    - *exosome_only*, *source_only*: changed in one and not detected in the other;
    - *undetermined*: anything else. The data do not tell, which is usual with three samples a group.

    Changed means padj below alpha, in each test by itself.

    Parameters
    ----------
    exosome, source
        `differential/{contrast}.tsv` of the two contrasts.
    release
        The same for the interaction of fraction and condition.
    thresholds
        Where a call begins.

    Returns
    -------
    pandas.DataFrame
        A row a feature, columns `COLUMNS`; the class is missing where neither contrast tested the feature.
    """
    outside, inside, difference = (
        table.set_index("feature").reindex(exosome["feature"]) for table in (exosome, source, release)
    )
    out_sign, in_sign, gap_sign = (_sign(table, thresholds.alpha) for table in (outside, inside, difference))
    unseen_outside, unseen_inside = (
        table["status"].isin([ALL_ZERO, LOW_COUNT]).to_numpy() for table in (outside, inside)
    )
    same = difference["lfcSE"].notna().to_numpy() & np.array(
        [
            equivalence_pvalue(fold, se, thresholds.equivalence_log2_fold_change) < thresholds.alpha
            if se > 0
            else False
            for fold, se in zip(difference["log2FoldChange"], difference["lfcSE"], strict=True)
        ]
    )
    classes = np.select(
        [
            (out_sign != 0) & unseen_inside,
            (in_sign != 0) & unseen_outside,
            out_sign * in_sign < 0,
            (out_sign != 0) & (gap_sign == out_sign),
            (in_sign != 0) & (gap_sign == -in_sign),
            (out_sign * in_sign > 0) & same,
            (outside["status"] == TESTED).to_numpy() | (inside["status"] == TESTED).to_numpy(),
        ],
        ["exosome_only", "source_only", "discordant", "selective", "retained", "parallel", "undetermined"],
        "",
    )
    table = pd.DataFrame(
        {
            "class": pd.Series(classes, index=outside.index).replace("", pd.NA),
            **{key: outside[key] for key in ("log2FoldChange", "lfcSE", "padj")},
            **{f"source_{key}": inside[key] for key in ("log2FoldChange", "lfcSE", "padj")},
            **{f"release_{key}": difference[key] for key in ("log2FoldChange", "lfcSE", "pvalue", "padj", "status")},
        }
    )
    return table.rename_axis("feature").reset_index()[COLUMNS]


def _sign(table: pd.DataFrame, alpha: float) -> np.ndarray:
    """Return +1 or -1 where a feature changed, 0 elsewhere."""
    return np.where((table["padj"] < alpha).to_numpy(), np.sign(table["log2FoldChange"].to_numpy(dtype=float)), 0)
