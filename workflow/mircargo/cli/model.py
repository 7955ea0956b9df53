"""Commands of quality and model."""

import rich_click as click

from mircargo.cli.options import Json, counts_option, fraction_option, numeric_option, path_option, samples_option
from mircargo.config import Contrast, Study, Thresholds


@click.command()
@counts_option
@samples_option
@fraction_option
@path_option("out-samples", "quality/samples.tsv to write.")
@path_option("out-normalised", "Counts divided by size factors, to write.")
def quality(counts: str, samples: str, fraction: str, out_samples: str, out_normalised: str) -> None:
    """Describe every library: depth, features seen, what dominates it, size factor."""
    from mircargo.quality.libraries import assess, fraction_of
    from mircargo.tables.files import read_counts, write_table
    from mircargo.tables.sheet import read_sheet

    table = read_counts(counts)
    described, factors = assess(table, fraction_of(read_sheet(samples), fraction))
    write_table(described, out_samples)
    write_table((table / factors.values).reset_index(), out_normalised)


@click.command()
@click.option("--name", required=True, help="Name of the contrast, for messages.")
@counts_option
@samples_option
@click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
@click.option("--thresholds", type=Json(Thresholds), default="{}", help="Thresholds, as configured.")
@numeric_option
@fraction_option
@click.option(
    "--study", type=Json(Study), help="The whole study: all of its contrasts are checked before one is fitted."
)
@path_option("out", "differential/CONTRAST.tsv to write.")
@path_option("out-facts", "JSON file to write: what was done.")
def fit(
    name: str,
    counts: str,
    samples: str,
    contrast: Contrast,
    thresholds: Thresholds,
    numeric: tuple[str, ...],
    fraction: str,
    study: Study | None,
    out: str,
    out_facts: str,
) -> None:
    """Fit one contrast with PyDESeq2."""
    from mircargo.check import design_problems, raise_errors
    from mircargo.model.design import contrast_design
    from mircargo.model.differential import fit as fit_model
    from mircargo.quality.libraries import fraction_of
    from mircargo.tables.files import read_counts, write_json, write_table
    from mircargo.tables.sheet import read_sheet

    sheet = read_sheet(samples)
    if study is not None:
        raise_errors(design_problems(study, sheet, "study"))
    design = contrast_design(sheet, contrast, numeric, f"contrast '{name}'")
    result = fit_model(read_counts(counts), design, thresholds, fraction_of(sheet, fraction))
    write_table(result.results, out)
    write_json(result.facts, out_facts)
