"""From an accession to the report: a stand-in serves the series, and the run takes its tables from the cache."""

import numpy as np
import pytest

import geo_series as made
from geo_stand_in import counts, serving
from mircargo.io import read_json, read_result
from project import Workflow, lay_out

SERIES = (made.two_fractions, made.tar_of_samples)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Workflow:
    """Begin a study of each series, and run it after the server is gone."""
    project = lay_out(tmp_path_factory.mktemp("accession") / "project")
    own = {"XDG_CACHE_HOME": str(project.folder / "cache"), "MIRCARGO_MIRROR": ""}
    with serving() as server:
        server.add(*(series() for series in SERIES))
        for series in SERIES:
            result = project.call("mircargo", "init", series().accession, MIRCARGO_GEO=f"{server.address}/geo", **own)
            assert result.returncode == 0, result.stderr
    for series in SERIES:
        config = f"{series().accession}.yaml"
        assert project.call("mircargo", "check", config, **own).returncode == 0
        project.complete("--configfile", config, **own)
    return project


def by_hand(seed: int) -> float:
    """Return the log2 fold change of miR-21 in a table of the stand-in, by the median of ratios."""
    table = counts(list("abcdef"), seed=seed)
    logs = np.log(table[(table > 0).all(axis=1)])
    normalised = table.iloc[0] / np.exp(logs.sub(logs.mean(axis=1), axis=0).median())
    return float(np.log2(normalised[3:].mean() / normalised[:3].mean()))


def target(begun, study):
    return read_result(begun.results(study) / "cargo" / "target.tsv").set_index("contrast")


def test_planted_change_is_found_in_both_fractions(begun):
    calls = target(begun, "GSE200004")
    assert calls["call"].to_dict() == {"cell_LPS": "up", "ev_LPS": "up"}
    assert calls["log2FoldChange"].to_dict() == pytest.approx({"cell_LPS": by_hand(2), "ev_LPS": by_hand(3)}, abs=0.02)
    assert (begun.results("GSE200004") / "cargo" / "release" / "release.tsv").exists()
    assert "GSE200004" in (begun.results("GSE200004") / "report.html").read_text()


def test_archive_of_files_of_samples_is_counted_whole(begun):
    calls = target(begun, "GSE200002")
    assert calls["call"].to_dict() == {"spared_nerve_injury": "up"}
    assert calls["log2FoldChange"].tolist() == pytest.approx([by_hand(1)], abs=0.02)
    counted = read_result(begun.results("GSE200002") / "counts" / "counts.tsv").set_index("feature")
    assert counted.to_numpy().sum() == counts(list("abcdef")).to_numpy().sum()
    provenance = read_json(begun.results("GSE200002") / "provenance.json")
    assert "GSE200002_RAW.tar" in str(provenance)
