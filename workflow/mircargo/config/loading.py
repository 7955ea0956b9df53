"""Reading a configuration: every wrong key at once, with what is allowed in its place."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mircargo.config.base import Model
from mircargo.config.from_sheet import complete
from mircargo.config.look_alikes import Key, misread
from mircargo.config.models import Config
from mircargo.config.reading import read_settings, without_password
from mircargo.config.wrong_values import number_expected, wrong_name, wrong_value
from mircargo.problems import Problem, ProblemsFound, did_you_mean, latin, listing, refusal, shown

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
        what = "a configuration is a mapping that begins with `studies:`"
        hint = "`mircargo init TABLE` writes one for your table; config/README.md lists the keys"
        raise refusal("not_a_configuration", what, source, "", hint)
    config, problems = _typed(read.settings, read.where, read.misread)
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


def _typed(
    settings: Mapping[str, Any], where: str, misread: Collection[Key] = ()
) -> tuple[Config | None, list[Problem]]:
    """Type settings; `misread` are the keys whose words YAML does not read as they are meant, which has been said."""
    completed = complete(settings)
    problems = [replace(problem, where=_within(where, problem.where)) for problem in completed.problems]
    try:
        return Config.model_validate(completed.settings), problems
    except ValidationError as error:
        errors = error.errors()
        wrong = [*misread, *(each["loc"] for each in errors)]
        for details in errors:
            location = list(details["loc"])
            if completed.not_made and _rests_on_contrasts(location, completed.not_made):
                continue
            if _rests_on_others(details["type"], tuple(location), misread, wrong):
                continue
            if location[2:3] == ["contrasts"] and len(location) > 3:
                # Each of several contrasts that were made of one is wrong where that is.
                location[3] = completed.made_of.get((str(location[1]), str(location[3])), location[3])
            problems += _problems({**details, "loc": location}, where)
    return None, list(dict.fromkeys(problems))


def _rests_on_others(kind: str, location: Key, misread: Collection[Key], wrong: Collection[Key]) -> bool:
    """Whether an error, of parts that do not fit or of a level that is missing, may come of one that is said."""
    if kind == "value_error" and location[-1:] == ("mirbase",):
        return (*location[:-1], "species") in misread
    if kind == "value_error":
        return any(key[: len(location)] == location for key in misread)
    if kind == "missing" and location[-1] in ("level", "reference"):
        # A contrast of a number needs none, and which columns are numbers is not known.
        part = location[: -2 if location[-2:-1] == ("contrast",) else -3]
        return any(key[: len(part) + 1] == (*part, "numeric") for key in wrong)
    return False


def _rests_on_contrasts(location: Sequence[int | str], not_made: Collection[tuple[str, str]]) -> bool:
    """Whether an error is of the whole, of a study or of a contrast, of which something is not known."""
    places = [[], *(["studies", study] for study, _ in not_made)]
    return location in [*places, *(["studies", study, "contrasts", key] for study, key in not_made)]


def _within(where: str, key: str) -> str:
    return f"{where}, {key}" if key.startswith("studies.") else key


def _problems(details: Mapping[str, Any], where: str) -> list[Problem]:
    """Say in words what pydantic found; the models may have found several things at one place."""
    if details["type"] != "value_error":
        return [_problem(details, where)]
    first = details["ctx"]["error"]
    hint = number_expected(_field_at(details["loc"]))
    place, problems = [part for part in details["loc"] if part != "[key]"], []
    for each in (first, *first.others):
        key = ".".join(map(str, [*place, *filter(None, [each.key])])) or "top level"
        found = _found(details["input"])
        if each.key or (isinstance(details["input"], dict | list) and len(found) >= 60):
            found = ""  # of a whole study or configuration its text says nothing
        problems.append(Problem("invalid_value", str(each), f"{where}, {key}", found, each.hint or hint))
    return problems


def _problem(details: Mapping[str, Any], where: str) -> Problem:
    location = tuple(details["loc"])
    key = ".".join(str(part) for part in location) or "top level"
    found = _found(details["input"])
    if details["type"] in ("extra_forbidden", "invalid_key"):
        model = _model_at(location[:-1])
        allowed = list(model.model_fields) if model else []
        name = str(location[-1])
        if details["type"] == "invalid_key":  # a number, true, a date: pydantic makes text or a number of it
            name, found = str(details["input"]), "a key is a word"
            key = ".".join(map(str, [*location[:-1], name]))
        elif latin(name) != name.casefold():
            found = f"the key {shown(name)}"
        hint = REMOVED.get(name) or f"{did_you_mean(name, allowed)} allowed: {listing(allowed, 20)}".strip()
        return Problem("unknown_key", "unknown key", f"{where}, {key}", found, hint)
    if details["type"] == "missing":
        return Problem("missing_key", "this key is missing", f"{where}, {key}", "", f"add `{location[-1]}:`")
    if details["type"] == "string_type" and isinstance(details["input"], bool | date | int | float):
        return misread(details["input"], f"{where}, {key}")
    if location[-1:] == ("[key]",):  # a name, which stands before that
        what, hint = wrong_name(str(details["input"]), details["type"])
        return Problem("invalid_value", what, f"{where}, {'.'.join(map(str, location[:-2]))}", found, hint)
    what, hint = wrong_value(details, _field_at(location))
    if location[-1:] == ("counts",) and isinstance(details["input"], str):
        hint = f"write `counts: [{{table: {details['input']:.80}}}]`"
    return Problem("invalid_value", what, f"{where}, {key}", found, hint)


def _found(value: Any) -> str:
    """Write a value for a message, the beginning of a long one."""
    found = without_password(_beginning(value))
    return found if len(found) < 120 else found[:117] + "..."


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


def _field_at(location: Sequence[int | str]) -> FieldInfo | None:
    """Find the key that an error's location leads to, if it is one of a model; of the items of a list, the list's."""
    while location and isinstance(location[-1], int):
        location = location[:-1]
    model = _model_at(location[:-1]) if location else None
    return model.model_fields.get(str(location[-1])) if model else None


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
