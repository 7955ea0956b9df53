"""Calls of cargo scored on paired studies: tiers, classes, cautions and the set's FDR."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mircargo.benchmark.example_cargo import analyse_pair
from mircargo.benchmark.paired import SETTINGS, PairedStudy, simulate_paired
from mircargo.benchmark.run import in_processes, seed_of
from mircargo.benchmark.scoring import share
from mircargo.cargo.signatures import signatures
from mircargo.features.mirbase import load_mature
from mircargo.simulate.example import TARGET
from mircargo.simulate.many import FRACTIONS, injury
from mircargo.vocabulary import TIERS

CONTRASTS = {fraction: injury(fraction, blocking=()) for fraction in FRACTIONS}
CLASSES = ("selective", "parallel", "retained", "discordant", "exosome_only", "source_only")
LEAST_READS, LEAST_CHANGE = 10.0, 1.0  # what is detectable: reads expected in a library, log2


def score_paired(settings: Sequence[str], animals: Sequence[int], studies: int, seed: int, cores: int) -> pd.DataFrame:
    """Score calls of cargo on so many paired studies of each setting and number of animals a group; one row per study.

    The result does not depend on `cores`.
    """
    places = list(SETTINGS)
    tasks = [(name, n, number) for number in range(studies) for name in settings for n in animals]
    own = [seed_of(seed, places.index(name), n, number) for name, n, number in tasks]
    return pd.DataFrame(in_processes(paired_scores, cores, [name for name, *_ in tasks], [n for _, n, _ in tasks], own))


def paired_scores(setting: str, animals: int, seed: int) -> dict[str, Any]:
    """Make a study, call its cargo, and score that.

    Returns
    -------
    dict
        `setting animals seed`, and what `tier_scores` and `class_scores` give; `set_fdr`; `blood` and `depth`,
        whether such a caution stands in the contrast.
    """
    study = simulate_paired(load_mature(), SETTINGS[setting], animals, seed)
    analysis = analyse_pair(study.counts, study.samples, CONTRASTS)
    question, exosome, table = analysis.questions["exosome"], analysis.fits["exosome"], analysis.co_cargo
    groups = question.base.groups
    fitted = study.counts.loc[table["feature"], list(groups.index)]
    accessions = question.data.features.set_index("feature")["accession"]
    found = signatures(fitted, exosome.facts["size_factors"], groups, accessions, TARGET, question.thresholds.alpha)
    cautions = " ".join(each.caution.text for each in found)
    by_chance = question.by_chance(exosome, TARGET, table)
    return {
        "setting": setting,
        "animals": animals,
        "seed": seed,
        **tier_scores(table, study),
        **class_scores(analysis.classes, study.truth["class"]),
        "set_fdr": np.nan if by_chance["fdr"] is None else by_chance["fdr"],
        "blood": "red blood cells" in cautions,
        "depth": "depth" in cautions,
    }


def tier_scores(table: pd.DataFrame, study: PairedStudy) -> dict[str, Any]:
    """Score the tiers of co-cargo.

    Returns
    -------
    dict
        `detectable`: features that truly rise 2-fold or more and of which 10 reads or more are expected in an exosome
        library of the injured, the target left out. For each tier (with those above it) `{tier}`, how many;
        `{tier}_fdr`, the share of them that do not rise (0 where there are none); `{tier}_recall`, the share of the
        detectable among them.
    """
    rises = study.truth["exosome_log2_fold_change"] > 0
    seen = study.truth["expected_reads"] >= LEAST_READS
    detectable = (study.truth["exosome_log2_fold_change"] >= LEAST_CHANGE) & seen
    detectable[TARGET] = False
    tiers = table.set_index("feature")["tier"]
    scores: dict[str, Any] = {"detectable": int(detectable.sum())}
    for place, tier in enumerate(TIERS, 1):
        own = tiers.index[tiers.isin(TIERS[:place])]
        scores |= {
            tier: len(own),
            f"{tier}_fdr": float((~rises[own]).sum()) / max(1, len(own)),
            f"{tier}_recall": share(detectable[own].sum(), detectable.sum()),
        }
    return scores


def class_scores(release: pd.DataFrame, planted: pd.Series) -> dict[str, int]:
    """Count, for each class, the features called so (`called_`), rightly (`right_`), and planted (`planted_`)."""
    found = release.set_index("feature")["class"].reindex(planted.index)
    return {
        f"{what}_{name}": int(rows.sum())
        for name in CLASSES
        for what, rows in (
            ("called", found == name),
            ("right", (found == name) & (planted == name)),
            ("planted", planted == name),
        )
    }


def summarise_paired(scores: pd.DataFrame) -> pd.DataFrame:
    """Summarise the scores of many studies, as of `score_paired`, by setting and number of animals.

    Returns
    -------
    pandas.DataFrame
        `setting animals studies`; means of each tier's FDR and recall; `classes_right` of the decided ones of all
        classes and `classes_decided`, the right ones of those planted; `right_{class}`; shares of studies with a
        caution of `blood` or `depth`; `set_fdr` and `true_fdr`, means over the studies in which the first is given, and
        `below`, the share of these in which it is the smaller.
    """
    rows = []
    for (setting, animals), part in scores.groupby(["setting", "animals"], sort=False):
        called, right = (part[[f"{what}_{name}" for name in CLASSES]].sum() for what in ("called", "right"))
        planted = part[[f"planted_{name}" for name in CLASSES]].to_numpy().sum()
        given = part[part["set_fdr"].notna()]
        row: dict[str, Any] = {"setting": setting, "animals": animals, "studies": len(part)}
        row |= {f"{tier}_{what}": part[f"{tier}_{what}"].mean() for tier in TIERS for what in ("fdr", "recall")}
        row |= {"classes_right": share(right.sum(), called.sum()), "classes_decided": share(right.sum(), planted)}
        row |= {f"right_{name}": share(right[f"right_{name}"], called[f"called_{name}"]) for name in CLASSES}
        row |= {"blood": part["blood"].mean(), "depth": part["depth"].mean()}
        row |= {"set_fdr": given["set_fdr"].mean(), "true_fdr": given["candidate_fdr"].mean()}
        row["below"] = (given["set_fdr"] < given["candidate_fdr"]).mean() if len(given) else np.nan
        rows.append(row)
    return pd.DataFrame(rows)
