"""Commands of what is looked at: figures, report, provenance, summary; and the configuration's reference."""

from pathlib import Path
from typing import Any

import rich_click as click

from mircargo.cli.options import (
    FILE,
    Json,
    features_option,
    fraction_option,
    path_option,
    samples_option,
    simulated_option,
    species_option,
    target_option,
)
from mircargo.config import Contrast, Thresholds, load

folder_argument = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
normalised_option = path_option("normalised", "Counts divided by size factors.")
contrast_option = click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")


@click.group()
def plot() -> None:
    """Draw figures into FOLDER: .svg, .png, and the data drawn as .tsv."""


@plot.command("samples")
@normalised_option
@samples_option
@click.option("--variable", "variables", multiple=True, required=True, help="Column of the sheet to colour by.")
@fraction_option
@simulated_option
@folder_argument
def plot_samples(
    normalised: str, samples: str, variables: tuple[str, ...], fraction: str, simulated: bool, folder: Path
) -> None:
    """Draw all samples: principal components, correlation."""
    from mircargo.figures import correlation, pca
    from mircargo.figures.style import colours_of_sheet, save
    from mircargo.tables.files import read_counts
    from mircargo.tables.sheet import read_sheet

    values, sheet = read_counts(normalised), read_sheet(samples)
    shown = list(dict.fromkeys([*variables, *([fraction] if fraction in sheet else [])]))
    colours = colours_of_sheet(sheet.drop(columns="column"))
    note = "Size factors within fractions." if fraction in sheet else None
    for name, module in (("pca", pca), ("sample_correlation", correlation)):
        table = module.tabulate(values, sheet, shown)
        save(module.plot(table, variables=shown, note=note, colours=colours, simulated=simulated), folder / name, table)


@plot.command("contrast")
@click.option("--name", required=True, help="Name of the contrast.")
@contrast_option
@path_option("results", "differential/CONTRAST.tsv.")
@normalised_option
@features_option
@samples_option
@path_option("co-cargo", "Co-cargo of the contrast, if it is one of exosomes.", required=False)
@click.option("--thresholds", type=Json(Thresholds), default="{}", help="Thresholds, as configured.")
@target_option
@species_option
@simulated_option
@folder_argument
def plot_contrast(
    name: str,
    contrast: Contrast,
    results: str,
    normalised: str,
    features: str,
    samples: str,
    co_cargo: str | None,
    thresholds: Thresholds,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw a contrast: volcano, MA, heatmap of what changed, the target in every sample."""
    from mircargo.figures import heatmap, ma, volcano
    from mircargo.figures import target as target_figure
    from mircargo.figures.style import colours_of_sheet, save
    from mircargo.model.samples import contrast_samples
    from mircargo.names.identify import find_target
    from mircargo.tables.files import read_counts, read_result
    from mircargo.tables.sheet import read_sheet

    sheet = read_sheet(samples)
    chosen = contrast_samples(sheet, contrast, name)
    table, values = read_result(results), read_counts(normalised)[list(chosen.index)]
    feature = find_target(target, species, read_result(features))[0]
    marked = [feature] if feature else []
    candidates = _candidates(co_cargo)
    # Of the whole sheet, so that a group has one colour in every figure of the study.
    colours = colours_of_sheet(sheet.drop(columns="column"))
    words: dict[str, Any] = {"level": contrast.level, "reference": contrast.reference, "simulated": simulated}
    n = chosen[contrast.variable].value_counts()
    sizes = f"{n[contrast.level]} {contrast.level}, {n[contrast.reference]} {contrast.reference}"
    note = f"{sizes}; DESeq2's Wald test (PyDESeq2)."
    for kind, module in (("volcano", volcano), ("ma", ma)):
        drawn = module.tabulate(table, marked, candidates, thresholds.alpha)
        figure = module.plot(drawn, alpha=thresholds.alpha, title=name, note=note, **words)
        save(figure, folder / f"{kind}_{name}", drawn)
    shown = list(dict.fromkeys([contrast.variable, *contrast.blocking]))
    drawn = heatmap.tabulate(values, table, chosen, shown, thresholds.alpha, target=marked)
    figure = heatmap.plot(
        drawn,
        variables=shown,
        alpha=thresholds.alpha,
        title=name,
        note=f"{sizes}.",
        colours=colours,
        simulated=simulated,
    )
    save(figure, folder / f"heatmap_{name}", drawn)
    drawn = target_figure.tabulate(
        values, chosen, feature, contrast.variable, contrast.level, contrast.reference, _paired(chosen, contrast)
    )
    figure = target_figure.plot(drawn, title=name, colours=colours[contrast.variable], **words)
    save(figure, folder / f"target_{name}", drawn)


def _paired(chosen: Any, contrast: Contrast) -> str | None:
    """Return the blocking column, if any, that pairs each sample of a group with one of the other."""
    for column in contrast.blocking:
        by_group = chosen.groupby(column)[contrast.variable]
        if (by_group.size() == 2).all() and (by_group.nunique() == 2).all():
            return column
    return None


def _candidates(path: str | None) -> list[str]:
    """Return the features that have a tier in a table of co-cargo."""
    from mircargo.tables.files import read_result

    if path is None:
        return []
    table = read_result(path)
    return table.loc[table["tier"].notna(), "feature"].tolist()


@plot.command("release")
@click.option("--name", required=True, help="Name of the comparison.")
@contrast_option
@path_option("release", "Table of the comparison.")
@features_option
@path_option("co-cargo", "Co-cargo of the exosome contrast.")
@target_option
@species_option
@simulated_option
@folder_argument
def plot_release(
    name: str,
    contrast: Contrast,
    release: str,
    features: str,
    co_cargo: str,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw the exosomes' fold changes against those of their source."""
    from mircargo.figures import release as release_figure
    from mircargo.figures.style import save
    from mircargo.names.identify import find_target
    from mircargo.tables.files import read_result

    feature = find_target(target, species, read_result(features))[0]
    drawn = release_figure.tabulate(read_result(release), [feature] if feature else [], _candidates(co_cargo))
    figure = release_figure.plot(
        drawn, level=contrast.level, reference=contrast.reference, title=name, simulated=simulated
    )
    save(figure, folder / f"release_{name}", drawn)


@click.command()
@click.argument("config")
@path_option("out", "provenance.json to write.")
@click.argument("inputs", nargs=-1, type=FILE)
def provenance(config: str, out: str, inputs: tuple[str, ...]) -> None:
    """Note versions, the checksums of INPUTS and the configuration (JSON) that results rest on."""
    import json

    from mircargo.provenance import describe
    from mircargo.tables.files import write_json

    settings: dict[str, Any] = json.loads(config)
    write_json(describe(settings, inputs), out)


@click.command()
@click.option("--study", required=True, help="Name of the study.")
@path_option("out", "report.html to write.")
@folder_argument
def report(study: str, out: str, folder: Path) -> None:
    """Write the report of the results in FOLDER: one HTML file that opens without a network."""
    from mircargo.report.build import build
    from mircargo.tables.files import write_text

    write_text(build(study, folder), out)


@click.command()
@click.argument("config", default="config/config.yaml")
def summary(config: str) -> None:
    """Print what the results of CONFIG's studies say of the target."""
    from mircargo.summary import summarise

    studies = load(config).studies
    simulated = [name for name, study in studies.items() if study.simulated]
    click.echo(summarise({name: f"results/{name}" for name in studies}, simulated))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def reference(folder: Path) -> None:
    """Remake the configuration's JSON schema and config/README.md below FOLDER, the repository's root."""
    from mircargo.reference import page, schema
    from mircargo.tables.files import write_text

    write_text(schema(), folder / "workflow" / "schemas" / "config.schema.json")
    write_text(page(), folder / "config" / "README.md")
