"""Each test belongs to a tier: the Makefile runs all tiers, and a quick test starts nothing that takes more."""

import re
import subprocess

import pytest
from playwright._impl._driver import compute_driver_executable

from project import CLUSTER_PROGRAMS, ROOT
from tiers import TIER_OF, TIERS


def test_tiers_are_the_registered_markers_and_those_that_the_makefile_runs(pytestconfig):
    registered = {line.split(":")[0] for line in pytestconfig.getini("markers")}
    more = re.search(r"^MORE := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    assert set(more.split(" or ")) == TIERS <= registered
    assert set(TIER_OF.values()) <= TIERS
    there = {path.name for path in (ROOT / "tests").rglob("*")}
    assert {name for name in TIER_OF if name.endswith(".py")} <= there
    with pytest.raises(pytest.fail.Exception, match="'no_such_tier' not found"):
        pytest.mark.no_such_tier  # noqa: B018


@pytest.mark.parametrize(
    "command",
    [
        ["snakemake", "--version"],
        ["sh", "-c", "snakemake --version"],
        [CLUSTER_PROGRAMS / "python", "--version"],
        compute_driver_executable(),
    ],
)
def test_a_quick_test_cannot_start_what_takes_more(command):
    with pytest.raises(RuntimeError, match="it needs the marker of a tier"):
        subprocess.run(command, check=False)
