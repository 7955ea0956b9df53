"""Size factors from spike-ins, from the tables to the facts of the fit; and what another choice makes run again."""

import json
import math

import pytest
import yaml

from mircargo.io import read_counts, read_result

SHEET = "sample\tgroup\n" + "".join(f"s{i}\t{'case' if i > 3 else 'control'}\n" for i in range(1, 7))
ROWS = {
    "mmu-miR-21a-5p": [90, 93, 91, 180, 99, 270],
    "mmu-miR-9-5p": [40, 43, 41, 80, 49, 120],
    "mmu-miR-124-3p": [700, 703, 701, 1400, 709, 2100],
    "mmu-miR-16-5p": [33, 36, 34, 66, 42, 99],
    "cel-miR-39-3p": [100, 100, 200, 200, 400, 400],
}
TARGETS = [f"results/mine/{name}" for name in ("quality/samples.tsv", "differential/injury.tsv")]


def write_study(workflow, **size_factors):
    lines = ["feature\t" + "\t".join(f"s{i}" for i in range(1, 7))]
    lines += ["\t".join([name, *map(str, values)]) for name, values in ROWS.items()]
    table, sheet = workflow.folder / "mine.tsv", workflow.folder / "samples.tsv"
    if not table.exists():  # written once, for a younger file alone makes steps run again
        table.write_text("\n".join(lines) + "\n")
        sheet.write_text(SHEET)
    settings = {"title": "Mine", "species": "mmu", "counts": [{"table": "mine.tsv"}], "samples": "samples.tsv"}
    settings |= {"contrasts": {"injury": {"variable": "group", "level": "case", "reference": "control"}}}
    settings |= {"spike_ins": ["cel-miR-39-3p"], "size_factors": size_factors}
    (workflow.folder / "mine.yaml").write_text(yaml.safe_dump({"studies": {"mine": settings}}))


def test_spike_ins_from_the_table_to_the_fit(workflow):
    write_study(workflow, method="spike_ins")
    workflow.complete("--configfile", "mine.yaml", "--", *TARGETS)
    results = workflow.results("mine")
    assert "cel-miR-39-3p" not in read_counts(results / "counts" / "counts.tsv").index
    assert read_counts(results / "counts" / "spike_ins.tsv").loc["cel-miR-39-3p"].tolist() == ROWS["cel-miR-39-3p"]
    samples = read_result(results / "quality" / "samples.tsv").set_index("sample")
    assert samples["spike_in_reads"].tolist() == ROWS["cel-miR-39-3p"]
    # The geometric mean of the spike-in is 200.
    assert samples["size_factor"].tolist() == pytest.approx([0.5, 0.5, 1, 1, 2, 2])
    facts = json.loads((results / "differential" / "injury.json").read_text())
    assert facts["size_factors"] == pytest.approx(samples["size_factor"].to_dict())
    assert facts["size_factor_methods"] == {"all": "spike_ins"}

    assert workflow.rules_to_run("--configfile", "mine.yaml", "--", *TARGETS) == {}
    write_study(workflow, method="tmm")
    again = workflow.rules_to_run("--configfile", "mine.yaml", "--", *TARGETS)
    assert again == {"assess_quality": 1, "fit_contrast": 1}


def test_totals_and_the_mode_from_the_table_to_the_fit_and_its_stress_test(workflow):
    totals = [sum(values[sample] for name, values in ROWS.items() if name.startswith("mmu")) for sample in range(6)]
    write_study(workflow, method="total")
    workflow.complete("--configfile", "mine.yaml", "--", *TARGETS)
    path = workflow.results("mine") / "differential" / "injury.json"
    facts = json.loads(path.read_text())
    middle = math.prod(totals) ** (1 / 6)
    assert list(facts["size_factors"].values()) == pytest.approx([total / middle for total in totals])
    assert facts["size_factor_methods"] == {"all": "total"}
    assert (facts["scale"]["kept"], facts["scale"]["instead"]) == ("total", "typical")
    # One spike-in's reads say what the counts cannot, and under its name.
    added = [math.log2(total / reads) for total, reads in zip(totals, ROWS["cel-miR-39-3p"], strict=True)]
    change = sum(added[3:]) / 3 - sum(added[:3]) / 3
    assert math.log2(facts["global_change"]["total"]["estimate"]) == pytest.approx(change)
    assert facts["scale_model"]["rests_on"] == "spike_ins"

    write_study(workflow, method="mode")
    stressed = "results/mine/robustness/injury.json"
    workflow.complete("--configfile", "mine.yaml", "--", TARGETS[1], stressed)
    about_mode = json.loads(path.read_text())
    assert about_mode["size_factor_methods"] == {"all": "mode"}
    assert about_mode["scale"]["kept"] == "typical"
    variants = json.loads((workflow.folder / stressed).read_text())["variants"]
    assert {"median of ratios", "poscounts"} <= {each["name"].removeprefix("with ") for each in variants}
