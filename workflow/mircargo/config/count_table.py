"""Models of count tables: where each is, which program wrote it, and how it is read."""

from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mircargo.config.base import LONGEST_FILE_NAME, Model, PathText, WrongValue, plain_path


def _address(url: str) -> str:
    """Refuse an address that holds a password, which would go into logs and reports, or that names no machine."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise WrongValue(f"this is no address: {error}", "write https://, then the machine and the path") from None
    if "@" in parts.netloc:
        what = "has a user or password before an @, and a configuration is shared"
        raise WrongValue(what, "fetch this table yourself")
    if not parts.hostname:
        raise WrongValue("this address names no machine", "write https://, then the machine and the path")
    return url


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https://"), AfterValidator(_address)]
if TYPE_CHECKING:
    FormatName = str
else:
    # Each module of inputs/formats is a format. Only their names are needed here: importing them would take pandas.
    _FORMATS = iter_modules([str(Path(__file__).parents[1] / "inputs" / "formats")])
    FormatName = Literal["auto", *sorted(module.name for module in _FORMATS)]


class CountTable(Model):
    """A table of counts: a file, or an address with its checksum."""

    table: PathText | None = Field(None, description="Path of the table; a fetched one is put there, below `data/`")
    url: Url | None = Field(None, description="Address to fetch the table from once, over https; needs `sha256`")
    sha256: Sha256 | None = Field(None, description="SHA-256 checksum of the file, 64 hexadecimal digits")
    format: FormatName = Field("auto", description="Which program wrote the table; `auto` finds out from its content")
    duplicates: Literal["format", "refuse", "sum", "maximum"] = Field(
        "format", description="What to do where several rows are one feature; `format` does what suits the format"
    )
    sample: str | None = Field(
        None, description="Name of the only sample of a table, where the file's name does not tell it"
    )
    prefix: str | None = Field(
        None,
        description="What to put before the names of this table's sample columns, where another table has the same:"
        " `drg_` makes `ctrl_1` the column `drg_ctrl_1`",
    )
    absent_is_zero: bool = Field(
        False, description="Take a feature as 0 where this table has no row for it and another table has"
    )
    missing_is_zero: bool = Field(
        False, description="Take a cell without a number (empty, `NA`, `NaN`, `-`, `.`, `n/a`, `ND`) as 0"
    )
    sheet: str | None = Field(
        None, description="The sheet of a workbook; where left out, the only one that holds counts is found"
    )
    raw: bool = Field(
        False,
        description="Take integers as raw counts though they look normalised: libraries subsampled to one depth do",
    )

    @model_validator(mode="after")
    def _has_source(self) -> "CountTable":
        refuse_without_source(self.table, self.url, self.sha256)
        return self


def table_path(study: str, table: CountTable) -> str:
    """Where a count table lies, or will lie once fetched."""
    return table.table or f"data/{study}/{name_of_address(str(table.url))}"


def refuse_without_source(path: str | None, url: Any, sha256: str | None, key: str = "table") -> None:
    """Refuse a file that has no path, and no address with a checksum from which it can be fetched.

    Parameters
    ----------
    key
        Of the path.

    Raises
    ------
    WrongValue
        With what it needs, for the models of the configuration.
    """
    if path is None and url is None:
        what = f"needs a `{key}` (a path) or a `url` with its `sha256`"
        raise WrongValue(what, f"write `{key}:` and the path of the file")
    if url is not None and sha256 is None:
        raise WrongValue("a `url` needs the `sha256` of the file it should give", "write what `sha256sum FILE` prints")
    if path is None:
        try:
            plain_path(name_of_address(str(url)))
        except WrongValue as error:
            hint = f"say under `{key}` where to put it, for instance `{key}: data/STUDY/counts.tsv`"
            raise WrongValue(f"the last part of `url` {error}", hint) from None
    if url is not None and len(Path(path or str(url)).name.encode()) > LONGEST_FILE_NAME - BESIDE:
        what = f"a fetched file has a name of at most {LONGEST_FILE_NAME - BESIDE} bytes"
        raise WrongValue(what, f"give it a shorter one under `{key}`", key)


BESIDE: Final = 32
"""Bytes beside the name of a file while it is written: dots, the number of the process, `.part`."""


def name_of_address(url: str) -> str:
    """Return the name that a file has once it is fetched: the last part of its address."""
    name = Path(url).name
    return "table" if name == ".." else name
