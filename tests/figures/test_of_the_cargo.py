"""What libraries are made of, and the evidence for co-cargo."""

import numpy as np
import pandas as pd
import pytest
from test_samples import assert_names_apart

from mircargo.figures import co_cargo_evidence as co_cargo
from mircargo.figures import library_composition as composition

TARGET = "mmu-miR-21a-5p"


def test_shares_by_hand():
    counts = pd.DataFrame(
        {"e1": [60, 20, 15, 5], "d1": [10, 10, 70, 10], "e2": [40, 40, 10, 10], "empty": [0, 0, 0, 0]},
        index=["rrna", TARGET, "mmu-let-7", "mmu-miR-9"],
    )
    sheet = pd.DataFrame({"fraction": ["exosome", "drg", "exosome", "drg"]}, index=counts.columns)
    table = composition.tabulate(counts, sheet, ["fraction"], target=[TARGET], most=2)
    # Fractions in order of first appearance; largest are the means of let-7 (0.7 in drg) and rrna (0.5 in exosomes).
    assert table.drop_duplicates("sample")["sample"].tolist() == ["e1", "e2", "d1", "empty"]
    assert table["feature"].tolist()[:4] == [TARGET, "mmu-let-7", "rrna", composition.REST]
    assert table["role"].tolist()[:4] == ["target", "top", "top", "rest"]
    share = table.set_index(["sample", "feature"])["share"]
    assert share["e1"].tolist() == [0.2, 0.15, 0.6, 0.05]
    assert share["d1"].tolist() == [0.1, 0.7, 0.1, 0.1]
    assert share["empty"].isna().all()
    assert table["total"].unique().tolist() == [100, 0]


def test_what_only_one_fraction_is_full_of_is_shown():
    counts = pd.DataFrame(
        np.full((30, 10), 10), index=[f"f{i}" for i in range(30)], columns=[f"s{i}" for i in range(10)]
    )
    counts.loc["f29", "s9"] = 1000
    sheet = pd.DataFrame({"fraction": ["drg"] * 9 + ["exosome"]}, index=counts.columns)
    table = composition.tabulate(counts, sheet, ["fraction"], most=1)
    assert table["feature"].unique().tolist() == ["f29", composition.REST]
    assert table.groupby("sample")["share"].sum().tolist() == pytest.approx([1.0] * 10)


@pytest.mark.parametrize("n", [1, 12, 150])
def test_names_of_samples_never_run_together(n):
    names = [f"an_exosome_sample_with_a_long_name_{i}" for i in range(n)]
    rng = np.random.default_rng(2)
    counts = pd.DataFrame(rng.poisson(50, (20, n)), index=[f"mmu-miR-{i}" for i in range(20)], columns=names)
    sheet = pd.DataFrame({"fraction": ["drg", "exosome"] * n}, index=[*names, *[f"x{i}" for i in range(n)]])
    figure = composition.plot(composition.tabulate(counts, sheet, ["fraction"]), title="Libraries", simulated=True)
    assert_names_apart(figure.axes[1])
    legend = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    assert legend[0] == composition.REST
    assert len(legend) == 8
    assert ("For want of room" in figure.texts[-1].get_text().replace("\n", " ")) == (n == 150)


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
    assert "The first 30 of 40." in figure.texts[-1].get_text().replace("\n", " ")
    labels = figure.axes[0].get_yticklabels()
    assert [label.get_text() for label in labels if label.get_fontweight() == "bold"] == ["miR-21a-5p"]


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
    assert any("none has a tier" in text.get_text() for text in figure.texts)
    figure = co_cargo.plot(co_cargo.tabulate(evidence(0).head(0), [TARGET]))
    assert "No feature is co-cargo" in figure.axes[0].texts[0].get_text()
