"""What is wrong with a value of the configuration, and what to write instead, in plain words."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic.fields import FieldInfo

from mircargo.config.base import LONGEST_NAME
from mircargo.problems import did_you_mean

Words = tuple[str, str]
_BOUNDS: Final = {
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
}
_PATTERNS: Final = {
    r"\S": ("this text is empty", "write one"),
    "^https://": (
        "an address has to begin with https://",
        "fetch a table of another address yourself",
    ),
    "^[0-9a-f]{64}$": ("a SHA-256 checksum has 64 digits of 0-9 and a-f", "write what `sha256sum FILE` prints"),
}


def wrong_value(details: Mapping[str, Any], field: FieldInfo | None) -> Words:
    """Say what is wrong, as pydantic found it, and what to do.

    Parameters
    ----------
    details
        An error as `pydantic.ValidationError.errors` lists it.
    field
        The key that it is about, if it is one of a model.
    """
    kind, value, ctx = details["type"], details["input"], details.get("ctx", {})
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"this number has to be {words} {ctx[key]:g}", number_expected(field)
    if kind == "string_pattern_mismatch" and ctx["pattern"] in _PATTERNS:
        return _PATTERNS[ctx["pattern"]]
    if kind in ("string_pattern_mismatch", "string_too_long"):  # the name of a contrast, where one is to be named
        return wrong_name(str(value), kind)[0], "write the name as it stands under `contrasts`"
    if kind.startswith(("float_", "int_")) or kind == "finite_number":
        which = "finite " if kind == "finite_number" else "whole " if kind.startswith("int_") else ""
        return f"a {which}number is expected here", number_expected(field)
    if kind.startswith("bool_"):
        return "true or false is expected here", "write true or false, without quotes"
    if kind == "literal_error":
        known = re.findall("'([^']*)'", ctx["expected"])
        return "unknown value", f"{did_you_mean(str(value), known)} allowed: {ctx['expected']}".strip()
    if kind == "too_short":
        n, least = ctx["actual_length"], ctx["min_length"]
        what = f"at least {least} are needed here, and there {'is one' if n == 1 else f'are {n}'}" if n else ""
        return what or "nothing is listed here", "add what is missing, or take the key out if it can be left out"
    if kind == "string_too_short":
        return "this text is empty", "write one, or take the key out if it can be left out"
    return _shape(kind, value) or (details["msg"][:1].lower() + details["msg"][1:], "")


def wrong_name(name: str, kind: str) -> Words:
    """Say what is wrong with a name of a study or a question; `kind` is pydantic's type of error."""
    if kind == "string_too_long":
        what = f"a name has at most {LONGEST_NAME} letters: it becomes part of the names of files"
        return what, "take a shorter one, and give it a `title`"
    what = "a name has only letters (a to z), digits, - and _, and begins with a letter or digit"
    plain = re.sub("[^A-Za-z0-9_-]+", "_", name).strip("_-")
    example = f", for instance `{plain}`" if plain else ""
    return what, f"rename it{example}: it becomes part of the names of files; people read the `title`"


def number_expected(field: FieldInfo | None) -> str:
    """Say which number may be written under a key."""
    default = None if field is None else field.default
    if isinstance(default, int | float) and not isinstance(default, bool):
        return f"the default is {default:g}"
    if isinstance(default, list) and default:
        return f"the default is [{', '.join(f'{each:g}' for each in default)}]"
    return "write one without quotes, for instance 1.5, or leave the key out"


def _shape(kind: str, value: Any) -> Words | None:
    """Say which shape a value should have: a text, a list, or keys with values."""
    there = "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else ""
    there = there or ("nothing" if value is None else "a single value")
    if kind == "list_type":
        hint = "write it in square brackets, `[a, b]`, or one a line with a dash before each"
        return f"a list is expected here, and there is {there}", hint
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        hint = "write each as `key: value`, on lines of its own further to the right; no dash before it"
        return f"keys with values are expected here, and there is {there}", hint
    if kind == "string_type":
        return f"a text is expected here, and there is {there}", "write one value"
    return None
