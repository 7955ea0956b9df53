"""A compositional second opinion: each feature against the geometric mean of its sample, not against a library size."""

import numpy as np
import pandas as pd

from mircargo.model.design import Design
from mircargo.model.moderation import moderated_test
from mircargo.problems import Problem, ProblemsFound

ADDED_READS = 0.5  # in a library of mean depth
GRID = 256
FEWEST_FEATURES = 10
NO_VARIATION = 1e-12


def compositional_test(counts: pd.DataFrame, design: Design, *, alpha: float = 0.05) -> pd.DataFrame:
    """Test a contrast by linear models of centred log ratios, freed of their common bias.

    LinDA (Zhou et al. 2022, Genome Biol 23:95): least squares of the centred log ratios of scikit-bio, and the mode
    of all fold changes taken as 0, because most features do not change while a few that do move the centre of every
    sample. In the place of LinDA's ordinary t-test stands the moderated one, since studies of three against three
    samples leave ordinary ones no power.

    It was chosen over the whole tests that scikit-bio 0.7.4 offers for designs with blocking. ANCOM-BC (Lin and
    Peddada 2020, Nat Commun 11:3514) refers a sandwich variance to the normal distribution: in simulated studies of
    three against three samples, a fifth to a third of the unchanged features had p < 0.05. ANCOM-BC2 (Lin and
    Peddada 2024, Nat Methods 21:83) held its level there and found none of the changes; its bias correction runs for
    every coefficient and takes a hundred times as long. The Dirichlet-multinomial tests draw at random, and take two
    groups or mixed models.

    Parameters
    ----------
    counts
        Features x samples, integers, already filtered; holds the samples of the design, in any order.
    design
        The model and the contrast, with at least one residual degree of freedom.
    alpha
        The confidence intervals cover 1 - alpha.

    Returns
    -------
    pd.DataFrame
        As `moderated_test`; fold changes are relative to those of the unchanged features.

    Raises
    ------
    ProblemsFound
        Where there are too few features to tell the unchanged ones, or all samples of a group are alike.
    """
    from skbio.stats.composition import clr

    values = counts[design.matrix.index].to_numpy(dtype=float)
    if len(values) < FEWEST_FEATURES:
        what = f"a compositional test needs {FEWEST_FEATURES} features or more, to see what most of them do"
        raise ProblemsFound(Problem(what, "the samples of the contrast", f"{len(values)} features"))
    ratios = clr(without_zeros(values).T).T / np.log(2)
    basis, triangle = np.linalg.qr(design.matrix.to_numpy())
    contrast = np.linalg.solve(triangle.T, design.contrast)
    coefficients = ratios @ basis
    df = design.residual_degrees_of_freedom
    variances = ((ratios - coefficients @ basis.T) ** 2).sum(axis=1) / df
    if np.median(variances) < NO_VARIATION:
        what = "a compositional test needs variation within the groups"
        raise ProblemsFound(Problem(what, "the samples of the contrast", "samples of a group are alike"))
    change = coefficients @ contrast
    change -= common_bias(change)
    return moderated_test(counts.index, change, float(np.linalg.norm(contrast)), variances, df, alpha)


def without_zeros(values: np.ndarray) -> np.ndarray:
    """Add the same share of reads to each library (features x samples).

    The same number would be a larger share of a shallow library, and depth would look like a fold change.
    """
    totals = values.sum(axis=0)
    return values + ADDED_READS * totals / totals.mean()


def common_bias(change: np.ndarray) -> float:
    """Return the mode of fold changes by a Gaussian kernel density with Scott's bandwidth, in their middle 90%."""
    bandwidth = change.std(ddof=1) * len(change) ** -0.2
    if bandwidth < NO_VARIATION:
        return float(change[0])
    low, high = np.quantile(change, [0.05, 0.95])
    grid = np.linspace(low, high, GRID)
    density = np.exp(-(((grid[:, None] - change) / bandwidth) ** 2) / 2).sum(axis=1)
    return float(grid[np.argmax(density)])
