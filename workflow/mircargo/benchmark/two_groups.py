"""What the simulators of two groups draw and write alike."""

import zlib

import numpy as np
import pandas as pd


def generator(name: str, per_group: int, number: int, seed: int) -> np.random.Generator:
    """Return the random numbers of one study: the same four give the same, whatever else is simulated."""
    key = (zlib.crc32(name.encode()), per_group, number)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def draw_changes(
    n: int, shares: tuple[float, float], sizes: tuple[float, float], rng: np.random.Generator
) -> np.ndarray:
    """Draw the log2 fold changes of `n` features, of which these shares rise and fall.

    `sizes` are the smallest absolute change, and the mean of the exponential beyond it.
    """
    n_up, n_down = (round(share * n) for share in shares)
    change = np.zeros(n)
    chosen = rng.permutation(n)[: n_up + n_down]
    change[chosen] = (sizes[0] + rng.exponential(sizes[1], len(chosen))) * np.repeat([1.0, -1.0], [n_up, n_down])
    return change


def make_dominant(abundance: np.ndarray, share: float) -> int:
    """Give the most abundant feature a share of the total, in place; return its row."""
    top = int(abundance.argmax())
    abundance[top] = share / (1 - share) * np.delete(abundance, top).sum()
    return top


def negative_binomial(mean: np.ndarray, dispersion: np.ndarray | float, rng: np.random.Generator) -> np.ndarray:
    """Draw counts of these means as Poisson of gamma."""
    return rng.poisson(rng.gamma(1 / dispersion, mean * dispersion)).astype(np.int64)


def draw_counts(mean: np.ndarray, trend: tuple[float, float], log_sd: float, rng: np.random.Generator) -> np.ndarray:
    """Draw counts whose dispersions scatter around a0 + a1 / mean, by `log_sd` of their natural logarithm."""
    scatter = np.exp(rng.normal(0.0, log_sd, len(mean)))
    dispersion = scatter * (trend[0] + trend[1] / mean.mean(axis=1))
    return negative_binomial(mean, dispersion[:, None], rng)


def as_tables(
    counts: np.ndarray, groups: tuple[str, str], truth: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame, "pd.Series[float]"]:
    """Name features and samples; half of the samples are of each group. Return counts, sheet and truth."""
    per_group = counts.shape[1] // 2
    group_of = np.repeat(groups, per_group)
    samples = pd.Index([f"{group}_{i % per_group + 1}" for i, group in enumerate(group_of)])
    features = pd.Index([f"feature_{i + 1:03d}" for i in range(len(counts))], name="feature")
    return (
        pd.DataFrame(counts, index=features, columns=samples),
        pd.DataFrame({"group": group_of.astype(object)}, index=samples.rename("sample")),
        pd.Series(truth, index=features, name="log2_fold_change"),
    )
