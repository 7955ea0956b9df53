"""Many simulated studies at once, and the configuration that runs and pools them: what a cluster is tried on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from mircargo.config import Comparison, Config, Contrast, CountTable, MetaAnalysis, Study
from mircargo.io import write_text
from mircargo.simulate.example import Settings, simulate, write

FRACTIONS = ("drg", "exosome")


def write_many(mature: pd.DataFrame, number: int, folder: Path, settings: Settings) -> Path:
    """Write studies into `folder/study_001` and so on, and `folder/config.yaml`, which asks what the example asks.

    The settings are those of the first study; each further one has the next seed. The path of the configuration, which
    holds the folders as given, is returned.

    Raises
    ------
    ValueError
        Where `number` is below 1, or as `simulate`.
    """
    if number < 1:
        raise ValueError(f"the number of studies is {number}; it has to be at least 1")
    digits = max(3, len(str(number)))
    names = [f"study_{position:0{digits}d}" for position in range(1, number + 1)]
    studies = {}
    for position, name in enumerate(names):
        seed = settings.seed + position
        write(simulate(mature, replace(settings, seed=seed)), folder / name)
        studies[name] = describe(folder / name, f"Simulated study {position + 1} of {number}, seed {seed}")
    pooled = {fraction: MetaAnalysis(title=title, contrasts=[f"{name}.{fraction}_injury" for name in names])
              for fraction, title in zip(FRACTIONS, ("DRG", "Exosomes"), strict=True)
              if number > 1}  # fmt: skip
    config = Config(studies=studies, meta=pooled).model_dump(mode="json", exclude_defaults=True)
    path = folder / "config.yaml"
    write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=120), path)
    return path


def injury(fraction: str, blocking: Sequence[str] = ("batch",)) -> Contrast:
    """Return the contrast of injured and control animals in a fraction."""
    return Contrast(
        variable="condition", level="injured", reference="control", subset={"fraction": [fraction]},
        blocking=list(blocking), exosome=fraction == "exosome",
    )  # fmt: skip


def describe(folder: Path, title: str) -> Study:
    """Return the configuration of a study that `simulate.write` wrote: its contrasts, and the release."""
    return Study(
        title=title,
        species="mmu",
        simulated=True,
        counts=[CountTable(table=str(folder / f"{fraction}_counts.tsv")) for fraction in FRACTIONS],
        samples=str(folder / "samples.tsv"),
        contrasts={f"{fraction}_injury": injury(fraction) for fraction in FRACTIONS},
        comparisons={"release": Comparison(exosome="exosome_injury", source="drg_injury", fraction="fraction")},
    )
