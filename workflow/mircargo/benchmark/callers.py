"""Callers: ways to call a feature changed, all asked the same question. Another way is a line in `CALLERS`."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from mircargo.analysis import Question, StudyData
from mircargo.config import Contrast, Thresholds
from mircargo.model.differential_table import calls
from mircargo.model.engines.limma_voom import voom
from mircargo.vocabulary import DOWN, UP

Caller = Callable[[pd.DataFrame, pd.DataFrame, Contrast], pd.DataFrame]
DEFAULTS = Thresholds()
GIVEN = ["log2FoldChange", "lfcSE", "padj"]


def plain(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, thresholds: Thresholds = DEFAULTS
) -> pd.DataFrame:
    """Call what the model's test calls.

    Parameters
    ----------
    counts
        Features x samples, integers.
    sheet
        Samples x columns.

    Returns
    -------
    pandas.DataFrame
        Indexed by feature, every row of `counts`: `log2FoldChange`, `lfcSE`, `padj`, `called`.

    Raises
    ------
    ProblemsFound
        Where the workflow would refuse.
    """
    results = _question(counts, sheet, contrast, thresholds).base.refit().set_index("feature")
    return results[GIVEN].assign(called=calls(results, thresholds.alpha).isin([UP, DOWN]))


def _question(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, thresholds: Thresholds = DEFAULTS
) -> Question:
    return Question(StudyData(counts, sheet), "benchmark", contrast, thresholds)


def robust(counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast) -> pd.DataFrame:
    """Call what the model's test calls and the stress test does not break; otherwise as `plain`."""
    question = _question(counts, sheet, contrast)
    results = question.base.refit()
    survives = question.stress(results).summary.set_index("feature")["robust"]
    return results.set_index("feature")[GIVEN].assign(called=survives.eq(True))


def voom_treat(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, min_log2_fold_change: float
) -> pd.DataFrame:
    """Call what limma-voom with TMM shows to differ by more than a fold change.

    The test is that of McCarthy and Smyth 2009 (Bioinformatics 25:765) with its two tails added; otherwise as `plain`.
    """
    base = _question(counts, sheet, contrast).base
    table = voom(base.kept(), base.design, null=min_log2_fold_change).set_index("feature")
    table = table[GIVEN].reindex(counts.index)
    return table.assign(called=table["padj"] < base.thresholds.alpha)


CALLERS: dict[str, Caller] = {
    "plain": plain,
    "threshold": partial(plain, thresholds=Thresholds(min_log2_fold_change=0.3)),
    "robust": robust,
}
# What *robust* is held against where the studies are independent of the engine.
RIVALS: dict[str, Caller] = {"voom_treat": partial(voom_treat, min_log2_fold_change=0.3)}
