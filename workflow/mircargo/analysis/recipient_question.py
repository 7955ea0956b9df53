"""Did the cells that were given the exosomes respond? From counts of their genes to the test of each miRNA family."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from mircargo.analysis.question import Question
from mircargo.model.engines.deseq2 import Fit
from mircargo.recipient.comparison import Comparison
from mircargo.recipient.response import Replicates, respond
from mircargo.recipient.sites import Sites

_ADDED = 0.5  # to each count, before the logarithm


@dataclass(frozen=True, eq=False)
class RecipientQuestion:
    """A contrast of the recipient's messenger RNA, asked about the targets of miRNAs.

    Attributes
    ----------
    question
        The contrast of the recipient; its data are genes x samples.
    sites
        A row per site, as of `Sites.of`.
    genes
        By gene, what is known of it: `utr3_length` (nt), `gc` (share); may lack genes and columns.
    """

    question: Question
    sites: pd.DataFrame
    genes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def fitted(self) -> Fit:
        """The fit of the genes with DESeq2's model."""
        return self.question.fit()

    def replicates(self, genes: pd.Index) -> Replicates | None:
        """Return how samples of a group differ in some genes; None where no samples are left over for that."""
        base = self.question.base
        matrix = base.design.matrix
        df = len(matrix) - int(np.linalg.matrix_rank(matrix))
        if df < 1:
            return None
        factors = pd.Series(self.fitted.facts["size_factors"])[list(matrix.index)]
        logs = np.log2((base.own_counts.loc[genes, list(matrix.index)] + _ADDED) / factors).to_numpy()
        design = matrix.to_numpy(dtype=float)
        residuals = logs - logs @ np.linalg.pinv(design).T @ design.T
        return Replicates(residuals, df, contrast_variance(design, np.asarray(base.design.contrast, dtype=float)))

    def compare(self) -> Comparison:
        """Match the targets of each family with genes that are like them but for the site."""
        results = self.fitted.results.set_index("feature")
        results = results[results["log2FoldChange"].notna() & (results["baseMean"] > 0)]
        return compare(
            results["log2FoldChange"], results["baseMean"], self.sites, self.genes, self.replicates(results.index)
        )


def contrast_variance(design: np.ndarray, contrast: np.ndarray) -> float:
    """Return the variance of a contrast of least-squares coefficients, in units of a sample's variance."""
    return float(contrast @ np.linalg.pinv(design.T @ design) @ contrast)


def compare(
    change: pd.Series,
    expression: pd.Series | None,
    sites: pd.DataFrame,
    genes: pd.DataFrame,
    replicates: Replicates | None = None,
) -> Comparison:
    """Match the targets of each family with genes that are like them, by all that is known of the genes.

    Where no gene's 3'UTR length is known, the number of sites of all families stands for it.

    Parameters
    ----------
    change
        Log2 fold change by gene, none missing.
    expression
        Mean normalised count by gene, where known.
    sites, genes
        As of `RecipientQuestion`.
    replicates
        Of the same genes, where samples are known.
    """
    arranged = Sites.of(sites, change.index)
    known = genes.reindex(change.index)
    covariates = {name: known[name] for name in ("utr3_length", "gc") if name in known and known[name].notna().any()}
    if "utr3_length" not in covariates:
        covariates["sites"] = pd.Series((arranged.best > 0).sum(axis=1), index=change.index, dtype=float)
    if expression is not None:
        covariates["expression"] = expression
    return Comparison(respond(change, pd.DataFrame(covariates), replicates), arranged)
