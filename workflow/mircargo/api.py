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
from mircargo.model.engines.deseq2 import Fit
from mircargo.problems import Problem

__all__ = ["call_target", "check", "fit", "read_table"]


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
