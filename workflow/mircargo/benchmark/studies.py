"""Simulated studies for scoring: miRNA-like tables in which it is known what changed and which sample is at fault.

They are plainer than the example of `mircargo.simulate.study`, which shows what a study looks like: one fraction, two
groups, no batch, and a setting that says what is wrong with it.
"""

import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.config import Contrast

CONTRAST = Contrast(variable="group", level="treated", reference="control")
Fault = Literal["", "empty", "nearly_empty", "swapped"]


@dataclass(frozen=True)
class Setting:
    """What is planted in a simulated study.

    Attributes
    ----------
    sentence
        What it is, for people.
    up, down
        Share of the features that rise, and that fall.
    dominant
        Whether the most abundant feature holds 0.4 of the control's reads and rises 4-fold.
    shift_sd
        Standard deviation of a log2 difference between the groups that every feature has and that is too small to
        matter, as kits and batches make it; it does not count as a change.
    technical
        Whether the samples are replicates of one library's making, not of animals.
    fault
        What is wrong with a sample: one is `empty` or `nearly_empty` (300 reads), or two are `swapped`.
    """

    sentence: str
    up: float = 0.0
    down: float = 0.0
    dominant: bool = False
    shift_sd: float = 0.0
    technical: bool = False
    fault: Fault = ""


SETTINGS: dict[str, Setting] = {
    "no_change": Setting("nothing changes"),
    "changed_5": Setting("5% of the features change, half of them up", up=0.025, down=0.025),
    "changed_30": Setting("30% of the features change, half of them up", up=0.15, down=0.15),
    "all_up": Setting("30% of the features change, all of them up", up=0.3),
    "dominant_rises": Setting("one miRNA with 40% of the reads rises 4-fold", dominant=True),
    "shifts": Setting(
        "30% change; every feature shifts a little (log2 sd 0.2); technical replicates",
        up=0.15,
        down=0.15,
        shift_sd=0.2,
        technical=True,
    ),
    "one_empty": Setting("30% change; one sample has no reads", up=0.15, down=0.15, fault="empty"),
    "one_nearly_empty": Setting("30% change; one sample has 300 reads", up=0.15, down=0.15, fault="nearly_empty"),
    "one_swapped": Setting("30% change; a sample of each group has the other's label", 0.15, 0.15, fault="swapped"),
}

N_FEATURES = 300
READS = 1_000_000
ABUNDANCE_SD = 2.2  # natural log: the ten most abundant of 300 then hold about two thirds of the reads
DEPTH_SD = 0.35  # natural log
DISPERSION = (0.05, 1.5)  # a0 + a1 / mean of animals: 22% of variation at any depth
TECHNICAL_DISPERSION = (0.005, 0.5)
DISPERSION_SD = 0.5  # natural log, around the trend
SMALLEST_CHANGE = 0.585  # log2: 1.5-fold
MEAN_FURTHER_CHANGE = 0.8  # log2, beyond the smallest
DOMINANT_SHARE = 0.4
DOMINANT_RISE = 2.0  # log2
FEW_READS = 300


@dataclass(frozen=True)
class Study:
    """A simulated study.

    Attributes
    ----------
    counts
        Features x samples, integers.
    sheet
        Indexed by sample: `group`, as the sheet says it (where samples are swapped, wrongly).
    truth
        log2 fold change of each feature, treated over control, of its abundance before this becomes a share of a
        library; 0 where it does not change, and where it shifts too little to matter.
    at_fault
        Samples that a check should name.
    """

    counts: pd.DataFrame
    sheet: pd.DataFrame
    truth: pd.Series
    at_fault: tuple[str, ...]


def simulate_study(name: str, per_group: int, number: int, seed: int, setting: Setting | None = None) -> Study:
    """Make a study.

    Parameters
    ----------
    name
        A key of `SETTINGS`, or a name of one's own where `setting` is given.
    per_group
        Samples in each group.
    number, seed
        The study's number in its setting, and the seed of all: the same four give the same study, whatever else
        is made.
    setting
        What is planted; that of `SETTINGS` where left out.
    """
    setting = setting or SETTINGS[name]
    key = (zlib.crc32(name.encode()), per_group, number)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
    features = pd.Index([f"feature_{i + 1:03d}" for i in range(N_FEATURES)], name="feature")
    samples = [f"{group}_{i + 1}" for group in ("control", "treated") for i in range(per_group)]
    treated = np.repeat([0.0, 1.0], per_group)

    abundance = np.exp(rng.normal(0.0, ABUNDANCE_SD, N_FEATURES))
    change = _changes(setting, rng)
    if setting.dominant:
        top = int(abundance.argmax())
        abundance[top] = DOMINANT_SHARE / (1 - DOMINANT_SHARE) * np.delete(abundance, top).sum()
        change[top] = DOMINANT_RISE
    shift = rng.normal(0.0, setting.shift_sd, N_FEATURES)
    level = abundance[:, None] * np.exp2(np.outer(change + shift, treated))

    depth = READS * np.exp(rng.normal(0.0, DEPTH_SD, len(samples)))
    if setting.fault == "nearly_empty":
        depth[0] = FEW_READS
    mean = depth * level / level.sum(axis=0)
    a0, a1 = TECHNICAL_DISPERSION if setting.technical else DISPERSION
    scatter = np.exp(rng.normal(0.0, DISPERSION_SD, N_FEATURES))
    # Poisson of gamma is a negative binomial with dispersion scatter * (a0 + a1 / mean), at the feature's own mean.
    dispersion = scatter * (a0 + a1 / mean.mean(axis=1))
    counts = rng.poisson(rng.gamma(1 / dispersion[:, None], mean * dispersion[:, None])).astype(np.int64)

    groups = np.where(treated > 0, "treated", "control")
    at_fault: tuple[str, ...] = ()
    if setting.fault == "empty":
        counts[:, 0] = 0
    if setting.fault in ("empty", "nearly_empty"):
        at_fault = (samples[0],)
    elif setting.fault == "swapped":
        groups[[0, per_group]] = groups[[per_group, 0]]
        at_fault = (samples[0], samples[per_group])
    table = pd.DataFrame(counts, index=features, columns=samples)
    sheet = pd.DataFrame({"group": groups}, index=pd.Index(samples, name="sample"))
    return Study(table, sheet, pd.Series(change, index=features, name="log2_fold_change"), at_fault)


def _changes(setting: Setting, rng: np.random.Generator) -> np.ndarray:
    """Draw which features change and by how much: 1.5-fold or more, exponential beyond that, in log2."""
    n_up, n_down = (round(share * N_FEATURES) for share in (setting.up, setting.down))
    change = np.zeros(N_FEATURES)
    chosen = rng.permutation(N_FEATURES)[: n_up + n_down]
    size = SMALLEST_CHANGE + rng.exponential(MEAN_FURTHER_CHANGE, n_up + n_down)
    change[chosen] = size * np.repeat([1.0, -1.0], [n_up, n_down])
    return change
