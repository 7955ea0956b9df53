"""Whether genes are matched for the length of their 3'UTRs, by what is known of it."""

import numpy as np
import pandas as pd
import pytest
from made import make

from mircargo.analysis.recipient_question import RecipientQuestion
from mircargo.model.engines.deseq2 import Fit


@pytest.mark.parametrize(
    ("known", "matched_for"),
    [
        (lambda at: 500.0 + at, ["utr3_length"]),
        (lambda at: np.where(at % 3 > 0, 500.0 + at, np.nan), ["utr3_length"]),
        # One length of all, or lengths of a third: the number of families with a site says more.
        (lambda at: 500.0 + 0 * at, ["sites"]),
        (lambda at: np.where(at % 3 == 0, 500.0 + at, np.nan), ["sites"]),
    ],
    ids=["of all", "of two thirds", "the same of all", "of a third"],
)
def test_lengths_are_used_where_they_tell_genes_apart(known, matched_for):
    made = make(1)
    genes = made.change.index
    results = pd.DataFrame({"feature": genes, "baseMean": np.nan, "log2FoldChange": made.change.to_numpy()})
    lengths = pd.DataFrame({"utr3_length": known(np.arange(len(genes)))}, index=genes)
    asked = RecipientQuestion(Fit(results, {}), made.sites, lengths)
    assert list(asked.comparison.response.covariates) == matched_for
