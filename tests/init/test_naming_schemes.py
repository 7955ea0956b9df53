"""Names of samples with a known truth: a reference is never taken for the level, and a library is one sample."""

from collections import Counter

import pytest
from click.testing import CliRunner
from schemes import pairs, scheme

from mircargo.checks.study import read_counts_of, read_source
from mircargo.cli.main import mircargo
from mircargo.config import load
from mircargo.features.name_history import vocabulary
from mircargo.init.guess import guess_samples
from mircargo.inputs.sheet import read_sheet


def outcome(seed: int) -> str:
    made = scheme(seed)
    guess = guess_samples([("t.tsv", column) for column in made.columns])
    assert len(guess.samples) == len(made.columns)
    named = {group: set() for group in made.groups}
    for group, sample in zip(made.groups, guess.samples, strict=True):
        named[group].add(sample.group)
    if not guess.reference:
        return "asked"
    if set(guess.reference) & named[made.reference]:
        return "reversed"
    expected = {level: next(iter(named[made.reference])) for level in named[made.level]}
    return "right" if guess.reference == expected and len(named[made.level]) == 1 else "other"


def test_no_contrast_is_reversed_and_most_are_found():
    found = Counter(outcome(seed) for seed in range(600))
    assert found["reversed"] == 0
    assert found["right"] >= 0.85 * 600


def partition(labels):
    """Return which samples have the same label: the labels themselves may be spelled in any way."""
    return {frozenset(at for at, each in enumerate(labels) if each == label) for label in labels}


@pytest.mark.parametrize("seed", range(300))
def test_a_subject_is_found_where_it_is_in_both_groups_and_nowhere_else(seed):
    made = pairs(seed)
    guess = guess_samples([("t.tsv", column) for column in made.columns])
    found = guess.column("subject")
    paired = [guess.is_paired(None, pair) for pair in guess.reference.items()]
    if made.subjects is None:
        assert not any(paired), made.columns
        return
    assert found is not None, made.columns
    assert partition(found) == partition(made.subjects), made.columns
    assert partition([each.group for each in guess.samples]) == partition(made.groups), made.columns
    assert paired in ([True], []), made.columns  # none where no word says which group is the reference


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ([f"{n}_{group}" for n in (1, 2, 3, 4) for group in ("ctrl", "case")], "1 ... 4 occur in both groups"),
        ([f"{group}_{n}" for n in (1, 2, 3, 4) for group in ("pre", "post")], "1 ... 4 occur in both groups"),
        ([f"{group}_{n}" for n in (1, 2, 3, 4) for group in ("ctrl", "case")], ""),
    ],
)
def test_numbers_that_may_be_subjects_are_asked_for(columns, asked):
    guess = guess_samples([("t.tsv", column) for column in columns])
    assert guess.column("subject") is None
    assert guess.pairing.startswith(asked)
    assert ("the same subject?" in guess.pairing) == bool(asked)


@pytest.mark.parametrize(
    ("columns", "reference"),
    [
        ([f"d{day}_{r}" for day in (0, 1, 3, 7, 14) for r in "abc"], dict.fromkeys(("d1", "d3", "d7", "d14"), "d0")),
        ([f"{hour}h_{r}" for hour in (0, 6, 24) for r in "abc"], {"6h": "0h", "24h": "0h"}),
        ([f"{group}_d{day}_{r}" for group in ("sham", "SNI") for day in (1, 7) for r in "abc"],
         {"SNI_d1": "sham_d1", "SNI_d7": "sham_d7"}),
        ([f"day{day}_{r}" for day in (0, 7) for r in (1, 2, 3)], {"day7": "day0"}),
        ([f"dose{dose}mg_{r}" for dose in (0, 5, 10) for r in (1, 2)], {"dose5mg": "dose0mg", "dose10mg": "dose0mg"}),
        ([f"dose{dose}mg_{r}" for dose in (10, 5) for r in (1, 2)], {}),
        *(([f"{group}_{r}" for group in (control, "siDicer") for r in (1, 2, 3)], {"siDicer": control})
          for control in ("siCtrl", "siNC", "scr", "shScr", "Kontrolle", "contra")),
        ([f"{si}_{drug}_{r}" for si in ("siNC", "siX") for drug in ("PBS", "LPS") for r in (1, 2)],
         {"siNC_LPS": "siNC_PBS", "siX_LPS": "siX_PBS", "siX_PBS": "siNC_PBS"}),
    ],
)  # fmt: skip
def test_times_doses_and_controls_of_silencing(columns, reference):
    assert guess_samples([("t.tsv", column) for column in columns]).reference == reference


@pytest.mark.parametrize(
    ("columns", "groups", "taken"),
    [
        ([f"B{b}_{sex}_{group}_{r}" for b in (1, 2) for sex in "MF" for group in ("Sham", "SNI") for r in (1, 2)],
         {"Sham": 8, "SNI": 8}, {"batch": {"B1", "B2"}, "sex": {"M", "F"}}),
        ([f"{group}_{sex}_{r}" for group in ("KO", "WT") for sex in ("male", "female") for r in (1, 2)],
         {"KO": 4, "WT": 4}, {"sex": {"male", "female"}}),
        # A control in both batches, and one treatment in each.
        ([f"exp{b}_{group}_{r}" for b, own in ((1, ("Sham", "SNI")), (2, ("Sham", "CCI"))) for group in own
          for r in (1, 2)], {"Sham": 4, "SNI": 2, "CCI": 2}, {"batch": {"exp1", "exp2"}}),
        # Sex and group are one thing here: nothing is taken out.
        ([f"{group}_{r}" for group in ("M_Sham", "F_SNI") for r in (1, 2)], {"M_Sham": 2, "F_SNI": 2}, {}),
        ([f"{sex}_{r}" for sex in "MF" for r in (1, 2, 3)], {"M": 3, "F": 3}, {}),
    ],
)  # fmt: skip
def test_batch_and_sex_that_cross_the_groups_are_columns(columns, groups, taken):
    guess = guess_samples([("t.tsv", column) for column in columns])
    assert Counter(sample.group for sample in guess.samples) == groups
    assert {name: set(guess.column(name)) for name in ("batch", "sex") if guess.column(name)} == taken
    for name, levels in taken.items():
        assert any(f"`{name}`" in note and all(level in note for level in levels) for note in guess.notes)


def test_pairs_are_marked_as_guessed_in_the_configuration(tmp_path):
    columns = [f"P{n}_{group}" for n in (1, 2, 3) for group in ("pre", "post")]
    rows = "".join(f"hsa-miR-{n}-5p" + "".join(f"\t{n * 7 + i * i}" for i in range(6)) + "\n" for n in range(20, 26))
    (tmp_path / "t.tsv").write_text("\t".join(["name", *columns]) + "\n" + rows)
    study, sheet, _ = written(tmp_path, "hsa", tmp_path / "t.tsv")
    assert sheet["subject"].tolist() == ["P1", "P1", "P2", "P2", "P3", "P3"]
    assert [(each.level, each.reference, each.blocking) for each in study.contrasts.values()] == [
        ("post", "pre", ["subject"])
    ]
    assert "# GUESSED: P1, P2, P3 occur in both groups" in (tmp_path / "x.yaml").read_text()


def written(folder, species, *tables):
    """Run `mircargo init`, and return the study, its sheet and its counts."""
    out = folder / "x.yaml"
    result = CliRunner().invoke(mircargo, ["init", "--species", species, "--out", str(out), *map(str, tables)])
    assert result.exit_code == 0, result.exception
    study = load(str(out)).studies["x"]
    sheet = read_sheet(study.samples)
    return (
        study,
        sheet,
        read_counts_of(study, sheet, [read_source("x", table) for table in study.counts], vocabulary(study.species)),
    )


@pytest.mark.parametrize(
    ("name", "groups", "contrasts"),
    [
        ("patient_control.csv", {"Control": 4, "Patient": 4}, [("Patient", "Control", [])]),
        ("non_injured.csv", {"non_injured": 4, "injured": 4}, [("injured", "non_injured", [])]),
        ("tcga.tsv", {"01": 4, "11": 4}, [("01", "11", ["subject"])]),
        ("mix.tsv", {"group_20": 2, "group_40": 2, "group_80": 2}, None),
        ("comp.tsv", {"FILL_IN": 9}, None),
    ],
)
def test_the_guesses_that_went_wrong(shared, tmp_path, name, groups, contrasts):
    study, sheet, _ = written(tmp_path, "hsa", shared / "cases" / "init_guesses" / name)
    assert sheet["group"].value_counts().to_dict() == groups
    asked = [(each.level, each.reference, each.blocking) for each in study.contrasts.values()]
    if contrasts is not None:
        assert asked == contrasts
    else:
        assert all(level.startswith("FILL_IN") for level, _, _ in asked)
    if name == "comp.tsv":
        assert sheet["fraction"].value_counts().to_dict() == {"ev": 3, "cf": 3, "ti": 3}
    if name == "tcga.tsv":
        assert sheet["subject"].tolist() == [f"TCGA-B{i}-500{i}" for i in (1, 2, 3, 4)] * 2


def test_compartments_of_a_patient_are_paired():
    guess = guess_samples([("t.tsv", f"P{i}_{part}") for i in (1, 2, 3) for part in ("exo", "plasma")])
    assert guess.column("fraction") == ["ev", "plasma"] * 3
    assert guess.column("subject") == ["P1", "P1", "P2", "P2", "P3", "P3"]
    assert {sample.group for sample in guess.samples} == {""}


def test_libraries_that_only_the_flow_cell_numbers():
    columns = [f"{group}_S{i}_L00{lane}" for i, group in enumerate(["ctrl"] * 3 + ["case"] * 3) for lane in (1, 2)]
    guess = guess_samples([("t.tsv", column) for column in columns])
    assert [(sample.name, len(sample.places)) for sample in guess.samples] == [
        (f"{group}_S{i}", 2) for i, group in enumerate(["ctrl"] * 3 + ["case"] * 3)
    ]
    assert guess.reference == {"case": "ctrl"}


def test_lanes_of_two_fractions_stay_in_their_fraction():
    columns = [f"{group}_{n}_L00{lane}" for group in ("ctrl", "case") for n in (1, 2) for lane in (1, 2)]
    guess = guess_samples([(table, column) for table in ("drg.tsv", "ev.tsv") for column in columns])
    assert len(guess.samples) == 8
    for sample in guess.samples:
        table = {"drg": "drg.tsv", "ev": "ev.tsv"}[sample.facts["fraction"]]
        assert [place[0] for place in sample.places] == [table, table]
        assert sample.name == f"{sample.facts['fraction']}_{sample.facts['subject']}"


def test_cystic_fibrosis_is_no_cell_free_fraction():
    guess = guess_samples([("t.tsv", f"{group}_{i}") for group in ("CF", "HC") for i in (1, 2, 3)])
    assert guess.column("fraction") is None
    assert guess.reference == {"CF": "HC"}


def test_two_tables_of_the_same_animals(shared, tmp_path):
    folder = shared / "cases" / "same_names_two_fractions"
    study, sheet, counts = written(tmp_path, "mmu", folder / "drg.csv", folder / "ev.csv")
    assert sheet["fraction"].value_counts().to_dict() == {"drg": 6, "ev": 6}
    assert sheet.loc["drg_case_2", "subject"] == sheet.loc["ev_case_2", "subject"] == "case_2"
    assert {key: (c.level, c.reference) for key, c in study.contrasts.items()} == {
        "drg_case": ("case", "ctrl"),
        "ev_case": ("case", "ctrl"),
    }
    assert study.comparisons["release"].subject == "subject"
    # By eye, first rows of the two files.
    assert counts.counts.loc["mmu-miR-21a-5p", ["drg_ctrl_1", "ev_ctrl_1", "ev_case_3"]].tolist() == [2883, 961, 4111]


def test_tables_of_two_kinds_of_rna_stay_one_set_of_samples(shared, tmp_path):
    folder = shared / "cases" / "two_files_of_one_library"
    study, sheet, counts = written(tmp_path, "hsa", folder / "miR.Counts.csv", folder / "tRF.Counts.csv")
    assert len(sheet) == counts.counts.shape[1] == 6
    assert set(counts.features["biotype"]) == {"miRNA"}
    dropped = counts.ledger[counts.ledger["source_id"] == "Lys_Comb_1"]
    assert dropped["action"].tolist() == ["dropped"]
    assert dropped["reads"].tolist() == [319 + 343 + 336 + 293 + 268 + 268]
    both = read_counts_of(study.model_copy(update={"biotypes": ["miRNA", "tRNA"]}), sheet,
                          [read_source("x", table) for table in study.counts], vocabulary("hsa"))  # fmt: skip
    assert both.counts.loc["Lys_Comb_1"].tolist() == [319, 343, 336, 293, 268, 268]
    assert both.counts.loc["hsa-miR-21-5p"].tolist() == [5322, 5569, 4983, 5356, 5132, 5153]


def test_files_of_lanes_are_one_library(tmp_path):
    head = "ReferenceID\tuniqueReadCount\ttotalReadCount\tmultimapAdjustedReadCount\n"
    paths = []
    for number, library in enumerate("ABCD", 1):
        for lane in (1, 2, 3, 4):
            name = f"U01-plasma-{library}_S{number}_L00{lane}_R1_001_fastq_readCounts_miRNAmature_sense.txt"
            reads = 10 * number + lane
            row = f"hsa-miR-21-5p:MIMAT0000076:Homo:sapiens:miR-21-5p\t{reads}\t{reads}\t{reads}.0\n"
            paths.append(tmp_path / name)
            paths[-1].write_text(head + row)
    result = CliRunner().invoke(
        mircargo, ["init", "--species", "hsa", "--out", str(tmp_path / "y.yaml"), *map(str, paths)]
    )
    said = result.output.splitlines()
    assert sum("taken off the names" in line for line in said) == 1
    assert sum(str(path) in result.output for path in paths) <= 2
    _, sheet, counts = written(tmp_path, "hsa", *paths)
    assert list(sheet.index) == [f"U01-plasma-{library}" for library in "ABCD"]
    assert "replicate" not in sheet
    assert counts.counts.iloc[0].tolist() == [40 * number + 10 for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("part", ["_tech{}", "_techrep{}", "_L00{}", "_lane{}", ".run{}", "_tech_rep_{}"])
def test_technical_replicates_make_no_groups(part):
    columns = [f"{group}_{n}{part.format(i)}" for group in ("ctrl", "case") for n in (1, 2, 3) for i in (1, 2, 3)]
    guess = guess_samples([("t.tsv", column) for column in columns])
    assert [sample.name for sample in guess.samples] == [f"{g}_{n}" for g in ("ctrl", "case") for n in (1, 2, 3)]
    assert [len(sample.places) for sample in guess.samples] == [3] * 6
    assert guess.reference == {"case": "ctrl"}
