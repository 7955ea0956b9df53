"""Whether the shift of each family holds in the re-analyses of the recipient's genes."""

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from mircargo.analysis.recipient_question import RecipientQuestion
from mircargo.model.engines.deseq2 import Fit
from mircargo.parallel import in_order
from mircargo.recipient.basis import OTHER_SCALES
from mircargo.recipient.de_repression import family_shifts
from mircargo.robustness.kind import Variant
from mircargo.robustness.variants import variants

_COLUMNS: Final = ["variant", "kind", "family", "shift", "pvalue", "call"]
_BLIND: Final = ("preparation", *OTHER_SCALES)
"""Kinds of re-analyses that move all genes alike, or none: a shift, a difference between genes, does not see them."""


def shifts_of_re_analyses(
    asked: RecipientQuestion, stressed: pd.DataFrame, alpha: float, threads: int = 1
) -> pd.DataFrame:
    """Test the families again with the fold changes of each re-analysis of the recipient's genes.

    Other size factors and an error of preparation are left out: their agreement would say nothing.

    Parameters
    ----------
    stressed
        Re-analyses of the genes, as of `stress.tidy`.
    threads
        How many processes may share the work; the results do not depend on it.

    Returns
    -------
    pandas.DataFrame
        `variant kind family shift pvalue call`, a row per re-analysis and family; none where results were given.
    """
    if asked.question is None:
        return pd.DataFrame(columns=_COLUMNS)
    # limma-voom about the mode, which decides, has the fold changes of limma-voom less one number.
    seen = {v.name: v for v in variants(asked.question.base) if v.kind not in _BLIND and not v.decisive}
    changes = stressed.set_index(["variant", "feature"])["log2FoldChange"]

    def test_again(variant: Variant) -> pd.DataFrame:
        again = _asked_with(asked, changes[variant.name], list(variant.samples))
        table = family_shifts(again.comparison, alpha).table
        return table.assign(variant=variant.name, kind=variant.kind)[_COLUMNS]

    possible = [seen[name] for name in stressed["variant"].unique() if name in seen]
    parts = in_order([partial(test_again, variant) for variant in possible], threads)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)


def _asked_with(asked: RecipientQuestion, changes: pd.Series, left_out: list[str]) -> RecipientQuestion:
    """Return the question with other fold changes, and without the samples that were left out of these."""
    results = asked.fitted.results
    results = results.assign(log2FoldChange=results["feature"].map(changes))
    question = asked.question
    assert question is not None
    if left_out:
        data = question.data
        others = replace(data, counts=data.counts.drop(columns=left_out), sheet=data.sheet.drop(index=left_out))
        question = replace(question, data=others)
    return replace(asked, fitted=Fit(results, asked.fitted.facts), question=question)


def add_what_holds(families: pd.DataFrame, shifts: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Add to each family in how many re-analyses its shift has the same sign and p below alpha.

    Parameters
    ----------
    families
        `family shift`.
    shifts
        Of `shifts_of_re_analyses`.

    Returns
    -------
    pandas.DataFrame
        With `n_same_call`, `n_variants`, and `fragile_under`, the re-analyses in which it does not, joined by `; `.
    """
    sign = shifts["family"].map(families.set_index("family")["shift"].map(np.sign))
    holds = (shifts["pvalue"] < alpha) & (np.sign(shifts["shift"]) == sign)
    same = holds.groupby(shifts["family"]).sum()
    broken = shifts[~holds].groupby("family")["variant"].agg("; ".join)
    return families.assign(
        n_same_call=families["family"].map(same).fillna(0).astype(int),
        n_variants=shifts["variant"].nunique(),
        fragile_under=families["family"].map(broken),
    )
