"""What the page of a meta-analysis says: the target over the contrasts, how they differ, and what not to trust."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from mircargo.meta.analysis import SEVERAL_OF_ONE_STUDY, caution
from mircargo.model.differential_table import confidence_interval, covers, format_p, to_sort_by
from mircargo.problems import listing, titles_in_line
from mircargo.report.rows import records
from mircargo.results.pooled_reader import MetaResults
from mircargo.vocabulary import CHANGED, TESTED, species_in_words

FEWEST_TO_PREDICT: Final = 3  # with two contrasts the prediction interval has one degree of freedom
MOST_LISTED: Final = 200


def factor(log2_fold_change: float) -> str:
    """Write a fold change as a factor; intervals over two contrasts reach further than a number is worth."""
    value = 2.0 ** max(min(log2_fold_change, 99), -99)
    if not 0.001 <= value <= 1000:
        return "more than 1,000" if value > 1 else "less than 0.001"
    if value >= 10:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 2 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def labels_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what people read of each contrast, by STUDY.CONTRAST."""
    return {
        f"{each['study']}.{each['contrast']}": f"{each['study']}: {each['title'] or each['contrast']}"
        for each in facts["contrasts"]
    }


def in_short(row: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Say what the target does over the contrasts as a factor with its interval.

    With fewer than two contrasts, and of slopes and interactions, which are no ratio of two groups, it is the whole
    sentence.
    """
    differences = all(each["term"] == "difference" for each in facts["contrasts"])
    if row["call"] == "not_tested" or row["log2FoldChange"] is None or not differences:
        return str(row["sentence"])
    n, studies = int(row["n_contrasts"]), int(row["n_studies"])
    over = f"over {n} contrasts of {studies} {'study' if studies == 1 else 'studies'}"
    interval, feature = covers(facts["thresholds"]["alpha"]), row["feature"]
    if row["call"] in CHANGED:
        low, high = sorted((row["ci_low"], row["ci_high"]), key=abs)
        size, ends = factor(abs(row["log2FoldChange"])), f"{factor(abs(low))} to {factor(abs(high))}-fold"
        return f"{feature} is {row['call']} {size}-fold {over} ({interval} interval {ends})."
    if row["call"] == "unchanged":
        margin = f"{2 ** facts['thresholds']['equivalence_log2_fold_change']:.2g}"
        return f"{feature} is unchanged {over}: shown to lie within {margin}-fold."
    span = f"{factor(row['ci_low'])} to {factor(row['ci_high'])} times the reference"
    return f"{feature} is inconclusive {over}: the data allow {span} ({interval} interval)."


def heterogeneity(row: Mapping[str, Any]) -> list[str]:
    """Say how the contrasts differ, and where another one is expected; nothing where nothing was pooled."""
    if row["I2"] is None:
        return []
    test = f"I2 {row['I2']:.0f}%, Q {row['Q']:.1f}, p {format_p(row['Q_pvalue'])}; tau2 {row['tau2']:.2g}"
    share = f"{row['I2']:.0f}% of the variation among the contrasts is more than their own errors explain ({test})"
    alike = f"The contrasts differ no more than their own errors explain ({test})"
    said = [f"{share if row['I2'] >= 0.5 else alike}."]
    if row["n_contrasts"] >= FEWEST_TO_PREDICT:
        ends = f"{factor(row['prediction_low'])} to {factor(row['prediction_high'])} times the reference"
        log2 = f"log2 {row['prediction_low']:+.2f} to {row['prediction_high']:+.2f}"
        said += [f"Another contrast like these is expected at {ends} ({log2})."]
    return said


def not_pooled(results: MetaResults) -> list[str]:
    """List the contrasts whose target takes no part, each with its reason, as those that share samples."""
    own = results.studies[results.studies["feature"] == results.target["feature"]]
    left_out = own[own["status"] != TESTED]
    labels = labels_of(results.facts)
    return [f"{labels[f'{each.study}.{each.contrast}']}: {each.reason}" for each in left_out.itertuples()]


def cautions(results: MetaResults) -> list[str]:
    """List what to be wary of in the answer."""
    row, own = results.target, results.studies[results.studies["feature"] == results.target["feature"]]
    n = int(row["n_contrasts"] or 0)
    found = [caution(n, own, row)] if n >= 2 else []
    found += [SEVERAL_OF_ONE_STUDY] if n >= 2 and n > row["n_studies"] else []
    made_up = sorted({each["study"] for each in results.facts["contrasts"] if each["simulated"]})
    found += [f"Simulated data are among it: {listing(made_up)}."] if made_up else []
    found += [f"In {row['note']}."] if row["note"] else []
    return [text for text in found if text]


def contrasts(results: MetaResults) -> list[dict[str, Any]]:
    """Return the contrasts, as configured, with what each gives of the target.

    Returns
    -------
    list of dict
        Those of the facts, with ``label``, ``samples`` (such as 3 LPS, 3 control), and of the target ``study_feature
        log2FoldChange ci_low ci_high weight status reason`` (None where no study has it).
    """
    keys = ["study_feature", "log2FoldChange", "lfcSE", "weight", "status", "reason"]
    own = results.studies[results.studies["feature"] == results.target["feature"]]
    given = {(each["study"], each["contrast"]): each for each in records(own)}
    alpha = results.facts["thresholds"]["alpha"]
    found = []
    for each in results.facts["contrasts"]:
        row = given.get((each["study"], each["contrast"]), dict.fromkeys(keys))
        ends = (None, None) if row["lfcSE"] is None else confidence_interval(row["log2FoldChange"], row["lfcSE"], alpha)
        samples = ", ".join(f"{n} {group}" for group, n in each["groups"].items())
        label = each["title"] or each["contrast"]
        told = {"label": label, "samples": samples, "ci_low": ends[0], "ci_high": ends[1]}
        found.append(each | {key: row[key] for key in keys} | told | {"species": species_in_words(each["species"])})
    return found


def changed(results: MetaResults) -> pd.DataFrame:
    """Return the features that change over the contrasts, the smallest p-values first."""
    table, alpha = results.features, results.facts["thresholds"]["alpha"]
    own = table[table["padj"].astype(float) < alpha]
    return own.sort_values("pvalue", kind="stable", key=to_sort_by)


def counts(results: MetaResults) -> dict[str, int]:
    """Count the features: ``all``, ``pooled`` from two contrasts or more, and those that go ``up`` and ``down``."""
    table, own = results.features, changed(results)
    pooled = int((table["n_contrasts"] > 1).sum())
    up = int((own["log2FoldChange"] > 0).sum())
    return {"all": len(table), "pooled": pooled, "up": up, "down": len(own) - up}


def interval_plot(row: Mapping[str, Any], margin: float) -> dict[str, Any] | None:
    """Place the target's interval, and the one of prediction, on a plot from its left end (0) to its right (100)."""
    if row["ci_low"] is None:
        return None
    predicted = row["n_contrasts"] >= FEWEST_TO_PREDICT
    keys = ["ci_low", "ci_high", *(["prediction_low", "prediction_high"] if predicted else [])]
    reach = max([*(abs(row[key]) for key in keys), 2 * margin, 1.0]) * 1.08

    def place(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    ends = {"scale_ci_low": place(row[keys[2]]), "scale_ci_high": place(row[keys[3]])} if predicted else {}
    return ends | {
        "low": place(row["ci_low"]), "high": place(row["ci_high"]), "at": place(row["log2FoldChange"]), "over": "",
        "margin_low": place(-margin), "margin_high": place(margin), "reach": f"{reach:.1f}",
    }  # fmt: skip


def signs(results: MetaResults) -> str:
    """Say in how many contrasts the target is higher and lower, whatever their errors."""
    own = results.studies[
        (results.studies["feature"] == results.target["feature"]) & (results.studies["status"] == TESTED)
    ]
    folds = own["log2FoldChange"].to_numpy(float)
    return f"higher in {int((np.sign(folds) > 0).sum())}, lower in {int((np.sign(folds) < 0).sum())}"


METHODS_OF: Final = {
    "paule_mandel": "by Paule and Mandel's method (Paule and Mandel 1982; Veroniki et al. 2016)",
    "reml": "by restricted maximum likelihood (Veroniki et al. 2016)",
    "dersimonian_laird": "by DerSimonian and Laird's method (DerSimonian and Laird 1986)",
}


def methods(results: MetaResults) -> str:
    """Describe the analysis in sentences that can be pasted into a paper."""
    facts, matched = results.facts, results.features["matched_by"].value_counts()
    by = titles_in_line(f"{how} ({n})" for how, n in matched.items())
    alpha, margin = facts["thresholds"]["alpha"], facts["thresholds"]["equivalence_log2_fold_change"]
    studies = len({each["study"] for each in facts["contrasts"]})
    return " ".join([
        f"{len(facts['contrasts'])} contrasts of {studies} {'study' if studies == 1 else 'studies'}, each fitted by"
        f" itself as its own report describes, were pooled by mircargo {facts['versions']['mircargo']}.",
        f"Features of the studies were matched by {by}.",
        "Log2 fold changes and their standard errors were pooled feature by feature under a random-effects model; the"
        f" variance between contrasts was estimated {METHODS_OF[facts['heterogeneity']]}.",
        "Intervals and p-values are Hartung and Knapp's (Hartung and Knapp 2001), from Student's t with one degree of"
        " freedom less than there are contrasts, and never shorter than without their scaling (Knapp and Hartung 2003);"
        " the prediction interval takes the same t. I2 is Higgins and Thompson's (Higgins and Thompson 2002).",
        "Only features that were tested in a contrast take part in it; of contrasts of one study that share samples or"
        " subjects, only the first that tested the feature.",
        "p-values were adjusted by Benjamini and Hochberg's method (Benjamini and Hochberg 1995) over the features"
        f" pooled. The target was called up or down where p was below {alpha:g}, unchanged where two one-sided t tests"
        f" (Schuirmann 1987) showed its log2 fold change to lie within ±{margin:g}, and inconclusive otherwise.",
    ])  # fmt: skip


FORMULAS: Final = (
    "w_k = 1 / (v_k + tau2),   b = sum(w y) / sum(w)",
    "se^2 = max(1, sum(w (y - b)^2) / (k - 1)) / sum(w),   interval = b -+ t(k - 1) se",
    "prediction interval = b -+ t(k - 1) sqrt(tau2 + se^2)",
    "Q = sum((y - b0)^2 / v), b0 the mean at tau2 = 0;   I2 = 100 max(0, 1 - (k - 1) / Q)",
)
"""Of log2 fold changes y_k with variances v_k, as in docs/methods.md."""
