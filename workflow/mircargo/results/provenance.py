"""What results rest on: versions as installed, checksums of the inputs, the configuration as resolved."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions, version
from typing import Any

from mircargo.inputs.fetch import sha256_of

# What computes, draws or orders the steps; all other distributions are listed as well.
MAIN = ("mircargo", "snakemake", "pydeseq2", "pandas", "numpy", "scipy", "formulaic", "seaborn", "matplotlib")


def describe(config: Mapping[str, Any], inputs: Sequence[str]) -> dict[str, Any]:
    """Describe what a study's results rest on.

    Parameters
    ----------
    config
        The resolved configuration.
    inputs
        Paths of the input files.

    Returns
    -------
    dict
        `finished` (UTC), `python`, `platform`, `versions` of the main packages, `distributions` (all), `inputs`
        (path and sha256), `configuration`.
    """
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "versions": {name: version(name) for name in MAIN},
        "distributions": {each.metadata["Name"]: each.version for each in sorted(distributions(), key=_name)},
        "inputs": [{"path": path, "sha256": sha256_of(path)} for path in inputs],
        "configuration": dict(config),
    }


def _name(distribution: Any) -> str:
    return str(distribution.metadata["Name"]).lower()
