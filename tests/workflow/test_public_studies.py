"""The three public studies through the whole workflow, their tables taken from a mirror and not from the network."""

import pytest

from label_geometry import faults, kind_of
from mircargo.io import read_json, read_result
from project import Workflow, lay_out
from redrawing import figures_of_study

STUDIES = ("microglia_ev", "joint_injury", "myotube_ev")


@pytest.fixture(scope="module")
def studies(shared, tmp_path_factory) -> Workflow:
    project = lay_out(tmp_path_factory.mktemp("studies") / "project")
    for name in STUDIES:
        arguments = ("--configfile", f"config/studies/{name}.yaml")
        project.complete("--dry-run", *arguments)
        project.complete(*arguments, MIRCARGO_MIRROR=f"/nonexistent:{shared / 'data'}")
    return project


def target(studies, study):
    return read_result(studies.results(study) / "cargo" / "target.tsv").set_index("contrast")


def test_microglia(studies):
    calls = target(studies, "microglia_ev")
    assert calls["call"].to_dict() == {"cell_lps": "up", "ev_lps": "inconclusive"}
    assert calls["log2FoldChange"].to_dict() == pytest.approx({"cell_lps": 1.933, "ev_lps": 0.863}, abs=0.005)
    assert calls["padj"]["ev_lps"] == pytest.approx(0.48, abs=0.005)
    assert calls["note"].str.contains("hairpin mmu-mir-21a").all()

    cargo = studies.results("microglia_ev") / "cargo"
    release = read_result(cargo / "release" / "release.tsv").set_index("feature").loc["mmu-mir-21a"]
    assert release["release_log2FoldChange"] == pytest.approx(-1.029, abs=0.005)
    assert release["release_padj"] == pytest.approx(0.143, abs=0.005)
    assert release["class"] == "undetermined"

    co_cargo = read_result(cargo / "co_cargo.tsv")
    assert len(co_cargo) == 103  # the features that the authors tested in the EVs
    assert co_cargo["tier"].isna().all(), "nothing is co-cargo of a target that did not change"


def test_joint(studies):
    calls = target(studies, "joint_injury")
    assert calls["call"].to_dict() == {"day7_naive": "up", "day7_paired": "up", "day1_paired": "inconclusive"}
    day1 = read_result(studies.results("joint_injury") / "differential" / "day1_paired.tsv")
    assert not (day1["padj"] < 0.05).any()


def test_joint_is_put_to_the_test_pair_by_pair(studies):
    folder = studies.results("joint_injury") / "robustness"
    for name, mice in (("day7_paired", "GHI"), ("day1_paired", "ABC")):
        tried = read_json(folder / f"{name}.json")["variants"]
        assert {each["name"] for each in tried if each["kind"] == "sample"} == {f"without mouse {m}" for m in mice}
    # Not paired, so that each of the nine legs is left out by itself.
    row = target(studies, "joint_injury").loc["day7_naive"]
    assert row["share_same_call"] == 1
    tried = read_json(folder / "day7_naive.json")["variants"]
    assert sum(each["kind"] == "sample" for each in tried) == 9


def test_myotube(studies):
    results = studies.results("myotube_ev")
    # Two against two: none can be left out, and that is said.
    facts = read_json(results / "robustness" / "damaged.json")
    assert [each["name"] for each in facts["not_possible"]] == [
        f"without sample {group}_{i}" for group in ("control", "damaged") for i in (1, 2)
    ]
    calls = target(studies, "myotube_ev")
    assert calls["call"]["damaged"] in ("inconclusive", "unchanged")
    ledger = read_result(results / "counts" / "ledger.tsv")
    assert (ledger["action"] == "summed").sum() == 226
    features = read_result(results / "counts" / "features.tsv")
    assert features["n_source_rows"].sum() == len(ledger) == 2110


def test_tables_are_fetched_once(studies):
    for name in STUDIES:
        assert studies.rules_to_run("--configfile", f"config/studies/{name}.yaml") == {}


@pytest.mark.parametrize("name", STUDIES)
def test_labels_of_figures_belong_to_their_points(studies, name):
    drawn = [each for each in figures_of_study(studies.results(name), studies.folder) if kind_of(each[0])]
    assert len(drawn) >= 4
    assert not [fault for each in drawn for fault in faults(*each)]
