"""One miRNA is one feature, whatever stands beside its name. Expected reads are sums made with the csv module."""

import csv
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import assembled, source
from mircargo.features.find_target import find_target
from mircargo.features.identify import identify
from mircargo.features.isomir_names import split_variant
from mircargo.features.loci import decide_loci
from mircargo.features.mirbase import load_hairpins, load_mature, load_names
from mircargo.features.name_history import vocabulary
from mircargo.features.parts import Source
from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

TARGETS = {"hsa": "hsa-miR-21-5p", "mmu": "mmu-miR-21a-5p", "rno": "rno-miR-21-5p"}
BETWEEN = [
    "{}_{}",
    "{} {}",
    "{}:{}",
    "{}-{}",
    "{}|{}",
    "{};{}",
    "{},{}",
    "{}/{}",
    "{}__{}",
    "{}({})",
    "{} ({})",
    "{}.{}",
]
ISOMIRS = [
    "_R-1", "_L+1", "_L-1R+2", "_1ss22CT", "_L-1_1ss3TC", "_2ss10AT11GC", ".iso.5p:-1", "|iso_3p:-1",
    ";iso_5p:+1,iso_3p:-1", ".iso.t5:d.t3:0.ad:0.mm:0", ":iso_snv", "_iso_add3p:2", "|0|-1", "#lv3pT",
]  # fmt: skip


def pairs_of(species: str) -> list[tuple[str, str, str]]:
    """Return mature, hairpin and accession as miRBase has them, one row a locus."""
    own = load_mature().query("species == @species and hairpins != ''")
    rows = zip(own["name"], own["hairpins"], own["accession"], strict=True)
    return [(name, hairpin, key) for name, hairpins, key in rows for hairpin in hairpins.split(";")]


def imported(path, species="hsa"):
    return assembled(Source(read_table(str(path))), species=species, biotypes=["miRNA"])


def reads_by(path, feature_of) -> Counter:
    """Sum the reads of a table by feature, with nothing but the csv module."""
    text = path.read_text()
    rows = list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text.splitlines()[0] else ","))
    found: Counter = Counter()
    for row in rows[1:]:
        found[feature_of(row[0])] += sum(map(int, row[1:]))
    return found


@pytest.mark.parametrize("species", ["hsa", "mmu", "rno"])
def test_every_mature_beside_every_one_of_its_hairpins(species):
    draw = random.Random(species)
    ids, expected = [], []
    for mature, hairpin, accession in pairs_of(species):
        names = [mature, hairpin] if draw.random() < 0.5 else [hairpin, mature]
        text = draw.choice(BETWEEN).format(*names)
        mangled = draw.random() < 0.1 and "." not in text  # as R writes names, where it can be undone
        ids.append(text.replace("-", ".") if mangled else text)
        expected.append((accession, hairpin))
    found = identify(ids, vocabulary(species))
    assert list(zip(found.rows["accession"], found.parts["locus"], strict=True)) == expected


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("species", ["hsa", "mmu", "rno"])
def test_the_target_is_found_with_all_its_reads(species, between, tmp_path):
    draw = random.Random(between)
    target = TARGETS[species]
    pairs = draw.sample(pairs_of(species), 30)
    pairs += [pair for pair in pairs_of(species) if pair[0] == target and pair not in pairs]
    lines, expected = ["id\ta_1\ta_2\tb_1\tb_2"], Counter()
    for mature, hairpin, _ in pairs:
        counts = [draw.randint(50, 9000) for _ in range(4)]
        text = between.format(hairpin, mature) if draw.random() < 0.5 else between.format(mature, hairpin)
        lines.append("\t".join([text, *map(str, counts)]))
        expected[mature] += sum(counts)
    path = tmp_path / "t.tsv"
    path.write_text("\n".join(lines) + "\n")
    counts = imported(path, species)
    assert find_target("miR-21-5p", species, counts.features) == (target, "")
    assert counts.counts.sum(axis=1).to_dict() == dict(expected)
    assert counts.ledger["source_id"].tolist() == [line.split("\t")[0] for line in lines[1:]]


@pytest.mark.parametrize("name", ["under.csv", "space.tsv", "pipe.csv"])
def test_cases_of_matures_beside_their_hairpins(shared, name):
    path = shared / "cases" / "ids" / name
    assert reads_by(path, lambda text: "21" if "miR-21-5p" in text else "")["21"] == 103_324
    counts = imported(path)
    assert counts.counts.loc["hsa-miR-21-5p"].sum() == 103_324
    expected = reads_by(path, lambda text: next(p for p in text.replace("|", " ").replace("_", " ").split()
                                                if "miR" in p or p.endswith("5p")))  # fmt: skip
    assert counts.counts.sum(axis=1).to_dict() == dict(expected)
    assert not any("merge" in note for note in counts.notes)


def test_case_of_matures_named_by_their_hairpin(shared):
    counts = imported(shared / "cases" / "ids" / "mature.csv")
    feature, note = find_target("miR-21-5p", "hsa", counts.features)
    assert counts.counts.loc[feature].sum() == 103_324
    assert "hsa-miR-21-3p" in note  # the arm is not known, and it is said
    assert counts.counts.loc["hsa-miR-451a"].sum() == 57_620  # its hairpin has one mature miRNA
    assert counts.notes[-1].endswith("12 of 12 ids name a mature miRNA by its hairpin: the arm is unknown")


def test_suffixes_tell_hairpin_and_mature_apart():
    ids = ["hsa-mir-21_precursor", "hsa-mir-21_mature", "hsa-miR-155-5p_mature", "hsa-mir-16-1_stemloop",
           "hsa-miR-122_hairpin", "hsa-let-7a-1_pre", "pre-mir-451a", "MI0000060", "hsa-mir-223_MI0000300",
           "hsa-mir-21 MI0000077 Homo sapiens miR-21 stem-loop"]  # fmt: skip
    rows = identify(ids, vocabulary("hsa")).rows
    assert rows["level"].tolist() == ["hairpin", "mature", "mature", *["hairpin"] * 7]
    assert rows["feature"].tolist() == [
        "hsa-mir-21", "hsa-miR-21-5p/hsa-miR-21-3p", "hsa-miR-155-5p", "hsa-mir-16-1", "hsa-mir-122", "hsa-let-7a-1",
        "hsa-mir-451a", "hsa-let-7a-1", "hsa-mir-223", "hsa-mir-21",
    ]  # fmt: skip


def test_a_mature_beside_a_hairpin_of_another_is_not_guessed():
    rows = identify(
        ["hsa-miR-21-5p_hsa-mir-22", "hsa-miR-103a-3p_hsa-miR-107", "hsa-let-7a-5p hsa-let-7b"], vocabulary("hsa")
    ).rows
    assert rows["accession"].tolist() == ["", "", ""]
    [merged] = identify(["hsa-miR-21-5p|hsa-mir-22"], vocabulary("hsa")).rows["feature"]
    assert merged == "hsa-miR-21-5p/hsa-mir-22"


def test_hairpins_and_accessions_beside_a_mature_are_never_merged_with_it():
    ids = ["hsa-mir-21|MI0000077|hsa-miR-21-5p|MIMAT0000076", "hsa-miR-21-5p_MIMAT0000076_hsa-mir-21",
           "hsa-miR-21-5p|MI0000077", "hsa-miR-21-5p_hsa-mir-21_chr17:59841266-59841337(+)", "hsa-miR-21-5p (MIR21)",
           "hsa-let-7a-5p_MIRLET7A1", "hsa-let-7a-5p hsa-let-7a-1/hsa-let-7a-2|hsa-let-7a-3"]  # fmt: skip
    rows = identify(ids, vocabulary("hsa")).rows
    assert rows["accession"].tolist() == [*["MIMAT0000076"] * 5, "MIMAT0000062", "MIMAT0000062"]
    assert not rows["reason"].str.contains("merged").any()


def test_no_name_of_mirbase_is_taken_apart():
    names = {*load_mature()["name"], *load_hairpins()["name"], *load_names()["name"]}
    written = [text for name in names for text in (name, name.upper(), name.split("-", 1)[1], name.replace("-", "."))]
    assert [text for text in written if split_variant(text) != (text, "")] == []


def loci(kind: str, draw: np.random.Generator) -> np.ndarray:
    """Return the counts of 3 loci in 6 samples."""
    mean = draw.lognormal(6, 1) * draw.gamma(10, 0.1, 6)
    if kind == "the same reads":
        return np.tile(draw.poisson(mean), (3, 1)) + draw.poisson(0.001 * mean, (3, 6))
    if kind == "reads shared out":
        return np.array([draw.multinomial(total, [1 / 3] * 3) for total in draw.poisson(3 * mean)]).T
    return draw.poisson(mean * draw.lognormal(0, 1, (3, 1)), (3, 6))


@pytest.mark.parametrize(
    ("kind", "how"), [("the same reads", "max"), ("reads shared out", "sum"), ("reads of their own", "sum")]
)
@pytest.mark.parametrize("seed", range(20))
def test_loci_of_a_plain_table_are_parts_or_the_same_reads(kind, how, seed):
    draw = np.random.default_rng(seed)
    three = [("hsa-let-7a-5p", [f"hsa-let-7a-{i}" for i in (1, 2, 3)]),
             ("hsa-miR-1-3p", ["hsa-mir-1-1", "hsa-mir-1-2"])]  # fmt: skip
    ids, values, expected = [], [], {}
    for mature, hairpins in three:
        counts = loci(kind, draw)[: len(hairpins)]
        ids += [f"{mature}_{hairpin}" for hairpin in hairpins]
        values.append(counts)
        expected[mature] = getattr(counts, how)(axis=0).tolist()
    table = source(ids, np.vstack(values), "refuse", samples="abcdef")
    counts = assembled(table, species="hsa", biotypes=["miRNA"])
    assert counts.counts.T.to_dict("list") == expected
    assert ("the same reads stand on each" in counts.notes[-1]) == (how == "max")
    # What the configuration says goes before.
    assert assembled(replace(table, duplicates="sum"), species="hsa").counts.loc["hsa-let-7a-5p"].tolist() == (
        values[0].sum(axis=0).tolist()
    )


def decided(*counts: list[list[float]], features: str = "m") -> tuple[str, str]:
    """Return what is decided of loci; for each feature a table of loci x samples."""
    rows = [(f"{feature}{at}", i) for at, (feature, table) in enumerate(zip(features * 9, counts, strict=False))
            for i in range(len(table))]  # fmt: skip
    table = pd.DataFrame([row for each in counts for row in each])
    known = pd.DataFrame({"feature": [name for name, _ in rows], "variant": "", "locus": [f"h{i}" for _, i in rows]})
    return decide_loci([(table, known)])


def test_what_is_decided_of_loci_and_what_is_said():
    several, same = "a row for each of several hairpins", "the same reads stand on each"
    parts = "their counts differ, so they are parts, and summed"
    # (a - b)^2 <= 0.05 (a + b): of 100 up to 103, as 9 <= 10.15 and 16 > 10.2. Five in ten million are so by chance.
    near, far = [[100] * 9, [103] * 9], [[100] * 9, [104] * 9]
    assert decided(near) == ("maximum", f"1 mature miRNA has {several} (m0): {same} (9 of 9 counts are practically"
                                        " equal), the maximum is taken")  # fmt: skip
    assert decided(far) == ("sum", f"1 mature miRNA has {several} (m0): {parts}")
    assert decided(far, far, far, far)[1] == f"4 mature miRNAs have {several} (m0, m1, m2 and 1 more): {parts}"
    # Three of three would be so by chance in 0.6%, 0.1767^3, and four in 0.1%: 0.00098. Half of them are not most.
    assert [decided([[100] * n, [103] * n])[0] for n in (3, 4)] == ["sum", "maximum"]
    assert [decided([[100] * 18, [103] * n + [900] * (18 - n)])[0] for n in (9, 10)] == ["sum", "maximum"]
    # From 10 reads on; below three counts that are equal say it too, and one that is not says no.
    assert [decided([[9] * 5, [n] * 5])[0] for n in (9, 8, 10)] == ["maximum", "sum", "sum"]
    assert [decided([[9] * n + [0], [9] * n + [0]])[0] for n in (2, 3)] == ["sum", "maximum"]
    assert decided([[5, 5, 5, 0], [5, 5, 5, 0]])[1].endswith(f"{same} (3 of 3 counts are practically equal),"
                                                            " the maximum is taken")  # fmt: skip
    # Each locus is held against the next; a feature with one has no say.
    assert decided([[100] * 9, [103] * 9, [106] * 9])[1].split(": ")[1].startswith(f"{same} (18 of 18")
    assert decided([[5, 6]]) == ("sum", "")
    again = pd.DataFrame({"feature": ["m", "m"], "variant": "", "locus": ""})
    assert decide_loci([(pd.DataFrame([[100] * 9] * 2), again)]) == ("sum", "")


def test_tables_of_one_sample_are_asked_together():
    # Three counts by themselves would not say that they are the same reads, and one sample would be summed.
    ids = ["hsa-let-7a-5p_hsa-let-7a-1", "hsa-let-7a-5p_hsa-let-7a-2", "hsa-miR-16-5p_hsa-mir-16-1"]
    draw = random.Random(3)
    sources, expected = [], {}
    for sample in "abcdefgh":
        reads = draw.randint(500, 9000)
        values = [[reads], [reads + draw.randint(0, 2)], [7]]
        sources.append(source(ids, values, "refuse", samples=sample, path=f"{sample}.tsv"))
        expected[sample] = max(values[:2])[0]
    counts = assembled(*sources, species="hsa")
    assert counts.counts.loc["hsa-let-7a-5p"].to_dict() == expected
    assert sum("hairpins" in note for note in counts.notes) == 1


@pytest.mark.parametrize(
    "ids",
    [
        ["hsa-let-7a-5p", "hsa-let-7a-5p_hsa-let-7a-1"],  # a locus beside what may be the whole
        ["hsa-let-7a-5p_hsa-let-7a-1", "hsa-let-7a-1|hsa-let-7a-5p"],
        ["hsa-let-7a-5p_R-1", "hsa-let-7a-5p", "hsa-let-7a-5p_R-1"],
    ],
)
def test_the_same_row_twice_is_asked_about(ids):
    table = source(ids, [[5 + i, 3] for i in range(len(ids))], "refuse")
    with pytest.raises(ProblemsFound, match="several rows are hsa-let-7a-5p"):
        assembled(table, species="hsa")


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hsa-miR-21-5p", "hsa-let-7a-5p", "hsa-miR-16-5p", "hsa-mir-9998-p3", "hsa-miR-451a"]),
            st.sampled_from(["", *ISOMIRS]),
        ),
        min_size=1,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_isomirs_by_name_are_summed_and_kept(rows, draw):
    body = pd.DataFrame([[draw.randint(0, 500) for _ in "ab"] for _ in rows], columns=["a", "b"])
    ids = [name + isomir for name, isomir in rows]
    found = assembled(source(ids, body, "refuse"), species="hsa", biotypes=["miRNA"])
    names = [name for name, _ in rows]
    assert found.counts.rename_axis(None).T.to_dict() == body.groupby(names).sum().T.to_dict()
    assert found.ledger["source_id"].tolist() == ids
    if any(isomir for _, isomir in rows):
        assert list(found.isomirs) == ["feature", "accession", "variant", "sequence", "a", "b"]
        assert found.isomirs.groupby("feature")[["a", "b"]].sum().T.to_dict() == body.groupby(names).sum().T.to_dict()
        written = {isomir.lstrip("_.|;:#") for _, isomir in rows if isomir}
        assert set(found.isomirs["variant"].dropna()) == written
    else:
        assert found.isomirs is None


def test_case_of_isomirs(shared):
    path = shared / "cases" / "isomirs_and_species" / "lcsci.tsv"
    counts = imported(path)
    expected = reads_by(path, lambda text: text.split("_")[0])
    assert counts.counts.sum(axis=1).to_dict() == dict(expected)
    assert counts.counts.loc["hsa-miR-21-5p"].sum() == 36_455
    assert counts.isomirs.drop(columns=["accession", "variant", "sequence"]).groupby("feature").sum().sum(
        axis=1
    ).to_dict() == dict(expected)


def test_predicted_arms_are_features_of_their_own():
    ids = ["hsa-mir-21-p5", "hsa-mir-21-p3", "hsa-mir-21-p3_1ss22CT", "hsa-mir-21_p5"]
    assert identify(ids, vocabulary("hsa")).rows["feature"].tolist() == [ids[0], ids[1], ids[1], ids[3]]
