"""Samples that are not what the sheet says. Expected names come from the studies' own records, not from the code."""

import numpy as np
import pandas as pd
import pytest

from mircargo.checks.mixups import mislabelled_fractions, red_cells, swapped_samples
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.samples import contrast_samples
from studies import ROOT, read_study


@pytest.fixture(scope="module")
def pools(shared):
    folder = shared / "data" / "ratiometric_pools"
    counts = pd.read_csv(folder / "counts.tsv", sep="\t", index_col=0)
    return counts, pd.read_csv(folder / "samples.tsv", sep="\t", index_col=0, dtype=str)


def test_the_swap_that_a_laboratory_made_is_found_and_no_other(pools):
    counts, sheet = pools
    groups = dict(list(sheet.groupby(sheet["lab"] + "." + sheet["kit"])))
    assert len(groups) == 12
    for name, part in groups.items():
        assert swapped_samples(counts, part, "pool", name) == []

    part = groups["Lab1.NEBNext"].copy()
    a1, b2 = "Lab1.NEBNext.SynthA.1", "Lab1.NEBNext.SynthB.2"
    part.loc[[a1, b2], "pool"] = ["B", "A"]  # as the laboratory had them at first
    [problem] = swapped_samples(counts, part, "pool", "x")
    assert problem.severity == "warning"
    assert [sample in problem.found for sample in part.index] == [sample in (a1, b2) for sample in part.index]


@pytest.mark.parametrize("name", ["microglia_ev", "joint_injury", "myotube_ev"])
def test_nothing_is_said_of_studies_without_a_known_swap(shared, name):
    study, read, sheet = read_study(name, shared)
    for key, contrast in study.contrasts.items():
        assert swapped_samples(read.counts, contrast_samples(sheet, contrast, key), contrast.variable, key) == []
    if study.fraction in sheet:
        assert mislabelled_fractions(read.counts, sheet[study.fraction]) == []


def test_samples_exchanged_on_purpose_are_found(shared):
    study, read, sheet = read_study("microglia_ev", shared)
    chosen = contrast_samples(sheet, study.contrasts["cell_lps"], "x")
    for control in chosen.index[chosen["treatment"] == "control"]:
        exchanged = chosen.copy()
        exchanged.loc[[control, "cell_LPS_2"], "treatment"] = ["LPS", "control"]
        [problem] = swapped_samples(read.counts, exchanged, "treatment", "x")
        assert f"'{control}'" in problem.found
        assert "'cell_LPS_2'" in problem.found
        assert problem.found.count("is like") == 2

    fraction = sheet["fraction"].copy()
    fraction[["cell_LPS_1", "ev_IL10_2"]] = ["ev", "cell"]
    problems = mislabelled_fractions(read.counts, fraction)
    assert sorted(problem.where for problem in problems) == ["sample 'cell_LPS_1'", "sample 'ev_IL10_2'"]


def test_the_example_has_its_fractions_right_and_one_exchanged_is_found():
    folder = ROOT / "config" / "example"
    counts = pd.concat(
        [pd.read_csv(folder / f"{part}_counts.tsv", sep="\t", index_col=0) for part in ("drg", "exosome")], axis=1
    )
    fraction = read_sheet(folder / "samples.tsv")["fraction"]
    assert mislabelled_fractions(counts, fraction) == []
    fraction["drg_control_3"] = "exosome"
    assert [problem.where for problem in mislabelled_fractions(counts, fraction)] == ["sample 'drg_control_3'"]


def two_heaps(rng) -> pd.DataFrame:
    """Samples a to h, of which a to d and e to h are alike."""
    means = rng.lognormal(5, 1.5, (200, 2))
    return pd.DataFrame(rng.poisson(np.repeat(means, 4, axis=1)), columns=list("abcdefgh"))


def test_heaps_that_a_batch_explains_are_no_swap():
    counts = two_heaps(np.random.default_rng(3))
    sheet = pd.DataFrame({"group": list("xxxyyyyx")}, index=list("abcdefgh"))
    [problem] = swapped_samples(counts, sheet, "group", "c")
    assert [name for name in "abcdefgh" if f"'{name}'" in problem.found] == ["d", "h"]
    assert swapped_samples(counts, sheet.assign(batch=list("11112222")), "group", "c") == []
    # Half of a group in the other heap is no swap either, but groups that do not differ as something else does.
    assert swapped_samples(counts, sheet.assign(group=list("xxyyyyxx")), "group", "c") == []


def test_red_cells_are_looked_for_in_blood_only():
    # log2(500.5 / 100000.5) is -7.64; log2(1000.5 / 100000.5) is -6.64.
    counts = pd.DataFrame(
        {"p1": [100_000, 500, 299_500], "p2": [100_000, 1000, 299_000], "d1": [100_000, 500, 0]},
        index=["mir451", "mir23", "rest"],
    )
    fraction = pd.Series({"p1": "plasma", "p2": "plasma", "d1": "drg"})
    [problem] = red_cells(counts, fraction, ["plasma"], "mir451", "mir23")
    assert problem.where == "sample 'p1'"
    assert "25.0% of reads" in problem.found
    assert "-7.6" in problem.found
    assert red_cells(counts, fraction, [], "mir451", "mir23") == []
