"""The gallery shows every kind of figure there is, by functions there are."""

import ast
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mircargo.figures.catalogue import OF_CO_CARGO, OF_COMPARISON, OF_CONTRAST, OF_SAMPLES

SCRIPT = Path(__file__).parents[2] / "docs" / "gallery.py"


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module
    spec.loader.exec_module(module)
    return module


def test_each_kind_is_drawn_by_its_own_module(gallery):
    kinds = [kind.name for kind in (*OF_SAMPLES, *OF_CONTRAST, *OF_CO_CARGO, *OF_COMPARISON)]
    assert [entry.kind.name for entry in gallery.ENTRIES] == kinds
    assert sorted(gallery.LINES) == sorted(kinds)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(ast.parse(gallery.PREPARE))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for name, lines in gallery.LINES.items():
        called = {
            (node.func.value.id, node.func.attr)
            for node in ast.walk(ast.parse(lines))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        module = {"sample_correlation": "correlation"}.get(name, name)
        assert called == {(module, "tabulate"), (module, "plot")}
        drawing = importlib.import_module(f"mircargo.figures.{imported[module]}")
        assert all(hasattr(drawing, function) for function in ("tabulate", "plot"))
        assert len(lines.splitlines()) <= 3


def test_page_shows_each_figure_with_its_lines(gallery):
    page = gallery.page(gallery.ENTRIES)
    for entry in gallery.ENTRIES:
        assert f"## {entry.kind.shows}\n" in page
        assert f"](gallery/{entry.kind.name}.png)" in page
        assert f"```python\n{entry.lines}```" in page
