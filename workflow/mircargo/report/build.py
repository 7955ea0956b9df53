"""The report: one HTML file, made of a study's result files alone."""

import re
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup, escape

from mircargo.config import Config, Study
from mircargo.figures import catalogue
from mircargo.io import read_json, read_result
from mircargo.model.differential_table import format_p
from mircargo.model.normalisation.scale import difference_words
from mircargo.report import sections as contents
from mircargo.report.methods import methods_paragraph, references_of
from mircargo.report.pack import bundle, json_for_script, own_script, packed, packed_files, scripts_of_others
from mircargo.report.payload import asked_in
from mircargo.vocabulary import CHANGED, SPECIES


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
    provenance = read_json(folder / "provenance.json")
    config = Config.model_validate(provenance["configuration"])
    settings, thresholds = config.studies[study], config.thresholds_of(study)
    facts = {name: read_json(folder / "differential" / f"{name}.json") for name in settings.contrasts}
    release_facts = {name: read_json(folder / "cargo" / "release" / f"{name}.json") for name in settings.comparisons}
    rows = contents.answers(folder, thresholds, facts)
    cargo = contents.co_cargo(folder, settings, thresholds.alpha)
    counted = _counted(folder, settings, rows, cargo)
    methods = methods_paragraph(settings, thresholds, facts, provenance["versions"], release_facts)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            name=study,
            study=settings,
            species=SPECIES[settings.species].words,
            style=Markup((Path(__file__).parent / "report.css").read_text(encoding="utf-8")),
            script=Markup(own_script()),
            carried=Markup(_carried(_inside(folder, settings, counted))),
            scripts=Markup(_carried(scripts)),
            model=Markup(json_for_script(_told(study, folder, config, facts, rows, cargo, counted))),
            counted=counted,
            figures=_figures(folder, settings),
            kinds={kind.name: kind.shows for kind in _kinds()},
            answers=rows,
            headline=contents.headline(rows),
            expectations=contents.expectations(folder),
            facts=facts,
            asked={each: asked_in(facts[each], contrast) for each, contrast in settings.contrasts.items()},
            stress={name: read_json(folder / "robustness" / f"{name}.json") for name in settings.contrasts},
            co_cargo=cargo,
            releases=contents.releases(folder, settings),
            samples=contents.samples(folder),
            warnings=read_json(folder / "check.json")["warnings"],
            **read_json(folder / "counts" / "notes.json"),
            ledger=contents.ledger(folder),
            balance=contents.balance(folder),
            thresholds=thresholds,
            methods=methods,
            references=references_of(methods),
            provenance=provenance,
            configuration=yaml.safe_dump(provenance["configuration"], sort_keys=False, allow_unicode=True, width=100),
        )
    )


def _told(
    study: str,
    folder: Path,
    config: Config,
    facts: dict[str, Any],
    rows: list[dict[str, Any]],
    cargo: list[dict[str, Any]],
    counted: list[str] | None,
) -> dict[str, Any]:
    from mircargo.report.charts import specs
    from mircargo.report.payload import model

    candidates = {part["name"]: part["features"] for part in cargo}
    n_counted = None if counted is None else len(counted)
    told = model(study, config.studies[study], config.thresholds_of(study), folder, facts, rows, candidates, n_counted)
    return told | {"charts": specs()}


def _counted(folder: Path, study: Study, rows: list[dict[str, Any]], cargo: list[dict[str, Any]]) -> list[str] | None:
    from mircargo.report.payload import features_inside

    candidates = [feature for part in cargo for feature in part["features"]]
    return features_inside(folder, study, [*(row["feature"] for row in rows), *candidates])


def _inside(folder: Path, study: Study, counted: list[str] | None) -> dict[str, str]:
    """Return everything the page carries as compressed text, by path; what is not a result file is under `page/`."""
    from mircargo.report.payload import figures_inside, short_counts, tables_inside
    from mircargo.report.stress_chart import condensed
    from mircargo.report.synonyms import synonyms

    names = synonyms(read_result(folder / "counts" / "features.tsv"))
    own = {"page/counts.tsv": short_counts(folder, counted), "page/names.json": json_for_script(names)}
    for contrast in study.contrasts:
        own[f"page/stress/{contrast}.tsv"] = condensed(folder / "robustness" / f"{contrast}.variants.tsv")
    carried = packed_files(folder, [*tables_inside(study, counted is None), *figures_inside(study)])
    return carried | {path: packed(text.encode()) for path, text in own.items()}


def _carried(files: dict[str, str]) -> str:
    return "\n".join(
        f'<script type="text/plain" data-path="{escape(path)}">{content}</script>' for path, content in files.items()
    )


def _kinds() -> tuple[catalogue.Kind, ...]:
    return (*catalogue.OF_SAMPLES, *catalogue.OF_CONTRAST, *catalogue.OF_CO_CARGO, *catalogue.OF_COMPARISON)


def _figures(folder: Path, study: Study) -> dict[str, dict[str, Any]]:
    """Return of each figure which `endings` there are, and the `width` and `height` that hold its place on the page."""
    stems = catalogue.stems(study.contrasts, study.exosome_contrasts(), study.comparisons)
    found = {}
    for stem in stems:
        endings = [end for end in catalogue.ENDINGS if (folder / "figures" / f"{stem}.{end}").is_file()]
        width, height = _size(folder / "figures" / f"{stem}.svg") if "svg" in endings else (0, 0)
        found[stem] = {"endings": endings, "width": width, "height": height}
    return found


def _size(svg: Path) -> tuple[int, int]:
    """Return the size of a drawing by its view box, (0, 0) where it has none."""
    with svg.open(encoding="utf-8") as file:
        box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', file.read(2000))
    return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mircargo.report", "templates"),
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
