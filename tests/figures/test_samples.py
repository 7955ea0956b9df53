"""Figures with a cell or a point a sample: heatmap, correlation, principal components."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from scipy.stats import spearmanr

from mircargo.figures import correlation, heatmap, pca


def study(features: int, samples: int, seed: int = 0, prefix: str = "s") -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    names = [f"{prefix}{i}" for i in range(samples)]
    counts = pd.DataFrame(
        rng.lognormal(4, 2, (features, 1)) * rng.lognormal(0, 0.5, (features, samples)),
        index=[f"mmu-let-7{i}-5p/mmu-let-9{i}-5p" for i in range(features)],
        columns=names,
    )
    fractions = ["drg", "drg", "exosome", "exosome"]
    sheet = pd.DataFrame(
        {
            "group": [["sham", "SNI"][i % 2] for i in range(samples)],
            "fraction": [fractions[i % 4] for i in range(samples)],
        },
        index=names,
    )
    return counts, sheet


def results_of(counts: pd.DataFrame, changed: int) -> pd.DataFrame:
    padj = [1e-6 * (i + 1) if i < changed else 0.9 for i in range(len(counts))]
    return pd.DataFrame({"feature": counts.index, "log2FoldChange": 2, "lfcSE": 0.1, "pvalue": padj, "padj": padj})


def assert_names_apart(axes: Axes) -> None:
    axes.figure.draw_without_rendering()
    rows = sorted((label.get_window_extent() for label in axes.get_yticklabels()), key=lambda box: box.y0)
    columns = sorted((label.get_window_extent() for label in axes.get_xticklabels()), key=lambda box: box.x0)
    # Boxes of text include a little white above and below the letters.
    assert all(low.y1 < high.y0 + 5 for low, high in pairwise(rows))
    assert all(left.x1 < right.x0 + 5 for left, right in pairwise(columns))
    figure = axes.figure.bbox
    assert all(figure.x0 <= box.x0 and box.x1 <= figure.x1 and figure.y0 <= box.y0 for box in [*rows, *columns])


def test_heatmap_against_hand_calculation():
    counts = pd.DataFrame(
        {"a": [0.0, 3, 7], "b": [1.0, 3, 1], "c": [3.0, 3, 0]}, index=["mmu-miR-1", "mmu-miR-21", "mmu-miR-2"]
    )
    sheet = pd.DataFrame({"group": ["sham", "SNI", "sham"]}, index=["a", "b", "c"])
    results = pd.DataFrame({"feature": counts.index, "pvalue": [0.01, 0.9, 0.02], "padj": [0.02, 0.9, 0.04]})
    results = results.assign(log2FoldChange=[2.0, 0.1, -2.0], lfcSE=0.5)
    table = heatmap.tabulate(counts, results, sheet, ["group"], 0.05, target=["mmu-miR-21"])
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
    table = heatmap.tabulate(counts, joint, sheet, ["group"], 0.05, target=["mmu-miR-21"])
    assert (set(table["n_changed"]), set(table["feature"])) == ({1}, {"mmu-miR-1", "mmu-miR-21"})
    said = " ".join(text.get_text() for text in heatmap.plot(table, alpha=0.05).texts)
    assert "All 1 changed features (adjusted p < 0.05)." in said


@pytest.mark.parametrize(
    ("changed", "samples", "prefix"), [(2, 6, "s"), (60, 24, "exosome_sample_"), (200, 80, "x" * 40)]
)
def test_heatmap_stays_readable(changed, samples, prefix):
    counts, sheet = study(220, samples, prefix=prefix)
    target = counts.index[-1]
    table = heatmap.tabulate(
        counts, results_of(counts, changed), sheet, ["group", "fraction"], 0.05, target=[target], most=100
    )
    assert table["feature"].nunique() == min(changed, 100) + 1
    assert sorted(set(table["row_order"])) == list(range(min(changed, 100) + 1))
    figure = heatmap.plot(table, alpha=0.05, title="A contrast", simulated=True)
    axes = figure.axes[2]
    assert_names_apart(axes)
    bold = [label.get_text() for label in axes.get_yticklabels() if label.get_fontweight() == "bold"]
    assert bold == ["let-7219-5p/let-9219-5p"]


def test_heatmap_says_that_nothing_changed():
    counts, sheet = study(5, 4)
    results = results_of(counts, 0)
    figure = heatmap.plot(heatmap.tabulate(counts, results, sheet, ["group"], 0.05), alpha=0.05)
    assert "No feature changed" in figure.axes[0].texts[0].get_text()
    table = heatmap.tabulate(counts, results, sheet, ["group"], 0.05, target=[counts.index[0]])
    figure = heatmap.plot(table, alpha=0.05)
    assert any("No feature changed" in text.get_text() for text in figure.texts)


def test_correlation_against_scipy():
    counts, sheet = study(30, 5)
    counts.iloc[:4] = 0.0
    counts.iloc[4, 1] = 0.0
    table = correlation.tabulate(counts, sheet, ["group"])
    expected = spearmanr(counts.iloc[4:]).statistic
    found = table.set_index(["sample", "other"])["rho"].to_numpy().reshape(5, 5)
    np.testing.assert_allclose(found, expected)
    assert set(table["n_features"]) == {26}
    assert sorted(set(table["order"])) == list(range(5))


@pytest.mark.parametrize(("samples", "prefix"), [(1, "s"), (2, "s"), (4, "s"), (100, "a_rather_long_sample_name_")])
def test_correlation_is_readable_with_few_and_with_many(samples, prefix):
    counts, sheet = study(50, samples, prefix=prefix)
    table = correlation.tabulate(counts, sheet, ["group", "fraction"])
    assert_names_apart(correlation.plot(table).axes[2])


def test_correlation_puts_like_samples_together():
    rng = np.random.default_rng(1)
    kinds = rng.lognormal(4, 2, (80, 2))
    counts = pd.DataFrame({f"s{i}": kinds[:, i % 2] * rng.lognormal(0, 0.1, 80) for i in range(8)})
    sheet = pd.DataFrame({"kind": ["one", "two"] * 4}, index=counts.columns)
    order = correlation.tabulate(counts, sheet, ["kind"]).drop_duplicates("sample").sort_values("order")
    assert order["kind"].ne(order["kind"].shift()).sum() == 2


def test_an_empty_sample_has_no_correlation():
    counts, sheet = study(10, 3)
    counts["s1"] = 0.0
    table = correlation.tabulate(counts, sheet, ["group"]).set_index(["sample", "other"])["rho"]
    assert np.isnan(table["s0", "s1"])
    assert np.isfinite(table["s0", "s2"])
    correlation.plot(correlation.tabulate(counts, sheet, ["group"]))


@pytest.mark.parametrize("samples", [3, 12])
def test_pca_against_eigenvectors_of_the_covariance(samples):
    counts, sheet = study(40, samples)
    counts.iloc[7] = 12.0
    table = pca.tabulate(counts, sheet, ["group"])
    log = np.log2(counts.drop(index=counts.index[7]).to_numpy() + 1).T
    values, vectors = np.linalg.eigh(np.cov(log, rowvar=False))
    for number, name in ((1, "PC1"), (2, "PC2")):
        vector = vectors[:, -number] * np.sign(vectors[np.abs(vectors[:, -number]).argmax(), -number])
        np.testing.assert_allclose(table[name], (log - log.mean(axis=0)) @ vector, atol=1e-8)
        np.testing.assert_allclose(table[f"{name}_explained"], values[-number] / values.sum())
    assert set(table["n_features"]) == {39}


@pytest.mark.parametrize(("samples", "named"), [(1, 1), (2, 2), (3, 3), (24, 20), (25, 0)])
def test_pca_names_samples_while_they_are_few(samples, named):
    counts, sheet = study(40, samples)
    figure = pca.plot(pca.tabulate(counts, sheet, ["group", "fraction"]))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert len([text for text in texts if text in counts.columns]) >= named
    if samples > 24:
        assert texts == []


def test_pca_of_two_samples_has_one_component():
    counts, sheet = study(40, 2)
    table = pca.tabulate(counts, sheet, ["group"])
    assert table["PC1_explained"].iloc[0] == pytest.approx(1)
    assert (table["PC2"] == 0).all()


@pytest.mark.parametrize("tabulate", [correlation.tabulate, pca.tabulate])
def test_a_sheet_that_does_not_fit_is_refused(tabulate):
    counts, sheet = study(5, 3)
    with pytest.raises(ValueError, match="no row for: s2"):
        tabulate(counts, sheet.iloc[:2], ["group"])
    with pytest.raises(ValueError, match="no column: batch; it has: group, fraction"):
        tabulate(counts, sheet, ["batch"])
    with pytest.raises(ValueError, match="columns of this name itself: sample"):
        tabulate(counts, sheet.assign(sample="x"), ["sample"])


def test_given_colours_are_used_and_missing_values_are_a_level():
    counts, sheet = study(40, 4)
    sheet.loc["s3", "group"] = None
    figure = pca.plot(
        pca.tabulate(counts, sheet, ["group"]), colours={"group": {"SNI": "#123456", "unused": "#ffffff"}}
    )
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["group", "sham", "SNI", "not given"]
    assert "#123456" in {line.get_color() for line in legend.get_lines()}
