"""Faults of the sample sheet as a file, and of how YAML is written; and ways to write the same that are harmless."""

import random
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from generated_designs import CYRILLIC, DESIGNS, DRG, RECIPIENTS, Alter, Fault, _both, _column, _each, _only, _wide
from generated_faults import Case, wrong_types, unknown_keys, names
from generated_study import STUDY, Files, correct

_DRG = ".".join(DRG)
_HARMLESS: tuple[str, ...] = ()


def _rows(change: Any) -> Alter:
    return lambda files: files.rows.__setitem__(slice(None), change(files.rows))


def _row(at: int, **cells: str) -> Alter:
    return lambda files: files.rows[at].update(cells)


def _sheet(change: Any) -> Alter:
    """Write the sheet as a text that is altered."""
    return lambda files: files.texts.__setitem__("samples.tsv", change(files.sheet))


def _injured(new: str, named: bool) -> Alter:
    """Call the level something else in the sheet, and in the configuration where it is `named`."""

    def alter(files: Files) -> None:
        _only()(files)
        _each(files, "condition", lambda cell: new, "injured")
        if named:
            files.put(*DRG, "level", value=new)

    return alter


def _variable(new: str, named: bool) -> Alter:
    def alter(files: Files) -> None:
        _only()(files)
        _column(files, "condition", new)
        if named:
            files.put(*DRG, "variable", value=new)

    return alter


_AGE = "contrasts.age"
SHEETS: list[Fault] = [
    *((f"column of {what}", _variable(new, False), (_DRG,)) for what, new in {
        "look-alikes": "condition".translate(CYRILLIC), "wide letters": _wide("condition"), "other case": "Condition",
        "a no-break space": "con\u00a0dition", "a soft hyphen": "condi\u00adtion", "zero width": "condition\u200b",
    }.items()),
    *((f"column {new!a:.40} in both", _variable(new, True), _HARMLESS) for new in (
        "all", "con", "meta", "-x", ".", "..", "~", "none", "true", "null", "NaN", "results", "a b", "a/b", "a:b", "a'b",
        'a"b', "`a`", "C(x)", "1", "a+b", "a*b", "a~b", "caf\u00e9", "\u540d\u524d", "x" * 240, "\u00e9" * 240, "np", "Q", "import",
    )),
    *((f"level {new!a:.40} in both", _injured(new, True), _HARMLESS) for new in (
        "all", "con", "meta", "-x", ".", "..", "~", "none", "true", "null", "NaN", "nan", "inf", "results", "a b", "a/b", "a'b",
        "caf\u00e9", "\u540d\u524d", "x" * 240, "\u00e9" * 240, "007", "1e5", "+", "0", "injured (3 days)", "[a]", "T.x",
    )),
    *((f"level of {what} in the sheet", _injured(new, False), (f"{_DRG}.level",)) for what, new in {
        "look-alikes": "injured".translate(str.maketrans("e", "\u0435")), "wide letters": _wide("injured"), "other case": "Injured",
        "a no-break space": "in\u00a0jured",
    }.items()),
    ("level with spaces around it", _injured("  injured ", False), _HARMLESS),
    ("level with no-break spaces around it", _injured("\u00a0injured\u00a0", False), _HARMLESS),
    ("level decomposed in the sheet", _both(_injured("cafe\u0301", False), lambda f: f.put(*DRG, "level", value="caf\u00e9")), _HARMLESS),
    ("level decomposed in the configuration", _both(_injured("caf\u00e9", False), lambda f: f.put(*DRG, "level", value="cafe\u0301")), _HARMLESS),
    ("column decomposed in the sheet", _both(_variable("cafe\u0301", False), lambda f: f.put(*DRG, "variable", value="caf\u00e9")), _HARMLESS),
    ("column decomposed in the configuration", _both(_variable("caf\u00e9", False), lambda f: f.put(*DRG, "variable", value="cafe\u0301")), _HARMLESS),
    ("blocking decomposed", _both(_only(blocking=["cafe\u0301"]), lambda f: _column(f, "batch", "caf\u00e9")), _HARMLESS),
    ("subset decomposed", _both(_only(subset={"cafe\u0301": ["drg"]}), lambda f: _column(f, "fraction", "caf\u00e9"),
                                lambda f: f.study.update(fraction="caf\u00e9")), _HARMLESS),
    ("a level in two spellings", _both(_only(), _row(7, condition="Injured")), ("samples.tsv", _DRG)),
    ("one value of look-alikes", _both(_only(), _row(7, condition="injur\u0435d")), ("samples.tsv", _DRG)),
    ("age infinite", _row(3, age="inf"), (_AGE,)), ("age .inf", _row(3, age=".inf"), (_AGE,)),
    ("age -Infinity", _row(3, age="-Infinity"), (_AGE,)), ("age nan", _row(3, age="nan"), (_AGE,)),
    ("age NA", _row(3, age="NA"), _HARMLESS), ("age empty", _row(3, age=""), _HARMLESS),
    ("age with a comma", _row(3, age="5,5"), (_AGE,)), ("age 1e400", _row(3, age="1e400"), (_AGE,)),
    ("age in wide digits", _row(3, age=_wide("55")), (_AGE,)), ("age with a unit", _row(3, age="55 days"), (_AGE,)),
    ("age as a covariate infinite", _both(_only(blocking=["age"]), _row(3, age="inf")), (_DRG,)),
    ("age as a covariate nan", _both(_only(blocking=["age"]), _row(3, age="nan")), (_DRG,)),
    ("age as a covariate empty", _both(_only(blocking=["age"]), _row(3, age="")), (_DRG,)),
    ("age all alike", _rows(lambda rows: [{**row, "age": "50"} for row in rows]), (_AGE,)),
    *((f"size factor {value!r}", _both(_row(3, factor=value), lambda f: f.study.update(size_factors={"method": "column", "column": "factor"})),
       ("size_factors",)) for value in ("inf", "nan", "0", "-1", "", "1,2", "many", "1e400")),
    ("batch empty", _row(3, batch=""), (_DRG,)), ("condition empty", _row(3, condition=""), _HARMLESS),
    ("sample twice", _row(3, sample="drg_control_1"), ("samples.tsv",)),
    ("sample without a name", _row(3, sample=""), ("samples.tsv",)),
    ("sample not in the tables", _row(3, sample="drg_control_x"), ("samples.tsv", "drg_control_x", "counts.tsv")),
    ("samples of look-alikes", _row(3, sample="drg_\u0441ontrol_4"), ("samples.tsv", "counts.tsv")),
    ("no row", _rows(lambda rows: []), ("samples.tsv",)), ("one row", _rows(lambda rows: rows[:1]), ("samples.tsv", "studies.nerve", "counts.tsv")),
    ("no group left", _both(_only(), _rows(lambda rows: [row for row in rows if row["condition"] == "control"])), (_DRG, "counts.tsv")),
    ("no column of samples", lambda f: _column(f, "sample", "library"), ("samples.tsv",)),
    ("nothing", _sheet(lambda text: ""), ("samples.tsv",)), ("a blank", _sheet(lambda text: "\n\n"), ("samples.tsv",)),
    ("a NUL", _sheet(lambda text: text.replace("b1", "b\x001", 1)), ("samples.tsv",)),
    ("not UTF-8", _sheet(lambda text: text.replace("b1", "b\u00e9").encode("latin-1")), ("samples.tsv",)),
    ("a short row", _sheet(lambda text: text.replace("\tm\n", "\n", 1)), ("samples.tsv",)),
    ("a long row", _sheet(lambda text: text.replace("\tm\n", "\tm\tx\n", 1)), ("samples.tsv",)),
    ("two columns of one name", _sheet(lambda text: text.replace("litter", "batch", 1)), ("samples.tsv",)),
    ("two columns of one name but for a space", _sheet(lambda text: text.replace("litter", "batch ", 1)), ("samples.tsv",)),
    ("column without a name", _sheet(lambda text: text.replace("litter", "", 1)), _HARMLESS),
    ("a quotation mark that is not closed", _sheet(lambda text: text.replace("rat3", '"rat3', 1)), ("samples.tsv",)),
    ("a folder", lambda f: f.study.update(samples="."), (".",)),
    ("Windows line ends", _sheet(lambda text: text.replace("\n", "\r\n")), _HARMLESS),
    ("a byte order mark", _sheet(lambda text: "\ufeff" + text), _HARMLESS),
    ("UTF-16", _sheet(lambda text: text.encode("utf-16")), _HARMLESS),
    ("commas", _sheet(lambda text: text.replace("\t", ",")), _HARMLESS),
    ("semicolons", _sheet(lambda text: text.replace("\t", ";")), _HARMLESS),
    ("quotation marks", _sheet(lambda text: "\n".join("\t".join(f'"{cell}"' for cell in line.split("\t")) for line in text.splitlines())), _HARMLESS),
    ("spaces around cells", _sheet(lambda text: text.replace("\t", " \t ")), _HARMLESS),
    ("a comment first", _sheet(lambda text: "# made by hand\n" + text), _HARMLESS),
    ("no last line end", _sheet(lambda text: text.rstrip("\n")), _HARMLESS),
    ("blank lines at the end", _sheet(lambda text: text + "\n\n\t\t\n"), _HARMLESS),
    ("rows in another order", _rows(lambda rows: rows[::-1]), _HARMLESS),
    ("columns in another order", _rows(lambda rows: [dict(reversed(row.items())) for row in rows]), _HARMLESS),
]  # fmt: skip


def _yaml(change: Any) -> Alter:
    def alter(files: Files) -> None:
        text = yaml.safe_dump(files.configuration, sort_keys=False, allow_unicode=True, width=10_000)
        files.yaml = change(text)

    return alter


def _swap(old: str, new: str) -> Alter:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return _yaml(change)


_LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
_FILE = ("c.yaml",)
WRITTEN: list[Fault] = [
    ("key twice", _swap("    species: rno\n", "    species: rno\n    species: rno\n"), _FILE),
    ("study twice", _yaml(lambda text: text + "studies: {}\n"), _FILE),
    ("billion laughs", _yaml(lambda text: text + _LAUGHS), _FILE),
    ("laughs as a title", _yaml(lambda text: _LAUGHS + text.replace("title: Nerve injury", "title: *a39", 1)), _FILE),
    ("laughs as levels", _yaml(lambda text: _LAUGHS + text.replace("- drg\n", "- *a39\n", 1)), _FILE),
    ("alias within itself", _swap("        subset:\n          fraction:\n          - drg\n", "        subset: &me\n          fraction: *me\n"), _FILE),
    ("list within itself", _swap("        blocking:\n        - batch\n", "        blocking: &me [*me]\n"), _FILE),
    ("study within itself", _swap("  nerve:\n", "  nerve: &me\n    recipient: *me\n"), _FILE),
    ("merge within itself", _swap("      drg:\n", "      drg: &me\n        <<: *me\n"), _FILE),
    ("alias of nothing", _swap("species: rno", "species: *no"), _FILE),
    ("merge of a text", _swap("      drg:\n", "      drg:\n        <<: text\n"), _FILE),
    ("a tag of Python", _swap("species: rno", "species: !!python/name:os.system"), _FILE),
    ("an unknown tag", _swap("species: rno", "species: !rat rno"), _FILE),
    ("a tag of a set", _swap("        blocking:\n        - batch\n", "        blocking: !!set {batch}\n"), _FILE),
    ("binary", _swap("species: rno", "species: !!binary cm5v"), _FILE),
    ("a number by its tag", _swap("species: rno", "species: !!float 1"), _FILE),
    ("two documents", _yaml(lambda text: text + "---\n" + text), _FILE),
    ("a tab", _swap("    species: rno", "\tspecies: rno"), _FILE),
    ("a NUL", _swap("species: rno", "species: r\x00no"), _FILE),
    ("not UTF-8", _yaml(lambda text: text.replace("Nerve", "N\u00e9rve").encode("latin-1")), _FILE),
    ("nothing", _yaml(lambda text: ""), _FILE), ("a comment", _yaml(lambda text: "# nothing\n"), _FILE),
    ("a text", _yaml(lambda text: "studies"), _FILE), ("a list", _yaml(lambda text: "- studies\n"), _FILE),
    ("null", _yaml(lambda text: "null\n"), _FILE), ("cut", _yaml(lambda text: text[: len(text) // 2] + "\n  x: ["), _FILE),
    ("deep", _yaml(lambda text: text + "zzz: " + "[" * 2000 + "]" * 2000), _FILE),
    ("deeper", _yaml(lambda text: text + "zzz: " + "{a: " * 20_000), _FILE),
    ("octal level", _swap("reference: control", "reference: 010"), _FILE),
    ("sexagesimal level", _swap("reference: control", "reference: 12:30"), _FILE),
    ("no", _swap("reference: control", "reference: no"), _FILE), ("tilde", _swap("reference: control", "reference: ~"), _FILE),
    ("date", _swap("reference: control", "reference: 2020-01-31"), _FILE), ("no date", _swap("reference: control", "reference: 2020-13-45"), _FILE),
    ("key of a list", _swap("    species: rno\n", "    species: rno\n    ? [a, b]\n    : 1\n"), _FILE),
    ("key of a date", _swap("    species: rno\n", "    species: rno\n    2020-01-31: 1\n"), _FILE),
    ("day .inf", _swap("day: 7", "day: .inf"), ("expectation.day",)), ("day .nan", _swap("day: 7", "day: .NaN"), ("expectation.day",)),
    ("alpha 0,05", _swap("alpha: 0.05", "alpha: 0,05"), ("thresholds.alpha",)), ("alpha 5%", _swap("alpha: 0.05", "alpha: 5%"), ("thresholds.alpha",)),
    ("alpha 1e-400", _swap("alpha: 0.05", "alpha: 1e-400"), ("thresholds.alpha",)),
    ("anchors", _swap("        variable: condition\n", "        variable: &v condition\n"), _HARMLESS),
    ("alias", _yaml(lambda text: text.replace("variable: condition", "variable: &v condition", 1).replace("variable: condition", "variable: *v", 1)), _HARMLESS),
    ("merge", _yaml(lambda text: text.replace("      exosomes:\n        variable: condition\n        level: injured\n",
                                              "      exosomes:\n        <<: {variable: condition, level: injured}\n", 1)), _HARMLESS),
    ("flow", lambda f: setattr(f, "yaml", yaml.safe_dump(f.configuration, default_flow_style=True, width=10_000)), _HARMLESS),
    ("keys sorted", lambda f: setattr(f, "yaml", yaml.safe_dump(f.configuration, sort_keys=True)), _HARMLESS),
    ("byte order mark", _yaml(lambda text: "\ufeff" + text), _HARMLESS),
    ("Windows line ends", _yaml(lambda text: text.replace("\n", "\r\n")), _HARMLESS),
    ("comments", _yaml(lambda text: text.replace("\n", "  # here\n")), _HARMLESS),
    ("one document", _yaml(lambda text: "%YAML 1.1\n---\n" + text + "...\n"), _HARMLESS),
    ("a text by its tag", _swap("species: rno", "species: !!str rno"), _HARMLESS),
    ("quoted number", _swap("alpha: 0.05", "alpha: '0.05'"), _HARMLESS),
    ("number of the other kind", _swap("min_total_count: 10", "min_total_count: 10.0"), _HARMLESS),
]  # fmt: skip


def _cases(kind: str, faults: list[Fault], recipient: bool = False) -> Iterator[Case]:
    for what, alter, words in faults:
        files = correct(recipient)
        alter(files)
        yield Case(kind, what, files, words, reads_tables=True)


def designs() -> Iterator[Case]:
    yield from _cases("design", DESIGNS)


def recipients() -> Iterator[Case]:
    yield from _cases("recipient", RECIPIENTS, recipient=True)


def sheets() -> Iterator[Case]:
    yield from _cases("sheet", SHEETS)


def written() -> Iterator[Case]:
    yield from _cases("YAML", WRITTEN)
