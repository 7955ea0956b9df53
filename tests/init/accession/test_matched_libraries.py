"""Columns and samples: who is who is found where a person would be sure, and nowhere else."""

import random

import pytest

from mircargo.init.accession.deposit import DepositedSample
from mircargo.init.accession.matching import match_libraries


def samples_of(titles, **names):
    """Return samples GSM1, GSM2, ... of these titles; `names` gives further names of each, by kind."""
    return [
        DepositedSample(f"GSM{n}", title, names={kind: (texts[n - 1],) for kind, texts in names.items()})
        for n, title in enumerate(titles, 1)
    ]


@pytest.mark.parametrize(
    ("columns", "titles", "names"),
    [
        (["GSM1_ctrl.txt", "x.GSM2"], ["b", "a"], {}),
        (["ctrl_01.bam", "ctrl_02.bam"], ["Ctrl 1", "Ctrl 2"], {}),
        (["S1", "S2"], ["Sample 1 [miRNA-seq]", "Sample 2 [miRNA-seq]"], {}),
        (["sham_1", "SNI_1"], ["small RNA of sham 1, DRG", "small RNA of SNI 1, DRG"], {}),
        (["A1_S1_L001", "A10_S2_L001"], ["A1", "A10"], {}),
        (["L7", "L9"], ["mouse", "mouse"], {"description": ["Library name: L7", "Library name: L9"]}),
        (["q_ctrl", "q_case"], ["x", "y"], {"file": ["GSM1_q_ctrl.txt.gz", "GSM2_q_case.txt.gz"]}),
        (["ERR11", "ERR12"], ["x", "y"], {"run": ["ERR11", "ERR12"]}),
        (["C1", "C2", "T1", "T2"], ["control rep 1", "control rep 2", "treated rep 1", "treated rep 2"], {}),
    ],
)
def test_found(columns, titles, names):
    """The samples stand in the order of the columns here; in any other order the same are found, but by order."""
    samples = samples_of(titles, **names)
    found = match_libraries(columns, samples)
    assert found is not None
    assert list(found.samples) == samples
    shuffled = samples[::-1]
    again = match_libraries(columns, shuffled)
    if "ORDER" in found.how:
        assert again is None
    else:
        assert list(again.samples) == samples


@pytest.mark.parametrize(
    ("columns", "titles"),
    [
        (["1", "2", "3", "4"], ["control 1", "control 2", "case 1", "case 2"]),  # a number alone
        (["ctrl_1", "ctrl_10"], ["ctrl_10 a", "ctrl_100 b"]),  # 1 is not within 10
        (["3", "4"], ["mouse 3, sham", "mouse 4, SNI"]),
        (["sham_1_a", "sham_1_b"], ["sham 1", "SNI 1"]),  # two columns of one sample
        (["C1", "C2", "Ca1", "Ca2"], ["control 1", "control 2", "capsaicin 1", "capsaicin 2"]),  # C may be both
        (["C1", "C2", "T1", "T2"], ["control 2", "control 1", "treated 1", "treated 2"]),  # another order
        (["sham", "SNI", "extra"], ["sham", "SNI", "CCI"]),  # one is left over
        (["sham", "sham_2"], ["sham", "sham"]),  # two samples of one name
        (["A7", "B2"], ["sham 1", "SNI 1"]),
        (["10²", "10³"], ["sham 1", "SNI 1"]),
        (["KO+", "KO-"], ["KO +", "KO -"]),  # signs alone
        ([], ["sham 1"]),
    ],
)
def test_not_found(columns, titles):
    assert match_libraries(columns, samples_of(titles)) is None


def test_samples_without_a_column_and_order_do_not_matter():
    samples = samples_of([f"DRG {state} {n}" for state in ("sham", "SNI", "CCI") for n in range(1, 13)])
    chosen = random.Random(1).sample(samples, 20)
    found = match_libraries([sample.title.replace(" ", "_") for sample in chosen], samples)
    assert list(found.samples) == chosen
