"""How many features would be called with the target if the labels of the groups meant nothing."""

from dataclasses import replace
from functools import partial
from itertools import combinations, product
from math import comb, prod
from typing import Any

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.model.design.matrix import Design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.parallel import in_order
from mircargo.robustness.base_fit import BaseFit

FEWEST_WAYS, MOST_DRAWN = 20, 50
MOST_COUNTED = 10**15  # what every reader of JSON takes as a whole number
SEED = 1
LARGE = 1000  # samples; with more, 20 ways are drawn and not 50, as each takes long


def set_fdr(
    base: BaseFit, contrast: Contrast, factors: SizeFactors, others: pd.DataFrame, n_candidates: int, threads: int = 1
) -> dict[str, Any]:
    """Estimate the share of false ones among the candidates, by permutation of labels.

    The labels are exchanged within the blocks of the design, in every other way that there is or in 50 of them drawn at
    random (20 with more than 1,000 samples); each time the contrast is fitted again, and the features are counted whose
    p-value and mean are where the real fit made its calls. Adjusted anew in each permutation, p-values would have
    another cut-off each time, far below the real one, and next to nothing would be found by chance. Features that truly
    change are called in many permutations, whose groups each hold some of both kinds of samples; so only those are
    counted that have a p-value of alpha or more in the real fit, and the count is divided by the share 1 - alpha that
    the unchanged ones have there. Half of it is in the target's direction; its mean over the number of candidates is
    the estimate.

    Parameters
    ----------
    others
        `differential/{contrast}.tsv` of the real fit, without the target.
    threads
        How many processes share the work. The result does not depend on it.

    Returns
    -------
    dict
        `n_ways` other assignments there are (10^15 stands for more), `n_permutations` fitted, `mean_called`, `fdr`, and
        `why_not` where there are fewer than 20 ways, or no candidates: then nothing is fitted.
    """
    design, alpha = base.design, base.thresholds.alpha
    chosen = base.sheet.loc[design.matrix.index]
    level = chosen[contrast.variable].eq(contrast.level).to_numpy()
    blocks = chosen.groupby(contrast.blocking, sort=False).ngroup().to_numpy() if contrast.blocking else level * 0
    why_not = _why_not(contrast, design, n_candidates)
    ways = 0 if why_not else _n_ways(level, blocks)
    if not why_not and ways < FEWEST_WAYS:
        why_not = f"there are only {ways} other ways to give out the labels, and it takes {FEWEST_WAYS}"
    found: dict[str, Any] = {"n_ways": min(ways, MOST_COUNTED), "n_permutations": 0, "mean_called": None, "fdr": None}
    found["why_not"] = why_not
    if why_not:
        return found
    tested = others["padj"].notna()
    features = others.loc[tested & (others["pvalue"] >= alpha), "feature"]
    real = others["padj"] < alpha
    p_cutoff, least_mean = others.loc[real, "pvalue"].max(), others.loc[tested, "baseMean"].min()
    # Blocks and a variable of two levels: the contrast is the column of its level, and the labels are that column.
    asked = design.matrix.columns[design.contrast == 1]

    def call(labels: np.ndarray) -> float:
        given = pd.Series(labels.astype(float), index=chosen.index)
        permuted = replace(design, matrix=design.matrix.assign(**{str(name): given for name in asked}))
        table = fit(base.counts, permuted, base.thresholds, factors=factors).results.set_index("feature").loc[features]
        by_chance = (table["pvalue"] <= p_cutoff) & (table["baseMean"] >= least_mean)
        return int(by_chance.sum()) / 2 / (1 - alpha)

    drawn = _assignments(level, blocks, ways, SEED, MOST_DRAWN if len(level) <= LARGE else FEWEST_WAYS)
    called = in_order([partial(call, labels) for labels in drawn], threads)
    mean = float(np.mean(called))
    return found | {"n_permutations": len(called), "mean_called": mean, "fdr": min(1.0, mean / n_candidates)}


def _why_not(contrast: Contrast, design: Design, n_candidates: int) -> str | None:
    if not n_candidates:
        return "there are no candidates"
    numbers = () if design.data is None else design.data.select_dtypes("number").columns
    if contrast.design is not None or any(column in numbers for column in contrast.blocking):
        return "the labels cannot be exchanged under this design"
    return None


def _n_ways(level: np.ndarray, blocks: np.ndarray) -> int:
    """Count the other ways to give out as many labels in each block; with groups swapped, a way is the same."""
    sizes = [(int((blocks == block).sum()), int(level[blocks == block].sum())) for block in np.unique(blocks)]
    every = prod(comb(n, k) for n, k in sizes)
    return every // 2 - 1 if all(n == 2 * k for n, k in sizes) else every - 1


def _assignments(
    level: np.ndarray, blocks: np.ndarray, ways: int, seed: int, most: int = MOST_DRAWN
) -> list[np.ndarray]:
    """Return all other assignments, or `most` different ones drawn at random."""
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    taken = {level.tobytes(), (~level).tobytes()}
    found: list[np.ndarray] = []

    def keep(labels: np.ndarray) -> None:
        if labels.tobytes() not in taken:
            # A way with the groups swapped fits the same model.
            taken.update({labels.tobytes(), (~labels).tobytes()})
            found.append(labels)

    if ways <= most:
        for chosen in product(*(combinations(each, int(level[each].sum())) for each in members)):
            labels = np.zeros_like(level)
            labels[[sample for each in chosen for sample in each]] = True
            keep(labels)
        return found
    random = np.random.Generator(np.random.PCG64(seed))
    while len(found) < most:
        labels = level.copy()
        for each in members:
            labels[each] = random.permutation(labels[each])
        keep(labels)
    return found
