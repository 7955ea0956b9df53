"""Commands of quality and model."""

import rich_click as click

from mircargo.cli.options import (
    Json,
    counts_option,
    fraction_option,
    numeric_option,
    path_option,
    samples_option,
    size_factors_option,
    spike_ins_option,
)
from mircargo.config import Contrast, SizeFactorChoice, Study, Thresholds


@click.command()
@counts_option
@samples_option
@fraction_option
@size_factors_option
@spike_ins_option
@path_option("out-samples", "quality/samples.tsv to write.")
@path_option("out-normalised", "Counts divided by size factors, to write.")
def quality(
    counts: str,
    samples: str,
    fraction: str,
    choice: SizeFactorChoice,
    spike_ins: str | None,
    out_samples: str,
    out_normalised: str,
) -> None:
    """Describe every library: depth, features seen, what dominates it, size factor."""
    from mircargo.checks.libraries import assess, fraction_of
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, write_table
    from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors

    table, sheet = read_counts(counts), read_sheet(samples)
    added = read_counts(spike_ins) if spike_ins else None
    chosen = chosen_size_factors(table, Normalisation(sheet, choice, fraction, added))
    described, factors = assess(table, fraction_of(sheet, fraction), chosen, added)
    write_table(described, out_samples)
    write_table(factors.normalise(table).reset_index(), out_normalised)


@click.command()
@click.option("--name", required=True, help="Name of the contrast, for messages.")
@counts_option
@samples_option
@click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
@click.option("--thresholds", type=Json(Thresholds), default="{}", help="Thresholds, as configured.")
@numeric_option
@fraction_option
@size_factors_option
@spike_ins_option
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
    choice: SizeFactorChoice,
    spike_ins: str | None,
    study: Study | None,
    out: str,
    out_facts: str,
) -> None:
    """Fit one contrast with PyDESeq2."""
    from mircargo.analysis import Question, StudyData
    from mircargo.checks.study import design_problems, raise_errors
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, write_json, write_table

    sheet = read_sheet(samples)
    if study is not None:
        raise_errors(design_problems(study, sheet, "study"))
    data = StudyData(
        read_counts(counts),
        sheet,
        spike_ins=read_counts(spike_ins) if spike_ins else None,
        size_factors=choice,
        fraction=fraction,
        numeric=numeric,
    )
    fitted = Question(data, name, contrast, thresholds).fit()
    write_table(fitted.results, out)
    write_json(fitted.facts, out_facts)
