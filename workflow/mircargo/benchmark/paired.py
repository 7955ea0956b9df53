"""Paired studies with a planted truth that share no code with `simulate`, and are harder than its example.

Animals give a library of a source and one of its exosomes. Exosomes are shallow, scatter more, are dominated by one
miRNA, and hold each miRNA at a share of its own: many that the source has are not seen in them at all. What a change of
injury can be taken for is planted as well: hidden factors, broken red blood cells, another depth, heavy tails.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.simulate.example import TARGET

MARKERS = {"mmu-miR-451a": 1.5, "mmu-miR-16-5p": 1.0, "mmu-miR-23a-3p": -0.4}  # log2 for each unit of haemolysis
CONDITIONS = ("control", "injured")
FRACTIONS = ("drg", "exosome")
LEAST_SOURCE_PPM = 10.0  # of what is planted, so that a change in the source can be seen
FOLDS = (0.585, 2.0)  # log2: 1.5- to 4-fold
RISING = 0.65  # share of the planted changes
# How many features of each class; of those without a change some are absent from a fraction as well.
PLANTED = {"selective": 14, "parallel": 14, "retained": 12, "discordant": 8, "source_only": 8, "exosome_only": 8}
ABSENT_UNCHANGED = {"exosome": 15, "drg": 10}


@dataclass(frozen=True)
class Setting:
    """What is planted beside the changes of injury."""

    changes: bool = True  # whether anything but the target changes
    factors: int = 0  # hidden factors of animals, independent of injury, each with a load on 40% of the features
    # Mean haemolysis of the exosomes of injured animals over that of the others; a unit raises miR-451a by 1.5 log2.
    blood: float = 0.0
    depth: float = 1.0  # fold of reads in exosome libraries of injured animals
    # Whether what animals differ by has the tails of Student's t with 3 degrees of freedom, and one exosome count in
    # 200 is off 6-fold.
    heavy: bool = False
    # Log2 sd of what the exosome libraries of one group were made to differ by, each miRNA by itself.
    preparation: float = 0.0


SETTINGS = {
    "plain": Setting(),
    "latent": Setting(factors=2),
    "blood": Setting(blood=1.5),
    "shallower": Setting(depth=1 / 3),
    "deeper": Setting(depth=3.0),
    "heavy": Setting(heavy=True),
    "null": Setting(changes=False),
    "preparation": Setting(preparation=0.2),
}


@dataclass(frozen=True)
class PairedStudy:
    """A simulated study."""

    counts: pd.DataFrame  # features x samples of both fractions, integers
    samples: pd.DataFrame  # indexed by `sample`: `fraction`, `condition`, `subject`
    # Indexed by `feature`: `class`; `drg_log2_fold_change`, `exosome_log2_fold_change`, missing where the feature is
    # absent from the fraction; `expected_reads`, the mean in exosome libraries of the group that has more.
    truth: pd.DataFrame


def simulate_paired(mature: pd.DataFrame, setting: Setting, animals: int, seed: int, n: int = 400) -> PairedStudy:
    """Make a study of `n` features; each animal, so many in a group, gives a library of both fractions.

    Mature miRNAs of miRBase, with `name` and `species`, give the names: those of mouse.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    features = _names(mature, n, rng)
    levels = _abundances(features, rng)
    truth = _plant(features, levels, setting.changes, rng)
    injured = np.repeat([0.0, 1.0], animals)
    apart = _animals(n, 2 * animals, setting, rng)
    loads = _blood_loads(features, rng)
    bloody = 0.3 * rng.normal(size=2 * animals) + setting.blood * injured
    conditions = [CONDITIONS[int(group)] for group in injured]
    tables, samples = [], []
    for fraction in FRACTIONS:
        outside = fraction == "exosome"
        log2_level = levels[fraction][:, None] + apart
        log2_level = log2_level + np.outer(truth[f"{fraction}_log2_fold_change"].fillna(0.0), injured)
        if outside:
            log2_level += np.outer(loads, bloody)
            log2_level += np.outer(setting.preparation * rng.normal(size=n), injured) if setting.preparation else 0.0
        reads = (2e5 * np.where(injured == 1, setting.depth, 1.0)) if outside else np.full(2 * animals, 2e6)
        depths = reads * np.exp(rng.normal(0.0, 0.35, 2 * animals))
        counts = _draw(log2_level, depths, outside, rng)
        if outside and setting.heavy:
            off = rng.random(counts.shape) < 1 / 200
            counts = np.where(off, np.rint(counts * rng.choice([1 / 6, 6.0], counts.shape)), counts).astype(np.int64)
        names = [f"{fraction}_{condition}_{i}" for i, condition in enumerate(conditions)]
        tables.append(pd.DataFrame(counts, index=pd.Index(features, name="feature"), columns=names))
        sheet = {"fraction": fraction, "condition": conditions, "subject": [f"m{i:02d}" for i in range(2 * animals)]}
        samples.append(pd.DataFrame(sheet, index=pd.Index(names, name="sample")))
    share = np.exp2(levels["exosome"])
    reads = share / share.sum() * 2e5
    rise = np.exp2(truth["exosome_log2_fold_change"].fillna(0.0).clip(lower=0.0))
    truth["expected_reads"] = reads * rise.to_numpy()
    return PairedStudy(pd.concat(tables, axis=1), pd.concat(samples), truth)


def _names(mature: pd.DataFrame, n: int, rng: np.random.Generator) -> list[str]:
    mouse = mature.loc[mature["species"] == "mmu", "name"].drop_duplicates().tolist()
    wanted = [TARGET, *MARKERS]
    others = [name for name in mouse if name not in wanted]
    return [*wanted, *rng.choice(others, n - len(wanted), replace=False)]


def _abundances(features: list[str], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw log2 ppm in both fractions of a control: enrichment differs from one miRNA to another by log2 sd 1.75."""
    source = np.log2(40.0) + rng.normal(0.0, 3.0, len(features))
    exosome = source + rng.normal(0.0, 1.75, len(features))
    for row, ppm in enumerate((20_000.0, 3_000.0, 5_000.0, 5_000.0)):  # the target and the markers
        source[row] = np.log2(ppm)
        exosome[row] = np.log2(ppm) + rng.normal(0.0, 0.5)
    dominant = int(rng.choice(np.argsort(exosome)[-20:]))
    others = np.exp2(np.delete(exosome, dominant)).sum()
    exosome[dominant] = np.log2(others * 0.4 / 0.6)
    return {"drg": source, "exosome": exosome}


def _plant(features: list[str], levels: dict[str, np.ndarray], changes: bool, rng: np.random.Generator) -> pd.DataFrame:
    """Choose what changes, and take what is absent out of `levels`, in place."""
    table = pd.DataFrame(
        {"class": "unchanged", "drg_log2_fold_change": 0.0, "exosome_log2_fold_change": 0.0},
        index=pd.Index(features, name="feature"),
    )
    named = 1 + len(MARKERS)
    can = np.flatnonzero((levels["drg"] > np.log2(LEAST_SOURCE_PPM)) & (np.arange(len(features)) >= named))
    places = iter(rng.permutation(can))
    rows: dict[int, tuple[str, float, float]] = {0: ("selective", 1.2, 2.0)}
    for name, number in PLANTED.items() if changes else ():
        for _ in range(number):
            rows[int(next(places))] = (name, *_change(name, rng))
    for place, (name, source, exosome) in rows.items():
        table.iloc[place] = [name, source, exosome]
    for fraction, number in ABSENT_UNCHANGED.items():
        for _ in range(number):
            table.iloc[int(next(places)), 1 + FRACTIONS.index(fraction)] = np.nan
    for fraction in FRACTIONS:
        levels[fraction][table[f"{fraction}_log2_fold_change"].isna()] = -np.inf
    return table


def _change(name: str, rng: np.random.Generator) -> tuple[float, float]:
    """Draw the log2 fold changes of source and exosome of a class; those that differ do so by 0.585 at least."""
    sign = 1.0 if rng.random() < RISING else -1.0
    size = float(rng.uniform(*FOLDS))
    less = size * float(rng.uniform(0.1, 0.5)) if size > 2 * FOLDS[0] and rng.random() < 0.5 else 0.0
    pairs = {
        "selective": (less, size),
        "retained": (size, less),
        "parallel": (size, size),
        "discordant": (-float(rng.uniform(*FOLDS)), size),
        "source_only": (size, np.nan),
        "exosome_only": (np.nan, size),
    }
    source, exosome = pairs[name]
    return sign * source, sign * exosome


def _animals(n: int, animals: int, setting: Setting, rng: np.random.Generator) -> np.ndarray:
    """Draw what animals differ by in both fractions, log2: each miRNA's own, and hidden factors that many share."""
    own = rng.standard_t(3, (n, animals)) / np.sqrt(3) if setting.heavy else rng.normal(size=(n, animals))
    apart = 0.25 * own
    for _ in range(setting.factors):
        loads = np.where(rng.random(n) < 0.4, rng.normal(0.0, 0.5, n), 0.0)
        apart += np.outer(loads, rng.normal(size=animals))
    return apart


def _blood_loads(features: list[str], rng: np.random.Generator) -> np.ndarray:
    """Draw what a unit of haemolysis adds: to the markers, and to one in eight other features that red cells hold."""
    loads = np.where(rng.random(len(features)) < 1 / 8, rng.uniform(0.3, 1.2, len(features)), 0.0)
    for name, load in MARKERS.items():
        loads[features.index(name)] = load
    loads[features.index(TARGET)] = 0.0
    return loads


def _draw(log2_level: np.ndarray, depths: np.ndarray, outside: bool, rng: np.random.Generator) -> np.ndarray:
    """Draw negative binomial counts, whose dispersion scatters over features by a log sd of 0.5."""
    shares = np.exp2(log2_level)
    mean = shares / shares.sum(axis=0) * depths
    base = (0.12 if outside else 0.03) * np.exp(rng.normal(0.0, 0.5, len(mean)))
    # Poisson of gamma, of shape 1 / dispersion; 1 read of mean adds half of its variance again.
    scale = base[:, None] * mean + 0.5
    return rng.poisson(rng.gamma(mean / scale, scale)).astype(np.int64)
