"""Another workflow uses this one as a module, with its own configuration and its own rules after it."""

import csv
import shutil

import yaml

from conftest import Workflow, lay_out
from project import ROOT

OUTER = """
configfile: "settings.yaml"

module mircargo:
    snakefile: "../mircargo/Snakefile"
    config: config["mircargo"]

use rule * from mircargo as mircargo_*

rule paper:
    input:
        "results/smoke/cargo/target.tsv",
    output:
        "call.txt",
    default_target: True
    shell:
        "cut -f 3 {input:q} > {output:q}"
"""


def test_rules_of_another_workflow_follow_on_ours(tmp_path):
    lay_out(tmp_path / "mircargo")
    outer = tmp_path / "paper"
    outer.mkdir()
    (outer / "Snakefile").write_text(OUTER)
    settings = yaml.safe_load((ROOT / "config" / "smoke.yaml").read_text())
    (study,) = settings["studies"].values()
    # Paths are those of the outer workflow.
    study["counts"][0]["table"] = shutil.copy(ROOT / "config/example/exosome_counts.tsv", outer / "counts.tsv").name
    study["samples"] = shutil.copy(ROOT / "config/example/smoke_samples.tsv", outer / "samples.tsv").name
    (outer / "settings.yaml").write_text(yaml.safe_dump({"mircargo": settings}))
    result = Workflow(outer).run()
    assert result.returncode == 0, result.stderr
    # The example plants a rise of miR-21 in the exosomes.
    assert (outer / "call.txt").read_text().split() == ["call", "up"]
    with (outer / "results/smoke/cargo/target.tsv").open() as handle:
        assert [row["contrast"] for row in csv.DictReader(handle, delimiter="\t")] == ["exosome_injury"]


def test_all_of_our_rules_can_be_asked_for(tmp_path):
    lay_out(tmp_path / "mircargo")
    outer = tmp_path / "paper"
    shutil.copytree(ROOT / "config", outer / "config")
    (outer / "Snakefile").write_text(OUTER.replace('config["mircargo"]', "config"))
    shutil.copy(ROOT / "config" / "config.yaml", outer / "settings.yaml")
    rules = Workflow(outer).rules_to_run("mircargo_all")
    assert rules["mircargo_write_report"] == 1
    assert rules["mircargo_fit_contrast"] == 2
    assert "paper" not in rules
