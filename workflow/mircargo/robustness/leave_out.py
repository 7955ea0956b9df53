"""A design without some of its samples: which ones belong together, and what is left of the model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.model.design.matrix import Design, independent_columns
from mircargo.problems import listing, refusal

ROUNDING = 1e-8  # error of leverages, and of singular values relative to the largest one
SEED = 1
FEWEST_SAMPLES = 3  # of a group: of fewer, none can be left out


def units(design: Design) -> list[tuple[str, ...]]:
    """List what is left out in turn: names of single samples, or of samples that are informative only together.

    Without one sample of a pair, its partner is fitted exactly (leverage 1) and says nothing about the contrast: both
    are left out. This is read from the design matrix, so it holds for pairs, for batches of two, and for exosomes and
    source of one subject. No unit stands twice.
    """
    matrix, names = design.matrix.to_numpy(), [str(name) for name in design.matrix.index]
    # Squares of an orthonormal basis of the columns, summed over a row, are the leverage of a sample.
    left, sizes, _ = np.linalg.svd(matrix, full_matrices=False)
    basis = left[:, sizes > ROUNDING * sizes.max()]
    leverage = (basis**2).sum(axis=1)
    found: dict[frozenset[int], None] = {}
    for sample in range(len(names)):
        alone = map(int, np.flatnonzero(_leverage_without(sample, basis, leverage) > 1 - ROUNDING))
        partners = [other for other in alone if _estimable(np.delete(matrix, [sample, other], axis=0), design.contrast)]
        found[frozenset([sample, *partners])] = None
    return [tuple(names[sample] for sample in sorted(unit)) for unit in found]


def blocks(design: Design, groups: pd.Series, n_blocks: int) -> list[tuple[str, ...]]:
    """Divide the units of a design into (at most) so many blocks, where they are too many to be left out in turn.

    Leaving out one block after the other is the grouped jackknife. Each unit is in one block, drawn at random with a
    fixed seed and stratified: blocks differ as little as possible in their numbers of samples of each group, and of
    each row of the design within it.
    """
    samples = [str(sample) for sample in design.matrix.index]
    rows = design.matrix.groupby(list(design.matrix)).ngroup()
    stratum_of = dict(zip(samples, zip(groups[design.matrix.index].astype(str), rows, strict=True), strict=True))
    every = units(design)
    drawn = np.random.Generator(np.random.PCG64(SEED)).permutation(len(every))
    dealt = sorted(drawn, key=lambda unit: [stratum_of[sample] for sample in every[unit]])
    place = {sample: place for place, sample in enumerate(samples)}
    return [
        tuple(sorted((sample for unit in dealt[block::n_blocks] for sample in every[unit]), key=place.__getitem__))
        for block in range(min(n_blocks, len(every)))
    ]


def without(design: Design, samples: Sequence[str], groups: pd.Series) -> Design:
    """Leave samples out of a design, and the coefficients that no sample is left for.

    Raises
    ------
    ProblemsFound
        Where a group is left with fewer than two samples, the contrast can no longer be separated from the blocking, or
        no residual degree of freedom is left.
    """
    matrix = design.matrix.drop(index=list(samples))
    left = groups[matrix.index].value_counts().reindex(list(design.groups), fill_value=0)
    small = left[left < 2]
    if len(small):
        found = listing(f"{n or 'no'} sample of {group}" for group, n in small.items()) + " would be left"
        raise refusal("group_too_small", "a group with fewer than two samples cannot be tested", "", found)
    values = matrix.to_numpy()
    if not _estimable(values, design.contrast):
        raise refusal("confounded_with_blocking", "the contrast could not be told from the blocking any more")
    kept = independent_columns(values, first=np.flatnonzero(design.contrast).tolist())
    # An estimable contrast is a combination of the rows, so its weights hold for the columns that are kept.
    smaller = replace(
        design,
        matrix=matrix.iloc[:, kept],
        contrast=design.contrast[kept],
        groups={str(key): int(n) for key, n in left.items()},
    )
    if smaller.residual_degrees_of_freedom < 1:
        n, p = smaller.matrix.shape
        found = f"{n} samples and {p} coefficients would be left"
        raise refusal("saturated_model", "no variation would be left to test against", "", found)
    if design.reduced is None:
        return smaller
    rows = design.reduced.loc[matrix.index]
    columns = independent_columns(rows.to_numpy())
    if len(columns) == len(kept):
        what = "nothing would be left to ask: the reduced model says all that the full one says"
        raise refusal("reduced_is_the_full_model", what)
    return replace(smaller, reduced=rows.iloc[:, columns])


def _leverage_without(sample: int, basis: np.ndarray, leverage: np.ndarray) -> np.ndarray:
    """Return the leverage of each sample once one is left out, whose own is then 0.

    With h the hat matrix of all samples it is h_jj + h_ij^2 / (1 - h_ii) (Cook and Weisberg 1982, Residuals and
    Influence in Regression). A sample that has a coefficient to itself takes it along.
    """
    shared = basis @ basis[sample]
    left = 1 - leverage[sample]
    changed = leverage + shared**2 / left if left > ROUNDING else leverage.copy()
    changed[sample] = 0
    return np.asarray(changed)


def _estimable(matrix: np.ndarray, contrast: np.ndarray) -> bool:
    """Whether the contrast is a combination of the rows."""
    if not len(matrix):
        return False
    weights = np.linalg.lstsq(matrix.T, contrast, rcond=None)[0]
    return bool(np.abs(matrix.T @ weights - contrast).max() < 1e-6)
