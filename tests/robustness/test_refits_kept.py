"""Fits that are kept for other variants: what a variant says does not depend on which were fitted before it."""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Contrast, Thresholds
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.robustness import stress
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.variants import variants


@pytest.mark.parametrize("threads", [1, 2])
def test_equal_size_factors_of_other_methods_are_fits_of_their_own(threads):
    """Of one feature, the median of ratios and the total are the same numbers.

    The median rests on the feature by name, which then cannot be tested; the total rests on no feature by name.
    """
    sheet = pd.DataFrame({"group": ["a"] * 4 + ["b"] * 4}, index=[f"s{j}" for j in range(8)])
    counts = pd.DataFrame([[50, 60, 40, 70, 90, 110, 80, 95]], ["only"], sheet.index)
    contrast = Contrast(variable="group", level="b", reference="a")
    base = BaseFit.of_contrast(counts, Normalisation(sheet), contrast, (), Thresholds(), "here")
    results = fit(counts, base.design, base.thresholds, factors=base.size_factors()).results
    assert np.isnan(results["padj"].iloc[0])
    runs = stress.run(results, variants(base), 0.05, threads=threads)
    padj = dict(zip(runs.names, runs.padj[:, 0], strict=True))
    assert np.isnan(padj["as configured"])
    assert np.isfinite(padj["total counts"])
