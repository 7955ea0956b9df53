"""Which figures there are: each is a module of this package, whose last statement declares it as `FIGURE`.

Rules and the report need names and captions only, and importing matplotlib and pandas would take a second; so these are
read from the source of the declarations, and `figures_of` imports the modules where figures are drawn.
"""

import ast
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from mircargo.results.columns import Column

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    from mircargo.config import Study

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
        What has such a figure: the samples of a study, its contrasts together where there are several, each of them,
        its contrasts of exosomes or its comparisons; its recipient cells or the next experiment, where it has these; or
        a meta-analysis.
    order
        Its place among the figures of the same.
    """

    name: str
    shows: str
    of: Literal["samples", "contrasts", "contrast", "exosomes", "comparison", "recipient", "next_experiment", "meta"]
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


def _declared() -> dict[Kind, str]:
    """Read the declarations: kind -> module."""
    found: dict[Kind, str] = {}
    for path in Path(__file__).parent.glob("*.py"):
        declaration = path.read_text(encoding="utf-8").partition(_DECLARATION)[2]
        if declaration:
            call = ast.parse(declaration, mode="eval").body
            assert isinstance(call, ast.Call), path
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            kind = Kind(**{field.name: ast.literal_eval(given[field.name]) for field in fields(Kind)})
            found[kind] = f"{__package__}.{path.stem}"
    return found


MODULES: Final = _declared()
"""Kind -> module that declares it."""


def _of(what: str) -> tuple[Kind, ...]:
    return tuple(sorted((kind for kind in MODULES if kind.of == what), key=lambda kind: kind.order))


OF_SAMPLES: Final = _of("samples")
OF_CONTRASTS: Final = _of("contrasts")
OF_CONTRAST: Final = _of("contrast")
OF_CO_CARGO: Final = _of("exosomes")
OF_COMPARISON: Final = _of("comparison")
OF_RECIPIENT: Final = _of("recipient")
OF_NEXT_EXPERIMENT: Final = _of("next_experiment")
OF_META: Final = _of("meta")
OF_STUDY: Final = (
    *OF_SAMPLES, *OF_CONTRASTS, *OF_CONTRAST, *OF_CO_CARGO, *OF_COMPARISON, *OF_RECIPIENT, *OF_NEXT_EXPERIMENT,
)  # fmt: skip


def figures_of(kinds: Iterable[Kind]) -> list[Figure]:
    """Import the figures of some kinds, for instance `OF_CONTRAST`."""
    return [importlib.import_module(MODULES[kind]).FIGURE for kind in kinds]


def paths_of(kind: Kind, stem: str, formats: Iterable[str]) -> dict[str, Any]:
    """Return the outputs of a rule that a figure is: by its name the path of the .svg, as `NAME_files` its other files.

    Parameters
    ----------
    kind
        Of the figure.
    stem
        Path without ending.
    formats
        Of `ENDINGS`. The .svg and the data drawn are written in any case.
    """
    beside = [f"{stem}.{ending}" for ending in ENDINGS if ending != "svg" and ending in {"tsv", *formats}]
    return {kind.name: f"{stem}.svg", f"{kind.name}_files": beside}


def draw(made: Mapping[str, Any], kinds: Iterable[Kind], inputs: Any, formats: Sequence[str]) -> None:
    """Draw the figures of some kinds, and write them with the data drawn.

    Files in other formats, of an earlier run, are removed: they show earlier data.

    Parameters
    ----------
    made
        Outputs of a rule, as `paths_of` has them with the same formats.
    kinds
        For instance `OF_CONTRAST`.
    inputs
        Theirs, of `mircargo.figures.inputs`.
    formats
        Of `ENDINGS`.
    """
    from mircargo.figures.writing import save

    for figure in figures_of(kinds):
        table, drawing = figure.draw(inputs)
        stem = made[figure.name].removesuffix(".svg")
        for other in {*ENDINGS} - {"svg", "tsv", *formats}:
            Path(f"{stem}.{other}").unlink(missing_ok=True)
        save(drawing, Path(stem), table, formats)


def by_stem(study: "Study") -> dict[str, tuple[Kind, str]]:
    """Return every figure of a study: the name of its files without ending, its kind, and the name of what it is of."""
    names = {
        "samples": [""],
        "contrasts": [""] * (len(study.contrasts) > 1),
        "contrast": study.contrasts,
        "exosomes": study.exosome_contrasts(),
        "comparison": study.comparisons,
        "recipient": [""] * (study.recipient is not None),
        "next_experiment": [""] * (study.next_experiment is not None),
    }
    groups = (OF_SAMPLES, OF_CONTRASTS, OF_CONTRAST, OF_CO_CARGO, OF_COMPARISON, OF_RECIPIENT, OF_NEXT_EXPERIMENT)
    return {kind.stem(name): (kind, name) for kinds in groups for name in names[kinds[0].of] for kind in kinds}
