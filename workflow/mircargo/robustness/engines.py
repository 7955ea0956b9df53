"""Second opinions: other ways to test the same counts under the same design."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from mircargo.model.compositional import compositional_test
from mircargo.model.design import Design
from mircargo.model.size_factors import size_factors
from mircargo.model.voom import voom
from mircargo.problems import Problem, ProblemsFound

Engine = Callable[[pd.DataFrame, Design, pd.Series | None, float], pd.DataFrame]


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
    factors = None
    if fraction is not None and fraction.reindex(counts.columns).nunique() > 1:
        per_read = size_factors(counts, fraction, method="tmm").values / counts.sum(axis=0)
        factors = (per_read / np.exp(np.log(per_read).mean()))[design.matrix.index].to_numpy()
    return voom(counts, design, factors=factors, alpha=alpha)


def compositional(counts: pd.DataFrame, design: Design, fraction: pd.Series | None, alpha: float) -> pd.DataFrame:
    """Ask the compositional test, which needs no size factors and so no fraction; the arguments are as above."""
    return compositional_test(counts, design, alpha=alpha)


ENGINES: Final[dict[str, Engine]] = {
    "limma-voom": limma_voom,
    "compositional test (log ratios)": compositional,
}
