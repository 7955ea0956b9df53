"""Second opinions: other ways to test the same counts under the same design."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.model.design.matrix import Design
from mircargo.model.engines.limma_voom import voom
from mircargo.model.engines.voom_about_mode import SecondOpinion, Terms, voom_about_mode
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors
from mircargo.problems import refusal


def limma_voom(counts: pd.DataFrame, design: Design, terms: Terms) -> pd.DataFrame:
    """Ask limma-voom of filtered counts, with TMM where no normalisation factors are given.

    Raises
    ------
    ProblemsFound
        For a single feature.
    """
    if len(counts) < 2:
        raise refusal("too_few_features", "a trend over features needs at least two", "", "one feature")
    return voom(counts, design, factors=terms.factors, alpha=terms.alpha, null=terms.null)


def about_mode(counts: pd.DataFrame, design: Design, groups: pd.Series, terms: Terms) -> SecondOpinion:
    """Ask limma-voom about the mode; the arguments are as of `voom_about_mode`.

    A slope is of one unit, and what groups share is of what the whole range of units changes: the whole range is
    tested, and given back for a unit.
    """
    width = design.width
    whole = replace(design, contrast=design.contrast * width)
    opinion = voom_about_mode(counts, whole, groups, replace(terms, null=terms.null * width))
    table = opinion.table.copy()
    table[["log2FoldChange", "lfcSE", "ci_low", "ci_high"]] /= width
    return SecondOpinion(table, opinion.typical / width, opinion.shared_error / width)


def library_factors(
    counts: pd.DataFrame, design: Design, fraction: pd.Series | None, given: SizeFactors | None
) -> np.ndarray | None:
    """Return what library sizes are multiplied by: as size factors are given, or by TMM within each fraction.

    None where there is one fraction and nothing is given, as limma-voom's own TMM is the same.
    """
    if given is not None:
        found = given.values
    elif fraction is None or fraction.reindex(counts.columns).nunique() <= 1 or len(counts) < 2:
        return None
    else:
        found = size_factors(counts, fraction, method="tmm").values
    per_read = found[design.matrix.index] / counts[design.matrix.index].sum(axis=0)
    return np.asarray(per_read / np.exp(np.log(per_read).mean()))
