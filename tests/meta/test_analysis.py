"""From contrasts to sentences, with estimates of metafor 3.8-1 (see test_pooling.py)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from factories import fitted
from mircargo.config import Thresholds, parse
from mircargo.meta.analysis import analyse
from mircargo.meta.study_table import Contribution, PooledStudy
from mircargo.problems import ProblemsFound

ROOT = Path(__file__).parents[2]
FEATURES = pd.DataFrame(
    {
        "feature": ["mmu-miR-21a-5p", "mmu-miR-155-5p"],
        "accession": ["MIMAT0000530", "MIMAT0000165"],
        "species": "mmu",
        "arm": "5p",
        "family": ["mir-21", "mir-155"],
        "sequence": ["UAGCUUAUCAGACUGAUGUUGA", "UUAAUGCUAAUUGUGAUAGGGGU"],
    }
)


def contribution(name, fold, se, status="tested", units=()):
    study, contrast = name.split(".")
    results = fitted(FEATURES["feature"], [fold, 0.5], [se, 0.2], status=[status, "tested"], baseMean=100.0)
    return Contribution(study, contrast, "mmu", results, frozenset(units or [name]))


def analysed(*contributions, target=("mmu-miR-21a-5p", ""), simulated=()):
    studies = {each.study: PooledStudy(FEATURES, *target, each.study in simulated) for each in contributions}
    return analyse("injury", contributions, studies, Thresholds(), target="miR-21-5p")


def test_a_contrast_that_tested_nothing_is_listed_with_its_reason(snapshot):
    found = analysed(
        contribution("a.x", 1.76, 0.30), contribution("b.x", -0.4, 0.25), contribution("c.x", 9.0, 0.1, "outlier"),
        contribution("d.x", 1.9, 0.13), contribution("e.x", 0.87, 0.55), simulated=["d", "c"],
    )  # fmt: skip
    row = found.target.iloc[0]
    assert (row["n_studies"], row["n_contrasts"], row["n_not_pooled"], row["call"]) == (4, 4, 1, "inconclusive")
    assert row[["log2FoldChange", "ci_low", "ci_high", "pvalue"]].tolist() == pytest.approx(
        [1.044958231555, -0.676820710488, 2.766737173597, 0.148954898454], abs=1e-9
    )
    assert row["sentence"] == snapshot
    listed = found.studies[found.studies["feature"] == "mmu-miR-21a-5p"].set_index("study")
    assert listed["status"].tolist() == ["tested", "tested", "outlier", "tested", "tested"]
    assert pd.isna(listed.loc["c", "weight"])
    assert listed["weight"].sum() == pytest.approx(1)
    # The other feature was tested by all five, with one effect: no heterogeneity, SE 0.2 / sqrt(5), 4 df.
    other = found.features.set_index("feature").loc["mmu-miR-155-5p"]
    assert other[["n_contrasts", "tau2", "log2FoldChange"]].tolist() == pytest.approx([5, 0, 0.5])
    assert other["ci_high"] - other["log2FoldChange"] == pytest.approx(2.776445105 * 0.2 / 5**0.5)


def test_contrasts_that_share_samples_are_not_counted_twice(snapshot):
    found = analysed(
        contribution("a.day7", 1.758, 0.31, units=["s1", "s2"]),
        contribution("a.paired", 9.0, 0.1, units=["s2", "s3"]),
        contribution("b.x", 0.42, 0.35, units=["s2"]),
    )
    row = found.target.iloc[0]
    assert row[["log2FoldChange", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [1.098865470852, -7.400661184814, 9.598392126518], abs=1e-9
    )
    assert row["sentence"] == snapshot
    # Where the first of them has nothing, the second speaks.
    found = analysed(
        contribution("a.day7", 1, 0.3, "low_count", ["s1"]), contribution("a.paired", 1.758, 0.31, units=["s1"]),
        contribution("b.x", 0.42, 0.35),
    )  # fmt: skip
    assert found.target["log2FoldChange"].iloc[0] == pytest.approx(1.098865470852, abs=1e-9)


def test_contrasts_of_one_study_without_common_samples_are_pooled_and_that_is_said(snapshot):
    row = analysed(*(contribution(f"a.{name}", 2.0, 0.1) for name in ("x", "y", "z"))).target.iloc[0]
    assert (row["n_studies"], row["n_contrasts"]) == (1, 3)
    assert row["sentence"] == snapshot


@pytest.mark.parametrize(("fold", "call"), [(2.0, "up"), (0.0, "unchanged")])
def test_up_and_unchanged(fold, call, snapshot):
    row = analysed(*(contribution(f"{study}.x", fold, 0.1) for study in "abc")).target.iloc[0]
    assert row["call"] == call
    assert row["sentence"] == snapshot


def test_nothing_to_pool_is_said(snapshot):
    alone = analysed(contribution("a.x", 2.0, 0.1), contribution("b.x", 2.0, 0.1, "all_zero")).target.iloc[0]
    none = analysed(contribution("a.x", 2, 0.1), contribution("b.x", 2, 0.1), target=(None, "no row")).target.iloc[0]
    assert (alone["call"], none["call"]) == ("not_tested", "not_tested")
    assert f"{alone['sentence']}\n{none['sentence']}" == snapshot


def test_all_yaml_holds_the_studies_of_their_own_files():
    everything = yaml.safe_load((ROOT / "config/studies/all.yaml").read_text())
    for file in ("studies/joint_injury", "studies/microglia_ev", "studies/myotube_ev", "config"):
        own = yaml.safe_load((ROOT / f"config/{file}.yaml").read_text())["studies"]
        for name, study in own.items():
            assert everything["studies"][name] == study, name
    assert len(parse(everything).meta) == 2


@pytest.mark.parametrize(
    ("contrasts", "message"),
    [
        (["example.drg_injury"], "contrasts: .*at least 2"),
        (["example.drg_injury", "example.drg_injury"], "named more than once"),
        (
            ["example.drg_injury", "exampel.exosome_injury"],
            "(?s)meta-analysis 'x' names 'exampel.exosome_injury'.*did you mean 'example.exosome_injury'",
        ),
    ],
)
def test_a_meta_analysis_of_unknown_or_too_few_contrasts_is_refused(contrasts, message):
    settings = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    settings["meta"] = {"x": {"title": "x", "contrasts": contrasts}}
    with pytest.raises(ProblemsFound, match=message):
        parse(settings)


def test_no_study_may_take_the_folder_of_the_meta_analyses():
    settings = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    settings["studies"] = {"meta": settings["studies"]["example"]}
    with pytest.raises(ProblemsFound, match="results/meta holds"):
        parse(settings)


def test_sentences_have_the_titles_of_contrasts():
    one, two = contribution("a.day7", 1.7, 0.3, units=["s1"]), contribution("a.day14", 1.4, 0.3, units=["s1"])
    found = analysed(replace(one, title="Week One"), replace(two, title="Week Two"), contribution("b.x", 1.1, 0.2))
    assert "Not pooled: a: Week Two (shares samples or subjects with Week One" in found.target["sentence"].iloc[0]
    assert set(found.studies["contrast"]) == {"day7", "day14", "x"}, "tables have names"
