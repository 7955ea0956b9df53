"""Count tables put together: the ledger has every row, the balance every read, and each has its reason."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import as_text, assembled, problems_of, rows_as_text, source
from mircargo.features.mirbase import load_mature
from studies import read_study

NAMES = load_mature().query("species == 'mmu'")["name"].head(40).tolist()


def test_loci_of_a_mature_are_summed_and_the_ledger_says_so(shared):
    _, counts, _ = read_study("myotube_ev", shared)
    # By awk: 2110 rows are 1966 matures; let-7c-2-3p, for one, has a row for each of its loci.
    assert len(counts.ledger) == 2110
    assert len(counts.features) == 1966
    summed = counts.ledger[counts.ledger["action"] == "summed"]
    assert len(summed) - summed["feature"].nunique() == 2110 - 1966
    assert summed["reason"].str.contains("rows of this feature").all()
    assert counts.ledger["reads"].sum() == 26_468_070


@pytest.mark.parametrize(
    ("duplicates", "how", "action", "reads"),
    [
        ("format", "maximum", "maximum", [9, 8]),
        ("sum", "maximum", "summed", [14, 9]),
        ("maximum", "sum", "maximum", [9, 8]),
        ("sum", "refuse", "summed", [14, 9]),
    ],
)
def test_the_configuration_goes_before_the_format(duplicates, how, action, reads):
    rows = source(["MIMAT0000530", "MIMAT0000530_1"], [[5, 8], [9, 1]], how)
    found = assembled(replace(rows, duplicates=duplicates))
    assert found.counts.loc["mmu-miR-21a-5p"].tolist() == reads
    assert set(found.ledger["action"]) == {action}


def test_ambiguous_and_unknown_rows_are_kept_under_their_own_names():
    result = assembled(source(["mmu-miR-21a-5p", "spike_1"], [[1, 2], [3, 4]]))
    assert result.ledger["action"].tolist() == ["kept", "kept"]
    assert result.features["accession"].isna().tolist() == [False, True]


REFUSED = {
    "rows twice": ([source("yxyxz", [[1, 2], [3, 4], [500, 600], [0, 0], [1, 1]], "refuse")], {}),
    "a sample without a column": ([source("x", [[1, 2]])], {"columns": {"a": "a", "b": "b", "c": "c"}}),
    "another spelling": ([source("x", [[1, 2]], samples=("a", "b 1"))], {"columns": {"a": "a", "b": "b_1"}}),
    "an excluded column that no table has": ([source("x", [[1, 2]])], {"columns": {"a": "a"}, "excluded": ["c"]}),
    "an excluded sample": ([source("x", [[1, 2]])], {"excluded": ["b"]}),
    "a column of two tables": ([source("x", [[1, 2]]), source("x", [[3, 4]], path="b.tsv")], {}),
    "rows that another table lacks": ([source("zyxwvut", [[1]] * 7, samples="a", path="one.tsv"),
                                       source("tq", [[1], [1]], samples="b", path="two.tsv")], {}),
    "rows lost from a table that leaves out zeros": ([source("xyz", [[500], [490], [10]], samples="a", path="one.tsv"),
        source("y", [[900]], samples="b", path="two.tsv", absent_is_zero=True)], {}),
    "no spike-in of this name": ([source(["x", "UniSp6"], [[1, 2], [3, 4]])], {"spike_ins": ["UniSp4"]}),
    "spike-ins twice": ([source(["x", "UniSp6", "UniSp6"], [[1, 2], [3, 4], [5, 6]], "refuse")],
                        {"spike_ins": ["UniSp6"]}),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_together(case, snapshot):
    sources, more = REFUSED[case]
    assert as_text(problems_of(assembled, *sources, **more)) == snapshot


def test_absent_rows_are_zeros_only_where_configured():
    one, other = source("xy", [[1], [3]], samples="a"), source("x", [[1]], samples="b")
    assert assembled(one, replace(other, absent_is_zero=True)).counts.loc["y"].tolist() == [3, 0]
    # Half of the reads of one and none of the other is worth a word, even if they are configured as zeros.
    many = source("xy", [[500], [500]], samples="a"), source("x", [[900]], samples="b", path="b.tsv")
    [warning] = assembled(many[0], replace(many[1], absent_is_zero=True)).warnings
    assert (warning.code, warning.severity, warning.where) == ("absent_but_seen", "warning", "b.tsv")
    assert warning.found == "y (at least 500 reads)"


def test_columns_that_no_row_names_are_left_out_with_one_warning():
    found = assembled(source("x", [range(51)], samples=["a", *(f"s{i}" for i in range(50))]), columns={"a": "a"})
    assert list(found.counts) == ["a"]
    [warning] = found.warnings
    assert (warning.severity, warning.what[:10]) == ("warning", "50 columns")
    assert warning.found.startswith("'s0', 's1'")
    assert warning.found.endswith("and 42 more")


def test_kinds_that_readers_state_make_one_table_of_two():
    tables = [
        source(["own_1"], [[1, 2]], biotypes=["miRNA"]),
        source(["own_2"], [[3, 4]], biotypes=["tRNA"], path="b.tsv"),
    ]
    found = assembled(*tables)
    assert found.counts.T.to_dict("list") == {"own_1": [1, 2], "own_2": [3, 4]}
    assert found.balance["input_reads"].tolist() == [4, 6]
    # By their names alone both are unknown, and the columns of two tables.
    assert problems_of(assembled, *(source([name], [[1, 2]], path=name) for name in ("own_1", "own_2")))


def test_excluded_samples_are_left_out():
    assert list(assembled(source("x", [[1, 2]]), columns={"a": "a"}, excluded=["b"]).counts) == ["a"]


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
    values = np.array(values) / parts if parts > 1 else values
    table = source(ids, values, how, fractional=parts > 1, biotypes=kinds)
    counts, result = table.table.counts, assembled(table, biotypes=biotypes)
    balance = result.balance.set_index("sample")
    assert balance["input_reads"].tolist() == pytest.approx(counts.sum().tolist(), abs=1e-5)
    assert balance["kept_reads"].tolist() == result.counts.sum().tolist()
    spent = balance[["kept_reads", "dropped_reads", "repeated_reads", "rounding"]].sum(axis=1)
    assert spent.tolist() == pytest.approx(balance["input_reads"].tolist(), rel=0, abs=1e-5)
    ledger, features = result.ledger, result.features.set_index("feature")
    assert ledger["source_id"].tolist() == ids
    assert ledger["row"].tolist() == list(range(2, len(ids) + 2))
    dropped = ledger["action"] == "dropped"
    assert ledger.loc[dropped, "reads"].sum() == pytest.approx(balance["dropped_reads"].sum(), abs=1e-4)
    assert ledger["reads"].sum() == pytest.approx(balance["input_reads"].sum(), abs=1e-4)
    assert set(ledger.loc[~dropped, "feature"]) == set(result.counts.index) == set(features.index)
    if biotypes:
        assert set(features["biotype"]) <= {*biotypes, "unknown"}
    else:
        assert not dropped.any()
        assert features["n_source_rows"].sum() == len(rows)
    if parts == 1:
        assert (spent == balance["input_reads"]).all()
        assert not balance["rounding"].any()
    if how == "sum":
        assert not balance["repeated_reads"].any()
    exact = counts[~dropped].groupby(ledger["feature"][~dropped]).agg("max" if how == "maximum" else "sum")
    assert ((result.counts - exact.reindex(result.counts.index)).abs() <= 0.5 + 1e-6).all(axis=None)


def test_fractions_are_rounded_after_summing_half_to_even():
    ids = ["MIMAT0000530", "MIMAT0000530_1", "mmu-miR-9-5p", "mmu-miR-22-3p"]
    result = assembled(source(ids, [[0.4, 1.25], [0.4, 1.25], [3.5, 7], [2, 1]], fractional=True))
    assert result.counts.to_numpy().tolist() == [[1, 2], [4, 7], [2, 1]]  # 0.8, 2.5; 3.5
    assert ["rounded" in reason for reason in result.ledger["reason"]] == [True, True, True, False]
    assert result.ledger["reads"].tolist() == [1.65, 1.65, 10.5, 3.0]
    assert result.balance["rounding"].tolist() == [-0.7, 0.5]


def test_kinds_that_nobody_states_are_kept_and_others_dropped_with_the_reason():
    ids = ["mmu-miR-21a-5p", "mmu-miR-99999", "novel_miR_3", "spike_1", "tRF-1"]
    rows = source(ids, [[i, 0] for i in range(1, 6)], biotypes=["", "", "", "", "tRNA"])
    result = assembled(rows, biotypes=["miRNA"])
    kinds = result.features.set_index("feature")["biotype"].to_dict()
    assert kinds == dict.fromkeys(ids[:3], "miRNA") | {"spike_1": "unknown"}
    last = result.ledger.iloc[4]
    assert (last["action"], last["reads"]) == ("dropped", 5)
    assert "does not list tRNA" in last["reason"]
    assert result.balance["dropped_reads"].tolist() == [5, 0]
    assert assembled(rows).features["biotype"].tolist()[-1] == "tRNA"


def test_merged_feature_has_the_facts_of_both():
    features = assembled(source(["mmu-miR-9-5p", "mmu-let-7a-5p/7c-5p"], [[1, 2], [3, 4]])).features
    row = features.iloc[1]
    assert row["accession"] == "MIMAT0000521/MIMAT0000523"
    assert (row["species"], row["arm"], row["family"], row["seed"]) == ("mmu", "5p", "let-7", "GAGGUAG")
    assert row["sequence"] == "UGAGGUAGUAGGUUGUAUAGUU/UGAGGUAGUAGGUUGUAUGGUU"


def test_tables_of_one_sample_are_named_together_and_may_leave_out_zeros():
    # By itself the second file does not tell its release: hsa-miR-500 was 500a-3p up to 9.2, and 500a-5p from 10 on.
    # miR-1299 came in release 11.
    both = source(["hsa-miR-500", "hsa-miR-1299"], [[1], [2]], samples="a", path="a.tsv", absent_is_zero=True)
    alone = source(["hsa-miR-500"], [[1]], samples="b", path="b.tsv", absent_is_zero=True)
    result = assembled(both, alone, species="hsa")
    assert result.counts.T.to_dict("list") == {"hsa-miR-500a-5p": [1, 1], "hsa-miR-1299": [2, 0]}
    # One note names both; the other says that a cell of the second was filled, which no note did before.
    assert len(result.notes) == 2
    assert result.notes[1] == (
        "b.tsv: 1 cells are filled with zero: 1 features of the other tables have no row in them, such as hsa-miR-1299"
    )
    # Beside it what the readers have filled and left out.
    assert (result.n_filled, result.n_left_out) == (1, 0)
    assert result.rows["table"].tolist() == ["a.tsv", "a.tsv", "b.tsv"]
    read = [
        source(["x"], [[1]], samples=s, path=f"{s}.tsv", n_filled=n, n_left_out=n + 2) for s, n in (("a", 3), ("b", 4))
    ]
    of_readers = assembled(*read)
    assert (of_readers.n_filled, of_readers.n_left_out) == (7, 11)
    several = [source(ids, [[1, 1]] * len(ids), samples=[f"{s}1", f"{s}2"], path=f"{s}.tsv", absent_is_zero=True)
               for s, ids in (("a", "wxyz"), ("b", "v"), ("c", "vwx"))]  # fmt: skip
    filled = assembled(*several)
    assert filled.n_filled == 2 * (1 + 4 + 2)
    assert filled.notes[-1] == (
        "a.tsv and 2 more: 14 cells are filled with zero: 5 features of the other tables have no row in them,"
        " such as v, w, x and 2 more"
    )


def test_isomirs_keep_the_names_of_their_features():
    def one(sample, variants, n):
        isomirs = pd.DataFrame({"source_id": "MIMAT0000530", "variant": variants, "sequence": "ACGU", f"{sample} 1": n})
        return source(["MIMAT0000530", "x"], [[sum(n)], [7]], samples=[f"{sample} 1"], path=f"{sample}.gff",
                      biotypes=["miRNA", "rRNA"], isomirs=isomirs)  # fmt: skip

    tables = one("b", ["ref", "iso_3p:+1", "ref"], [1, 2, 4]), one("a", ["", "ref"], [3, 5])
    result = assembled(*tables, columns={"a": "a 1", "b": "b 1"}, biotypes=["miRNA"])
    isomirs = result.isomirs
    assert list(isomirs) == ["feature", "accession", "variant", "sequence", "a", "b"]
    assert set(isomirs["feature"]) == {"mmu-miR-21a-5p"}
    assert isomirs.set_index(isomirs["variant"].fillna("none"))[["a", "b"]].T.to_dict("list") == {
        "ref": [5, 5], "iso_3p:+1": [0, 2], "none": [3, 0],
    }  # fmt: skip
    assert isomirs[["a", "b"]].sum().tolist() == result.counts.loc["mmu-miR-21a-5p"].tolist()


def test_isomirs_are_integers_where_the_table_s_are():
    def isomirs(n):
        parts = pd.DataFrame({"source_id": "MIMAT0000530", "variant": ["b", "a"], "sequence": "ACGU", "a": n, "b": 1})
        return assembled(source(["MIMAT0000530"], [[sum(n), 2]], fractional=True, isomirs=parts)).isomirs

    whole, parted = isomirs([2.0, 3.0]), isomirs([2.0, 0.5])
    assert [str(kind) for kind in whole[["a", "b"]].dtypes] == ["int64", "int64"]
    assert [str(kind) for kind in parted[["a", "b"]].dtypes] == ["float64", "int64"]
    assert whole["variant"].tolist() == ["b", "a"]


def test_every_action_of_the_ledger_with_its_reason(snapshot):
    ids = ["hsa-miR-21-5p", "hsa-miR-182-5p", "hsa-miR-500", "MIMAT0000104", "MIMAT0000104_1", "UniSp6", "tRF-1"]
    values = [[1.5, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14]]
    table = source(ids, values, fractional=True, biotypes=[*[""] * 6, "tRNA"])
    found = assembled(table, species="hsa", biotypes=["miRNA"], spike_ins=["UniSp6"])
    assert rows_as_text(found.ledger) + "\n\n" + "\n".join(found.notes) == snapshot
    assert found.counts.index.name == found.spike_ins.index.name == "feature"
    assert found.counts.to_dict("list") == {"a": [2, 3, 5, 16], "b": [2, 4, 6, 18]}
    assert set(found.counts.dtypes) == {pd.Series([1]).dtype}
    assert found.spike_ins.rename_axis(None).to_dict("index") == {"UniSp6": {"a": 11, "b": 12}}
    assert found.features["n_source_rows"].tolist() == [1, 1, 1, 2]
    assert set(found.features["biotype"]) == {"miRNA"}
    assert found.balance.drop(columns="sample").to_numpy().tolist() == [[49.5, 26, 24, 0, -0.5], [56, 30, 26, 0, 0]]


def test_an_id_under_another_name_is_renamed():
    ledger = assembled(source(["MIMAT0000530", "mmu-miR-9-5p"], [[5, 8], [9, 1]])).ledger
    assert ledger["action"].tolist() == ["renamed", "kept"]


def test_tables_of_one_sample_are_named_in_one_note():
    sources = [source(["mmu-miR-9-5p"], [[1]], samples=name, path=f"{name}.tsv") for name in "ab"]
    [note] = assembled(*sources).notes
    assert note.startswith("a.tsv and 1 more: 1 of 1 ids are mature names of miRBase 22")
    assert assembled(source(["mmu-miR-9-5p"], [[1, 2]])).notes[0].startswith("counts.tsv: 1 of 1 ids")


def test_notes_on_rows_by_their_names():
    ids = ["hsa-miR-21-5p_R-1", "hsa-miR-21-5p", "hsa-miR-16-5p_L+1", "piR-hsa-1207", "SNORD44", "SNORD45"]

    def notes(*tables, **more):
        found = assembled(*tables, species="hsa", biotypes=more.pop("biotypes", ["miRNA"]), **more).notes
        return [note for note in found if "by its name:" in note or "by their names" in note]

    one = [source(ids, [[1000 + i] for i in range(6)], samples=name, path=f"{name}.tsv") for name in "ab"]
    # Tables of one sample share their notes, others have their own.
    assert notes(*one) == [
        "a.tsv and 1 more: 4 rows with 4,004 reads are isomiRs by their names: they are summed to 2 features,"
        " and kept in counts/isomirs.tsv",
        "a.tsv and 1 more: left out as other than miRNA of the species by their names:"
        " rows of 2 piRNA (2,006 reads), 4 snoRNA (4,018 reads)",
    ]
    two = [source(ids[:1], [[1, 2]], samples=[f"{name}1", f"{name}2"], path=f"{name}.tsv") for name in "ab"]
    assert notes(*two) == [
        f"{name}.tsv: 1 rows with 3 reads is an isomiR by its name: they are summed to 1 features,"
        " and kept in counts/isomirs.tsv" for name in "ab"
    ]  # fmt: skip
    # Nothing is left out where all kinds are kept, and what a reader states is not by the name.
    assert notes(source(ids[3:], [[1, 2]] * 3), biotypes=None) == []
    assert notes(source(ids[3:], [[1, 2]] * 3, biotypes=["piRNA", "snoRNA", "snoRNA"])) == []
    # A spike-in is neither.
    assert notes(source(["hsa-miR-21-5p", "UniSp6"], [[1, 2]] * 2), spike_ins=["UniSp6"]) == []
