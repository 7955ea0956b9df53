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

if TYPE_CHECKING:
    from mircargo.robustness.robust_calls import Stressed

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
    from mircargo.analysis import Question, StudyData
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_result

    data = StudyData(
        read_counts(counts),
        read_sheet(samples),
        spike_ins=read_counts(spike_ins) if spike_ins else None,
        size_factors=choice,
        fraction=fraction,
        numeric=numeric,
    )
    stressed = Question(data, name, contrast, thresholds).stress(read_result(results))
    _write(stressed, out, out_variants, out_facts)


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
    from mircargo.analysis import ReleaseQuestion, StudyData
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_result

    data = StudyData(
        read_counts(counts),
        read_sheet(samples),
        spike_ins=read_counts(spike_ins) if spike_ins else None,
        size_factors=choice,
        numeric=numeric,
    )
    question = ReleaseQuestion(data, name, comparison, exosome, source, thresholds)
    _write(question.stress(read_result(release)), out, out_variants, out_facts)


def _write(stressed: "Stressed", out: str, out_variants: str, out_facts: str) -> None:
    from mircargo.io import write_json, write_table

    write_table(stressed.summary, out)
    write_table(stressed.variants, out_variants)
    write_json(stressed.facts, out_facts)
