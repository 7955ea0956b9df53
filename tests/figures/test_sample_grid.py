"""More samples than can be told apart on a page, and sheets that do not fit the counts."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption
from made_samples import study as made
from scipy.stats import spearmanr

from mircargo.figures import correlation, heatmap, library_composition, pca

N, DRAWN = 90, 30


@pytest.fixture(scope="module")
def study() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(1)
    names = [f"s{i:02d}" for i in range(N)]
    counts = pd.DataFrame(rng.poisson(rng.lognormal(4, 1, (40, 1)) * rng.lognormal(0, 0.3, (40, N))), columns=names)
    counts.index = [f"mmu-miR-{i}" for i in range(40)]
    # A third is injured, and the two groups alternate in the sheet.
    sheet = pd.DataFrame({"group": ["SNI" if i % 3 == 0 else "sham" for i in range(N)]}, index=names)
    return counts, sheet


@pytest.fixture(scope="module")
def tables(study):
    """Return a function that gives the tables of the figures of so many samples, by module."""
    counts, sheet = study
    results = pd.DataFrame({"feature": counts.index, "log2FoldChange": 1.0, "lfcSE": 0.2, "pvalue": 1e-4, "padj": 1e-3})
    return lambda most: {
        library_composition: library_composition.tabulate(counts, sheet[["group"]], most_samples=most),
        correlation: correlation.tabulate(counts, sheet[["group"]], most=most),
        heatmap: heatmap.tabulate(counts, results, sheet[["group"]], 0.05, most=(40, most)),
    }


def test_drawn_samples_keep_the_share_of_each_group_and_the_figure_says_so(tables):
    for module, table in tables(DRAWN).items():
        each = table.drop_duplicates("sample")
        assert each["group"].value_counts().to_dict() == {"sham": 20, "SNI": 10}
        assert (table["samples_in_all"] == N).all()
        words = {"alpha": 0.05} if module is heatmap else {}
        assert "30 of 90 samples, chosen evenly," in caption(module.plot(table, **words))


def test_up_to_the_limit_every_sample_is_drawn_and_no_column_is_added(tables):
    for table in tables(N).values():
        assert table["sample"].nunique() == N
        assert "samples_in_all" not in table


def test_what_is_drawn_of_a_sample_does_not_depend_on_which_others_are(study, tables):
    counts, _ = study
    few, every = (tables(n)[heatmap].set_index(["feature", "sample"])["z"] for n in (DRAWN, N))
    pd.testing.assert_series_equal(few, every[few.index])
    for row in tables(DRAWN)[correlation].iloc[::97].itertuples():
        assert row.rho == pytest.approx(spearmanr(counts[row.sample], counts[row.other]).statistic)
    totals = tables(DRAWN)[library_composition].groupby("sample")["count"].sum()
    assert (totals == counts.sum()[totals.index]).all()


@pytest.mark.parametrize("tabulate", [correlation.tabulate, pca.tabulate])
def test_a_sheet_that_does_not_fit_is_refused(tabulate):
    counts, sheet = made(5, 3)
    with pytest.raises(ValueError, match="no row for: s2"):
        tabulate(counts, sheet.iloc[:2])
    with pytest.raises(ValueError, match="columns of this name itself: sample"):
        tabulate(counts, sheet.assign(sample="x")[["sample"]])


def test_a_variable_that_tells_no_sample_apart_has_no_strip_and_no_legend(study):
    counts, sheet = study
    figure = correlation.plot(correlation.tabulate(counts, sheet.assign(fraction="ev")[["group", "fraction"]]))
    words = {
        text.get_text() for axes in figure.axes for legend in [axes.get_legend()] if legend for text in legend.texts
    }
    assert {"group", "SNI", "sham"} <= words
    assert not {"fraction", "ev"} & words
    alone = correlation.plot(correlation.tabulate(counts, sheet.assign(fraction="ev")[["fraction"]]))
    assert "ev" in {text.get_text() for text in alone.axes[0].get_legend().texts}
