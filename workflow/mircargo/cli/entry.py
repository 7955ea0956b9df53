"""Where the command `mircargo` begins: in a warm process where a run has one, else in this one.

Nothing is imported here that takes time. Python and the scientific packages take one to three seconds to start, which
is more than most steps work; a warm process (`mircargo.snakemake.warm`) has started already.
"""

import os
import signal
import sys

from mircargo.snakemake.warm_client import ADDRESS, run_warm, use_one_thread


def main() -> None:
    """Run the command line, and end with its exit code."""
    use_one_thread()
    address = os.environ.get(ADDRESS)
    try:
        # A workflow holds it back while this process starts, as Python would answer with a traceback.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        code = run_warm(address, sys.argv) if address else None
        if code is not None:
            sys.exit(code)
        from mircargo.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)  # as a shell has it
