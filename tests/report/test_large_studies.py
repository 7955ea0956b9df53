"""What the page leaves out of a study that is too large for it, and says so."""

import io

import pandas as pd
import pytest
from result_folder import TARGET, Made, make

from mircargo.config import parse
from mircargo.io import read_json, read_result, write_table
from mircargo.report.payload import features_inside, short_counts
from mircargo.report.sections import balance, samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make(Made(n_features=40, n_samples=10), tmp_path_factory.mktemp("results") / "mine")


@pytest.fixture(scope="module")
def study(folder):
    return parse(read_json(folder / "provenance.json")["configuration"]).studies["mine"]


def test_counts_inside_are_of_the_named_features_first_and_then_of_the_smallest_padj(folder, study):
    # 40 features in 2 x 10 samples.
    assert features_inside(folder, study, [TARGET], most_counts=800) is None
    chosen = features_inside(folder, study, ["novel-x", None, TARGET], most_counts=799)
    assert len(chosen) == 39
    assert chosen[:2] == ["novel-x", TARGET]
    smallest = {}
    for name in ("c1", "c2"):
        for row in read_result(folder / "differential" / f"{name}.tsv").itertuples():
            padj = float("inf") if pd.isna(row.padj) else row.padj
            smallest[row.feature] = min(padj, smallest.get(row.feature, padj))
    del smallest[TARGET]
    assert [smallest[feature] for feature in chosen[2:]] == sorted(smallest.values())[:37]
    assert features_inside(folder, study, ["novel-x", TARGET], most_counts=5) == ["novel-x"]


def test_counts_inside_are_those_of_the_normalised_table_to_four_digits(folder):
    whole = pd.read_csv(io.StringIO(short_counts(folder)), sep="\t", index_col="feature")
    normalised = pd.read_csv(folder / "quality" / "normalised.tsv", sep="\t", index_col="feature")
    pd.testing.assert_frame_equal(whole, normalised, rtol=5e-4, check_dtype=False)
    wanted = [TARGET, normalised.index[30]]
    part = pd.read_csv(io.StringIO(short_counts(folder, wanted)), sep="\t", index_col="feature")
    pd.testing.assert_frame_equal(part, whole.loc[wanted], check_dtype=False)


def test_of_many_samples_the_flagged_ones_are_listed_and_their_reads_are_summed(folder, tmp_path):
    (tmp_path / "quality").mkdir()
    (tmp_path / "counts").mkdir()
    table = read_result(folder / "quality" / "samples.tsv")
    table["flags"] = ["", "shallow", "", "dominated", *[""] * 16]
    write_table(table, tmp_path / "quality" / "samples.tsv")
    names = table["sample"]
    reads = pd.DataFrame({"sample": names, "input_reads": range(20), "kept_reads": 1})
    write_table(reads, tmp_path / "counts" / "balance.tsv")
    assert [row["sample"] for row in samples(tmp_path, 20)["rows"]] == list(names)
    few = samples(tmp_path, 19)
    assert [row["sample"] for row in few["rows"]] == [names[1], names[3]]
    assert (few["n"], few["n_flagged"]) == (20, 2)
    assert [row["sample"] for row in samples(tmp_path, 1)["rows"]] == [names[1]]
    assert len(balance(tmp_path, 20)["rows"]) == 20
    # 0 + 1 + ... + 19
    assert balance(tmp_path, 19)["rows"] == [{"sample": "all 20", "input_reads": 190, "kept_reads": 20}]
