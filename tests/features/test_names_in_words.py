"""What is said of every id, row, column and target, word by word: users read these sentences, not the code."""

import pandas as pd
import pytest

from mircargo.features.find_target import find_target
from mircargo.features.identify import identify
from mircargo.features.ledger import Source, assemble
from mircargo.features.mirbase import load_hairpins, load_mature
from mircargo.features.sample_columns import match_columns
from mircargo.features.spike_ins import common_spike_ins
from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, ProblemsFound

SAMPLES = {"a": "a", "b": "b"}


def table(ids, values, how="sum", samples=("a", "b"), path="counts.tsv", **more) -> Source:
    counts = pd.DataFrame(values, columns=list(samples))
    return Source(RawTable(path, "plain", list(ids), list(range(2, len(ids) + 2)), counts, how, **more))


def problems_of(*arguments, **more) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        assemble(*arguments, **more)
    return found.value.problems


def test_every_action_of_the_ledger_with_its_reason():
    ids = ["hsa-miR-21-5p", "hsa-miR-182-5p", "hsa-miR-500", "MIMAT0000104", "MIMAT0000104_1", "UniSp6", "tRF-1"]
    values = [[1.5, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14]]
    source = table(ids, values, fractional=True, biotypes=[*[""] * 6, "tRNA"])
    found = assemble([source], SAMPLES, [], "hsa", ["miRNA"], ["UniSp6"])
    lost = "not a name that miRBase has had for hsa"
    assert list(found.ledger) == ["table", "row", "source_id", "feature", "action", "reason", "reads"]
    assert found.ledger.drop(columns="source_id").to_numpy().tolist() == [
        ["counts.tsv", 2, ids[0], "kept",
         "by its name in miRBase 22; rounded, for the program shares reads out in fractions", 3.5],
        ["counts.tsv", 3, ids[1], "kept", "by its name in miRBase 22", 7],
        ["counts.tsv", 4, ids[2], "ambiguous",
         "this name has meant MIMAT0002871, MIMAT0004773; the table's release does not decide", 11],
        ["counts.tsv", 5, "hsa-miR-107", "summed",
         "by the accession in its id; one of 2 rows of this feature", 15],
        ["counts.tsv", 6, "hsa-miR-107", "summed",
         "by the accession in its id; one of 2 rows of this feature", 19],
        ["counts.tsv", 7, "UniSp6", "dropped",
         f"{lost}; a spike-in by the configuration: it stands in counts/spike_ins.tsv and is not fitted", 23],
        ["counts.tsv", 8, "tRF-1", "dropped",
         f"{lost}; left out: the configuration does not list tRNA under `biotypes`", 27],
    ]  # fmt: skip
    assert found.counts.index.name == "feature"
    assert found.counts.to_dict("list") == {"a": [2, 3, 5, 16], "b": [2, 4, 6, 18]}
    assert set(found.counts.dtypes) == {pd.Series([1]).dtype}
    assert found.spike_ins.rename_axis(None).to_dict("index") == {"UniSp6": {"a": 11, "b": 12}}
    assert found.spike_ins.index.name == "feature"
    assert found.features[["feature", "n_source_rows", "biotype"]].to_numpy().tolist() == [
        ["hsa-miR-21-5p", 1, "miRNA"],
        ["hsa-miR-182-5p", 1, "miRNA"],
        ["hsa-miR-500", 1, "miRNA"],
        ["hsa-miR-107", 2, "miRNA"],
    ]
    assert found.balance.set_index("sample").T.to_dict("list") == {
        "a": [49.5, 26, 24, 0, -0.5],
        "b": [56, 30, 26, 0, 0],
    }
    assert found.notes == [
        "counts.tsv: 2 of 7 ids carry a miRBase accession; 2 of 5 ids are mature names of miRBase 22 "
        "(as many of 21, 20, 19 and 1 more); 1 are ambiguous and keep their own names: hsa-miR-500"
    ]


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
    source = Source(table(["MIMAT0000530", "MIMAT0000530_1"], [[5, 8], [9, 1]], how).table, duplicates)
    found = assemble([source], SAMPLES, [], "mmu")
    assert found.counts.loc["mmu-miR-21a-5p"].tolist() == reads
    assert set(found.ledger["action"]) == {action}


def test_an_id_under_another_name_is_renamed():
    ledger = assemble([table(["MIMAT0000530", "mmu-miR-9-5p"], [[5, 8], [9, 1]])], SAMPLES, [], "mmu").ledger
    assert ledger["action"].tolist() == ["renamed", "kept"]


def test_rows_twice_are_refused_in_the_order_of_the_table():
    hint = "set `duplicates: sum` (parts) or `duplicates: maximum` (the same reads again), or correct the table"
    values = [[1, 2], [3, 4], [500, 600], [0, 0], [1, 1]]
    assert problems_of([table(list("yxyxz"), values, "refuse")], SAMPLES, [], "mmu") == [
        Problem(
            "repeated_feature", "several rows are y", "counts.tsv", "row 2 'y' 3 reads; row 4 'y' 1,100 reads", hint
        ),
        Problem("repeated_feature", "several rows are x", "counts.tsv", "row 3 'x' 7 reads; row 5 'x' 0 reads", hint),
    ]  # fmt: skip


def test_rows_that_another_table_lacks_in_the_order_of_the_tables():
    one = table(list("zyxwvut"), [[1]] * 7, samples="a", path="one.tsv")
    other = table(["t", "q"], [[1], [1]], samples="b", path="two.tsv")
    hint = "set `absent_is_zero: true` for this table if it leaves out features without reads"
    assert problems_of([one, other], SAMPLES, [], "mmu") == [
        Problem("features_absent", "1 features of the other tables have no row here", "one.tsv", "q", hint),
        Problem(
            "features_absent",
            "6 features of the other tables have no row here",
            "two.tsv",
            "z, y, x, w, v and 1 more",
            hint,
        ),
    ]


def test_tables_of_one_sample_are_named_in_one_note():
    sources = [table(["mmu-miR-9-5p"], [[1]], samples=name, path=f"{name}.tsv") for name in "ab"]
    [note] = assemble(sources, SAMPLES, [], "mmu").notes
    assert note.startswith("a.tsv and 1 more: 1 of 1 ids are mature names of miRBase 22")
    both = assemble([table(["mmu-miR-9-5p"], [[1, 2]])], SAMPLES, [], "mmu").notes
    assert both[0].startswith("counts.tsv: 1 of 1 ids")


def test_spike_ins_side_by_side_keep_the_order_of_the_first_table():
    spikes = ["UniSp6", "UniSp2"]
    one = table([*spikes, "x"], [[1], [2], [3]], samples="a")
    other = table(["x", *spikes], [[3], [1], [2]], samples="b", path="b.tsv")
    assert list(assemble([one, other], SAMPLES, [], "mmu", None, ["UniSp?"]).spike_ins.index) == spikes
    rows = pd.DataFrame({"source_id": ["x", "cel-miR-39-3p", "UniSp6"], "feature": ["x", "cel-miR-39-3p", "UniSp6"]})
    assert common_spike_ins(rows).tolist() == ["cel-miR-39-3p", "UniSp6"]


def test_isomirs_are_integers_where_the_table_s_are():
    def isomirs(n):
        parts = pd.DataFrame({"source_id": "MIMAT0000530", "variant": ["b", "a"], "sequence": "ACGU", "a": n, "b": 1})
        raw = RawTable("t", "mirtop", ["MIMAT0000530"], [1], pd.DataFrame({"a": [sum(n)], "b": [2]}), "sum",
                       fractional=True, isomirs=parts)  # fmt: skip
        return assemble([Source(raw)], SAMPLES, [], "mmu").isomirs

    whole, parted = isomirs([2.0, 3.0]), isomirs([2.0, 0.5])
    assert [str(kind) for kind in whole[["a", "b"]].dtypes] == ["int64", "int64"]
    assert [str(kind) for kind in parted[["a", "b"]].dtypes] == ["float64", "int64"]
    assert whole["variant"].tolist() == ["b", "a"]


def test_columns_and_samples_that_do_not_match():
    sources = [
        table(["x"], [[1, 2, 3]], samples=["a", "b", "c 1"], path="one.csv"),
        table(["x"], [[1, 2]], samples=["b", "d"], path="two.csv"),
    ]
    columns = {"s1": "a", "s2": "b", "s3": "c_1", "s4": "zzz"}
    missing = "a sample of the sheet is in no count table"
    write = "; write it under `column`"
    absent = "`exclude_samples` names a column that no table has"
    assert match_columns(sources, columns, ["d", "nope", "c-1", "a"]).problems == [
        Problem(
            "sample_not_in_tables",
            missing,
            "sample 's3'",
            "no column 'c_1'",
            f"did you mean 'c 1'?{write}",
            samples=("s3",),
        ),
        Problem(
            "sample_not_in_tables",
            missing,
            "sample 's4'",
            "no column 'zzz'",
            f"columns without a sample: c 1{write}",
            samples=("s4",),
        ),
        Problem(
            "sheet_lacks_sample",
            "a column of the table is no sample of the sheet, and is left out",
            "one.csv",
            "'c 1'",
            "add a row to the sheet for each that is one; name the others under `exclude_samples`",
            "warning",
            samples=("c 1",),
        ),
        Problem(
            "column_in_two_tables",
            "two tables have a column of the same name",
            "one.csv, two.csv",
            "'b'",
            "say in the sheet's column `table` which one each sample is of, or give each table a `prefix` in the"
            " configuration, and write it in the sheet",
        ),
        Problem("excluded_not_in_tables", absent, "configuration", "'nope'"),
        Problem("excluded_not_in_tables", absent, "configuration", "'c-1'", "did you mean 'c 1'?"),
        Problem(
            "excluded_and_in_sheet",
            "a sample of the sheet is also under `exclude_samples`",
            "configuration",
            "'a'",
            samples=("a",),
        ),
    ]
    assert match_columns(sources[:1], {"s1": "a", "s2": "b", "s3": "c 1", "s4": "q"}, []).problems == [
        Problem(
            "sample_not_in_tables",
            missing,
            "sample 's4'",
            "no column 'q'",
            f"columns without a sample: none{write}",
            samples=("s4",),
        )
    ]
    assert match_columns(sources, {"s1": "a"}, ["b", "c 1", "d"]).problems == []


ACCESSION, KEY = "by the accession in its id", "by its name in miRBase 22"


@pytest.mark.parametrize(
    ("text", "species", "feature", "accession", "level", "reason"),
    [
        ("MIMAT0000530", "mmu", "mmu-miR-21a-5p", "MIMAT0000530", "mature", ACCESSION),
        ("MIMAT0000076", "mmu", "hsa-miR-21-5p", "MIMAT0000076", "mature",
         f"{ACCESSION}, of another species than the study's"),
        ("MIMAT0003463", "mmu", "mmu-miR-685", "MIMAT0003463", "mature",
         f"{ACCESSION}; miRBase 22.1 no longer has it"),
        ("mmu-miR-9-5p", "mmu", "mmu-miR-9-5p", "MIMAT0000142", "mature", KEY),
        ("miR-9-5p", "mmu", "mmu-miR-9-5p", "MIMAT0000142", "mature", KEY),
        ("mmu.miR.9.5p", "mmu", "mmu-miR-9-5p", "MIMAT0000142", "mature", f"{KEY}, read as mmu-miR-9-5p"),
        ("hsa-miR-9-5p", "mmu", "hsa-miR-9-5p", "", "unknown", "a name of species hsa, and the study is of mmu"),
        ("xyz", "mmu", "xyz", "", "unknown", "not a name that miRBase has had for mmu"),
        ("mmu-mir-9-1", "mmu", "mmu-mir-9-1", "MI0000720", "hairpin",
         "a hairpin: which arm its reads are of is unknown"),
        ("Hsa-Mir-21_5p", "mmu", "Hsa-Mir-21_5p", "", "unknown", "a MirGeneDB name of hsa, and the study is of mmu"),
        ("Mmu-Mir-9_pre", "mmu", "Mmu-Mir-9_pre", "", "unknown",
         "a MirGeneDB name of a hairpin or its loop, not of a mature miRNA"),
        ("Mmu-Mir-9-P2_5p", "mmu", "Mmu-Mir-9-P2_5p", "", "unknown",
         "a MirGeneDB name: miRBase does not name P2 of the family Mir-9"),
        ("Mmu-Mir-99999_5p", "mmu", "Mmu-Mir-99999_5p", "", "unknown",
         "a MirGeneDB name that in miRBase 22.1 has no counterpart of this number and arm"),
        ("Hsa-Mir-21_3p", "hsa", "hsa-miR-21-3p", "MIMAT0004494", "mature",
         "a MirGeneDB name: the only 3p mature miRNA numbered 21 in miRBase 22.1"),
        ("mmu-mir-9-2-5p", "mmu", "mmu-miR-9-5p", "MIMAT0000142", "mature", "the 5p arm of hairpin mmu-mir-9-2"),
        ("hsa-miR-1179-3p", "hsa", "hsa-miR-1179-3p", "", "unknown",
         "not a name that miRBase has had for hsa; it has had hsa-miR-1179, and does not say of which arm"),
        ("hsa-miR-103a-3p/hsa-miR-107", "hsa", "hsa-miR-103a-3p/hsa-miR-107", "MIMAT0000101/MIMAT0000104", "mature",
         f"merged: its reads fit 2 miRNAs equally, {KEY}"),
        ("hsa-mir-16-1/hsa-mir-16-2", "hsa", "hsa-mir-16-1/hsa-mir-16-2", "MI0000070/MI0000115", "hairpin",
         "merged: its reads fit 2 miRNAs equally, a hairpin: which arm its reads are of is unknown"),
        ("hsa-miR-107/zzz", "hsa", "hsa-miR-107/zzz", "", "unknown",
         "a merged name that is kept whole, for not all of it is understood: "
         "'zzz' is not a name that miRBase has had for hsa"),
    ],
)  # fmt: skip
def test_one_id_is_told_word_by_word(text, species, feature, accession, level, reason):
    [row] = identify([text], species).rows.to_numpy().tolist()
    assert row == [feature, accession, level, False, reason]


def test_what_is_said_of_a_whole_table():
    assert identify(["mmu-mir-9-1", "mmu-mir-9-2", "mmu-let-7g"], "mmu").naming == (
        "3 of 3 ids are names of hairpins: the arm is unknown"
    )
    assert identify(["MIMAT0000530", "MIMAT0000142_1"], "mmu").naming == "2 of 2 ids carry a miRBase accession"
    merged = identify(["hsa-miR-103a-3p/107", "hsa-miR-21-5p", "hsa-miR-9983-3p"], "hsa").naming
    assert merged == "3 of 3 ids are mature names of miRBase 22; 1 ids name several miRNAs"
    assert identify(["x", "y"], "hsa").naming == "0 of 2 ids are mature names of miRBase 22"
    assert identify([], "hsa").naming == ""


def hairpins(*names: str) -> pd.DataFrame:
    known = load_hairpins().set_index("name")["accession"]
    return pd.DataFrame({"feature": list(names), "accession": known[list(names)].to_numpy()})


def test_a_target_of_several_hairpins():
    expected = "the tables count the hairpin {}, so reads of its other arm are included"
    one, two = "mmu-let-7c-1", "mmu-let-7c-2"
    assert find_target("let-7c-5p", "mmu", hairpins(two)) == (two, expected.format(two))
    assert find_target("let-7c-5p", "mmu", hairpins(two, one)) == (
        one,
        f"{expected.format(one)}; it also has {two}",
    )


def test_a_target_in_merged_rows():
    key = load_mature().set_index("name")["accession"]
    names = ["hsa-let-7a-5p", "hsa-let-7c-5p", "hsa-let-7e-5p"]
    three, two = "/".join(names), "/".join(names[:2])
    rows = pd.DataFrame({"feature": [three, two], "accession": ["/".join(key[names]), "/".join(key[names[:2]])]})
    assert find_target("let-7a-5p", "hsa", rows.iloc[:1]) == (
        three,
        f"the tables merge it with hsa-let-7c-5p, hsa-let-7e-5p, so reads of all are in {three}",
    )
    assert find_target("let-7a-5p", "hsa", rows.iloc[1:]) == (
        two,
        f"the tables merge it with hsa-let-7c-5p, so reads of both are in {two}",
    )
    also = f"reads that fit it and others equally are in {three}, {two}"
    assert find_target("let-7a-5p", "hsa", rows)[1].endswith(f"are in {three}; {also}")
    own = pd.DataFrame({"feature": [names[0]], "accession": [key[names[0]]]})
    assert find_target("let-7a-5p", "hsa", pd.concat([rows, own])) == (names[0], also)


def refused(target, species, rows):
    with pytest.raises(ProblemsFound) as found:
        find_target(target, species, rows)
    return found.value.problems


def test_targets_that_cannot_be_one():
    nothing = pd.DataFrame({"feature": ["x"], "accession": ["MIMAT0000001"]})
    assert refused("miR-500", "hsa", nothing) == [
        Problem(
            "ambiguous_target",
            "this name has meant several mature miRNAs",
            "configuration, target",
            "'miR-500': MIMAT0002871 (now hsa-miR-500a-3p), MIMAT0004773 (now hsa-miR-500a-5p)",
            "write the name of miRBase 22.1, or the accession",
        )
    ]
    assert refused("miR-21z", "mmu", nothing) == [
        Problem(
            "unknown_target",
            "miRBase has never had a mature miRNA of this name for mmu",
            "configuration, target",
            "'miR-21z'",
            "write it as miRBase does, for instance miR-21-5p or let-7a-5p",
        )
    ]
    assert find_target("miR-21-5p", "mmu", nothing) == (None, "no row of the tables is mmu-miR-21a-5p (MIMAT0000530)")
    assert find_target("MIMAT9999999", "mmu", nothing) == (None, "no row of the tables is MIMAT9999999 (MIMAT9999999)")
    assert find_target("x", "mmu", nothing) == (
        "x",
        "x is no name of one mature miRNA of miRBase: the row of this name was taken",
    )
