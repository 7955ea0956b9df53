"""Reading a configuration: every wrong key at once, with what is allowed in its place."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, get_args

from pydantic import ValidationError

from mircargo.config.base import Model
from mircargo.config.models import Config
from mircargo.config.reading import read_settings, without_password
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal

REMOVED: Final = {
    "unpacked_gb": "take this key out: it is no longer needed for packed tables of up to 500 MB; unpack a larger one"
}
"""Keys of earlier versions, and what to do about them."""


def parse(settings: Mapping[str, Any], where: str = "configuration") -> Config:
    """Check settings and type them.

    Raises
    ------
    ProblemsFound
        With one problem for each key that is unknown, missing or has a wrong value.
    """
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise ProblemsFound(_problem(details, where) for details in error.errors()) from None


def load(source: str) -> Config:
    """Read a configuration file (YAML), or a configuration given as JSON text that begins with a brace."""
    settings, where = read_settings(source)
    if not isinstance(settings, dict):
        raise refusal("not_a_configuration", "a configuration is a mapping that begins with `studies:`", source)
    return parse(settings, where)


def _problem(details: Mapping[str, Any], where: str) -> Problem:
    key = ".".join(str(part) for part in details["loc"]) or "top level"
    found = without_password(_beginning(details["input"]))
    found = found if len(found) < 120 else found[:117] + "..."
    if details["type"] == "extra_forbidden":
        model = _model_at(details["loc"][:-1])
        allowed = list(model.model_fields) if model else []
        name = str(details["loc"][-1])
        hint = REMOVED.get(name) or f"{did_you_mean(name, allowed)} allowed: {listing(allowed, 20)}".strip()
        return Problem("unknown_key", "unknown key", f"{where}, {key}", found, hint)
    if details["type"] == "missing":
        return Problem("missing_key", "this key is missing", f"{where}, {key}", "", f"add `{details['loc'][-1]}:`")
    if details["type"] == "string_type" and isinstance(details["input"], bool | date):
        kind = "a date" if isinstance(details["input"], date) else "true or false, as it does yes, no, on and off"
        hint = 'put it in quotes, as it stands in the sample sheet: "yes", "no", "2020-01-31"'
        return Problem("yaml_type", f"YAML reads this as {kind}", f"{where}, {key}", found, hint)
    allowed_text = f"allowed: {details['ctx']['expected']}" if details["type"] == "literal_error" else ""
    what = details["msg"].removeprefix("Value error, ")
    return Problem("invalid_value", what[:1].lower() + what[1:], f"{where}, {key}", found, allowed_text)


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


def _model_at(location: tuple[int | str, ...]) -> type[Model] | None:
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
