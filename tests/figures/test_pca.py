"""Principal components, against eigenvectors and singular values."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend, study, within

from mircargo.figures import pca


@pytest.mark.parametrize("samples", [3, 12])
def test_pca_against_eigenvectors_of_the_covariance(samples):
    counts, sheet = study(40, samples)
    counts.iloc[7] = 12.0
    table = pca.tabulate(counts, sheet[["group"]])
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
    figure = pca.plot(pca.tabulate(counts, sheet[["group", "fraction"]]))
    texts = within(figure.axes[0])
    assert len([text for text in texts if text in counts.columns]) >= named
    if samples > 24:
        assert texts == []


def test_pca_of_two_samples_has_one_component():
    counts, sheet = study(40, 2)
    table = pca.tabulate(counts, sheet[["group"]])
    assert table["PC1_explained"].iloc[0] == pytest.approx(1)
    assert (table["PC2"] == 0).all()


def test_given_colours_are_used_and_missing_values_are_a_level():
    counts, sheet = study(40, 4)
    sheet.loc["s3", "group"] = None
    figure = pca.plot(
        pca.tabulate(counts, sheet[["group"]]), colours={"group": {"SNI": "#123456", "unused": "#ffffff"}}
    )
    assert legend(figure.axes[0]) == ["group", "sham", "SNI", "not given"]
    assert "#123456" in {line.get_color() for line in figure.axes[0].get_legend().get_lines()}


def test_components_from_products_of_features_are_those_of_the_singular_values():
    counts, sheet = study(40, 90, seed=1)
    centred = np.log2(counts.to_numpy() + 1.0)
    centred -= centred.mean(axis=1, keepdims=True)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    table = pca.tabulate(counts, sheet[["group"]], exact_up_to=10)
    np.testing.assert_allclose(table["PC1_explained"], singular[0] ** 2 / (singular**2).sum(), rtol=1e-9)
    for place, name in enumerate(["PC1", "PC2"]):
        np.testing.assert_allclose(np.abs(table[name]), np.abs(right[place] * singular[place]), atol=1e-7)
    pd.testing.assert_frame_equal(table, pca.tabulate(counts, sheet[["group"]]), rtol=1e-7)


def test_a_point_among_thousands_is_small_and_part_of_a_picture():
    many = pd.DataFrame({"sample": [f"s{i}" for i in range(2500)], "group": ["a", "b"] * 1250})
    many = many.assign(PC1=range(2500), PC2=1.0, PC1_explained=0.5, PC2_explained=0.1, n_features=10, within=None)
    [drawn] = pca.plot(many).axes[0].collections
    assert drawn.get_rasterized()
    [few] = pca.plot(many.head(200)).axes[0].collections
    assert not few.get_rasterized()
    assert drawn.get_sizes()[0] < few.get_sizes()[0] / 5


def test_each_fraction_has_components_of_its_own():
    counts, sheet = study(40, 12)
    sheet.loc[["s0", "s1"], "fraction"] = "plasma"
    table = pca.tabulate(counts, sheet[["group", "fraction"]], fraction="fraction").set_index("sample")
    # Two samples are too few.
    assert table["within"].fillna("none").value_counts().to_dict() == {"exosome": 6, "drg": 4, "none": 2}
    exosomes = sheet.index[sheet["fraction"] == "exosome"]
    alone = pca.tabulate(counts[exosomes], sheet.loc[exosomes, ["group"]]).set_index("sample")
    for name in ("PC1", "PC2", "PC1_explained", "PC2_explained"):
        np.testing.assert_allclose(table.loc[exosomes, f"within_{name}"].astype(float), alone[name])
    shares = pca.shares_of(counts, sheet[["group"]], table.reset_index())
    figure = pca.plot(table.reset_index(), shares=shares)
    assert [axes.get_title(loc="left") for axes in figure.axes[:3]] == ["all samples", "exosome", "drg"]
    drawn = [axes.patches[0].get_width() for axes in figure.axes[3:]]
    assert drawn == [shares[name]["share"].iloc[0] for name in ("all samples", "exosome", "drg")]


def test_fractions_without_room_are_counted():
    counts, sheet = study(40, 18)
    sheet["fraction"] = [f"f{i % 6}" for i in range(18)]
    figure = pca.plot(pca.tabulate(counts, sheet[["group", "fraction"]], fraction="fraction"))
    assert len(figure.axes) == 4
    assert "3 fractions more without a panel of its own" in caption(figure)
