"""Tables of simulated counts for the measurements: negative binomial, two groups, a fifth of the features changed."""

import sys
from pathlib import Path

import numpy as np

SEED = 1
CHANGED = 0.2  # share of the features


def simulate(n_features: int, n_samples: int) -> np.ndarray:
    """Return counts, features x samples; the second half of the samples is the group that differs."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    drawn = 2 * n_features  # some have no reads at all, and are left out
    mean = np.exp(rng.normal(3.5, 2.2, drawn))
    dispersion = (0.05 + 2 / mean) * np.exp(rng.normal(0, 0.5, drawn))
    change = np.where(rng.random(drawn) < CHANGED, rng.normal(0, 1.2, drawn), 0)
    depth = np.exp(rng.normal(0, 0.3, n_samples))
    late = np.arange(n_samples) >= n_samples // 2
    found = np.empty((n_features, n_samples), dtype=np.int32)
    row = feature = 0
    while row < n_features:
        expected = mean[feature] * depth * np.exp2(change[feature] * late)
        scale = expected * dispersion[feature]
        found[row] = rng.poisson(rng.gamma(1 / dispersion[feature], scale))
        row += found[row].any()
        feature += 1
    return found


def write(n_features: int, n_samples: int, path: Path) -> None:
    """Write a table as 32-bit integers, sample after sample, which R and NumPy read alike."""
    simulate(n_features, n_samples).T.astype("<i4").tofile(path)


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
