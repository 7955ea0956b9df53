"""The public studies of config/studies as the tests read them, and R's results for them."""

from functools import cache
from pathlib import Path

import pandas as pd

from mircargo.checks.study import read_counts_of
from mircargo.config import Config, Study, load
from mircargo.features.ledger import Counts, Source
from mircargo.features.name_history import vocabulary
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet

ROOT = Path(__file__).parents[1]


def config_of(name: str) -> Config:
    return load(str(ROOT / "config" / "studies" / f"{name}.yaml"))


@cache
def read_study(name: str, shared: Path) -> tuple[Study, Counts, pd.DataFrame]:
    """Return a public study, its counts and its sample sheet, the tables taken from the shared folder."""
    study = config_of(name).studies[name]
    sheet = read_sheet(ROOT / study.samples)
    paths = [shared / "data" / name / str(table.url).rsplit("/", 1)[1] for table in study.counts]
    return (
        study,
        read_counts_of(study, sheet, [Source(read_table(path)) for path in paths], vocabulary(study.species)),
        sheet,
    )


def oracle(shared: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(shared / "oracle" / f"{name}.tsv", sep="\t")
    return table.set_index(table.columns[0])
