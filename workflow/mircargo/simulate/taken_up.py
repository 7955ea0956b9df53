"""A simulated study with the cells that took its exosomes up, and the configuration that runs it."""

from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from mircargo.config import Config, Contrast, CountTable, NextExperiment, Recipient, TargetTable
from mircargo.features.target_families import seed_of
from mircargo.io import write_text
from mircargo.simulate.example import Settings, simulate, write
from mircargo.simulate.many import describe
from mircargo.simulate.recipient import TARGET, RecipientSetting, simulate_recipient

TARGET_MIRNA: Final = "mmu-miR-21a-5p"
CELLS: Final = RecipientSetting(per_group=4, shift=-0.15, n_genes=6000)


def write_with_recipient(mature: pd.DataFrame, folder: Path, settings: Settings) -> Path:
    """Write a study, its recipient cells and `folder/config.yaml`, which asks what the example asks, and of the cells.

    In the cells the targets of miR-21 fall by 0.15 log2. All sites are made up: they say nothing of real genes.

    Parameters
    ----------
    mature
        As of `load_mature`.
    folder
        Where the tables go: those of the study, `cells_counts.tsv`, `cells_samples.tsv`, `targets.tsv` and
        `genes.tsv`. The configuration holds their paths as given here.

    Returns
    -------
    pathlib.Path
        Of the configuration.

    Raises
    ------
    ValueError
        As `simulate`.
    """
    study = simulate(mature, settings)
    write(study, folder)
    cells = simulate_recipient(CELLS, settings.seed)
    sequences = mature.set_index("name")["sequence"]
    own = seed_of(sequences[TARGET_MIRNA])
    seeds = [seed for seed in map(seed_of, sequences[study.exosome.index]) if seed != own]
    others = [family for family in sorted(cells.sites["family"].unique()) if family != TARGET]
    named = {TARGET: own} | dict(zip(others, dict.fromkeys(seeds), strict=False))
    sites = cells.sites.assign(seed=cells.sites["family"].map(named)).dropna()
    tables = {
        "cells_counts": cells.counts.rename_axis("gene"),
        "cells_samples": cells.sheet.rename_axis("sample"),
        "targets": sites.set_index("seed")[["gene", "site_type"]],
        "genes": cells.genes.rename_axis("gene"),
    }
    for name, table in tables.items():
        write_text(table.to_csv(sep="\t", float_format="%.0f", lineterminator="\n"), folder / f"{name}.tsv")
    recipient = Recipient(
        title="macrophages given exosomes of injured neurons",
        counts=CountTable(table=str(folder / "cells_counts.tsv")),
        samples=str(folder / "cells_samples.tsv"),
        contrast=Contrast(variable="given", level="exosomes", reference="control"),
        genes=str(folder / "genes.tsv"),
    )
    asked = describe(folder, f"Exosomes and the cells that took them up, seed {settings.seed}").model_copy(
        update={
            "recipient": recipient,
            "targets": TargetTable(table=str(folder / "targets.tsv")),
            "next_experiment": NextExperiment(),
        }
    )
    config = Config(studies={"taken_up": asked}).model_dump(mode="json", exclude_defaults=True)
    path = folder / "config.yaml"
    write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=120), path)
    return path
