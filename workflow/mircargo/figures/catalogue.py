"""Which figures there are: each is a module here, and the last statement of the module declares it as `FIGURE`.

Rules and the report ask for names and captions only, and should not wait for matplotlib and pandas: these are read from
the text of the declarations. `figures_of` imports the modules.
"""

import ast
import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from mircargo.results.columns import Column

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

ENDINGS: Final = ("svg", "pdf", "png", "tsv")
_DECLARATION: Final = "\nFIGURE: Final = "


@dataclass(frozen=True)
class Kind:
    """What a figure is called and what it shows: plain text and numbers, so that they can be read without an import.

    Attributes
    ----------
    name
        What its files are called, before the name of the contrast, comparison or meta-analysis.
    shows
        What it shows, in words that a caption can begin with.
    of
        What has such a figure: the samples of a study, each of its contrasts, its contrasts of exosomes or its
        comparisons; or a meta-analysis.
    order
        Its place among the figures of the same.
    """

    name: str
    shows: str
    of: Literal["samples", "contrast", "exosomes", "comparison", "meta"]
    order: int

    def stem(self, of: str = "") -> str:
        """Return the name of its files without ending, `of` being a contrast, a comparison or a meta-analysis."""
        return f"{self.name}_{of}" if of else self.name


@dataclass(frozen=True)
class Figure(Kind):
    """A figure.

    Attributes
    ----------
    columns
        What the columns of its data mean, in their order.
    draw
        Takes the inputs of what it is `of` (see `mircargo.figures.inputs`), and returns the data drawn and the drawing.
    """

    columns: Mapping[str, Column]
    draw: Callable[[Any], "tuple[pd.DataFrame, Drawing]"]


def _declared() -> dict[str, Kind]:
    """Read the declarations: module -> kind."""
    found = {}
    for path in Path(__file__).parent.glob("*.py"):
        declaration = path.read_text(encoding="utf-8").partition(_DECLARATION)[2]
        if declaration:
            call = ast.parse(declaration, mode="eval").body
            assert isinstance(call, ast.Call), path
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            found[path.stem] = Kind(**{field.name: ast.literal_eval(given[field.name]) for field in fields(Kind)})
    return dict(sorted(found.items(), key=lambda item: item[1].order))


_KINDS: Final = _declared()
MODULES: Final = [f"{__package__}.{module}" for module in _KINDS]
OF_SAMPLES: Final = tuple(kind for kind in _KINDS.values() if kind.of == "samples")
OF_CONTRAST: Final = tuple(kind for kind in _KINDS.values() if kind.of == "contrast")
OF_CO_CARGO: Final = tuple(kind for kind in _KINDS.values() if kind.of == "exosomes")
OF_COMPARISON: Final = tuple(kind for kind in _KINDS.values() if kind.of == "comparison")
OF_META: Final = tuple(kind for kind in _KINDS.values() if kind.of == "meta")


def figures_of(kinds: Iterable[Kind]) -> list[Figure]:
    """Import the figures of some kinds, for instance `OF_CONTRAST`."""
    modules = {kind: module for module, kind in zip(MODULES, _KINDS.values(), strict=True)}
    return [importlib.import_module(modules[kind]).FIGURE for kind in kinds]


def draw_into(folder: Path, kinds: Iterable[Kind], inputs: Any, name: str = "") -> None:
    """Draw the figures of some kinds, and write them with the data drawn.

    Parameters
    ----------
    folder
        Where to.
    kinds
        For instance `OF_CONTRAST`.
    inputs
        Theirs, of `mircargo.figures.inputs`.
    name
        Of the contrast, comparison or meta-analysis.
    """
    from mircargo.figures.style import save

    for figure in figures_of(kinds):
        table, drawing = figure.draw(inputs)
        save(drawing, folder / figure.stem(name), table)


def of_study(
    contrasts: Iterable[str], exosome_contrasts: Iterable[str], comparisons: Iterable[str]
) -> dict[str, tuple[Kind, str]]:
    """Return every figure of a study: the name of its files without ending, its kind, and the name of what it is of.

    Parameters
    ----------
    contrasts, exosome_contrasts, comparisons
        Names of the study's contrasts, of those that are of exosomes, and of its comparisons.
    """
    groups = (
        (OF_SAMPLES, [""]),
        (OF_CONTRAST, contrasts),
        (OF_CO_CARGO, exosome_contrasts),
        (OF_COMPARISON, comparisons),
    )
    return {kind.stem(name): (kind, name) for kinds, names in groups for name in names for kind in kinds}


def stems(contrasts: Iterable[str], exosome_contrasts: Iterable[str], comparisons: Iterable[str]) -> list[str]:
    """Return the names, without ending, of the files of every figure of a study; parameters as of `of_study`."""
    return list(of_study(contrasts, exosome_contrasts, comparisons))
