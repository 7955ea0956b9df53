"""Levels of a column of the sample sheet, and what compares two of them within a contrast."""

import math
import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from mircargo.config.base import Model


def _text(value: Any) -> Any:
    """Take a bare number of YAML (`day: 7`, `day: 7.0`) as the text that stands in the sample sheet."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _texts(value: Any) -> Any:
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


Level = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int | float)]
Levels = Annotated[
    list[Level],
    Field(min_length=1),
    BeforeValidator(_texts, json_schema_input_type=str | int | float | list[str | int | float]),
]


def is_number(text: str) -> bool:
    """Whether a level is a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


class Interaction(Model):
    """Where a change is compared with the same change elsewhere: level against reference of a second column."""

    variable: str = Field(description="Column of the sample sheet whose levels the change is compared between")
    level: Level = Field(description="Where the change is asked about; a positive fold change means it is larger there")
    reference: Level = Field(description="Where the change that it is compared with is found")

    @model_validator(mode="after")
    def _two_levels(self) -> "Interaction":
        if self.level == self.reference:
            raise ValueError(f"level and reference are both '{self.level}'")
        return self
