"""The paragraph that says what was counted, on tables of which every number is known."""

import numpy as np
import pandas as pd

from factories import configured
from mircargo.checks.study import examine_study

NAMES = [f"hsa-miR-{n}" for n in ("21-5p", "16-5p", "31-5p", "150-5p", "191-5p", "103a-3p", "107", "93-5p", "17-5p")]
NAMES += ["hsa-let-7a-5p", "hsa-let-7b-5p", "hsa-mir-22"]
CONTRASTS = {"c": {"variable": "group", "level": "b", "reference": "a"}}


def paragraph(folder, tables, samples, **more):
    paths = []
    for name, table in tables.items():
        paths.append(folder / name)
        table.to_csv(paths[-1], sep="\t", index_label="ID")
    sheet = pd.DataFrame({"sample": samples, "group": ["a", "b"] * (len(samples) // 2)})
    sheet.to_csv(folder / "samples.tsv", sep="\t", index=False)
    counts = [{"table": str(path)} | more.get(path.name.split(".")[0], {}) for path in paths]
    config = configured(species="hsa", counts=counts, samples=str(folder / "samples.tsv"), contrasts=CONTRASTS)
    _, found = examine_study(config, "mine")
    assert found is not None
    return found.in_short


def table(rows, samples, seed=1):
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.negative_binomial(4, 0.01, (len(rows), len(samples))), rows, samples)


def test_rows_of_every_kind_and_sums_that_are_left_out(tmp_path):
    samples = [f"s{i}" for i in range(6)]
    counts = table([*NAMES, "SNORD44", "mmu-miR-21a-5p", "mine_1"], samples)
    counts["Summe"] = counts.sum(axis=1)
    counts.loc["Library size"] = counts.sum()
    assert paragraph(tmp_path, {"one.tsv": counts}, samples) == (
        "12 of 15 rows are miRNAs of hsa (1 hairpin); 1 of other RNAs, 1 of other species, 1 unknown. "
        "13 features in 6 samples are counted. 2 rows are left out of the fit, and the ledger says why. "
        "2 rows and columns are left out as sums, other units or results of tests."
    )


def test_cells_that_are_filled_with_zero(tmp_path):
    first, second = [f"s{i}" for i in range(4)], [f"s{i}" for i in range(4, 8)]
    # The second lacks two features, of which the first has next to no reads: 2 x 4 cells.
    whole, short = table(NAMES, first), table(NAMES[2:], second, 2)
    whole.iloc[:2] = [[1, 0, 2, 0], [0, 1, 0, 0]]
    said = paragraph(tmp_path, {"one.tsv": whole, "two.tsv": short}, [*first, *second], two={"absent_is_zero": True})
    assert "12 features in 8 samples are counted. 8 cells are filled with zero" in said


def test_a_library_that_is_counted_twice_and_a_table_with_nothing_to_tell(tmp_path):
    samples = [f"s{i}" for i in range(6)]
    counts = table(NAMES, samples)
    assert paragraph(tmp_path, {"one.tsv": counts}, samples).endswith(
        "Nothing is filled in, left out or counted twice."
    )
    counts["s4"] = counts["s2"]
    assert paragraph(tmp_path, {"one.tsv": counts}, samples).endswith(
        "One library seems to be counted again under another name."
    )


def test_lanes_that_are_added_up(tmp_path):
    lanes = [f"s{i}_L00{j}" for i in range(4) for j in (1, 2)]
    random = np.random.default_rng(5)
    library = random.negative_binomial(4, 0.002, (len(NAMES), 4))
    counts = pd.DataFrame(np.repeat(random.binomial(library, 0.5), 2, axis=1), NAMES, lanes)
    counts.to_csv(tmp_path / "one.tsv", sep="\t", index_label="ID")
    sheet = pd.DataFrame({"sample": [lane[:2] for lane in lanes], "column": lanes, "group": list("aaaabbbb")})
    sheet.to_csv(tmp_path / "samples.tsv", sep="\t", index=False)
    here = {"counts": [{"table": str(tmp_path / "one.tsv")}], "samples": str(tmp_path / "samples.tsv")}
    _, found = examine_study(configured(species="hsa", contrasts=CONTRASTS, **here), "mine")
    said = "12 features in 4 samples are counted. 4 columns are added up with others to one sample, as the sheet says."
    assert found is not None
    assert said in found.in_short
