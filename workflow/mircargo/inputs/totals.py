"""Rows and columns that are totals by their names."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mircargo.inputs.raw import RawTable, keep_rows
from mircargo.problems import refusal

TOTAL = re.compile(
    r"^(?:grand[ _]?)?(?:total|sum|totaldepth|mirnatotal|total[ _]?(?:reads|counts?|depth))s?$"
    r"|^(?:total[ _]?(?:mi ?rnas?|mapped|depth)|(?:row|col)sums?|summen?|gesamt|all|overall"
    r"|sum[ _]?of[ _]?(?:reads|counts))$",
    re.I,
)
LIBRARY = re.compile(
    r"^(?:total[ _.]?)?(?:lib(?:rary)?[ _.]?sizes?|(?:un)?mapped[ _.]?reads|(?:sequencing[ _.]?)?depth"
    r"|(?:raw|input|all)[ _.]?reads|reads[ _.]?(?:total|mapped|in[ _.]?library))$",
    re.I,
)
"""Names of what a library holds in all, mapped or not: more than the sum of the features."""
STAR = {"N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous"}


def drop_totals(table: RawTable, where: Sequence[str]) -> RawTable:
    """Leave out rows that are named as totals and are the sums of the others, and HTSeq's rows of what had no feature.

    Raises
    ------
    ProblemsFound
        Where a row is named as a total and is not the sum.
    """
    total = np.array([bool(TOTAL.match(text)) for text in table.ids])
    without = np.array([text.startswith("__") or text == "*" or text in STAR for text in table.ids])
    library = np.array([bool(LIBRARY.match(text)) for text in table.ids])
    rest = table.counts[~total & ~without & ~library].sum().to_numpy()
    for at in np.flatnonzero(library).tolist():
        # A row of this name is a feature of nobody; where it is smaller than the sum, the name says something else.
        without[at] |= bool((table.counts.iloc[at].to_numpy() >= rest).all())
    notes = list(table.notes)
    if not (total | without).any():
        return table
    sums = table.counts[~total & ~without].sum().to_numpy()
    everything = table.counts[~total].sum().to_numpy()
    for at in np.flatnonzero(total).tolist():
        row = table.counts.iloc[at].to_numpy()
        if not (np.allclose(row, sums, rtol=0, atol=0.5) or np.allclose(row, everything, rtol=0, atol=0.5)):
            hint = "remove the row if it is a total, or rename it if it is a feature"
            what = "a row is named as a total and is not the sum of the others"
            found = f"'{table.ids[at]}': {row.sum():,.0f} against {sums.sum():,.0f} over all samples"
            raise refusal("total_is_not_the_sum", what, f"{table.path}, {where[at]}", found, hint)
        notes.append(f"left out: {where[at]}, '{table.ids[at]}', the sum of the others")
    for at in np.flatnonzero(without).tolist():
        reads = table.counts.iloc[at].sum()
        notes.append(f"left out: {where[at]}, '{table.ids[at]}', {reads:,.0f} reads of no feature")
    table = replace(table, n_left_out=table.n_left_out + int((total | without).sum()))
    return keep_rows(table, ~total & ~without, notes)
