"""What the page says of the recipient cells: the answer, cargo beside consequence, targets, what they rest on."""

from typing import Any, Final

import pandas as pd

from mircargo.recipient.agreement import AGREEMENTS, NO_RESPONSE, NOT_ASKED, UNCHANGED
from mircargo.recipient.matching import COVARIATES
from mircargo.report.rows import records
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import CHANGED, DOWN

MOST_ROWS: Final = 25
_NOTHING: Final = (NO_RESPONSE, UNCHANGED, NOT_ASKED)


def recipient_cells(results: StudyResults) -> dict[str, Any] | None:
    """Return what the templates show of the recipient cells; None for a study without.

    Returns
    -------
    dict or None
        ``facts`` (`recipient/answer.json`), ``own`` (the row of the target's family; None where it has none), ``fall``
        and ``rise`` (families whose targets do), ``tiers`` (agreement, miRNAs, definition), ``rows`` of agreement (the
        target and what says something, at most `MOST_ROWS`, with ``is_target``), ``n_more`` not listed, ``shown``
        (targets that were shown), ``dose`` by what targets are told apart by, ``matched_for`` in words,
        ``balance`` with ``words``, and ``warnings`` of the check.
    """
    if results.study.recipient is None:
        return None
    facts, families = results.recipient_answer, results.recipient_families
    family = facts["family"]
    own = families[families["family"] == family]
    dose = results.recipient_dose[results.recipient_dose["family"] == family]
    balance = results.recipient_balance[results.recipient_balance["family"] == family]
    rows, n_more = _best(results.recipient_agreement, facts["feature"])
    counted = results.recipient_agreement["agreement"].value_counts()
    called = families[families["call"].isin(CHANGED)]
    return {
        "facts": facts,
        "own": records(own)[0] if len(own) else None,
        "fall": int((called["call"] == DOWN).sum()),
        "rise": int((called["call"] != DOWN).sum()),
        "tiers": [(name, int(counted.get(name, 0)), meaning) for name, meaning in AGREEMENTS.items()],
        "rows": rows,
        "n_more": n_more,
        "shown": records(results.recipient_shown),
        "dose": {str(by): records(part) for by, part in dose.groupby("by", sort=False)},
        "matched_for": [COVARIATES[name] for name in facts["matched_for"]],
        "balance": records(balance.assign(words=balance["covariate"].map(COVARIATES))),
        "warnings": results.recipient_ledger["warnings"],
    }


def _best(agreement: pd.DataFrame, target: str | None) -> tuple[list[dict[str, Any]], int]:
    """Return the miRNAs of which cargo and targets say something, the target in any case, and how many more are."""
    table = agreement.assign(is_target=agreement["feature"] == target)
    said = table[~table["agreement"].isin(_NOTHING) | table["is_target"]]
    own, others = said[said["is_target"]], said[~said["is_target"]]
    kept = pd.concat([own, others.head(MOST_ROWS - len(own))]).sort_index()
    return records(kept), len(said) - len(kept)
