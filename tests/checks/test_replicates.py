"""Libraries that are counted more than once, on counts that are made as one library or as several animals."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import write_study
from mircargo.checks.replicates import LEAST_OF_ANIMALS, LEAST_OF_TWO, copies, counting_evidence, identical_libraries
from mircargo.checks.study import examine_study
from mircargo.features.mirbase import load_mature
from mircargo.io import read_json, read_result
from mircargo.model.design.samples import contrast_samples
from mircargo.simulate.example import simulate
from stepping import run_step
from studies import read_study

CERTAIN = math.log(1e6)


def libraries(seed: int, n: int, depth: float, features: int, dispersion: float) -> np.ndarray:
    """Return n libraries of one preparation (dispersion 0), or of n animals, at 0.7 to 1.3 of a depth."""
    rng = np.random.default_rng(seed)
    share = rng.lognormal(0, 2.2, features)
    mean = np.outer(share / share.sum(), depth * rng.uniform(0.7, 1.3, n))
    if dispersion:
        mean = rng.gamma(1 / dispersion, dispersion * mean)
    return rng.poisson(mean)


@given(
    st.integers(0, 10**6),
    st.integers(3, 6),
    st.sampled_from([1e4, 1e5, 1e6, 1e7]),
    st.sampled_from([60, 300, 900]),
    st.sampled_from([0.01, 0.02, 0.1, 0.4]),
)
def test_animals_are_never_taken_for_preparations(seed, n, depth, features, dispersion):
    values = libraries(seed, n, depth, features, dispersion)
    assert counting_evidence(values, LEAST_OF_ANIMALS) < CERTAIN
    assert counting_evidence(values[:, :2], LEAST_OF_TWO) < CERTAIN


@given(st.integers(0, 10**6), st.integers(3, 6), st.sampled_from([2e5, 1e6, 1e7]), st.sampled_from([100, 300, 900]))
def test_preparations_of_one_sample_are_seen_at_an_ordinary_depth(seed, n, depth, features):
    assert counting_evidence(libraries(seed, n, depth, features, 0), LEAST_OF_ANIMALS) > CERTAIN


def test_the_evidence_is_the_likelihood_ratio():
    # One feature of 60 and 40 reads in libraries of equal size otherwise: by hand, and by the chi-square's density.
    values = np.array([[60, 40], [1000, 1020]])
    share = np.array([1060, 1060]) / 2120
    growth = 1 + 0.005 * values.sum(axis=1) * (1 - (share**2).sum())
    share = (values / growth[:, None]).sum(axis=0)
    expected = np.outer(values.sum(axis=1), share / share.sum())
    statistic = ((values - expected) ** 2 / expected).sum(axis=1)

    def log_density(x):
        return -0.5 * x - 0.5 * np.log(2 * np.pi * x)

    ratios = log_density(statistic) - (log_density(statistic / growth) - np.log(growth))
    assert counting_evidence(values, 0.005) == pytest.approx(np.maximum(ratios, -3).sum())


def test_a_shallow_or_small_table_can_say_nothing():
    assert counting_evidence(np.array([[12, 12]] * 20), LEAST_OF_TWO) < CERTAIN
    assert counting_evidence(np.zeros((10, 3)), LEAST_OF_ANIMALS) == 0
    assert identical_libraries(pd.DataFrame(1, index=range(500), columns=["a", "b"])) == []
    assert identical_libraries(pd.DataFrame({"a": [5, 0, 7], "b": [5, 0, 7]})) == []


def test_the_public_studies_and_the_example_have_animals(shared):
    for name in ("microglia_ev", "joint_injury", "myotube_ev"):
        study, counts, sheet = read_study(name, shared)
        for key, contrast in study.contrasts.items():
            groups = contrast_samples(sheet, contrast, key)[contrast.variable]
            assert copies(counts.counts, groups, sheet["column"]) == []
    example = simulate(load_mature())
    for counts in (example.drg, example.exosome):
        assert copies(counts, example.samples["condition"].reindex(counts.columns)) == []


def test_preparations_of_the_ratiometric_pools_differ_by_more_than_counting(shared):
    # They are of one pool, and their dispersions (0.002 to 0.03) are those of cultures: no statistic tells them apart.
    folder = shared / "data" / "ratiometric_pools"
    counts = pd.read_csv(folder / "counts.tsv", sep="\t", index_col=0)
    samples = pd.read_csv(folder / "samples.tsv", sep="\t", index_col=0)
    for _, own in samples.groupby(["lab", "kit"]):
        assert copies(counts, own["pool"]) == []


def study(folder, table: pd.DataFrame, groups, species="mmu"):
    contrast = {"variable": "group", "level": "case", "reference": "ctrl"}
    return write_study(folder, table, groups, species=species, contrasts={"c": contrast})


def names_of(n: int, species="mmu") -> list[str]:
    return load_mature().query(f"species == '{species}'")["name"].head(n).tolist()


def test_lanes_are_told_and_identical_columns_are_refused(shared, tmp_path):
    lanes = pd.read_csv(shared / "cases" / "technical_replicates" / "lanes.tsv", sep="\t", index_col=0)
    errors = examine_study(study(tmp_path, lanes, [name[:4] for name in lanes]), "mine")[0]
    [error] = [problem for problem in errors if problem.severity == "error"]
    assert "ctrl_1 (lane): ctrl_1_L001, ctrl_1_L002" in error.found
    assert "same `sample`" in error.hint
    # Without the names the noise says the same, and as nobody can be sure of it, it is a warning.
    plain = lanes.set_axis([f"{name[:4]}_{i}" for i, name in enumerate(lanes)], axis=1)
    [warning] = [p for p in examine_study(study(tmp_path, plain, [name[:4] for name in lanes]), "mine")[0]
                 if "noise of counting" in p.what]  # fmt: skip
    assert warning.found == "ctrl_0, ctrl_1; ctrl_2, ctrl_3; ctrl_4, ctrl_5; case_6, case_7; 2 more"
    assert "no call of this contrast is taken as robust" in warning.hint

    table = pd.read_csv(shared / "cases" / "identical" / "identical.csv", index_col=0)
    errors = examine_study(study(tmp_path, table, [name[:4] for name in table], "hsa"), "mine")[0]
    [error] = [problem for problem in errors if problem.severity == "error"]
    assert (error.found, error.where) == ("case_3, case_3b", "studies.mine.contrasts.c")


def test_runs_that_differ_as_animals_do_are_asked_about_and_not_refused():
    counts = pd.DataFrame(libraries(1, 6, 1e5, 200, 0.1), columns=[f"{g}_run{i}" for g in ("WT", "KO") for i in "123"])
    found = copies(counts, pd.Series([name[:2] for name in counts], index=counts.columns))
    assert [(each.kind, each.error, each.counts_twice) for each in found] == [("named", False, False)] * 2


def test_usual_names_of_animals_are_no_copies():
    for style in ("_{}", "_R{}", "_rep{}", "_S{}", "_n{}", "_L{}", "_day{}", "_B{}"):
        names = [f"{group}{style.format(i)}" for group in ("ctrl", "case") for i in (1, 2, 3)]
        counts = pd.DataFrame(libraries(2, 6, 1e5, 200, 0.05), columns=names)
        assert copies(counts, pd.Series([name[:4] for name in names], index=names)) == []


def lanes(seed: int, depth: float, dispersion: float, style: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return four libraries in each of two groups, of three lanes each (dispersion 0), or as many animals."""
    parts = [libraries(seed * 8 + i, 3, depth, 300, dispersion) for i in range(8)]
    names = [style.format(f"{group}_{i}", part) for group in ("ctrl", "case") for i in range(4) for part in (1, 2, 3)]
    counts = pd.DataFrame(np.hstack(parts), columns=names)
    return counts, pd.Series([name[:4] for name in names], index=names)


@pytest.mark.parametrize("style", ["{}_{}", "{}-{}", "{} {}", "{}.{}"])
def test_shallow_lanes_are_seen_together_by_names_that_end_in_numbers(style):
    """At 12,000 reads a lane no pair tells anything, and seldom three lanes do."""
    for seed in range(20):
        counts, groups = lanes(seed, 1.2e4, 0, style)
        found = copies(counts, groups)
        assert {each.kind for each in found} <= {"noise"}
        assert sum(len(each.samples) == 3 for each in found) >= 6, (
            "all but a library or two, whose lanes differ by chance"
        )
        assert all(len({sample[:6] for sample in each.samples}) == 1 for each in found)


@given(st.integers(0, 10**6), st.sampled_from([1e4, 1e5, 1e6]), st.sampled_from([0.005, 0.01, 0.1]))
def test_animals_with_names_that_end_in_numbers_are_no_lanes(seed, depth, dispersion):
    counts, groups = lanes(seed, depth, dispersion, "{}_{}")
    assert [each for each in copies(counts, groups) if each.kind == "noise"] == []


def test_no_call_of_preparations_is_robust_and_the_sentence_says_why(tmp_path):
    rng = np.random.default_rng(4)
    names = ["mmu-miR-21a-5p", *[name for name in names_of(120) if name != "mmu-miR-21a-5p"]]
    share = rng.lognormal(0, 1.5, len(names))
    share[0] = share.max()
    case = share * np.where(np.arange(len(names)) < 10, 3, 1)
    mean = np.array([share / share.sum()] * 3 + [case / case.sum()] * 3).T * 1e6
    columns = [f"{group}_{i}" for group in ("ctrl", "case") for i in (1, 2, 3)]
    table = pd.DataFrame(rng.poisson(mean), index=names, columns=columns)
    config = study(tmp_path, table, [name[:4] for name in columns])
    [warning] = [p for p in examine_study(config, "mine")[0] if "one preparation" in p.what]
    assert warning.found == "ctrl: ctrl_1, ctrl_2, ctrl_3; case: case_1, case_2, case_3"

    table.to_csv(tmp_path / "counts.tsv", sep="\t", index_label="feature")
    settings = config.studies["mine"]
    ((name, contrast),) = settings.contrasts.items()
    own = {"name": name, "contrast": contrast, "thresholds": {}, "numeric": [], "fraction": "fraction"}
    counted = {"counts": tmp_path / "counts.tsv", "samples": tmp_path / "s.tsv", "spike_ins": []}
    fitted = {"results": tmp_path / "c.tsv", "facts": tmp_path / "c.json"}
    run_step("fit_contrast", counted, fitted, **own, size_factors={}, study=settings)
    stressed = {"robustness": tmp_path / "r.tsv", "variants": tmp_path / "v.tsv", "facts": tmp_path / "r.json"}
    run_step("stress_contrast", counted | {"results": fitted["results"]}, stressed, **own, size_factors={})
    robustness = read_result(stressed["robustness"]).set_index("feature")
    called = robustness[robustness["call"].isin(["up", "down"])]
    assert len(called) >= 8
    assert set(called["robust"].astype(str)) == {"False"}
    assert called["share_same_call"].max() == 1  # what the variants say is not changed
    assert len(read_json(stressed["facts"])["not_robust"]) == 2
    pd.DataFrame({"feature": names, "accession": "MIMAT0000530"}).head(1).to_csv(
        tmp_path / "f.tsv", sep="\t", index=False
    )
    given = {"features": tmp_path / "f.tsv", "differential": [fitted["results"]], "facts": [fitted["facts"]]}
    given |= {"robustness": [stressed["robustness"]], "variants": [stressed["variants"]], "tried": [stressed["facts"]]}
    asked = {"contrasts": {name: contrast}, "target": "miR-21-5p", "species": "mmu", "thresholds": {}}
    run_step("call_target", given, {"target": tmp_path / "target.tsv"}, **asked)
    sentence = read_result(tmp_path / "target.tsv")["sentence"][0]
    assert "this call is not robust, whatever the variants say" in sentence
