"""The page of a meta-analysis: one HTML file, made of its result files alone."""

from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

from markupsafe import Markup

from mircargo.figures.catalogue import ENDINGS, OF_META
from mircargo.glossary import GLOSSARY
from mircargo.report import pooled
from mircargo.report.build import PAGE, environment, figure_files, product, script_elements
from mircargo.report.fonts import pack_fonts
from mircargo.report.methods import CITATION, references_of
from mircargo.report.pack import json_for_script, link_modules, pack_files, pack_libraries
from mircargo.report.rows import records
from mircargo.results import contract as files
from mircargo.results.pooled_reader import MetaResults

WORDS: Final = (
    "feature", "contrast", "log2 fold change", "pooled", "weight", "heterogeneity", "prediction interval", "padj", "up",
    "down", "unchanged", "inconclusive", "not tested", "target",
)  # fmt: skip
"""Words of the glossary that this page uses."""
TABLES: Final = (files.META_TARGET, files.META_FEATURES, files.META_STUDIES)


def build_meta(meta: str, folder: Path) -> str:
    """Write the report of a meta-analysis.

    Parameters
    ----------
    meta
        Its name.
    folder
        Where its tables lie, and its figures below it: `results/meta` of a run.

    Returns
    -------
    str
        HTML that opens without a network: figures, tables, scripts and style are inside.
    """
    results = MetaResults(meta, folder)
    row, facts = results.target, results.facts
    stems = {kind.stem(meta): kind for kind in OF_META}
    paragraph = pooled.methods(results)
    changed = pooled.changed(results)
    return (
        environment()
        .get_template("meta.html.j2")
        .render(
            name=meta,
            facts=facts,
            row=row,
            short=pooled.in_short(row, facts),
            heterogeneity=pooled.heterogeneity(row),
            signs=pooled.signs(results),
            not_pooled=pooled.not_pooled(results),
            cautions=pooled.cautions(results),
            plot=pooled.interval_plot(row, facts["thresholds"]["equivalence_log2_fold_change"]),
            contrasts=pooled.contrasts(results),
            n=pooled.counts(results),
            changed_rows=records(changed.head(pooled.MOST_LISTED)),
            style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),
            script=Markup(link_modules(PAGE, "meta.js")),
            files=script_elements(_pack(results, list(stems))),
            libraries=script_elements(pack_libraries()),
            model=Markup(json_for_script(_model(results))),
            figures=figure_files(folder, stems),
            kinds={stem: kind.shows for stem, kind in stems.items()},
            glossary={word: GLOSSARY[word] for word in WORDS},
            provenance=facts,
            finished=facts["finished"][:16].replace("T", " "),
            product=product(),
            citation=CITATION.format(facts["versions"]["mircargo"]),
            methods=paragraph,
            formulas=pooled.FORMULAS,
            references=references_of(paragraph),
            table_paths=[file.path.format(meta=meta) for file in TABLES],
        )
    )


def _pack(results: MetaResults, stems: list[str]) -> dict[str, str]:
    """Pack the tables and figures that the page holds; the .png stay beside it."""
    figures = [files.FIGURE.path.format(figure=stem, ending=end) for stem in stems for end in ENDINGS if end != "png"]
    tables = [file.path.format(meta=results.name) for file in TABLES]
    fonts = pack_fonts(results.folder / path for path in figures if path.endswith(".svg"))
    return pack_files(results.folder, [*tables, *figures]) | fonts


def _model(results: MetaResults) -> dict[str, Any]:
    alpha = results.facts["thresholds"]["alpha"]
    return {
        "name": results.name,
        "target": results.target["feature"] or "",
        "alpha": alpha,
        "half": NormalDist().inv_cdf(1 - alpha / 2),
        "labels": pooled.labels_of(results.facts),
    }
