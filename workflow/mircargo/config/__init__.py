"""What a user can say: the configuration as typed models, and how it is read."""

from mircargo.config.across import Expectation, MetaAnalysis
from mircargo.config.base import Model
from mircargo.config.contrast import Comparison, Contrast
from mircargo.config.count_table import CountTable, FormatName, table_path
from mircargo.config.fetched import FetchedFile, allow_folder, fetched_files, misplaced_files, read_from
from mircargo.config.levels import Interaction
from mircargo.config.loading import load, parse, problems_of_texts
from mircargo.config.models import Config, SizeFactorChoice, Study, Thresholds
from mircargo.config.next_experiment import NextExperiment
from mircargo.config.recipient import (
    FetchedTable,
    Recipient,
    ResultColumns,
    TargetColumns,
    TargetTable,
    fetched_path,
)
from mircargo.config.species import MirbaseFile, mirbase_path

__all__ = [
    "Comparison",
    "Config",
    "Contrast",
    "CountTable",
    "Expectation",
    "FetchedFile",
    "FetchedTable",
    "FormatName",
    "Interaction",
    "MetaAnalysis",
    "MirbaseFile",
    "Model",
    "NextExperiment",
    "Recipient",
    "ResultColumns",
    "SizeFactorChoice",
    "Study",
    "TargetColumns",
    "TargetTable",
    "Thresholds",
    "allow_folder",
    "fetched_files",
    "fetched_path",
    "load",
    "mirbase_path",
    "misplaced_files",
    "parse",
    "problems_of_texts",
    "read_from",
    "table_path",
]
