"""Changed features by sample: chosen and scaled as worked out by hand, and readable."""

import numpy as np
import pandas as pd
import pytest
from made_samples import assert_names_apart, caption, names, study, within

from mircargo.figures import heatmap


def results_of(counts: pd.DataFrame, changed: int) -> pd.DataFrame:
    padj = [1e-6 * (i + 1) if i < changed else 0.9 for i in range(len(counts))]
    return pd.DataFrame({"feature": counts.index, "log2FoldChange": 2, "lfcSE": 0.1, "pvalue": padj, "padj": padj})


def test_heatmap_against_hand_calculation():
    counts = pd.DataFrame(
        {"a": [0.0, 3, 7], "b": [1.0, 3, 1], "c": [3.0, 3, 0]}, index=["mmu-miR-1", "mmu-miR-21", "mmu-miR-2"]
    )
    sheet = pd.DataFrame({"group": ["sham", "SNI", "sham"]}, index=["a", "b", "c"])
    results = pd.DataFrame({"feature": counts.index, "pvalue": [0.01, 0.9, 0.02], "padj": [0.02, 0.9, 0.04]})
    results = results.assign(log2FoldChange=[2.0, 0.1, -2.0], lfcSE=0.5)
    table = heatmap.tabulate(counts, results, sheet[["group"]], 0.05, target=["mmu-miR-21"])
    first = table[table["feature"] == "mmu-miR-1"].set_index("sample")
    assert first["column_order"].to_dict() == {"a": 0, "c": 1, "b": 2}
    np.testing.assert_allclose(first.loc[["a", "b", "c"], "log2_normalised"], [0, 1, 2])
    np.testing.assert_allclose(first.loc[["a", "b", "c"], "z"], [-1, 0, 1])
    flat = table[table["feature"] == "mmu-miR-21"]
    assert (flat["z"] == 0).all()
    assert (flat["role"] == "target").all()
    assert set(table["n_changed"]) == {2}
    assert table.groupby("feature")["call"].first().to_dict() == {
        "mmu-miR-1": "up", "mmu-miR-21": "none", "mmu-miR-2": "down"
    }  # fmt: skip
    # Of a joint test: the groups differ in the third feature, but 1.96 * 0.5 is more than 0.9.
    joint = results.assign(log2FoldChange=[2.0, 0.1, -0.9])
    table = heatmap.tabulate(counts, joint, sheet[["group"]], 0.05, target=["mmu-miR-21"])
    assert (set(table["n_changed"]), set(table["feature"])) == ({1}, {"mmu-miR-1", "mmu-miR-21"})
    assert "All 1 changed features (adjusted p < 0.05)." in caption(heatmap.plot(table, alpha=0.05))


@pytest.mark.parametrize(
    ("changed", "samples", "prefix"), [(2, 6, "s"), (60, 24, "exosome_sample_"), (200, 80, "x" * 40)]
)
def test_heatmap_stays_readable(changed, samples, prefix):
    counts, sheet = study(220, samples, prefix=prefix)
    target = counts.index[-1]
    table = heatmap.tabulate(
        counts, results_of(counts, changed), sheet[["group", "fraction"]], 0.05, target=[target], most=(100, 300)
    )
    assert table["feature"].nunique() == min(changed, 100) + 1
    assert sorted(set(table["row_order"])) == list(range(min(changed, 100) + 1))
    figure = heatmap.plot(table, alpha=0.05, title="A contrast", simulated=True)
    axes = figure.axes[2]
    assert_names_apart(axes)
    assert names(axes, bold=True) == ["let-7219-5p/let-9219-5p"]


def test_heatmap_says_that_nothing_changed():
    counts, sheet = study(5, 4)
    results = results_of(counts, 0)
    figure = heatmap.plot(heatmap.tabulate(counts, results, sheet[["group"]], 0.05), alpha=0.05)
    assert "No feature changed" in within(figure.axes[0])[0]
    table = heatmap.tabulate(counts, results, sheet[["group"]], 0.05, target=[counts.index[0]])
    assert "No feature changed" in caption(heatmap.plot(table, alpha=0.05))
