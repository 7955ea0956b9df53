"""Size factors as configured, by hand and by R, and every way in which a choice cannot be used."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mircargo.checks.libraries import assess
from mircargo.checks.study import examine_study
from mircargo.config import Contrast, SizeFactorChoice, Thresholds, parse
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation, choice_problems, chosen_size_factors
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


def test_features_with_few_reads_take_no_part_but_controls_do():
    # Totals: a 69, b 311, c 297, d 22, e 4700, f 1. With at least 100 reads, within ev b and e are complete.
    ratios = [80 / 31, 520 / 180]
    expected = np.exp(np.median(np.log(ratios)) / 2)
    found = chosen(method="ratio", least=100)
    assert found.values[["s3", "s4"]].tolist() == pytest.approx([expected, 1 / expected])
    controls = {"method": "control_features", "features": ["d"]}
    assert chosen(**controls, least=100).values.equals(chosen(**controls).values)


@pytest.mark.parametrize(
    ("choice", "messages"),
    [
        (
            {"method": "control_features", "features": ["mmu-a", "a"]},
            ["size_factors.features: no feature of the counts has this name", "'mmu-a'", "counts/features.tsv"],
        ),
        (
            {"method": "control_features", "features": ["c", "f"]},
            [
                "features, fraction 'ev'",
                "c has no reads in s3, f has no reads in s3",
                "no control feature has reads in every sample",
            ],
        ),
        ({"method": "column", "column": "dept"}, ["size_factors.column", "'dept'", "did you mean 'depth'"]),
        (
            {"method": "column", "column": "odd"},
            ["a sample without a size factor", "found: s2", "not a size factor", "s3: '0', s4: '1,5'"],
        ),
    ],
    ids=["unknown control", "controls with zeros", "no column", "no numbers"],
)
def test_what_cannot_be_used_is_refused_with_the_reason(choice, messages):
    with pytest.raises(ProblemsFound) as caught:
        chosen(**choice)
    for message in messages:
        assert message in str(caught.value)


@pytest.mark.parametrize(
    ("spikes", "message"),
    [
        (SPIKES.iloc[:0], "there are none"),
        (SPIKES.iloc[1:], "fraction 'cell'.*\n.*UniSp6 has no reads in s2"),
        (SPIKES * 0, "has no reads in any sample"),
        (SPIKES.where(SPIKES != 50), "cel-miR-39-3p has no row in the table of s3"),
    ],
    ids=["absent", "a zero", "all zero", "missing"],
)
def test_spike_ins_that_cannot_be_used(spikes, message):
    with pytest.raises(ProblemsFound, match=message):
        chosen(spikes if len(spikes) < 2 else spikes.iloc[:1], method="spike_ins")


def test_what_stands_beside_other_samples_in_the_column_does_not_matter():
    odd = how(method="column", column="odd")
    assert chosen_size_factors(COUNTS[["s1"]], odd).values.to_dict() == {"s1": 1}


def test_an_empty_library_is_refused_whatever_the_method():
    counts = COUNTS.assign(s2=0)
    for choice in ({"method": "column", "column": "depth"}, {"method": "spike_ins"}, {"method": "tmm"}):
        with pytest.raises(ProblemsFound, match="sample s2: a sample without any read"):
            chosen_size_factors(counts, how(**choice))


def test_what_to_be_wary_of():
    cell, zero, ev = choice_problems(COUNTS, how(method="control_features", features=["a", "c"]))
    assert [each.severity for each in (cell, zero, ev)] == ["warning"] * 3
    assert [each.where.rsplit(" ", 1)[1] for each in (cell, zero, ev)] == ["'cell'", "'ev'", "'ev'"]
    assert (cell.found, zero.found, ev.found) == ("a, c", "c has no reads in s3", "a")
    assert zero.hint == "1 of 2 are used"
    assert choice_problems(COUNTS, how(method="control_features", features=["a", "b", "d", "e"])) == []

    sizes = SHEET.assign(reads=["1297", "3156", "639", "308"])
    [warning] = choice_problems(COUNTS, how(sheet=sizes, method="column", column="reads"))
    assert (warning.severity, warning.found) == ("warning", "a geometric mean of 947")  # by R: 946.9


def test_quality_shows_the_factors_and_the_reads_of_spike_ins():
    factors = chosen(method="poscounts", within_fraction=False)
    table, _ = assess(COUNTS, SHEET["fraction"], factors, SPIKES)
    assert table["size_factor"].tolist() == factors.values.tolist()
    assert table["spike_in_reads"].tolist() == [105, 400, 53, 204]
    assert table["total"].tolist() == COUNTS.sum().tolist()
    assert table["flags"].str.contains("poscounts").all()
    assert "spike_in_reads" not in assess(COUNTS, None, factors)[0]


def study_of(**changes):
    settings = {"title": "t", "species": "mmu", "counts": [{"table": "t.tsv"}], "samples": "s.tsv"}
    settings |= {"contrasts": {"c": {"variable": "group", "level": "case", "reference": "control"}}} | changes
    return parse({"studies": {"mine": settings}})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tmm", "features": ["a"]}, "`features` belongs to `method: control_features`"),
        ({"method": "control_features"}, "`method: control_features` needs `features`"),
        ({"column": "depth"}, "`column` belongs to `method: column`, and the method is auto"),
        ({"method": "column"}, "`method: column` needs `column`"),
        ({"method": "column", "column": "depth", "within_fraction": False}, "`within_fraction` says nothing"),
        ({"method": "spike_ins"}, "needs `spike_ins`, the names"),
        ({"method": "rpm"}, "mine.size_factors.method"),
        ({"methods": "tmm"}, "unknown key.*\n.*\n.*did you mean 'method'"),
    ],
)
def test_settings_that_do_not_fit_together(settings, message):
    with pytest.raises(ProblemsFound, match=message):
        study_of(size_factors=settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "size factors were found within each fraction (median of ratios)."),
        ({"method": "tmm"}, "found within each fraction (trimmed mean of M-values; Robinson and Oshlack 2010"),
        ({"method": "total"}, "found within each fraction (total counts)."),
        ({"method": "poscounts", "within_fraction": False}, "over all fractions together (geometric means of posit"),
        ({"method": "control_features", "features": ["x", "y"]}, "those of the control features x, y that have reads"),
        ({"method": "spike_ins"}, "those of the spike-ins UniSp* that have reads in every sample"),
        ({"method": "column", "column": "depth"}, "were taken from the column 'depth' of the sample sheet."),
    ],
)
def test_methods_paragraph_says_what_was_done(settings, words):
    study = study_of(size_factors=settings, spike_ins=["UniSp*"]).studies["mine"]
    method = settings.get("method", "ratio")
    facts = {"formula": "~ g", "groups": {"a": 2}, "dispersion_trend": "parametric"}
    versions = dict.fromkeys(["mircargo", "snakemake", "pydeseq2"], "1")
    fits = {"c": facts | {"size_factor_methods": {"all": method}, "reduced_formula": None}}
    text = methods_paragraph(study, study_of().thresholds, fits, versions, {})
    assert words in text
    assert "Spike-ins (UniSp*) were kept aside and not fitted." in text


def test_the_check_lists_what_is_wrong_with_the_choice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [f"s{i}" for i in range(1, 9)]
    rows = [f"mmu-miR-{i}-5p\t" + "\t".join(str(i * 7 + j) for j in range(8)) for i in (9, 21, 30)]
    rows += ["cel-miR-39-3p\t" + "\t".join("90000000"), "UniSp6\t" + "\t".join("12345678")]
    (tmp_path / "t.tsv").write_text("\n".join(["feature\t" + "\t".join(names), *rows]) + "\n")
    sheet = [f"{name}\t{'case' if at > 3 else 'control'}" for at, name in enumerate(names)]
    (tmp_path / "s.tsv").write_text("\n".join(["sample\tgroup", *sheet]) + "\n")

    def said(severity, **changes):
        return [each for each in examine_study(study_of(**changes), "mine")[0] if each.severity == severity]

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
    assert (error.what, error.hint) == ("`spike_ins` names a row that no table has", "did you mean 'UniSp6'?")
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
