"""What each contrast found, in numbers: features tested, up, down, and how many of those are robust."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.results.contract import CONTRAST_SUMMARY
from mircargo.vocabulary import CHANGED, DOWN, NO_CALL, STATUSES, TESTED, UP


def count_calls(contrast: str, fit: pd.DataFrame, facts: Mapping[str, Any], stress: pd.DataFrame) -> dict[str, Any]:
    """Count the calls of a contrast: its row of `summary.tsv`, but for the note.

    Parameters
    ----------
    contrast
        Its name.
    fit, facts
        `differential/{contrast}.tsv` and its .json.
    stress
        `robustness/{contrast}.tsv`.

    Returns
    -------
    dict
        The columns of `CONTRAST_SUMMARY`. `up`, `down` and `no_call` add up to `tested`, the reasons for no test to
        `not_tested`. The numbers of robust calls are missing where of a call it is not said whether it is robust.
    """
    statuses = fit["status"].value_counts()
    reasons = {status: int(statuses.get(status, 0)) for status in STATUSES if status != TESTED}
    calls = fit["call"].value_counts()
    robust = stress.set_index("feature")["robust"].reindex(fit["feature"]).astype(str).str.lower().to_numpy()
    survive: dict[str, int | None] = {}
    for call in CHANGED:
        own = robust[(fit["call"] == call).to_numpy()]
        decided = bool(pd.Series(own, dtype=object).isin(["true", "false"]).all())
        survive[f"robust_{call}"] = int((own == "true").sum()) if decided else None
    return {
        "contrast": contrast,
        "compared": facts["asked"]["words"],
        "samples": len(facts["samples"]),
        "features": len(fit),
        "tested": int(statuses.get(TESTED, 0)),
        UP: int(calls.get(UP, 0)),
        DOWN: int(calls.get(DOWN, 0)),
        **survive,
        "no_call": int(calls.get(NO_CALL, 0)),
        "not_tested": sum(reasons.values()),
        **reasons,
    }


def why_not_said(tried: Mapping[str, Any]) -> str | None:
    """Say why no call is robust, or is said to be, by the facts of a stress test; None where some may be."""
    reasons = [*tried.get("undecided", ()), *tried.get("not_robust", ())]
    return "; ".join(reasons) or None


def to_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Put rows of `count_calls`, with their notes, in the table `summary.tsv`; a contrast a row."""
    table = pd.DataFrame(rows, columns=list(CONTRAST_SUMMARY.columns))
    whole = [name for name in table if name not in ("contrast", "compared", "note")]
    return table.astype(dict.fromkeys(whole, "Int64"))
