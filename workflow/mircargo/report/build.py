"""The report: one HTML file, made of a study's result files alone."""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import metadata
from itertools import chain
from pathlib import Path
from typing import Any, Final

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup, escape

from mircargo.figures import catalogue
from mircargo.glossary import GLOSSARY, HEADINGS, OF_A_RECIPIENT
from mircargo.model.differential_table import format_p
from mircargo.model.normalisation.scale import difference_words
from mircargo.problems import titles_in_line
from mircargo.report import sections as contents
from mircargo.report.fonts import pack_fonts
from mircargo.report.methods import CITATION, methods_paragraph, references_of
from mircargo.report.pack import (
    bundle_vega,
    hashes_of,
    json_for_script,
    link_modules,
    pack_files,
    pack_libraries,
    packed,
)
from mircargo.report.payload import (
    features_with_counts,
    packed_figures,
    packed_tables,
    page_contrasts,
    short_counts,
    thresholds_for_looking,
)
from mircargo.report.recipient import recipient_cells
from mircargo.report.rows import question_of, records
from mircargo.report.stress_chart import condensed
from mircargo.report.synonyms import synonyms
from mircargo.results.contract import FIGURE
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import CHANGED, species_in_words

PAGE = Path(__file__).parent / "page"
WORDS: Final = GLOSSARY | OF_A_RECIPIENT
ONE_COLUMN: Final = 300  # points: a wider figure stands across all columns


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
    results = StudyResults(study, folder)
    settings, thresholds, provenance, facts = results.study, results.thresholds, results.provenance, results.fit_facts
    rows, cargo = contents.answers(results), contents.co_cargo(results)
    labels = {each: settings.label(each) for each in settings.contrasts}
    candidates = {part["name"]: part["features"] for part in cargo}
    counted = features_with_counts(results, [*(row["feature"] for row in rows), *chain(*candidates.values())])
    contrasts = page_contrasts(results, rows, candidates)
    looking = thresholds_for_looking(thresholds)
    model = {"contrasts": contrasts, "has_all_counts": counted is None, "charts": _charts(), "thresholds": looking}
    methods = methods_paragraph(settings, thresholds, facts, provenance["versions"], results.release_facts)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            name=study,
            study=settings,
            species=species_in_words(settings.species),
            style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),
            script=Markup(link_modules(PAGE, "main.js")),
            files=script_elements(_pack_page_files(results, counted)),
            libraries=libraries(),
            model=Markup(json_for_script(model)),
            counted=counted,
            figures=figure_files(folder, catalogue.by_stem(settings)),
            kinds={kind.name: kind.shows for kind in catalogue.OF_STUDY},
            kinds_of={
                "samples": [kind.name for kind in catalogue.OF_SAMPLES],
                "contrasts": [kind.name for kind in catalogue.OF_CONTRASTS],
                "contrast": [kind.name for kind in catalogue.OF_CONTRAST],
            },
            answers=rows,
            headline=[
                (call, titles_in_line([labels[each] for each in names], len(names)))
                for call, names in contents.headline(rows)
            ],
            labels=labels,
            titles={each: settings.label_of_comparison(each) for each in settings.comparisons},
            summary=contents.summary(results),
            expectations=contents.expectations(results),
            validation=contents.validation(results),
            next_experiment=contents.next_experiment(results),
            changed_in=contents.changed_by_contrast(results),
            recipient=recipient_cells(results),
            glossary=GLOSSARY | (OF_A_RECIPIENT if settings.recipient else {}),
            finished=provenance["finished"][:16].replace("T", " "),
            product=product(),
            citation=CITATION.format(provenance["versions"]["mircargo"]),
            facts=facts,
            questions={each: question_of(facts[each], contrast) for each, contrast in settings.contrasts.items()},
            stress=results.stress_facts,
            co_cargo=cargo,
            releases=contents.releases(results),
            samples=contents.samples(results.libraries),
            n_compared=len({sample for fact in facts.values() for sample in fact["samples"]}),
            warnings=results.warnings,
            **results.notes,
            ledger=records(results.ledger_totals),
            balance=contents.balance(results.balance),
            thresholds=thresholds,
            methods=methods,
            references=references_of(methods),
            provenance=provenance,
            configuration=yaml.safe_dump(provenance["configuration"], sort_keys=False, allow_unicode=True, width=100),
        )
    )


def _charts() -> dict[str, Any]:
    """Return the charts that `charts.specs` declares, as `mircargo reference` has kept them."""
    kept: dict[str, Any] = json.loads((PAGE / "charts.json").read_text(encoding="utf-8"))
    return kept


def _pack_page_files(results: StudyResults, counted: list[str] | None) -> dict[str, str]:
    """Return every file of the page as compressed text, by path; what is not a result file is under `page/`."""
    study = results.study
    texts = {
        "page/counts.tsv": short_counts(results, counted),
        "page/names.json": json_for_script(synonyms(results.features)),
    }
    for contrast in study.contrasts:
        in_blocks = "blocks" in results.stress_facts[contrast]
        texts[f"page/stress/{contrast}.tsv"] = condensed(results.stress_variants[contrast], in_blocks)
    figures = packed_figures(study)
    files = pack_files(results.folder, [*packed_tables(study, counted is None), *figures])
    fonts = pack_fonts(results.folder / path for path in figures if path.endswith(".svg"))
    return files | {path: packed(text.encode()) for path, text in texts.items()} | fonts


@cache
def libraries() -> Markup:
    """Return the scripts of others, the same on each page with charts."""
    return script_elements(pack_libraries(bundle_vega().encode()))


def prepare() -> None:
    """Make what all reports have in common, so that each begins with its own."""
    for name in environment().list_templates():
        environment().get_template(name)
    libraries()


def script_elements(files: dict[str, str]) -> Markup:
    """Write packed files as elements of a page, which its script finds by their paths."""
    element = Markup('<script type="text/plain" data-path="{}">{}</script>')
    return Markup("\n").join(element.format(path, content) for path, content in files.items())


def figure_files(folder: Path, stems: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return of each figure which `endings` there are, and the `width` and `height` that hold its place on the page."""
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


@cache
def environment() -> jinja2.Environment:
    """Return the templates of all pages, with the filters that they take."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "p": lambda value: "\u2013" if pd.isna(value) else format_p(float(value)),
        "fold": lambda value: "\u2013" if pd.isna(value) else f"{value:+.2f}",
        "thousands": "{:,.0f}".format,
        "share": "{:.0%}".format,
        "words": lambda name: name.replace("_", " "),
        "mirna": _mirna,
        "name_mirna": _name_mirna,
        "scale_words": difference_words,
        "explained": explained,
    }
    made.globals |= {"one_column": ONE_COLUMN, "changed": CHANGED, "term": term, "hashes": hashes_of}
    return made


def term(word: str, shown: str | None = None) -> Markup:
    """Write a word of the glossary so that its meaning is shown where it stands, and can be listened to.

    Raises
    ------
    KeyError
        Where the glossary lacks it.
    """
    if word not in WORDS:
        raise KeyError(word)
    key = word.replace(" ", "-")
    link = Markup('<a class="term" href="#term-{0}" aria-describedby="meaning-{0}">{1}</a>')
    return link.format(key, shown or word)


def explained(heading: str) -> Markup:
    """Write a heading of a table, as a word of the glossary where it is one."""
    word = HEADINGS.get(" ".join(heading.split()), heading)
    return term(word, heading) if word in WORDS else escape(heading)


def product() -> Markup:
    """Write the name of mircargo, as a link where the installation knows the address of its repository."""
    addresses = [each.partition(", ")[2] for each in metadata("mircargo").get_all("Project-URL") or []]
    link = Markup('<a href="{}">mircargo</a>')
    return link.format(addresses[0]) if addresses else Markup("mircargo")


def _mirna(feature: str) -> Markup:
    """Write a feature so that the script can mark it wherever it is named."""
    return Markup('<button type="button" class="mirna" data-feature="{0}">{0}</button>').format(feature)


def _name_mirna(sentence: str, feature: str | None) -> Markup:
    """Write a sentence whose first word may be a feature."""
    if feature and sentence.startswith(f"{feature} "):
        return _mirna(feature) + sentence[len(feature) :]
    return escape(sentence)
