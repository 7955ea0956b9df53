"""Size factors about the mode of fold changes: what most features do, as sure as each is, is taken as no change."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.config import Thresholds
from mircargo.model.design.matrix import Design
from mircargo.model.engines.typical import typical_change
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.size_factors import SizeFactors

MODE = "mode"


def contrast_size_factors(
    counts: pd.DataFrame, how: Normalisation, design: Design, thresholds: Thresholds
) -> SizeFactors:
    """Find the size factors of a contrast as configured: `chosen_size_factors`, and those about the mode beside.

    `counts` are features x samples, of the design's samples.
    """
    base = chosen_size_factors(counts, how, thresholds.min_total_count)
    return mode_size_factors(counts, design, base, thresholds) if how.choice.method == MODE else base


def mode_size_factors(counts: pd.DataFrame, design: Design, base: SizeFactors, thresholds: Thresholds) -> SizeFactors:
    """Move size factors so that the mode of a contrast's fold changes, found with them, is 0; raises as `fit`.

    They belong to the contrast: another one of the same samples has a mode of its own. `counts` are features x samples.
    """
    # PyDESeq2 takes a second to import, and `mircargo check` gets here only by `method: mode`.
    from mircargo.model.engines.deseq2 import fit

    plain = thresholds.model_copy(update={"min_log2_fold_change": 0.0})
    table = fit(counts, replace(design, reduced=None), plain, factors=base).results
    mode = typical_change(table["log2FoldChange"].to_numpy(dtype=float), table["lfcSE"].to_numpy(dtype=float))
    return moved_along(base, design, mode)


def moved_along(factors: SizeFactors, design: Design, log2_shift: float) -> SizeFactors:
    """Move size factors so that the log2 fold changes of a contrast, and of no other coefficient, fall by a shift.

    Size factors times `2^(X v)` take v from the coefficients of every feature and change nothing else of the fit. Here
    v is the contrast's own direction, so that the contrast of v is the shift; the geometric mean stays as it is.
    """
    along = design.contrast * log2_shift / float(design.contrast @ design.contrast)
    moved = design.matrix.to_numpy(dtype=float) @ along
    values = factors.values[design.matrix.index] * np.exp2(moved - moved.mean())
    methods = dict.fromkeys(factors.methods, MODE)
    return SizeFactors(pd.Series(values, index=design.matrix.index), methods, factors.n_features)
