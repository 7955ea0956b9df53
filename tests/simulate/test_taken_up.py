"""A simulated study with its recipient cells: it passes the check, and its cells hold what is planted."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from mircargo.checks.recipient import examine_recipient
from mircargo.cli.simulate import simulate
from mircargo.config import load
from mircargo.features.mirbase import load_mature
from mircargo.problems import ProblemsFound
from mircargo.simulate.example import Settings
from mircargo.simulate.taken_up import write_with_recipient

SMALL = Settings(seed=7, animals_per_group=3, n_mirnas=80)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return load(str(write_with_recipient(load_mature(), tmp_path_factory.mktemp("taken_up"), SMALL)))


def test_it_passes_the_check_and_every_gene_with_a_site_is_one_of_the_cells(config):
    problems, tables = examine_recipient(config, "taken_up")
    assert not [problem for problem in problems if problem.severity == "error"]
    known = tables.genes["target_id"].notna()
    assert known.sum() == tables.sites["gene"].nunique()


def test_the_target_falls_in_the_cells_by_what_is_planted(config):
    """By hand: medians of log2 ratios of counts per million, targets with an 8mer site against genes of like length."""
    study = config.studies["taken_up"]
    counts = pd.read_csv(study.recipient.counts.table, sep="\t", index_col="gene")
    given = pd.read_csv(study.recipient.samples, sep="\t", index_col="sample")["given"] == "exosomes"
    logs = np.log2(counts / counts.sum() * 1e6 + 1)
    change = logs.loc[:, given].mean(axis=1) - logs.loc[:, ~given].mean(axis=1)
    sites = pd.read_csv(study.targets.table, sep="\t").query("seed == 'AGCUUAU'")  # miR-21, bases 2 to 8
    lengths = pd.read_csv(study.recipient.genes, sep="\t", index_col="gene")["utr3_length"]
    eights = sites.loc[sites["site_type"] == "8mer", "gene"]
    others = change[~change.index.isin(sites["gene"])]
    long = lengths[others.index].between(*lengths[eights].quantile([0.25, 0.75]))
    # The mean of all sites is -0.15, that of 8mer sites 1.4 times the one of 7mer-m8.
    assert change[eights].median() - others[long].median() == pytest.approx(-0.2, abs=0.08)


def test_the_command_says_how_to_go_on_and_takes_one_kind_at_a_time(tmp_path):
    arguments = ["--animals", "3", "--features", "80", str(tmp_path / "mine")]
    said = CliRunner().invoke(simulate, ["--recipient", *arguments])
    assert said.output.endswith(f"mircargo run {tmp_path}/mine/config.yaml\n")
    with pytest.raises(ProblemsFound, match="--studies and --recipient"):
        CliRunner().invoke(simulate, ["--recipient", "--studies", "2", *arguments], catch_exceptions=False)
