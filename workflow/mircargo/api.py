"""The analysis in a notebook: data frames in, data frames out. `import mircargo as mc` gives these functions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mircargo.analysis import Question, StudyData
from mircargo.cargo.target_call import Target
from mircargo.cargo.target_call import call_target as call_target_of_fit
from mircargo.checks.study import examine_study
from mircargo.config import Contrast, Thresholds, load
from mircargo.inputs.registry import read_table
from mircargo.io import read_json
from mircargo.model.engines.deseq2 import Fit
from mircargo.problems import Problem, refusal
from mircargo.results import contract
from mircargo.results.reader import StudyResults

__all__ = ["call_target", "check", "fit", "read_study", "read_table"]


def read_study(folder: str | Path, sheet: str | Path | None = None) -> StudyResults:
    """Read the results of a study; each table is read when it is first asked for.

    Parameters
    ----------
    folder
        `results/STUDY` of a run that has ended.
    sheet
        The sample sheet; where none is given, that of the configuration, which is looked for from the current folder.

    Returns
    -------
    StudyResults
        Tables by name, as `fit["CONTRAST"]`, `co_cargo` or `normalised`; `study` is its configuration.

    Raises
    ------
    ProblemsFound
        Where the folder holds no results of one study.
    """
    provenance = contract.PROVENANCE.within(folder)
    if not provenance.is_file():
        hint = "give the folder of one study, as results/example, after its run has ended"
        raise refusal("no_results", "this folder holds no results of a study", str(folder), "no provenance.json", hint)
    studies = read_json(provenance)["configuration"]["studies"]
    return StudyResults(next(iter(studies)), folder, sheet=sheet)


def check(config: str | Path, study: str | None = None) -> list[Problem]:
    """List every problem of the studies of a configuration, as `mircargo check` does.

    Parameters
    ----------
    config
        Path of a configuration.
    study
        Only this one.

    Raises
    ------
    ProblemsFound
        Where the configuration itself cannot be used.
    """
    settings = load(str(config))
    names = [study] if study else settings.studies
    return [problem for name in names for problem in examine_study(settings, name)[0]]


def fit(
    counts: pd.DataFrame,
    sheet: pd.DataFrame,
    contrast: Contrast | Mapping[str, Any],
    thresholds: Thresholds | Mapping[str, Any] | None = None,
) -> Fit:
    """Fit a contrast with DESeq2's model; size factors are found within each fraction of the sheet.

    Parameters
    ----------
    counts
        Features x samples, raw integers.
    sheet
        Samples x columns, text; the index holds the names of the samples.
    contrast
        What is compared, by the keys of a configuration: `variable level reference`, perhaps `blocking` and others.
    thresholds
        Where a call begins, by the keys of a configuration; the defaults where left out.

    Returns
    -------
    Fit
        `results`, with the columns of `differential/{contrast}.tsv`, and `facts`, what was done.

    Raises
    ------
    ProblemsFound
        Where the sheet lacks what is compared, or the design cannot be fitted.
    """
    question = Contrast.model_validate(contrast), Thresholds.model_validate(thresholds or {})
    return Question(StudyData(counts, sheet), "contrast", *question).fit()


def call_target(
    fitted: Fit,
    contrast: Contrast | Mapping[str, Any],
    feature: str,
    thresholds: Thresholds | Mapping[str, Any] | None = None,
) -> "pd.Series[Any]":
    """Say what a feature does in a contrast.

    Parameters
    ----------
    fitted
        Of `fit`.
    contrast, thresholds
        As for `fit`.
    feature
        Its name, as in the counts.

    Returns
    -------
    pandas.Series
        The columns of `cargo/target.tsv`, with the call and its sentence.
    """
    question = Contrast.model_validate(contrast), Thresholds.model_validate(thresholds or {})
    return pd.Series(call_target_of_fit("contrast", *question, fitted, Target(feature, feature, "")))
