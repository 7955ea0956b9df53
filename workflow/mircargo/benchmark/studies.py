"""Simulated studies for scoring: miRNA-like tables in which it is known what changed and which sample is at fault.

They are plainer than the example of `mircargo.simulate.example`, which shows what a study looks like: one fraction, two
groups, no batch, and a setting that says what is wrong with it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.benchmark.two_groups import as_tables, draw_changes, draw_counts, generator, make_dominant
from mircargo.config import Contrast

CONTRAST = Contrast(variable="group", level="treated", reference="control")
Fault = Literal["", "empty", "nearly_empty", "swapped"]


@dataclass(frozen=True)
class Setting:
    """What is planted in a simulated study."""

    sentence: str
    # Share of the features that rise, and that fall.
    up: float = 0.0
    down: float = 0.0
    dominant: bool = False  # whether the most abundant feature holds 0.4 of the control's reads and rises 4-fold
    # Standard deviation of a log2 difference between the groups that every feature has and that is too small to matter,
    # as kits and batches make it; it does not count as a change.
    shift_sd: float = 0.0
    technical: bool = False  # whether the samples are replicates of one library's making, not of animals
    fault: Fault = ""  # what is wrong with a sample: one is `empty` or `nearly_empty` (300 reads), or two are `swapped`


SETTINGS: dict[str, Setting] = {
    "no_change": Setting("nothing changes"),
    "changed_5": Setting("5% of the features change, half of them up", up=0.025, down=0.025),
    "changed_30": Setting("30% of the features change, half of them up", up=0.15, down=0.15),
    "all_up": Setting("30% of the features change, all of them up", up=0.3),
    "dominant_rises": Setting("one miRNA with 40% of the reads rises 4-fold", dominant=True),
    "shifts": Setting(
        "30% change; every feature shifts a little (log2 sd 0.2); technical replicates", 0.15, 0.15,
        shift_sd=0.2, technical=True,
    ),
    "one_empty": Setting("30% change; one sample has no reads", up=0.15, down=0.15, fault="empty"),
    "one_nearly_empty": Setting("30% change; one sample has 300 reads", up=0.15, down=0.15, fault="nearly_empty"),
    "one_swapped": Setting("30% change; a sample of each group has the other's label", 0.15, 0.15, fault="swapped"),
}  # fmt: skip

N_FEATURES = 300
READS = 1_000_000
ABUNDANCE_SD = 2.2  # natural log: the ten most abundant of 300 then hold about two thirds of the reads
DEPTH_SD = 0.35  # natural log
DISPERSION = (0.05, 1.5)  # a0 + a1 / mean of animals: 22% of variation at any depth
TECHNICAL_DISPERSION = (0.005, 0.5)
DISPERSION_SD = 0.5  # natural log, around the trend
CHANGE = (0.585, 0.8)  # log2: the smallest (1.5-fold), and the mean beyond it
DOMINANT_SHARE = 0.4
DOMINANT_RISE = 2.0  # log2
FEW_READS = 300


@dataclass(frozen=True)
class Study:
    """A simulated study."""

    counts: pd.DataFrame  # features x samples, integers
    sheet: pd.DataFrame  # indexed by sample: `group`, as the sheet says it (where samples are swapped, wrongly)
    # log2 fold change of each feature, treated over control, of its abundance before this becomes a share of a library;
    # 0 where it does not change, and where it shifts too little to matter.
    truth: pd.Series
    at_fault: tuple[str, ...]  # samples that a check should name


def simulate_study(name: str, per_group: int, number: int, seed: int, setting: Setting | None = None) -> Study:
    """Make a study.

    Parameters
    ----------
    name
        A key of `SETTINGS`, or a name of one's own where `setting` is given.
    number, seed
        The study's number in its setting, and the seed of all: the same four give the same study.
    """
    setting = setting or SETTINGS[name]
    rng = generator(name, per_group, number, seed)
    abundance = np.exp(rng.normal(0.0, ABUNDANCE_SD, N_FEATURES))
    change = draw_changes(N_FEATURES, (setting.up, setting.down), CHANGE, rng)
    if setting.dominant:
        change[make_dominant(abundance, DOMINANT_SHARE)] = DOMINANT_RISE
    shift = rng.normal(0.0, setting.shift_sd, N_FEATURES)
    level = abundance[:, None] * np.exp2(np.outer(change + shift, np.repeat([0.0, 1.0], per_group)))
    depth = READS * np.exp(rng.normal(0.0, DEPTH_SD, 2 * per_group))
    if setting.fault == "nearly_empty":
        depth[0] = FEW_READS
    mean = depth * level / level.sum(axis=0)
    counts = draw_counts(mean, TECHNICAL_DISPERSION if setting.technical else DISPERSION, DISPERSION_SD, rng)
    if setting.fault == "empty":
        counts[:, 0] = 0
    table, sheet, truth = as_tables(counts, (CONTRAST.reference, CONTRAST.level), change)
    at_fault: tuple[str, ...] = ()
    if setting.fault in ("empty", "nearly_empty"):
        at_fault = (sheet.index[0],)
    elif setting.fault == "swapped":
        at_fault = (sheet.index[0], sheet.index[per_group])
        sheet.loc[list(at_fault), "group"] = [CONTRAST.level, CONTRAST.reference]
    return Study(table, sheet, truth, at_fault)
