"""Two runs never write the same results: neither a study's, nor the page and the meta-analyses of several."""

import subprocess
import sys

import pytest

from project import lay_out

HOLD = """
import sys
from mircargo.snakemake import lock
lock.take(sys.argv[1:], lock.holder())
print("held", flush=True)
sys.stdin.read()
"""
TWO = """
    second:
        title: Another
        species: mmu
        simulated: true
        counts: [{table: config/example/exosome_counts.tsv}]
        samples: config/example/smoke_samples.tsv
        contrasts: {exosome_injury: {variable: condition, level: injured, reference: control, exosome: true}}
meta: {both: {title: Both, contrasts: [smoke.exosome_injury, second.exosome_injury]}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a project whose run makes a page for two studies, and pools them."""
    project = lay_out(tmp_path_factory.mktemp("turns") / "project")
    smoke = (project.folder / "config/smoke.yaml").read_text()
    # The study is indented by two, and so has to be the other.
    (project.folder / "two.yaml").write_text(smoke + TWO.replace("        ", "    ").replace("    second", "  second"))
    return project


@pytest.mark.parametrize(
    ("held", "named"),
    [("second", "second: another run is at work on this study"),
     ("meta", "results/meta: another run is at work on the meta-analyses"),
     ("index.html", "results/index.html: another run is at work on the page that leads to all reports")],
)  # fmt: skip
def test_a_run_is_told_who_writes_what_it_would_write(held, named, project):
    # The other run is at home elsewhere, and shares the results by a link.
    elsewhere = project.folder.parent / held
    elsewhere.mkdir()
    (project.folder / "results").mkdir(exist_ok=True)
    (elsewhere / "results").symlink_to(project.folder / "results")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, held], cwd=elsewhere, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        result = project.run("--configfile", "two.yaml")
        other.stdin.close()
    assert result.returncode == 1
    assert f"ERROR {named}" in result.stderr
    assert f"found: process {other.pid} on " in result.stderr
    assert "Traceback" not in result.stderr
    assert not list((project.folder / "results").rglob("counts.tsv"))


def test_a_dry_run_takes_no_lock(tmp_path):
    project = lay_out(tmp_path / "project")
    project.complete("--configfile", "config/smoke.yaml", "--dry-run")
    assert not (project.folder / "results").exists()


def test_results_that_cannot_be_locked_are_refused_in_words(tmp_path):
    project = lay_out(tmp_path / "project")
    # Nobody makes a folder there, not even root.
    (project.folder / "results").symlink_to("/proc/sys/none")
    result = project.run("--configfile", "config/smoke.yaml")
    assert result.returncode == 1
    assert "ERROR /proc/sys/none: the system does not let this run lock its results" in result.stderr
    assert "Traceback" not in result.stderr
