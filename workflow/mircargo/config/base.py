"""What every part of the configuration has in common."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

BREAKS_OUT = re.compile("</script|<!--", re.IGNORECASE)
"""What would end a script of a page that holds the text; Snakemake's report has texts in scripts as they are."""

UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
"""Control characters, marks that turn the direction of what follows, and halves of characters."""

PATH_VARIABLE = re.compile("<[a-z][a-z0-9_]*>")
"""What Snakemake replaces in a path, as `<results>`."""


class WrongValue(ValueError):  # noqa: N818 - it is the value that is wrong
    """Raised by the models of the configuration where values do not go together, or one cannot be used.

    Parameters
    ----------
    what
        What is wrong, as a sentence without its full stop.
    hint
        What to do about it; empty for a number, of which the default is told.
    key
        The key below the part of the configuration that raises it; empty where it is about all of that.
    """

    def __init__(self, what: str, hint: str, key: str = "") -> None:
        super().__init__(what)
        self.hint, self.key = hint, key
        self.others: Sequence[WrongValue] = ()

    @classmethod
    def raise_all(cls, wrong: Sequence["WrongValue"]) -> None:
        """Raise what was found, if anything was, so that all of it is told at once."""
        if wrong:
            wrong[0].others = wrong[1:]
            raise wrong[0]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _texts_are_lines(self) -> Self:
        """Refuse texts that could end the line or the page that they are put into."""
        for key, value in self:
            for text in _texts(value):
                if UNSEEN.search(text):
                    raise WrongValue(f"`{key}` has a character that is not seen: {text!a:.120}", "type the text anew")
                if part := BREAKS_OUT.search(text):
                    what = f"`{key}` has {part[0]!r}, which would end a part of a page: {text!r:.120}"
                    raise WrongValue(what, "write it in other words")
        return self


def _texts(value: Any) -> list[str]:
    """Find the texts of a value; parts of the configuration within it have looked at their own."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [*value, *(text for one in value.values() for text in _texts(one))]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []


def plain_path(path: str) -> str:
    """Return a path as it is, where it may stand in a workflow and on a command line.

    Raises
    ------
    WrongValue
        Where Snakemake or a command would take it for something else, or no system has such a path.
    """
    if not path.strip():
        raise WrongValue("this path is empty", "write the path of a file, or take the key out if it can be left out")
    if "{" in path or "}" in path:
        raise WrongValue("has a brace, which Snakemake takes for a wildcard", "rename the file")
    if variable := PATH_VARIABLE.search(path):
        raise WrongValue(f"has {variable[0]}, which Snakemake takes for a variable", "rename the file")
    if path.startswith("-"):
        raise WrongValue("begins with a dash, as options do", "write ./ before it")
    if UNSEEN.search(path):
        raise WrongValue(f"has a character that is not seen: {path!a:.120}", "type it anew, or rename the file")
    longest = max((len(part.encode()) for part in path.split("/")), default=0)
    if longest > LONGEST_FILE_NAME:
        what = f"has a name of {longest} bytes in it, and systems take {LONGEST_FILE_NAME}"
        raise WrongValue(what, "rename the file")
    return path


LONGEST_FILE_NAME: Final = 255
"""Bytes of the name of a file or folder, on all systems in use."""

LONGEST_NAME = 100
"""Letters of a name: with what stands before and after it, the name of a file."""


def _not_missing(name: str) -> str:
    if name == "NA":
        raise WrongValue("'NA' stands for what is missing in every table of results", "choose another name")
    return name


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=LONGEST_NAME),
    AfterValidator(_not_missing),
]
"""A name that a user gives to a study or a question: part of paths, and a cell of tables of results."""


def _column_name(name: str) -> str:
    if "`" in name:
        raise WrongValue("has a backtick, with which formulas quote names", "rename the column in the sheet")
    return unicodedata.normalize("NFC", name)


IS_COLUMN: Final = AfterValidator(_column_name)
"""Marks the name of a column of a sample sheet: its accents are composed, as `inputs.sheet` has them."""

ColumnName = Annotated[str, IS_COLUMN]

Formula = Annotated[str, AfterValidator(lambda text: unicodedata.normalize("NFC", text))]
"""A formula of such names."""


def refuse_names_alike(names: Iterable[str], part: str) -> None:
    """Refuse names that differ only in case: some systems take the files of one for those of the other.

    Raises
    ------
    WrongValue
        With the key of the second of them, below `part`.
    """
    known: dict[str, str] = {}
    for name in names:
        if (first := known.setdefault(name.casefold(), name)) != name:
            what = (
                f"the names '{first}' and '{name}' differ only in case, which some systems do not tell in a file's name"
            )
            raise WrongValue(what, "rename one of them", f"{part}.{name}")


PathText = Annotated[str, AfterValidator(plain_path)]
"""A path as it may stand in a workflow and on a command line."""

_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE)


def _plain_number(value: Any) -> Any:
    """Refuse what pydantic would take for a number: `true`, `1_0`, `inf` and the number of full-width digits."""
    text = value.strip() if isinstance(value, str) else None
    if isinstance(value, bool) or (text is not None and not (text.isascii() and _NUMBER.fullmatch(text))):
        hint = ""
        if text is not None and re.fullmatch(r"[-+]?\d*,\d+", text):
            hint = f"write it with a decimal point, and without quotes: {text.replace(',', '.')}"
        raise WrongValue("a number is expected here", hint)
    return value


IS_NUMBER: Final = BeforeValidator(_plain_number)
"""Marks what is a finite number, after its bounds; every key that takes a number is so marked."""

Number = Annotated[float, IS_NUMBER]
WholeNumber = Annotated[int, IS_NUMBER]


def _no_wildcard(title: str) -> str:
    if "{" in title or "}" in title:
        raise WrongValue("has a brace, which Snakemake takes for a wildcard", "write it without `{` and `}`")
    return title


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_no_wildcard)]
"""What people read in place of a name."""
