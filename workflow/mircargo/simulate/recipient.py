"""Cells that took exosomes up, with a planted response of the targets of one miRNA family."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

TARGET: Final = "planted"
_TYPES: Final = ("6mer", "7mer-A1", "7mer-m8", "8mer")
# How often each type stands beside one 7mer or 8mer site, and how much each lowers its gene beside the mean of targets.
_FREQUENCY: Final = (1.5, 0.35, 0.4, 0.25)
_STRENGTH: Final = {"7mer-A1": 0.75, "7mer-m8": 1.0, "8mer": 1.4}


@dataclass(frozen=True)
class RecipientSetting:
    """What is planted in the messenger RNA of a recipient.

    Attributes
    ----------
    per_group
        Samples of each of the two groups.
    shift
        Mean log2 fold change of the targets of the planted family, that of its genes apart; negative.
    n_targets
        About how many targets the planted family has.
    correlation
        Share of a gene's variance between samples that it has in common with others (pathways, and one along the
        length of 3'UTRs); 0 where genes vary each for itself.
    length_bias
        Change of a gene in log2 for each unit of the logarithm (e) of its 3'UTR's length.
    composition
        Log2 by which all genes but a few abundant ones seem to rise.
    n_genes, n_families
        Size of the study.
    """

    per_group: int = 3
    shift: float = -0.1
    n_targets: int = 200
    correlation: float = 0.2
    length_bias: float = 0.1
    composition: float = 0.2
    n_genes: int = 8000
    n_families: int = 60


@dataclass(frozen=True, eq=False)
class RecipientStudy:
    """Counts (genes x samples), sheet, sites and genes of a simulated recipient; the shift of its planted targets."""

    counts: pd.DataFrame
    sheet: pd.DataFrame
    sites: pd.DataFrame
    genes: pd.DataFrame
    planted: float


def simulate_recipient(setting: RecipientSetting, seed: int) -> RecipientStudy:
    """Simulate genes, their 3'UTRs with sites, and their counts in two groups, in one of which a miRNA has arrived.

    Sites fall on 3'UTRs by chance, in proportion to their length. A third of the genes change for other reasons.
    """
    rng = np.random.default_rng(seed)
    n = setting.n_genes
    length = rng.normal(6.8, 1.0, n)  # logarithm of nt
    names = np.array([f"gene{number}" for number in range(n)])
    best = _best_sites(setting, np.exp(0.9 * (length - 6.8)), rng)
    targets = best[:, 0] > 1
    effect = np.array([0.0, 0.0, *_STRENGTH.values()])[best[:, 0]]
    effect *= setting.shift / effect[targets].mean()
    change = np.where(rng.random(n) < 0.33, rng.normal(0, 0.3, n), 0.0) + setting.length_bias * (length - 6.8) + effect
    mean = rng.normal(6.0, 2.0, n)  # log2 of the count
    change += np.where(mean > np.quantile(mean, 0.99), -setting.composition, setting.composition)
    samples = [f"{group}{number}" for group in ("control", "given") for number in range(1, setting.per_group + 1)]
    logs = mean[:, None] + _between_samples(setting, length, best, rng)
    logs[:, setting.per_group :] += change[:, None]
    logs += rng.normal(0, 0.3, len(samples))
    dispersion = 0.02 * np.exp(rng.normal(0, 0.5, n))
    expected = 2**logs * rng.gamma(1 / dispersion[:, None], dispersion[:, None], logs.shape)
    counts = pd.DataFrame(rng.poisson(expected), index=pd.Index(names, name="feature"), columns=samples)
    sheet = pd.DataFrame({"given": ["control"] * setting.per_group + ["exosomes"] * setting.per_group}, index=samples)
    rows, families = np.nonzero(best)
    labels = np.array([TARGET, *(f"family{number}" for number in range(1, setting.n_families))])
    types = np.array(("", *_TYPES))[best[rows, families]]
    sites = pd.DataFrame({"family": labels[families], "gene": names[rows], "site_type": types})
    return RecipientStudy(
        counts, sheet, sites, pd.DataFrame({"utr3_length": np.exp(length)}, index=names), setting.shift
    )


def _best_sites(setting: RecipientSetting, rate: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the best site of each gene and family: 0 for none, then by `_TYPES`."""
    sizes = np.array([setting.n_targets, *rng.uniform(100, 500, setting.n_families - 1)])
    expected = np.outer(rate / rate.mean(), sizes / setting.n_genes * 1.15)
    best = np.zeros(expected.shape, dtype=int)
    for rank, often in enumerate(_FREQUENCY, start=1):
        best[rng.random(expected.shape) < -np.expm1(-expected * often)] = rank
    return best


def _between_samples(
    setting: RecipientSetting, length: np.ndarray, best: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return how genes vary together from sample to sample, in log2: genes x samples."""
    n_samples = 2 * setting.per_group
    if setting.correlation == 0:
        return np.zeros((len(length), n_samples))
    size = np.sqrt(setting.correlation) * 0.25
    loadings = [size / 3 * (length - 6.8)]  # degraded samples lose long transcripts
    for _ in range(10):
        loadings.append(np.where(rng.random(len(length)) < 0.1, rng.normal(0, size, len(length)), 0.0))
    # The targets of some miRNAs are of one pathway; those of the planted one among them.
    for family in [0, *rng.choice(np.arange(1, setting.n_families), 9, replace=False)]:
        member = (best[:, family] > 1) & (rng.random(len(length)) < 0.5)
        loadings.append(np.where(member, size / 2, 0.0))
    return np.column_stack(loadings) @ rng.normal(size=(len(loadings), n_samples))
