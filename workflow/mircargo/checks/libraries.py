"""Libraries: depth, number of features, dominant features."""

import numpy as np
import pandas as pd

from mircargo.model.normalisation.size_factors import SizeFactors, fraction_groups, size_factors
from mircargo.problems import Problem, listing

SHALLOW_DEPTH_SHARE = 0.2  # of the median depth of its fraction
DOMINANT_SHARE = 0.4  # share of reads in one feature
MAX_WARNED_SINGLY = 20  # samples that are warned of one by one


def assess(
    counts: pd.DataFrame,
    fraction: pd.Series | None,
    factors: SizeFactors | None = None,
    spike_ins: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, SizeFactors]:
    """Describe each library.

    Parameters
    ----------
    counts
        Features x samples, integers.
    fraction
        The fraction of each sample, or None where there is one.
    factors
        Size factors of the samples; None finds them within each fraction.
    spike_ins
        Spike-ins x samples; missing where a table has no row of a spike-in.

    Returns
    -------
    tuple
        One row per sample, `sample total detected top_feature top_share size_factor flags`, and `spike_in_reads` (not
        in the total) where there are spike-ins; and the size factors. Flags are words joined by `;`: `shallow`
        (under 0.2 of the median depth of its fraction), `dominated` (one feature holds over 0.4 of the reads),
        `poscounts` (its size factor rests on geometric means of positive counts: because no feature of its
        fraction has reads in every sample, or by the configuration).
    """
    factors = factors or size_factors(counts, fraction)
    groups = fraction_groups(counts, fraction)
    totals = counts.sum(axis=0)
    top = counts.idxmax(axis=0)
    share = counts.max(axis=0) / totals
    shallow = totals < SHALLOW_DEPTH_SHARE * totals.groupby(groups).transform("median")
    poscounts = groups.map(factors.methods).fillna(factors.methods.get("all", "")) == "poscounts"
    flags = [
        ";".join(word for word, holds in (("shallow", a), ("dominated", b), ("poscounts", c)) if holds)
        for a, b, c in zip(shallow, share > DOMINANT_SHARE, poscounts, strict=True)
    ]
    table = pd.DataFrame(
        {
            "sample": counts.columns,
            "total": totals.to_numpy(),
            "detected": (counts > 0).sum(axis=0).to_numpy(),
            "top_feature": top.to_numpy(),
            "top_share": share.round(4).to_numpy(),
            "size_factor": factors.values.to_numpy(),
            "flags": np.array(flags, dtype=object),
        }
    )
    if spike_ins is not None and len(spike_ins):
        table["spike_in_reads"] = spike_ins[list(counts.columns)].sum(axis=0, min_count=1).astype("Int64").to_numpy()
    return table, factors


def depth_problems(counts: pd.DataFrame, fraction: pd.Series | None) -> list[Problem]:
    """List samples that cannot be used (no reads), and warn of shallow ones and those dominated by one feature."""
    empty = counts.columns[counts.sum(axis=0) == 0]
    if len(empty):
        hint = "look at its library; take it out of the sheet and name it under `exclude_samples`"
        what = "a sample without any read"
        return [Problem("no_reads", what, f"sample '{each}'", "0 reads", hint, samples=(str(each),)) for each in empty]
    problems = []
    table = assess(counts, fraction)[0]
    shallow = table[table["flags"].str.contains("shallow")]
    for row in shallow.itertuples() if len(shallow) <= MAX_WARNED_SINGLY else ():
        what, samples = "a library much shallower than the others of its fraction", (str(row.sample),)
        where, reads = f"sample '{row.sample}'", f"{row.total:,} reads"
        problems.append(Problem("shallow_library", what, where, reads, "", "warning", samples))
    if len(shallow) > MAX_WARNED_SINGLY:
        what = f"{len(shallow):,} libraries much shallower than the others of their fractions"
        where, samples = f"samples {listing(shallow['sample'], 4)}", tuple(shallow["sample"])
        reads = f"{shallow['total'].min():,} to {shallow['total'].max():,} reads"
        hint = "they are flagged in quality/samples.tsv"
        problems.append(Problem("shallow_library", what, where, reads, hint, "warning", samples))
    for feature, rows in table[table["flags"].str.contains("dominated")].groupby("top_feature"):
        what = "one feature holds a large share of the reads, so the fold changes of all others hang on it"
        shares = dict.fromkeys(f"{share:.0%}" for share in rows["top_share"].agg(["min", "max"]))
        where, samples = f"sample{'s' * (len(rows) > 1)} {listing(rows['sample'], 4)}", tuple(rows["sample"])
        found = f"{feature} {' to '.join(shares)}"
        problems.append(Problem("dominant_feature", what, where, found, "", "warning", samples))
    return problems
