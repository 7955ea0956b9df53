"""What cannot be asked of a study: what, where, what was found, and what to do, word by word."""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Comparison, Contrast, SizeFactorChoice, Thresholds
from mircargo.model.design.matrix import Design, contrast_design, independent_columns, release_design
from mircargo.model.design.samples import contrast_samples
from mircargo.model.engines.deseq2 import fit
from mircargo.model.engines.limma_voom import voom
from mircargo.model.engines.moderation import Prior, inverse_trigamma, moderated, variance_prior
from mircargo.model.engines.voom_about_mode import voom_about_mode
from mircargo.model.normalisation.choice import choice_problems, chosen_size_factors
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors
from mircargo.problems import Problem, ProblemsFound

GROUPS = ["zero", "zero", "zero", "any", "any", "any"]
CONTRAST = Contrast(variable="group", level="any", reference="zero")


def sheet(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=[f"s{i}" for i in range(n)])


def problems_of(function, *arguments, **more) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        function(*arguments, **more)
    return found.value.problems


NO_COLUMN = "the sample sheet has no such column"
FORMULA = "join column names by + : *, for instance `~ batch + condition`; functions are not taken"
ALIKE = "leave 'batch' out of the blocking and say so, or have it in both groups in the next experiment"
ONE = "one sample shows no variation; widen the subset or leave the contrast out"
SATURATED = "the model has as many coefficients as samples, so no variation is left to test against"


@pytest.mark.parametrize(
    ("columns", "changes", "expected"),
    [
        ({}, {"variable": "grop"}, [Problem(NO_COLUMN, "x", "'grop'", "did you mean 'group'? it has group")]),
        (
            {"column": list("abcdef")},
            {"blocking": ["zz", "yy", "zz"]},
            [Problem(NO_COLUMN, "x", "'zz'", "it has group"), Problem(NO_COLUMN, "x", "'yy'", "it has group")],
        ),
        (
            {},
            {"level": "An", "blocking": ["zz"]},
            [
                Problem(
                    "no sample has this value in column 'group'",
                    "x.level",
                    "'An'",
                    "did you mean 'any'? it has zero, any",
                ),
                Problem(NO_COLUMN, "x", "'zz'", "it has group"),
            ],
        ),
        (
            {"tissue": list("aabbcc")},
            {"subset": {"tissue": ["q"]}, "reference": "naught"},
            [
                Problem("no sample has this value in column 'tissue'", "x.subset", "'q'", "it has a, b, c"),
                Problem("no sample has this value in column 'group'", "x.reference", "'naught'", "it has zero, any"),
            ],
        ),
        (
            {"tissue": list("abbbbb")},
            {"subset": {"tissue": ["a"]}},
            [
                Problem("a group with no sample cannot be tested", "x", "no sample of 'any' is in the subset", ONE),
                Problem("a group with one sample cannot be tested", "x", "'zero' has s0", ONE),
            ],
        ),
        (
            {"batch": ["a", None] * 3},
            {"blocking": ["batch"]},
            [
                Problem(
                    "column 'batch' has no value",
                    "x",
                    "samples s1, s3, s5",
                    "fill it in, or leave these samples out of the subset",
                )
            ],
        ),
        (
            {"batch": list("aabccd")},
            {"blocking": ["batch"]},
            [
                Problem(
                    "'batch' and 'group' are confounded: 'batch' determines 'group', and their effects cannot be told"
                    " apart",
                    "x",
                    "any: batch c, d; zero: batch a, b",
                    ALIKE,
                )
            ],
        ),
        (
            {"one": list("ababab"), "two": list("cdcdcd")},
            {"blocking": ["one", "two"]},
            [
                Problem(
                    "'one' determines 'two': each 'one' has one 'two', so 'two' adds nothing",
                    "x",
                    "~ one + two + group",
                    "leave 'two' out of the model",
                )
            ],
        ),
        (
            {"one": list("abcabc"), "two": list("efgfge")},
            {"blocking": ["one", "two"]},
            [Problem(SATURATED, "x", "6 samples, 6 coefficients: ~ one + two + group", "leave out a blocking column")],
        ),
        ({}, {"design": "group"}, [Problem("this is not a model formula", "x.design", "group", FORMULA)]),
        ({}, {"design": "~ group & x"}, [Problem("this is not a model formula", "x.design", "~ group & x", FORMULA)]),
        (
            {},
            {"design": "~ group + grup"},
            [Problem(NO_COLUMN, "x.design", "'grup'", "did you mean 'group'? it has group")],
        ),
        (
            {"day run": list("aabbab")},
            {"design": "~ `day run`"},
            [Problem("the design leaves out the contrast's variable", "x.design", "~ `day run`", "add `+ group`")],
        ),
        (
            {"age": list("12345x")},
            {"blocking": ["age"]},
            [Problem("column 'age' is configured as numeric and has other values", "x", "'x' for sample s5")],
        ),
        (
            {"batch": list("ababab")},
            {"reduced": "~ batch"},
            [
                Problem(
                    "the reduced model is no part of the full one",
                    "x.reduced",
                    "~ batch",
                    "take terms of the full model only",
                )
            ],
        ),
        (
            {"batch": list("ababab")},
            {"blocking": ["batch"], "reduced": "~ batch + group"},
            [
                Problem(
                    "the reduced model keeps 'group', so the test would be of something else",
                    "x.reduced",
                    "~ batch + group",
                    "leave it out of `reduced`, with its interactions; what `reduced` lacks is what is tested. How a"
                    " change differs between levels of another column is asked for by `interaction`",
                )
            ],
        ),
        (
            {"one": list("ababab"), "two": list("cdcdcd")},
            {"design": "~ one + group", "reduced": "~ one + two"},
            [
                Problem(
                    "the columns of the reduced model are confounded",
                    "x.reduced",
                    "~ one + two",
                    "leave one of its terms out",
                )
            ],
        ),
        (
            {"batch": ["a", None] * 3},
            {"reduced": "~ batch"},
            [
                Problem(
                    "column 'batch' has no value",
                    "x",
                    "samples s1, s3, s5",
                    "fill it in, or leave these samples out of the subset",
                )
            ],
        ),
    ],
)
def test_contrasts_that_cannot_be_asked(columns, changes, expected):
    asked = CONTRAST.model_copy(update=changes)
    assert problems_of(contrast_design, sheet(group=GROUPS, **columns), asked, ["age"], "x") == expected


def test_a_joint_test_takes_every_group_and_keeps_its_formulas():
    table = sheet(group=["zero", "any", "more", None] * 2 + ["zero", "any"], batch=list("aababbaaab"))
    asked = CONTRAST.model_copy(update={"reduced": "~ batch", "blocking": ["batch"]})
    design = contrast_design(table, asked, [], "x")
    assert (design.formula, design.reduced_formula) == ("~ batch + group", "~ batch")
    assert design.groups == {"zero": 3, "any": 3, "more": 2}
    assert list(design.reduced.columns) == ["Intercept", "batch[T.b]"]
    assert list(design.matrix.columns) == ["Intercept", "batch[T.b]", "group[T.any]", "group[T.more]"]
    assert design.contrast.tolist() == [0, 0, 1, 0]
    assert design.residual_degrees_of_freedom == 4
    assert design.question == ("group",)
    two = contrast_design(table, CONTRAST, [], "x")
    assert (two.groups, two.reduced, two.reduced_formula) == ({"zero": 3, "any": 3}, None, "")
    assert list(contrast_samples(table, CONTRAST, "x").index) == ["s0", "s1", "s4", "s5", "s8", "s9"]


def test_formulas_quote_what_is_no_plain_name():
    table = sheet(group=GROUPS, **{"Day 1": list("ababab"), "_Ok9": list("abbaab")})
    design = contrast_design(table, CONTRAST.model_copy(update={"blocking": ["Day 1", "_Ok9"]}), [], "x")
    assert design.formula == "~ `Day 1` + _Ok9 + group"


def both(**changes) -> pd.DataFrame:
    return sheet(
        **{"group": GROUPS * 2, "fraction": ["drg"] * 6 + ["exosome"] * 6, "subject": list("abcdef") * 2} | changes
    )


def release(table, sides=("exosome", "drg"), numeric=(), **changes):
    parts = [CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in sides]
    return release_design(table, Comparison(exosome="e", source="s", **changes), *parts, list(numeric), "x")


def test_releases_that_cannot_be_asked():
    assert problems_of(release, both(), fraction="fracton", blocking=["q"]) == [
        Problem(NO_COLUMN, "x", "'fracton'", "did you mean 'fraction'? it has group, fraction, subject"),
        Problem(NO_COLUMN, "x", "'q'", "it has group, fraction, subject"),
    ]
    hint = "name the right column under `fraction`, or mend the subsets"
    assert problems_of(release, both(), fraction="group") == [
        Problem(
            "column 'group' does not tell the exosome samples from the source samples",
            "x",
            "exosome contrast: any, zero; source contrast: any, zero",
            hint,
        )
    ]
    assert problems_of(release, both(), ("drg", "drg"))[0].found == "exosome contrast: drg; source contrast: drg"
    cells = [f"{a}{b}" for a, b in zip(GROUPS * 2, ["d"] * 6 + ["e"] * 6, strict=True)]
    assert problems_of(release, both(cell=cells), blocking=["cell"]) == [
        Problem("the blocking holds all of the difference that is asked for", "x", "blocking cell")
    ]
    tiny = both().iloc[[0, 1, 3, 4, 6, 7, 9, 10]]
    design = release(tiny, subject="subject")
    assert (design.formula, design.matrix.shape) == ("~ subject + fraction + group + fraction:group", (8, 6))
    assert problems_of(release, tiny.assign(day=list("abcdefgh")), blocking=["day"])[0].what.startswith(
        "the blocking holds all"
    )


def test_a_release_is_paired_where_each_subject_has_both_fractions():
    paired = release(both(), subject="subject")
    assert paired.formula == "~ subject + fraction + group + fraction:group"
    assert paired.matrix.shape == (12, 8)
    assert paired.groups == {"drg zero": 3, "drg any": 3, "exosome zero": 3, "exosome any": 3}
    assert paired.question == ("fraction", "group")
    assert paired.contrast.tolist() == [0] * 7 + [1]
    plain = "~ fraction + group + fraction:group"
    assert release(both(subject=list("abcdefghijkl")), subject="subject").formula == plain
    assert release(both(subject=[None, *"bcdef", *"abcdef"]), subject="subject").formula == plain
    assert release(both(), subject="animal").formula == plain
    assert release(both()).matrix.columns.tolist()[-1] == "fraction[T.exosome]:group[T.any]"
    aged = release(both(age=list("314159265358")), numeric=["age"], blocking=["age"])
    assert aged.matrix.shape == (12, 5)


def test_columns_that_span_a_matrix():
    matrix = np.array([[1, 2, 0, 1], [1, 2, 1, 0], [1, 2, 0, 1.0]])
    assert independent_columns(matrix) == [0, 2]
    assert independent_columns(matrix, first=[3]) == [0, 3]
    assert independent_columns(matrix, first=[3, 1]) == [1, 3]


TABLE = pd.DataFrame([[4, 5, 6, 7, 8, 9], [0, 1, 0, 2, 3, 1]], index=["p", "q"], columns=[f"s{i}" for i in range(6)])


def test_fits_that_cannot_be_made():
    design = contrast_design(sheet(group=GROUPS), CONTRAST, [], "x")
    hint = "lower `min_total_count`, or look at the samples' depth"
    assert problems_of(fit, TABLE, design, Thresholds(min_total_count=1000)) == [
        Problem("no feature has enough reads to be fitted", "", "the largest total is 39", hint)
    ]
    factors = SizeFactors(pd.Series(1.0, index=TABLE.columns), {}, {})
    assert problems_of(fit, TABLE.iloc[:0], design, Thresholds(), factors=factors)[0].found == "the largest total is 0"
    joint = contrast_design(sheet(group=GROUPS), CONTRAST.model_copy(update={"reduced": "~ 1"}), [], "x")
    assert problems_of(fit, TABLE, joint, Thresholds(min_log2_fold_change=0.5)) == [
        Problem(
            "a likelihood-ratio test knows no smallest fold change",
            "",
            "`min_log2_fold_change` is 0.5",
            "set it to 0 in the study's `thresholds`, or leave out `reduced`",
        )
    ]
    [few] = problems_of(voom_about_mode, TABLE, design, pd.Series("a", index=TABLE.columns))
    assert few == Problem(
        "the typical fold change is told from 10 features or more",
        "the samples of the contrast",
        "2 features",
    )
    alike = pd.DataFrame(np.repeat(np.arange(10, 30)[:, None], 6, axis=1), columns=TABLE.columns)
    what = "limma-voom needs variation within the groups in two features or more"
    assert problems_of(voom, alike, design)[0].what == what
    assert problems_of(voom, TABLE.iloc[:1], design)[0].found.startswith(
        "1 features with reads, median residual variance "
    )


def test_size_factors_that_cannot_be_found():
    empty = TABLE.assign(s2=0, s4=0)
    assert problems_of(size_factors, empty) == [
        Problem(
            "a sample without any read cannot be normalised",
            "sample s2, s4",
            "0 reads",
            "take it out of the sample sheet",
        )
    ]
    assert problems_of(size_factors, TABLE, features=["p", "z", "y"]) == [
        Problem(
            "size factors are to rest on features that are not in the counts",
            "",
            "z, y",
            "name them as counts/features.tsv does",
        )
    ]
    assert problems_of(size_factors, TABLE, features=["q"]) == [
        Problem(
            "none of the 1 features that size factors are to rest on has reads in this sample",
            "sample s0, s2",
            "q",
            "name other features",
        )
    ]
    zeros = pd.DataFrame(1 - np.eye(4, dtype=int), columns=[f"s{i}" for i in range(4)])
    what = "the median of ratios needs a feature with reads in every sample, and there is none"
    hint = "take `method: poscounts`, which does without, or `auto`, which then takes it"
    found = "each of the 4 features has a zero"
    assert problems_of(size_factors, zeros, method="ratio") == [Problem(what, "4 samples", found, hint)]
    fraction = pd.Series(["a", "a", "b", None], index=zeros.columns)
    mended = zeros.assign(s0=1, s1=1)
    assert size_factors(mended, fraction, method="auto").methods == {"a": "ratio", "b": "ratio", "none": "ratio"}
    choice = SizeFactorChoice(method="ratio", within_fraction=False)
    assert problems_of(chosen_size_factors, zeros, choice, pd.DataFrame(index=zeros.columns), "fraction") == [
        Problem(what, "size_factors, 4 samples", found, hint)
    ]


def test_single_reads_count_in_size_factors():
    # Ratios to geometric means: 1, 2 and 4 reads in one feature, the other has a zero.
    counts = pd.DataFrame([[1, 2, 4], [0, 1, 1]], columns=list("abc"))
    found = size_factors(counts)
    assert found.values.tolist() == pytest.approx([0.5, 1, 2])
    assert (found.methods, found.n_features) == ({"all": "ratio"}, {"all": 1})
    # By hand, logs of positive counts over the mean with zeros as 1: a: log 1/2; b: log 1, log 1; c: log 2, log 1.
    by_positive = size_factors(counts, method="poscounts")
    logs = np.array([-np.log(2), 0, np.log(2) / 2])
    assert by_positive.values.tolist() == pytest.approx(np.exp(logs - logs.mean()).tolist())
    assert by_positive.n_features == {"all": 2}


SPIKES = pd.DataFrame(
    {"s1": [100, 5, 0], "s2": [400, 0, 0], "s3": [50, 3, 0]}, index=["one", "two", "three"], dtype="Int64"
)
THREE = pd.DataFrame({"s1": [9, 8, 7], "s2": [1, 2, 3], "s3": [4, 4, 4]}, index=["mir_a", "mir_b", "let_c"])
PLAIN = pd.DataFrame({"fraction": ["ev"] * 3}, index=["s1", "s2", "s3"])
WARY = "a spike-in without reads in some sample cannot be used; size factors rest on the others"
FEW = "size factors rest on fewer than 3 spike-ins, so what disturbs one disturbs every result"


def wary(spikes=SPIKES, table=PLAIN, **choice):
    return choice_problems(THREE, SizeFactorChoice(**choice), table, "fraction", spikes)


def test_controls_to_be_wary_of():
    assert wary(method="spike_ins") == [
        Problem(
            WARY,
            "size_factors",
            "two has no reads in s2, three has no reads in any sample",
            "1 of 3 are used",
            "warning",
        ),
        Problem(FEW, "size_factors", "one", "name more of them, if there are more", "warning"),
    ]
    unknown = SPIKES.assign(s3=pd.array([pd.NA, 3, pd.NA], dtype="Int64"))
    [refused] = wary(unknown, method="spike_ins")
    assert refused == Problem(
        "no spike-in has reads in every sample, so size factors cannot rest on them",
        "size_factors",
        "one has no row in the table of s3, two has no reads in s2, "
        "three has no row in the table of s3 and no reads in s1, s2",
        "name a spike-in that has reads in every sample, take such samples out, or choose another `method`",
    )
    none = Problem(
        "size factors are to rest on spike-ins, and there are none",
        "size_factors",
        "",
        "name them under `spike_ins`, as they stand in the count tables",
    )
    assert wary(None, method="spike_ins") == wary(SPIKES.iloc[:0], method="spike_ins") == [none]
    names = "names are those of counts/features.tsv"
    what, where = "no feature of the counts has this name", "size_factors.features"
    assert wary(method="control_features", features=["MIR", "mir_", "lett_c", "zzzz", "mir_a"]) == [
        Problem(what, where, "'MIR'", f"there is mir_a, mir_b; {names}"),
        Problem(what, where, "'mir_'", f"there is mir_a, mir_b; {names}"),
        Problem(what, where, "'lett_c'", f"did you mean 'let_c'? {names}"),
        Problem(what, where, "'zzzz'", names),
    ]
    assert wary(method="control_features", features=["mir_a", "mir_b", "let_c"]) == []
    assert wary(method="auto") == wary(method="poscounts") == []
    apart = PLAIN.assign(fraction=["ev", "cell", "ev"])
    places = [each.where for each in wary(SPIKES.iloc[:1], apart, method="spike_ins")]
    assert places == ["size_factors, fraction 'ev'", "size_factors, fraction 'cell'"]


def test_columns_of_size_factors():
    hint = "a size factor is a number above 0, with a point before its decimals; one for each sample"
    where = "size_factors.column, sample sheet, column 'depth'"
    assert wary(table=PLAIN.assign(depth=["1,5", None, "-2"]), method="column", column="depth") == [
        Problem("a sample without a size factor", where, "s2", hint),
        Problem("not a size factor", where, "s1: '1,5', s3: '-2'", hint),
    ]
    big = wary(table=PLAIN.assign(depth=["100", "1000", "10000"]), method="column", column="depth")
    what = "size factors far from 1: dispersions are sought on the scale of normalised counts, and calls change with it"
    assert big == [
        Problem(
            what,
            "size_factors.column",
            "a geometric mean of 1e+03",
            "divide them by their geometric mean",
            "warning",
        )
    ]
    for edge in ("9.9", "0.11", "1"):
        assert wary(table=PLAIN.assign(depth=[edge] * 3), method="column", column="depth") == []
    for edge in ("10.1", "0.09"):
        assert len(wary(table=PLAIN.assign(depth=[edge] * 3), method="column", column="depth")) == 1
    assert wary(method="column", column="dept")[0].where == "size_factors.column"


def test_features_with_as_many_reads_as_asked_take_part():
    # Totals 14, 14, 14: with at least 14 all three, the median of their ratios; with 15 none, and so all are taken.
    choice = SizeFactorChoice(method="ratio")
    for least in (14, 15):
        assert chosen_size_factors(THREE, choice, PLAIN, "fraction", None, least).n_features == {"ev": 3}
    odd = THREE.assign(s3=[3, 4, 4])
    assert chosen_size_factors(odd, choice, PLAIN, "fraction", None, 14).n_features == {"ev": 2}


def test_variances_at_the_ends():
    # trigamma(y) is near 1 / y**2 for small y and 1 / y for large ones (Smyth 2004, appendix).
    assert inverse_trigamma(4e8) == pytest.approx(5e-5, rel=1e-9)
    assert inverse_trigamma(1e-8) == pytest.approx(1e8, rel=1e-9)
    same, df = moderated(np.array([1.0, 2.0, 3.0]), 4, Prior(1.5, np.inf))
    assert (same.tolist(), df) == ([1.5, 1.5, 1.5], 12)
    alike = variance_prior(np.array([1.0, 1.01, 0.99, 1.0]), 4)
    assert alike.df == np.inf
    assert alike.variance == pytest.approx(1.0)


def test_a_hand_made_design_has_its_degrees_of_freedom():
    matrix = pd.DataFrame(np.eye(5)[:, :2], index=list("abcde"))
    assert Design(matrix, np.array([0.0, 1.0]), "", {}).residual_degrees_of_freedom == 3
