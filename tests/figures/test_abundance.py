"""Quantiles of libraries and their relative log expression, worked out by hand and by planted depths."""

import numpy as np
import pandas as pd
import pytest
from made_samples import assert_names_apart, caption
from matplotlib.colors import to_hex

from mircargo.figures import abundance


def table_of(counts, factors, sheet, **more):
    normalised = counts / pd.Series(factors, index=counts.columns)
    return abundance.tabulate(counts, normalised, sheet[["fraction", "group"]], sheet["fraction"], **more)


def study(n_samples, n_features=200, prefix="s"):
    rng = np.random.default_rng(n_samples)
    names = [f"{prefix}{i}" for i in range(n_samples)]
    depth = np.exp2(rng.uniform(-1, 1, n_samples))
    # The same library each time, only deeper: counts so high that rounding is nothing.
    counts = pd.DataFrame(
        np.outer(1e4 * np.exp2(rng.uniform(0, 8, n_features)), depth).round().astype(int), columns=names
    )
    counts.index = [f"mmu-miR-{i}" for i in range(n_features)]
    fractions, groups = (
        [["drg", "ev"][i % 2] for i in range(n_samples)],
        [["a", "b"][i // 2 % 2] for i in range(n_samples)],
    )
    sheet = pd.DataFrame({"fraction": fractions, "group": groups}, index=names)
    return counts, depth, sheet


def test_by_hand():
    # Of two libraries of one fraction; the last feature is in fewer than half of those of the other fraction.
    counts = pd.DataFrame(
        {"d1": [1, 3, 7, 0], "d2": [3, 7, 15, 0], "e1": [15, 0, 0, 31], "e2": [15, 0, 0, 31]}, index=list("wxyz")
    )
    sheet = pd.DataFrame({"fraction": ["drg", "drg", "ev", "ev"], "group": "a"}, index=counts.columns)
    table = table_of(counts, [1, 1, 1, 1], sheet).set_index(["sample", "measure"])
    assert table["n_features"].groupby("sample").first().to_dict() == {"d1": 3, "d2": 3, "e1": 2, "e2": 2}
    # log2(count + 1) is 1, 2, 3 and 2, 3, 4; medians of the features are 1.5, 2.5, 3.5.
    assert table.loc[("d1", "counts"), ["q25", "q50", "q75"]].tolist() == [1.5, 2, 2.5]
    assert table.loc[("d1", "counts"), ["q05", "q95"]].tolist() == pytest.approx([1.1, 2.9])
    assert table.loc[("d1", "relative"), ["q05", "q50", "q95"]].tolist() == pytest.approx([-0.5] * 3)
    assert table.loc[("d2", "relative"), ["q05", "q50", "q95"]].tolist() == pytest.approx([0.5] * 3)
    # Medians are within fractions: against all four libraries w would be high in the exosomes.
    assert table.loc[("e1", "relative"), "q50"] == 0


def test_planted_depths_are_seen_before_normalisation_and_gone_after():
    counts, depth, sheet = study(8)
    medians = table_of(counts, depth, sheet).pivot_table(index="sample", columns="measure", values="q50")
    assert medians["relative"].abs().max() < 1e-3
    planted = pd.Series(np.log2(depth), index=counts.columns)
    planted -= planted.groupby(sheet["fraction"]).transform("median")
    assert (medians["relative_counts"] - planted).abs().max() < 1e-3


def test_a_fraction_without_common_features_has_empty_boxes():
    counts = pd.DataFrame(0, index=["w"], columns=["d1", "d2"])
    sheet = pd.DataFrame({"fraction": "drg", "group": "a"}, index=counts.columns)
    table = table_of(counts, [1, 1], sheet)
    assert table["n_features"].eq(0).all()
    assert table["q50"].isna().all()
    assert "0 features" in caption(abundance.plot(table))


@pytest.mark.parametrize("n", [1, 6, 40, 301])
def test_boxes_have_the_colours_of_groups_and_names_stay_apart(n):
    counts, depth, sheet = study(n, prefix="an_exosome_sample_with_a_long_name_")
    table = table_of(counts, depth, sheet)
    colours = {"group": {"a": "#777777", "b": "#123456"}}
    figure = abundance.plot(table, by="group", colours=colours, title="Libraries", simulated=True)
    assert_names_apart(figure.axes[-1])
    boxes = figure.axes[-1].collections[2]
    drawn = min(n, 300)
    groups = table.drop_duplicates("sample")["group"].tolist()
    assert [to_hex(colour) for colour in boxes.get_facecolor()] == [colours["group"][group] for group in groups]
    assert len(groups) == drawn
    assert figure.get_size_inches()[0] == (3.5 if n <= 14 else 7.2)
    assert ("300 of 301 samples" in caption(figure)) == (n > 300)
