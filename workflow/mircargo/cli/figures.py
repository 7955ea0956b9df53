"""Commands that draw: samples, contrasts, co-cargo, comparisons."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from mircargo.vocabulary import SIZE_FACTOR_METHODS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

folder_argument = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
normalised_option = path_option("normalised", "Counts divided by size factors.")
contrast_option = click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
facts_option = path_option("facts", "What was done (.json): tells how many samples it rests on.")
_BY_RATIOS = ("auto", "ratio", "poscounts", "mode")  # of all samples, the mode is of a contrast
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
    from mircargo.figures import correlation, pca
    from mircargo.figures import library_composition as composition
    from mircargo.figures.style import colours_of_sheet, save
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts

    values, sheet = read_counts(normalised), read_sheet(samples)
    by_fraction = [fraction] if fraction in sheet else []
    words: dict[str, Any] = {"colours": colours_of_sheet(sheet.drop(columns="column")), "simulated": simulated}
    shown = list(dict.fromkeys([*variables, *by_fraction]))
    note = _size_factors_note(choice, bool(by_fraction))
    for name, module in (("pca", pca), ("sample_correlation", correlation)):
        table = module.tabulate(values, sheet, shown)
        save(module.plot(table, variables=shown, note=note, **words), folder / name, table)
    shown = list(dict.fromkeys([*by_fraction, *variables]))
    table = composition.tabulate(read_counts(counts), sheet, shown, target=_target(target, species, features))
    save(composition.plot(table, variables=shown, **words), folder / "composition", table)


def _size_factors_note(choice: SizeFactorChoice, has_fractions: bool) -> str:
    """Say where size factors come from, as far as that is not DESeq2's way over all samples."""
    if choice.method == "column":
        return f"Size factors of the column '{choice.column}'."
    method = SIZE_FACTOR_METHODS[choice.method]
    way = f" {'from' if method.measured else 'by'} {method.words}" if method.name not in _BY_RATIOS else ""
    where = "within fractions" if has_fractions and choice.within_fraction else "over all samples"
    return f"Size factors{way} {where}."


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

    from mircargo.figures import design_matrix as design
    from mircargo.figures import dispersion_trend as dispersion
    from mircargo.figures import heatmap, ma, pvalues, volcano
    from mircargo.figures import stress_test as robustness
    from mircargo.figures import target_by_group as target_figure
    from mircargo.figures.notes import compared, facet_of, of_target, paired_of, sizes_of, test_of
    from mircargo.figures.style import colours_of_sheet, save
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result
    from mircargo.model.design.samples import contrast_samples

    sheet = read_sheet(samples)
    chosen = contrast_samples(sheet, contrast, name)
    table, values, done = read_result(results), read_counts(normalised)[list(chosen.index)], read_json(facts)
    if done.get("size_factors_over_fractions") or "mode" in done["size_factor_methods"].values():
        # The study's size factors are of each fraction; those of a contrast of fractions are found over them, and
        # those about the mode of its fold changes are its own.
        of_study = read_result(libraries).set_index("sample")["size_factor"]
        values = values * of_study[values.columns] / pd.Series(done["size_factors"])[values.columns]
    marked, candidates = _target(target, species, features), _candidates(co_cargo)
    feature = marked[0] if marked else None
    # Of the whole sheet, so that a group has one colour in every figure of the study.
    colours = colours_of_sheet(sheet.drop(columns="column"))
    of_groups = colours[contrast.variable]
    sizes, test = sizes_of(done, contrast), test_of(contrast, thresholds)
    tested = f"{sizes}; {test}."
    alpha = thresholds.alpha
    words: dict[str, Any] = {"title": name, "simulated": simulated}
    groups: dict[str, Any] = {"level": contrast.level, "reference": contrast.reference, **words}
    change = compared(done, contrast)

    def keep(kind: str, drawn: "pd.DataFrame", figure: "Figure") -> None:
        save(figure, folder / f"{kind}_{name}", drawn)

    drawn = volcano.tabulate(table, marked, candidates, alpha)
    scale = done.get("scale")
    keep("volcano", drawn, volcano.plot(drawn, alpha=alpha, change=change, scale=scale, note=tested, **groups))
    drawn = ma.tabulate(table, marked, candidates, alpha)
    keep("ma", drawn, ma.plot(drawn, alpha=alpha, change=change, scale=scale, note=tested, **groups))
    paired, facet = paired_of(chosen, contrast), facet_of(done, contrast)
    shown = list(dict.fromkeys([*([facet] if facet else []), contrast.variable, *contrast.blocking]))
    drawn = heatmap.tabulate(values, table, chosen, shown, alpha, target=marked)
    keep("heatmap", drawn, heatmap.plot(drawn, variables=shown, alpha=alpha, note=tested, colours=colours, **words))
    drawn = target_figure.tabulate(
        values, chosen, feature, contrast.variable, contrast.level, contrast.reference, paired, facet, contrast.per_unit
    )
    drawn["colour"] = drawn["group"].map(of_groups)
    number, note = contrast.variable if contrast.per_unit else "", of_target(table, feature, test)
    keep("target", drawn, target_figure.plot(drawn, number=number, colours=of_groups, note=note, **groups))
    drawn = robustness.tabulate(read_result(variants), feature)
    keep("robustness", drawn, robustness.plot(drawn, question=done["asked"]["place"], note=f"{sizes}.", **groups))
    drawn = pvalues.tabulate(table)
    keep("pvalues", drawn, pvalues.plot(drawn, note=tested, **words))
    drawn = dispersion.tabulate(table, marked)
    keep("dispersion", drawn, dispersion.plot(drawn, note=f"{sizes}.", **words))
    drawn = design.tabulate(done)
    keep("design", drawn, design.plot(drawn, formula=done["formula"], colours=of_groups, note=f"{test}.", **words))


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
    from mircargo.figures import co_cargo_evidence as co_cargo_figure
    from mircargo.figures.style import save
    from mircargo.io import read_result

    drawn = co_cargo_figure.tabulate(read_result(co_cargo), _target(target, species, features))
    note = _groups(facts).strip()
    figure = co_cargo_figure.plot(drawn, alpha=thresholds.alpha, title=name, note=note, simulated=simulated)
    save(figure, folder / f"co_cargo_{name}", drawn)


def _groups(facts: str) -> str:
    """Say how many samples each group of a fit has."""
    from mircargo.io import read_json

    groups = read_json(facts)["groups"]
    return f"{', '.join(f'{n} {group}' for group, n in groups.items())}. "


@plot.command("release")
@click.option("--name", required=True, help="Name of the comparison.")
@contrast_option
@path_option("release", "Table of the comparison.")
@facts_option
@features_option
@path_option("co-cargo", "Co-cargo of the exosome contrast.")
@thresholds_option
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
    thresholds: Thresholds,
    target: str,
    species: str,
    simulated: bool,
    folder: Path,
) -> None:
    """Draw the exosomes' fold changes against those of their source."""
    from mircargo.figures import release_scatter as release_figure
    from mircargo.figures.style import save
    from mircargo.io import read_result

    marked = _target(target, species, features)
    note = f"{_groups(facts)}Classes by DESeq2's Wald tests (PyDESeq2)."
    drawn = release_figure.tabulate(read_result(release), marked, _candidates(co_cargo), thresholds.alpha)
    figure = release_figure.plot(
        drawn,
        level=contrast.level,
        reference=contrast.reference,
        alpha=thresholds.alpha,
        title=name,
        note=note,
        simulated=simulated,
    )
    save(figure, folder / f"release_{name}", drawn)
