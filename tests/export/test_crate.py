"""The RO-Crate: what it says of files, inputs and software."""

import hashlib

import pytest

from mircargo.export.crate import describe
from mircargo.problems import ProblemsFound


@pytest.fixture
def graph(folder):
    return {each["@id"]: each for each in describe("tiny", folder)["@graph"]}


def test_files_are_described_with_size_and_checksum(folder, graph):
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {part for part in parts if not part.startswith("https:")} == there
    for name in there:
        content = (folder / name).read_bytes()
        assert graph[name]["contentSize"] == str(len(content))
        assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert graph[name]["description"]
    assert graph["counts/counts.tsv"]["encodingFormat"] == "text/tab-separated-values"


def test_run_leads_from_inputs_to_results(graph):
    run = graph["#run"]
    assert [each["@id"] for each in run["object"]] == ["#input/a.csv", "https://example.org/b.tsv"]
    assert graph["#input/a.csv"]["sha256"] == "1" * 64
    assert graph["https://example.org/b.tsv"]["sha256"] == "0" * 64
    assert run["endTime"] == graph["./"]["datePublished"] == "2024-02-29T12:00:00+00:00"
    tool = graph[run["instrument"]["@id"]]
    assert (tool["name"], tool["softwareVersion"]) == ("mircargo", "0.1.0")
    assert {graph[each["@id"]]["name"] for each in tool["softwareRequirements"]} == {"snakemake", "pydeseq2"}


def test_licence_and_author_are_only_what_was_said(folder, graph):
    assert graph[graph["./"]["license"]["@id"]]["name"] == "No licence stated"
    assert "author" not in graph["./"]
    licence = "https://creativecommons.org/licenses/by/4.0/"
    stated = {each["@id"]: each for each in describe("tiny", folder, licence, "A. Person")["@graph"]}
    assert stated["./"]["license"] == {"@id": licence}
    assert stated[stated["#run"]["agent"]["@id"]]["name"] == "A. Person"


def test_other_study_is_refused(folder):
    with pytest.raises(ProblemsFound, match="no such study"):
        describe("other", folder)
