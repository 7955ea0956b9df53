"""Every number of a fit against R's DESeq2, on a table that both languages make from one formula (by_r/make.R).

R 4.2.2 with DESeq2 1.38.3. Unlike the oracle's studies the table needs no download, so these numbers are held anywhere.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import table_with_outliers

from mircargo.config import Contrast, Thresholds
from mircargo.model.design.formula import expand
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit

BY_R = pd.read_csv(Path(__file__).parent / "by_r" / "deseq2.tsv", sep="\t", index_col="feature")
COUNTS = table_with_outliers()
J = np.arange(16)
SHEET = pd.DataFrame(
    {
        "group": np.where(J >= 8, "second", "first"),
        "batch": np.array(list("abc"))[J % 3],
        "dose": np.array(["1", "4", "2", "8"])[J * 5 % 7 % 4],
    },
    index=COUNTS.columns,
)
FEW = [*range(4), *range(8, 12)]
# A single count makes these: where R does not replace it, its fit of them runs away and a coarser search ends it.
DECIDED_BY_ONE_COUNT = ["f30", "f50", "f77", "f90"]
# What is asked; which samples; the smallest fold change.
CASES = {
    "two groups": ({}, J, 0.0),
    "four against four": ({}, FEW, 0.0),
    "batch": ({"blocking": ["batch"]}, J, 0.0),
    "dose": ({"blocking": ["dose"]}, J, 0.0),
    "threshold": ({"blocking": ["dose"]}, J, 0.5),
    "joint": ({"blocking": ["batch"], "reduced": "~ 1"}, J, 0.0),
    "joint within dose": ({"blocking": ["dose", "batch"], "reduced": "~ dose"}, J, 0.0),
}
TEST = ["baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj"]
DISPERSIONS = {"dispersion_gene_wise": "dispGeneEst", "dispersion_trend": "dispFit", "dispersion": "dispersion"}


@pytest.mark.parametrize("case", CASES)
def test_every_number_is_r_s(case):
    asked, samples, least = CASES[case]
    reduced = asked.get("reduced")
    asked = {key: value for key, value in asked.items() if key != "reduced"}
    contrast = Contrast(variable="group", level="second", reference="first", **asked)
    counts = COUNTS.iloc[:, samples]
    design = contrast_design(SHEET.loc[counts.columns], contrast, ["dose"], case)
    if reduced:  # R's tests drop the batch as well, which no contrast may ask for
        smaller = expand(reduced, design.data, case).matrix
        design = replace(design, reduced=smaller, reduced_formula=reduced)
    thresholds = Thresholds(min_total_count=0, min_log2_fold_change=least)
    found = fit(counts, design, thresholds, details=True).results.set_index("feature")
    expected = BY_R[BY_R["case"] == case]
    found = found.loc[expected.index]
    beyond = [] if case == "two groups" else DECIDED_BY_ONE_COUNT
    calm = ~found.index.isin(beyond)
    assert found["pvalue"].isna().tolist() == expected["pvalue"].isna().tolist()
    # Adjusted p-values hang on those of all features, and so on the runaway ones where these are tested.
    for column in TEST if case in ("two groups", "four against four", "batch", "dose") else TEST[:-1]:
        np.testing.assert_allclose(
            found.loc[calm, column].astype(float), expected.loc[calm, column], rtol=1e-7, atol=1e-9, err_msg=column
        )
    for ours, r in DISPERSIONS.items():
        values = found.loc[calm, ours].astype(float)
        np.testing.assert_allclose(values, expected.loc[calm, r], rtol=1e-6, atol=1e-7, err_msg=ours)
