"""The notebook of docs/ draws every figure of a study, as the run drew it."""

import importlib
import inspect
import json
from io import StringIO

import pandas as pd

from mircargo.figures.catalogue import MODULES, OF_STUDY
from project import ROOT, Workflow

# The example has neither recipient cells nor a plan of the next experiment.
DRAWN = [kind for kind in OF_STUDY if kind.of not in ("recipient", "next_experiment")]
NOTEBOOK = ROOT / "docs" / "figures.ipynb"


def cells() -> list[dict]:
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


def code() -> list[str]:
    return ["".join(cell["source"]) for cell in cells() if cell["cell_type"] == "code"]


def test_notebook_is_small_and_has_no_outputs():
    assert NOTEBOOK.stat().st_size < 20_000
    assert not [cell for cell in cells() if cell.get("outputs") or cell.get("execution_count")]


def test_each_figure_of_a_study_is_drawn_from_what_the_run_drew_it_from(example: Workflow, monkeypatch):
    monkeypatch.chdir(example.folder)
    drawn: dict[str, pd.DataFrame] = {}
    names: dict[str, object] = {}
    for kind in DRAWN:
        module = importlib.import_module(MODULES[kind])
        monkeypatch.setattr(module, "plot", keeping(module.plot, kind.name, drawn))
    for cell in code():
        exec(compile(cell, "figures.ipynb", "exec"), names)
    assert set(drawn) == {kind.name for kind in DRAWN}
    for kind in DRAWN:
        of = {"contrast": names["name"], "exosomes": names["name"], "comparison": "release"}.get(kind.of, "")
        path = example.results("example") / "figures" / f"{kind.stem(of)}.tsv"
        written = pd.read_csv(path, sep="\t")
        # What the run adds after tabulating: colours, and the shares of variance as text.
        added = {"colour", "explained", "within_explained"} & set(written)
        assert set(written) - set(drawn[kind.name]) <= added, kind.name
        own = drawn[kind.name][[column for column in written if column not in added]]
        # As a run writes it, and reads it again.
        again = pd.read_csv(StringIO(own.to_csv(sep="\t", index=False, na_rep="NA", float_format="%.6g")),
                            sep="\t")  # fmt: skip
        pd.testing.assert_frame_equal(again, written[list(own)], obj=kind.name)


def keeping(plot, name, drawn):
    """Have `plot` leave the table that it is given in `drawn`."""

    def draw(table, *arguments, **words):
        drawn[name] = table
        figure = plot(table, *arguments, **words)
        figure.draw_without_rendering()
        assert figure.axes
        return figure

    draw.__signature__ = inspect.signature(plot)
    return draw
