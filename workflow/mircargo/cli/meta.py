"""Commands across studies: the meta-analysis and its figures; and what the literature leads one to expect."""

from pathlib import Path

import rich_click as click

from mircargo.cli.cargo import facts_of, thresholds_option
from mircargo.cli.figures import folder_argument, plot
from mircargo.cli.options import FILE, Json, features_option, path_option, species_option, target_option
from mircargo.config import Expectation, MetaAnalysis, Thresholds

meta_option = click.option("--meta", type=Json(MetaAnalysis), required=True, help="The meta-analysis, as configured.")
simulated_option = click.option("--simulated", multiple=True, help="A study whose data are simulated.")


@click.command("meta")
@click.option("--name", required=True, help="Name of the meta-analysis.")
@meta_option
@click.option(
    "--features", nargs=3, multiple=True, required=True, help="Of each study: its name, its species, its features.tsv."
)
@click.option(
    "--samples", nargs=3, multiple=True, help="Of each study: its name, the column of subjects, its sample sheet."
)
@simulated_option
@target_option
@thresholds_option
@path_option("out", "Table to write: a row a feature.")
@path_option("out-studies", "Table to write: a row a feature and contrast.")
@path_option("out-target", "Table to write: the target, with its sentence.")
@click.argument("differential", nargs=-1, required=True, type=FILE)
def meta(
    name: str,
    meta: MetaAnalysis,
    features: tuple[tuple[str, str, str], ...],
    samples: tuple[tuple[str, str, str], ...],
    simulated: tuple[str, ...],
    target: str,
    thresholds: Thresholds,
    out: str,
    out_studies: str,
    out_target: str,
    differential: tuple[str, ...],
) -> None:
    """Pool contrasts of several studies. DIFFERENTIAL are their tables in the order of the meta-analysis."""
    from mircargo.features.identify import find_target
    from mircargo.io import read_json, read_result, write_table
    from mircargo.meta.analysis import analyse
    from mircargo.meta.study_table import Contribution, PooledStudy

    species = {study: which for study, which, _ in features}
    subjects = {study: _subjects(path, column) for study, column, path in samples}
    contributions = []
    for each, path in zip(meta.contrasts, differential, strict=True):
        study, contrast = each.split(".")
        facts = read_json(facts_of(path))
        of = subjects.get(study, {})
        units = [*facts["samples"], *(of[sample] for sample in facts["samples"] if sample in of)]
        contributions.append(Contribution(study, contrast, species[study], read_result(path), frozenset(units)))
    studies = {}
    for study, which, path in features:
        known = read_result(path)
        studies[study] = PooledStudy(known, *find_target(target, which, known), study in simulated)
    found = analyse(name, contributions, studies, thresholds, meta.heterogeneity, target)
    write_table(found.features, out)
    write_table(found.studies, out_studies)
    write_table(found.target, out_target)
    click.echo(f"{name}: {found.target['sentence'].iloc[0]}")


def _subjects(samples: str, column: str) -> dict[str, str]:
    """Return the subject of each sample; none where the sheet has no such column."""
    from mircargo.inputs.sheet import read_sheet

    sheet = read_sheet(samples)
    given = sheet[column].dropna() if column in sheet else {}
    return {str(sample): f"{column} {subject}" for sample, subject in given.items()}


@plot.command("meta")
@click.option("--name", required=True, help="Name of the meta-analysis.")
@meta_option
@path_option("features", "meta/NAME.tsv.")
@path_option("studies", "meta/NAME.studies.tsv.")
@path_option("of-target", "meta/NAME.target.tsv.")
@simulated_option
@thresholds_option
@folder_argument
def plot_meta(
    name: str,
    meta: MetaAnalysis,
    features: str,
    studies: str,
    of_target: str,
    simulated: tuple[str, ...],
    thresholds: Thresholds,
    folder: Path,
) -> None:
    """Draw a meta-analysis: the target in every contrast, and the features that agree best."""
    from mircargo.figures.catalogue import OF_META, draw_into
    from mircargo.figures.inputs import MetaInputs
    from mircargo.io import read_result

    found = read_result(of_target).iloc[0]
    inputs = MetaInputs(
        title=meta.title,
        pooled=read_result(features),
        contrasts=read_result(studies),
        feature=found["feature"] if isinstance(found["feature"], str) else None,
        sentence=found["sentence"],
        alpha=thresholds.alpha,
        simulated=bool(simulated),
    )
    draw_into(folder, OF_META, inputs, name)


@click.command()
@click.option(
    "--expectations", type=Json(dict[str, Expectation | None]), required=True, help="By contrast, as configured."
)
@click.option("--panel", default="neuropathic_pain", show_default=True, help="A panel of mircargo's, or a file.")
@features_option
@target_option
@species_option
@thresholds_option
@path_option("out", "cargo/expectations.tsv to write.")
@click.argument("differential", nargs=-1, required=True, type=FILE)
def expectations(
    expectations: dict[str, Expectation | None],
    panel: str,
    features: str,
    target: str,
    species: str,
    thresholds: Thresholds,
    out: str,
    differential: tuple[str, ...],
) -> None:
    """Hold what the literature leads one to expect against what was found. DIFFERENTIAL are a study's contrasts."""
    import pandas as pd

    from mircargo.cargo.expectations import compare, expected_of, find_panel
    from mircargo.inputs.panel import read_panel
    from mircargo.io import read_result, write_table

    entries = read_panel(panel)
    found = find_panel(entries, target, species, read_result(features))
    parts = [
        compare(contrast, expected_of(entries, expectation, species), found, read_result(path), thresholds)
        for path in differential
        for contrast, expectation in expectations.items()
        if contrast == Path(path).stem
    ]
    write_table(pd.concat([part.astype(object) for part in parts], ignore_index=True), out)
