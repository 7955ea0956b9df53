"""Did the cells that were given the exosomes respond? From counts of their genes to the test of each miRNA family."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from mircargo.analysis.question import Question
from mircargo.model.engines.deseq2 import Fit
from mircargo.recipient.activity import activities, change_of_activity
from mircargo.recipient.comparison import Comparison
from mircargo.recipient.response import Replicates, respond
from mircargo.recipient.sites import Sites

_ADDED = 0.5  # to each count, before the logarithm
_KNOWN_SHARE = 0.5  # of the genes, from which on a table is taken to be about all genes


@dataclass(frozen=True, eq=False)
class RecipientQuestion:
    """What the genes of a recipient did, asked about the targets of miRNAs.

    Attributes
    ----------
    fitted
        The fit of the genes; of results that were given, their table as that of a fit.
    sites
        A row per site, as of `Sites.of`.
    genes
        By gene, what is known of it: `utr3_length` (nt), `gc` (share).
    question
        The contrast of the recipient, genes x samples; None where results were given.
    """

    fitted: Fit
    sites: pd.DataFrame
    genes: pd.DataFrame = field(default_factory=pd.DataFrame)
    question: Question | None = None

    @property
    def compared_genes(self) -> pd.DataFrame:
        """The rows of the fit that have a fold change, by gene.

        What the table of targets does not know at all (it may have no 3'UTR there) is no gene without a site, and is
        left aside; of a table that knows less than half of the genes, the others count as without a site.
        """
        results = self.fitted.results.set_index("feature")
        seen = results["log2FoldChange"].notna()
        if results["baseMean"].notna().any():
            seen &= results["baseMean"] > 0
        if "target_id" in self.genes:
            known = self.genes["target_id"].reindex(results.index).notna()
            if known[seen].mean() >= _KNOWN_SHARE:
                seen &= known
        return results[seen]

    @cached_property
    def comparison(self) -> Comparison:
        """The targets of each family, matched with genes that are like them but for the site.

        By the length of the 3'UTR, mean expression and GC where they are known, of half of the genes at least. Where
        lengths are not, the number of families with a site in the gene stands for them.
        """
        results = self.compared_genes
        arranged = Sites.of(self.sites, results.index)
        known = self.genes.reindex(results.index)
        given = [name for name in ("utr3_length", "gc") if name in known and _tells_genes_apart(known[name])]
        covariates = {name: known[name] for name in given}
        if "utr3_length" not in covariates:
            covariates["sites"] = pd.Series((arranged.best > 0).sum(axis=1), index=results.index, dtype=float)
        if results["baseMean"].notna().any():
            covariates["expression"] = results["baseMean"]
        change = results["log2FoldChange"]
        return Comparison.of(respond(change, pd.DataFrame(covariates), self.replicates), arranged)

    @cached_property
    def replicates(self) -> Replicates | None:
        """How samples of a group differ; None where no samples are left over for that, or none are known."""
        if self.question is None:
            return None
        design, contrast = self._design
        df = len(design) - int(np.linalg.matrix_rank(design))
        if df < 1:
            return None
        logs = self._logs.to_numpy()
        residuals = logs - logs @ np.linalg.pinv(design).T @ design.T
        return Replicates(residuals, df, float(contrast @ np.linalg.pinv(design.T @ design) @ contrast))

    @property
    def _design(self) -> tuple[np.ndarray, np.ndarray]:
        assert self.question is not None
        design = self.question.base.design
        return design.matrix.to_numpy(dtype=float), np.asarray(design.contrast, dtype=float)

    @cached_property
    def _logs(self) -> pd.DataFrame:
        """Log2 normalised counts of the compared genes in the samples of the contrast."""
        assert self.question is not None
        base = self.question.base
        samples = list(base.design.matrix.index)
        factors = pd.Series(self.fitted.facts["size_factors"])[samples]
        return np.log2((base.own_counts.loc[self.compared_genes.index, samples] + _ADDED) / factors)

    @cached_property
    def activity(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The activity of each family in each sample (families x samples), and as of `change_of_activity`.

        Both are empty where results were given.
        """
        if self.question is None:
            index = pd.Index([], name="family")
            return pd.DataFrame(index=index), pd.DataFrame(columns=["activity_change", "activity_pvalue"], index=index)
        centred = self._logs.sub(self._logs.mean(axis=1), axis=0)
        found = activities(centred, self.comparison.sites)
        return found, change_of_activity(found, *self._design)


def _tells_genes_apart(values: pd.Series) -> bool:
    """Whether genes can be matched for it: it is known of most, and not the same in all."""
    return bool(values.notna().mean() >= _KNOWN_SHARE and values.nunique() > 1)
