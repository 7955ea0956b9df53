import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.features.ledger import Source, assemble
from mircargo.features.mirbase import load_mature
from mircargo.inputs.raw import RawTable
from mircargo.problems import ProblemsFound
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


def test_columns_that_no_row_names_are_left_out_with_one_warning():
    columns = ["a", *(f"s{i}" for i in range(50))]
    result = assemble([table(["x"], [range(51)], samples=columns)], {"a": "a"}, [], "mmu")
    assert list(result.counts) == ["a"]
    [warning] = result.warnings
    assert (warning.severity, warning.what[:10]) == ("warning", "50 columns")
    assert warning.found.startswith("'s0', 's1'")
    assert warning.found.endswith("and 42 more")


def test_excluded_samples_are_left_out():
    assert list(assemble([table(["x"], [[1, 2]])], {"a": "a"}, ["b"], "mmu").counts) == ["a"]


KINDS = ["miRNA", "tRNA", "", "unknown"]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*NAMES[:6], "spike_1", "MIMAT0000530", "MIMAT0000530_1", "mmu-let-7a-5p/7c-5p", "tRF-1"]),
            st.sampled_from(KINDS),
            st.integers(0, 10**6),
            st.integers(0, 10**6),
        ),
        min_size=1,
    ),
    st.sampled_from(["sum", "maximum"]),
    st.sampled_from([1, 3, 100]),
    st.sampled_from([None, ["miRNA"], ["tRNA"]]),
)
def test_the_ledger_adds_up(rows, how, parts, biotypes):
    # The kinds are by row, so one feature may be kept in one row and dropped in another.
    ids, kinds, values = [row[0] for row in rows], [row[1] for row in rows], [row[2:] for row in rows]
    counts = pd.DataFrame(values, columns=["a", "b"]) / parts if parts > 1 else pd.DataFrame(values, columns=["a", "b"])
    raw = RawTable("t", "plain", ids, list(range(2, len(ids) + 2)), counts, how, fractional=parts > 1, biotypes=kinds)
    result = assemble([Source(raw)], SAMPLES, [], "mmu", biotypes)
    balance = result.balance.set_index("sample")
    assert balance["input_reads"].tolist() == pytest.approx(counts.sum().tolist(), abs=1e-5)
    assert balance["kept_reads"].tolist() == result.counts.sum().tolist()
    spent = balance[["kept_reads", "dropped_reads", "repeated_reads", "rounding"]].sum(axis=1)
    assert spent.tolist() == pytest.approx(balance["input_reads"].tolist(), rel=0, abs=1e-5)
    ledger, features = result.ledger, result.features.set_index("feature")
    assert ledger["source_id"].tolist() == ids
    dropped = ledger["action"] == "dropped"
    assert ledger.loc[dropped, "reads"].sum() == pytest.approx(balance["dropped_reads"].sum(), abs=1e-4)
    assert ledger["reads"].sum() == pytest.approx(balance["input_reads"].sum(), abs=1e-4)
    assert set(ledger.loc[~dropped, "feature"]) == set(result.counts.index) == set(features.index)
    if biotypes:
        assert set(features["biotype"]) <= {*biotypes, "unknown"}
    else:
        assert not dropped.any()
    if parts == 1:
        assert (spent == balance["input_reads"]).all()
        assert not balance["rounding"].any()
    if how == "sum":
        assert not balance["repeated_reads"].any()
    exact = counts[~dropped].groupby(ledger["feature"][~dropped]).agg("max" if how == "maximum" else "sum")
    assert ((result.counts - exact.reindex(result.counts.index)).abs() <= 0.5 + 1e-6).all(axis=None)


def test_fractions_are_rounded_after_summing_half_to_even():
    ids = ["MIMAT0000530", "MIMAT0000530_1", "mmu-miR-9-5p", "mmu-miR-22-3p"]
    raw = RawTable("t", "q", ids, [2, 3, 4, 5], pd.DataFrame([[0.4, 1.25], [0.4, 1.25], [3.5, 7], [2, 1]]).set_axis(
        ["a", "b"], axis=1), "sum", fractional=True)  # fmt: skip
    result = assemble([Source(raw)], SAMPLES, [], "mmu")
    assert result.counts.to_numpy().tolist() == [[1, 2], [4, 7], [2, 1]]  # 0.8, 2.5; 3.5
    assert ["rounded" in reason for reason in result.ledger["reason"]] == [True, True, True, False]
    assert result.ledger["reads"].tolist() == [1.65, 1.65, 10.5, 3.0]
    assert result.balance["rounding"].tolist() == [-0.7, 0.5]


def test_kinds_that_nobody_states_are_kept_and_others_dropped_with_the_reason():
    ids = ["mmu-miR-21a-5p", "mmu-miR-99999", "novel_miR_3", "spike_1", "tRF-1"]
    raw = RawTable("t", "q", ids, [2, 3, 4, 5, 6], pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": 0}), "sum",
                   biotypes=["", "", "", "", "tRNA"])  # fmt: skip
    result = assemble([Source(raw)], SAMPLES, [], "mmu", ["miRNA"])
    kinds = result.features.set_index("feature")["biotype"].to_dict()
    assert kinds == dict.fromkeys(ids[:3], "miRNA") | {"spike_1": "unknown"}
    last = result.ledger.iloc[4]
    assert (last["action"], last["reads"]) == ("dropped", 5)
    assert "does not list tRNA" in last["reason"]
    assert result.balance["dropped_reads"].tolist() == [5, 0]
    assert assemble([Source(raw)], SAMPLES, [], "mmu").features["biotype"].tolist()[-1] == "tRNA"


def test_merged_feature_has_the_facts_of_both():
    features = assemble([table(["mmu-miR-9-5p", "mmu-let-7a-5p/7c-5p"], [[1, 2], [3, 4]])], SAMPLES, [], "mmu").features
    row = features.iloc[1]
    assert row["accession"] == "MIMAT0000521/MIMAT0000523"
    assert (row["species"], row["arm"], row["family"], row["seed"]) == ("mmu", "5p", "let-7", "GAGGUAG")
    assert row["sequence"] == "UGAGGUAGUAGGUUGUAUAGUU/UGAGGUAGUAGGUUGUAUGGUU"


def test_tables_of_one_sample_are_named_together_and_may_leave_out_zeros():
    # By itself the second file does not tell its release: hsa-miR-500 was 500a-3p up to 9.2, and 500a-5p from 10 on.
    # miR-1299 came in release 11.
    def one(ids, sample):
        counts = pd.DataFrame({sample: range(1, len(ids) + 1)})
        return Source(RawTable(f"{sample}.tsv", "x", ids, list(range(len(ids))), counts, "sum", absent_is_zero=True))

    sources = [one(["hsa-miR-500", "hsa-miR-1299"], "a"), one(["hsa-miR-500"], "b")]
    result = assemble(sources, SAMPLES, [], "hsa")
    assert result.counts.T.to_dict("list") == {"hsa-miR-500a-5p": [1, 1], "hsa-miR-1299": [2, 0]}
    # One note names both; the other says that a cell of the second was filled, which no note did before.
    assert len(result.notes) == 2
    assert result.notes[1].startswith("b.tsv: 1 cells are filled with zero: 1 features of the other tables")


def test_isomirs_keep_the_names_of_their_features():
    def one(sample, variants, n):
        isomirs = pd.DataFrame({"source_id": "MIMAT0000530", "variant": variants, "sequence": "ACGU", f"{sample} 1": n})
        counts = pd.DataFrame({f"{sample} 1": [sum(n), 7]})
        raw = RawTable(f"{sample}.gff", "mirtop", ["MIMAT0000530", "x"], [1, 2], counts, "sum",
                       biotypes=["miRNA", "rRNA"], isomirs=isomirs)  # fmt: skip
        return Source(raw)

    result = assemble([one("b", ["ref", "iso_3p:+1", "ref"], [1, 2, 4]), one("a", ["", "ref"], [3, 5])],
                      {"a": "a 1", "b": "b 1"}, [], "mmu", ["miRNA"])  # fmt: skip
    isomirs = result.isomirs
    assert list(isomirs) == ["feature", "accession", "variant", "sequence", "a", "b"]
    assert set(isomirs["feature"]) == {"mmu-miR-21a-5p"}
    assert isomirs.set_index(isomirs["variant"].fillna("none"))[["a", "b"]].T.to_dict("list") == {
        "ref": [5, 5], "iso_3p:+1": [0, 2], "none": [3, 0],
    }  # fmt: skip
    assert isomirs[["a", "b"]].sum().tolist() == result.counts.loc["mmu-miR-21a-5p"].tolist()
