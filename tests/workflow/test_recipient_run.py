"""A small study with recipient cells, from counts or from results to the sentence; without them no rule of theirs."""

import json
import math

import pandas as pd
import pytest
import yaml

from mircargo.features.mirbase import load_mature
from mircargo.simulate.recipient import RecipientSetting, simulate_recipient

TITLE = "cells given exosomes"
CONTRAST = {"variable": "given", "level": "exosomes", "reference": "control"}


@pytest.fixture(scope="module")
def cells():
    return simulate_recipient(RecipientSetting(per_group=4, shift=-0.4, n_genes=2000, n_families=12), 3)


def configure(folder, cells, recipient):
    """Write the tables beside the smoke study's; its miRNA miR-21 is that whose targets fall."""
    sequences = load_mature().query("species == 'mmu'").set_index("name")["sequence"]
    seeds = [seed for seed in sequences.str[1:8].drop_duplicates() if seed != "AGCUUAU"]
    names = dict(zip(sorted(set(cells.sites["family"]) - {"planted"}), seeds, strict=False)) | {"planted": "AGCUUAU"}
    cells.sites.assign(seed=cells.sites["family"].map(names))[["seed", "gene", "site_type"]].to_csv(
        folder / "targets.tsv", sep="\t", index=False
    )
    cells.genes.rename_axis("gene").to_csv(folder / "genes.tsv", sep="\t")
    settings = yaml.safe_load((folder / "config" / "smoke.yaml").read_text())
    settings["studies"]["smoke"] |= {
        "recipient": {"title": TITLE, "genes": "genes.tsv"} | recipient,
        "targets": "targets.tsv",
    }
    (folder / "cells.yaml").write_text(yaml.safe_dump(settings))


def answer_of(workflow):
    folder = workflow.results("smoke") / "recipient"
    workflow.complete(f"{folder.relative_to(workflow.folder)}/answer.json", "--configfile", "cells.yaml")
    families = pd.read_csv(folder / "families.tsv", sep="\t", comment="#").set_index("family")
    return json.loads((folder / "answer.json").read_text()), families


def test_counts_of_the_recipient(workflow, cells):
    cells.counts.rename_axis("gene").to_csv(workflow.folder / "cells.tsv", sep="\t")
    cells.sheet.rename_axis("sample").to_csv(workflow.folder / "sheet.tsv", sep="\t")
    configure(workflow.folder, cells, {"counts": "cells.tsv", "samples": "sheet.tsv", "contrast": CONTRAST})
    answer, families = answer_of(workflow)
    assert answer["call"] == families.loc["AGCUUAU", "call"] == "down"
    assert families.loc["AGCUUAU", "ci_low"] < -0.4 < families.loc["AGCUUAU", "ci_high"]
    assert answer["sentence"].startswith("Targets of mmu-miR-21a-5p fall by")
    assert TITLE in answer["sentence"]
    assert answer["replicates"]
    # Without each of eight samples, three filters of low counts, limma-voom.
    assert families.loc["AGCUUAU", "n_variants"] == 8 + 3 + 1
    assert "It holds in" in answer["sentence"]
    robust = pd.read_csv(workflow.results("smoke") / "recipient" / "robustness.tsv", sep="\t", comment="#")
    assert {call: counted["genes"] for call, counted in answer["gene_calls"].items()} == dict(
        robust.loc[robust["call"].isin(["up", "down"]), "call"].value_counts()
    )


def test_results_in_place_of_counts(workflow, cells):
    """Log2 fold changes by hand: means of the logarithms of counts per million."""
    logs = cells.counts.div(cells.counts.sum() / 1e6).add(1).map(math.log2)
    given = cells.sheet["given"] == "exosomes"
    table = pd.DataFrame({"log2FoldChange": logs.loc[:, given].mean(axis=1) - logs.loc[:, ~given].mean(axis=1)})
    table.rename_axis("gene").to_csv(workflow.folder / "cells_results.tsv", sep="\t")
    configure(workflow.folder, cells, {"results": "cells_results.tsv"})
    answer, families = answer_of(workflow)
    assert answer["call"] == families.loc["AGCUUAU", "call"] == "down"
    assert not answer["replicates"]
    assert families.loc["AGCUUAU", "n_variants"] == 0


def test_without_a_recipient_no_rule_of_it_is_planned(workflow):
    planned = workflow.complete("--configfile", "config/smoke.yaml", "--dry-run").stdout
    assert "fit_contrast" in planned
    for rule in ("import_recipient", "fit_recipient", "stress_recipient", "compare_targets"):
        assert rule not in planned
