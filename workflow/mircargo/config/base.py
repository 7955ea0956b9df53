"""What every part of the configuration has in common."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

BREAKS_OUT = re.compile("</script|<!--", re.IGNORECASE)
"""What would end a script of a page that holds the text; Snakemake's report has texts in scripts as they are."""

UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
"""Control characters, marks that turn the direction of what follows, and halves of characters."""

PATH_VARIABLE = re.compile("<[a-z][a-z0-9_]*>")
"""What Snakemake replaces in a path, as `<results>`."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    @model_validator(mode="after")
    def _texts_are_lines(self) -> Self:
        """Refuse texts that could end the line or the page that they are put into."""
        for key, value in self:
            for text in _texts(value):
                if UNSEEN.search(text):
                    raise ValueError(f"`{key}` has a character that is not seen: {text!a}")
                if part := BREAKS_OUT.search(text):
                    raise ValueError(f"`{key}` has {part[0]!r}, which would end a part of a page: {text!r}")
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
    ValueError
        Where Snakemake or a command would take it for something else.
    """
    if "{" in path or "}" in path:
        raise ValueError("has a brace, which Snakemake takes for a wildcard: rename the file")
    if variable := PATH_VARIABLE.search(path):
        raise ValueError(f"has {variable[0]}, which Snakemake takes for a variable: rename the file")
    if path.startswith("-"):
        raise ValueError("begins with a dash, as options do: write ./ before it")
    if UNSEEN.search(path):
        raise ValueError(f"has a character that is not seen: {path!a}")
    return path


LONGEST_NAME = 100
"""Letters of a name: with what stands before and after it, the name of a file, of which systems take 255."""


def _not_missing(name: str) -> str:
    if name == "NA":
        raise ValueError("stands for what is missing in every table of results: choose another name")
    return name


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=LONGEST_NAME),
    AfterValidator(_not_missing),
]
"""A name that a user gives to a study or a question: part of paths, and a cell of tables of results."""

PathText = Annotated[str, AfterValidator(plain_path)]
"""A path as it may stand in a workflow and on a command line."""


def _no_wildcard(title: str) -> str:
    if "{" in title or "}" in title:
        raise ValueError("has a brace, which Snakemake takes for a wildcard")
    return title


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_no_wildcard)]
"""What people read in place of a name."""
