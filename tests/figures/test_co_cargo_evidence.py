"""The evidence for co-cargo: which features, in which order, and what is said of them."""

import numpy as np
import pandas as pd
from made_samples import caption, names, within

from mircargo.figures import co_cargo_evidence as co_cargo

TARGET = "mmu-miR-21a-5p"


def evidence(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feature": [*(f"mmu-miR-{i}-5p" for i in range(n)), TARGET, "mmu-miR-none"],
            "tier": ["strong"] * n + [None, None],
            "class": ["selective"] * n + ["parallel", "retained"],
            "log2FoldChange": [1.5] * n + [2.6, 0.1],
            "padj": [0.001] * n + [1e-13, 0.9],
            "share_same_call": [1.0] * n + [0.95, np.nan],
            "release_log2FoldChange": [np.nan] * n + [1.1, 0.0],
            "release_padj": [np.nan] * n + [0.049, 0.9],
            "residual_correlation": [0.4] * n + [1.0, 0.0],
            "cautions": ["its reads may be fragments of rRNA; " * 6] * n + [None, None],
        }
    )


def test_the_target_stands_first_and_what_is_left_out_is_counted():
    table = co_cargo.tabulate(evidence(40), [TARGET])
    assert table["feature"].tolist() == [TARGET, *(f"mmu-miR-{i}-5p" for i in range(30))]
    assert table["role"].tolist() == ["target"] + ["co-cargo"] * 30
    assert set(table["n_co_cargo"]) == {40}
    # A correlation with itself is no evidence.
    assert np.isnan(table["residual_correlation"].iloc[0])
    figure = co_cargo.plot(table)
    assert "The first 30 of 40." in caption(figure)
    assert names(figure.axes[0], bold=True) == ["miR-21a-5p"]


def test_every_piece_of_evidence_is_written_inside_the_figure():
    figure = co_cargo.plot(co_cargo.tabulate(evidence(2), [TARGET]))
    figure.draw_without_rendering()
    texts = figure.axes[0].texts
    assert {"target", "strong", "+2.60", "1e-13", "95%", "parallel", "+1.10", "0.049", "+0.40", "-"} <= {
        text.get_text() for text in texts
    }
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in (t.get_window_extent() for t in texts))


def test_no_co_cargo_is_said():
    figure = co_cargo.plot(co_cargo.tabulate(evidence(0), [TARGET]))
    assert "none has a tier" in caption(figure)
    figure = co_cargo.plot(co_cargo.tabulate(evidence(0).head(0), [TARGET]))
    assert "No feature is co-cargo" in within(figure.axes[0])[0]


def test_only_what_passes_is_coloured_and_the_scale_has_a_key():
    given = evidence(2)
    given.loc[0, "padj"], given.loc[1, ["release_log2FoldChange", "release_padj"]] = 0.06, [-1.0, 0.2]
    figure = co_cargo.plot(co_cargo.tabulate(given, [TARGET]))
    figure.draw_without_rendering()
    coloured = [patch for patch in figure.axes[0].patches if len(set(patch.get_facecolor()[:3])) > 1]
    # Rows: the target, then two features; columns: fold change, release.
    places = sorted((round(patch.get_x(), 2), patch.get_y()) for patch in coloured)
    assert [y for _, y in places] == [0, 2, 0]
    keys = [axes.get_xlabel() for axes in figure.findobj(type(figure.axes[0])) if axes.get_xlabel()]
    assert keys == ["log2 fold change, where adjusted p < 0.05"]


def test_what_no_feature_has_is_no_column_and_one_feature_has_rows_of_its_own():
    given = evidence(2).assign(cautions=None, release_padj=np.nan, release_log2FoldChange=np.nan)
    texts = within(co_cargo.plot(co_cargo.tabulate(given, [TARGET])).axes[0])
    assert not {"cautions", "release,\nlog2", "release,\nadjusted p"} & set(texts)
    alone = given[given["feature"] == TARGET].assign(padj=0.4)
    figure = co_cargo.plot(co_cargo.tabulate(alone, [TARGET]))
    assert names(figure.axes[0]) == [
        "tier", "log2 fold change", "adjusted p", "same call in re-analyses", "release class",
    ]  # fmt: skip
    assert within(figure.axes[0]) == ["target", "+2.60", "0.4", "95%", "parallel"]
    assert figure.get_size_inches()[0] == 3.5
    assert not [patch for patch in figure.axes[0].patches if len(set(patch.get_facecolor()[:3])) > 1]
