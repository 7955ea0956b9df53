"""The product without a clone: the wheel in an environment of its own, in an empty folder whose name has spaces."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mircargo.io import read_result
from project import contents, copy_sources, on_a_terminal

ANSWER = "  exosome_injury: mmu-miR-21a-5p is up 6.1-fold in exosome"
NEXT = "Next: open results/example/report.html in a browser; for a table of your own: mircargo init TABLE"
# They name the time, the environment and the folder of the run.
OF_THE_RUN = (
    "provenance.json",
    "ro-crate-metadata.json",
    "report.html",
    "study_mqc.json",
    "results.xlsx",
    "study.h5ad",
)


def environment_of_locked_packages(folder: Path) -> Path:
    """Make an environment that has the locked packages but not mircargo; return its folder of packages."""
    subprocess.run([sys.executable, "-m", "venv", folder, "--without-pip"], check=True)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    # A plain path: the .pth files in it, with them the editable installation, are not read.
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return packages


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """Return the command of the wheel, in an environment that has the locked packages but not the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    source = copy_sources(folder / "source")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    subprocess.run([*pip, "wheel", *options, "--wheel-dir", str(folder), str(source)], check=True)
    environment = folder / "environment"
    environment_of_locked_packages(environment)
    (wheel,) = folder.glob("mircargo-*.whl")
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", *options, wheel], check=True)
    shutil.rmtree(source)
    return environment / "bin" / "mircargo"


def call(command: Path, folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # Neither the environment's folder of programs nor that of the tests is on the path.
    path = {"PATH": os.defpath} | variables
    return subprocess.run(
        [command, *arguments], cwd=folder, env=os.environ | path, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="session")
def demonstration(installed, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("run") / "an empty folder"
    folder.mkdir()
    return folder, call(installed, folder, "run")


def test_one_command_in_an_empty_folder_shows_the_product(demonstration, example):
    folder, run = demonstration
    assert run.returncode == 0, run.stderr
    *_, answer, report, after = run.stdout.splitlines()
    assert answer.startswith(ANSWER)
    assert report == "  report: results/example/report.html"
    assert after == NEXT
    assert "Warning" not in run.stderr
    assert {path.name for path in folder.iterdir()} == {".snakemake", "config", "logs", "results"}
    from_clone = contents(example.results("example"), without=OF_THE_RUN)
    assert contents(folder / "results" / "example", without=OF_THE_RUN) == from_clone
    assert (folder / "results/example/report.html").stat().st_size > 1e6


def test_second_run_has_nothing_to_do_and_answers_all_the_same(installed, demonstration):
    folder, first = demonstration
    again = call(installed, folder, "run")
    assert again.returncode == 0, again.stderr
    assert "Nothing to be done" in again.stderr
    assert again.stdout.splitlines() == first.stdout.splitlines()[-5:]
    summary = call(installed, folder, "summary")
    assert summary.stdout.splitlines() == first.stdout.splitlines()[-5:-1]


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (30, 100), (50, 160)])
def test_answer_is_what_a_terminal_ends_with(installed, demonstration, tmp_path, rows, columns):
    folder = tmp_path / "again"
    shutil.copytree(demonstration[0], folder)
    # The panel of progress is drawn for a run of some steps; the answer follows it and nothing is drawn over it.
    command = [installed, "run", "--cores", "2", "--forcerun", "call_target"]
    shown = on_a_terminal(command, folder, os.environ | {"PATH": os.defpath}, rows, columns)
    assert "Total Progress" in shown
    answer = shown[shown.rindex("example (simulated data)") :]
    assert "\x1b" not in answer
    lines = [line.rstrip("\r") for line in answer.splitlines()]
    assert max(map(len, lines)) <= columns
    words = " ".join(" ".join(lines).split())
    assert words.startswith("example (simulated data) drg_injury: mmu-miR-21a-5p is up 2.8-fold")
    assert words.endswith(f"report: results/example/report.html {NEXT}")


def test_dry_run_and_failed_run_give_no_answer(installed, demonstration):
    folder, _ = demonstration
    dry = call(installed, folder, "run", "-n", "--forceall")
    assert dry.returncode == 0, dry.stderr
    assert NEXT not in dry.stdout
    failed = call(installed, folder, "run", "--", "results/example/no_such_file.tsv")
    assert failed.returncode == 1
    assert NEXT not in failed.stdout


def test_own_table_in_three_commands(installed, tmp_path):
    folder = tmp_path / "my study"
    folder.mkdir()
    columns = [f"{group}_{i}" for group in ("sham", "sni") for i in range(1, 5)]
    names = ["mmu-miR-21a-5p", *(f"mmu-miR-{i}-5p" for i in (9, 16, 30, 31, 34, 93, 99, 100, 101, 103, 124, 125))]
    lines = ["\t".join(["id", *columns])]
    for i, name in enumerate(names):
        rise = 4 if i == 0 else 1
        counts = [100 + 37 * i + (11 * i * j) % 29 for j in range(8)]
        lines.append("\t".join([name, *(str(n * (rise if j >= 4 else 1)) for j, n in enumerate(counts))]))
    (folder / "counts.tsv").write_text("\n".join(lines) + "\n")
    begun = call(installed, folder, "init", "counts.tsv", "--species", "mouse")
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.splitlines()[-2:] == ["    mircargo check mine.yaml", "    mircargo run mine.yaml"]
    # What it wrote names no file that is not here.
    assert "$schema" not in (folder / "mine.yaml").read_text()
    checked = call(installed, folder, "check", "mine.yaml")
    assert checked.returncode == 0, checked.stderr
    run = call(installed, folder, "run", "mine.yaml", "--cores", "2")
    assert run.returncode == 0, run.stderr
    (row,) = read_result(folder / "results/mine/cargo/target.tsv").to_dict("records")
    assert (row["feature"], row["call"]) == ("mmu-miR-21a-5p", "up")
    assert row["log2FoldChange"] == pytest.approx(2, abs=0.1)  # 4-fold by construction
    assert run.stdout.splitlines()[-1] == "Next: open results/mine/report.html in a browser"


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        ({}, ["absent.yaml"], "ERROR absent.yaml: there is no such configuration"),
        ({"mine.yaml": "studies: 3\n"}, [], "to do: mircargo run mine.yaml; or mircargo run example"),
        ({"mine.yaml": "studies: 3\n"}, ["mine.yaml"], "ERROR mine.yaml, studies: keys with values are expected here"),
        ({"mine.yaml": "studies: [\n"}, ["-n", "mine.yaml"], "ERROR mine.yaml: this is not valid YAML"),
        ({"mine.yaml": "steps: 3\n"}, ["--cores", "1", "mine.yaml"], "ERROR mine.yaml, steps: unknown key"),
        ({"mine.yaml": "{}\n"}, ["mine.yaml"], "ERROR mine.yaml, studies: this key is missing"),
    ],
)
def test_configuration_that_cannot_be_run_is_said_without_traceback(installed, tmp_path, files, arguments, words):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    run = call(installed, tmp_path, "run", *arguments)
    assert run.returncode == 1
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert 'File "' not in run.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {*files, ".snakemake"}


def test_what_lies_in_the_folder_of_another_project_is_left_alone(installed, tmp_path):
    """Its Snakefile, its profile and its modules are not ours."""
    (tmp_path / "Snakefile").write_text("raise SystemExit('not this one')\n")
    (tmp_path / "profiles" / "default").mkdir(parents=True)
    (tmp_path / "profiles" / "default" / "config.yaml").write_text("no-such-option: true\n")
    for name in ("pandas", "seaborn", "snakemake", "logging"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')\n")
    run = call(installed, tmp_path, "run", "smoke", "--", "results/smoke/figures/pca.svg")
    assert run.returncode == 0, run.stderr
    assert "not this one" not in run.stdout + run.stderr
    assert (tmp_path / "results/smoke/figures/pca.svg").is_file()


def test_missing_table_is_named_with_all_else_that_is_wrong(installed, demonstration, tmp_path):
    shutil.copytree(demonstration[0] / "config", tmp_path / "config")
    (tmp_path / "config/example/drg_counts.tsv").unlink()
    run = call(installed, tmp_path, "run")
    assert run.returncode == 1
    assert "ERROR config/example/drg_counts.tsv: this file does not exist" in run.stderr
    assert "Traceback" not in run.stderr
    assert 'File "' not in run.stderr


def test_study_that_comes_along_is_brought_and_nothing_is_written_over(installed, tmp_path):
    dry = call(installed, tmp_path, "run", "microglia_ev", "-n")
    assert dry.returncode == 0, dry.stderr
    brought = tmp_path / "config/studies/microglia_ev.yaml"
    assert (tmp_path / "config/studies/microglia_ev.samples.tsv").is_file()
    brought.write_text(brought.read_text() + "# mine now\n")
    before = hashlib.sha256(brought.read_bytes()).hexdigest()
    assert call(installed, tmp_path, "run", "microglia_ev", "-n").returncode == 0
    assert hashlib.sha256(brought.read_bytes()).hexdigest() == before


def test_environment_that_conda_makes_gets_the_package_of_the_wheel(installed, tmp_path):
    packages = installed.parents[1].joinpath("lib", environment_of_locked_packages(tmp_path / "conda").parent.name)
    programs = tmp_path / "conda" / "bin"
    variables = {"PATH": f"{programs}{os.pathsep}{os.defpath}", "MIRCARGO_SOURCE": str(packages / "site-packages")}
    script = packages / "site-packages/mircargo/project/envs/mircargo.post-deploy.sh"
    subprocess.run(["bash", script], env=os.environ | variables, check=True)
    shown = call(programs / "mircargo", tmp_path, "--version")
    assert shown.stdout == call(installed, tmp_path, "--version").stdout
    assert (tmp_path / "conda" / "lib" / packages.name / "site-packages/mircargo/project/Snakefile").is_file()


def test_ctrl_c_ends_a_run_in_one_line(installed, tmp_path):
    """As a terminal does: every process of the run gets the signal."""
    with subprocess.Popen(
        [installed, "run", "--cores", "1"], cwd=tmp_path, env=os.environ | {"PATH": os.defpath},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # A shell has its background jobs ignore the signal, and so does what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        for line in process.stderr:
            if line.startswith("Finished jobid"):
                break
        # An interrupt that falls into a callback of Python is lost: a person would press the keys again.
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                printed, rest = process.communicate(timeout=5)
                break
    assert process.returncode == 1
    assert rest.splitlines()[-1] == "Stopped. The same command goes on where it was."
    assert "Traceback" not in rest
    assert NEXT not in printed
    again = call(installed, tmp_path, "run", "--", "results/example/cargo/target.tsv")
    assert again.returncode == 0, again.stderr
