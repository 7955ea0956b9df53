"""The report: one HTML file, made of a study's result files alone."""

import re
from itertools import chain
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup, escape

from mircargo.config import Study
from mircargo.figures import catalogue
from mircargo.model.differential_table import format_p
from mircargo.model.normalisation.scale import difference_words
from mircargo.report import sections as contents
from mircargo.report.charts import specs
from mircargo.report.methods import methods_paragraph, references_of
from mircargo.report.pack import bundle, json_for_script, link_modules, packed, packed_files, scripts_of_others
from mircargo.report.payload import asked_in, features_inside, figures_inside, model, short_counts, tables_inside
from mircargo.report.stress_chart import condensed
from mircargo.report.synonyms import synonyms
from mircargo.results.contract import FIGURE
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import CHANGED, SPECIES

PAGE = Path(__file__).parent / "page"


def build(study: str, folder: Path) -> str:
    """Write the report of a study.

    Parameters
    ----------
    study
        Its name.
    folder
        Its results, with figures, tables and provenance.

    Returns
    -------
    str
        HTML that opens without a network: figures, tables, scripts and style are inside.
    """
    scripts = scripts_of_others(bundle().encode())
    results = StudyResults(study, folder)
    settings, thresholds, provenance = results.study, results.thresholds, results.provenance
    facts = results.fit_facts
    rows, cargo = contents.answers(results), contents.co_cargo(results)
    candidates = {part["name"]: part["features"] for part in cargo}
    counted = features_inside(results, [*(row["feature"] for row in rows), *chain(*candidates.values())])
    told = model(results, rows, candidates, None if counted is None else len(counted))
    methods = methods_paragraph(settings, thresholds, facts, provenance["versions"], results.release_facts)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            name=study,
            study=settings,
            species=SPECIES[settings.species].words,
            style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),
            script=Markup(link_modules(PAGE)),
            carried=Markup(_carried(_inside(results, counted))),
            scripts=Markup(_carried(scripts)),
            model=Markup(json_for_script(told | {"charts": specs()})),
            counted=counted,
            figures=_figures(folder, settings),
            kinds={kind.name: kind.shows for kind in catalogue.OF_STUDY},
            kinds_of={
                "samples": [kind.name for kind in catalogue.OF_SAMPLES],
                "contrast": [kind.name for kind in catalogue.OF_CONTRAST],
            },
            answers=rows,
            headline=contents.headline(rows),
            expectations=contents.expectations(results),
            facts=facts,
            asked={each: asked_in(facts[each], contrast) for each, contrast in settings.contrasts.items()},
            stress=results.stress_facts,
            co_cargo=cargo,
            releases=contents.releases(results),
            samples=contents.samples(results.libraries),
            warnings=results.warnings,
            **results.notes,
            ledger=contents.records(results.ledger_totals),
            balance=contents.balance(results.balance),
            thresholds=thresholds,
            methods=methods,
            references=references_of(methods),
            provenance=provenance,
            configuration=yaml.safe_dump(provenance["configuration"], sort_keys=False, allow_unicode=True, width=100),
        )
    )


def _inside(results: StudyResults, counted: list[str] | None) -> dict[str, str]:
    """Return everything the page carries as compressed text, by path; what is not a result file is under `page/`."""
    folder, study = results.folder, results.study
    names = synonyms(results.features)
    own = {"page/counts.tsv": short_counts(results, counted), "page/names.json": json_for_script(names)}
    for contrast in study.contrasts:
        in_blocks = "blocks" in results.stress_facts[contrast]
        own[f"page/stress/{contrast}.tsv"] = condensed(results.stress_variants[contrast], in_blocks)
    carried = packed_files(folder, [*tables_inside(study, counted is None), *figures_inside(study)])
    return carried | {path: packed(text.encode()) for path, text in own.items()}


def _carried(files: dict[str, str]) -> str:
    return "\n".join(
        f'<script type="text/plain" data-path="{escape(path)}">{content}</script>' for path, content in files.items()
    )


def _figures(folder: Path, study: Study) -> dict[str, dict[str, Any]]:
    """Return of each figure which `endings` there are, and the `width` and `height` that hold its place on the page."""
    stems = catalogue.stems(study.contrasts, study.exosome_contrasts(), study.comparisons)
    found = {}
    for stem in stems:
        files = {end: FIGURE.within(folder, figure=stem, ending=end) for end in catalogue.ENDINGS}
        endings = [end for end, file in files.items() if file.is_file()]
        width, height = _size(files["svg"]) if "svg" in endings else (0, 0)
        found[stem] = {"endings": endings, "width": width, "height": height}
    return found


def _size(svg: Path) -> tuple[int, int]:
    """Return the size of a drawing by its view box, (0, 0) where it has none."""
    with svg.open(encoding="utf-8") as file:
        box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', file.read(2000))
    return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "p": _p,
        "fold": _fold,
        "thousands": _thousands,
        "share": _share,
        "words": _words,
        "mirna": _mirna,
        "naming": _naming,
        "scale_words": difference_words,
    }
    environment.globals["changed"] = CHANGED
    return environment


def _p(value: float | None) -> str:
    return "\u2013" if value is None or pd.isna(value) else format_p(float(value))


def _fold(value: float | None) -> str:
    return "\u2013" if value is None or pd.isna(value) else f"{value:+.2f}"


def _thousands(value: float) -> str:
    return f"{value:,.0f}"


def _share(value: float) -> str:
    return f"{value:.0%}"


def _words(value: str) -> str:
    return value.replace("_", " ")


def _mirna(feature: str) -> Markup:
    """Write a feature so that the script can mark it wherever it is named."""
    return Markup('<button type="button" class="mirna" data-feature="{0}">{0}</button>').format(feature)


def _naming(sentence: str, feature: str | None) -> Markup:
    """Write a sentence whose first word may be a feature."""
    if feature and sentence.startswith(f"{feature} "):
        return _mirna(feature) + sentence[len(feature) :]
    return escape(sentence)
