"""Targets of each family beside the genes that are matched to them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mircargo.recipient.matching import FEWEST_GENES, Matched, match
from mircargo.recipient.response import Response
from mircargo.recipient.sites import Sites


@dataclass(frozen=True)
class Difference:
    """The mean change of some targets less that of their matched genes, and the variance it has from gene to gene."""

    shift: float
    variance: float
    n: float  # targets, those with little weight counting less


@dataclass(frozen=True, eq=False)
class Comparison:
    """The families that can be tested, and what their targets are compared with.

    Attributes
    ----------
    response, sites
        The genes, and their sites.
    matched
        By position of the family.
    """

    response: Response
    sites: Sites
    matched: Mapping[int, Matched]

    @classmethod
    def of(cls, response: Response, sites: Sites) -> "Comparison":
        """Match the targets of each family that has enough of them with genes that have no site of it."""
        matched = {}
        for family in range(len(sites.families)):
            targets, pool = sites.targets(family), sites.pool(family)
            if min(len(targets), len(pool)) >= FEWEST_GENES:
                matched[family] = match(response.scores, targets, pool)
        return cls(response, sites, matched)

    def position(self, family: str) -> int | None:
        """Return the position of a family by its name; None where it is not compared."""
        found = self.sites.families.index(family) if family in self.sites.families else None
        return found if found in self.matched else None

    def shares(self, family: int, chosen: np.ndarray | None = None) -> np.ndarray:
        """Return the share of each target in the mean, of those that are chosen (a mask over the targets)."""
        weights = self.response.precision[self.matched[family].targets]
        weights = weights if chosen is None else weights * chosen
        return np.asarray(weights / weights.sum())

    def weights(self, family: int, chosen: np.ndarray | None = None) -> np.ndarray:
        """Return the weight of each gene in the shift of a family: of targets above 0, of controls below."""
        matched, shares = self.matched[family], self.shares(family, chosen)
        weights = -matched.control_weights(shares, len(self.response.change))
        weights[matched.targets] += shares
        return weights

    def difference(self, family: int, change: np.ndarray, chosen: np.ndarray | None = None) -> Difference:
        """Return by how much more the targets change than their matched genes.

        Parameters
        ----------
        family
            Its position.
        change
            Of each gene; that of the response, or what other families leave of it.
        chosen
            Mask over the targets of the family, where only some are compared.
        """
        matched, shares = self.matched[family], self.shares(family, chosen)
        mean = float(shares @ change[matched.targets])
        n = 1 / float(shares @ shares)
        of_targets = float(shares**2 @ (change[matched.targets] - mean) ** 2) * n / max(n - 1, 0.5)
        weights = matched.control_weights(shares, len(change))
        control = float(weights @ change)
        return Difference(mean - control, of_targets + float(weights**2 @ (change - control) ** 2), n)

    def explained(self, family: int, change: np.ndarray) -> np.ndarray:
        """Return the shift of each gene that a family explains, by the type of its best site; 0 without."""
        fitted = np.zeros(len(change))
        of_targets = self.sites.best[self.matched[family].targets, family]
        overall = self.difference(family, change).shift
        for rank in np.unique(of_targets):
            chosen = of_targets == rank
            shift = self.difference(family, change, chosen).shift if chosen.sum() >= FEWEST_GENES else overall
            fitted[self.matched[family].targets[chosen]] = shift
        return fitted
