"""The last digits of a number decide nothing: each kind of processor rounds logarithms and sums in its own way.

The answers to two questions are compared that differ in nothing but the last digits of their size factors, on tables
where much is equal on paper: small counts, equal depths, rows that stand twice, groups that mirror each other.
"""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Contrast, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.differential_table import to_sort_by
from mircargo.model.engines.deseq2 import fit
from mircargo.model.engines.limma_voom import voom
from mircargo.model.engines.voom_about_mode import Terms, voom_about_mode
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.model.normalisation.tmm import tmm_factors

EPSILON = 1e-14  # ten times what such functions differ by
SAME = 1e-6
SEEDS = range(6)


def table(seed: int, kind: str) -> pd.DataFrame:
    """Return 200 features of 6 or 12 samples in which much is equal on paper."""
    random = np.random.default_rng(seed)
    n = 12 if kind == "batches" else 6
    means = np.exp(random.normal(3, 2.5, (200, 1)))
    size = {"overdispersed": 5.0, "poisson": 1e9}.get(kind, 8.0)
    counts = random.negative_binomial(size, size / (size + means), (200, n))
    counts[:20, n // 2 :] *= 4
    counts[100:140] = counts[60:100]
    if kind == "mirrored":
        counts[:, n // 2 :] = counts[:, : n // 2]
        counts[:20, n // 2 :] *= 3
    if kind == "abundant":
        counts[150:] = random.negative_binomial(4, 4 / (4 + 4e5), (50, n))
    return pd.DataFrame(counts, [f"f{i}" for i in range(200)], [f"s{j}" for j in range(n)])


def answers(counts: pd.DataFrame, factors: np.ndarray) -> pd.DataFrame:
    n = counts.shape[1]
    sheet = pd.DataFrame(
        {"group": np.repeat(["first", "second"], n // 2), "batch": np.array(list("ab"))[np.arange(n) % 2]},
        index=counts.columns,
    )
    blocking = ["batch"] if n > 6 else []
    contrast = Contrast(variable="group", level="second", reference="first", blocking=blocking)
    design = contrast_design(sheet, contrast, [], "twice")
    given = SizeFactors(pd.Series(factors, counts.columns), {"all": "column"}, {"all": None})
    return fit(counts, design, Thresholds(), factors=given, details=True).results.set_index("feature")


@pytest.mark.parametrize("kind", ["overdispersed", "poisson", "mirrored", "abundant", "batches"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_fit(kind, seed):
    counts = table(seed, kind)
    random = np.random.default_rng(seed + 100)
    # Factors of one half or two bring whole numbers back to whole numbers, but for their last digits.
    factors = random.choice([0.5, 1.0, 2.0], counts.shape[1]) if kind == "mirrored" else np.ones(counts.shape[1])
    one = answers(counts, factors)
    other = answers(counts, factors * (1 + EPSILON * random.normal(size=len(factors))))
    words = ["status", "call", "control_feature", "elsewhere"]
    assert one[words].equals(other[words])
    for column in one.columns.drop(words):
        # A fold change near 0 has its digits from its error.
        least = one["lfcSE"].max() * 1e-3 if "2Fold" in column or column in ("stat", "ci_low", "ci_high") else 0
        np.testing.assert_allclose(one[column], other[column], rtol=SAME, atol=SAME * least, err_msg=column)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_that_stand_twice_have_one_answer(seed):
    """Rows are worked on side by side, and what stands at the end of a block is rounded in another way."""
    found = answers(table(seed, "overdispersed"), np.ones(6))
    first, second = found.iloc[60:100], found.iloc[100:140]
    assert first["status"].tolist() == second["status"].tolist()
    for column in ("log2FoldChange", "lfcSE", "pvalue", "dispersion"):
        np.testing.assert_allclose(first[column], second[column], rtol=1e-9, atol=1e-12, err_msg=column)
    assert (to_sort_by(first["pvalue"]).to_numpy() == to_sort_by(second["pvalue"]).to_numpy())[
        first["pvalue"].notna()
    ].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_trimming(seed):
    """Whether log2 rounds up or down does not decide which of many equal ratios are trimmed."""
    counts = table(seed, "poisson").to_numpy()[:60]
    expected = tmm_factors(counts)
    exact = np.log2
    with pytest.MonkeyPatch.context() as patch:
        noise = np.random.default_rng(seed)
        patch.setattr(np, "log2", lambda x: exact(x) * (1 + 2e-16 * noise.choice([-1, 1], np.shape(x))))
        assert tmm_factors(counts) == pytest.approx(expected, rel=1e-9)


def test_other_engines():
    counts = table(1, "overdispersed")
    kept = counts[counts.sum(axis=1) >= 10]
    sheet = pd.DataFrame({"group": np.repeat(["first", "second"], 3)}, index=counts.columns)
    design = contrast_design(sheet, Contrast(variable="group", level="second", reference="first"), [], "twice")
    exact = np.log2
    for engine in (lambda: voom(kept, design), lambda: voom_about_mode(kept, design, sheet["group"], Terms(0.2)).table):
        expected = engine()
        with pytest.MonkeyPatch.context() as patch:
            noise = np.random.default_rng(3)
            patch.setattr(
                np, "log2", lambda x, noise=noise: exact(x) * (1 + 2e-16 * noise.choice([-1, 1], np.shape(x)))
            )
            found = engine()
        np.testing.assert_allclose(found["pvalue"], expected["pvalue"], rtol=SAME)
