"""Make gallery.md: every figure as drawn from the results of the example, and the lines of Python that draw it.

The lines on the page are the lines that are run, so that the page cannot tell what does not work.
"""

import importlib
from doctest import DocTestParser
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from mircargo.figures.catalogue import OF_RECIPIENT, OF_STUDY, Figure, figures_of

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = "results/example"
SHEET: Final = "config/example/samples.tsv"
DPI: Final = 150

INTRODUCTION: Final = """\
# Gallery
Every figure of a study, drawn from the results of the example, whose data are simulated. A run draws them all into
`results/{study}/figures`: as `.svg` and `.pdf` with text that can be edited, as `.png` at 300 dpi, and the numbers
drawn as `.tsv`.

Each figure is two functions of a module of `mircargo.figures`: `tabulate` takes result tables and returns the table
that is drawn, `plot` takes this table and returns a matplotlib figure. All of `plot` take `title`, `note` (below the
figure) and `simulated`. In a notebook, begin with:
"""

# The example has no recipient cells.
FIGURES: Final = figures_of(kind for kind in OF_STUDY if kind not in OF_RECIPIENT)
MODULES: Final = ", ".join(sorted(figure.draw.__module__.rpartition(".")[2] for figure in FIGURES))
PREPARE: Final = f"""\
from mircargo.analysis import StudyData
from mircargo.config import Contrast, NextExperiment
from mircargo.figures import (
{fill(MODULES, 100, initial_indent="    ", subsequent_indent="    ")}
)
from mircargo.figures.changed import surest
from mircargo.inputs.sheet import read_sheet
from mircargo.model.engines.deseq2 import Fit
from mircargo.analysis.next_experiment import Plan
from mircargo.results.reader import StudyResults

mir_21 = ["mmu-miR-21a-5p"]
sheet = read_sheet("{SHEET}")
exosomes = sheet[sheet["fraction"] == "exosome"]
example = StudyResults("example", "{RESULTS}")
counts, normalised = example.counts, example.normalised
fit, facts = example.fit["exosome_injury"], example.fit_facts["exosome_injury"]
variants, comparison = example.stress_variants["exosome_injury"], example.release["release"]
cargo = example.co_cargo
tiered = cargo.loc[cargo["tier"].notna(), "feature"].tolist()
plan = Plan(StudyData(counts, sheet), example.study.contrasts, {{}}, example.thresholds, NextExperiment())
stressed = example.stress_facts["exosome_injury"], variants
plan.add_contrast("exosome_injury", Fit(fit, facts), stressed, mir_21[0], [], [])
"""


def build(results: Path, out: Path) -> None:
    """Draw all figures and write the page.

    Parameters
    ----------
    results
        `results/example` of a run.
    out
        Folder of the page, `gallery.md`; its images are put into `gallery` below.
    """
    images = out / "gallery"
    images.mkdir(parents=True, exist_ok=True)
    names: dict[str, Any] = {}
    run(PREPARE, results, names)
    for figure in FIGURES:
        run(example(figure), results, names)
        names["figure"].savefig(images / f"{figure.name}.png", dpi=DPI, metadata={"Software": None})
    (out / "gallery.md").write_text(page(), encoding="utf-8")


def run(lines: str, results: Path, names: dict[str, Any]) -> None:
    """Run lines of the page; paths in them are those of a user in the repository's folder."""
    exec(lines.replace(RESULTS, str(results)).replace(SHEET, str(ROOT / SHEET)), names)


def example(figure: Figure) -> str:
    """Return the lines that the docstring of the figure's `plot` has as an example."""
    plot = importlib.import_module(figure.draw.__module__).plot
    return "".join(each.source for each in DocTestParser().get_examples(plot.__doc__))


def page() -> str:
    """Write the page: what is shown, the figure, and its lines."""
    parts = [INTRODUCTION, code(PREPARE)]
    for figure in FIGURES:
        parts += [f"## {figure.shows}\n", f"![{figure.shows}](gallery/{figure.name}.png)\n", code(example(figure))]
    parts.append(
        "A study with [recipient cells](recipient.md) has three figures more: `mircargo.figures.recipient_targets`,"
        " `recipient_families` and `recipient_agreement`.\n"
    )
    parts.append(
        "A meta-analysis has two figures more: a forest plot of the target (`mircargo.figures.forest`), and the"
        " features that its contrasts agree on best (`mircargo.figures.pooled_features`).\n"
    )
    return "\n".join(parts)


def code(lines: str) -> str:
    return f"```python\n{lines}```\n"
