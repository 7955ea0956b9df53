"""What was asked, of the small studies that went wrong: what is right stands in their README."""

from pathlib import Path

import pandas as pd
import pytest

from mircargo.checks.study import examine_study
from mircargo.config import Config, Contrast, Thresholds, load
from mircargo.figures import heatmap, ma, volcano
from mircargo.inputs.sheet import read_sheet
from mircargo.io import read_json, read_result
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.problems import ProblemsFound
from mircargo.results import captions
from stepping import run_step

ROOT = Path(__file__).parents[2]


@pytest.fixture
def case(shared, monkeypatch):
    """Go to the folder of a case and read its configuration."""

    def read(folder: str, name: str) -> tuple[str, Config]:
        monkeypatch.chdir(shared / "cases" / folder)
        config = load(name)
        return next(iter(config.studies)), config

    return read


def answer(study: str, config: Config, name: str, folder: Path) -> tuple[pd.DataFrame, dict, pd.Series]:
    """Fit a contrast of a study, stress it and ask for its target, as the workflow does."""
    settings = config.studies[study]
    counts = examine_study(config, study)[1]
    assert counts is not None
    counts.counts.to_csv(folder / "counts.tsv", sep="\t", index_label="feature")
    counts.features.to_csv(folder / "features.tsv", sep="\t", index=False)
    contrast, own = settings.contrasts[name], {"size_factors": settings.size_factors, "fraction": settings.fraction}
    own |= {"name": name, "contrast": contrast, "numeric": settings.numeric, "thresholds": {}}
    counted = {"counts": folder / "counts.tsv", "samples": settings.samples, "spike_ins": []}
    fitted = {"results": folder / f"{name}.tsv", "facts": folder / f"{name}.json"}
    run_step("fit_contrast", counted, fitted, **own, study=settings.model_copy(update={"contrasts": {name: contrast}}))
    stressed = {"robustness": folder / "r.tsv", "variants": folder / "r.variants.tsv", "facts": folder / "r.json"}
    run_step("stress_contrast", counted | {"results": fitted["results"]}, stressed, **own)
    given = {"features": folder / "features.tsv", "differential": [fitted["results"]], "facts": [fitted["facts"]]}
    given |= {"robustness": [stressed["robustness"]], "variants": [stressed["variants"]], "tried": [stressed["facts"]]}
    asked = {"contrasts": {name: contrast}, "target": "miR-21-5p", "species": settings.species, "thresholds": {}}
    run_step("call_target", given, {"target": folder / "target.tsv"}, **asked)
    target = read_result(folder / "target.tsv").iloc[0]
    return read_result(fitted["results"]), read_json(fitted["facts"]), target


def test_interaction(case, tmp_path):
    study, config = case("interaction", "opp.yaml")
    _, facts, target = answer(study, config, "inter", tmp_path)
    assert target["call"] == "up"
    assert "is up 3.9-fold in geno wt, snl against sham (" in target["sentence"]
    assert "4 against 4 samples); the model lets it differ: in geno ko -1.9" in target["sentence"]
    assert facts["asked"]["n_level"] == facts["asked"]["n_reference"] == 4


def test_reduced_that_keeps_the_variable(case):
    study, config = case("reduced", "b.yaml")
    contrast = config.studies[study].contrasts["lrt_of_batch"]
    with pytest.raises(ProblemsFound) as found:
        contrast_design(read_sheet(config.studies[study].samples), contrast, [], "x")
    assert "the reduced model keeps 'group'" in found.value.problems[0].what


@pytest.mark.parametrize(("name", "call"), [("lrt70", "inconclusive"), ("lrt30", "up")])
def test_calls_of_a_joint_test_agree_wherever_they_are_counted(case, tmp_path, name, call):
    study, config = case("reduced", "lrt.yaml")
    results, facts, target = answer(study, config, name, tmp_path)
    settings, alpha = config.studies[study], 0.05
    # By hand: padj is below 0.05, and so is 0 outside the interval.
    beyond = (results["ci_low"] > 0) | (results["ci_high"] < 0)
    expected = set(results.loc[(results["padj"] < alpha) & beyond, "feature"])
    assert "mmu-miR-21a-5p" in set(results.loc[results["padj"] < alpha, "feature"])
    assert ("mmu-miR-21a-5p" in expected) == (call == "up")
    called = ("up", "down")
    drawn = [module.tabulate(results, [], [], alpha) for module in (volcano, ma)]
    stressed = read_result(tmp_path / "r.tsv")
    for table, column in [(results, "call"), *((each, "direction") for each in drawn), (stressed, "call")]:
        assert set(table.loc[table[column].isin(called), "feature"]) == expected, column
    sheet = read_sheet(settings.samples)
    counts = pd.read_csv(tmp_path / "counts.tsv", sep="\t", index_col=0)
    shown = heatmap.tabulate(counts, results, sheet[["day"]], alpha, target=["mmu-miR-21a-5p"])
    assert set(shown["n_changed"]) == {len(expected)}
    n_up = int((results["log2FoldChange"][results["feature"].isin(expected)] > 0).sum())
    caption = captions.of_contrast(str(tmp_path / f"{name}.tsv"), alpha)
    assert f"{n_up} up and {len(expected) - n_up} down at padj below 0.05 and an interval beyond 0." in caption
    assert read_json(tmp_path / "r.json")["n_calls"] == len(expected)
    assert target["call"] == call
    assert facts["asked"]["samples"] == "4 against 4 samples"


def test_a_number_is_asked_by_its_slope(case, tmp_path):
    study, config = case("numeric_contrast", "dose_var.yaml")
    assert not [each for each in examine_study(config, study)[0] if each.severity == "error"]
    _, facts, target = answer(study, config, "case", tmp_path)
    assert "with each unit of dose (log2 fold change per unit +0.17, " in target["sentence"]
    assert "over 12 samples from 0 to 10, adjusted for sex)" in target["sentence"]
    assert facts["asked"]["term"] == "slope"


def test_across_fractions(shared, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = load(str(shared / "cases" / "across_fractions" / "across_fractions.yaml"))
    results, facts, target = answer("x", config, "ev_vs_drg", tmp_path)
    assert facts["size_factors_over_fractions"]
    assert (target["log2FoldChange"], target["padj"]) == (pytest.approx(0.21, abs=0.005), pytest.approx(0.57, abs=0.01))
    assert abs(results["log2FoldChange"].median()) < 0.5


def test_where_r_falls_back_to_a_local_trend_so_do_we(shared):
    counts = pd.read_csv(shared / "cases" / "trend" / "local.tsv", sep="\t", index_col=0)
    sheet = pd.DataFrame({"group": [name.split("_")[0] for name in counts]}, index=counts.columns)
    design = contrast_design(sheet, Contrast(variable="group", level="case", reference="ctrl"), [], "x")
    made = fit(counts, design, Thresholds())
    # By R 4.2.2 with DESeq2 1.38.3: a local fit, and 53 features at padj < 0.05.
    assert made.facts["dispersion_trend"] == "local"
    assert int((made.results["padj"] < 0.05).sum()) == 53
