"""What to validate by qPCR: each reason by itself, primers by sequences of miRBase, stability by NormFinder in R."""

import numpy as np
import pandas as pd
import pytest

from mircargo.cargo.examined import Libraries, examine
from mircargo.cargo.primers import told_apart_from
from mircargo.cargo.qpcr import list_for_qpcr, reference_mirnas
from mircargo.cargo.stability import stability
from mircargo.features.mirbase import load_mature

GROUPS = pd.Series({f"{group}{i}": group for group in ("a", "b") for i in range(3)})


def sequences_of(*names):
    return load_mature().set_index("name")["sequence"].loc[list(names)]


def test_stability_is_that_of_the_published_program():
    """NormFinder for R (r.NormOldStab5), transcribed, run in R 4.5; some variances are negative at first."""
    reads = pd.DataFrame(
        {
            "a": [100, 120, 90, 200, 240, 260, 210],
            "b": [50, 70, 40, 90, 130, 140, 100],
            "c": [400, 500, 300, 800, 1000, 1100, 700],
            "d": [30, 20, 60, 90, 40, 110, 70],
            "e": [1000, 1150, 930, 400, 520, 480, 450],
            "f": [220, 260, 200, 410, 500, 540, 430],
        },
        index=list("1234567"),
    ).T
    groups = pd.Series([1, 1, 1, 2, 2, 2, 2], index=list("1234567"))
    found = stability(np.log2(reads), groups)
    by_r = [0.203251065784, 0.361547813651, 0.365260122557, 0.728857343003, 1.008418831693, 0.158620072166]
    assert found.to_numpy() == pytest.approx(by_r, rel=1e-10)
    # It needs no normalisation: twice the reads in a library change nothing.
    assert stability(np.log2(reads * [1, 2, 1, 8, 1, 0.5, 3]), groups).to_numpy() == pytest.approx(by_r, rel=1e-10)
    assert stability(np.log2(reads.head(2)), groups).isna().all()
    assert stability(np.log2(reads), groups.replace({1: 2}).where(groups.index != "1", 1)).isna().all()


@pytest.mark.parametrize(
    ("one", "other", "told_apart"),
    [
        ("hsa-let-7a-5p", "hsa-let-7c-5p", False),  # one base, within the last six
        ("hsa-let-7a-5p", "hsa-let-7f-5p", False),  # one base in the middle
        ("hsa-let-7a-5p", "hsa-let-7b-5p", True),  # AUAGUU against GUGGUU: two bases at the end
        ("hsa-miR-30a-5p", "hsa-miR-30d-5p", False),
        ("hsa-miR-29a-3p", "hsa-miR-29b-3p", True),  # CGGUUA against AGUGUU
        ("hsa-miR-23a-3p", "hsa-miR-23b-3p", False),  # AUUUCC and AUUACC(AC): one base, and reads end where they like
        ("hsa-miR-199a-3p", "hsa-miR-199b-3p", False),  # the same sequence
        ("hsa-miR-155-5p", "hsa-miR-146a-5p", True),
    ],
)
def test_primers_tell_relatives_apart_by_two_bases_at_the_end(one, other, told_apart):
    sequences = sequences_of(one, other)
    found = told_apart_from(sequences, pd.Series({one: 100.0, other: 200.0}))
    assert found.isna().tolist() == [told_apart, told_apart]
    assert found.dropna().tolist() == ([] if told_apart else [other, one])


def test_a_relative_that_is_hardly_there_does_not_count():
    names = ["hsa-let-7a-5p", "hsa-let-7c-5p"]
    found = told_apart_from(sequences_of(*names), pd.Series([1000.0, 9.0], names))
    assert found.isna().tolist() == [True, False]


SCALE = "its change depends on scale: the interval under uncertainty of scale holds 0"
# Each called feature has one reason; 10 reads of a million are 10 per million.
CASES = {
    "mmu-miR-155-5p": ([400] * 6, "up", True, None),
    "mmu-miR-146a-5p": ([500] * 6, "up", False, "not robust"),
    "mmu-miR-31-5p": ([60] * 6, "down", True, "fewer than 100 reads per million"),
    "mmu-miR-34a-5p": ([900, 900, 5, 1, 1, 1], "down", True, "fewer than 10 reads in a library"),
    "mmu-let-7a-5p": ([5000] * 6, "up", True, "primers may amplify mmu-let-7c-5p too"),
    "mmu-let-7c-5p": ([4000] * 6, "none", True, None),
    "mmu-miR-335-5p": ([800] * 6, "up", True, SCALE),
    "novel-1": ([700] * 6, "up", True, "no sequence is known; no miRNA that miRBase knows"),
}  # fmt: skip
REFERENCES = ["mmu-miR-191-5p", "mmu-miR-22-3p", "mmu-miR-143-3p", "mmu-miR-9-5p"]


def made():
    rng = np.random.Generator(np.random.PCG64(4))
    rows = {name: reads for name, (reads, *_) in CASES.items()}
    noise = dict(zip(REFERENCES, (0.02, 0.3, 0.05, 0.5), strict=True))
    rows |= {name: np.exp2(11 + sd * rng.normal(size=6)).round() for name, sd in noise.items()}
    counts = pd.DataFrame(rows, index=GROUPS.index).T.astype(int)
    # A million reads in each library, of features that are none of the above.
    filler = [f"filler-{i}" for i in range(10)]
    rest = np.tile((1_000_000 - counts.sum()).to_numpy() // len(filler), (len(filler), 1))
    counts = pd.concat([counts, pd.DataFrame(rest, filler, counts.columns)])
    mature = load_mature().set_index("name")
    features = mature.reindex(counts.index)[["accession", "sequence", "species"]].rename_axis("feature").reset_index()
    results = pd.DataFrame({"feature": counts.index, "status": "tested", "call": "none", "padj": 0.5})
    called = results["feature"].map({name: case[1] for name, case in CASES.items()}).fillna("none")
    results = results.assign(call=called, log2FoldChange=0.0, ci_low=-0.5, ci_high=0.5, scale_ci_low=0.2)
    results["scale_ci_high"] = 1.0
    results.loc[results["feature"] == "mmu-miR-335-5p", "scale_ci_low"] = -0.1
    robust = pd.Series({name: case[2] for name, case in CASES.items()})
    libraries = Libraries(counts, features, dict.fromkeys(GROUPS.index, 1.0), GROUPS)
    return examine(results, libraries, None, 0.05), robust


def test_each_reason_leaves_out_by_itself():
    examined, robust = made()
    table = list_for_qpcr(examined, robust, GROUPS).set_index("feature")
    for name, (_, call, _, reason) in CASES.items():
        found = table.loc[name]
        assert (None if pd.isna(found["left_out_because"]) else found["left_out_because"]) == reason, name
        assert found["for_qpcr"] == (call != "none" and reason is None)
    assert table.index[0] == "mmu-miR-155-5p", "those that suit it come first"
    assert table.loc["mmu-miR-34a-5p", "reads_per_million"] == pytest.approx((900 + 900 + 5) / 3, rel=1e-4)
    assert table.loc["mmu-miR-34a-5p", "fewest_reads"] == 5


def test_references_are_the_most_stable_of_those_that_do_not_change():
    examined, robust = made()
    table = list_for_qpcr(examined, robust, GROUPS)
    found = reference_mirnas(examined, table, GROUPS, None)
    # let-7c could not be told from let-7a, and no sequence of a filler is known.
    assert set(found["feature"]) == set(REFERENCES)
    assert set(found["feature"][:2]) == {"mmu-miR-191-5p", "mmu-miR-143-3p"}, "those of the least planted noise"
    assert (found["n_candidates"] == len(REFERENCES)).all()
    few = reference_mirnas(examined, table[~table["feature"].isin(REFERENCES[:2])], GROUPS, None)
    assert few.empty
    assert list(few) == list(found)
