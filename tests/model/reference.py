"""The studies that R's DESeq2 was run on, put as our designs."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from mircargo.config import Comparison, Contrast
from mircargo.model.design.matrix import Design, contrast_design, release_design
from mircargo.model.normalisation.size_factors import Method, SizeFactors, size_factors
from studies import read_study

# R's name: our study, our contrast, fewest reads
CONTRASTS = {
    "microglia_cells_lps": ("microglia_ev", "cell_lps", 10),
    "microglia_evs_lps": ("microglia_ev", "ev_lps", 10),
    "microglia_cells_lps_min30": ("microglia_ev", "cell_lps", 30),
    "microglia_evs_lps_min30": ("microglia_ev", "ev_lps", 30),
    "microglia_interaction_lps": ("microglia_ev", "release", 10),
    "joint_day7_naive": ("joint_injury", "day7_naive", 10),
    "joint_day7_paired": ("joint_injury", "day7_paired", 10),
    "joint_day1_paired": ("joint_injury", "day1_paired", 10),
}
RELEASES = {
    "microglia_release_lps": ("microglia_ev", "release", 10),
    "microglia_release_lps_min30": ("microglia_ev", "release", 30),
}
ANY = "microglia_cells_any"


@cache
def question(shared: Path, name: str) -> tuple[pd.DataFrame, Design, pd.Series | None]:
    """Return the counts of enough reads, the design, and the fractions that have size factors of their own."""
    study_name, asked, least = {**CONTRASTS, **RELEASES, ANY: ("microglia_ev", ANY, 10)}[name]
    study, counts, sheet = read_study(study_name, shared)
    fraction = None
    if asked == "release":
        comparison = Comparison(exosome="ev_lps", source="cell_lps")
        parts = study.contrasts["ev_lps"], study.contrasts["cell_lps"]
        design = release_design(sheet, comparison, *parts, [], asked)
        fraction = sheet["fraction"] if name in RELEASES else None
    else:
        design = contrast_design(sheet, any_treatment() if asked == ANY else study.contrasts[asked], [], asked)
    table = counts.counts[list(design.matrix.index)]
    return table[table.sum(axis=1) >= least], design, fraction


def any_treatment() -> Contrast:
    """Return the question whether any treatment changes the cells."""
    subset = {"fraction": "cell"}
    return Contrast(
        variable="treatment", level="TGFB", reference="control", subset=subset, design="~ treatment", reduced="~ 1"
    )


def factors_of(shared: Path, name: str, method: Method = "ratio") -> SizeFactors:
    counts, _, fraction = question(shared, name)
    return size_factors(counts, fraction, method=method)


def by_our_names(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out what R's names have beyond the miRNA's."""
    return table.set_axis([name.split("_")[0] for name in table.index])


def table_with_outliers() -> pd.DataFrame:
    """Return 150 features of 8 + 8 samples, by a formula that any language can follow.

    Four rows have a count to replace: two expressed ones, one that then is all zero, and one with few reads.
    """
    i, j = np.indices((150, 16))
    mean = 6 * 1.05**i * (1 + 0.15 * (j % 3)) * np.where((j >= 8) & (i % 5 == 0), 2.5, 1)
    spread = np.sqrt(2 * (1 / mean + 0.04 + 2 / mean))
    noise = np.sin(12.9898 * i + 78.233 * j + 3.1 * i * j)
    counts = np.maximum(np.round(mean * (1 + spread * noise)), 0).astype(int)
    counts[30, 2], counts[50, 12] = 40_000, 90_000
    counts[77] = counts[90] = 0
    counts[77, 5] = 300
    counts[90, 8:] = [0, 3, 0, 7, 0, 0, 5, 800]
    return pd.DataFrame(counts, [f"f{k}" for k in range(150)], [f"s{k}" for k in range(16)])


def two_groups(counts: pd.DataFrame, n_first: int) -> Design:
    """Return the design that compares the samples from the `n_first`-th on with those before."""
    second = (np.arange(counts.shape[1]) >= n_first).astype(float)
    matrix = pd.DataFrame({"Intercept": 1.0, "group": second}, index=counts.columns)
    return Design(matrix, np.array([0.0, 1.0]), "~ group", {})


def log_likelihood(counts: np.ndarray, mu: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return the negative binomial's for each feature by SciPy; tables are features x samples."""
    size = 1 / np.asarray(alpha)[:, None]
    return nbinom.logpmf(counts, size, size / (size + mu)).sum(axis=1)


def log_posterior(
    counts: np.ndarray,
    mu: np.ndarray,
    design: np.ndarray,
    alpha: np.ndarray,
    trend: np.ndarray | None = None,
    variance: float = 1.0,
) -> np.ndarray:
    """Return the Cox-Reid adjusted log-posterior of the dispersions, feature by feature."""
    weights = mu / (1 + np.asarray(alpha)[:, None] * mu)
    adjustment = [np.linalg.slogdet(design.T @ (each[:, None] * design))[1] for each in weights]
    prior = 0.0 if trend is None else np.log(alpha / trend) ** 2 / (2 * variance)
    return log_likelihood(counts, mu, alpha) - np.array(adjustment) / 2 - prior
