"""Figures of more samples than can be told apart on a page; lowered limits stand for thousands of samples."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from mircargo.figures import correlation, heatmap, pca
from mircargo.figures import library_composition as composition
from mircargo.figures import target_by_group as target

N, DRAWN = 90, 30
P = {"pvalue": 1e-4, "padj": 1e-3}


@pytest.fixture(scope="module")
def study() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(1)
    names = [f"s{i:02d}" for i in range(N)]
    counts = pd.DataFrame(rng.poisson(rng.lognormal(4, 1, (40, 1)) * rng.lognormal(0, 0.3, (40, N))), columns=names)
    counts.index = [f"mmu-miR-{i}" for i in range(40)]
    # A third is injured, and the two groups alternate in the sheet.
    sheet = pd.DataFrame({"group": ["SNI" if i % 3 == 0 else "sham" for i in range(N)]}, index=names)
    return counts, sheet


def caption(figure) -> str:
    return " ".join(text.get_text().replace("\n", " ") for text in figure.texts)


def test_drawn_samples_keep_the_share_of_each_group_and_the_figure_says_so(study):
    counts, sheet = study
    results = pd.DataFrame({"feature": counts.index, "log2FoldChange": 1.0, "lfcSE": 0.2} | P)
    made = {
        composition: composition.tabulate(counts, sheet, ["group"], most_samples=DRAWN),
        correlation: correlation.tabulate(counts, sheet, ["group"], most=DRAWN),
        heatmap: heatmap.tabulate(counts, results, sheet, ["group"], 0.05, most_samples=DRAWN),
    }
    for module, table in made.items():
        each = table.drop_duplicates("sample")
        assert each["group"].value_counts().to_dict() == {"sham": 20, "SNI": 10}
        assert (table["samples_in_all"] == N).all()
        words = {"alpha": 0.05} if module is heatmap else {}
        assert "30 of 90 samples, chosen evenly," in caption(module.plot(table, variables=["group"], **words))


def test_up_to_the_limit_every_sample_is_drawn_and_no_column_is_added(study):
    counts, sheet = study
    results = pd.DataFrame({"feature": counts.index, "log2FoldChange": 1.0, "lfcSE": 0.2} | P)
    for table in (
        composition.tabulate(counts, sheet, ["group"], most_samples=N),
        correlation.tabulate(counts, sheet, ["group"], most=N),
        heatmap.tabulate(counts, results, sheet, ["group"], 0.05, most_samples=N),
    ):
        assert table["sample"].nunique() == N
        assert "samples_in_all" not in table


def test_what_is_drawn_of_a_sample_does_not_hang_on_which_others_are(study):
    counts, sheet = study
    results = pd.DataFrame({"feature": counts.index, "log2FoldChange": 1.0, "lfcSE": 0.2} | P)
    few, every = (
        heatmap.tabulate(counts, results, sheet, ["group"], 0.05, most_samples=n).set_index(["feature", "sample"])["z"]
        for n in (DRAWN, N)
    )
    pd.testing.assert_series_equal(few, every[few.index])
    pairs = correlation.tabulate(counts, sheet, ["group"], most=DRAWN)
    for row in pairs.iloc[::97].itertuples():
        assert row.rho == pytest.approx(spearmanr(counts[row.sample], counts[row.other]).statistic)
    table = composition.tabulate(counts, sheet, ["group"], most_samples=DRAWN)
    totals = table.groupby("sample")["count"].sum()
    assert (totals == counts.sum()[totals.index]).all()


def test_components_from_products_of_features_are_those_of_the_singular_values(study):
    counts, sheet = study
    centred = np.log2(counts.to_numpy() + 1.0)
    centred -= centred.mean(axis=1, keepdims=True)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    table = pca.tabulate(counts, sheet, ["group"], exact_up_to=10)
    np.testing.assert_allclose(table["PC1_explained"], singular[0] ** 2 / (singular**2).sum(), rtol=1e-9)
    for place, name in enumerate(["PC1", "PC2"]):
        np.testing.assert_allclose(np.abs(table[name]), np.abs(right[place] * singular[place]), atol=1e-7)
    pd.testing.assert_frame_equal(table, pca.tabulate(counts, sheet, ["group"]), rtol=1e-7)


def test_a_point_among_thousands_is_small_and_part_of_a_picture():
    many = pd.DataFrame({"sample": [f"s{i}" for i in range(2500)], "group": ["a", "b"] * 1250})
    many = many.assign(PC1=range(2500), PC2=1.0, PC1_explained=0.5, PC2_explained=0.1, n_features=10)
    [drawn] = pca.plot(many, variables=["group"]).axes[0].collections
    assert drawn.get_rasterized()
    [few] = pca.plot(many.head(200), variables=["group"]).axes[0].collections
    assert not few.get_rasterized()
    assert drawn.get_sizes()[0] < few.get_sizes()[0] / 5


def test_the_target_in_many_samples_has_its_middle_half_boxed():
    names = [f"s{i}" for i in range(242)]
    counts = pd.DataFrame([[*range(121), *range(100, 221)]], index=["mmu-miR-21a-5p"], columns=names, dtype=float)
    sheet = pd.DataFrame({"group": ["sham"] * 121 + ["SNI"] * 121, "mouse": [f"m{i % 121}" for i in range(242)]}, names)
    table = target.tabulate(counts, sheet, "mmu-miR-21a-5p", "group", "SNI", "sham", "mouse")
    figure = target.plot(table, level="SNI", reference="sham")
    # Of 0 to 120 the quartiles are 30 and 90, and the axis shows counts + 0.5.
    assert [(box.get_y(), box.get_y() + box.get_height()) for box in figure.axes[0].patches] == [
        (30.5, 90.5),
        (130.5, 190.5),
    ]
    assert "Box: the middle half of a group." in caption(figure)
    assert "Lines between samples of one subject, of which there are 121, are left out." in caption(figure)
    assert len(figure.axes[0].lines) == 2
