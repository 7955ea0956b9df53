"""The features that contrasts agree on best."""

from made_samples import legend, names
from test_forest import CONTRASTS, POOLED

from mircargo.figures import pooled_features as meta


def test_the_target_stands_first_then_the_smallest_p_values():
    table = meta.tabulate(POOLED, CONTRASTS, "t")
    assert table["feature"].drop_duplicates().tolist() == ["t", "u"]
    assert meta.tabulate(POOLED, CONTRASTS, None)["feature"].drop_duplicates().tolist() == ["u", "t"]
    figure = meta.plot(table, title="Injury")
    assert names(figure.axes[0]) == ["t, padj 0.35", "u, padj 0.02"]
    assert names(figure.axes[0], bold=True) == ["t, padj 0.35"]
    assert legend(figure.axes[0]) == ["pooled", "a.x", "b.x"]
    assert meta.plot(table.iloc[:0]).axes[0].texts
