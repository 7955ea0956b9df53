"""The isomers of an isomer-level table, under the names of the features that they belong to."""

from collections.abc import Mapping, Sequence

import pandas as pd

from mircargo.features.balance import add_up
from mircargo.results.columns import SAMPLE
from mircargo.results.contract import ISOMIR_TABLE

KEY = [name for name in ISOMIR_TABLE.columns if name != SAMPLE]


def name_isomers(isomers: pd.DataFrame, features: set[str], name_of: Mapping[str, str], how: str) -> pd.DataFrame:
    """Return the isomers of the features kept, `feature accession variant sequence` and the table's samples.

    Parameters
    ----------
    isomers
        One row an isomer: `KEY`, then columns of the table.
    features
        The features kept.
    name_of
        Column of the table -> sample.
    how
        What to do with rows of the same isomer: `maximum`, else they are summed.
    """
    samples = [column for column in isomers.columns if column in name_of]
    keys = isomers[KEY].fillna("")
    table = pd.concat([keys, add_up(isomers[samples].rename(columns=name_of))], axis=1)
    groups = table[table["feature"].isin(features)].groupby(KEY, sort=False)
    return (groups.max() if how == "maximum" else groups.sum()).reset_index()


def no_isomers(samples: Sequence[str]) -> pd.DataFrame:
    """Return the table of a study whose tables are not isomer-level: its columns alone."""
    return pd.DataFrame(columns=[*KEY, *samples])


def join_isomers(parts: Sequence[pd.DataFrame | None], samples: Sequence[str]) -> pd.DataFrame | None:
    """Put the isomers of several tables side by side: an isomer that a table lacks has no reads there."""
    present = [part.set_index(KEY) for part in parts if part is not None]
    if not present:
        return None
    table = add_up(pd.concat(present, axis=1, sort=False))
    own = [sample for sample in samples if sample in table.columns]
    table = table[own].fillna(0)
    integers = {sample: "int64" for sample in own if (table[sample] % 1 == 0).all()}
    table = table.astype(integers).reset_index()
    return table.astype(dict.fromkeys(KEY, object)).replace(dict.fromkeys(KEY, ""), pd.NA)
