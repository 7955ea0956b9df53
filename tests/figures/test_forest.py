"""The forest plot of the target."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, names

from mircargo.figures import forest as meta

POOLED = pd.DataFrame(
    {
        "feature": ["t", "u", "v"],
        "n_contrasts": [2, 2, 1],
        "log2FoldChange": [1.1, -0.5, np.nan],
        "ci_low": [-7.4, -0.9, np.nan],
        "ci_high": [9.6, -0.1, np.nan],
        "pvalue": [0.35, 0.01, np.nan],
        "padj": [0.35, 0.02, np.nan],
        "prediction_low": [-13.0, -1.0, np.nan],
        "prediction_high": [15.2, 0.0, np.nan],
    }
)


CONTRASTS = pd.DataFrame(
    [
        ["t", "a", "x", "mmu", "t", 1.758, 0.31, 0.51, "tested", np.nan],
        ["t", "b", "x", "rno", "t", 0.42, 0.35, 0.49, "tested", np.nan],
        ["t", "c", "x", "hsa", np.nan, np.nan, np.nan, np.nan, "no_match", "no row of the study's tables is it"],
        ["u", "a", "x", "mmu", "u", -0.4, 0.1, 0.5, "tested", np.nan],
        ["u", "b", "x", "rno", "u", -0.6, 0.1, 0.5, "tested", np.nan],
        ["v", "a", "x", "mmu", "v", 3.0, 0.1, np.nan, "tested", np.nan],
    ],
    columns=[
        "feature", "study", "contrast", "species", "study_feature", "log2FoldChange", "lfcSE", "weight", "status",
        "reason",
    ],
)  # fmt: skip


def test_every_contrast_has_a_row_also_one_that_is_not_pooled():
    table = meta.tabulate(POOLED, CONTRASTS, "t", 0.05)
    assert table["label"].tolist() == ["a: x (mouse)", "b: x (rat)", "c: x (human)", "pooled"]
    assert table["kind"].tolist() == ["contrast", "contrast", "not_pooled", "pooled"]
    # 1.758 -+ 1.959964 * 0.31
    assert table.loc[0, ["ci_low", "ci_high"]].tolist() == pytest.approx([1.150411, 2.365589], abs=1e-6)
    figure = meta.plot(table, sentence="It is unclear.", title="Injury", simulated=True)
    axes = figure.axes[0]
    assert names(axes) == table["label"].tolist()
    assert "Open, not pooled: c: x (human): no row of the study's tables is it." in caption(figure)
    assert {"It is unclear.", "SIMULATED DATA"} <= {text.get_text() for text in figure.texts}
    # The prediction interval, the longest, is drawn in full, and the diamond has its four corners.
    low, high = axes.get_xlim()
    assert low < -13.0 < 15.2 < high
    [diamond] = axes.patches
    assert diamond.get_xy()[:4].tolist() == [[1.1, 2.7], [9.6, 3.0], [1.1, 3.3], [-7.4, 3.0]]


def test_one_contrast_alone_is_drawn_without_an_estimate():
    table = meta.tabulate(POOLED, CONTRASTS, "v", 0.05)
    assert table["kind"].tolist() == ["contrast"]
    meta.plot(table)


def test_without_a_target_or_with_no_contrast_that_tested_it():
    empty = meta.tabulate(POOLED, CONTRASTS, None, 0.05)
    assert empty.empty
    assert "in no study" in meta.plot(empty, sentence="It is in no study.").axes[0].texts[0].get_text()
    nothing = meta.tabulate(POOLED, CONTRASTS[CONTRASTS["study"] == "c"], "t", 0.05)
    meta.plot(nothing)


def test_people_read_titles():
    table = meta.tabulate(POOLED, CONTRASTS, "t", 0.05, {"b.x": "Crush in Rat"})
    assert table["label"].tolist() == ["a: x (mouse)", "b: Crush in Rat (rat)", "c: x (human)", "pooled"]
