"""The workflow as the catalog has it: deployed by snakedeploy from a repository, and run as a module."""

import subprocess

import pytest

from export.foreign import FOLDER
from project import Workflow, copy_sources


@pytest.mark.readers
def test_deployed_workflow_runs_the_example_from_a_commit(tmp_path):
    repository = copy_sources(tmp_path / "mircargo")
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-C", str(repository)]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *arguments], check=True)
    folder = tmp_path / "deployed"
    command = [FOLDER / "bin" / "snakedeploy", "deploy-workflow", repository, folder, "--branch", "main"]
    deployed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert deployed.returncode == 0, deployed.stderr
    assert (folder / "config/config.yaml").read_bytes() == (repository / "config/config.yaml").read_bytes()
    assert (folder / "profiles/default/config.yaml").is_file()
    snakefile = folder / "workflow" / "Snakefile"
    text = snakefile.read_text()
    # For a local repository snakedeploy (0.17) writes the path within it alone; for a hosted one, its address and
    # commit. This is the local form of that.
    assert '"workflow/Snakefile"' in text
    snakefile.write_text(text.replace('"workflow/Snakefile"', f'"git+file://{repository}/workflow/Snakefile@main"'))
    run = Workflow(folder).run("--configfile", "config/smoke.yaml")
    assert run.returncode == 0, run.stderr
    assert (folder / "results/smoke/report.html").is_file()
