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
    from mircargo.model.normalisation.choice import chosen_size_factors

    table, sheet = read_counts(counts), read_sheet(samples)
    added = read_counts(spike_ins) if spike_ins else None
    chosen = chosen_size_factors(table, choice, sheet, fraction, added)
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
    from mircargo.cargo.detection import unseen
    from mircargo.cargo.global_change import spike_in_change, with_typical
    from mircargo.checks.study import design_problems, raise_errors
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, write_json, write_table
    from mircargo.model.design.matrix import contrast_design, group_of
    from mircargo.model.engines.deseq2 import fit as fit_model
    from mircargo.model.normalisation.choice import choice_for
    from mircargo.model.normalisation.mode import contrast_size_factors
    from mircargo.model.normalisation.scale import (
        scale_difference,
        scale_intervals,
        scale_model,
        size_factors_with_groups,
    )

    sheet = read_sheet(samples)
    if study is not None:
        raise_errors(design_problems(study, sheet, "study"))
    design = contrast_design(sheet, contrast, numeric, f"contrast '{name}'")
    table = read_counts(counts)[list(design.matrix.index)]
    added = read_counts(spike_ins) if spike_ins else None
    groups = group_of(sheet.loc[list(table)], contrast)
    configured, choice = choice, choice_for(choice, groups, sheet, fraction)
    factors = contrast_size_factors(table, choice, sheet, fraction, design, thresholds, added)
    result = fit_model(table, design, thresholds, factors=factors, details=True)
    facts = result.facts | {"size_factors_over_fractions": choice is not configured}
    results = result.results
    if design.two_groups:
        lacking = unseen(
            table, facts["size_factors"], groups[list(design.two_groups)], results.set_index("feature")["dispersion"]
        )
        results = results.merge(lacking, on="feature", how="left")
    if added is not None and len(added):
        measured = spike_in_change(table, sheet, choice, fraction, added, design, thresholds, factors)
        facts["global_change"] = with_typical(measured, results)
    if design.two_groups:
        facts["size_factors_with_groups"] = size_factors_with_groups(
            factors.values, groups[list(design.two_groups)], design, contrast.level, contrast.reference
        )
    facts["scale"] = scale_difference(table, sheet, choice, fraction, factors, design, thresholds)
    # What is stated is of groups; in a slope it is of the whole span of its variable.
    per_unit = {key: getattr(thresholds, key) / design.width for key in ("preparation_log2_sd", "scale_log2_sd")}
    stated = thresholds.model_copy(update=per_unit)
    facts["scale_model"] = scale_model(facts["scale"], facts.get("global_change", {}), stated)
    results = results.join(scale_intervals(results, facts["scale_model"], stated))
    write_table(results, out)
    write_json(facts, out_facts)
