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


def plain(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, thresholds: Thresholds | None = None
) -> pd.DataFrame:
    """Call what the model's test calls.

    Parameters
    ----------
    counts
        Features x samples, integers.
    sheet
        Samples x columns.
    contrast
        The question.
    thresholds
        Those of the workflow where left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by feature, every row of `counts`: `log2FoldChange`, `lfcSE`, `padj`, `called`.

    Raises
    ------
    ProblemsFound
        Where the workflow would refuse.
    """
    base = _question(counts, sheet, contrast, thresholds or Thresholds()).base
    results = base.refit().set_index("feature")
    called = calls(results, base.thresholds.alpha).isin([UP, DOWN])
    return results[["log2FoldChange", "lfcSE", "padj"]].assign(called=called)


def _question(counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, thresholds: Thresholds) -> Question:
    return Question(StudyData(counts, sheet), "benchmark", contrast, thresholds)


def threshold(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, min_log2_fold_change: float
) -> pd.DataFrame:
    """Call what differs by more than a fold change; otherwise as `plain`."""
    return plain(counts, sheet, contrast, Thresholds(min_log2_fold_change=min_log2_fold_change))


def robust(counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast) -> pd.DataFrame:
    """Call what the model's test calls and the stress test does not break; otherwise as `plain`."""
    question = _question(counts, sheet, contrast, Thresholds())
    results = question.base.refit()
    survives = question.stress(results).summary.set_index("feature")["robust"]
    table = results.set_index("feature")[["log2FoldChange", "lfcSE", "padj"]]
    return table.assign(called=survives.eq(True))


def voom_treat(
    counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, min_log2_fold_change: float
) -> pd.DataFrame:
    """Call what limma-voom with TMM shows to differ by more than a fold change.

    The test is that of McCarthy and Smyth 2009 (Bioinformatics 25:765) with its two tails added; otherwise as `plain`.
    """
    base = _question(counts, sheet, contrast, Thresholds()).base
    table = voom(base.kept(), base.design, null=min_log2_fold_change).set_index("feature")
    table = table[["log2FoldChange", "lfcSE", "padj"]].reindex(counts.index)
    return table.assign(called=table["padj"] < base.thresholds.alpha)


CALLERS: dict[str, Caller] = {
    "plain": plain,
    "threshold": partial(threshold, min_log2_fold_change=0.3),
    "robust": robust,
}
# What *robust* is held against where the studies are independent of the engine.
RIVALS: dict[str, Caller] = {"voom_treat": partial(voom_treat, min_log2_fold_change=0.3)}
