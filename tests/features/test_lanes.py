"""Samples that stand in several columns or tables: what is added up, what is refused, and how it is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import assembled, cell, source, study_of
from mircargo.checks.study import examine_study, read_counts_of, read_source
from mircargo.config import CountTable, load
from mircargo.features.lanes import library_of, of_one_library, without_endings
from mircargo.features.mirbase import load_mature
from mircargo.features.name_history import vocabulary
from mircargo.features.sample_columns import match_columns
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit

NAMES = load_mature().query("species == 'mmu'")["name"].head(12).tolist()


def sheet_of(folder, text: str) -> pd.DataFrame:
    (folder / "s.tsv").write_text(text.replace(" ", "\t"))
    return read_sheet(folder / "s.tsv")


@pytest.mark.slow
@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 4), st.booleans(), st.sampled_from([1, 4]))
def test_lanes_in_one_table_or_several_add_up_to_the_library(seed, samples, lanes, one_table, parts):
    rng = np.random.default_rng(seed)
    ids = [*NAMES, "UniSp6", NAMES[0]]
    own = {f"s{i}": [(f"s{i}_L{lane}", rng.integers(0, 50, len(ids)) / parts) for lane in range(lanes)]
           for i in range(samples)}  # fmt: skip
    whole = pd.DataFrame({sample: sum(values for _, values in each) for sample, each in own.items()})
    apart = pd.DataFrame({name: values for each in own.values() for name, values in each})

    def counted(path, table):
        isomirs = pd.DataFrame({"source_id": ids, "variant": "ref", "sequence": "A"}).join(table)
        return source(ids, table, samples=list(table), path=path, fractional=True, absent_is_zero=True, isomirs=isomirs)

    tables = [counted("t.tsv", apart)]
    if not one_table:
        tables = [counted(f"{lane}.tsv", apart[[f"s{i}_L{lane}" for i in range(samples)]]) for lane in range(lanes)]
    cells = {sample: cell(*((name, "") for name, _ in each)) for sample, each in own.items()}
    found = assembled(*tables, columns=cells, biotypes=["miRNA"], spike_ins=["UniSp6"])
    expected = assembled(counted("t.tsv", whole), biotypes=["miRNA"], spike_ins=["UniSp6"])
    # Lanes of several tables are rounded one by one, so that the balance of each table holds.
    slack = 0.5 * (lanes + 1) if parts > 1 and not one_table else 0
    assert (found.counts - expected.counts).abs().max(axis=None) <= slack
    assert found.counts.columns.tolist() == list(own)
    assert found.balance["input_reads"].tolist() == pytest.approx(whole.sum().tolist())
    spent = found.balance[["kept_reads", "dropped_reads", "repeated_reads", "rounding"]].sum(axis=1)
    assert spent.tolist() == pytest.approx(whole.sum().tolist())
    assert found.ledger["reads"].sum() == pytest.approx(whole.sum(axis=None))
    reads = found.isomirs.set_index("feature")[list(own)]
    pd.testing.assert_frame_equal(reads, expected.isomirs.set_index("feature")[list(own)], check_dtype=False)
    assert (found.spike_ins - expected.spike_ins).abs().max(axis=None) <= slack


def test_the_lanes_of_the_case_are_six_libraries_without_a_call(shared, monkeypatch):
    monkeypatch.chdir(shared / "cases" / "technical_replicates")
    config = load("same_sample.yaml")
    [study] = config.studies.values()
    problems, counts = examine_study(config, "b17same_sample")
    assert problems == []
    lanes = pd.read_csv("lanes.tsv", sep="\t", index_col=0)
    by_hand = lanes.T.groupby(lanes.columns.str.removesuffix("_L001").str.removesuffix("_L002"), sort=False).sum().T
    assert counts.counts.to_numpy().tolist() == by_hand[counts.counts.columns].to_numpy().tolist()
    design = contrast_design(read_sheet("same_sample.tsv"), study.contrasts["case"], [], "c")
    results = fit(counts.counts, design, config.thresholds).results
    assert (results["padj"] < 0.05).sum() == 0


def test_a_table_is_named_by_its_path_its_name_or_its_number(tmp_path):
    sources = [
        source(["mmu-miR-9-5p"], [[n]], samples="a", path=path) for path, n in (("x/drg.tsv", 3), ("x/ev.tsv.gz", 5))
    ]
    for one, other in (("x/drg.tsv", "x/ev.tsv.gz"), ("drg.tsv", "ev.tsv.gz"), ("drg", "ev"), ("1", "2")):
        sheet = sheet_of(tmp_path, f"sample column table\ns1 a {one}\ns2 a {other}\n")
        assert assembled(*sources, columns=sheet["column"].to_dict()).counts.to_numpy().tolist() == [[3, 5]]
    for text, what in (
        ("sample column table\ns1 a drg\ns2 a liver\n", "`table` names none of the count tables"),
        ("sample column\ns1 a\n", "two tables have a column of the same name"),
    ):
        [problem] = match_columns(sources, sheet_of(tmp_path, text)["column"].to_dict(), []).problems
        assert problem.what == what
    # A table of another kind is no file, and is not asked about where the column tells its table.
    sheet = sheet_of(tmp_path, "sample column table\ns1 a operating_2\n")
    assert match_columns(sources[:1], sheet["column"].to_dict(), []).problems == []


def test_a_prefix_tells_the_columns_of_tables_apart(tmp_path):
    for name, value in (("one", 3), ("two", 5)):
        (tmp_path / f"{name}.tsv").write_text(f"ID\ta\tb\nmmu-miR-9-5p\t{value}\t1\nmmu-miR-22-3p\t4\t7\n")
    sources = [
        read_source("x", CountTable(table=str(tmp_path / f"{name}.tsv"), prefix=f"{name}_")) for name in ("one", "two")
    ]
    cells = {"s1": "one_a", "s2": "two_a"}
    found = assembled(*sources, columns=cells, excluded=["one_b", "two_b"])
    assert found.counts.loc["mmu-miR-9-5p"].tolist() == [3, 5]


def test_names_that_differ_by_an_ending_are_said_once(shared, monkeypatch):
    monkeypatch.chdir(shared / "cases" / "names_differ")
    [problem], _ = examine_study(load("bam.yaml"), "b07bam")
    assert "8 samples" in problem.what
    assert "the ending '.sorted.bam' and the path '/data/x/'" in problem.what
    assert "'/data/x/WT-1.sorted.bam' for 'WT-1'" in problem.hint


@pytest.mark.parametrize(
    ("column", "plain", "library"),
    [
        ("/data/x/WT-1.sorted.bam", "WT-1", "WT_1"),
        ("A_S1_L001_R1_001.fastq.gz", "A_S1_L001", "A_S1"),
        (
            "U01-plasma-A_S1_L003_R1_001_fastq_readCounts_miRNAmature_sense.txt",
            "U01-plasma-A_S1_L003",
            "U01_plasma_A_S1",
        ),
        ("ctrl_1_tech2", "ctrl_1_tech2", "ctrl_1"),
        ("ctrl_1_rerun", "ctrl_1_rerun", "ctrl_1"),
        ("ctrl.lane.2", "ctrl.lane.2", "ctrl"),
        ("WT_R1", "WT_R1", "WT_R1"),
        ("WT_rep1", "WT_rep1", "WT_rep1"),
        ("WT_1", "WT_1", "WT_1"),
        ("DRG_L4", "DRG_L4", "DRG_L4"),
        ("run1", "run1", "run1"),
        ("s1_trimmed.fq", "s1", "s1"),
        (r" C:\runs\WT_1\ ", "WT_1", "WT_1"),
        ("L001-WT--1", "L001-WT--1", "WT_1"),
        (".fastq.gz", ".fastq", "fastq"),
    ],
)
def test_what_a_name_says_of_its_library(column, plain, library):
    assert without_endings(column) == plain
    assert library_of(column).library == library


def test_numbers_on_a_flow_cell_are_libraries():
    names = [f"ctrl_S{library}_L00{lane}" for library in (1, 2) for lane in (1, 2)]
    assert of_one_library(names) == {"ctrl_S1": names[:2], "ctrl_S2": names[2:]}


def test_a_sequencing_again_belongs_to_the_first():
    assert of_one_library(["a", "a_rerun", "b", "c_R1", "c_R2"]) == {"a": ["a", "a_rerun"]}


def test_the_same_tables_as_before_give_the_same_counts(tmp_path):
    (tmp_path / "t.tsv").write_text("ID\ta\tb\nmmu-miR-9-5p\t3\t1\n")
    (tmp_path / "s.tsv").write_text("sample\tgroup\na\tx\n")
    study = study_of(counts=[{"table": str(tmp_path / "t.tsv")}], samples=str(tmp_path / "s.tsv"))
    found = read_counts_of(study, read_sheet(study.samples), [read_source("x", study.counts[0])], vocabulary("mmu"))
    assert found.counts.to_numpy().tolist() == [[3]]
    assert [warning.found for warning in found.warnings] == ["'b'"]
