"""Reading a configuration: every wrong key at once, with what is allowed in its place."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from mircargo.config.across import Expectation, MetaAnalysis
from mircargo.config.base import Model
from mircargo.config.models import (
    Comparison,
    Config,
    Contrast,
    CountTable,
    SizeFactorChoice,
    Study,
    Thresholds,
)
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing


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
    if source.lstrip().startswith("{"):
        return parse(json.loads(source))
    try:
        settings = yaml.safe_load(Path(source).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProblemsFound(Problem("the configuration cannot be read", source, str(error.strerror))) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProblemsFound(Problem("this is not valid YAML", source, " ".join(str(error).split()))) from None
    if not isinstance(settings, dict):
        raise ProblemsFound(Problem("a configuration is a mapping that begins with `studies:`", source))
    return parse(settings, source)


def _problem(details: Mapping[str, Any], where: str) -> Problem:
    key = ".".join(str(part) for part in details["loc"]) or "top level"
    found = json.dumps(details["input"], default=str, ensure_ascii=False)
    # What stands before an @ may be a password, and problems go into logs.
    found = re.sub(r"//[^/\"]*@", "//...@", found)
    found = found if len(found) < 120 else found[:117] + "..."
    if details["type"] == "extra_forbidden":
        model = _model_at(details["loc"][:-1])
        allowed = list(model.model_fields) if model else []
        hint = " ".join(
            filter(None, [did_you_mean(str(details["loc"][-1]), allowed), f"allowed: {listing(allowed, 20)}"])
        )
        return Problem("unknown key", f"{where}, {key}", found, hint)
    if details["type"] == "missing":
        return Problem("this key is missing", f"{where}, {key}", "", f"add `{details['loc'][-1]}:`")
    allowed_text = f"allowed: {details['ctx']['expected']}" if details["type"] == "literal_error" else ""
    what = details["msg"].removeprefix("Value error, ")
    return Problem(what[:1].lower() + what[1:], f"{where}, {key}", found, allowed_text)


def _model_at(location: tuple[int | str, ...]) -> type[Model] | None:
    """Find the model that an error's location leads to."""
    model: type[Model] | None = Config
    inside: dict[str, type[Model]] = {
        "studies": Study,
        "counts": CountTable,
        "contrasts": Contrast,
        "expectation": Expectation,
        "comparisons": Comparison,
        "meta": MetaAnalysis,
        "size_factors": SizeFactorChoice,
        "thresholds": Thresholds,
    }
    for part in location:
        model = inside.get(str(part), model)
    return model
