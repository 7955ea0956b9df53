import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mircargo.names.ledger import Source, assemble
from mircargo.names.mirbase import load_mature
from mircargo.problems import ProblemsFound
from mircargo.tables.raw import RawTable
from studies import read_study

NAMES = load_mature().query("species == 'mmu'")["name"].head(40).tolist()


def table(ids, values, same_feature="sum", samples=("a", "b"), path="counts.tsv") -> Source:
    counts = pd.DataFrame(values, columns=list(samples))
    return Source(RawTable(path, "plain", list(ids), list(range(2, len(ids) + 2)), counts, same_feature))


SAMPLES = {"a": "a", "b": "b"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*NAMES, "spike_1", "MIMAT0000530", "MIMAT0000530_1"]),
            st.integers(0, 1000),
            st.integers(0, 1000),
        ),
        min_size=1,
    )
)
def test_every_row_is_in_the_ledger_and_every_read_in_the_counts(rows):
    ids = [row[0] for row in rows]
    result = assemble([table(ids, [row[1:] for row in rows])], SAMPLES, [], "mmu")
    assert result.ledger["source_id"].tolist() == ids
    assert result.ledger["row"].tolist() == list(range(2, len(ids) + 2))
    total = sum(sum(row[1:]) for row in rows)
    assert result.ledger["reads"].sum() == result.counts.to_numpy().sum() == total
    assert set(result.ledger["feature"]) == set(result.counts.index) == set(result.features["feature"])
    assert result.features["n_source_rows"].sum() == len(rows)


def test_loci_of_a_mature_are_summed_and_the_ledger_says_so(shared):
    _, counts, _ = read_study("myotube_ev", shared)
    # By awk: 2110 rows are 1966 matures; let-7c-2-3p, for one, has a row for each of its loci.
    assert len(counts.ledger) == 2110
    assert len(counts.features) == 1966
    summed = counts.ledger[counts.ledger["action"] == "summed"]
    assert len(summed) - summed["feature"].nunique() == 2110 - 1966
    assert summed["reason"].str.contains("rows of this feature").all()
    assert counts.ledger["reads"].sum() == 26_468_070


def test_maximum_takes_the_same_reads_once():
    source = table(["MIMAT0000530", "MIMAT0000530_1"], [[5, 9], [7, 1]], "maximum")
    result = assemble([source], SAMPLES, [], "mmu")
    assert result.counts.to_numpy().tolist() == [[7, 9]]
    assert set(result.ledger["action"]) == {"maximum"}


def test_ambiguous_and_unknown_rows_are_kept_under_their_own_names():
    result = assemble([table(["mmu-miR-21a-5p", "spike_1"], [[1, 2], [3, 4]])], SAMPLES, [], "mmu")
    assert result.ledger["action"].tolist() == ["kept", "kept"]
    assert result.features["accession"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("sources", "columns", "excluded", "message"),
    [
        (
            [table(["x", "x"], [[1, 2], [3, 4]], "refuse")],
            SAMPLES,
            [],
            "several rows are x.*\n.*row 2 'x' 3 reads; row 3",
        ),
        ([table(["x"], [[1, 2]])], {"a": "a"}, [], "a column of the table is no sample of the sheet.*\n.*'b'"),
        ([table(["x"], [[1, 2]])], SAMPLES | {"c": "c"}, [], "sample 'c': a sample of the sheet is in no count table"),
        ([table(["x"], [[1, 2]], samples=("a", "b 1"))], {"a": "a", "b": "b_1"}, [], "did you mean 'b 1'"),
        ([table(["x"], [[1, 2]])], {"a": "a"}, ["c"], "`exclude_samples` names a column that no table has"),
        ([table(["x"], [[1, 2]])], SAMPLES, ["b"], "is also under `exclude_samples`"),
        ([table(["x"], [[1, 2]]), table(["x"], [[3, 4]], path="b.tsv")], SAMPLES, [], "two tables have a column"),
        (
            [table(["x", "y"], [[1], [3]], samples="a"), table(["x"], [[1]], samples="b", path="b.tsv")],
            SAMPLES,
            [],
            "b.tsv: 1 features of the other tables have no row here.*\n.*y",
        ),
    ],
)
def test_what_does_not_fit_together_is_said(sources, columns, excluded, message):
    with pytest.raises(ProblemsFound, match=message):
        assemble(sources, columns, excluded, "mmu")


def test_absent_rows_are_zeros_only_where_configured():
    one = table(["x", "y"], [[1], [3]], samples="a")
    other = Source(table(["x"], [[1]], samples="b").table, absent_is_zero=True)
    assert assemble([one, other], SAMPLES, [], "mmu").counts.loc["y"].tolist() == [3, 0]


def test_excluded_samples_are_left_out():
    assert list(assemble([table(["x"], [[1, 2]])], {"a": "a"}, ["b"], "mmu").counts) == ["a"]
