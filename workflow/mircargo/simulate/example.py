"""Studies with a planted truth: the example, and what the benchmark scores. Nothing in them was measured.

The design is that of a spared nerve injury in mouse: dorsal root ganglia (DRG) and exosomes of the same
animals, injured against control, two batches. What makes real tables hard is put in on purpose: few miRNAs
hold most reads; exosome libraries are shallow, full of zeros and mostly one rRNA fragment; some reads of
miR-21a-5p are counted as miR-21b and miR-21c.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from mircargo.io import write_text

TARGET = "mmu-miR-21a-5p"
RRNA_LIKE = "mmu-miR-6236"
# Share of the target's reads that the aligner gives to its near copies, which have no reads of their own.
SHADOWS = {"mmu-miR-21b": 0.005, "mmu-miR-21c": 0.002}


class Planted(NamedTuple):
    """A planted change; abundances are parts per million of a control's miRNA reads, 0 where it is absent."""

    name: str
    label: str
    drg_ppm: float
    exosome_ppm: float
    drg_change: float
    exosome_change: float


# The names are plausible after nerve injury, the numbers are made up. Few miRNAs change, and some fall, so
# that the median of ratios stays near where it would be without them.
PLANTED = (
    Planted(TARGET, "selective", 20_000, 30_000, 1.6, 2.4),
    Planted("mmu-miR-155-5p", "selective", 200, 1_000, 0.8, 2.4),
    Planted("mmu-miR-146a-5p", "selective", 1_500, 2_500, 0.6, 1.9),
    Planted("mmu-miR-23a-3p", "selective", 2_000, 3_000, 0.4, 1.7),
    Planted("mmu-miR-27b-3p", "selective", 4_000, 3_500, 0.0, 1.5),
    Planted("mmu-miR-34a-5p", "selective", 600, 1_200, 1.2, 2.6),
    Planted("mmu-miR-142a-5p", "selective", 300, 1_500, 0.0, 1.8),
    Planted("mmu-miR-21a-3p", "parallel", 400, 1_000, 1.8, 1.8),
    Planted("mmu-miR-221-3p", "parallel", 1_500, 2_500, 1.5, 1.5),
    Planted("mmu-miR-222-3p", "parallel", 900, 1_500, 1.4, 1.4),
    Planted("mmu-miR-132-3p", "parallel", 1_000, 1_200, 1.6, 1.6),
    Planted("mmu-miR-31-5p", "parallel", 500, 900, 2.2, 2.2),
    Planted("mmu-miR-551b-3p", "parallel", 250, 700, 1.7, 1.7),
    Planted("mmu-miR-29b-3p", "retained", 800, 1_000, 1.2, 0.0),
    Planted("mmu-miR-212-3p", "retained", 300, 800, 1.5, 0.0),
    Planted("mmu-miR-18a-5p", "retained", 250, 700, 1.3, 0.0),
    Planted("mmu-miR-431-5p", "retained", 400, 900, 1.8, 0.0),
    Planted("mmu-miR-744-5p", "retained", 600, 1_400, 1.1, 0.0),
    Planted("mmu-miR-30b-5p", "parallel", 2_500, 2_500, -1.2, -1.2),
    Planted("mmu-miR-214-3p", "parallel", 700, 2_000, -1.5, -1.5),
    Planted("mmu-miR-488-3p", "parallel", 900, 1_500, -1.4, -1.4),
    Planted("mmu-miR-335-5p", "parallel", 1_200, 1_800, -1.3, -1.3),
    Planted("mmu-miR-370-3p", "parallel", 400, 1_200, -1.7, -1.7),
    Planted("mmu-miR-1249-3p", "selective", 500, 2_500, -0.8, -2.0),
    Planted("mmu-miR-129-5p", "selective", 600, 2_000, 0.0, -1.5),
    Planted("mmu-miR-341-3p", "discordant", 900, 2_000, 1.4, -1.5),
    Planted("mmu-miR-7b-5p", "discordant", 800, 1_200, -1.3, 1.6),
    Planted("mmu-miR-122-5p", "exosome_only", 0, 1_500, 0.0, 1.8),
    Planted("mmu-miR-192-5p", "exosome_only", 0, 1_000, 0.0, 2.2),
    Planted("mmu-miR-223-3p", "exosome_only", 0, 2_000, 0.0, 1.6),
    Planted("mmu-miR-448-3p", "source_only", 150, 0, 1.7, 0.0),
    Planted("mmu-miR-615-3p", "source_only", 200, 0, -1.5, 0.0),
    Planted("mmu-miR-675-3p", "source_only", 120, 0, 1.9, 0.0),
)

# Plentiful in sensory neurons and the cells around them; the per cent of a ganglion's miRNA reads is made up.
PLENTIFUL = {
    8.0: "let-7f-5p miR-26a-5p miR-182-5p",
    6.0: "let-7a-5p let-7b-5p let-7c-5p miR-143-3p",
    3.5: "let-7g-5p let-7i-5p miR-183-5p",
    2.0: "miR-9-5p miR-22-3p miR-30a-5p miR-99a-5p miR-125b-5p miR-127-3p miR-181a-5p",
    1.2: "let-7d-5p let-7e-5p miR-10b-5p miR-30d-5p miR-100-5p miR-124-3p miR-125a-5p miR-191-5p",
    0.6: "miR-10a-5p miR-26b-5p miR-29a-3p miR-30e-5p miR-96-5p miR-101a-3p miR-126a-3p miR-148a-3p",
    0.3: "miR-204-5p miR-16-5p miR-24-3p miR-92a-3p miR-103-3p miR-128-3p miR-138-5p miR-151-3p miR-451a",
}


@dataclass(frozen=True)
class Settings:
    """What a simulated study is made from."""

    seed: int = 21  # of the random numbers; the same seed gives the same study
    animals_per_group: int = 5  # animals injured, and as many controls; each gives a DRG and an exosome library
    n_mirnas: int = 400  # rows of each table: what is named in this module, then the first accessions
    # What the planted log2 fold changes are multiplied by; 0 makes a study without any change.
    change_scale: float = 1.0
    # Reads expected in a library; each library has 0.7 to 1.3 times that.
    drg_reads: int = 1_500_000
    exosome_reads: int = 150_000
    # (a0, a1) of the negative binomial's dispersion a0 + a1 / mean.
    drg_dispersion: tuple[float, float] = (0.02, 1.0)
    exosome_dispersion: tuple[float, float] = (0.06, 1.5)
    animal_sd: float = 0.2  # standard deviation of an animal's own log2 level of a miRNA, the same in its two fractions
    # Standard deviation of the log2 difference between batches, for one miRNA in three of each fraction.
    batch_sd: float = 0.6


@dataclass(frozen=True)
class Study:
    """A simulated study."""

    # Features x samples, integer counts.
    drg: pd.DataFrame
    exosome: pd.DataFrame
    samples: pd.DataFrame  # indexed by `sample`: `fraction`, `condition`, `subject`, `batch`
    # Indexed by `feature`: `drg_log2_fold_change`, `exosome_log2_fold_change`, `release_log2_fold_change` (exosome less
    # DRG), `class`, `role`. Changes are injured over control, of the abundance before it becomes a share of a library;
    # missing where the feature is absent from the fraction. A shadow has no reads and no change of its own: its class
    # says so, its changes are the target's, as these will be seen. Role is target, co_cargo (rises in exosomes as the
    # target does), other_change, shadow, rrna_like or background.
    truth: pd.DataFrame
    # Of each sample, the reads expected of a feature at 1 ppm of a control's miRNA reads: true size factors.
    depths: pd.Series


def simulate(mature: pd.DataFrame, settings: Settings | None = None) -> Study:
    """Make a study whose changes are known.

    Parameters
    ----------
    mature
        Mature miRNAs of miRBase 22 with at least `accession`, `name`, `species`; those of mouse are used.

    Raises
    ------
    ValueError
        Where `mature` lacks a miRNA named in this module, or `n_mirnas` is not between these and all of mouse.
    """
    settings = settings or Settings()
    # PCG64 by name: what `default_rng` stands for may change.
    rng = np.random.Generator(np.random.PCG64(settings.seed))
    features = _choose(mature, settings.n_mirnas)
    truth = _truth(features, settings.change_scale)
    samples = _samples(settings.animals_per_group)
    shares = _abundances(features, rng)
    animals = rng.normal(0.0, settings.animal_sd, (len(features), 2 * settings.animals_per_group))
    (drg, drg_depths), (exosome, exosome_depths) = (
        _counts(share, truth, part, animals, settings, rng)
        for share, (_, part) in zip(shares, samples.groupby("fraction", sort=False), strict=True)
    )
    return Study(drg, exosome, samples, truth, pd.concat([drg_depths, exosome_depths]))


def write(study: Study, folder: Path) -> None:
    """Write `{drg,exosome}_counts.tsv`, `samples.tsv` and `truth.tsv`, the same bytes on any platform."""
    folder.mkdir(parents=True, exist_ok=True)
    frames = {"drg_counts": study.drg, "exosome_counts": study.exosome, "samples": study.samples, "truth": study.truth}
    for name, frame in frames.items():
        text = frame.to_csv(sep="\t", na_rep="NA", float_format="%.2f", lineterminator="\n")
        write_text(text, folder / f"{name}.tsv")


def _choose(mature: pd.DataFrame, n: int) -> list[str]:
    """Return the features in the order of their accessions, so that nothing planted stands at the top."""
    mouse = mature[mature["species"] == "mmu"].sort_values("accession", kind="stable")["name"].tolist()
    wanted = dict.fromkeys([*(planted.name for planted in PLANTED), *SHADOWS, RRNA_LIKE, *_plentiful()])
    missing = [name for name in wanted if name not in mouse]
    if missing:
        raise ValueError(f"the mature miRNAs lack {', '.join(missing)}: are they those of miRBase 22?")
    if not len(wanted) <= n <= len(mouse):
        raise ValueError(f"n_mirnas is {n}; it has to be from {len(wanted)} to {len(mouse)}")
    # miRBase numbers in order of discovery, and what was found first is what most tissues hold most of.
    chosen = set([*wanted, *(name for name in mouse if name not in wanted)][:n])
    return [name for name in mouse if name in chosen]


def _plentiful() -> dict[str, float]:
    return {f"mmu-{name}": percent / 100 for percent, names in PLENTIFUL.items() for name in names.split()}


def _truth(features: list[str], scale: float) -> pd.DataFrame:
    planted = {row.name: row for row in PLANTED}
    rows = []
    for feature in features:
        source = planted.get(TARGET if feature in SHADOWS else feature)
        drg, exosome, label, role = 0.0, 0.0, "unchanged", "background"
        if source is not None:
            # Rounded to what is written, so that the written columns add up; + 0.0 turns -0.0 into 0.0.
            drg = round(source.drg_change * scale, 2) + 0.0 if source.drg_ppm else np.nan
            exosome = round(source.exosome_change * scale, 2) + 0.0 if source.exosome_ppm else np.nan
            if scale:
                label, role = source.label, "co_cargo" if source.exosome_change > 0 else "other_change"
        if feature in SHADOWS:
            label, role = "shadow", "shadow"
        elif feature in (TARGET, RRNA_LIKE):
            role = "target" if feature == TARGET else "rrna_like"
        rows.append((drg, exosome, round(exosome - drg, 2) + 0.0, label, role))
    columns = [*(f"{part}_log2_fold_change" for part in ("drg", "exosome", "release")), "class", "role"]
    return pd.DataFrame(rows, index=pd.Index(features, name="feature"), columns=columns)


def _samples(animals: int) -> pd.DataFrame:
    """Cross batch with group, off balance where the number of animals is odd: 3 and 2 against 2 and 3."""
    rows = []
    for fraction, short in (("drg", "drg"), ("exosome", "exo")):
        for group, condition in enumerate(("injured", "control")):
            first_batch = (animals + 1 - group) // 2
            for number in range(1, animals + 1):
                batch = "a" if number <= first_batch else "b"
                sample, subject = f"{short}_{condition}_{number}", f"m{group * animals + number:02d}"
                rows.append((sample, fraction, condition, subject, batch))
    return pd.DataFrame(rows, columns=["sample", "fraction", "condition", "subject", "batch"]).set_index("sample")


def _abundances(features: list[str], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the abundance of each feature in DRG and exosomes of a control; miRNAs sum to about 1."""
    # At this median and spread a third of the counts of an exosome table are zero.
    drg = 40e-6 * np.exp(rng.normal(0.0, 2.0, len(features)))
    enrichment = np.exp(rng.normal(0.0, 0.8, len(features)))
    row = {feature: i for i, feature in enumerate(features)}
    for name, share in _plentiful().items():
        drg[row[name]] = share
    exosome = drg * enrichment
    mirna = [i for i, feature in enumerate(features) if feature not in {RRNA_LIKE, *SHADOWS}]
    exosome *= drg[mirna].sum() / exosome[mirna].sum()
    for planted in PLANTED:
        drg[row[planted.name]] = planted.drg_ppm / 1e6
        exosome[row[planted.name]] = planted.exosome_ppm / 1e6
    for name in SHADOWS:
        drg[row[name]] = exosome[row[name]] = 0.0
    # Less than 1% of a DRG library, about 60% of an exosome library.
    drg[row[RRNA_LIKE]] = 0.005 * drg[mirna].sum()
    exosome[row[RRNA_LIKE]] = 1.6 * exosome[mirna].sum()
    return drg, exosome


def _counts(
    share: np.ndarray,
    truth: pd.DataFrame,
    samples: pd.DataFrame,
    animals: np.ndarray,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.Series]:
    """Draw the libraries of one fraction, and their depths; `samples` are in the order of the columns of `animals`."""
    fraction = samples["fraction"].iloc[0]
    change = truth[f"{fraction}_log2_fold_change"].fillna(0.0).to_numpy()
    batch = np.where(rng.integers(0, 3, len(truth)) == 0, rng.normal(0.0, settings.batch_sd, len(truth)), 0.0)
    # Half to either side: over both batches the abundance stays what was drawn.
    side = np.where(samples["batch"] == "a", 0.5, -0.5)
    injured = np.where(samples["condition"] == "injured", 1.0, 0.0)
    log2_level = np.outer(change, injured) + animals + np.outer(batch, side)
    scatter = np.exp(rng.normal(0.0, 0.4, len(truth)))
    rrna_like = truth.index.get_loc(RRNA_LIKE)
    # How much of the fragment a preparation lets through depends on neither group nor animal.
    log2_level[rrna_like], scatter[rrna_like] = 0.0, 0.08
    level = share[:, None] * np.exp2(log2_level)

    if fraction == "exosome":
        reads, (a0, a1) = settings.exosome_reads, settings.exosome_dispersion
    else:
        reads, (a0, a1) = settings.drg_reads, settings.drg_dispersion
    depth = reads * rng.integers(700, 1301, len(samples)) / 1000
    mean = depth * level / level.sum(axis=0)
    # Poisson of gamma is a negative binomial. Mean x dispersion stays finite where the mean is 0.
    scale = scatter[:, None] * (a0 * mean + a1)
    counts = rng.poisson(rng.gamma(mean / scale, scale)).astype(np.int64)
    _stray(counts, truth.index, rng)
    table = pd.DataFrame(counts, index=truth.index, columns=pd.Index(samples.index, name=None))
    return table, pd.Series(depth / level.sum(axis=0) / 1e6, index=table.columns)


def _stray(counts: np.ndarray, features: pd.Index, rng: np.random.Generator) -> None:
    """Move some of the target's reads to its shadows, in place."""
    target = features.get_loc(TARGET)
    own = counts[target].copy()
    for name, rate in SHADOWS.items():
        strayed = np.minimum(rng.poisson(rate * own), counts[target])
        counts[features.get_loc(name)] = strayed
        counts[target] -= strayed
