"""Commands of the stress test: contrasts and comparisons."""

from typing import TYPE_CHECKING

import rich_click as click

from mircargo.cli.cargo import thresholds_option
from mircargo.cli.figures import contrast_option
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
from mircargo.config import Comparison, Contrast, SizeFactorChoice, Thresholds
from mircargo.vocabulary import SIZE_FACTOR_METHODS

if TYPE_CHECKING:
    import pandas as pd

    from mircargo.model.design.matrix import Design
    from mircargo.robustness.question import Question

FEWEST = 3  # samples of a group: of fewer, none can be left out
out_option = path_option("out", "Table to write: of each feature, in how many variants its call is the same.")
out_variants_option = path_option("out-variants", "Table to write: every variant of every feature.")
out_facts_option = path_option("out-facts", "JSON file to write: which variants were fitted, and which were not.")


@click.command()
@click.option("--name", required=True, help="Name of the contrast, for messages.")
@counts_option
@samples_option
@contrast_option
@path_option("results", "differential/CONTRAST.tsv: the calls that are tested.")
@thresholds_option
@numeric_option
@fraction_option
@size_factors_option
@spike_ins_option
@out_option
@out_variants_option
@out_facts_option
def stress(
    name: str,
    counts: str,
    samples: str,
    contrast: Contrast,
    results: str,
    thresholds: Thresholds,
    numeric: tuple[str, ...],
    fraction: str,
    choice: SizeFactorChoice,
    spike_ins: str | None,
    out: str,
    out_variants: str,
    out_facts: str,
) -> None:
    """Fit a contrast in other ways, and say of each feature whether its call survives.

    Samples left out in turn, other size factors, other low-count filters, an error of preparation, other
    engines.
    """
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_result
    from mircargo.model.design.matrix import contrast_design, group_of

    sheet = read_sheet(samples)
    design = contrast_design(sheet, contrast, numeric, f"contrast '{name}'")
    base, groups = read_result(results), group_of(sheet, contrast)
    _stress(base, design, groups, sheet, fraction, counts, thresholds, choice, spike_ins, out, out_variants, out_facts)


@click.command("stress-release")
@click.option("--name", required=True, help="Name of the comparison, for messages.")
@counts_option
@samples_option
@click.option("--comparison", type=Json(Comparison), required=True, help="The comparison, as configured.")
@click.option("--exosome", type=Json(Contrast), required=True, help="Its exosome contrast, as configured.")
@click.option("--source", type=Json(Contrast), required=True, help="Its source contrast, as configured.")
@path_option("release", "Table of the comparison: the calls that are tested.")
@thresholds_option
@numeric_option
@size_factors_option
@spike_ins_option
@out_option
@out_variants_option
@out_facts_option
def stress_release(
    name: str,
    counts: str,
    samples: str,
    comparison: Comparison,
    exosome: Contrast,
    source: Contrast,
    release: str,
    thresholds: Thresholds,
    numeric: tuple[str, ...],
    choice: SizeFactorChoice,
    spike_ins: str | None,
    out: str,
    out_variants: str,
    out_facts: str,
) -> None:
    """Fit a comparison in other ways, and say of each feature whether the call of its release survives."""
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_result
    from mircargo.model.design.matrix import release_design

    sheet = read_sheet(samples)
    design = release_design(sheet, comparison, exosome, source, numeric, f"comparison '{name}'")
    table = read_result(release)
    base = table[["feature"]].join(
        table.filter(like="release_").rename(columns=lambda key: key.removeprefix("release_"))
    )
    groups = sheet[comparison.fraction] + " " + sheet[exosome.variable]
    _stress(
        base, design, groups, sheet, comparison.fraction, counts, thresholds, choice, spike_ins, out, out_variants,
        out_facts,
    )  # fmt: skip


def _stress(
    base: "pd.DataFrame",
    design: "Design",
    groups: "pd.Series",
    sheet: "pd.DataFrame",
    fraction: str,
    counts: str,
    thresholds: Thresholds,
    choice: SizeFactorChoice,
    spike_ins: str | None,
    out: str,
    out_variants: str,
    out_facts: str,
) -> None:
    from mircargo.cargo.global_change import spike_in_change
    from mircargo.checks.replicates import copies, why_not_robust
    from mircargo.io import read_counts, write_json, write_table
    from mircargo.model.normalisation.choice import choice_for, chosen_size_factors
    from mircargo.model.normalisation.mode import MODE, mode_size_factors
    from mircargo.model.normalisation.size_factors import SizeFactors
    from mircargo.robustness import stress as stress_test
    from mircargo.robustness.leave_out import without
    from mircargo.robustness.question import Question
    from mircargo.robustness.robust_calls import summarise
    from mircargo.robustness.variants import variants

    added = read_counts(spike_ins) if spike_ins else None
    if len(design.question) == 1:  # of a comparison of fractions, the change within each is what is compared
        choice = choice_for(choice, groups[list(design.matrix.index)], sheet, fraction)

    def factors(part: "pd.DataFrame", min_total_count: int) -> SizeFactors:
        base = chosen_size_factors(part, choice, sheet, fraction, added, min_total_count)
        if choice.method != MODE or len(design.question) > 1:
            return base
        gone = [sample for sample in design.matrix.index if sample not in part]
        own = without(design, gone, groups) if gone else design
        least = thresholds.model_copy(update={"min_total_count": min_total_count})
        return mode_size_factors(part, own, base, least)

    within = sheet.get(fraction) if choice.within_fraction else None
    table, measured = read_counts(counts), {}
    if (
        added is not None
        and len(added)
        and len(design.question) == 1
        and not SIZE_FACTOR_METHODS[choice.method].measured
    ):
        own = table[list(design.matrix.index)]
        measured = spike_in_change(
            own, sheet, choice, fraction, added, design, thresholds, factors(own, thresholds.min_total_count)
        )
    measured = measured if "estimate" in measured else {}
    question = Question(table, design, thresholds, groups, sheet, within, factors, measured=measured)
    runs = stress_test.run(
        base, variants(question), thresholds.alpha, design.reduced is not None, thresholds.min_log2_fold_change
    )
    found = copies(question.counts, groups[list(design.matrix.index)], sheet["column"])
    not_robust = why_not_robust(found)
    few = min(design.groups.values()) < FEWEST
    write_table(summarise(runs, bool(not_robust), few), out)
    write_table(stress_test.tidy(runs), out_variants)
    write_json(stress_test.facts(runs, not_robust, few) | _opinion(question), out_facts)


def _opinion(question: "Question") -> dict[str, float]:
    """Give what limma-voom about the mode found beside its calls, where it was asked."""
    return {
        key: value
        for opinion in question.opinions
        for key, value in (
            ("typical_log2_fold_change", opinion.typical),
            ("shared_error_log2_sd", opinion.shared_error),
        )
    }
