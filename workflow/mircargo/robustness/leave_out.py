"""A design without some of its samples: which ones belong together, and what is left of the model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.model.design import Design, independent_columns
from mircargo.problems import Problem, ProblemsFound, listing

NEARLY = 1e-8


def units(design: Design) -> list[tuple[str, ...]]:
    """Say what is left out in turn: a sample, or the samples that only mean something together.

    Without one sample of a pair, its partner is what its own coefficient says (leverage 1) and tells nothing of the
    contrast: both are left out. This is found from the matrix, so it holds for pairs, for batches of two, and for
    exosomes and source of one subject.

    Returns
    -------
    list of tuple
        Names of samples, in the order of the design; no unit stands twice.
    """
    matrix, names = design.matrix.to_numpy(), [str(name) for name in design.matrix.index]
    found: dict[frozenset[int], None] = {}
    for sample in range(len(names)):
        rest = np.delete(np.arange(len(names)), sample)
        alone = rest[_leverage(matrix[rest]) > 1 - NEARLY]
        useless = [other for other in alone if _estimable(np.delete(matrix, [sample, other], axis=0), design.contrast)]
        found[frozenset([sample, *map(int, useless)])] = None
    return [tuple(names[sample] for sample in sorted(unit)) for unit in found]


def without(design: Design, samples: Sequence[str], groups: pd.Series) -> Design:
    """Leave samples out of a design, and the coefficients that no sample is left for.

    Parameters
    ----------
    design
        The whole design.
    samples
        Which ones to leave out.
    groups
        The group of each sample, as counted in `design.groups`.

    Raises
    ------
    ProblemsFound
        Where a group is left with fewer than two samples, the contrast can no longer be told from the blocking, or
        no residual degree of freedom is left.
    """
    matrix = design.matrix.drop(index=list(samples))
    left = groups[matrix.index].value_counts().reindex(list(design.groups), fill_value=0)
    small = left[left < 2]
    if len(small):
        words = listing(f"{n or 'no'} sample of {group}" for group, n in small.items())
        raise ProblemsFound(
            Problem("a group with fewer than two samples cannot be tested", "", f"{words} would be left")
        )
    values = matrix.to_numpy()
    if not _estimable(values, design.contrast):
        raise ProblemsFound(Problem("the contrast could not be told from the blocking any more"))
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
        raise ProblemsFound(Problem("no variation would be left to test against", "", found))
    if design.reduced is None:
        return smaller
    rows = design.reduced.loc[matrix.index]
    columns = independent_columns(rows.to_numpy())
    if len(columns) == len(kept):
        raise ProblemsFound(Problem("nothing would be left to ask: the reduced model says all that the full one says"))
    return replace(smaller, reduced=rows.iloc[:, columns])


def _leverage(matrix: np.ndarray) -> np.ndarray:
    left, sizes, _ = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray((left[:, sizes > NEARLY * sizes.max()] ** 2).sum(axis=1))


def _estimable(matrix: np.ndarray, contrast: np.ndarray) -> bool:
    """Whether the contrast is a combination of the rows."""
    if not len(matrix):
        return False
    weights = np.linalg.lstsq(matrix.T, contrast, rcond=None)[0]
    return bool(np.abs(matrix.T @ weights - contrast).max() < 1e-6)
