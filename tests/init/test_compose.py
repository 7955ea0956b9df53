"""What `mircargo init` guesses and writes. Expected groups are what a person reads from the names."""

from pathlib import Path
from unicodedata import category

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.checks.study import fill_in_problems
from mircargo.cli.main import mircargo
from mircargo.config import load, parse
from mircargo.init.compose import Place, compose
from mircargo.init.guess import guess_samples
from mircargo.init.quoting import quoted
from mircargo.inputs.raw import RawTable
from mircargo.inputs.sheet import read_sheet
from mircargo.problems import ProblemsFound


def names(pattern: str, **words: str) -> list[str]:
    """Return names with each word of the last column varying fastest."""
    found = [pattern]
    for key, options in words.items():
        found = [name.replace(f"<{key}>", option) for name in found for option in options.split()]
    return found


def table_of(columns, path="t.tsv", ids=("mmu-miR-9-5p",)) -> RawTable:
    counts = pd.DataFrame(1, index=range(len(ids)), columns=list(columns))
    return RawTable(path, "plain", list(ids), list(range(2, 2 + len(ids))), counts, "refuse", ["read as plain"])


@pytest.mark.parametrize(
    ("columns", "groups", "reference", "facts"),
    [
        (
            names("<g> <f>_<n>", f="cells Evs", g="control LPS IL-10", n="1 2 3"),
            (["control"] * 3 + ["LPS"] * 3 + ["IL-10"] * 3) * 2,
            {"LPS": "control", "IL-10": "control"},
            {"fraction": ["cell"] * 9 + ["ev"] * 9, "replicate": ["1", "2", "3"] * 6},
        ),
        (
            names("/run 7/<g>muscle_exosome_<n>_sorted.bam", g="damaged_ #", n="1 2"),
            ["damaged"] * 2 + ["not_damaged"] * 2,
            {"damaged": "not_damaged"},
            {"fraction": ["ev"] * 4},
        ),
        (names("<g><n>_S1_L001_R1.fq.gz", g="Ctrl SNI", n="1 2"), ["Ctrl", "Ctrl", "SNI", "SNI"], {"SNI": "Ctrl"}, {}),
        (
            names("<a>_<b>_rep<n>", a="WT KO", b="sham SNI", n="1 2"),
            ["WT_sham"] * 2 + ["WT_SNI"] * 2 + ["KO_sham"] * 2 + ["KO_SNI"] * 2,
            {"WT_SNI": "WT_sham", "KO_sham": "WT_sham", "KO_SNI": "KO_sham"},
            {"replicate": ["1", "2"] * 4},
        ),
        (
            names("mouse<n>_<f>_batch2", n="3 4 5 6", f="drg plasma"),
            [""] * 8,
            {},
            {"subject": list("33445566"), "fraction": ["drg", "plasma"] * 4, "batch": ["2"] * 8},
        ),
        (names("GSM<n>", n="101 102 103 104"), [""] * 4, {}, {}),
        (names("<g>-<n>", g="A B", n="1 2"), ["A", "A", "B", "B"], {}, {}),
        (["Control_1", "control_2", "day7_1", "day7_2"], ["Control"] * 2 + ["day7"] * 2, {"day7": "Control"}, {}),
        (["007_1", "007_2", "sham_1", "sham_2"], ["group_007"] * 2 + ["sham"] * 2, {"group_007": "sham"}, {}),
        (names("x<g>_<n>", g="# _a _b", n="1 2"), ["unnamed"] * 2 + ["a"] * 2 + ["b"] * 2, {}, {}),
        (["é_1", "é_2", "ü_1", "ü_2"], ["é", "é", "ü", "ü"], {}, {}),
    ],
)  # fmt: skip
def test_what_names_say(columns, groups, reference, facts):
    columns = [column.replace("#", "") for column in columns]
    guess = guess_samples([("t.tsv", column) for column in columns])
    assert [sample.group for sample in guess.samples] == groups
    assert guess.reference == reference
    for column, values in facts.items():
        assert guess.column(column) == values


def test_fractions_come_from_the_tables_where_the_names_have_none():
    guess = guess_samples([("a/cells.csv", "s1"), ("a/my_EVs_counts.csv", "s2")])
    assert guess.column("fraction") == ["cell", "ev"]


def written(folder: Path, *tables: RawTable):
    """Write what `compose` composes, and read it back."""
    sheet = folder / "x.samples.tsv"
    start = compose(Place("x", str(folder / "x.yaml"), str(sheet)), ["    species: rno"], list(tables))
    (folder / "x.yaml").write_text(start.config, encoding="utf-8")
    sheet.write_bytes(start.sheet.encode())
    return load(str(folder / "x.yaml")).studies["x"], read_sheet(sheet), start


def test_two_fractions_make_questions_and_comparisons(tmp_path):
    columns = names("<f>_<g>_<n>", f="drg exo", g="injured control", n="1 2 3")
    study, sheet, start = written(tmp_path, table_of(columns))
    assert start.complete
    assert study.species == "rno"
    assert {key: (c.subset, c.level, c.reference) for key, c in study.contrasts.items()} == {
        "drg_injured": ({"fraction": ["drg"]}, "injured", "control"),
        "ev_injured": ({"fraction": ["ev"]}, "injured", "control"),
    }
    assert (study.comparisons["release"].exosome, study.comparisons["release"].source) == ("ev_injured", "drg_injured")
    assert study.exosome_contrasts() == ["ev_injured"]
    assert sheet["column"].tolist() == columns
    assert "GUESSED" in start.config
    assert "GUESSES" in start.sheet.splitlines()[1]


def test_what_cannot_be_guessed_is_left_to_fill_in(tmp_path):
    study, sheet, start = written(tmp_path, table_of([f"SRR10{i}" for i in range(6)]))
    assert not start.complete
    said = [problem.where.split(", ")[-1] for problem in fill_in_problems(study, sheet, "x")]
    assert said == ["x.contrasts.contrast", "column 'group'"]

    # Groups without a reference: which is which is not decided by the alphabet.
    study, sheet, start = written(tmp_path, table_of(names("<g>_<n>", g="young old", n="1 2")))
    assert not start.complete
    assert study.contrasts["contrast"].level.endswith("one of young, old")
    assert [problem.what for problem in fill_in_problems(study, sheet, "x")] == [
        "values that are still to be filled in"
    ]


def test_blood_and_lanes_without_a_sample(tmp_path):
    columns = [*names("plasma_<g>_<n>", g="naive SNI", n="1 2"), "Undetermined"]
    study, sheet, _ = written(tmp_path, table_of(columns))
    assert (study.blood_derived, study.exclude_samples) == (["plasma"], ["Undetermined"])
    assert len(sheet) == 4


def test_a_line_break_in_a_name_is_refused(tmp_path):
    with pytest.raises(ProblemsFound, match="a line break"):
        written(tmp_path, table_of(["s\n1", "s2"]))


def test_columns_of_the_same_name_in_two_tables(tmp_path):
    with pytest.raises(ProblemsFound, match=r"(?s)two samples have the same name.*'s1'"):
        written(tmp_path, table_of(["s1", "s2"], "a.tsv"), table_of(["s1"], "b.tsv"))


AWKWARD = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\"'#:\t{}[]&*!|>%@`,; _-."), min_size=1
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(AWKWARD.map(str.strip).filter(lambda name: name not in ("", "NA")), min_size=1, max_size=8, unique=True)
)
def test_any_names_are_written_so_that_they_are_read_again(tmp_path_factory, columns):
    # Braces, <variables>, characters that are not seen and a dash at the beginning are refused in paths, and tried
    # elsewhere.
    seen = [letter for letter in columns[0] if letter not in "{}<>" and not category(letter).startswith("C")]
    path = f"./{''.join(seen)}"
    study, sheet, _ = written(tmp_path_factory.mktemp("x"), table_of(columns, path=path))
    kept = [column for column in columns if column not in study.exclude_samples]
    assert sheet["column"].tolist() == kept
    assert study.counts[0].table == path
    assert set(sheet["group"]) == {"FILL_IN"} or set(sheet["group"]) >= {
        c.level for c in study.contrasts.values() if not c.level.startswith("FILL_IN")
    }


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_quoted_for_yaml(text):
    import yaml

    assert yaml.safe_load(f"key: {quoted(text)}\n{quoted('k')}: 1") == {"key": text, "k": 1}


def test_the_command_writes_over_nothing_and_says_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my counts.tsv").write_text("id\tsham_1\tsham_2\tsni_1\tsni_2\nmmu-miR-9-5p\t1\t2\t3\t4\n")
    arguments = ["init", "my counts.tsv", "--species", "mouse"]
    result = CliRunner().invoke(mircargo, arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-2:] == [
        "    mircargo check mine.yaml",
        "    mircargo run mine.yaml",
    ]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name for path in before} == {"my counts.tsv", "mine.yaml", "mine.samples.tsv"}
    result = CliRunner().invoke(mircargo, [*arguments, "absent.tsv"])
    assert isinstance(result.exception, ProblemsFound)
    wheres = [problem.where for problem in result.exception.problems]
    assert wheres == ["mine.yaml", "mine.samples.tsv", "absent.tsv"]
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert parse({"studies": {"mine": load("mine.yaml").studies["mine"].model_dump(exclude_none=True)}})


def test_table_whose_path_a_workflow_would_take_for_a_wildcard_is_refused(tmp_path):
    table = tmp_path / "{study}.tsv"
    table.write_text("id\tsham_1\tsham_2\tsni_1\tsni_2\nmmu-miR-9-5p\t1\t2\t3\t4\n")
    result = CliRunner().invoke(mircargo, ["init", "--species", "mouse", "--out", str(tmp_path / "x.yaml"), str(table)])
    assert isinstance(result.exception, ProblemsFound)
    assert "has a brace" in str(result.exception)
    assert not (tmp_path / "x.yaml").exists()


def test_umlauts_are_written_as_they_are():
    assert quoted("Läsion 1") == '"Läsion 1"'


def samples_in_rows(path, groups, sexes):
    lines = ["SampleID,Group,Sex," + ",".join(f"hsa-miR-{n}-5p" for n in range(20, 40))]
    for number, (group, sex) in enumerate(zip(groups, sexes, strict=True), 1):
        counts = ",".join(str(number * n + n * n) for n in range(20, 40))
        lines.append(f"S0{number},{group},{sex},{counts}")
    path.write_text("\n".join(lines) + "\n")


def test_columns_about_the_samples_of_a_table_are_used(tmp_path):
    table = tmp_path / "rows.csv"
    samples_in_rows(table, ["Healthy", "Diabetic neuropathy"] * 3, list("MMFFMF"))
    result = CliRunner().invoke(mircargo, ["init", "--out", str(tmp_path / "x.yaml"), str(table)])
    assert result.exit_code == 0, result.output
    assert "GUESSED: groups are the table's column `group`" in result.output
    study = load(str(tmp_path / "x.yaml")).studies["x"]
    assert [(each.level, each.reference) for each in study.contrasts.values()] == [("Diabetic_neuropathy", "Healthy")]
    sheet = read_sheet(study.samples)
    assert sheet["group"].tolist() == ["Healthy", "Diabetic_neuropathy"] * 3
    assert sheet["sex"].tolist() == list("MMFFMF")


def test_a_name_that_is_no_yaml_is_a_folder_for_tables_too(tmp_path):
    table = tmp_path / "rows.csv"
    samples_in_rows(table, ["Healthy", "Ill"] * 3, list("MMFFMF"))
    result = CliRunner().invoke(mircargo, ["init", "--out", str(tmp_path / "out" / "new"), str(table)])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out" / "new").iterdir()) == ["mine.samples.tsv", "mine.yaml"]
    assert f"mircargo check {tmp_path / 'out' / 'new' / 'mine.yaml'}" in result.output
