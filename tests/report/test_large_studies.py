"""What the page leaves out of a study that is too large for it, and says so."""

import io

import pandas as pd
import pytest

from factories import TARGET, Made, make
from mircargo.report.payload import features_with_counts, short_counts
from mircargo.report.sections import balance, samples
from mircargo.results.reader import StudyResults


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = make(Made(n_features=40, n_samples=10), tmp_path_factory.mktemp("results") / "mine")
    return StudyResults("mine", folder)


def test_counts_inside_are_of_the_named_features_first_and_then_of_the_smallest_padj(results):
    # 40 features in 2 x 10 samples.
    assert features_with_counts(results, [TARGET], most_counts=800) is None
    chosen = features_with_counts(results, ["novel-x", None, TARGET], most_counts=799)
    assert len(chosen) == 39
    assert chosen[:2] == ["novel-x", TARGET]
    smallest = {}
    for name in ("c1", "c2"):
        for row in results.fit[name].itertuples():
            padj = float("inf") if pd.isna(row.padj) else row.padj
            smallest[row.feature] = min(padj, smallest.get(row.feature, padj))
    del smallest[TARGET]
    assert [smallest[feature] for feature in chosen[2:]] == sorted(smallest.values())[:37]
    assert features_with_counts(results, ["novel-x", TARGET], most_counts=5) == ["novel-x"]


def test_counts_inside_are_those_of_the_normalised_table_to_four_digits(results):
    whole = pd.read_csv(io.StringIO(short_counts(results)), sep="\t", index_col="feature")
    normalised = pd.read_csv(results.folder / "quality" / "normalised.tsv", sep="\t", index_col="feature")
    pd.testing.assert_frame_equal(whole, normalised, rtol=5e-4, check_dtype=False)
    wanted = [TARGET, normalised.index[30]]
    part = pd.read_csv(io.StringIO(short_counts(results, wanted)), sep="\t", index_col="feature")
    pd.testing.assert_frame_equal(part, whole.loc[wanted], check_dtype=False)


def test_of_many_samples_the_flagged_ones_are_listed_and_their_reads_are_summed(results):
    table = results.libraries.assign(flags=["", "shallow", "", "dominated", *[""] * 16])
    names = table["sample"]
    reads = pd.DataFrame({"sample": names, "input_reads": range(20), "kept_reads": 1})
    assert [row["sample"] for row in samples(table, 20)["rows"]] == list(names)
    few = samples(table, 19)
    assert [row["sample"] for row in few["rows"]] == [names[1], names[3]]
    assert (few["n"], few["n_flagged"]) == (20, 2)
    assert [row["sample"] for row in samples(table, 1)["rows"]] == [names[1]]
    assert len(balance(reads, 20)["rows"]) == 20
    # 0 + 1 + ... + 19
    assert balance(reads, 19)["rows"] == [{"sample": "all 20", "input_reads": 190, "kept_reads": 20}]
