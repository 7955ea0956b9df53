"""Commands of cargo: release, the miR-21 call, co-cargo."""

from pathlib import Path

import rich_click as click

from mircargo.cli.options import (
    FILE,
    Json,
    counts_option,
    features_option,
    fraction_option,
    numeric_option,
    path_option,
    samples_option,
    size_factors_option,
    species_option,
    spike_ins_option,
    target_option,
)
from mircargo.config import Comparison, Contrast, SizeFactorChoice, Thresholds

thresholds_option = click.option("--thresholds", type=Json(Thresholds), default="{}", help="Thresholds, as configured.")


def facts_of(results: str) -> str:
    """Where the facts of a fit stand, beside its results."""
    return str(Path(results).with_suffix(".json"))


def variants_of(robustness: str) -> str:
    """Where every variant of a stress test stands, beside its summary."""
    return str(Path(robustness).with_suffix(".variants.tsv"))


@click.command()
@click.option("--name", required=True, help="Name of the comparison, for messages.")
@counts_option
@features_option
@samples_option
@click.option("--comparison", type=Json(Comparison), required=True, help="The comparison, as configured.")
@click.option("--exosome", type=Json(Contrast), required=True, help="Its exosome contrast, as configured.")
@click.option("--source", type=Json(Contrast), required=True, help="Its source contrast, as configured.")
@path_option("exosome-results", "differential/CONTRAST.tsv of the exosomes.")
@path_option("source-results", "differential/CONTRAST.tsv of their source.")
@thresholds_option
@numeric_option
@size_factors_option
@spike_ins_option
@path_option("out", "Table to write.")
@path_option("out-facts", "JSON file to write: what was done.")
def release(
    name: str,
    counts: str,
    features: str,
    samples: str,
    comparison: Comparison,
    exosome: Contrast,
    source: Contrast,
    exosome_results: str,
    source_results: str,
    thresholds: Thresholds,
    numeric: tuple[str, ...],
    choice: SizeFactorChoice,
    spike_ins: str | None,
    out: str,
    out_facts: str,
) -> None:
    """Test what changes more, or less, in the exosomes than in the cells they came from."""
    from mircargo.analysis import ReleaseQuestion, StudyData
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_result, write_json, write_table

    data = StudyData(
        read_counts(counts),
        read_sheet(samples),
        read_result(features),
        spike_ins=read_counts(spike_ins) if spike_ins else None,
        size_factors=choice,
        numeric=numeric,
    )
    question = ReleaseQuestion(data, name, comparison, exosome, source, thresholds)
    fitted = question.fit(read_result(exosome_results), read_result(source_results))
    write_table(fitted.results, out)
    write_json(fitted.facts, out_facts)


@click.command()
@click.option("--contrasts", type=Json(dict[str, Contrast]), required=True, help="The contrasts, as configured.")
@features_option
@target_option
@species_option
@thresholds_option
@click.option(
    "--robustness",
    multiple=True,
    type=FILE,
    help="robustness/CONTRAST.tsv of a contrast, with its .variants.tsv and .json.",
)
@path_option("out", "cargo/target.tsv to write.")
@click.argument("differential", nargs=-1, required=True, type=FILE)
def target(
    contrasts: dict[str, Contrast],
    features: str,
    target: str,
    species: str,
    thresholds: Thresholds,
    robustness: tuple[str, ...],
    out: str,
    differential: tuple[str, ...],
) -> None:
    """Say of every contrast what the target does. DIFFERENTIAL are the tables of the contrasts, with their .json."""
    import pandas as pd

    from mircargo.cargo.target_call import COLUMNS, Target, call_target
    from mircargo.features.identify import find_target
    from mircargo.io import read_json, read_result, write_table
    from mircargo.model.engines.deseq2 import Fit
    from mircargo.robustness.robust_calls import Stressed

    asked = Target(target, *find_target(target, species, read_result(features)))
    fits = {Path(path).stem: Fit(read_result(path), read_json(facts_of(path))) for path in differential}
    stressed = {
        Path(path).stem: Stressed(read_result(path), read_result(variants_of(path)), read_json(facts_of(path)))
        for path in robustness
    }
    rows = [
        call_target(name, contrast, thresholds, fits[name], asked, stressed.get(name))
        for name, contrast in contrasts.items()
    ]
    write_table(pd.DataFrame(rows, columns=COLUMNS), out)
    for row in rows:
        click.echo(f"{row['contrast']}: {row['sentence']}")


@click.command("co-cargo")
@click.option("--name", required=True, help="Name of the exosome contrast.")
@click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
@counts_option
@features_option
@samples_option
@path_option("results", "differential/CONTRAST.tsv, with its .json beside it.")
@path_option("release", "Table of the comparison it is the exosome of.", required=False)
@path_option("robustness", "robustness/CONTRAST.tsv.", required=False)
@target_option
@species_option
@thresholds_option
@fraction_option
@click.option("--blood", multiple=True, help="A fraction that comes from blood.")
@path_option("out", "Table to write.")
@path_option("out-composition", "Table to write: what calls become if all exosome miRNA rose or fell.")
def co_cargo(
    name: str,
    contrast: Contrast,
    counts: str,
    features: str,
    samples: str,
    results: str,
    release: str | None,
    robustness: str | None,
    target: str,
    species: str,
    thresholds: Thresholds,
    fraction: str,
    blood: tuple[str, ...],
    out: str,
    out_composition: str,
) -> None:
    """List what changes in the exosomes together with the target."""
    from mircargo.analysis import Question, StudyData
    from mircargo.cargo.co_cargo import Evidence
    from mircargo.cargo.global_change import under_global_change
    from mircargo.features.identify import find_target
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result, write_table
    from mircargo.model.engines.deseq2 import Fit

    known, fitted = read_result(features), Fit(read_result(results), read_json(facts_of(results)))
    data = StudyData(read_counts(counts), read_sheet(samples), known, fraction=fraction, blood_derived=blood)
    evidence = Evidence(
        read_result(release) if release else None,
        read_result(robustness) if robustness else None,
    )
    feature = find_target(target, species, known)[0]
    write_table(Question(data, name, contrast, thresholds).co_cargo(fitted, feature, evidence), out)
    changed = under_global_change(fitted.results, thresholds.alpha, thresholds.min_log2_fold_change)
    write_table(changed, out_composition)


@click.command("permute")
@click.option("--contrast", type=Json(Contrast), required=True, help="The contrast, as configured.")
@counts_option
@features_option
@samples_option
@path_option("results", "differential/CONTRAST.tsv, with its .json beside it.")
@path_option("co-cargo", "Co-cargo of the contrast.")
@target_option
@species_option
@thresholds_option
@numeric_option
@path_option("out", "JSON file to write: how many there are of each tier, and how many chance alone would call.")
def permute(
    contrast: Contrast,
    counts: str,
    features: str,
    samples: str,
    results: str,
    co_cargo: str,
    target: str,
    species: str,
    thresholds: Thresholds,
    numeric: tuple[str, ...],
    out: str,
) -> None:
    """Fit an exosome contrast with its labels exchanged, to say how much of the co-cargo would be found by chance."""
    from mircargo.analysis import Question, StudyData
    from mircargo.features.identify import find_target
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result, write_json
    from mircargo.model.engines.deseq2 import Fit

    data = StudyData(read_counts(counts), read_sheet(samples), numeric=numeric)
    fitted = Fit(read_result(results), read_json(facts_of(results)))
    feature = find_target(target, species, read_result(features))[0]
    question = Question(data, Path(results).stem, contrast, thresholds)
    write_json(question.by_chance(fitted, feature, read_result(co_cargo)), out)


@click.command()
@path_option("expectations", "cargo/expectations.tsv.")
@path_option("out", "Table to write.")
@click.argument("tables", nargs=-1, type=FILE)
def gather(expectations: str, out: str, tables: tuple[str, ...]) -> None:
    """Put the co-cargo tables of several contrasts below each other, with what the literature expects of each miRNA."""
    import pandas as pd

    from mircargo.cargo.co_cargo import COLUMNS, with_expectations
    from mircargo.io import read_result, write_table

    parts = [read_result(table) for table in tables]
    together = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    write_table(with_expectations(together, read_result(expectations)), out)
