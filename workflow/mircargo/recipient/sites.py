"""Which gene has a site of which miRNA family."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.vocabulary import SITE_TYPES


@dataclass(frozen=True, eq=False)
class Sites:
    """Which gene has a site of which family.

    Attributes
    ----------
    families
        Names of the families.
    best
        Genes x families: the rank of the best site of the gene as of `SITE_TYPES`, 0 where it has none.
    score
        Genes x families: predicted repression, summed over the sites of a gene, smaller is stronger (scores of which
        the higher is the stronger with the other sign); 0 where there is none, None where the table has no scores.
    """

    families: Sequence[str]
    best: np.ndarray
    score: np.ndarray | None = None

    def targets(self, family: int) -> np.ndarray:
        """Return the positions of the genes with a site that makes them targets."""
        return np.flatnonzero(self.best[:, family] > 1)

    def pool(self, family: int) -> np.ndarray:
        """Return the positions of the genes with no site at all, weak ones included."""
        return np.flatnonzero(self.best[:, family] == 0)

    @classmethod
    def of(cls, table: pd.DataFrame, genes: pd.Index) -> "Sites":
        """Arrange a table of sites by gene and family.

        Parameters
        ----------
        table
            A row per site: `family gene site_type`, and `score` where known; types as of `SITE_TYPES`.
        genes
            The genes that are compared, each once; sites of others are left aside.
        """
        table = table[table["gene"].isin(genes)]
        families = pd.Index(sorted(table["family"].unique()))
        rows, columns = genes.get_indexer(table["gene"]), families.get_indexer(table["family"])
        best = np.zeros((len(genes), len(families)), dtype=np.int8)
        np.maximum.at(best, (rows, columns), table["site_type"].map(SITE_TYPES).to_numpy(dtype=np.int8))
        if "score" not in table or table["score"].isna().all():
            return cls(list(families), best)
        score = np.zeros(best.shape, dtype=np.float32)
        # Of context++ scores, which are below 0, the lower is the stronger; of others the higher.
        sign = 1 if (table["score"].dropna() < 0).mean() > 0.5 else -1
        np.add.at(score, (rows, columns), sign * table["score"].fillna(0).to_numpy(dtype=np.float32))
        return cls(list(families), best, score)
