"""The group of commands, and what becomes of a problem.

Help and shell completion read all commands, and people wait for both: a module of a command imports what its command
needs when that is called.
"""

import contextlib
import gc
import sys
from itertools import pairwise
from pathlib import Path

import rich_click as click

from mircargo.cli.benchmark import benchmark
from mircargo.cli.check import check
from mircargo.cli.init import init
from mircargo.cli.results import bundle, crate, reference, summary
from mircargo.cli.run import run
from mircargo.cli.simulate import simulate
from mircargo.cli.step import step
from mircargo.problems import ProblemsFound, problem_of


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mircargo")
@click.option("--log", type=click.Path(dir_okay=False), help="Also write messages to this file.")
def mircargo(log: str | None) -> None:
    """From small-RNA count tables to what miR-21 and its exosomal co-cargo do.

    `mircargo run` runs the example in the present folder, and `mircargo run CONFIG` a study of your own: `mircargo init
    TABLE` begins one, `mircargo check CONFIG` lists every problem of it.
    """


for command in (run, init, check, summary, simulate, benchmark, step, crate, bundle, reference):
    mircargo.add_command(command)


def main() -> None:
    """Run a command; problems with the input end it with exit code 1 and no traceback."""
    # Imports make many objects and hardly any garbage: to look for it as often as usual is a tenth of their time.
    gc.set_threshold(100_000)
    try:
        mircargo(prog_name="mircargo")
    except (ProblemsFound, OSError) as error:
        text = str(error if isinstance(error, ProblemsFound) else ProblemsFound(problem_of(error)))
        print(text, file=sys.stderr)
        log = dict(pairwise(sys.argv)).get("--log")
        if log:
            # Where the disk is full the log is, too; the problem is printed in any case.
            with contextlib.suppress(OSError):
                Path(log).parent.mkdir(parents=True, exist_ok=True)
                Path(log).write_text(text + "\n", encoding="utf-8")
        sys.exit(1)
    finally:
        gc.freeze()  # nor is there anything to be gained from it when Python takes itself down
