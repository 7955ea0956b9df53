"""As much of the profile for Kubernetes as can be held without a cluster: the plan of a run with files on a volume."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SNAKEMAKE = ROOT / ".venv-cluster" / "bin" / "snakemake"
PROFILES = {
    name: yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text()) for name in ("slurm", "kubernetes")
}


def test_groups_are_those_of_the_slurm_profile():
    assert PROFILES["kubernetes"]["groups"] == PROFILES["slurm"]["groups"]


@pytest.mark.skipif(not SNAKEMAKE.exists(), reason="`make test` installs .venv-cluster")
def test_run_is_planned_with_its_files_on_the_volume():
    result = subprocess.run(
        [SNAKEMAKE, "--profile", "profiles/kubernetes", "--default-storage-prefix", str(ROOT),
         "--container-image", "none", "--configfile", "config/smoke.yaml", "--dry-run", "--forceall"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    plan = result.stdout + result.stderr
    assert f"{ROOT}/results/smoke/report.html (retrieve from storage)" in plan
    # The steps of the study, in one job.
    assert re.search(r"^write_report\s+1$", plan, re.MULTILINE)
    assert re.search(r"^fit_contrast\s+1$", plan, re.MULTILINE)
