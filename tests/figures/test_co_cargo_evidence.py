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
