"""The features that contrasts agree on best."""

from test_forest import CONTRASTS, POOLED

from mircargo.figures import pooled_features as meta


def test_the_target_stands_first_then_the_smallest_p_values():
    table = meta.tabulate(POOLED, CONTRASTS, "t")
    assert table["feature"].drop_duplicates().tolist() == ["t", "u"]
    assert meta.tabulate(POOLED, CONTRASTS, None)["feature"].drop_duplicates().tolist() == ["u", "t"]
    figure = meta.plot(table, title="Injury")
    labels = figure.axes[0].get_yticklabels()
    assert [label.get_text() for label in labels] == ["t, padj 0.35", "u, padj 0.02"]
    assert [label.get_fontweight() for label in labels] == ["bold", "normal"]
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["pooled", "a.x", "b.x"]
    assert meta.plot(table.iloc[:0]).axes[0].texts
