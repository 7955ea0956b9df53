"""What the check says of rows: unknown ids, hairpins beside matures, one set of reads. The truth is planted."""

import csv
import random

import numpy as np
import pandas as pd
import pytest

from factories import as_text, assembled, source, write_study
from mircargo.checks.rows import (
    controls_left_out,
    hairpins_beside_matures,
    in_short,
    row_problems,
    rows_of_the_same_reads,
    unknown_rows,
)
from mircargo.checks.same_reads import one_set_of_reads
from mircargo.checks.study import examine_study
from mircargo.features.mirbase import load_mature
from mircargo.features.name_history import vocabulary
from mircargo.features.own_mirbase import names_as_they_are
from mircargo.inputs.registry import read_table

HUMAN = load_mature().query("species == 'hsa' and hairpins != ''")
OTHERS = HUMAN["name"][~HUMAN["name"].str.match(r"hsa-miR-21\D")]


def counts_of(ids, values, biotypes=("miRNA",), species="hsa"):
    samples = [f"s{i}" for i in range(np.shape(values)[1])]
    return assembled(source(ids, values, "refuse", samples=samples), species=species, biotypes=list(biotypes))


def examined(tmp_path, path, level, reference):
    """Examine a study of one table whose samples hold the names of their groups."""
    table = pd.read_csv(path, sep="\t", index_col=0)
    contrast = {"variable": "group", "level": level, "reference": reference, "exosome": True}
    levels = [level if level in sample else reference for sample in table]
    return examine_study(write_study(tmp_path, table, levels, species="hsa", contrasts={"c": contrast}), "mine")


def of_rows(path):
    with path.open() as handle:
        return {row[0]: list(map(int, row[1:])) for row in list(csv.reader(handle, delimiter="\t"))[1:]}


def test_case_of_cells_as_matures_and_exosomes_as_hairpins(shared, tmp_path):
    path = shared / "cases" / "hairpin_beside_mature" / "mixed.tsv"
    rows = of_rows(path)
    problems, _ = examined(tmp_path, path, "exo", "cell")
    [error] = [problem for problem in problems if problem.severity == "error"]
    assert error.what.startswith("12 miRNAs are counted as mature miRNA in some samples and as hairpin in others")
    assert f"hsa-miR-21-5p has {sum(rows['hsa-miR-21-5p']):,} reads in cell_1, cell_2" in error.found
    assert f"hsa-mir-21 0 and {sum(rows['hsa-mir-21']):,}" in error.found


@pytest.mark.parametrize(
    ("name", "n", "groups"), [("both.tsv", 12, ("exo", "cell")), ("ev_both.tsv", 0, ("case", "ctrl"))]
)
def test_cases_of_hairpins_and_matures_at_once(shared, tmp_path, name, n, groups):
    path = shared / "cases" / "hairpin_beside_mature" / name
    problems, _ = examined(tmp_path, path, *groups)
    assert not [problem for problem in problems if problem.severity == "error"]
    [said] = [problem for problem in problems if "beside a mature miRNA of their own" in problem.what]
    assert "hsa-mir-21 beside hsa-miR-21-5p" in said.found
    if n:
        assert said.what.startswith(f"{n} hairpins stand")


def pairs(seed: int, n: int) -> tuple[list[str], list[str]]:
    """Return matures and the first hairpin of each, no name twice."""
    first = HUMAN.assign(hairpin=HUMAN["hairpins"].str.split(";").str[0]).drop_duplicates("hairpin")
    own = first.sample(n, random_state=seed)
    return own["name"].tolist(), own["hairpin"].tolist()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_counted_in_turn_is_an_error_whatever_the_pairs(seed, noise):
    draw = np.random.default_rng(seed)
    n, size = int(draw.choice([1, 3, 40])), int(draw.choice([4, 6, 12]))
    matures, hairpins = pairs(seed, n)
    reads = draw.poisson(draw.lognormal(7, 0.8, (n, 1)) + 300, (n, size))
    as_hairpin = np.arange(size) >= draw.integers(1, size)  # from one sample to all but one
    stray = draw.binomial(reads, noise)
    by_mature, by_hairpin = np.where(as_hairpin, stray, reads), np.where(as_hairpin, reads, stray)
    others = load_mature().query("species == 'hsa' and hairpins == ''")["name"].tolist()
    counts = counts_of([*matures, *hairpins, *others], [*by_mature, *by_hairpin, *[[9] * size for _ in others]])
    assert [problem.severity for problem in hairpins_beside_matures(counts)][:1] == ["error"]
    swapped = counts_of([*matures, *hairpins], [*by_hairpin, *by_mature])
    assert [problem.severity for problem in hairpins_beside_matures(swapped)][:1] == ["error"]


@pytest.mark.parametrize("seed", range(12))
def test_honest_tables_of_both_are_not_refused(seed):
    draw = np.random.default_rng(seed)
    n, size, spread = 60, int(draw.choice([4, 6, 12])), float(draw.choice([0.1, 1.0]))
    matures, hairpins = pairs(seed, n)
    mean = draw.lognormal(draw.choice([2, 6]), 2, (n, 1))
    share = draw.lognormal(-3, 1.5, (n, 1))  # what of the reads is left for the hairpin
    values = [draw.poisson(m * draw.gamma(1 / spread, spread, (n, size))) for m in (mean, mean * share)]
    counts = counts_of([*matures, *hairpins], np.vstack(values))
    assert {problem.severity for problem in hairpins_beside_matures(counts)} <= {"warning"}


def test_tables_of_hairpins_or_of_matures_alone_are_as_before():
    matures, hairpins = pairs(1, 30)
    draw = np.random.default_rng(1)
    for ids in (matures, hairpins):
        assert hairpins_beside_matures(counts_of(ids, draw.poisson(500, (30, 6)))) == []


@pytest.mark.parametrize("known", [0, 1, 4])
def test_nearly_no_known_id_is_an_error_with_the_rows_of_the_target(known):
    ids = [f"{name}#x{i}" for i, name in enumerate(OTHERS.head(95 - known))]
    ids += OTHERS.iloc[200 : 200 + known].tolist()
    ids += ["hsa-miR-21-5p#a", "hsa-miR-21-3p#b", "hsa-miR-210-3p#c", "t1", "t2"]
    [problem] = unknown_rows(counts_of(ids, [[5, 6]] * 100), vocabulary("hsa"), "miR-21-5p")
    assert problem.severity == "error"
    assert ("no row of this table is a miRNA of hsa" in problem.what) == (known == 0)
    if known:
        assert problem.what.startswith(f"only {known} of 100 rows")
    assert "'hsa-miR-21-5p#a', 'hsa-miR-21-3p#b' (2 rows name" in problem.found


def test_few_unknown_rows_and_rows_of_another_species():
    few = counts_of([*HUMAN["name"].head(5), *[f"own_{i}" for i in range(95)]], [[5, 6]] * 100)
    assert unknown_rows(few, vocabulary("hsa"), "x") == []
    mouse = [f"mmu-miR-{i}-5p" for i in range(30, 60)]
    [problem] = row_problems(counts_of(mouse, [[5, 6]] * 30), vocabulary("hsa"), "miR-21-5p")
    assert "no row of this table is a miRNA of hsa" in problem.what
    others = counts_of([f"piR-hsa-{i}" for i in range(30, 60)], [[5, 6]] * 30)
    assert unknown_rows(others, vocabulary("hsa"), "x") == []


@pytest.mark.parametrize("seed", range(10))
def test_the_same_counts_are_told_and_chance_is_not(seed):
    draw = np.random.default_rng(seed)
    names = HUMAN.drop_duplicates("sequence")["name"].sample(200, random_state=seed).tolist()
    values = draw.poisson(draw.lognormal(4, 2, (200, 1)) * draw.gamma(5, 0.2, (200, 8)))
    assert rows_of_the_same_reads(counts_of(names, values)) == []
    first, second = random.Random(seed).sample([i for i in range(200) if values[i].sum() > 800], 2)
    values[second] = values[first]
    [problem] = rows_of_the_same_reads(counts_of(names, values))
    assert problem.severity == "warning"
    assert {names[first], names[second]} == set(problem.found.split(" = "))


def test_one_sequence_with_nearly_the_same_counts_is_one_set_of_reads():
    # miR-199a-3p and miR-199b-3p have one sequence; miR-16-5p has another.
    ids = ["hsa-miR-199a-3p", "hsa-miR-199b-3p", "hsa-miR-16-5p"]
    near = counts_of(ids, [[500, 610, 420, 555], [498, 611, 420, 549], [500, 610, 420, 554]])
    assert one_set_of_reads(near.counts, near.features) == [ids[:2]]
    apart = counts_of(ids, [[500, 610, 420, 555], [900, 11, 4, 20], [5, 6, 7, 8]])
    assert one_set_of_reads(apart.counts, apart.features) == []


def test_a_control_feature_of_another_kind_is_asked_about():
    counts = counts_of(["hsa-miR-21-5p", "U6", "own_1"], [[5, 6]] * 3)
    [problem] = controls_left_out(counts, ["U6", "own_1", "absent"], "here")
    assert (problem.severity, problem.found) == ("error", "'U6' is snRNA by its name")
    assert controls_left_out(counts_of(["U6"], [[5, 6]], biotypes=("miRNA", "snRNA")), ["U6"], "here") == []


def test_the_rows_in_short():
    ids = ["hsa-miR-21-5p", "hsa-miR-21-5p_R-1", "hsa-mir-155", "hsa-miR-500", "SNORD44", "U6", "mmu-miR-9-5p", "own_1"]
    ids += ["hsa-miR-182-5p", "novel_miR_3"]
    assert in_short(counts_of(ids, [[5, 6]] * 10), "hsa") == (
        "5 of 10 rows are miRNAs of hsa (1 hairpin, 1 isomiR, 1 ambiguous); 2 of other RNAs, 1 of other species, "
        "2 unknown"
    )
    assert in_short(counts_of(ids[:1], [[5, 6]]), "hsa") == "1 of 1 rows are miRNAs of hsa"


def test_numbers_in_notes_are_right(shared):
    table = read_table(str(shared / "cases" / "notes" / "ctrl_1.mirna"))
    assert table.notes[-1] == ("700 reads (1 sequence) in ctrl_1 stand under several miRNAs and count for each of them")
    hairpins, matures = pairs(3, 7)[1], HUMAN["name"].head(4).tolist()
    notes = counts_of([*matures, *hairpins], [[5, 6]] * 11).notes
    assert "7 of 11 ids are names of hairpins: the arm is unknown; 4 are mature names of miRBase 22" in notes[-1]
    notes = counts_of([*HUMAN["name"].head(9), *hairpins], [[5, 6]] * 16).notes
    assert "9 of 16 ids are mature names of miRBase 22" in notes[-1]
    assert notes[-1].endswith("7 are names of hairpins: the arm is unknown")


def test_names_as_they_are_are_known_by_their_form(snapshot):
    ids = ["dre-miR-21-5p", "miR-9", "let-7a", "bantam", "U6", "hsa-miR-16-5p"]
    assert in_short(counts_of(ids, [[5, 6]] * 6, species="other"), "other") == (
        "6 rows, names taken as they are: 5 named as a miRNA, 1 of other RNAs"
    )
    genes = counts_of([f"GENE{i}" for i in range(20)], [[5, 6]] * 20, species="other")
    assert unknown_rows(counts_of(ids, [[5, 6]] * 6, species="other"), names_as_they_are(), "x") == []
    assert as_text(unknown_rows(genes, names_as_they_are(), "miR-21-5p")) == snapshot


def test_the_species_that_names_begin_with_is_named():
    fish = counts_of([f"dre-miR-{i}-5p" for i in range(30, 60)], [[5, 6]] * 30)
    [problem] = unknown_rows(fish, vocabulary("hsa"), "miR-21-5p")
    assert problem.hint.endswith("Names begin with dre-: `species: dre`?")
