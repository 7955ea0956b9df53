"""A test of fold changes with an error that replicates do not show."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from mircargo.model.filtering import adjust


def with_added_error(table: pd.DataFrame, log2_sd: float, null: float = 0.0) -> pd.DataFrame:
    """Test fold changes again with an added error, which all libraries of a group have in common.

    Replicates of one pool agree better than two pools of the same mixture: what differs between pools but not between
    libraries makes small differences significant. It is taken as normal, and added to the standard error: the table has
    the larger `lfcSE`, and `pvalue` and `padj` of a normal test with it.

    Parameters
    ----------
    table
        `log2FoldChange` and `lfcSE` of each feature, missing where there is no estimate.
    log2_sd, null
        Standard deviation of that error, and smallest absolute log2 fold change of interest.
    """
    errors = np.hypot(table["lfcSE"], log2_sd)
    beyond = (table["log2FoldChange"].abs() - null) / errors
    p_values = np.minimum(1.0, 2 * norm.sf(beyond))
    if "pvalue" in table:  # an outlier has none, and is given none here
        p_values = np.where(table["pvalue"].isna(), np.nan, p_values)
    return table.assign(lfcSE=errors, pvalue=p_values, padj=adjust(p_values))
