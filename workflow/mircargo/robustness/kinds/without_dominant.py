"""Dominant features left out of the size factors."""

from typing import Final, cast

import pandas as pd

from mircargo.model.normalisation.size_factors import Method, assumed, size_factors
from mircargo.problems import listing
from mircargo.robustness.kind import BaseFit, Kind, Variant, unless_measured

DOMINANT_SHARE: Final = 0.2  # of the reads of a library


def without_dominant(question: BaseFit) -> list[Variant]:
    """Leave features of over a fifth of a library's reads out of the size factors."""
    kept = question.kept()
    share = (kept / kept.sum(axis=0)).max(axis=1)
    dominant = list(share[share > DOMINANT_SHARE].sort_values(ascending=False, kind="stable").index)
    factors = question.size_factors()
    if not dominant or not assumed(factors):
        return []
    methods = set(factors.methods.values())
    method = cast(Method, methods.pop()) if len(methods) == 1 and methods != {"mode"} else "auto"

    def refit() -> pd.DataFrame:
        others = kept.index.difference(dominant, sort=False)
        return question.refit(size_factors(kept, question.fraction, method=method, features=others))

    return [Variant(f"size factors without {listing(dominant, 3)}", "dominant", refit)]


KIND = Kind(
    name="dominant",
    order=3,
    heading="Left out of the size factors",
    variants=without_dominant,
    methods=unless_measured("without features of over a fifth of a library's reads in the size factors"),
    heading_says=("size factors without ",),
)
