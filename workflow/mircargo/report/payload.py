"""What the page's script works on: contrasts, their samples and groups, roles of features; as plain values."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from scipy.stats import norm

from mircargo.config import Study, Thresholds
from mircargo.figures.catalogue import ENDINGS, by_stem
from mircargo.figures.style import LEVELS
from mircargo.io import read_result
from mircargo.model.differential_table import to_sort_by
from mircargo.report.first_screen import changed
from mircargo.report.rows import question_of
from mircargo.results import contract as files
from mircargo.results.reader import StudyResults

MOST_COUNTS: Final = 1_000_000  # in the page; with more of them it would take minutes to open
ALPHAS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
"""What the page's slider offers beside the configured alpha."""
_ROWS_AT_ONCE: Final = 100
OF_CONTRAST: Final = (files.FIT, files.STRESS, files.QPCR, files.QPCR_REFERENCES)


def page_contrasts(
    results: StudyResults, answers: Sequence[Mapping[str, Any]], candidates: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Gather what the script needs of each contrast beside the tables.

    Parameters
    ----------
    results
        Of the study.
    answers
        The target's rows.
    candidates
        The co-cargo of each exosome contrast.

    Returns
    -------
    list of dict
        ``name title question target candidates release``, ``common_cautions`` (the kinds that all changed
        features have, which mark none of them), and the samples in ``groups``: ``name colour`` and ``members``
        (sample, and subject where samples are paired).
    """
    study, facts = results.study, results.fit_facts
    target = {row["contrast"]: row["feature"] for row in answers}
    release_of = {comparison.exosome: each for each, comparison in study.comparisons.items()}
    return [
        {
            "name": each,
            "title": study.label(each),
            "question": question_of(facts[each], contrast),
            "target": target.get(each),
            "candidates": list(candidates.get(each, ())),
            "release": release_of.get(each),
            "common_cautions": changed(results, each)[1],
            "groups": _groups(results, each),
        }
        for each, contrast in study.contrasts.items()
    ]


def thresholds_for_looking(thresholds: Thresholds) -> dict[str, Any]:
    """Gather what the page calls features by where its reader moves the thresholds.

    Parameters
    ----------
    thresholds
        Those configured.

    Returns
    -------
    dict
        ``alpha`` and ``fold`` (the log2 fold change that is tested against) as configured; ``alphas``, those to choose
        from, and ``errors``: so many standard errors on either side of a fold change are its interval at each of them.
    """
    alphas = sorted({*ALPHAS, thresholds.alpha})
    errors = [float(norm.ppf(1 - alpha / 2)) for alpha in alphas]
    return {"alpha": thresholds.alpha, "fold": thresholds.min_log2_fold_change, "alphas": alphas, "errors": errors}


def packed_tables(study: Study, counts: bool = True) -> list[str]:
    """Return the result tables that the page holds whole, as paths below the study's folder."""
    tables = [file.paths(study)[contrast] for contrast in study.contrasts for file in OF_CONTRAST]
    whole = [files.CONTRAST_SUMMARY, files.TARGET_CALLS, files.EXPECTATION_TABLE, files.LIBRARIES]
    whole += [files.RAW_COUNTS] * counts + [files.CO_CARGO_TABLE] * bool(study.exosome_contrasts())
    whole += [files.NEXT_EXPERIMENT, files.NEXT_EXPERIMENT_OPEN] * (study.next_experiment is not None)
    whole += [files.FAMILIES, files.DOSE, files.AGREEMENT, files.SHOWN_TARGETS] * (study.recipient is not None)
    return [*tables, *(file.path for file in whole), *files.RELEASE_TABLE.paths(study).values()]


def packed_figures(study: Study) -> list[str]:
    """Return the files of figures that the page holds; the .png stay beside it."""
    endings = [ending for ending in ENDINGS if ending != "png"]
    return [files.FIGURE.path.format(figure=stem, ending=ending) for stem in by_stem(study) for ending in endings]


def features_with_counts(
    results: StudyResults, roles: Sequence[str | None], most_counts: int = MOST_COUNTS
) -> list[str] | None:
    """Choose the features whose counts the page holds, where it cannot hold all.

    Parameters
    ----------
    results
        Of the study.
    roles
        The target and its co-cargo: they come first. Then those with the smallest padj in any contrast.
    most_counts
        As many counts fit in.

    Returns
    -------
    list of str or None
        None where all counts fit in.
    """
    n_samples = len(results.libraries)
    if len(results.features) * n_samples <= most_counts:
        return None
    tables = [table[["feature", "padj"]] for table in results.fit.values()]
    smallest = (
        pd.concat(tables).groupby("feature", sort=False)["padj"].min().sort_values(kind="stable", key=to_sort_by).index
    )
    wanted = dict.fromkeys([*(feature for feature in roles if feature is not None), *smallest])
    return list(wanted)[: max(1, most_counts // n_samples)]


def short_counts(results: StudyResults, features: Sequence[str] | None = None) -> str:
    """Return the normalised counts with four digits, which is what a chart can show; of all features if none given."""
    if features is None:
        table = results.normalised.reset_index()
    else:
        path = files.NORMALISED.within(results.folder)
        # A part at a time: of a large study the whole table takes gigabytes.
        parts = pd.read_csv(path, sep="\t", dtype={"feature": str}, keep_default_na=False, chunksize=_ROWS_AT_ONCE)
        table = pd.concat([part[part["feature"].isin(list(features))] for part in parts])
    return table.to_csv(sep="\t", index=False, float_format="%.4g", lineterminator="\n")


def _groups(results: StudyResults, contrast: str) -> list[dict[str, Any]]:
    facts, reference = results.fit_facts[contrast], str(results.study.contrasts[contrast].reference)
    drawn = read_result(files.FIGURE.within(results.folder, figure=f"target_{contrast}", ending="tsv"))
    per_unit = facts.get("asked", {}).get("term") == "slope"
    subjects = dict(zip(drawn["sample"], drawn["subject"], strict=True))
    colours = dict(zip(drawn["group"], drawn["colour"], strict=True))
    group_of = {sample: str(row["group"]) for row in facts["design"]["rows"] for sample in row["samples"]}
    names = sorted(
        dict.fromkeys(group_of[sample] for sample in facts["samples"]),
        key=lambda each: float(each) if per_unit else each != reference,
    )
    return [
        {
            "name": group,
            "colour": colours.get(group, LEVELS[i % len(LEVELS)]),
            "members": [
                [sample, None if pd.isna(subjects.get(sample)) else str(subjects[sample])]
                for sample in facts["samples"]
                if group_of[sample] == group
            ],
        }
        for i, group in enumerate(names)
    ]
