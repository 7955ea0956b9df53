"""What was typed after `mircargo run`: the configuration, what is Snakemake's, and what can be neither."""

from pathlib import Path

import pytest

from factories import as_text, problems_of
from mircargo.snakemake.command import find_configuration, understand

CONFIGURATION = "studies:\n  x: 1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "config", "rest"),
    [
        ("", None, ""),
        ("mine.yaml", "mine.yaml", ""),
        ("-n mine.yaml", "mine.yaml", "-n"),
        ("mine.yaml --cores 3", "mine.yaml", "--cores 3"),
        ("--cores 3 mine.yaml -p", "mine.yaml", "--cores 3 -p"),
        ("smoke --until fit_contrast", "smoke", "--until fit_contrast"),
        ("microglia_ev -- results/microglia_ev/report.html", "microglia_ev", "-- results/microglia_ev/report.html"),
        ("fit_contrast --report report.zip", None, "fit_contrast --report report.zip"),
    ],
)
def test_configuration_is_told_from_what_is_snakemakes(typed, config, rest):
    command = understand(typed.split())
    assert (command.config, command.arguments) == (config, rest.split())


@pytest.mark.parametrize(
    "typed",
    [
        "exmaple", "counts.tsv", "one.yaml two.yaml", "smoke --configfile one.yaml", "--configfile absent.yaml",
        "--until fit_contrast one.yaml", "--cores many", "--config a=1", "absent.yaml",
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_one_message(typed, folder, snapshot):
    (folder / "counts.tsv").write_text("id\ta\n")
    (folder / "one.yaml").write_text(CONFIGURATION)

    def find(words: list[str]) -> None:
        find_configuration(understand(words))

    assert as_text(problems_of(find, typed.split())) == snapshot


def test_nothing_is_written_beside_another_projects_configuration(folder, snapshot):
    (folder / "config").mkdir()
    (folder / "config" / "config.yaml").write_text("samples: theirs.tsv\n")
    for words in ([], ["example"]):
        assert as_text(problems_of(find_configuration, understand(words))) == snapshot
    assert [path.name for path in folder.rglob("*")] == ["config", "config.yaml"]


def test_configuration_of_the_folder_is_run_and_others_are_asked_about(folder, snapshot):
    (folder / "mine.yaml").write_text(CONFIGURATION)
    assert as_text(problems_of(find_configuration, understand([]))) == snapshot
    (folder / "config").mkdir()
    (folder / "config" / "config.yaml").write_text(CONFIGURATION)
    assert find_configuration(understand([])) == ("config/config.yaml", [])
    assert find_configuration(understand(["mine.yaml"])) == ("mine.yaml", [])


def test_example_is_brought_once_to_where_the_run_is(folder):
    path, written = find_configuration(understand(["--directory", "elsewhere"]))
    assert path == "elsewhere/config/config.yaml"
    assert {"config/config.yaml", "config/README.md", "config/example/samples.tsv"} < set(written)
    assert "yaml-language-server" not in (folder / path).read_text()
    assert find_configuration(understand(["--directory", "elsewhere"])) == (path, [])
