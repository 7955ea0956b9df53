"""Commands that draw: samples, contrasts, co-cargo, comparisons."""

from pathlib import Path

import rich_click as click

from mircargo.cli.cargo import thresholds_option
from mircargo.cli.options import (
    Json,
    counts_option,
    features_option,
    fraction_option,
    path_option,
    samples_option,
    simulated_option,
    size_factors_option,
    species_option,
    target_option,
)
from mircargo.config import Contrast, SizeFactorChoice, Thresholds

folder_argument = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
normalised_option = path_option("normalised", "Counts divided by size factors.")
contrast_option = click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
facts_option = path_option("facts", "What was done (.json): tells how many samples it rests on.")
name_option = click.option("--name", required=True, help="Name of the contrast.")


@click.group()
def plot() -> None:
    """Draw figures into FOLDER: .svg, .pdf, .png, and the data drawn as .tsv."""


@plot.command("samples")
@counts_option
@normalised_option
@features_option
@samples_option
@click.option("--variable", "variables", multiple=True, required=True, help="Column of the sheet to colour by.")
@fraction_option
@size_factors_option
@target_option
@species_option
@simulated_option
@folder_argument
def plot_samples(
    counts: str,
    normalised: str,
    features: str,
    samples: str,
    variables: tuple[str, ...],
    fraction: str,
    choice: SizeFactorChoice,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw all samples: principal components, correlation, what the libraries are made of."""
    from mircargo.figures.catalogue import OF_SAMPLES, draw_into
    from mircargo.figures.inputs import SamplesInputs
    from mircargo.figures.style import colours_of_sheet
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts

    sheet = read_sheet(samples)
    in_fractions = fraction in sheet
    inputs = SamplesInputs(
        counts=read_counts(counts),
        normalised=read_counts(normalised),
        sheet=sheet,
        variables=variables,
        fraction=fraction if in_fractions else None,
        size_factors=_size_factors_note(choice, in_fractions),
        target=_target(target, species, features),
        colours=colours_of_sheet(sheet.drop(columns="column")),
        simulated=simulated,
    )
    draw_into(folder, OF_SAMPLES, inputs)


def _size_factors_note(choice: SizeFactorChoice, has_fractions: bool) -> str:
    """Say where size factors come from, as far as that is not DESeq2's way over all samples."""
    if choice.method == "column":
        return f"Size factors of the column '{choice.column}'."
    method = {
        "control_features": " from control features",
        "spike_ins": " from spike-ins",
        "tmm": " by TMM",
        "total": " by total counts",
    }.get(choice.method, "")
    where = "within fractions" if has_fractions and choice.within_fraction else "over all samples"
    return f"Size factors{method} {where}."


def _target(target: str, species: str, features: str) -> list[str]:
    """Return the target as the study calls it, if it has it."""
    from mircargo.features.identify import find_target
    from mircargo.io import read_result

    feature = find_target(target, species, read_result(features))[0]
    return [feature] if feature else []


@plot.command("contrast")
@name_option
@contrast_option
@path_option("results", "differential/CONTRAST.tsv.")
@path_option("facts", "differential/CONTRAST.json.")
@path_option("variants", "robustness/CONTRAST.variants.tsv.")
@normalised_option
@path_option("libraries", "quality/samples.tsv.")
@features_option
@samples_option
@path_option("co-cargo", "Co-cargo of the contrast, if it is one of exosomes.", required=False)
@thresholds_option
@target_option
@species_option
@simulated_option
@folder_argument
def plot_contrast(
    name: str,
    contrast: Contrast,
    results: str,
    facts: str,
    variants: str,
    normalised: str,
    libraries: str,
    features: str,
    samples: str,
    co_cargo: str | None,
    thresholds: Thresholds,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw a contrast: fold changes, p-values, dispersions, the design, what changed, the target, its stress test."""
    import pandas as pd

    from mircargo.figures.catalogue import OF_CONTRAST, draw_into
    from mircargo.figures.inputs import ContrastInputs
    from mircargo.figures.style import colours_of_sheet
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result
    from mircargo.model.design.samples import contrast_samples

    sheet = read_sheet(samples)
    chosen = contrast_samples(sheet, contrast, name)
    values, done = read_counts(normalised)[list(chosen.index)], read_json(facts)
    if done.get("size_factors_over_fractions") or "mode" in done["size_factor_methods"].values():
        # The study's size factors are of each fraction; those of a contrast of fractions are found over them, and
        # those about the mode of its fold changes are its own.
        of_study = read_result(libraries).set_index("sample")["size_factor"]
        values = values * of_study[values.columns] / pd.Series(done["size_factors"])[values.columns]
    inputs = ContrastInputs(
        name=name,
        contrast=contrast,
        thresholds=thresholds,
        table=read_result(results),
        facts=done,
        variants=read_result(variants),
        values=values,
        samples=chosen,
        # Of the whole sheet, so that a group has one colour in every figure of the study.
        colours=colours_of_sheet(sheet.drop(columns="column")),
        target=_target(target, species, features),
        co_cargo=_candidates(co_cargo),
        simulated=simulated,
    )
    draw_into(folder, OF_CONTRAST, inputs, name)


def _candidates(path: str | None) -> list[str]:
    """Return the features that have a tier in a table of co-cargo."""
    from mircargo.io import read_result

    if path is None:
        return []
    table = read_result(path)
    return table.loc[table["tier"].notna(), "feature"].tolist()


@plot.command("co-cargo")
@name_option
@path_option("co-cargo", "cargo/co_cargo/CONTRAST.tsv.")
@facts_option
@features_option
@thresholds_option
@target_option
@species_option
@simulated_option
@folder_argument
def plot_co_cargo(
    name: str,
    co_cargo: str,
    facts: str,
    features: str,
    thresholds: Thresholds,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw the co-cargo of an exosome contrast, and the evidence for each feature."""
    from mircargo.figures.catalogue import OF_CO_CARGO, draw_into
    from mircargo.figures.inputs import CargoInputs
    from mircargo.io import read_json, read_result

    marked = _target(target, species, features)
    inputs = CargoInputs(name, read_result(co_cargo), read_json(facts), marked, thresholds.alpha, simulated)
    draw_into(folder, OF_CO_CARGO, inputs, name)


@plot.command("release")
@click.option("--name", required=True, help="Name of the comparison.")
@contrast_option
@path_option("release", "Table of the comparison.")
@facts_option
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
    facts: str,
    features: str,
    co_cargo: str,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw the exosomes' fold changes against those of their source."""
    from mircargo.figures.catalogue import OF_COMPARISON, draw_into
    from mircargo.figures.inputs import ReleaseInputs
    from mircargo.io import read_json, read_result

    inputs = ReleaseInputs(
        name=name,
        contrast=contrast,
        release=read_result(release),
        facts=read_json(facts),
        target=_target(target, species, features),
        co_cargo=_candidates(co_cargo),
        simulated=simulated,
    )
    draw_into(folder, OF_COMPARISON, inputs, name)
