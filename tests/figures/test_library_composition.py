"""What libraries are made of, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from made_samples import assert_names_apart, caption, legend

from mircargo.figures import library_composition as composition

TARGET = "mmu-miR-21a-5p"


def test_shares_by_hand():
    counts = pd.DataFrame(
        {"e1": [60, 20, 15, 5], "d1": [10, 10, 70, 10], "e2": [40, 40, 10, 10], "empty": [0, 0, 0, 0]},
        index=["rrna", TARGET, "mmu-let-7", "mmu-miR-9"],
    )
    sheet = pd.DataFrame({"fraction": ["exosome", "drg", "exosome", "drg"]}, index=counts.columns)
    table = composition.tabulate(counts, sheet[["fraction"]], target=[TARGET], most=2)
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
    table = composition.tabulate(counts, sheet[["fraction"]], most=1)
    assert table["feature"].unique().tolist() == ["f29", composition.REST]
    assert table.groupby("sample")["share"].sum().tolist() == pytest.approx([1.0] * 10)


@pytest.mark.parametrize("n", [1, 12, 150])
def test_names_of_samples_never_run_together(n):
    names = [f"an_exosome_sample_with_a_long_name_{i}" for i in range(n)]
    rng = np.random.default_rng(2)
    counts = pd.DataFrame(rng.poisson(50, (20, n)), index=[f"mmu-miR-{i}" for i in range(20)], columns=names)
    sheet = pd.DataFrame({"fraction": ["drg", "exosome"] * n}, index=[*names, *[f"x{i}" for i in range(n)]])
    figure = composition.plot(composition.tabulate(counts, sheet[["fraction"]]), title="Libraries", simulated=True)
    assert_names_apart(figure.axes[1])
    assert legend(figure.axes[1])[0] == composition.REST
    assert len(legend(figure.axes[1])) == 7
    assert ("For want of room" in caption(figure)) == (n == 150)
