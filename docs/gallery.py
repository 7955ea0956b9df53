"""Make gallery.md: every figure as drawn from the results of the example, and the lines of Python that draw it.

The lines on the page are the lines that are run, so that the page cannot tell what does not work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mircargo.figures.catalogue import OF_CO_CARGO, OF_COMPARISON, OF_CONTRAST, OF_SAMPLES, Kind

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

PREPARE: Final = f"""\
from mircargo.figures import correlation, heatmap, ma, pca, pvalues, volcano
from mircargo.figures import co_cargo_evidence as co_cargo
from mircargo.figures import library_composition as composition
from mircargo.figures import design_matrix as design
from mircargo.figures import dispersion_trend as dispersion
from mircargo.figures import release_scatter as release
from mircargo.figures import stress_test as robustness
from mircargo.figures import target_by_group as target
from mircargo.inputs.sheet import read_sheet
from mircargo.results.reader import StudyResults

mir_21, groups = ["mmu-miR-21a-5p"], {{"level": "injured", "reference": "control"}}
sheet = read_sheet("{SHEET}")
exosomes = sheet[sheet["fraction"] == "exosome"]
example = StudyResults("example", "{RESULTS}")
counts, normalised = example.counts, example.normalised
fit, cargo = example.fit["exosome_injury"], example.co_cargo
tiered = cargo.loc[cargo["tier"].notna(), "feature"].tolist()
"""


@dataclass(frozen=True)
class Entry:
    """How a kind of figure is drawn: the lines end with one that makes `figure`."""

    kind: Kind
    lines: str


LINES: Final = {
    "pca": """\
table = pca.tabulate(normalised, sheet, ["condition", "fraction"])
figure = pca.plot(table, simulated=True)
""",
    "sample_correlation": """\
table = correlation.tabulate(normalised, sheet, ["condition", "fraction"])
figure = correlation.plot(table, simulated=True)
""",
    "composition": """\
table = composition.tabulate(counts, sheet, ["fraction", "condition"], target=mir_21)
figure = composition.plot(table, simulated=True)
""",
    "volcano": """\
table = volcano.tabulate(fit, mir_21, tiered, alpha=0.05)
figure = volcano.plot(table, alpha=0.05, **groups, simulated=True)
""",
    "ma": """\
table = ma.tabulate(fit, mir_21, tiered, alpha=0.05)
figure = ma.plot(table, alpha=0.05, **groups, simulated=True)
""",
    "heatmap": """\
table = heatmap.tabulate(normalised[exosomes.index], fit, exosomes, ["condition", "batch"], alpha=0.05, target=mir_21)
figure = heatmap.plot(table, alpha=0.05, simulated=True)
""",
    "target": """\
table = target.tabulate(normalised, sheet, mir_21[0], "condition", **groups, facet="fraction")
figure = target.plot(table, **groups, simulated=True)
""",
    "robustness": """\
table = robustness.tabulate(example.stress_variants["exosome_injury"], mir_21[0])
figure = robustness.plot(table, **groups, simulated=True)
""",
    "pvalues": """\
table = pvalues.tabulate(fit)
figure = pvalues.plot(table, simulated=True)
""",
    "dispersion": """\
table = dispersion.tabulate(fit, mir_21)
figure = dispersion.plot(table, simulated=True)
""",
    "design": """\
facts = example.fit_facts["exosome_injury"]
table = design.tabulate(facts)
figure = design.plot(table, formula=facts["formula"], simulated=True)
""",
    "co_cargo": """\
table = co_cargo.tabulate(cargo, mir_21)
figure = co_cargo.plot(table, simulated=True)
""",
    "release": """\
table = release.tabulate(example.release["release"], mir_21, tiered)
figure = release.plot(table, **groups, simulated=True)
""",
}
ENTRIES: Final = [Entry(kind, LINES[kind.name]) for kind in (*OF_SAMPLES, *OF_CONTRAST, *OF_CO_CARGO, *OF_COMPARISON)]


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
    for entry in ENTRIES:
        run(entry.lines, results, names)
        names["figure"].savefig(images / f"{entry.kind.name}.png", dpi=DPI, metadata={"Software": None})
    (out / "gallery.md").write_text(page(ENTRIES), encoding="utf-8")


def run(lines: str, results: Path, names: dict[str, Any]) -> None:
    """Run lines of the page; paths in them are those of a user in the repository's folder."""
    exec(lines.replace(RESULTS, str(results)).replace(SHEET, str(ROOT / SHEET)), names)


def page(entries: Iterable[Entry]) -> str:
    """Write the page: what is shown, the figure, and its lines."""
    parts = [INTRODUCTION, code(PREPARE)]
    for entry in entries:
        name = entry.kind.name
        parts += [f"## {entry.kind.shows}\n", f"![{entry.kind.shows}](gallery/{name}.png)\n", code(entry.lines)]
    parts.append(
        "A meta-analysis has two figures more, `plot` (a forest plot of the target) and `plot_top` (the features that "
        "agree best) of `mircargo.figures.forest`.\n"
    )
    return "\n".join(parts)


def code(lines: str) -> str:
    return f"```python\n{lines}```\n"
