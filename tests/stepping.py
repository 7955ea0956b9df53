"""Steps of the workflow as their rules run them, for tests of one step."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from mircargo.cli.main import mircargo
from mircargo.figures import catalogue
from mircargo.vocabulary import FIGURE_FORMATS


def arguments_of(
    rule: str, given: Mapping[str, Any], made: Mapping[str, Any], settings: Mapping[str, Any]
) -> list[str]:
    """Return the command of a step; paths and models of the configuration may stand in files and settings."""
    files = {"input": given, "output": made, "settings": {}}
    return ["step", rule, json.dumps(settings, default=_plain), json.dumps(files, default=_plain)]


def run_step(rule: str, given: Mapping[str, Any], made: Mapping[str, Any], **settings: Any) -> Result:
    """Run a step, which has to end well."""
    result = CliRunner().invoke(mircargo, arguments_of(rule, given, made, settings), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def drawn_files(folder: Path, kinds: Iterable[catalogue.Kind], of: str = "") -> dict[str, Any]:
    """Return the outputs of a step that draws the figures of some kinds into a folder."""
    paths = [catalogue.paths_of(kind, f"{folder}/{kind.stem(of)}", FIGURE_FORMATS) for kind in kinds]
    return {name: path for each in paths for name, path in each.items()}


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", exclude_defaults=True) if hasattr(value, "model_dump") else str(value)
