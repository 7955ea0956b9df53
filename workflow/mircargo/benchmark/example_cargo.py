"""Calls of cargo scored on the simulated example study, whose classes, shadows and co-cargo are planted.

Doubling all RNA of the injured exosomes changes no share of a library, and so no count of a miRNA. Only spike-ins, of
which each sample is given as much, then show it. So one study answers both whether the calls are right and whether the
doubling is seen. It is what the typical miRNA does; with what is planted beside it, the total changes by more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mircargo.benchmark.cargo_scoring import Calls, score_calls
from mircargo.benchmark.run import in_processes
from mircargo.cargo.co_cargo import find_co_cargo
from mircargo.cargo.global_change import clause, overturning_change, p_cutoff, spike_in_change, with_typical
from mircargo.cargo.release_classes import classify, limits_of
from mircargo.cargo.target_call import call_target
from mircargo.config import Comparison, Contrast, SizeFactorChoice, Thresholds
from mircargo.features.describe import describe_features
from mircargo.features.mirbase import load_mature
from mircargo.model.design.matrix import contrast_design, release_design
from mircargo.model.engines.by_fraction import describe_release
from mircargo.model.engines.deseq2 import Fit, fit
from mircargo.model.normalisation.choice import chosen_size_factors
from mircargo.robustness.question import Question
from mircargo.robustness.robust_calls import summarise
from mircargo.robustness.stress import run
from mircargo.robustness.variants import variants
from mircargo.simulate.study import TARGET, Settings, Study, simulate
from mircargo.vocabulary import OUTLIER, Biotype

CONTRASTS = {
    fraction: Contrast(
        variable="condition",
        level="injured",
        reference="control",
        subset={"fraction": [fraction]},
        blocking=["batch"],
        exosome=fraction == "exosome",
    )
    for fraction in ("drg", "exosome")
}
COMPARISON = Comparison(exosome="exosome", source="drg", subject="subject")
RISE = 2.0  # of all RNA in the injured exosomes, as a fold
SPIKE_IN_PPM = (1000.0, 2000.0, 4000.0, 8000.0, 16000.0)  # of a control's miRNA reads
SPIKE_IN_DISPERSION = 0.02  # of adding them
RNA_SD = 0.3  # log2, of the exosome RNA of animals of one group


def score_cargo(animals: Sequence[int], seeds: int, seed: int, cores: int) -> pd.DataFrame:
    """Score calls of cargo on simulated studies.

    Parameters
    ----------
    animals
        Numbers of animals in a group.
    seeds
        Studies of each number.
    seed
        Of all random numbers; the result does not hang on `cores`.
    cores
        Processes.

    Returns
    -------
    pandas.DataFrame
        A row a study, as of `cargo_scores`.
    """
    keys = [(n, number) for number in range(seeds) for n in animals]
    sizes = [n for n, _ in keys]
    own = [int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1)[0]) for key in keys]
    return pd.DataFrame(in_processes(cargo_scores, cores, sizes, own))


def cargo_scores(animals: int, seed: int) -> dict[str, Any]:
    """Make a study, call its cargo, and score that.

    Parameters
    ----------
    animals
        In each group; each gives a DRG and an exosome library.
    seed
        Of the study.

    Returns
    -------
    dict
        `animals`, `seed`, and what `score_calls` gives.
    """
    study = simulate(load_mature(), Settings(seed=seed, animals_per_group=animals))
    calls = call_study(study, add_spike_ins(study, RISE, seed))
    return {"animals": animals, "seed": seed, **score_calls(calls, study.truth, RISE)}


def add_spike_ins(study: Study, rise: float, seed: int) -> pd.DataFrame:
    """Draw the reads of spike-ins in the exosome libraries, of which every sample was given as much.

    Parameters
    ----------
    study
        What they are added to; the reads come on top of its own.
    rise
        Of all RNA in the injured exosomes over that in controls', as a fold: so many times fewer are the spike-ins'
        reads. Animals of a group vary by a log2 sd of 0.3.
    seed
        Of the random numbers.

    Returns
    -------
    pandas.DataFrame
        Spike-ins x exosome samples.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(1,))))
    samples = study.exosome.columns
    injured = study.samples.loc[samples, "condition"].eq("injured").to_numpy()
    rna = np.exp2(np.where(injured, np.log2(rise), 0.0) + rng.normal(0.0, RNA_SD, len(samples)))
    mean = np.outer(SPIKE_IN_PPM, study.depths[samples] / rna)
    reads = rng.poisson(rng.gamma(1 / SPIKE_IN_DISPERSION, mean * SPIKE_IN_DISPERSION)).astype(np.int64)
    names = [f"spike_in_{number + 1}" for number in range(len(SPIKE_IN_PPM))]
    return pd.DataFrame(reads, index=pd.Index(names, name="feature"), columns=samples)


def call_study(study: Study, spike_ins: pd.DataFrame) -> Calls:
    """Call the target, the classes and the co-cargo of a study, step by step as the workflow does.

    Parameters
    ----------
    study
        The study.
    spike_ins
        Spike-ins x exosome samples. They measure the total; the size factors are those of the miRNAs.
    """
    thresholds, choice, sheet = Thresholds(), SizeFactorChoice(), study.samples
    counts = pd.concat([study.drg, study.exosome], axis=1)
    fits = fit_contrasts(counts, sheet, CONTRASTS, thresholds)
    exosome, contrast = fits["exosome"], CONTRASTS["exosome"]
    design = contrast_design(sheet, contrast, (), "benchmark")
    question = Question(counts, design, thresholds, sheet["condition"], sheet, sheet["fraction"])
    stressed = summarise(run(exosome.results, variants(question), thresholds.alpha))
    classes = fit_release(counts, sheet, CONTRASTS, fits, thresholds)
    found = spike_in_change(study.exosome, sheet, choice, "fraction", spike_ins, design, thresholds)
    measured = with_typical(found, exosome.results)
    co_cargo = find_co_cargo(
        "exosome",
        exosome.results,
        counts,
        known_features(counts.index),
        exosome.facts["size_factors"],
        sheet["condition"][list(design.matrix.index)],
        TARGET,
        classes,
        thresholds,
        stressed,
        sheet["fraction"],
    )
    groups = {name: each.facts["groups"] for name, each in fits.items()}
    target = {
        name: call_target(
            name, each, fits[name].results, groups[name], TARGET, "", thresholds, TARGET, measured=measured
        )
        for name, each in CONTRASTS.items()
    }
    row = exosome.results.set_index("feature").loc[TARGET]
    overturning = overturning_change(row["log2FoldChange"], row["lfcSE"], p_cutoff(exosome.results, thresholds.alpha))
    return Calls(target, classes, co_cargo, clause(overturning, contrast.reference), measured)


def fit_contrasts(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrasts: Mapping[str, Contrast], thresholds: Thresholds
) -> dict[str, Fit]:
    """Fit each contrast."""
    return {
        name: fit(counts, contrast_design(sheet, contrast, (), "benchmark"), thresholds, details=True)
        for name, contrast in contrasts.items()
    }


def fit_release(
    counts: pd.DataFrame,
    sheet: pd.DataFrame,
    contrasts: Mapping[str, Contrast],
    fits: Mapping[str, Fit],
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Class the features by the release of exosomes against their source, whose contrasts are `exosome` and `drg`."""
    design = release_design(sheet, COMPARISON, contrasts["exosome"], contrasts["drg"], (), "benchmark")
    table = counts[list(design.matrix.index)]
    factors = chosen_size_factors(table, SizeFactorChoice(), sheet, "fraction", None, thresholds.min_total_count)
    result = fit(table, design, thresholds, factors=factors, details=True)
    fitted = result.results.set_index("feature")
    outside = sheet.loc[table.columns, "fraction"].eq("exosome")
    outliers = fitted.index[fitted["status"] == OUTLIER]
    described = describe_release(table, design, outside, factors, fitted["dispersion"].dropna(), thresholds, outliers)
    own = {"exosome": fits["exosome"].results, "source": fits["drg"].results}
    groups = sheet.loc[outside.index[outside], "condition"]
    accessions = known_features(table.index).set_index("feature")["accession"]
    limits = limits_of(table, factors.values, groups, own, accessions, thresholds.alpha)
    return classify(own["exosome"], own["source"], result.results, described, thresholds, limits)


def known_features(index: pd.Index) -> pd.DataFrame:
    """Describe mature miRNAs of miRBase as `counts/features.tsv` does."""
    mature = load_mature()
    rows = mature[mature["name"].isin(index)].rename(columns={"name": "feature"}).assign(biotype=Biotype.MIRNA)
    return describe_features(index, rows)
