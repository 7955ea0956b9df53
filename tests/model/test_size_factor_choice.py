"""Size factors as configured, by hand and by R, and every way in which a choice cannot be used."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from factories import as_text, problems_of, study_of, write_study
from mircargo.checks.libraries import assess
from mircargo.checks.study import examine_study
from mircargo.config import Contrast, SizeFactorChoice, Thresholds
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation, choice_problems, chosen_size_factors
from mircargo.model.normalisation.size_factors import assumed
from mircargo.problems import ProblemsFound
from mircargo.report.methods import methods_paragraph

COUNTS = pd.DataFrame(
    {
        "s1": [10, 80, 200, 7, 1000, 0],
        "s2": [20, 120, 7, 9, 3000, 0],
        "s3": [35, 80, 0, 4, 520, 0],
        "s4": [4, 31, 90, 2, 180, 1],
    },
    index=list("abcdef"),
)
SHEET = pd.DataFrame(
    {"fraction": ["cell", "cell", "ev", "ev"], "depth": ["2", "0.5", "1.25", "1e0"], "odd": ["1", None, "0", "1,5"]},
    index=list(COUNTS),
)
SPIKES = pd.DataFrame(
    {"s1": [100, 5], "s2": [400, 0], "s3": [50, 3], "s4": [200, 4]}, index=["cel-miR-39-3p", "UniSp6"], dtype="Int64"
)
SPIKE_FACTORS = [100, 400, 50, 200] / np.exp(np.log([100, 400, 50, 200]).mean())


def how(spike_ins=SPIKES, sheet=SHEET, **choice) -> Normalisation:
    return Normalisation(sheet, SizeFactorChoice(**choice), "fraction", spike_ins)


def chosen(spike_ins=SPIKES, least=0, **choice):
    return chosen_size_factors(COUNTS, how(spike_ins, **choice), least)


@pytest.mark.parametrize(
    ("choice", "expected", "methods", "n_features"),
    [
        # By R: estimateSizeFactorsForMatrix(controlGenes=) of each fraction, and estimateSizeFactors of all.
        (
            {"method": "control_features", "features": ["a", "c", "d"]},
            [0.881917103688, 1.133893419028, 2.045311744618, 0.488923022435],
            dict.fromkeys(["cell", "ev"], "control_features"),
            {"cell": 3, "ev": 2},
        ),
        (
            {"method": "control_features", "features": ["d", "c", "a"], "within_fraction": False},
            [1.068686809462, 1.713711383473, 1.511351379870, 0.361282081596],
            {"all": "control_features"},
            {"all": 2},
        ),
        (
            {"method": "poscounts", "within_fraction": False},
            [1.372239119286, 1.716048623835, 0.982222502747, 0.432345293082],
            {"all": "poscounts"},
            {"all": 6},
        ),
        # By hand: only cel-miR-39-3p has reads in every sample, so the ratios to its geometric mean; within
        # fractions two spike-ins stand in ev, ratios 1/2 and sqrt(3)/2, of which the median is the root of the product.
        ({"method": "spike_ins", "within_fraction": False}, SPIKE_FACTORS, {"all": "spike_ins"}, {"all": 1}),
        (
            {"method": "spike_ins"},
            [0.5, 2, (3 / 16) ** 0.25, (16 / 3) ** 0.25],
            dict.fromkeys(["cell", "ev"], "spike_ins"),
            {"cell": 1, "ev": 2},
        ),
        ({"method": "column", "column": "depth"}, [2, 0.5, 1.25, 1], {"all": "column"}, {"all": 0}),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) and "method" in value else "",
)
def test_each_choice(choice, expected, methods, n_features):
    found = chosen(**choice)
    assert found.values.to_numpy() == pytest.approx(np.asarray(expected), rel=1e-11)
    assert (found.methods, found.n_features) == (methods, n_features)
    # What a user names is given: the scale of the fitted features is assumed by the other methods alone.
    assert assumed(found) == (choice["method"] == "poscounts")


def test_features_with_few_reads_take_no_part_but_controls_do():
    # Totals: a 69, b 311, c 297, d 22, e 4700, f 1. With at least 100 reads, within ev b and e are complete.
    ratios = [80 / 31, 520 / 180]
    expected = np.exp(np.median(np.log(ratios)) / 2)
    found = chosen(method="ratio", least=100)
    assert found.values[["s3", "s4"]].tolist() == pytest.approx([expected, 1 / expected])
    controls = {"method": "control_features", "features": ["d"]}
    assert chosen(**controls, least=100).values.equals(chosen(**controls).values)


MIRS = pd.DataFrame({"s1": [9, 8, 7], "s2": [1, 2, 3], "s3": [4, 4, 4]}, index=["mir_a", "mir_b", "let_c"])
THREE = pd.DataFrame({"s1": [100, 5, 0], "s2": [400, 0, 0], "s3": [50, 3, 0]}, ["one", "two", "three"], dtype="Int64")
NOT_LISTED = THREE.assign(s3=pd.array([pd.NA, 3, pd.NA], dtype="Int64"))
PLAIN = pd.DataFrame({"fraction": ["ev"] * 3}, index=list(MIRS))
APART = PLAIN.assign(fraction=["ev", "cell", "ev"])


def choice(counts=MIRS, sheet=PLAIN, spikes=THREE, **changes) -> tuple[pd.DataFrame, Normalisation]:
    return counts, how(spikes, sheet, **changes)


def of_spike_ins(spikes=THREE, **more):
    return choice(spikes=spikes, method="spike_ins", **more)


def of_features(*features, **more):
    return choice(method="control_features", features=list(features), **more)


def of_column(*depths, column="depth"):
    return choice(sheet=PLAIN.assign(depth=depths), method="column", column=column)


ALL = {"counts": COUNTS, "sheet": SHEET}
CHOICES = {
    "spike-ins with zeros": of_spike_ins(),
    "spike-ins that one table lacks": of_spike_ins(NOT_LISTED),
    "no spike-ins": of_spike_ins(None),
    "an empty table of spike-ins": of_spike_ins(THREE.iloc[:0]),
    "spike-ins without reads": of_spike_ins(THREE * 0),
    "one spike-in in each of two fractions": of_spike_ins(THREE.iloc[:1], sheet=APART),
    "a spike-in with a zero in one fraction": of_spike_ins(SPIKES.iloc[1:], **ALL),
    "names of control features": of_features("MIR", "mir_", "lett_c", "zzzz", "mir_a"),
    "control features with zeros": of_features("c", "f", **ALL),
    "few control features": of_features("a", "c", **ALL),
    "enough control features": of_features("mir_a", "mir_b", "let_c"),
    "enough control features of two fractions": of_features("a", "b", "d", "e", **ALL),
    "no such column": of_column(1, 1, 1, column="dept"),
    "no numbers": of_column("1,5", None, "-2"),
    "a zero": of_column("0", "1", "1"),
    "large size factors": of_column("100", "1000", "10000"),
    "just too large": of_column("10.1", "10.1", "10.1"),
    "large but not too large": of_column("9.9", "9.9", "9.9"),
    "just too small": of_column("0.09", "0.09", "0.09"),
    "small but not too small": of_column("0.11", "0.11", "0.11"),
    "auto": choice(method="auto"),
    "poscounts": choice(method="poscounts"),
}


@pytest.mark.parametrize("case", CHOICES)
def test_what_the_check_says_of_a_choice_and_that_the_fit_refuses_the_same(case, snapshot):
    counts, chosen = CHOICES[case]
    found = choice_problems(counts, chosen)
    errors = [each for each in found if each.severity == "error"]
    assert as_text(found) == snapshot
    if errors:
        assert problems_of(chosen_size_factors, counts, chosen) == errors
    else:
        assert chosen_size_factors(counts, chosen).values.notna().all()


def test_no_feature_in_all_samples_is_said_of_the_choice(snapshot):
    zeros = pd.DataFrame(1 - np.eye(3, dtype=int), columns=list(MIRS))
    assert as_text(problems_of(chosen_size_factors, *choice(zeros, method="ratio", within_fraction=False))) == snapshot


def test_features_with_as_many_reads_as_asked_take_part():
    # Totals 14, 14, 14: with at least 14 all three, the median of their ratios; with 15 none, and so all are taken.
    ratios = Normalisation(PLAIN, SizeFactorChoice(method="ratio"))
    for least in (14, 15):
        assert chosen_size_factors(MIRS, ratios, least).n_features == {"ev": 3}
    odd = MIRS.assign(s3=[3, 4, 4])
    assert chosen_size_factors(odd, ratios, 14).n_features == {"ev": 2}


def test_what_stands_beside_other_samples_in_the_column_does_not_matter():
    odd = how(method="column", column="odd")
    assert chosen_size_factors(COUNTS[["s1"]], odd).values.to_dict() == {"s1": 1}


def test_an_empty_library_is_refused_whatever_the_method():
    counts = COUNTS.assign(s2=0)
    for choice in ({"method": "column", "column": "depth"}, {"method": "spike_ins"}, {"method": "tmm"}):
        with pytest.raises(ProblemsFound, match="sample s2: a sample without any read"):
            chosen_size_factors(counts, how(**choice))


def test_quality_shows_the_factors_and_the_reads_of_spike_ins():
    factors = chosen(method="poscounts", within_fraction=False)
    table, _ = assess(COUNTS, SHEET["fraction"], factors, SPIKES)
    assert table["size_factor"].tolist() == factors.values.tolist()
    assert table["spike_in_reads"].tolist() == [105, 400, 53, 204]
    assert table["total"].tolist() == COUNTS.sum().tolist()
    assert table["flags"].str.contains("poscounts").all()
    assert "spike_in_reads" not in assess(COUNTS, None, factors)[0]


SETTINGS = {
    "nothing": {},
    "TMM": {"method": "tmm"},
    "totals": {"method": "total"},
    "over fractions": {"method": "poscounts", "within_fraction": False},
    "control features": {"method": "control_features", "features": ["x", "y"]},
    "spike-ins": {"method": "spike_ins"},
    "a column": {"method": "column", "column": "depth"},
}


@pytest.mark.parametrize("case", SETTINGS)
def test_methods_paragraph_says_what_was_done(case, snapshot):
    study = study_of(size_factors=SETTINGS[case], spike_ins=["UniSp*"])
    method = SETTINGS[case].get("method", "ratio")
    facts = {"formula": "~ g", "groups": {"a": 2}, "dispersion_trend": "parametric"}
    versions = dict.fromkeys(["mircargo", "snakemake", "pydeseq2"], "1")
    fits = {"c": facts | {"size_factor_methods": {"all": method}, "reduced_formula": None}}
    text = methods_paragraph(study, Thresholds(), fits, versions, {})
    assert re.search(r"size factors were [^.]*", text)[0] == snapshot
    assert "Spike-ins (UniSp*) were kept aside and not fitted." in text


UNFIT = {
    "features of another method": {"method": "tmm", "features": ["a"]},
    "control features without names": {"method": "control_features"},
    "a column of another method": {"column": "depth"},
    "a column without a name": {"method": "column"},
    "a column within fractions": {"method": "column", "column": "depth", "within_fraction": False},
    "spike-ins without names": {"method": "spike_ins"},
    "an unknown method": {"method": "rpm"},
    "an unknown key": {"methods": "tmm"},
}


@pytest.mark.parametrize("case", UNFIT)
def test_settings_that_do_not_fit_together(case, snapshot):
    assert as_text(problems_of(study_of, size_factors=UNFIT[case])) == snapshot


def test_the_check_lists_what_is_wrong_with_the_choice(tmp_path):
    rows = {f"mmu-miR-{i}-5p": [i * 7 + j for j in range(8)] for i in (9, 21, 30)}
    rows |= {"cel-miR-39-3p": [9, 0, 0, 0, 0, 0, 0, 0], "UniSp6": list(range(1, 9))}
    table = pd.DataFrame(rows, index=[f"s{i}" for i in range(1, 9)]).T

    def said(severity, **changes):
        config = write_study(tmp_path, table, ["control"] * 4 + ["case"] * 4, **changes)
        return [each for each in examine_study(config, "mine")[0] if each.severity == severity]

    [fitted] = [each for each in said("warning") if "spike-ins" in each.what]
    assert fitted.found == "cel-miR-39-3p, UniSp6"
    spiked = {"spike_ins": ["cel-miR-39*", "unisp6"], "size_factors": {"method": "spike_ins"}}
    assert said("error", **spiked) == []
    warnings = {each.what.split(",")[0].split(";")[0]: each for each in said("warning", **spiked)}
    assert warnings["a spike-in without reads in some sample cannot be used"].found == (
        "cel-miR-39-3p has no reads in s2, s3, s4, s5 and 3 more"
    )
    assert warnings["size factors rest on fewer than 3 spike-ins"].found == "UniSp6"
    [error] = said("error", spike_ins=["cel-miR-39-3p"], size_factors={"method": "spike_ins"})
    assert error.where == "studies.mine.size_factors"
    [error] = said("error", spike_ins=["UniSp4"])
    assert (error.what, error.hint) == (
        "`spike_ins` names a row that no table has",
        "did you mean 'UniSp6'? write it as the table does, or take it out",
    )
    [error] = said("error", size_factors={"method": "control_features", "features": ["miR-9-5p"]})
    assert error.where == "studies.mine.size_factors.features"
    assert error.hint == "there is mmu-miR-9-5p; names are those of counts/features.tsv"


@pytest.mark.parametrize(
    ("fractions", "over"),
    [
        ("ddddeeee", True),  # each group is a fraction
        ("dededede", False),  # both groups have both
        ("dddddddd", False),
        ("ddddeeed", False),  # one of the second group is of the first's fraction
        ("d-ddeee-", True),  # two are not known
    ],
)
def test_fractions_that_are_compared_are_normalised_over(fractions, over):
    samples = [f"s{i}" for i in range(8)]
    sheet = pd.DataFrame({"fraction": [None if each == "-" else each for each in fractions]}, index=samples)
    groups = pd.Series(np.repeat(["one", "two"], 4), index=samples)
    configured = how(sheet=sheet)
    found = configured.between(groups)
    assert found.choice.within_fraction is not over
    assert (found is configured) is not over
    # A depth that differs tenfold between the groups, and nothing else: the size factors take it up.
    counts = pd.DataFrame(np.outer(np.arange(20, 60), np.where(groups == "two", 1, 10)), columns=samples)
    values = chosen_size_factors(counts, found).values
    ratio = np.exp(np.log(values[groups == "one"]).mean() - np.log(values[groups == "two"]).mean())
    if over:
        assert ratio == pytest.approx(10)


def test_a_contrast_of_fractions_in_the_example(tmp_path, monkeypatch):
    """Size factors within fractions would make of it that miR-21 is down 24.6-fold in the exosomes of controls."""
    monkeypatch.chdir(Path(__file__).parents[2])
    sheet = read_sheet("config/example/samples.tsv")
    subset = {"condition": "control"}
    contrast = Contrast(variable="fraction", level="exosome", reference="drg", subset=subset)
    design = contrast_design(sheet, contrast, [], "x")
    tables = [read_table(f"config/example/{name}_counts.tsv") for name in ("drg", "exosome")]
    counts = pd.concat([each.counts.set_axis(each.ids, axis=0) for each in tables], axis=1)[list(design.matrix.index)]
    between = Normalisation(sheet).between(sheet.loc[list(counts), "fraction"])
    factors = chosen_size_factors(counts, between, 10)
    found = fit(counts, design, Thresholds(min_total_count=10), factors=factors).results.set_index("feature")
    assert found.loc["mmu-miR-21a-5p", "log2FoldChange"] == pytest.approx(0.21, abs=0.005)
    assert found.loc["mmu-miR-21a-5p", "padj"] == pytest.approx(0.57, abs=0.005)
