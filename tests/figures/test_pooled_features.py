"""The features that contrasts agree on best."""

from made_samples import legend, names, within
from test_forest import CONTRASTS, POOLED

from mircargo.figures import pooled_features as meta


def test_the_target_stands_first_then_the_smallest_p_values():
    table = meta.tabulate(POOLED, CONTRASTS, "t", 0.05, {"b.x": "Crush"})
    assert table["feature"].drop_duplicates().tolist() == ["t", "u"]
    assert meta.tabulate(POOLED, CONTRASTS, None, 0.05)["feature"].drop_duplicates().tolist() == ["u"]
    figure = meta.plot(table, alpha=0.05, title="Injury")
    assert names(figure.axes[0]) == ["t, adjusted p 0.35", "u, adjusted p 0.02"]
    assert names(figure.axes[0], bold=True) == ["t, adjusted p 0.35"]
    assert legend(figure.axes[0]) == ["pooled", "a: x", "b: Crush"]


def test_nothing_is_drawn_where_nothing_changes():
    table = meta.tabulate(POOLED, CONTRASTS, "t", 0.01)
    assert table.empty
    assert within(meta.plot(table, alpha=0.01).axes[0]) == [
        "No feature changes over the contrasts (adjusted p < 0.01)."
    ]
