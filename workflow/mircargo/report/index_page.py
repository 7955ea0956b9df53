"""The page that leads to the reports of a run of several studies, made of their result files alone."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from mircargo.glossary import GLOSSARY
from mircargo.report import pooled
from mircargo.report.build import PAGE, environment, product
from mircargo.report.first_screen import doubts, in_short
from mircargo.report.methods import CITATION
from mircargo.report.pack import link_modules
from mircargo.report.rows import question_of, records
from mircargo.results import contract as files
from mircargo.results.pooled_reader import MetaResults
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import species_in_words

WORDS: Final = (
    "contrast", "log2 fold change", "up", "down", "unchanged", "inconclusive", "not detected", "not tested", "robust",
    "re-analysis", "target", "scale", "size factor", "pooled", "heterogeneity",
)  # fmt: skip
"""Words of the glossary that this page uses."""
MOST_CAUTIONS: Final = 4
FIGURES: Final = {"volcano": "volcano", "target": "target in every sample", "top": "top miRNAs"}
"""Figures of a contrast that the page leads to, and what it calls them."""


def build_index(studies: Sequence[str], metas: Sequence[str], folder: Path) -> str:
    """Write the index of a run.

    Parameters
    ----------
    studies, metas
        Its studies and meta-analyses, in the order of the configuration.
    folder
        The results: `results` of a run. Links begin there.

    Returns
    -------
    str
        HTML that opens without a network.
    """
    found = [study_of(StudyResults(name, folder / name)) for name in studies]
    pools = [meta_of(MetaResults(name, folder / "meta")) for name in metas]
    own_version = version("mircargo")
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            studies=found,
            metas=pools,
            targets=sorted({each["target"] for each in [*found, *pools]}),
            style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),
            script=Markup(link_modules(PAGE, "index.js")),
            glossary={word: GLOSSARY[word] for word in WORDS},
            provenance={"versions": {"mircargo": own_version}},
            finished=max(each["finished"] for each in [*found, *pools]),
            product=product(),
            citation=CITATION.format(own_version),
        )
    )


def study_of(results: StudyResults) -> dict[str, Any]:
    """Return what the index says of a study.

    Returns
    -------
    dict
        ``name title species simulated n_samples target finished report``, ``n_warnings``, ``cautions`` (the first, list
        of str) with ``n_more``, and the ``contrasts``: columns of `summary.tsv`, ``label``, ``call``, ``short`` and
        ``figures`` (words and address).
    """
    study, thresholds, summary = results.study, results.thresholds, results.summary.set_index("contrast")
    contrasts, wary = [], []
    for row in records(results.target):
        name, facts = row["contrast"], results.fit_facts[row["contrast"]]
        counted = records(summary.loc[[name]])[0]
        short = in_short(row, facts, study, thresholds) or row["sentence"]
        drawn = {word: f"{results.name}/{_drawing(f'{kind}_{name}')}" for kind, word in FIGURES.items()}
        question = question_of(facts, study.contrasts[name])
        label = {"name": name, "label": study.label(name), "question": question, "call": row["call"], "short": short}
        contrasts.append(counted | label | {"figures": drawn})
        wary += [f"{study.label(name)}: {text}" for text in doubts(row, facts, results.warnings)]
    of_study = [each for each in results.warnings if ".contrasts." not in str(each["where"])]
    wary += [f"{each['what'][0].upper()}{each['what'][1:]} ({each['found'] or each['where']})." for each in of_study]
    wary = list(dict.fromkeys(wary))
    return {
        "name": results.name,
        "title": study.title,
        "species": species_in_words(study.species),
        "simulated": study.simulated,
        "n_samples": len(results.libraries),
        "target": results.config.target,
        "finished": results.provenance["finished"][:16].replace("T", " "),
        "report": f"{results.name}/{files.REPORT.path}",
        "contrasts": contrasts,
        "cautions": wary[:MOST_CAUTIONS],
        "n_more": max(0, len(wary) - MOST_CAUTIONS),
    }


def _drawing(stem: str) -> str:
    return files.FIGURE.path.format(figure=stem, ending="svg")


def meta_of(results: MetaResults) -> dict[str, Any]:
    """Return what the index says of a meta-analysis."""
    facts, row = results.facts, results.target
    return {
        "name": results.name,
        "title": facts["title"],
        "target": facts["target"],
        "call": row["call"],
        "short": pooled.in_short(row, facts),
        "heterogeneity": pooled.heterogeneity(row),
        "cautions": pooled.cautions(results),
        "not_pooled": pooled.not_pooled(results),
        "n": pooled.counts(results),
        "labels": list(pooled.labels_of(facts).values()),
        "finished": facts["finished"][:16].replace("T", " "),
        "report": f"meta/{files.META_REPORT.path.format(meta=results.name)}",
        "forest": f"meta/{_drawing(f'forest_{results.name}')}",
    }
