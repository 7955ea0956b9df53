"""Simulated studies of two groups that are made unlike those of `studies`: nothing in them was tuned to the engine.

Effects have no smallest size, dispersions scatter widely, and each setting breaks one thing that a test assumes:
independent features, gamma-distributed rates, equal depth, equal spread of the groups, or libraries that differ within
a group by as much as between groups. The rule of *robust* was chosen on these alone.
"""

from dataclasses import dataclass

import numpy as np

from mircargo.benchmark.studies import CONTRAST, Study
from mircargo.benchmark.two_groups import as_tables, draw_changes, generator, make_dominant


@dataclass(frozen=True)
class Conditions:
    """What a setting is like."""

    sentence: str
    # Share of the features that rise, and that fall.
    up: float = 0.1
    down: float = 0.1
    effect: float = 1.0  # mean of the absolute log2 fold change, exponential from 0
    # Median of the reads of a library, and the standard deviation of their natural logarithm.
    reads: float = 800_000
    reads_sd: float = 0.4
    dominant: float = 0.0  # share of a library that its most abundant feature holds; 0 leaves the draw as it is
    dominant_rise: float = 0.0  # its log2 fold change
    dispersion: tuple[float, float] = (0.06, 2.0)  # a0 and a1 of a0 + a1 / mean
    dispersion_sd: float = 0.8  # natural log, of the features' own around it
    # Distribution of the rates: `gamma`, `lognormal`, or `t` (of their logarithm, three degrees of freedom).
    tail: str = "gamma"
    latent_sd: float = 0.0  # log2, of two hidden factors that half of the features hang on
    preparation_sd: float = 0.0  # log2, of an error that all libraries of a group share
    outliers: float = 0.0  # share of the counts that are 4 to 20 times too large
    shallow: float = 1.0  # by how much the first library has fewer reads; 1 is none
    spread: float = 1.0  # dispersion of the treated over that of the controls
    deeper: float = 1.0  # depth of the treated over that of the controls
    batch_sd: float = 0.0  # log2, of differences between two batches, in which the groups are balanced


SETTINGS: dict[str, Conditions] = {
    "tissue": Conditions("a fifth of the features change, in both directions"),
    "exosome": Conditions(
        "exosomes: shallow libraries, one feature with 40% of the reads, dispersions three times as large",
        reads=80_000, reads_sd=0.6, dominant=0.4, dispersion=(0.18, 2.0),
    ),
    "one_way": Conditions("40% of the features change, all of them up", up=0.4, down=0.0),
    "mostly_up": Conditions("30% rise and 5% fall", up=0.3, down=0.05),
    "dominant_up": Conditions("one feature with 40% of the reads rises 4-fold", dominant=0.4, dominant_rise=2.0),
    "latent": Conditions("two hidden factors move half of the features", latent_sd=0.4),
    "lognormal": Conditions("rates are log-normal", tail="lognormal"),
    "heavy_tails": Conditions("the logarithm of rates has Student's distribution with 3 degrees", tail="t"),
    "outliers": Conditions("1% of the counts are 4 to 20 times too large", outliers=0.01),
    "preparation": Conditions("libraries of a group share an error of log2 0.2", preparation_sd=0.2),
    "one_shallow": Conditions("one library has a thirtieth of the reads", shallow=30),
    "spread": Conditions("the treated scatter four times as much", spread=4.0),
    "deeper": Conditions("the treated have four times the depth", deeper=4.0),
    "batches": Conditions("two batches with the groups balanced in them", batch_sd=0.5),
    "null_tissue": Conditions("nothing changes", up=0.0, down=0.0),
    "null_exosome": Conditions(
        "nothing changes; exosomes", up=0.0, down=0.0,
        reads=80_000, reads_sd=0.6, dominant=0.4, dispersion=(0.18, 2.0),
    ),
    "null_latent": Conditions("nothing changes; two hidden factors", up=0.0, down=0.0, latent_sd=0.4),
    "null_heavy": Conditions("nothing changes; heavy tails", up=0.0, down=0.0, tail="t"),
    "null_shallow": Conditions("nothing changes; one library is shallow", up=0.0, down=0.0, shallow=30),
}  # fmt: skip

N_FEATURES = 500
ABUNDANCE_SD = 2.4  # natural log
OUTLYING = (4.0, 20.0)
T_DF = 3


def independent_study(name: str, per_group: int, number: int, seed: int, conditions: Conditions | None = None) -> Study:
    """Make a study; its sheet has `group` and, where there are batches, `batch`. Arguments as of `simulate_study`."""
    how = conditions or SETTINGS[name]
    rng = generator(name, per_group, number, seed)
    treated = np.repeat([False, True], per_group)
    abundance = np.exp(rng.normal(0, ABUNDANCE_SD, N_FEATURES))
    change = draw_changes(N_FEATURES, (how.up, how.down), (0.0, how.effect), rng)
    if how.dominant:
        change[make_dominant(abundance, how.dominant)] = how.dominant_rise
    log2_level = np.log2(abundance)[:, None] + change[:, None] * treated
    log2_level += _shared_errors(how, treated, rng)
    batch = np.tile([0, 1], per_group)
    log2_level += rng.normal(0, how.batch_sd, N_FEATURES)[:, None] * batch
    share = np.exp2(log2_level)
    share /= share.sum(axis=0)
    depth = how.reads * np.exp(rng.normal(0, how.reads_sd, len(treated))) * np.where(treated, how.deeper, 1.0)
    depth[0] /= how.shallow
    counts = _counts(how, share * depth, treated, rng)
    table, sheet, truth = as_tables(counts, (CONTRAST.reference, CONTRAST.level), change)
    if how.batch_sd:
        sheet["batch"] = np.where(batch, "second", "first")
    return Study(table, sheet, truth, ())


def _shared_errors(how: Conditions, treated: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw what several features of a library, or all libraries of a group, have in common, in log2."""
    hangs_on = rng.random((N_FEATURES, 2)) < 0.5
    loadings = rng.normal(0, 1, (N_FEATURES, 2)) * hangs_on
    factors = rng.normal(0, 1, (2, len(treated)))
    preparation = rng.normal(0, how.preparation_sd, (N_FEATURES, 2))
    return how.latent_sd * loadings @ factors + preparation[:, treated.astype(int)]


def _counts(how: Conditions, mean: np.ndarray, treated: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    a0, a1 = how.dispersion
    own = np.exp(rng.normal(0, how.dispersion_sd, len(mean)))
    # The relative variance of the rate, which is the dispersion of the negative binomial where rates are gamma.
    variance = (own * (a0 + a1 / mean.mean(axis=1)))[:, None] * np.where(treated, how.spread, 1.0)
    if how.tail == "gamma":
        rate = mean * rng.gamma(1 / variance) * variance
    else:
        sd = np.sqrt(np.log1p(variance))
        draw = rng.normal(size=mean.shape)
        if how.tail == "t":
            draw = np.clip(rng.standard_t(T_DF, size=mean.shape) / np.sqrt(T_DF), -8, 8)
        rate = mean * np.exp(sd * draw)
    outlying = rng.random(mean.shape) < how.outliers
    rate = np.where(outlying, rate * rng.uniform(*OUTLYING, size=mean.shape), rate)
    return np.asarray(rng.poisson(rate), dtype=np.int64)
