"""What a command imports: people wait for help, completion and `check`, and nearly all of that is imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START = "from mircargo.cli.entry import main; main()"
COMPLETE = {"_MIRCARGO_COMPLETE": "bash_complete", "COMP_WORDS": "mircargo ", "COMP_CWORD": "1"}
OF_FITS = {"pydeseq2", "formulaic", "statsmodels", "sklearn", "anndata", "scipy.stats"}
OF_OUTPUT = {"matplotlib", "seaborn", "altair", "openpyxl", "snakemake", "jinja2"}


def imported(*arguments: str, **environment: str) -> tuple[set[str], str]:
    """Return the modules that a command imports, by `-X importtime`, and what it prints."""
    command = [sys.executable, "-P", "-X", "importtime", "-c", START, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}, done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "shown"),
    [(("--help",), {}, "list every problem"), (("check", "--help"), {}, "--json"), ((), COMPLETE, "plain,check")],
    ids=["help", "help of a command", "completion"],
)
def test_help_and_completion_import_neither_pandas_nor_models(arguments, environment, shown):
    modules, printed = imported(*arguments, **environment)
    assert shown.lower() in printed.lower()
    assert "mircargo.cli.check" in modules
    assert not modules & {"numpy", "pandas", "pydantic", "yaml", "snakemake", "mircargo.config", "mircargo.steps"}


def test_check_imports_nothing_that_fits_or_draws():
    modules, printed = imported("check", "config/config.yaml")
    assert "400 features in 20 samples are counted" in printed
    assert {"pandas", "scipy.special", "mircargo.checks.scale_warnings"} <= modules
    assert not modules & (OF_FITS | OF_OUTPUT)
