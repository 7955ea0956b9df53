"""Random-effects estimates against metafor and statsmodels.

METAFOR was made by metafor 3.8-1 under R 4.2.2, on the 13 trials of BCG vaccination against tuberculosis (Colditz et
al. 1994, JAMA 271:698; log risk ratios of `dat.bcg`) and on small made-up sets: `rma(y, v, method, test="adhoc",
control=list(threshold=1e-14, tol=1e-14))` and `predict`. I2 is that of `method="DL"`, which is the one from Q.
"""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from mircargo.meta.pooling import pool

# Vaccinated with and without tuberculosis, then not vaccinated with and without.
TRIALS = np.array(
    [
        [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
        [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
        [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
    ]
)  # fmt: skip
CASES, CONTROLS = TRIALS[:, [0, 2]], TRIALS[:, [1, 3]]
SETS = {
    "bcg": (
        np.log(CASES / (CASES + CONTROLS)) @ [1, -1],
        np.sqrt((1 / CASES - 1 / (CASES + CONTROLS)).sum(axis=1)),
    ),
    "two": (np.array([1.758, 0.42]), np.array([0.31, 0.35])),
    "homogeneous": (np.array([0.5, 0.55, 0.6]), np.array([0.2, 0.3, 0.25])),
    "four": (np.array([1.76, -0.4, 1.9, 0.87]), np.array([0.30, 0.25, 0.13, 0.55])),
}
# tau2, estimate, its standard error, interval, p-value, prediction interval
METAFOR = {
    ("bcg", "dersimonian_laird"): (
        0.308760262862, -0.714117222073, 0.180696628336, -1.107821354168, -0.320413089978, 0.00192076676705,
        -1.987206963431, 0.558972519284,
    ),
    ("bcg", "paule_mandel"): (
        0.318068452205, -0.714968153493, 0.180892191538, -1.109098381202, -0.320837925785, 0.00191927183128,
        -2.005425922928, 0.575489615941,
    ),
    ("bcg", "reml"): (
        0.313243258136, -0.714532342158, 0.180791744093, -1.108443713686, -0.320620970631, 0.00192001509606,
        -1.996016834196, 0.566952149880,
    ),
    ("two", "paule_mandel"): (
        0.785822, 1.098865470852, 0.668927255002, -7.400661184814, 9.598392126518, 0.348118830738,
        -13.011806369481, 15.209537311185,
    ),
    ("two", "reml"): (
        0.785822, 1.098865470852, 0.668927255002, -7.400661184814, 9.598392126518, 0.348118830738,
        -13.011806369481, 15.209537311185,
    ),
    ("homogeneous", "paule_mandel"): (
        0, 0.541364605544, 0.138527128962, -0.054669524028, 1.137398735116, 0.0596761287208,
        -0.054669524028, 1.137398735116,
    ),
    ("homogeneous", "reml"): (
        0, 0.541364605544, 0.138527128962, -0.054669524028, 1.137398735116, 0.0596761287208,
        -0.054669524028, 1.137398735116,
    ),
    ("four", "dersimonian_laird"): (
        1.427950995235, 1.041980944595, 0.620207358387, -0.931795671614, 3.015757560805, 0.191538854108,
        -3.242646355206, 5.326608244397,
    ),
    ("four", "paule_mandel"): (
        1.062234449358, 1.044958231555, 0.541023721024, -0.676820710488, 2.766737173597, 0.148954898454,
        -2.659470942310, 4.749387405420,
    ),
    ("four", "reml"): (
        1.114249696479, 1.044424469148, 0.552993803123, -0.715448616446, 2.804297554742, 0.155357918934,
        -2.747967207866, 4.836816146162,
    ),
}  # fmt: skip
Q_AND_I2 = {
    "bcg": (152.233008082373, 1.99676459085e-26, 92.117346854562),
    "two": (8.189588289113, 0.00421314839738, 87.789373962432),
    "homogeneous": (0.098614072495, 0.951888820455, 0),
    "four": (68.898763242697, 7.34583174926e-15, 95.645785412094),
}
ORDER = ["tau2", "log2FoldChange", "lfcSE", "ci_low", "ci_high", "pvalue", "prediction_low", "prediction_high"]


@pytest.mark.parametrize(("name", "method"), METAFOR)
def test_equal_to_metafor(name, method):
    effects, errors = SETS[name]
    row = pool([effects], [errors], method=method).estimates.iloc[0]
    np.testing.assert_allclose(row[ORDER].to_numpy(float), METAFOR[name, method], rtol=0, atol=1e-9)
    np.testing.assert_allclose(row[["Q", "Q_pvalue", "I2"]].to_numpy(float), Q_AND_I2[name], rtol=1e-9, atol=1e-12)


def test_weights_equal_to_metafor():
    weights = pool([SETS["four"][0]], [SETS["four"][1]]).weights[0]
    np.testing.assert_allclose(100 * weights, [25.403394844968, 26.024513330878, 27.124207450173, 21.447884373980])


def test_many_features_with_gaps_are_as_statsmodels_has_them_one_by_one():
    random = np.random.default_rng(3)
    errors = random.uniform(0.1, 0.8, (300, 6))
    effects = (
        random.normal(0.5, 0.6, (300, 1)) + random.normal(0, 0.5, (300, 6)) + errors * random.normal(size=(300, 6))
    )
    effects[random.random((300, 6)) < 0.4] = np.nan
    pooled = pool(effects, errors)
    for i, row in pooled.estimates.iterrows():
        there = np.isfinite(effects[i])
        assert row["n_contrasts"] == there.sum()
        if there.sum() < 2:
            assert row.drop("n_contrasts").isna().all()
            assert not pooled.weights[i].any()
            continue
        one = combine_effects(effects[i][there], errors[i][there] ** 2, "iterated", use_t=True)
        # statsmodels 0.15 stops at 1e-5; told to go further it can return 0, where the last step ends just below.
        assert row["tau2"] == pytest.approx(one.tau2, rel=1e-4, abs=1e-4)
        assert row["log2FoldChange"] == pytest.approx(one.mean_effect_re, rel=1e-4, abs=1e-4)
        # The longer of the classic interval and Hartung and Knapp's, both with t.
        widest = max(one.conf_int()[1], one.conf_int()[3], key=lambda interval: interval[1] - interval[0])
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(widest), rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(pooled.weights[i][there], one.weights_rel_re, atol=1e-4)
        assert pooled.weights[i].sum() == pytest.approx(1)


def test_reml_is_the_highest_point_of_the_likelihood():
    random = np.random.default_rng(8)
    errors = random.uniform(0.05, 1.5, (200, 4))
    effects = random.normal(0, 1, (200, 4))
    grid = np.linspace(0, 6, 6001)
    for y, se, tau2 in zip(effects, errors, pool(effects, errors, method="reml").estimates["tau2"], strict=True):
        variances = se**2 + np.append(grid, tau2)[:, None]
        mean = (y / variances).sum(axis=1) / (1 / variances).sum(axis=1)
        density = stats.norm.logpdf(y, mean[:, None], np.sqrt(variances)).sum(axis=1)
        likelihood = density - 0.5 * np.log((1 / variances).sum(axis=1))
        assert likelihood[-1] >= likelihood[:-1].max() - 1e-12


def test_an_effect_without_error_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        pool([[1.0, 2.0]], [[0.1, 0.0]])
