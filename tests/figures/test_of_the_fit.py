"""Figures of a fit: p-values, dispersions, the design matrix. Expected values are worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from mircargo.figures import design_matrix as design
from mircargo.figures import dispersion_trend as dispersion
from mircargo.figures import pvalues


def p_table(values) -> pd.DataFrame:
    return pd.DataFrame({"pvalue": values})


def test_histogram_and_share_of_nulls_by_hand():
    values = [0.01, 0.02, 0.03, 0.04, 0.25, 0.3, 0.6, 1.0, np.nan]
    table = pvalues.tabulate(p_table(values), bins=4)
    assert table["n"].tolist() == [4, 2, 1, 1]
    assert set(table["n_tested"]) == {8}
    assert set(table["n_uniform"]) == {2.0}
    # Two of eight lie above one half, where half of the unchanged do: 2 / (8 * 0.5).
    assert set(table["null_share"]) == {0.5}
    assert set(table["n_null"]) == {1.0}
    assert pvalues.null_share(np.array([0.7, 0.8, 0.2])) == 1.0


def test_share_of_nulls_finds_what_was_planted():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.uniform(size=7000), rng.uniform(0, 1e-3, size=3000)])
    # Two standard errors of a share of 0.35 of 10,000, doubled as the share is.
    assert pvalues.null_share(values) == pytest.approx(0.7, abs=2 * 2 * (0.35 * 0.65 / 10_000) ** 0.5)


def test_no_p_value_is_said():
    figure = pvalues.plot(pvalues.tabulate(p_table([np.nan])))
    assert "No feature has a p-value." in figure.axes[0].texts[0].get_text()


def test_caption_tells_n_and_share():
    figure = pvalues.plot(pvalues.tabulate(p_table([0.01, 0.02, 0.03, 0.6])), note="Wald test.")
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert "unchanged, estimated: 50%" in legend
    caption = figure.texts[-1].get_text().replace("\n", " ")
    assert caption.startswith("4 features tested")
    assert caption.endswith("Wald test.")


def dispersions() -> pd.DataFrame:
    """Return a feature drawn up, one drawn down, one far above, one with next to none, one that was not fitted."""
    return pd.DataFrame(
        {
            "feature": ["mmu-miR-1", "mmu-miR-21a-5p", "mmu-miR-3", "mmu-miR-4", "mmu-miR-5"],
            "baseMean": [10.0, 1000.0, 50.0, 5.0, 0.1],
            "dispersion_gene_wise": [0.1, 0.9, 8.0, 1e-8, np.nan],
            "dispersion_trend": [0.4, 0.2, 0.3, 0.5, np.nan],
            "dispersion": [0.3, 0.4, 8.0, 0.2, np.nan],
        }
    )


def test_what_is_far_above_the_trend_keeps_its_own_dispersion():
    table = dispersion.tabulate(dispersions(), ["mmu-miR-21a-5p"])
    assert table["feature"].tolist() == ["mmu-miR-1", "mmu-miR-21a-5p", "mmu-miR-3", "mmu-miR-4"]
    assert table["kept"].tolist() == [False, False, True, False]
    assert table["role"].tolist() == ["none", "target", "none", "none"]


def test_dispersions_below_the_axis_are_drawn_at_its_rim_and_the_target_is_named():
    figure = dispersion.plot(dispersion.tabulate(dispersions(), ["mmu-miR-21a-5p"]))
    axes = figure.axes[0]
    low, _ = axes.get_ylim()
    drawn = np.concatenate([each.get_offsets() for each in axes.collections if len(each.get_offsets())])
    assert (drawn[:, 1] > low).all()
    assert [text.get_text() for text in axes.texts] == ["miR-21a-5p"]
    assert "1 below the axis" in figure.texts[-1].get_text().replace("\n", " ")
    assert "Ringed" in figure.texts[-1].get_text()


def facts(n_subjects: int = 0) -> dict:
    """Return the facts of a design with a batch, or with a coefficient a subject, as a fit writes them."""
    if n_subjects:
        names = ["Intercept", *(f"subject {i} against 0" for i in range(1, n_subjects)), "injured against control"]
        rows = []
        for group in (1, 0):
            for subject in range(n_subjects):
                values = [1.0, *(float(subject == i) for i in range(1, n_subjects)), float(group)]
                rows.append(
                    {"values": values, "samples": [f"s{subject}_{group}"], "group": ["control", "injured"][group]}
                )
    else:
        names = ["mean of control in batch a", "batch b against a", "injured against control"]
        rows = [
            {"values": [1.0, 0.0, 1.0], "samples": ["i1", "i2"], "group": "injured"},
            {"values": [1.0, 0.0, 0.0], "samples": ["c1", "c2", "c3"], "group": "control"},
            {"values": [1.0, 1.0, 1.0], "samples": ["i3"], "group": "injured"},
            {"values": [1.0, 1.0, 0.0], "samples": ["c4"], "group": "control"},
        ]
    return {
        "design": {"coefficients": [{"name": f"c{i}", "words": name} for i, name in enumerate(names)], "rows": rows},
        "contrast_vector": [0.0] * (len(names) - 1) + [1.0],
    }


def test_kinds_of_samples_stand_by_group_the_reference_first():
    table = design.tabulate(facts())
    kinds = table.drop_duplicates("sample_order")
    assert kinds["samples"].tolist() == ["c1;c2;c3", "c4", "i1;i2", "i3"]
    assert kinds["n_samples"].tolist() == [3, 1, 2, 1]
    values = table["value"].to_numpy().reshape(3, 4)
    assert values.tolist() == [[1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1]]
    assert table.loc[table["weight"] == 1, "words"].unique().tolist() == ["injured against control"]


def test_what_the_contrast_asks_about_is_bold():
    figure = design.plot(design.tabulate(facts()), formula="~ batch + condition", title="x")
    axes = figure.axes[1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3 samples", "c4", "2 samples", "i3"]
    bold = [label.get_text() for label in axes.get_yticklabels() if label.get_fontweight() == "bold"]
    assert bold == ["injured against control"]
    caption = figure.texts[-1].get_text().replace("\n", " ")
    assert caption.startswith("7 samples, 3 coefficients.")
    assert "share a column" in caption


def test_a_design_of_eighty_mice_is_one_page_and_never_leaves_out_what_is_asked():
    figure = design.plot(design.tabulate(facts(80)))
    assert figure.get_size_inches()[1] <= 10.6
    axes = figure.axes[1]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert "injured against control" in labels
    assert len(labels) < 81
    assert "For want of room" in figure.texts[-1].get_text().replace("\n", " ")
