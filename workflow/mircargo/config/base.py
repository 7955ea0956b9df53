"""What every part of the configuration has in common."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

BREAKS_OUT = ("</", "<!--")
"""What would end a script of a page that holds the text; Snakemake's report has texts in scripts as they are."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _texts_are_lines(self) -> Self:
        """Refuse texts that could end the line or the page that they are put into."""
        for key, value in self:
            for text in _texts(value):
                if not text.isprintable():
                    raise ValueError(f"`{key}` has a character that cannot be printed: {text!r}")
                for part in BREAKS_OUT:
                    if part in text:
                        raise ValueError(f"`{key}` has {part!r}, which would end a part of a page: {text!r}")
        return self


def _texts(value: Any) -> list[str]:
    """Find the texts of a value; parts of the configuration within it have looked at their own."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [*value, *(text for one in value.values() for text in _texts(one))]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []


def _is_plain_path(path: str) -> str:
    if "{" in path or "}" in path:
        raise ValueError("has a brace, which Snakemake takes for a wildcard: rename the file")
    if path.startswith("-"):
        raise ValueError("begins with a dash, as options do: write ./ before it")
    return path


PathText = Annotated[str, AfterValidator(_is_plain_path)]
"""A path as it may stand in a workflow and on a command line."""
