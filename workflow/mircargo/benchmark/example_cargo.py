"""Calls of cargo scored on the simulated example study, whose classes, shadows and co-cargo are planted.

Doubling all RNA of the injured exosomes changes no share of a library, and so no count of a miRNA. Only spike-ins, of
which each sample is given as much, then show it. So one study answers both whether the calls are right and whether the
doubling is seen. It is what the typical miRNA does; with what is planted beside it, the total changes by more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mircargo.analysis import Question, ReleaseQuestion, StudyData
from mircargo.benchmark.cargo_scoring import Calls, score_calls
from mircargo.benchmark.run import in_processes, seed_of
from mircargo.benchmark.two_groups import negative_binomial
from mircargo.cargo.co_cargo import Evidence
from mircargo.cargo.global_change import clause, overturning_change, p_cutoff, with_typical
from mircargo.cargo.target_call import Target
from mircargo.config import Comparison, Contrast
from mircargo.features.describe import describe_features
from mircargo.features.mirbase import load_mature
from mircargo.model.engines.deseq2 import Fit
from mircargo.simulate.example import TARGET, Settings, Study, simulate
from mircargo.simulate.many import FRACTIONS, injury
from mircargo.vocabulary import Biotype

CONTRASTS = {fraction: injury(fraction) for fraction in FRACTIONS}
COMPARISON = Comparison(exosome="exosome", source="drg", subject="subject")
RISE = 2.0  # of all RNA in the injured exosomes, as a fold
SPIKE_IN_PPM = (1000.0, 2000.0, 4000.0, 8000.0, 16000.0)  # of a control's miRNA reads
SPIKE_IN_DISPERSION = 0.02  # of adding them
RNA_SD = 0.3  # log2, of the exosome RNA of animals of one group


def score_cargo(animals: Sequence[int], seeds: int, seed: int, cores: int) -> pd.DataFrame:
    """Score calls of cargo on so many simulated studies of each number of animals a group; one row per study."""
    keys = [(n, number) for number in range(seeds) for n in animals]
    own = [seed_of(seed, *key) for key in keys]
    return pd.DataFrame(in_processes(cargo_scores, cores, [n for n, _ in keys], own))


def cargo_scores(animals: int, seed: int) -> dict[str, Any]:
    """Make a study of so many animals a group, call its cargo, and score that as `score_calls` does."""
    study = simulate(load_mature(), Settings(seed=seed, animals_per_group=animals))
    calls = call_study(study, add_spike_ins(study, RISE, seed))
    return {"animals": animals, "seed": seed, **score_calls(calls, study.truth, RISE)}


def add_spike_ins(study: Study, rise: float, seed: int) -> pd.DataFrame:
    """Draw the reads of spike-ins (x exosome samples), of which every exosome sample was given as much.

    All RNA in the injured exosomes is `rise` times that in controls': so many times fewer are the spike-ins' reads.
    Animals of a group vary by a log2 sd of 0.3.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(1,))))
    samples = study.exosome.columns
    injured = study.samples.loc[samples, "condition"].eq("injured").to_numpy()
    rna = np.exp2(np.where(injured, np.log2(rise), 0.0) + rng.normal(0.0, RNA_SD, len(samples)))
    mean = np.outer(SPIKE_IN_PPM, study.depths[samples] / rna)
    names = [f"spike_in_{number + 1}" for number in range(len(SPIKE_IN_PPM))]
    reads = negative_binomial(mean, SPIKE_IN_DISPERSION, rng)
    return pd.DataFrame(reads, index=pd.Index(names, name="feature"), columns=samples)


def call_study(study: Study, spike_ins: pd.DataFrame) -> Calls:
    """Call the target, the classes and the co-cargo of a study, as the workflow does.

    The spike-ins (x exosome samples) measure the total; the size factors, and with them all calls, are those of a study
    without spike-ins.
    """
    analysis = analyse_pair(pd.concat([study.drg, study.exosome], axis=1), study.samples, CONTRASTS)
    question, fits = analysis.questions["exosome"], dict(analysis.fits)
    spiked = replace(question, data=replace(question.data, spike_ins=spike_ins))
    measured = with_typical(spiked.measured, fits["exosome"].results)
    fits["exosome"] = replace(fits["exosome"], facts=fits["exosome"].facts | {"global_change": measured})
    target = {name: each.call(fits[name], Target(TARGET, TARGET)) for name, each in analysis.questions.items()}
    results, thresholds = fits["exosome"].results, question.thresholds
    row = results.set_index("feature").loc[TARGET]
    overturning = overturning_change(row["log2FoldChange"], row["lfcSE"], p_cutoff(results, thresholds.alpha))
    overturned = clause(overturning, question.contrast.reference)
    return Calls(target, analysis.classes, analysis.co_cargo, overturned, measured)


@dataclass(frozen=True)
class PairAnalysis:
    """What the workflow says of a study of DRG and their exosomes."""

    # By contrast: `drg` and `exosome`.
    questions: dict[str, Question]
    fits: dict[str, Fit]
    classes: pd.DataFrame  # of the features by their release
    co_cargo: pd.DataFrame  # of the exosomes


def analyse_pair(counts: pd.DataFrame, sheet: pd.DataFrame, contrasts: Mapping[str, Contrast]) -> PairAnalysis:
    """Fit the contrasts `drg` and `exosome` of a study, and call the release and the co-cargo of the exosomes."""
    data = StudyData(counts, sheet, known_features(counts.index))
    questions = {name: Question(data, name, contrast) for name, contrast in contrasts.items()}
    fits = {name: question.fit() for name, question in questions.items()}
    exosome = fits["exosome"]
    release = ReleaseQuestion(data, "benchmark", COMPARISON, contrasts["exosome"], contrasts["drg"])
    classes = release.fit(exosome.results, fits["drg"].results).results
    stressed = questions["exosome"].stress(exosome.results)
    co_cargo = questions["exosome"].co_cargo(exosome, TARGET, Evidence(classes, stressed.summary))
    return PairAnalysis(questions, fits, classes, co_cargo)


def known_features(index: pd.Index) -> pd.DataFrame:
    """Describe mature miRNAs of miRBase as `counts/features.tsv` does."""
    mature = load_mature()
    rows = mature[mature["name"].isin(index)].rename(columns={"name": "feature"}).assign(biotype=Biotype.MIRNA)
    return describe_features(index, rows)
