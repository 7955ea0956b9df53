"""Simulated titrations: mixtures of two tissues, whose absolute fold changes are known and mostly go one way.

Two groups hold the same RNA mass, 80 parts of tissue A and 20 of B against 20 and 80. Most miRNAs differ between the
tissues, and the rarer ones of B are rarer still, so that the typical miRNA falls while the total may stay the same.
What takes the typical one as unchanged is then off by a number that spike-ins would show and the counts do not.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.config import Contrast

CONTRAST = Contrast(variable="group", level="mostly_b", reference="mostly_a")
TARGET = "feature_001"  # as much of it in A as in B


@dataclass(frozen=True)
class Titration:
    """What a simulated titration is made from.

    Attributes
    ----------
    sentence
        What it is, for people.
    parts
        Share of tissue B in the reference and in the level, by RNA mass.
    abundance_sd
        Spread of the miRNAs of A and of B (natural log); the wider, the rarer is the typical one.
    correlation
        Of both tissues' log abundances.
    log2_total
        How many times, in log2, B has the miRNA of A in the same mass of RNA.
    log2_total_sd
        By how much that varies between studies.
    changed
        Share of the miRNAs that differ between the tissues.
    preparation_sd
        Standard deviation of a log2 error of each miRNA that all libraries of the level share.
    rna_sd
        Of the log2 amount of miRNA between animals of a group.
    reads
        Of a library; libraries vary by a natural log sd of 0.35.
    dispersion
        (a0, a1) of a0 + a1 / mean, with a natural log sd of 0.5 between miRNAs.
    dominant
        Share of A's reads that the most abundant miRNA holds, where it is to be dominated; B has twice its amount.
    """

    sentence: str
    parts: tuple[float, float] = (0.2, 0.8)
    abundance_sd: tuple[float, float] = (2.0, 2.6)
    correlation: float = 0.6
    log2_total: float = 0.0
    log2_total_sd: float = 0.0
    changed: float = 1.0
    preparation_sd: float = 0.1
    rna_sd: float = 0.15
    reads: int = 1_000_000
    dispersion: tuple[float, float] = (0.05, 1.5)
    dominant: float = 0.0


TITRATIONS: dict[str, Titration] = {
    "equal_total": Titration("two tissues with as much miRNA in the same mass, 80:20 against 20:80"),
    "total_differs": Titration("the same, of tissues whose miRNA differs in amount (log2 sd 0.5)", log2_total_sd=0.5),
    "alike": Titration("two tissues whose profiles differ neither way", abundance_sd=(2.2, 2.2)),
    "nothing": Titration("one tissue against itself", changed=0.0, preparation_sd=0.0),
    "exosomes": Titration(
        "exosomes of one kind, twice as many of them; shallow libraries of which one miRNA holds 0.4",
        changed=0.3, log2_total=1.0, parts=(0.0, 1.0), preparation_sd=0.0, rna_sd=0.3, reads=150_000,
        dispersion=(0.06, 1.5), dominant=0.4,
    ),
}  # fmt: skip
N_FEATURES = 300
DEPTH_SD, DISPERSION_SD = 0.35, 0.5  # natural log
SPIKE_IN_SHARES = (0.001, 0.002, 0.004, 0.008, 0.016)  # of the miRNA of A
SPIKE_IN_DISPERSION = 0.02


@dataclass(frozen=True)
class TitrationStudy:
    """A simulated titration.

    Attributes
    ----------
    counts, spike_ins
        Features x samples, and spike-ins x samples, of which each sample was given as much.
    sheet
        Indexed by sample: `group`.
    truth
        log2 fold change of each feature's amount in the same mass of RNA, level over reference.
    log2_total
        log2 fold change of all miRNA together.
    """

    counts: pd.DataFrame
    spike_ins: pd.DataFrame
    sheet: pd.DataFrame
    truth: "pd.Series[float]"
    log2_total: float


def simulate_titration(
    name: str, per_group: int, number: int, seed: int, setting: Titration | None = None
) -> TitrationStudy:
    """Make a titration.

    Parameters
    ----------
    name
        A key of `TITRATIONS`, or a name of one's own where `setting` is given.
    per_group
        Animals in each group.
    number, seed
        The study's number in its setting, and the seed of all: the same four give the same study.
    setting
        What it is made from; that of `TITRATIONS` where left out.
    """
    setting = setting or TITRATIONS[name]
    key = (zlib.crc32(name.encode()), per_group, number)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
    a, b = _tissues(setting, rng)
    amounts = [(1 - part) * a + part * b for part in setting.parts]
    truth = np.log2(amounts[1] / amounts[0])
    in_level = np.repeat([0.0, 1.0], per_group)
    error = np.outer(rng.normal(0.0, setting.preparation_sd, N_FEATURES), in_level)
    rna = rng.normal(0.0, setting.rna_sd, 2 * per_group)
    level = np.where(in_level > 0, amounts[1][:, None], amounts[0][:, None]) * np.exp2(error + rna)

    depth = setting.reads * np.exp(rng.normal(0.0, DEPTH_SD, 2 * per_group)) / level.sum(axis=0)
    mean, (a0, a1) = level * depth, setting.dispersion
    scatter = np.exp(rng.normal(0.0, DISPERSION_SD, N_FEATURES))
    dispersion = scatter * (a0 + a1 / mean.mean(axis=1))
    counts = rng.poisson(rng.gamma(1 / dispersion[:, None], mean * dispersion[:, None])).astype(np.int64)
    added = np.outer(SPIKE_IN_SHARES, depth)
    spikes = rng.poisson(rng.gamma(1 / SPIKE_IN_DISPERSION, added * SPIKE_IN_DISPERSION)).astype(np.int64)

    groups = [CONTRAST.reference] * per_group + [CONTRAST.level] * per_group
    samples = pd.Index([f"{group}_{i % per_group + 1}" for i, group in enumerate(groups)], name="sample")
    features = pd.Index([f"feature_{i + 1:03d}" for i in range(N_FEATURES)], name="feature")
    return TitrationStudy(
        pd.DataFrame(counts, index=features, columns=samples),
        pd.DataFrame(spikes, index=[f"spike_in_{i + 1}" for i in range(len(spikes))], columns=samples),
        pd.DataFrame({"group": groups}, index=samples),
        pd.Series(truth, index=features, name="log2_fold_change"),
        float(np.log2(amounts[1].sum() / amounts[0].sum())),
    )


def _tissues(setting: Titration, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the amounts of both tissues in a mass of RNA; those of A sum to 1, the target is the same in both."""
    own, other = rng.normal(size=(2, N_FEATURES))
    other = setting.correlation * own + np.sqrt(1 - setting.correlation**2) * other
    a, b = (np.exp(sd * values) for sd, values in zip(setting.abundance_sd, (own, other), strict=True))
    a /= a.sum()
    if setting.dominant:
        top = int(a.argmax())
        a[top] = setting.dominant / (1 - setting.dominant) * np.delete(a, top).sum()
        a /= a.sum()
    log2_total = setting.log2_total + rng.normal(0.0, setting.log2_total_sd)
    if setting.changed < 1:
        # Those that do not differ are as the typical one: all RNA of B is so many times that of A.
        differs = rng.permutation(N_FEATURES) < round(setting.changed * N_FEATURES)
        change = np.where(differs, rng.exponential(0.8, N_FEATURES) * rng.choice([-1.0, 1.0], N_FEATURES), 0.0)
        change[a.argmax()] = 1.0 if setting.dominant else 0.0
        b = a * np.exp2(change + log2_total)
    else:
        b *= np.exp2(log2_total) / b.sum()
        middle = float(np.sqrt(np.quantile(a, 0.8) * np.quantile(b, 0.8)))
        a[0], b[0] = middle, middle
        b[1:] *= (np.exp2(log2_total) * a.sum() - b[0]) / b[1:].sum()
    return a, b
