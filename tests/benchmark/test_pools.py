"""The ratiometric pools, against DESeq2 in R on the same libraries."""

import pandas as pd
import pytest

from mircargo.benchmark.callers import CALLERS, plain
from mircargo.benchmark.pools import CONTRAST, enough_reads, first_replicates, read_pools
from mircargo.benchmark.run import swaps
from mircargo.benchmark.scoring import score
from mircargo.problems import ProblemsFound


@pytest.fixture(scope="module")
def pools(shared):
    return read_pools(shared / "data" / "ratiometric_pools")


def test_groups_and_truth_are_those_of_the_study(pools):
    assert len(pools.groups) == 12
    assert {name: len(sheet) for name, sheet in pools.groups.items() if len(sheet) != 8} == {"Lab8.TruSeq": 7}
    parts = (2 ** pools.truth.abs()).round(2).value_counts()
    # Of the 334, one at 1.5 was never counted and has no row.
    assert parts.to_dict() == {1.0: 40} | {1.5: 41} | dict.fromkeys((2.0, 3.0, 4.0, 5.0, 8.0, 10.0), 42)
    [mir21] = [feature for feature in pools.truth.index if feature.endswith("hsa-miR-21-5p")]
    assert pools.truth[mir21] == pytest.approx(3.3219, abs=1e-4)  # 1 part in A, 10 in B


# R 4.2.2, DESeq2 1.38.3: results(alpha = 0.05), and with lfcThreshold = 0.3; first three libraries of each pool,
# features with 10 reads or more in three samples or more.
@pytest.mark.parametrize(
    ("group", "features", "tpr", "fdr", "unchanged", "slope", "tpr_beyond", "unchanged_beyond"),
    [
        ("Lab6.4N_C", 332, 0.962, 0.0209, 0.075, 0.972, 0.863, 0.025),
        ("Lab5.4N_A", 332, 0.966, 0.0569, 0.375, 0.996, 0.897, 0.050),
        ("Lab1.NEBNext", 326, 0.910, 0.0505, 0.162, 0.962, 0.848, 0.081),
    ],
)
def test_scores_are_those_of_deseq2(pools, group, features, tpr, fdr, unchanged, slope, tpr_beyond, unchanged_beyond):
    sheet = first_replicates(pools.groups[group], 3)
    counts = enough_reads(pools.counts[list(sheet.index)], 3)
    assert len(counts) == features
    found = score(plain(counts, sheet, CONTRAST), pools.truth)
    assert [found["tpr"], found["fdr"], found["unchanged_called"]] == pytest.approx([tpr, fdr, unchanged], abs=0.008)
    assert found["slope"] == pytest.approx(slope, abs=0.002)
    found = score(CALLERS["threshold"](counts, sheet, CONTRAST), pools.truth)
    assert [found["tpr"], found["unchanged_called"]] == pytest.approx([tpr_beyond, unchanged_beyond], abs=0.008)


def test_the_real_swap_is_put_back_in_one_group_only(pools):
    # That it alone is flagged is tested with the check itself, in tests/checks.
    found = swaps(pools).set_index("group")["at_fault"]
    assert found[found != ""].to_dict() == {"Lab1.NEBNext": "Lab1.NEBNext.SynthA.1;Lab1.NEBNext.SynthB.2"}


def test_missing_tables_and_columns_are_named_at_once(tmp_path):
    (tmp_path / "counts.tsv").write_text("feature\ts1\nx\t3\n")
    (tmp_path / "truth.tsv").write_text("feature\tparts_in_pool_a\nx\t1\n")
    with pytest.raises(ProblemsFound) as caught:
        read_pools(tmp_path)
    assert [(problem.where.rsplit("/", 1)[1], problem.found) for problem in caught.value.problems] == [
        ("samples.tsv", ""),
        ("truth.tsv", "parts_in_pool_b"),
    ]
    (tmp_path / "truth.tsv").write_text("feature\tparts_in_pool_a\tparts_in_pool_b\ny\t1\t1\n")
    pd.DataFrame({"sample": ["s1"], "lab": "l", "kit": "k", "pool": "A", "replicate": 1}).to_csv(
        tmp_path / "samples.tsv", sep="\t", index=False
    )
    with pytest.raises(ProblemsFound, match="same samples and features"):
        read_pools(tmp_path)
