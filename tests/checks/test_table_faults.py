"""A sample of the trial of faults with a planted truth; `table_faults.py` has the whole, run by hand."""

import more_fault_kinds  # noqa: F401  # it adds its faults to the others
import numpy as np
import pandas as pd
import pytest
import table_faults
from fault_kinds import FAULTS

from mircargo.checks.replicates import copies, why_not_robust
from mircargo.checks.spellings import similar_values
from mircargo.features.identify import identify
from mircargo.features.lanes import of_one_library
from mircargo.features.mirbase import load_mature
from mircargo.features.name_history import vocabulary
from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound


@pytest.mark.slow
def test_a_sample_of_tables_with_a_fault_is_read_right_or_told():
    trial = table_faults.run(3 * len(FAULTS), seed=20, most=150)
    assert trial.silent == []
    assert trial.tracebacks == []
    assert len(trial.needless) <= 0.02 * trial.n_good
    assert trial.n_good == 3 * len(FAULTS)
    outcomes = {kind: {what for own, what in trial.outcomes if own == kind} for kind in FAULTS}
    # What must be read is read, and what cannot be counts is refused.
    for kind in ("mature_and_precursor", "isomirs", "loci", "summary_columns", "names_elsewhere", "results_beside"):
        assert outcomes[kind] == {"read right"}, kind
    for kind in ("hairpins_in_one_group", "normalised", "identical_columns", "pasted_bodies"):
        assert outcomes[kind] == {"refused"}, kind


@pytest.mark.parametrize(("one", "other"), [("10", "10,0"), ("1.5", "1,5"), ("1000", "1,000"), ("2500.5", "2,500.5")])
def test_a_number_with_a_comma_is_the_same_number(one, other):
    sheet = pd.DataFrame({"dose": [one, one, other, "3", "15"]}, index=list("abcde"))
    [problem] = similar_values(sheet, "s.tsv", {"dose": {one, "3"}})
    assert (problem.severity, problem.found) == ("error", f"'{other}' (1 samples), '{one}' (2 samples)") or (
        problem.found == f"'{one}' (2 samples), '{other}' (1 samples)"
    )


def test_numbers_with_other_digits_are_not_the_same():
    sheet = pd.DataFrame({"dose": ["1,5", "15", "10,5", "105", "1,000", "1", "1,0000"]}, index=list("abcdefg"))
    said = " ".join(problem.found for problem in similar_values(sheet, "s.tsv", {"dose": {"15", "1"}}))
    assert said == "'1' (1 samples), '1,0000' (1 samples)"


@pytest.mark.parametrize("above", ["", "Table S1. Raw counts\n", "\tctrl\tctrl\tcase\n"])
def test_mir_is_the_heading_of_a_column_of_names(tmp_path, above):
    body = "".join(f"hsa-miR-{n}-5p\t{n}\t{n + 1}\t7\n" for n in range(21, 40))
    (tmp_path / "t.tsv").write_text(f"{above}mir\tc1\tc2\tk1\n{body}")
    table = read_table(tmp_path / "t.tsv")
    assert list(table.counts) == ["c1", "c2", "k1"]
    assert table.counts["c2"].tolist() == list(range(22, 41))


@pytest.mark.parametrize("words", [["avg A", "sd A"], ["mean_x", "fold change"], ["log2FC"], ["Ratio (k/c)", "SEM k"]])
def test_means_spreads_and_ratios_of_samples_that_are_not_named_are_no_samples(tmp_path, words):
    rows = [[f"hsa-miR-{n}-5p", n, 3 * n, 40 - n, *([f"{n / 7:.3f}"] * len(words))] for n in range(21, 40)]
    table = pd.DataFrame(rows, columns=["ID", "x1", "x2", "y1", *words])
    table.to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    found = read_table(tmp_path / "t.tsv")
    assert list(found.counts) == ["x1", "x2", "y1"]
    assert all(any(word in note for note in found.notes) for word in words)
    # Beside values that are no integers they tell nothing, and the table is refused as before.
    table[["x1", "x2"]] = table[["x1", "x2"]] / 3
    table.to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    with pytest.raises(ProblemsFound, match="not raw counts"):
        read_table(tmp_path / "t.tsv")


@pytest.mark.parametrize("pattern", ["{m}_pre-{h}", "pre-{h}_{m}", "{m} (pre-{h})", "{m}|pri-{h}", "{m}"])
def test_pre_before_the_hairpin_of_a_mature_mirna_changes_nothing(pattern):
    ids = [pattern.format(m="hsa-miR-21-5p", h="hsa-mir-21"), pattern.format(m="hsa-miR-155-5p", h="hsa-mir-155")]
    rows = identify([*ids, "pre-hsa-mir-21"], vocabulary("hsa")).rows
    assert rows["feature"].tolist()[:2] == ["hsa-miR-21-5p", "hsa-miR-155-5p"]
    assert rows["feature"].tolist()[2] == "hsa-mir-21"


@pytest.mark.parametrize("units", [("dedup", "all_reads"), ("deduplicated", "raw_reads"), ("UMI", "total reads")])
def test_deduplicated_reads_beside_all_reads_are_one_library(units):
    names = [f"WT{i}_{unit}" for i in (1, 2, 3) for unit in units]
    assert of_one_library(names) == {f"WT{i}": [f"WT{i}_{unit}" for unit in units] for i in (1, 2, 3)}
    # Total RNA beside exosomes is no count of reads.
    assert of_one_library(["WT1_total", "WT1_exo", "WT1_raw"]) == {}


@pytest.mark.parametrize(("others", "cell"), [("{:.2f}", "1.030"), ("{:.1f}", "12.530")])
def test_a_thousand_among_the_shares_of_reads_is_refused(tmp_path, others, cell):
    def write(changed: str | None) -> str:
        rows = [["#miRNA", "read_count", "precursor", "total", "E01", "E02", "E01(norm)", "E02(norm)"]]
        for n in range(200, 240):
            values = [others.format(float(n)), others.format(n // 7 + (n % 5 == 0) / 2)]
            if changed and n == 217:
                values[1] = changed
            rows.append([f"hsa-miR-{n}-5p", "9.00", f"hsa-mir-{n}", "9.00", *values, "1.00", "2.00"])
        path = tmp_path / "t.csv"
        path.write_text("\n".join(map("\t".join, rows)) + "\n")
        return str(path)

    assert read_table(write(None)).fractional
    assert read_table(write("7.25" if others != "{:.1f}" else "7.2")).fractional
    with pytest.raises(ProblemsFound, match=rf"thousands or decimals\n.*'{cell}' may be"):
        read_table(write(cell))


def test_a_thousand_among_shares_with_all_their_digits_is_refused(tmp_path):
    rows = [["", "a", "b"], ["hsa-miR-1-3p|hsa-miR-206", "3.0", "1.3333333333333333"]]
    rows += [[f"hsa-miR-{n}-5p", f"{n}.0", str(n // 7 + (n % 4) / 3)] for n in range(200, 240)]
    path = tmp_path / "t.txt"

    def write(cell: str) -> str:
        rows[20][1] = cell
        path.write_text("\n".join(map("\t".join, rows)) + "\n")
        return str(path)

    for honest in ("5.0", "5.125", "5.3333333333333335"):  # an eighth of a read has three digits
        assert read_table(write(honest)).counts["a"].tolist()[19] == float(honest)
    with pytest.raises(ProblemsFound, match=r"'5\.751' may be 5751"):
        read_table(write("5.751"))


@pytest.mark.parametrize("seed", range(4))
def test_reads_beside_umis_are_no_animals_however_much_pcr_made_them_differ(seed):
    draw = np.random.default_rng(seed)
    umis = draw.poisson(draw.gamma(5, draw.lognormal(8, 2, (110, 1)) / 5, (110, 3)))
    reads = umis + draw.poisson(umis * draw.gamma(4, 0.5, (110, 1)))  # one miRNA is amplified more than another
    names = [f"WT{i}{unit}" for unit in ("_UMI", "_reads") for i in (1, 2, 3)]
    counts = pd.DataFrame(np.hstack([umis, reads]), columns=names)
    found = copies(counts, pd.Series("WT", index=names))
    assert [(each.samples, each.counts_twice) for each in found] == [
        ((f"WT{i}_UMI", f"WT{i}_reads"), True) for i in (1, 2, 3)
    ]
    assert len(why_not_robust(found)) == 3


@pytest.mark.parametrize("seed", range(6))
def test_shallow_libraries_brought_to_one_depth_are_refused_and_others_are_not(tmp_path, seed):
    draw = np.random.default_rng(seed)
    mean = draw.lognormal(0, 1.5, (120, 1))
    reads = draw.poisson(mean / mean.sum() * draw.uniform(0.97, 1.03, 12) * 160)
    names = load_mature().query("species == 'hsa'")["name"].head(120)
    table = pd.DataFrame(reads, index=names, columns=[f"s{i}" for i in range(12)])
    table.to_csv(tmp_path / "raw.tsv", sep="\t")
    assert read_table(tmp_path / "raw.tsv").counts.to_numpy().sum() == reads.sum()
    deep = pd.DataFrame(
        draw.poisson(mean / mean.sum() * draw.uniform(2e4, 2e5, 12)), index=names, columns=table.columns
    )
    (deep / deep.sum() * 150).round().astype(int).to_csv(tmp_path / "scaled.tsv", sep="\t")
    with pytest.raises(ProblemsFound, match="not raw counts"):
        read_table(tmp_path / "scaled.tsv")
