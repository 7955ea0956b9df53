"""The isomiRs of an isomiR-level table, under the names of the features that they belong to."""

from collections.abc import Mapping, Sequence

import pandas as pd

from mircargo.features.balance import add_up
from mircargo.results.columns import SAMPLE
from mircargo.results.contract import ISOMIR_TABLE

KEY_COLUMNS = [name for name in ISOMIR_TABLE.columns if name != SAMPLE]


def name_isomirs(isomirs: pd.DataFrame, features: set[str], name_of: Mapping[str, str], how: str) -> pd.DataFrame:
    """Return the isomiRs of the features kept, `feature accession variant sequence` and the table's samples.

    Parameters
    ----------
    isomirs
        One row per isomiR: `KEY_COLUMNS`, then columns of the table.
    features
        The features kept.
    name_of
        Column of the table -> sample.
    how
        What to do with rows of the same isomiR: `maximum`, else they are summed.
    """
    samples = [column for column in isomirs.columns if column in name_of]
    keys = isomirs[KEY_COLUMNS].fillna("")
    table = pd.concat([keys, add_up(isomirs[samples].rename(columns=name_of))], axis=1)
    groups = table[table["feature"].isin(features)].groupby(KEY_COLUMNS, sort=False)
    return (groups.max() if how == "maximum" else groups.sum()).reset_index()


def no_isomirs(samples: Sequence[str]) -> pd.DataFrame:
    """Return the table of a study whose tables are not isomiR-level: its columns alone."""
    return pd.DataFrame(columns=[*KEY_COLUMNS, *samples])


def join_isomirs(parts: Sequence[pd.DataFrame | None], samples: Sequence[str]) -> pd.DataFrame | None:
    """Put the isomiRs of several tables side by side: an isomiR that a table lacks has no reads there."""
    present = [part.set_index(KEY_COLUMNS) for part in parts if part is not None]
    if not present:
        return None
    table = add_up(pd.concat(present, axis=1, sort=False))
    own = [sample for sample in samples if sample in table.columns]
    table = table[own].fillna(0)
    integers = {sample: "int64" for sample in own if (table[sample] % 1 == 0).all()}
    table = table.astype(integers).reset_index()
    return table.astype(dict.fromkeys(KEY_COLUMNS, object)).replace(dict.fromkeys(KEY_COLUMNS, ""), pd.NA)
