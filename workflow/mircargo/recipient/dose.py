"""Do targets with stronger sites change more? The shift of a family by type of site and by predicted repression."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from mircargo.recipient.de_repression import Tested
from mircargo.vocabulary import SITE_TYPES

FEWEST: Final = 5
"""Strata with fewer targets are left out."""

_DECILES: Final = 10


def dose_response(tested: Tested, families: Sequence[str], alpha: float = 0.05) -> pd.DataFrame:
    """Return the shift of strata of a family's targets against the genes matched to these.

    Parameters
    ----------
    tested
        Of `family_shifts`.
    families
        Names of tested families; others have no rows.
    alpha
        1 - alpha is the coverage of the intervals.

    Returns
    -------
    pd.DataFrame
        `family by stratum n_targets shift shift_se ci_low ci_high`; `by` is *site type* or *score decile*, of which 1
        has the lowest scores, that is the strongest predicted repression. A gene counts for its best site.
    """
    compared = tested.compared
    rows = []
    for name in families:
        family = compared.position(name)
        if family is None:
            continue
        added, df = tested.added[family]
        left = tested.left(family)
        for by, stratum, chosen in _strata(tested, family):
            found = compared.difference(family, left, chosen)
            se = float(np.sqrt(found.variance + added))
            half = float(student.ppf(1 - alpha / 2, min(df, max(found.n - 1, 1)))) * se
            bounds = found.shift - half, found.shift + half
            rows.append((name, by, stratum, int(chosen.sum()), found.shift, se, *bounds))
    columns = ["family", "by", "stratum", "n_targets", "shift", "shift_se", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns)


def _strata(tested: Tested, family: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield each stratum of a family's targets, as a mask over them."""
    sites, targets = tested.compared.sites, tested.compared.matched[family].targets
    ranks = sites.best[targets, family]
    for name, rank in SITE_TYPES.items():
        if rank > 1 and (ranks == rank).sum() >= FEWEST:
            yield "site type", name, ranks == rank
    if sites.score is None:
        return
    scores = sites.score[targets, family]
    if len(targets) < FEWEST * _DECILES or np.ptp(scores) == 0:
        return
    order = pd.Series(scores).rank(method="first").to_numpy()
    decile = np.ceil(order / len(order) * _DECILES).astype(int)
    for number in range(1, _DECILES + 1):
        yield "score decile", str(number), decile == number
