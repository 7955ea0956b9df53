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
    import pandas as pd

    from mircargo.cargo.release_classes import classify, limits_of
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_result, write_json, write_table
    from mircargo.model.design.matrix import release_design
    from mircargo.model.design.samples import contrast_samples
    from mircargo.model.engines.by_fraction import describe_release
    from mircargo.model.engines.deseq2 import fit
    from mircargo.model.normalisation.choice import chosen_size_factors
    from mircargo.vocabulary import OUTLIER

    sheet = read_sheet(samples)
    design = release_design(sheet, comparison, exosome, source, numeric, f"comparison '{name}'")
    table = read_counts(counts)[list(design.matrix.index)]
    added = read_counts(spike_ins) if spike_ins else None
    factors = chosen_size_factors(table, choice, sheet, comparison.fraction, added, thresholds.min_total_count)
    result = fit(table, design, thresholds, factors=factors, details=True)
    fitted = result.results.set_index("feature")
    outside = contrast_samples(sheet, exosome, f"comparison '{name}'")
    described = describe_release(
        table,
        design,
        pd.Series(table.columns.isin(outside.index), index=table.columns),
        factors,
        fitted["dispersion"].dropna(),
        thresholds,
        fitted.index[fitted["status"] == OUTLIER],
    )
    own = {"exosome": read_result(exosome_results), "source": read_result(source_results)}
    accessions = read_result(features).set_index("feature")["accession"]
    limits = limits_of(table, factors.values, outside[exosome.variable], own, accessions, thresholds.alpha)
    classes = classify(own["exosome"], own["source"], result.results, described, thresholds, limits)
    write_table(classes, out)
    engine_warnings = [*result.facts["engine_warnings"], *described.facts.pop("engine_warnings")]
    write_json({**result.facts, "engine_warnings": engine_warnings, "by_fraction": described.facts}, out_facts)


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

    from mircargo.cargo.target_call import COLUMNS, call_target
    from mircargo.features.identify import find_target
    from mircargo.io import read_json, read_result, write_table

    feature, note = find_target(target, species, read_result(features))
    tables = {Path(path).stem: path for path in differential}
    stressed = {Path(path).stem: path for path in robustness}
    rows = []
    for name, contrast in contrasts.items():
        facts = read_json(facts_of(tables[name]))
        tested = name in stressed
        row = call_target(
            name,
            contrast,
            read_result(tables[name]),
            facts["groups"],
            feature,
            note,
            thresholds,
            target,
            robustness=read_result(stressed[name]) if tested else None,
            variants=read_result(variants_of(stressed[name])) if tested else None,
            measured=facts.get("global_change"),
            asked=facts.get("asked"),
            not_robust=read_json(facts_of(stressed[name])).get("not_robust", ()) if tested else (),
            scale=facts.get("scale"),
        )
        rows.append(row)
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
    import pandas as pd

    from mircargo.cargo.cautions import blood_derived
    from mircargo.cargo.co_cargo import find_co_cargo
    from mircargo.cargo.global_change import under_global_change
    from mircargo.features.identify import find_target
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result, write_table
    from mircargo.model.design.samples import contrast_samples

    known, sheet, table = read_result(features), read_sheet(samples), read_counts(counts)
    chosen = contrast_samples(sheet, contrast, f"contrast '{name}'")
    depths = read_json(facts_of(results))["size_factors"]
    feature = find_target(target, species, known)[0]
    found = find_co_cargo(
        name,
        read_result(results),
        table,
        known,
        depths,
        chosen[contrast.variable],
        feature,
        read_result(release) if release else None,
        thresholds,
        read_result(robustness) if robustness else None,
        sheet.get(fraction),
        blood_derived(chosen.get(fraction, pd.Series(dtype=object)))
        or bool(set(blood) & set(chosen.get(fraction, []))),
    )
    write_table(found, out)
    changed = under_global_change(read_result(results), thresholds.alpha, thresholds.min_log2_fold_change)
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
    import pandas as pd

    from mircargo.cargo.permutation_fdr import set_fdr
    from mircargo.features.identify import find_target
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_json, read_result, write_json
    from mircargo.model.normalisation.size_factors import SizeFactors

    tiers = {str(tier): int(n) for tier, n in read_result(co_cargo)["tier"].value_counts().items()}
    factors = SizeFactors(pd.Series(read_json(facts_of(results))["size_factors"]), {}, {})
    feature, table = find_target(target, species, read_result(features))[0], read_result(results)
    facts = set_fdr(
        read_counts(counts), read_sheet(samples), contrast, list(numeric), factors, thresholds,
        table[table["feature"] != feature], sum(tiers.values()),
    )  # fmt: skip
    write_json({"tiers": tiers, **facts}, out)


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
