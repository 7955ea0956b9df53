"""Faults of the sample sheet, as a table and as a file, and ways to write the same that are harmless."""

from typing import Any

from generated_designs import CYRILLIC, DRG, HARMLESS, Alter, Fault, both, column, each, only, wide
from generated_study import Files

_DRG = ".".join(DRG)


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
        only()(files)
        each(files, "condition", lambda cell: new, "injured")
        if named:
            files.put(*DRG, "level", value=new)

    return alter


def _variable(new: str, named: bool) -> Alter:
    def alter(files: Files) -> None:
        only()(files)
        column(files, "condition", new)
        if named:
            files.put(*DRG, "variable", value=new)

    return alter


_AGE = "contrasts.age"
SHEETS: list[Fault] = [
    *(
        (f"column of {what}", _variable(new, False), (_DRG,))
        for what, new in {
            "look-alikes": "condition".translate(CYRILLIC),
            "wide letters": wide("condition"),
            "other case": "Condition",
            "a no-break space": "con\u00a0dition",
            "a soft hyphen": "condi\u00adtion",
            "zero width": "condition\u200b",
        }.items()
    ),
    *(
        (f"column {new!a:.40} in both", _variable(new, True), HARMLESS)
        for new in (
            "all",
            "con",
            "meta",
            "-x",
            ".",
            "..",
            "~",
            "none",
            "true",
            "null",
            "NaN",
            "results",
            "a b",
            "a/b",
            "a:b",
            "a'b",
            'a"b',
            "C(x)",
            "1",
            "a+b",
            "a*b",
            "a~b",
            "caf\u00e9",
            "\u540d\u524d",
            "x" * 240,
            "\u00e9" * 240,
            "np",
            "Q",
            "import",
        )
    ),
    ("column with a backtick in both", _variable("`a`", True), (f"{_DRG}.variable",)),
    *(
        (f"level {new!a:.40} in both", _injured(new, True), HARMLESS)
        for new in (
            "all",
            "con",
            "meta",
            "-x",
            ".",
            "..",
            "~",
            "none",
            "true",
            "null",
            "NaN",
            "nan",
            "inf",
            "results",
            "a b",
            "a/b",
            "a'b",
            "caf\u00e9",
            "\u540d\u524d",
            "x" * 240,
            "\u00e9" * 240,
            "007",
            "1e5",
            "+",
            "0",
            "injured (3 days)",
            "[a]",
            "T.x",
        )
    ),
    *(
        (f"level of {what} in the sheet", _injured(new, False), (f"{_DRG}.level",))
        for what, new in {
            "look-alikes": "injured".translate(str.maketrans("e", "\u0435")),
            "wide letters": wide("injured"),
            "other case": "Injured",
            "a no-break space": "in\u00a0jured",
        }.items()
    ),
    ("level with spaces around it", _injured("  injured ", False), HARMLESS),
    ("level with no-break spaces around it", _injured("\u00a0injured\u00a0", False), HARMLESS),
    (
        "level decomposed in the sheet",
        both(_injured("cafe\u0301", False), lambda f: f.put(*DRG, "level", value="caf\u00e9")),
        HARMLESS,
    ),
    (
        "level decomposed in the configuration",
        both(_injured("caf\u00e9", False), lambda f: f.put(*DRG, "level", value="cafe\u0301")),
        HARMLESS,
    ),
    (
        "column decomposed in the sheet",
        both(_variable("cafe\u0301", False), lambda f: f.put(*DRG, "variable", value="caf\u00e9")),
        HARMLESS,
    ),
    (
        "column decomposed in the configuration",
        both(_variable("caf\u00e9", False), lambda f: f.put(*DRG, "variable", value="cafe\u0301")),
        HARMLESS,
    ),
    (
        "blocking decomposed",
        both(only(blocking=["cafe\u0301"]), lambda f: column(f, "batch", "caf\u00e9")),
        HARMLESS,
    ),
    (
        "subset decomposed",
        both(
            only(subset={"cafe\u0301": ["drg"]}),
            lambda f: column(f, "fraction", "caf\u00e9"),
            lambda f: f.study.update(fraction="caf\u00e9"),
        ),
        HARMLESS,
    ),
    ("a level in two spellings", both(only(), _row(7, condition="Injured")), ("samples.tsv", _DRG)),
    ("one value of look-alikes", both(only(), _row(7, condition="injur\u0435d")), ("samples.tsv", _DRG)),
    ("age infinite", _row(3, age="inf"), (_AGE,)),
    ("age .inf", _row(3, age=".inf"), (_AGE,)),
    ("age -Infinity", _row(3, age="-Infinity"), (_AGE,)),
    ("age nan", _row(3, age="nan"), (_AGE,)),
    ("age NA", _row(3, age="NA"), HARMLESS),
    ("age empty", _row(3, age=""), HARMLESS),
    ("age with a comma", _row(3, age="5,5"), (_AGE,)),
    ("age 1e400", _row(3, age="1e400"), (_AGE,)),
    ("age in wide digits", _row(3, age=wide("55")), (_AGE,)),
    ("age with a unit", _row(3, age="55 days"), (_AGE,)),
    ("age as a covariate infinite", both(only(blocking=["age"]), _row(3, age="inf")), (_DRG,)),
    ("age as a covariate nan", both(only(blocking=["age"]), _row(3, age="nan")), (_DRG,)),
    ("age as a covariate empty", both(only(blocking=["age"]), _row(3, age="")), (_DRG,)),
    ("age all alike", _rows(lambda rows: [{**row, "age": "50"} for row in rows]), (_AGE,)),
    *(
        (
            f"size factor {value!r}",
            both(
                _row(3, factor=value), lambda f: f.study.update(size_factors={"method": "column", "column": "factor"})
            ),
            ("size_factors",),
        )
        for value in ("inf", "nan", "0", "-1", "", "1,2", "many", "1e400")
    ),
    ("batch empty", _row(3, batch=""), (_DRG,)),
    ("condition empty", _row(3, condition=""), HARMLESS),
    ("sample twice", _row(3, sample="drg_control_1"), ("samples.tsv",)),
    ("sample without a name", _row(3, sample=""), ("samples.tsv",)),
    ("sample not in the tables", _row(3, sample="drg_control_x"), ("samples.tsv", "drg_control_x", "counts.tsv")),
    ("samples of look-alikes", _row(3, sample="drg_\u0441ontrol_4"), HARMLESS),
    ("no row", _rows(lambda rows: []), ("samples.tsv",)),
    ("one row", _rows(lambda rows: rows[:1]), ("samples.tsv", "studies.nerve", "counts.tsv")),
    (
        "no group left",
        both(only(), _rows(lambda rows: [row for row in rows if row["condition"] == "control"])),
        (_DRG, "counts.tsv"),
    ),
    ("no column of samples", lambda f: column(f, "sample", "library"), ("samples.tsv",)),
    ("nothing", _sheet(lambda text: ""), ("samples.tsv",)),
    ("a blank", _sheet(lambda text: "\n\n"), ("samples.tsv",)),
    ("a NUL", _sheet(lambda text: text.replace("b1", "b\x001", 1)), ("samples.tsv",)),
    ("not UTF-8", _sheet(lambda text: text.replace("b1", "b\u00e9").encode("latin-1")), ("samples.tsv",)),
    ("a short row", _sheet(lambda text: text.replace("\tm\n", "\n", 1)), ("samples.tsv",)),
    ("a long row", _sheet(lambda text: text.replace("\tm\n", "\tm\tx\n", 1)), ("samples.tsv",)),
    ("two columns of one name", _sheet(lambda text: text.replace("litter", "batch", 1)), ("samples.tsv",)),
    (
        "two columns of one name but for a space",
        _sheet(lambda text: text.replace("litter", "batch ", 1)),
        ("samples.tsv",),
    ),
    ("column without a name", _sheet(lambda text: text.replace("litter", "", 1)), HARMLESS),
    ("a quotation mark that is not closed", _sheet(lambda text: text.replace("rat3", '"rat3', 1)), ("samples.tsv",)),
    ("a folder", lambda f: f.study.update(samples="."), (".",)),
    ("Windows line ends", _sheet(lambda text: text.replace("\n", "\r\n")), HARMLESS),
    ("a byte order mark", _sheet(lambda text: "\ufeff" + text), HARMLESS),
    ("UTF-16", _sheet(lambda text: text.encode("utf-16")), HARMLESS),
    ("commas", _sheet(lambda text: text.replace("\t", ",")), HARMLESS),
    ("semicolons", _sheet(lambda text: text.replace("\t", ";")), HARMLESS),
    (
        "quotation marks",
        _sheet(
            lambda text: "\n".join("\t".join(f'"{cell}"' for cell in line.split("\t")) for line in text.splitlines())
        ),
        HARMLESS,
    ),
    ("spaces around cells", _sheet(lambda text: text.replace("\t", " \t ")), HARMLESS),
    ("a comment first", _sheet(lambda text: "# made by hand\n" + text), HARMLESS),
    ("no last line end", _sheet(lambda text: text.rstrip("\n")), HARMLESS),
    ("blank lines at the end", _sheet(lambda text: text + "\n\n\t\t\n"), HARMLESS),
    ("rows in another order", _rows(lambda rows: rows[::-1]), HARMLESS),
    ("columns in another order", _rows(lambda rows: [dict(reversed(row.items())) for row in rows]), HARMLESS),
]
