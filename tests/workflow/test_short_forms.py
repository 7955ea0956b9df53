"""A study whose contrasts are left to its sheet, from the configuration to the report."""

import re
import shutil

import pandas as pd

CONFIG = """\
studies:
  opposite:
    title: Opposite changes
    species: mmu
    counts: [{table: opp.tsv}]
    samples: s.tsv
    contrasts:
      wt: {title: Nerve Injury, variable: group, each_level_against: sham, subset: {geno: wt}}
      differs: {variable: group, level: snl, reference: sham, interaction: {geno: ko}}
"""
MADE = ("--configfile", "c.yaml")


def test_contrasts_made_from_the_sheet_run_to_the_report(workflow, shared):
    case = shared / "cases" / "interaction"
    for name in ("opp.tsv", "s.tsv"):
        shutil.copy(case / name, workflow.folder / name)
    (workflow.folder / "c.yaml").write_text(CONFIG)
    said = workflow.complete(*MADE).stdout
    target = pd.read_csv(workflow.results("opposite") / "cargo" / "target.tsv", sep="\t").set_index("contrast")
    # The case is made so that miR-21 rises 4-fold in wt and falls 4-fold in ko.
    assert target["call"].to_dict() == {"wt_snl": "up", "differs": "down"}
    assert target.loc["wt_snl", "log2FoldChange"] > 1.5
    assert target.loc["differs", "log2FoldChange"] < -3
    assert "  Nerve Injury (snl against sham): mmu-miR-21a-5p is up" in said
    assert "in geno ko relative to geno wt, snl against sham (difference of log2 fold changes" in said
    page = (workflow.results("opposite") / "report.html").read_text()
    assert '<option value="wt_snl">Nerve Injury (snl against sham)</option>' in page
    workflow.complete(*MADE, "--report", "snakemake.html")
    labels = set(re.findall(r'"of": "([^"]*)"', (workflow.folder / "snakemake.html").read_text()))
    assert {"Nerve Injury (snl against sham)", "differs"} <= labels
    assert "wt_snl" not in labels

    assert workflow.rules_to_run(*MADE) == {}
    (workflow.folder / "c.yaml").write_text(CONFIG.replace("Nerve Injury", "Injury of the Nerve"))
    again = workflow.rules_to_run(*MADE)
    assert "plot_contrast" in again
    assert not {"import_counts", "fit_contrast", "stress_contrast"} & set(again), "a new title fits nothing again"
