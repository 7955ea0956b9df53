"""The steps across studies, as the rules run them: two species, two contrasts of the same animals."""

from pathlib import Path

import pandas as pd
import pytest

from mircargo.figures.catalogue import OF_META
from mircargo.io import read_json, read_result, write_json, write_table
from stepping import drawn_files, run_step

SEQUENCE = "UAGCUUAUCAGACUGAUGUUGA"
CONTRASTS = {
    "joint.day7": ("mmu", 1.758, 0.31, ["a1", "a2"]),
    "joint.day14": ("mmu", 3.0, 0.2, ["a3", "a4"]),
    "nerve.cut": ("rno", 0.42, 0.35, ["b1", "b2"]),
}
NAMES = {"mmu": ("mmu-miR-21a-5p", "MIMAT0000530"), "rno": ("rno-miR-21-5p", "MIMAT0000790")}


@pytest.fixture
def studies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for each, (species, fold, se, samples) in CONTRASTS.items():
        study, contrast = each.split(".")
        name, accession = NAMES[species]
        facts = {"feature": [name], "accession": [accession], "species": [species], "arm": ["5p"]}
        write_table(pd.DataFrame(facts | {"family": ["mir-21"], "sequence": [SEQUENCE]}), f"{study}/features.tsv")
        row = {"feature": [name], "baseMean": [50.0], "log2FoldChange": [fold], "lfcSE": [se], "padj": [1e-6]}
        write_table(pd.DataFrame(row | {"status": ["tested"]}), f"{study}/{contrast}.tsv")
        facts = {"samples": samples, "groups": {"sham": 1, "injured": 1}}
        write_json(facts, f"{study}/{contrast}.json")
    # Other samples on day 14, but of the animals of day 7.
    sheet = {"sample": ["a1", "a2", "a3", "a4"], "mouse": ["m1", "m2", "m1", "m2"]}
    write_table(pd.DataFrame(sheet), "joint/samples.tsv")
    write_table(pd.DataFrame({"sample": ["b1", "b2"]}), "nerve/samples.tsv")


def test_meta_and_its_figures(studies, tmp_path):
    pooled = {
        "joint": {"species": "mmu", "subject": "mouse", "simulated": True},
        "nerve": {"species": "rno", "subject": "mouse", "simulated": False},
    }
    own = {"name": "injury", "meta": {"title": "Injury", "contrasts": list(CONTRASTS)}, "pooled": pooled}
    fits = ["joint/day7", "joint/day14", "nerve/cut"]
    given = {"differential": [f"{fit}.tsv" for fit in fits], "facts": [f"{fit}.json" for fit in fits]}
    given |= {f"{name}": [f"{study}/{name}.tsv" for study in pooled] for name in ("features", "samples")}
    given["mirbase"] = []
    tables = {"features": "i.tsv", "studies": "i.studies.tsv", "target": "i.target.tsv"}
    known = {"target": "miR-21-5p", "thresholds": {}, "study_titles": {"joint": "Joints", "nerve": "Nerves"}}
    facts = {"facts": "i.json"}
    said = run_step("pool_studies", given, tables | facts, **own, **known).output
    # metafor 3.8-1 of day7 and cut, see test_pooling.py.
    assert "injury: mmu-miR-21a-5p is inconclusive over 2 contrasts of 2 studies (pooled log2 fold change +1.10" in said
    assert "Not pooled: joint.day14 (shares samples or subjects with day7, which is pooled)." in said
    row = read_result("i.tsv").iloc[0]
    assert (row["feature"], row["matched_by"], row["n_studies"]) == ("mmu-miR-21a-5p", "sequence", 2)
    assert row["ci_low"] == pytest.approx(-7.400661184814, abs=1e-9)
    assert read_result("i.studies.tsv")["status"].tolist() == ["tested", "shares_samples", "tested"]
    noted = read_json("i.json")
    assert (noted["title"], noted["heterogeneity"]) == ("Injury", "paule_mandel")
    assert [each["study_title"] for each in noted["contrasts"]] == ["Joints", "Joints", "Nerves"]
    del own["name"]
    run_step("plot_meta", tables, drawn_files(Path("figures"), OF_META, "injury"), **own, thresholds={})
    made = {path.name for path in (tmp_path / "figures").iterdir()}
    assert made == {f"{kind}_injury.{end}" for kind in ("forest", "features") for end in ("svg", "pdf", "png", "tsv")}


def test_expectations(studies):
    # An interval that belongs to its padj: without one beyond 0 there is no call.
    write_table(read_result("nerve/cut.tsv").assign(lfcSE=0.1), "nerve/cut.tsv")
    given = {"features": "nerve/features.tsv", "differential": ["nerve/cut.tsv"]}
    asked = {"cut": {"tissue": "DRG", "model": "nerve transection", "day": 7}}
    own = {"panel": "neuropathic_pain", "target": "miR-21-5p", "species": "rno", "thresholds": {}}
    run_step("compare_expectations", given, {"table": "e.tsv"}, expectations=asked, **own)
    table = read_result("e.tsv")
    told = table[table["expected"] != "no expectation"].set_index("mirna")[["expected", "observed", "agrees"]]
    assert told.loc["miR-21"].tolist() == ["up", "up", "yes"]
    assert told.loc["miR-214"].tolist() == ["down", "not_tested", "open"]
    assert len(told) == 2
