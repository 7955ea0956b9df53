"""Reading a configuration: every wrong key at once, with what is allowed in its place."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError

from mircargo.config.base import Model
from mircargo.config.from_sheet import complete
from mircargo.config.look_alikes import misread
from mircargo.config.models import Config
from mircargo.config.reading import read_settings, without_password
from mircargo.config.wrong_values import wrong_name, wrong_value
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal

REMOVED: Final = {
    "unpacked_gb": "take this key out: it is no longer needed for packed tables of up to 500 MB; unpack a larger one"
}
"""Keys of earlier versions, and what to do about them."""


def parse(settings: Mapping[str, Any], where: str = "configuration") -> Config:
    """Fill in what sample sheets say (see `mircargo.config.from_sheet`), check settings and type them.

    Raises
    ------
    ProblemsFound
        With one problem for each key that is unknown, missing or has a wrong value.
    """
    config, problems = _typed(settings, where)
    if config is None or problems:
        raise ProblemsFound(problems)
    return config


def load(source: str) -> Config:
    """Read a configuration file (YAML), or a configuration given as JSON text that begins with a brace.

    Raises
    ------
    ProblemsFound
        As `parse`; and with one problem for each word that YAML does not read as the text that is meant.
    """
    read = read_settings(source)
    if not isinstance(read.settings, dict):
        raise refusal("not_a_configuration", "a configuration is a mapping that begins with `studies:`", source)
    config, problems = _typed(read.settings, read.where)
    if config is None or read.problems or problems:
        raise ProblemsFound([*read.problems, *problems])
    return config


def problems_of_texts(paths: Iterable[str | Path]) -> list[Problem]:
    """List what is wrong with configuration files where others have read them, as Snakemake has, who does not say it.

    Of a file with keys that stand twice, or words that are not read as they are meant, all problems are listed; files
    that YAML does not read are left to whoever reads them.
    """
    problems: list[Problem] = []
    for path in map(Path, paths):
        name = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
        with suppress(ProblemsFound):
            if read_settings(name).problems:
                try:
                    load(name)
                except ProblemsFound as found:
                    problems += found.problems
    return problems


def _typed(settings: Mapping[str, Any], where: str) -> tuple[Config | None, list[Problem]]:
    completed = complete(settings)
    problems = [replace(problem, where=_within(where, problem.where)) for problem in completed.problems]
    try:
        return Config.model_validate(completed.settings), problems
    except ValidationError as error:
        for details in error.errors():
            location = list(details["loc"])
            if completed.not_made and _rests_on_contrasts(location, completed.not_made):
                continue
            if location[2:3] == ["contrasts"] and len(location) > 3:
                # Each of several contrasts that were made of one is wrong where that is.
                location[3] = completed.made_of.get((str(location[1]), str(location[3])), location[3])
            problems.append(_problem({**details, "loc": location}, where))
    return None, list(dict.fromkeys(problems))


def _rests_on_contrasts(location: Sequence[int | str], not_made: Collection[tuple[str, str]]) -> bool:
    """Whether an error is of the whole, of a study or of a contrast, of which something is not known."""
    places = [[], *(["studies", study] for study, _ in not_made)]
    return location in [*places, *(["studies", study, "contrasts", key] for study, key in not_made)]


def _within(where: str, key: str) -> str:
    return f"{where}, {key}" if key.startswith("studies.") else key


def _problem(details: Mapping[str, Any], where: str) -> Problem:
    location = tuple(details["loc"])
    key = ".".join(str(part) for part in location) or "top level"
    found = without_password(_beginning(details["input"]))
    found = found if len(found) < 120 else found[:117] + "..."
    if details["type"] == "extra_forbidden":
        model = _model_at(location[:-1])
        allowed = list(model.model_fields) if model else []
        name = str(location[-1])
        hint = REMOVED.get(name) or f"{did_you_mean(name, allowed)} allowed: {listing(allowed, 20)}".strip()
        return Problem("unknown_key", "unknown key", f"{where}, {key}", found, hint)
    if details["type"] == "missing":
        return Problem("missing_key", "this key is missing", f"{where}, {key}", "", f"add `{location[-1]}:`")
    if details["type"] == "string_type" and isinstance(details["input"], bool | date | int | float):
        return misread(details["input"], f"{where}, {key}")
    if details["type"] == "value_error":
        # Of a whole study or configuration its text says nothing.
        found = found if not isinstance(details["input"], dict) or len(found) < 60 else ""
        what = details["msg"].removeprefix("Value error, ")
        return Problem("invalid_value", what, f"{where}, {key.removesuffix('.[key]')}", found)
    if location[-1:] == ("[key]",):  # a name, which stands before that
        what, hint = wrong_name(str(details["input"]), details["type"])
        return Problem("invalid_value", what, f"{where}, {'.'.join(map(str, location[:-2]))}", found, hint)
    model = _model_at(location[:-1])
    what, hint = wrong_value(details, model.model_fields.get(str(location[-1])) if model and location else None)
    if location[-1:] == ("counts",) and isinstance(details["input"], str):
        hint = f"write `counts: [{{table: {details['input']}}}]`"
    return Problem("invalid_value", what, f"{where}, {key}", found, hint)


def _beginning(value: Any) -> str:
    """Write a value as JSON, as far as a message could show it; a whole configuration may be the value."""
    text = ""
    try:
        for part in json.JSONEncoder(default=str, ensure_ascii=False).iterencode(value):
            text += part
            if len(text) > 2000:
                break
    except (TypeError, ValueError):  # a key that JSON does not have, a date; or a value that is inside of itself
        return str(value)[:2000]
    return text


def _model_at(location: Sequence[int | str]) -> type[Model] | None:
    """Find the model that an error's location leads to."""
    model: type[Model] | None = Config
    for part in location:
        field = model.model_fields.get(str(part)) if model else None
        model = next(_models_in(field.annotation), model) if field else model
    return model


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
