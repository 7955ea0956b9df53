"""Levels of a column of the sample sheet, and what compares two of them within a contrast."""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from mircargo.config.base import ColumnName, Model, WrongValue

_PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def level_text(value: Any) -> Any:
    """Take a bare number of YAML (`day: 7`, `day: 7.0`) as the text that stands in the sample sheet."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return str(value) if number else value


def level_texts(value: Any) -> Any:
    """Take one level or a list of them as a list of texts."""
    return [level_text(item) for item in value] if isinstance(value, list) else [level_text(value)]


def as_levels(cells: Sequence[str | None], numbers: bool = True) -> list[str | None]:
    """Return the cells of a column of the sample sheet as levels: stripped, and None where they are empty or `NA`.

    Of a column of plain `numbers` needless zeros are left out, as `level_text` does: `7.0` is `7`.
    """
    texts = ["" if cell is None else cell.strip() for cell in cells]
    known = [text for text in texts if text not in ("", "NA")]  # with a missing one, pandas writes 1 as 1.0
    if numbers and all(map(_PLAIN_NUMBER.fullmatch, known)):
        texts = [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]
    return [None if text in ("", "NA") else text for text in texts]


Level = Annotated[str, BeforeValidator(level_text, json_schema_input_type=str | int | float)]
Levels = Annotated[
    list[Level],
    Field(min_length=1),
    BeforeValidator(level_texts, json_schema_input_type=str | int | float | list[str | int | float]),
]


def is_number(text: str) -> bool:
    """Whether a level is a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


class Interaction(Model):
    """Where a change is compared with the same change elsewhere: level against reference of a second column.

    `{geno: ko}` is short for level `ko` of `geno` against its only other level.
    """

    variable: ColumnName = Field(description="Column of the sample sheet whose levels the change is compared between")
    level: Level = Field(description="Where the change is asked about; a positive fold change means it is larger there")
    reference: Level = Field(description="Where the change that it is compared with is found")

    @model_validator(mode="after")
    def _two_levels(self) -> "Interaction":
        if self.level == self.reference:
            what = f"level and reference are both '{self.level}'"
            raise WrongValue(what, "name another group under one of them", "reference")
        return self


ShortInteraction = Annotated[dict[str, Level], Field(min_length=1, max_length=1)]
"""`{geno: ko}`: a column and its level of interest."""
