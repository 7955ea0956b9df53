"""What the page says of the target, of its co-cargo and of release: the result tables as the templates need them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mircargo.cargo.expectations import NO_EXPECTATION
from mircargo.config import Study, Thresholds
from mircargo.io import read_json, read_result
from mircargo.report.methods import dispersions_of
from mircargo.robustness.sentences import NOT_ROBUST, clause
from mircargo.vocabulary import CHANGED, TARGET_CALLS

MOST_ROWS: Final = 25
MOST_NAMED: Final = 4
MOST_SAMPLES: Final = 1000  # rows of a table of samples on the page


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def answers(folder: Path, thresholds: Thresholds, facts: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the target's rows, each with its interval plot and what could overturn it.

    Parameters
    ----------
    folder
        The study's results.
    thresholds
        As configured.
    facts
        What each contrast's fit says of itself.

    Returns
    -------
    list of dict
        The columns of `cargo/target.tsv`, then ``plot`` (percent of the plot's width; None without an interval),
        ``n_variants``, ``n_same``, ``robust_words``, ``overturned_by`` (list of str), ``n_more`` (of them, not
        listed), ``n_called`` and ``n_tested`` (features of the contrast), ``scale`` and ``scale_model`` (as the fit's
        facts have them).
    """
    rows = records(read_result(folder / "cargo" / "target.tsv"))
    margin = thresholds.equivalence_log2_fold_change
    widths = {row["contrast"]: facts[row["contrast"]].get("asked", {}).get("width", 1.0) for row in rows}
    keys = ("ci_low", "ci_high", "scale_ci_low", "scale_ci_high")
    ends = [abs(row[key]) * widths[row["contrast"]] for row in rows for key in keys if row.get(key) is not None]
    reach = max([*ends, 2 * margin, 1.0]) * 1.08
    for row in rows:
        stress = read_json(folder / "robustness" / f"{row['contrast']}.json")
        fragile = [part.strip() for part in (row["fragile_under"] or "").split(";") if part.strip()]
        row["plot"] = _interval(row, margin, reach, widths[row["contrast"]]) if row["ci_low"] is not None else None
        row["n_variants"] = len(stress["variants"])
        row["n_same"] = None if row.get("n_same_call") is None else int(row["n_same_call"])
        row["overturned_by"], row["n_more"] = fragile[:MOST_NAMED], max(0, len(fragile) - MOST_NAMED)
        row["robust_words"] = _robust_words(row, stress)
        row["n_called"] = stress["n_calls"]
        row["n_tested"] = facts[row["contrast"]]["n_by_status"].get("tested", 0)
        row |= {key: facts[row["contrast"]].get(key, {}) for key in ("scale", "scale_model")}
    return rows


def _robust_words(row: Mapping[str, Any], stress: Mapping[str, Any]) -> str:
    """Say whether a call is robust, or why that is not said; empty where there is no call."""
    if row["call"] not in CHANGED:
        return ""
    if stress.get("undecided"):
        return f"not said to be robust: {'; '.join(stress['undecided'])}"
    if stress.get("not_robust"):
        return "not robust, whatever the variants say: libraries are counted more than once (see below)"
    return "robust" if str(row.get("robust")) == "True" else "not robust"


def _interval(row: Mapping[str, Any], margin: float, reach: float, width: float) -> dict[str, Any]:
    """Place an interval on its plot; a slope is drawn for all of its numbers, `width` units of it."""

    def place(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    scale = {key: place(row[key] * width) for key in ("scale_ci_low", "scale_ci_high") if row.get(key) is not None}
    return scale | {
        "low": place(row["ci_low"] * width),
        "high": place(row["ci_high"] * width),
        "at": place(row["log2FoldChange"] * width),
        "over": "" if width == 1 else f" over {width:g} units",
        "margin_low": place(-margin),
        "margin_high": place(margin),
        "reach": f"{reach:.1f}",
    }


def headline(rows: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return each call of the target with the contrasts that have it, calls of a change first."""
    found = {call: [row["contrast"] for row in rows if row["call"] == call] for call in TARGET_CALLS}
    return [(call, names) for call, names in found.items() if names]


def expectations(folder: Path) -> dict[str, dict[str, Any]]:
    """Return by contrast what is expected of it, and the miRNAs of the panel of which nothing is."""
    table = read_result(folder / "cargo" / "expectations.tsv")
    return {
        str(name): {
            "rows": records(part[part["expected"] != NO_EXPECTATION]),
            "without": part.loc[part["expected"] == NO_EXPECTATION, "mirna"].tolist(),
        }
        for name, part in table.groupby("contrast", sort=False)
    }


def co_cargo(folder: Path, study: Study, alpha: float) -> list[dict[str, Any]]:
    """Return for each exosome contrast its candidates (the first 25), their facts and the shadows left out."""
    table = read_result(folder / "cargo" / "co_cargo.tsv")
    calls = read_result(folder / "cargo" / "target.tsv").set_index("contrast")["call"]
    parts = []
    for name in study.exosome_contrasts():
        own = table[table["contrast"] == name]
        candidates = own[own["tier"].notna()]
        shadows = own[own["cross_maps_to"].notna() & (own["padj"] < alpha)]
        parts.append(
            {
                "name": name,
                "call": calls[name],
                "total": len(candidates),
                "rows": records(candidates.head(MOST_ROWS)),
                "cautious": bool(candidates.head(MOST_ROWS)["cautions"].notna().any()),
                "features": candidates["feature"].tolist(),
                "facts": read_json(folder / "cargo" / "co_cargo" / f"{name}.json"),
                "shadows": list(zip(shadows["feature"], shadows["cross_maps_to"], strict=True)),
            }
        )
    return parts


def releases(folder: Path, study: Study) -> list[dict[str, Any]]:
    """Return for each comparison what its fit says of the target, its classes and which dispersions it rests on."""
    features = read_result(folder / "cargo" / "target.tsv").set_index("contrast")["feature"]
    parts = []
    for name, comparison in study.comparisons.items():
        table = read_result(folder / "cargo" / "release" / f"{name}.tsv")
        target = features.get(comparison.exosome)
        row = table[table["feature"] == target]
        facts = read_json(folder / "cargo" / "release" / f"{name}.json")
        variants = read_result(folder / "robustness" / "release" / f"{name}.variants.tsv")
        own = variants[variants["feature"] == target]
        parts.append(
            {
                "name": name,
                "comparison": comparison,
                "facts": facts,
                "dispersions": dispersions_of(facts["by_fraction"]),
                "classes": table["class"].value_counts().to_dict(),
                "target": records(row)[0] if len(row) else None,
                "survival": _survival(own, folder / "robustness" / "release" / f"{name}.json"),
            }
        )
    return parts


def _survival(variants: pd.DataFrame, facts: Path) -> str:
    """Say whether the call of a release survives, and where no call can be robust, that it is not."""
    survival = clause(variants) if len(variants) else ""
    called = variants.loc[variants["kind"] == "base", "call"].isin(CHANGED).any()
    copies = facts.exists() and "not_robust" in read_json(facts)
    return f"{survival}; {NOT_ROBUST}" if called and copies else survival


def samples(folder: Path, most: int = MOST_SAMPLES) -> dict[str, Any]:
    """Return the libraries: ``rows``, and how many there are in all (``n``) and with a flag (``n_flagged``).

    Of more than `most` only the flagged ones are listed, the first of them where these are more as well.
    """
    table = read_result(folder / "quality" / "samples.tsv")
    flagged = table[table["flags"].notna() & (table["flags"] != "")]
    listed = table if len(table) <= most else flagged.head(most)
    return {"rows": records(listed), "n": len(table), "n_flagged": len(flagged)}


def balance(folder: Path, most: int = MOST_SAMPLES) -> dict[str, Any]:
    """Return the reads of each sample as ``rows``, of more than `most` their sum; and how many there are (``n``)."""
    table = read_result(folder / "counts" / "balance.tsv")
    if len(table) > most:
        sums = table.drop(columns="sample").sum().to_frame().T
        return {"rows": records(sums.assign(sample=f"all {len(table):,}")), "n": len(table)}
    return {"rows": records(table), "n": len(table)}


def ledger(folder: Path) -> list[dict[str, Any]]:
    """Return rows and reads of each input table, by what became of them."""
    table = read_result(folder / "counts" / "ledger.tsv")
    groups = table.groupby(["table", "action"], sort=False)
    return groups.agg(rows=("row", "size"), reads=("reads", "sum")).reset_index().to_dict("records")
