"""Tiers of the tests: which there are, what gives a test its tier, and what a quick test may not start."""

import os
import re

TIERS = {"workflow", "browser", "cluster", "readers", "slow"}
# By folder, module or fixture.
TIER_OF = {
    "workflow": "workflow",
    "kubernetes": "cluster",
    "slurm": "cluster",
    "browser": "browser",
    "readers": "readers",
    "site": "slow",  # the pages of the documentation
    "oracle": "slow",
    "test_full_disk.py": "slow",
    "test_mutants.py": "slow",
    "test_warm.py": "slow",
}
NOT_QUICK = {"snakemake", "playwright", "slurmctld", ".venv-readers", ".venv-cluster"}


class QuickOnly:
    """Refuses what a quick test may not start: Snakemake, a browser, a cluster, another environment."""

    quick = False

    def __call__(self, event: str, arguments: tuple) -> None:
        if event == "subprocess.Popen" and self.quick:
            # An interpreter, a shell or `unshare` stands before the program.
            words = " ".join(map(os.fsdecode, (arguments[0], *arguments[1])))
            if started := sorted(NOT_QUICK.intersection(re.split(r"[\s/]+", words))):
                raise RuntimeError(f"a quick test starts {started[0]}: it needs the marker of a tier")
