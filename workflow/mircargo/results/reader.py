"""A study's result files, read once for every export."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mircargo.config import Config, Study
from mircargo.problems import ProblemsFound, listing, refusal
from mircargo.io import read_counts, read_json, read_result
from mircargo.inputs.sheet import read_sheet


@dataclass(frozen=True)
class Results:
    """What the files below `results/STUDY/` hold, with the configuration that they were made under.

    Attributes
    ----------
    name, config
        The study's name, and a configuration that holds it.
    counts, normalised
        Features x samples.
    features
        `counts/features.tsv`, indexed by feature in the order of `counts`.
    samples
        Indexed by sample in the order of `counts`: the columns of the sheet (text, None where missing), then those
        of `quality/samples.tsv`.
    sheet_columns
        Which of them are the sheet's.
    spike_ins
        Spike-ins x samples, perhaps without rows.
    target, co_cargo, ledger
        `cargo/target.tsv`, `cargo/co_cargo.tsv`, `counts/ledger.tsv`.
    contrasts, robustness
        `differential/CONTRAST.tsv` and `robustness/CONTRAST.tsv` by contrast, each indexed by feature.
    releases
        `cargo/release/COMPARISON.tsv` by comparison, indexed by feature.
    warnings
        Of `check.json`.
    """

    name: str
    config: Config
    counts: pd.DataFrame
    normalised: pd.DataFrame
    features: pd.DataFrame
    samples: pd.DataFrame
    sheet_columns: list[str]
    spike_ins: pd.DataFrame
    target: pd.DataFrame
    co_cargo: pd.DataFrame
    ledger: pd.DataFrame
    contrasts: dict[str, pd.DataFrame]
    robustness: dict[str, pd.DataFrame]
    releases: dict[str, pd.DataFrame]
    warnings: list[dict[str, Any]]

    @property
    def study(self) -> Study:
        return self.config.studies[self.name]


def read_results(name: str, config: Config, sheet: str | Path, folder: Path) -> Results:
    """Read the results of a study.

    Parameters
    ----------
    name, config
        The study's name, and a configuration that holds it.
    sheet
        Its sample sheet.
    folder
        Its results.

    Raises
    ------
    ProblemsFound
        Where the configuration has no such study, or a file is not there.
    """
    study = study_of(config, name)
    raise_if_missing(folder, needed_files(study))
    counts = read_counts(folder / "counts" / "counts.tsv")
    quality = read_result(folder / "quality" / "samples.tsv").set_index("sample")
    rows = read_sheet(sheet).reindex(counts.columns)
    if (rows["column"].isna() | (rows["column"] == rows.index)).all():
        rows = rows.drop(columns="column")
    # A column of the sheet may be named as one of ours, which then stands behind it under a longer name.
    described = quality.rename(columns={column: f"quality_{column}" for column in quality if column in rows})

    def of(kind: str, names: list[str]) -> dict[str, pd.DataFrame]:
        return {each: read_counts(folder / kind / f"{each}.tsv").reindex(counts.index) for each in names}

    return Results(
        name=name,
        config=config,
        counts=counts,
        normalised=read_counts(folder / "quality" / "normalised.tsv").loc[counts.index, counts.columns],
        features=read_counts(folder / "counts" / "features.tsv").reindex(counts.index),
        samples=rows.join(described).rename_axis("sample"),
        sheet_columns=list(rows.columns),
        spike_ins=read_counts(folder / "counts" / "spike_ins.tsv"),
        target=read_result(folder / "cargo" / "target.tsv"),
        co_cargo=read_result(folder / "cargo" / "co_cargo.tsv"),
        ledger=read_result(folder / "counts" / "ledger.tsv"),
        contrasts=of("differential", list(study.contrasts)),
        robustness=of("robustness", list(study.contrasts)),
        releases=of("cargo/release", list(study.comparisons)),
        warnings=read_json(folder / "check.json")["warnings"],
    )


def study_of(config: Config, name: str) -> Study:
    """Return a study by its name, or say which ones there are."""
    if name not in config.studies:
        raise refusal("no_such_study", "the configuration has no such study", name, f"studies {listing(config.studies)}")
    return config.studies[name]


def needed_files(study: Study) -> list[str]:
    """Return the files that `read_results` reads below a study's results."""
    return [
        *("counts/counts.tsv", "counts/features.tsv", "counts/ledger.tsv", "counts/spike_ins.tsv"),
        *("quality/samples.tsv", "quality/normalised.tsv", "check.json"),
        *("cargo/target.tsv", "cargo/co_cargo.tsv"),
        *(f"{kind}/{name}.tsv" for kind in ("differential", "robustness") for name in study.contrasts),
        *(f"cargo/release/{name}.tsv" for name in study.comparisons),
    ]


def raise_if_missing(folder: Path, paths: list[str]) -> None:
    """Name every file that is not there at once."""
    hint = "run the workflow first: snakemake --cores 2"
    missing = [path for path in paths if not (folder / path).is_file()]
    if missing:
        raise refusal("missing_results", "these results are not there", str(folder), listing(missing), hint)
