"""The other methods of size factors."""

from functools import partial
from typing import Final

import pandas as pd

from mircargo.model.normalisation.size_factors import Method, assumed, size_factors
from mircargo.robustness.kind import BaseFit, Kind, Variant, unless_measured

NAMES: Final[dict[Method, str]] = {
    "ratio": "median of ratios",
    "poscounts": "poscounts",
    "tmm": "TMM",
    "total": "total counts",
}


def other_methods(question: BaseFit) -> list[Variant]:
    """Use every method but the one in use; none where size factors come from controls, spike-ins or a column."""

    def refit(method: Method) -> pd.DataFrame:
        return question.refit(size_factors(question.kept(), question.fraction, method=method))

    factors = question.size_factors()
    if not assumed(factors):
        return []
    used = set(factors.methods.values())
    # Where spike-ins are kept aside, they say whether the total has changed.
    asked = {method: name for method, name in NAMES.items() if method != "total" or not question.measured}
    return [Variant(name, "size_factors", partial(refit, method)) for method, name in asked.items() if used != {method}]


KIND = Kind(
    name="size_factors",
    order=2,
    heading="Other size factors",
    variants=other_methods,
    methods=unless_measured(
        "with size factors by the median of ratios (Anders and Huber 2010), by positive counts (Love et al. 2014), by "
        "trimmed means of M-values (Robinson and Oshlack 2010) and by total counts, whichever were not in use"
    ),
)
