"""Second opinions: other ways to test the same counts under the same design."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.model.design import Design
from mircargo.model.size_factors import size_factors
from mircargo.model.voom import voom
from mircargo.model.voom_about_mode import SecondOpinion, voom_about_mode
from mircargo.problems import Problem, ProblemsFound

VOOM: Final = "limma-voom"
ABOUT_MODE: Final = "limma-voom about the mode"


def limma_voom(counts: pd.DataFrame, design: Design, fraction: pd.Series | None, alpha: float) -> pd.DataFrame:
    """Ask limma-voom with TMM, within each fraction where there are several.

    Parameters
    ----------
    counts
        Features x samples of the design, integers, already filtered.
    design
        The model and the contrast.
    fraction
        The fraction of each sample, where there are several.
    alpha
        Intervals cover 1 - alpha.

    Raises
    ------
    ProblemsFound
        For a single feature.
    """
    if len(counts) < 2:
        raise ProblemsFound(Problem("a trend over features needs at least two", "", "one feature"))
    return voom(counts, design, factors=_tmm_within(counts, design, fraction), alpha=alpha)


def about_mode(
    counts: pd.DataFrame,
    design: Design,
    fraction: pd.Series | None,
    groups: pd.Series,
    stated_error: float,
    alpha: float,
) -> SecondOpinion:
    """Ask limma-voom about the mode.

    Parameters
    ----------
    counts, design, fraction, alpha
        As of `limma_voom`.
    groups, stated_error
        As of `voom_about_mode`.
    """
    factors = _tmm_within(counts, design, fraction) if len(counts) > 1 else None
    # A slope is of one unit, and errors that groups share are of what the whole range of units changes.
    width = design.width
    whole = replace(design, contrast=design.contrast * width)
    asked = voom_about_mode(counts, whole, groups, stated_error, factors=factors, alpha=alpha)
    in_log2 = ["log2FoldChange", "lfcSE", "ci_low", "ci_high"]
    table = asked.table.assign(**{column: asked.table[column] / width for column in in_log2})
    return SecondOpinion(table, asked.typical / width, asked.shared_error / width)


def _tmm_within(counts: pd.DataFrame, design: Design, fraction: pd.Series | None) -> np.ndarray | None:
    """Return normalisation factors found within each fraction; None where there is only one."""
    if fraction is None or fraction.reindex(counts.columns).nunique() <= 1:
        return None
    per_read = size_factors(counts, fraction, method="tmm").values / counts.sum(axis=0)
    return (per_read / np.exp(np.log(per_read).mean()))[design.matrix.index].to_numpy()
