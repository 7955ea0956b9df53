"""A study's results are read when they are asked for, each file once; the tables are those of the contract."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from factories import Made, make
from mircargo.problems import ProblemsFound
from mircargo.report.build import build
from mircargo.results import contract as files
from mircargo.results.reader import StudyResults


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(Made(), tmp_path / "mine")


@pytest.fixture
def opened(monkeypatch, folder) -> Counter[str]:
    """Count how often pandas and `Path.read_text` read each file of the folder."""
    count: Counter[str] = Counter()

    def counting(opener):
        def wrapped(file, *args, **kwargs):
            if isinstance(file, str | Path) and folder in Path(file).parents:
                count[str(Path(file).relative_to(folder))] += 1
            return opener(file, *args, **kwargs)

        return wrapped

    monkeypatch.setattr("pandas.read_csv", counting(pd.read_csv))
    monkeypatch.setattr(Path, "read_text", counting(Path.read_text))
    return count


def test_report_reads_each_file_once(folder, opened):
    build("mine", folder)
    assert {path for path, n in opened.items() if n > 1} == set()
    read = {file.path.format(contrast="c2", comparison="release") for file in (files.FIT_FACTS, files.RELEASE_TABLE)}
    assert opened.keys() >= {"provenance.json", "check.json", "cargo/target.tsv", *read}


def test_nothing_is_read_before_it_is_asked_for(folder, opened):
    results = StudyResults("mine", folder)
    assert not opened
    assert list(results.fit) == ["c1", "c2"]
    assert list(opened) == ["provenance.json"], "which contrasts there are, the configuration says"
    assert results.fit["c2"] is results.fit["c2"]
    assert opened["differential/c2.tsv"] == 1
    assert "differential/c1.tsv" not in opened


def test_paths_are_those_of_a_study(folder):
    study = StudyResults("mine", folder).study
    assert files.FIT.paths(study) == {"c1": "differential/c1.tsv", "c2": "differential/c2.tsv"}
    assert files.BY_CHANCE.paths(study) == {"c2": "cargo/co_cargo/c2.json"}, "of exosomes alone"
    assert files.RELEASE_TABLE.paths(study) == {"release": "cargo/release/release.tsv"}
    assert files.REPORT.paths(study) == {"": "report.html"}


def test_missing_files_are_all_named(folder):
    for path in ("cargo/target.tsv", "differential/c2.tsv"):
        (folder / path).unlink()
    with pytest.raises(ProblemsFound, match=r"cargo/target\.tsv, differential/c2\.tsv"):
        StudyResults("mine", folder).require([files.TARGET_CALLS, files.FIT, files.LIBRARIES])
