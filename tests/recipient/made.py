"""Genes with sites made for tests: a dozen, reckoned by hand, and larger tables with a planted shift."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.recipient.comparison import Comparison
from mircargo.recipient.matching import Matched
from mircargo.recipient.response import Replicates, Response, respond
from mircargo.recipient.sites import Sites

# Genes 0 to 2 are the targets of family `a`; each is matched with two of the genes 3 to 6.
DOZEN = np.array([-1.0, -0.4, 0.2, 0.1, 0.3, -0.2, 0.4, 5, 5, 5, 5, 5])


def dozen(residuals=None, df=2, scale=1.0):
    """Return a dozen genes, of which target 1 has twice the weight of the others."""
    precision = np.ones(12)
    precision[1] = 2
    best = np.zeros((12, 1), dtype=np.int8)
    best[:3, 0] = 5, 4, 4
    matched = Matched(np.array([0, 1, 2]), np.array([[3, 4], [4, 5], [5, 6]]))
    replicates = None if residuals is None else Replicates(residuals, df, scale)
    covariates = pd.DataFrame(index=[f"g{number}" for number in range(12)])
    response = Response(DOZEN, precision, covariates, np.zeros((12, 1)), replicates)
    return Comparison(response, Sites(["a"], best), {0: matched})


@dataclass
class Made:
    """Fold changes, covariates and sites of genes, of which family `a` acts."""

    change: pd.Series
    covariates: pd.DataFrame
    sites: pd.DataFrame
    residuals: np.ndarray | None = None

    def compared(self, change=None):
        index = self.change.index
        replicates = None if self.residuals is None else Replicates(self.residuals, self.residuals.shape[1] - 2, 2 / 3)
        change = self.change if change is None else change
        return Comparison.of(respond(change, self.covariates.loc[index], replicates), Sites.of(self.sites, index))

    def in_order(self, order):
        residuals = None if self.residuals is None else self.residuals[order]
        return Made(self.change.iloc[order], self.covariates.iloc[order], self.sites.iloc[::-1], residuals)


def make(seed, shift=-0.4, n=600, families=6, n_targets=80, overlap=0.0, replicates=True):
    """Make genes with a trend along two covariates; a share of the targets of `b` are those of `a`."""
    rng = np.random.default_rng(seed)
    names = pd.Index([f"g{number}" for number in range(n)])
    covariates = pd.DataFrame({"utr3_length": rng.lognormal(6.8, 1, n), "gc": rng.uniform(0.3, 0.7, n)}, index=names)
    types = np.array(["8mer", "7mer-m8", "7mer-A1"])
    rows, targets = [], {}
    for name in "abcdefghijklmnopqrstuvwxyz"[:families]:
        chosen = rng.choice(n, n_targets, replace=False)
        if name == "b":
            kept = rng.permutation(targets["a"])[: round(overlap * n_targets)]
            others = np.setdiff1d(np.arange(n), targets["a"])
            chosen = np.concatenate([kept, rng.choice(others, n_targets - len(kept), replace=False)])
        targets[name] = chosen
        rows.append(pd.DataFrame({"family": name, "gene": names[chosen], "site_type": rng.choice(types, n_targets)}))
    change = rng.normal(0, 0.25, n) + 0.1 * np.log(covariates["utr3_length"].to_numpy())
    change[targets["a"]] += shift
    residuals = rng.normal(0, 0.2, (n, 6)) if replicates else None
    return Made(pd.Series(change, names), covariates, pd.concat(rows, ignore_index=True), residuals)
