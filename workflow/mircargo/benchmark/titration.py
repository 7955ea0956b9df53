"""Simulated titrations: mixtures of two tissues, whose absolute fold changes are known and mostly go one way.

Two groups hold the same RNA mass, 80 parts of tissue A and 20 of B against 20 and 80. Most miRNAs differ between the
tissues, and the rarer ones of B are rarer still, so that the typical miRNA falls while the total may stay the same.
What takes the typical one as unchanged is then off by a number that spike-ins would show and the counts do not.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.benchmark.two_groups import as_tables, draw_counts, generator, make_dominant, negative_binomial
from mircargo.config import Contrast

CONTRAST = Contrast(variable="group", level="mostly_b", reference="mostly_a")
TARGET = "feature_001"  # as much of it in A as in B


@dataclass(frozen=True)
class Titration:
    """What a simulated titration is made from."""

    sentence: str
    parts: tuple[float, float] = (0.2, 0.8)  # share of tissue B in the reference and in the level, by RNA mass
    # Spread of the miRNAs of A and of B (natural log); the wider, the rarer is the typical one.
    abundance_sd: tuple[float, float] = (2.0, 2.6)
    correlation: float = 0.6  # of both tissues' log abundances
    log2_total: float = 0.0  # how many times, in log2, B has the miRNA of A in the same mass of RNA
    log2_total_sd: float = 0.0  # by how much that varies between studies
    changed: float = 1.0  # share of the miRNAs that differ between the tissues
    # Standard deviation of a log2 error of each miRNA that all libraries of the level share.
    preparation_sd: float = 0.1
    rna_sd: float = 0.15  # of the log2 amount of miRNA between animals of a group
    reads: int = 1_000_000  # of a library; libraries vary by a natural log sd of 0.35
    # (a0, a1) of a0 + a1 / mean, with a natural log sd of 0.5 between miRNAs.
    dispersion: tuple[float, float] = (0.05, 1.5)
    # Share of A's reads that the most abundant miRNA holds, where it is to be dominated; B has twice its amount.
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
    """A simulated titration."""

    # Features x samples, and spike-ins x samples, of which each sample was given as much.
    counts: pd.DataFrame
    spike_ins: pd.DataFrame
    sheet: pd.DataFrame  # indexed by sample: `group`
    truth: "pd.Series[float]"  # log2 fold change of each feature's amount in the same mass of RNA, level over reference
    log2_total: float  # log2 fold change of all miRNA together


def simulate_titration(
    name: str, per_group: int, number: int, seed: int, setting: Titration | None = None
) -> TitrationStudy:
    """Make a titration; arguments are as of `studies.simulate_study`, and the setting a key of `TITRATIONS`."""
    setting = setting or TITRATIONS[name]
    rng = generator(name, per_group, number, seed)
    a, b = _tissues(setting, rng)
    amounts = [(1 - part) * a + part * b for part in setting.parts]
    in_level = np.repeat([0.0, 1.0], per_group)
    error = np.outer(rng.normal(0.0, setting.preparation_sd, N_FEATURES), in_level)
    rna = rng.normal(0.0, setting.rna_sd, 2 * per_group)
    level = np.where(in_level > 0, amounts[1][:, None], amounts[0][:, None]) * np.exp2(error + rna)
    depth = setting.reads * np.exp(rng.normal(0.0, DEPTH_SD, 2 * per_group)) / level.sum(axis=0)
    counts = draw_counts(level * depth, setting.dispersion, DISPERSION_SD, rng)
    spikes = negative_binomial(np.outer(SPIKE_IN_SHARES, depth), SPIKE_IN_DISPERSION, rng)
    truth = np.log2(amounts[1] / amounts[0])
    table, sheet, log2_fold_change = as_tables(counts, (CONTRAST.reference, CONTRAST.level), truth)
    spike_ins = pd.DataFrame(spikes, [f"spike_in_{i + 1}" for i in range(len(spikes))], sheet.index)
    log2_total = float(np.log2(amounts[1].sum() / amounts[0].sum()))
    return TitrationStudy(table, spike_ins, sheet, log2_fold_change, log2_total)


def _tissues(setting: Titration, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the amounts of both tissues in a mass of RNA; those of A sum to 1, the target is the same in both."""
    own, other = rng.normal(size=(2, N_FEATURES))
    other = setting.correlation * own + np.sqrt(1 - setting.correlation**2) * other
    a, b = (np.exp(sd * values) for sd, values in zip(setting.abundance_sd, (own, other), strict=True))
    a /= a.sum()
    if setting.dominant:
        make_dominant(a, setting.dominant)
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
