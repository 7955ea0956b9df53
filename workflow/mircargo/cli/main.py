"""The group of commands, and what becomes of a problem."""

import contextlib
import sys
from pathlib import Path

import rich_click as click

from mircargo import __version__
from mircargo.cli.benchmark import benchmark
from mircargo.cli.cargo import co_cargo, gather, permute, release, target
from mircargo.cli.counts import check, fetch, import_
from mircargo.cli.export import crate, export, multiqc
from mircargo.cli.figures import plot
from mircargo.cli.meta import expectations, meta
from mircargo.cli.model import fit, quality
from mircargo.cli.output import bundle, provenance, reference, report, summary
from mircargo.cli.robustness import stress, stress_release
from mircargo.cli.simulate import simulate
from mircargo.cli.start import init
from mircargo.cli.step import step
from mircargo.problems import ProblemsFound, problem_of


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--log", type=click.Path(dir_okay=False), help="Also write messages to this file.")
def mircargo(log: str | None) -> None:
    """From small-RNA count tables to what miR-21 and its exosomal co-cargo do.

    The workflow calls these commands; `snakemake --cores 2` runs them all. `mircargo init TABLE` begins a study
    of your own, `mircargo check CONFIG` lists every problem of one.
    """


for command in (
    init, check, fetch, import_, quality, fit, stress, release, stress_release, target, co_cargo, permute, gather,
    expectations, meta, plot, bundle, report, export, multiqc, crate, provenance, summary, simulate, reference,
    benchmark, step,
):  # fmt: skip
    mircargo.add_command(command)


def main() -> None:
    """Run a command; problems with the input end it with exit code 1 and no traceback."""
    try:
        mircargo(prog_name="mircargo")
    except (ProblemsFound, OSError) as error:
        text = str(error if isinstance(error, ProblemsFound) else ProblemsFound(problem_of(error)))
        print(text, file=sys.stderr)
        log = _log_argument(sys.argv)
        if not log:
            sys.exit(1)
        # Where the disk is full the log is, too; what is wrong has been said.
        with contextlib.suppress(OSError):
            Path(log).parent.mkdir(parents=True, exist_ok=True)
            Path(log).write_text(text + "\n", encoding="utf-8")
        sys.exit(1)


def _log_argument(arguments: list[str]) -> str | None:
    """Return the value of --log, which stands before the command."""
    for one, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if one == "--log":
            return following
    return None
