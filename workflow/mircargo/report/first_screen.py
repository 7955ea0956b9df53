"""What the page says first of a contrast: the target in short, how sure that is and why, and what else changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from mircargo.config import Study, Thresholds
from mircargo.model.differential_table import covers, to_sort_by
from mircargo.problems import listing
from mircargo.report.rows import question_of, records
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import CAUTIONS, CHANGED

TOP: Final = 5
SAID_SHORTER: Final = ("depends_on_scale", "size_factors_go_with_groups")
LARGE_SHARE: Final = 0.25  # of a library, in one feature
FEW_COUNTS: Final = 100  # of a mean, below which one says how many
FEW_SAMPLES: Final = 6  # of a group; with fewer, more are always worth it


def fold(log2_fold_change: float) -> str:
    """Write a fold change as a factor: 2.8, 0.60, 1.02, 130."""
    value = 2.0**log2_fold_change
    return f"{value:.3g}" if value >= 100 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"


def in_short(row: Mapping[str, Any], facts: Mapping[str, Any], study: Study, thresholds: Thresholds) -> str | None:
    """Say what the target does with one number and its interval; None where only its whole sentence does.

    That is so for slopes, interactions and joint tests, and where there is no fold change.
    """
    asked = facts.get("asked", {"term": "difference"})
    contrast = study.contrasts[row["contrast"]]
    if row["ci_low"] is None or asked["term"] != "difference" or contrast.reduced or row["call"] == "not_tested":
        return None
    where = question_of(facts, contrast)
    low, high = sorted((row["ci_low"], row["ci_high"]), key=abs if row["call"] in CHANGED else None)
    interval = covers(thresholds.alpha)
    if row["call"] in CHANGED:
        ends = f"{2 ** abs(low):.1f} to {2 ** abs(high):.1f}-fold"
        size = f"{2 ** abs(row['log2FoldChange']):.1f}"
        return f"{row['feature']} is {row['call']} {size}-fold in {where} ({interval} interval {ends})."
    if row["call"] == "unchanged":
        margin = f"{2**thresholds.equivalence_log2_fold_change:.2g}"
        return f"{row['feature']} is unchanged in {where}: shown to lie within {margin}-fold."
    if row["call"] == "inconclusive":
        span = f"{fold(low)} to {fold(high)} times the {contrast.reference}"
        return f"{row['feature']} is inconclusive in {where}: the data allow {span} ({interval} interval)."
    return None


def re_analyses(row: Mapping[str, Any], variants: pd.DataFrame) -> dict[str, Any]:
    """Say how many re-analyses hold the call of the target, or show a change where none is called.

    Parameters
    ----------
    variants
        Its rows of `robustness/{contrast}.variants.tsv`.

    Returns
    -------
    dict
        ``n``, ``n_same``, ``words``; ``solid`` where a call is held in all.
    """
    calls = variants.loc[variants["kind"] != "base", "call"]
    n = len(calls)
    if not n:
        return {"n": 0, "n_same": 0, "words": "no re-analysis was possible", "solid": False}
    if row["call"] in CHANGED:
        same = int((calls == row["call"]).sum())
        words = f"holds in all {n} re-analyses" if same == n else f"holds in {same} of {n} re-analyses only"
        return {"n": n, "n_same": same, "words": words, "solid": same == n}
    shown = [f"{int((calls == call).sum())} of {n} would call it {call}" for call in CHANGED if (calls == call).any()]
    words = " and ".join(shown) if shown else f"none of {n} re-analyses shows a change"
    return {"n": n, "n_same": 0, "words": words, "solid": False}


def why_open(feature: str | None, facts: Mapping[str, Any], fitted: pd.DataFrame, libraries: pd.DataFrame) -> list[str]:
    """Say why a call is inconclusive, from the counts it rests on, and then what would settle it.

    The variance of a log count is about that of counting (one over the mean) and the dispersion: which of them is the
    larger says whether depth or samples are lacking.

    Parameters
    ----------
    fitted
        `differential/{contrast}.tsv`, indexed by feature.
    libraries
        `quality/samples.tsv`, indexed by sample.
    """
    if feature not in fitted.index:
        return []
    row = fitted.loc[feature]
    own = libraries.loc[libraries.index.intersection(facts["samples"])]
    mean, dispersion = float(row["baseMean"]), float(row["dispersion"])
    low, high = own["total"].min(), own["total"].max()
    reads = f"libraries of {low:,.0f} to {high:,.0f} reads" if low < high else f"libraries of {low:,.0f} reads"
    reason = f"It rests on a mean of {mean:,.{1 if mean < 10 else 0}f} normalised counts, in {reads}"
    dominant = own[own["top_share"] >= LARGE_SHARE]
    if len(dominant) > len(own) / 2:
        shares = f"{dominant['top_share'].min():.0%} to {dominant['top_share'].max():.0%}"
        reason += f" of which {shares} are one feature ({listing(dominant['top_feature'].unique(), 2)})"
    groups = ", ".join(f"{n} {name}" for name, n in facts["groups"].items())
    reason += f"; {groups}."
    if pd.isna(dispersion) or mean <= 0:
        return [reason]
    deep = 1 / mean > dispersion
    variation = f"Samples of a group differ by about {dispersion**0.5:.0%} beyond counting"
    cure = "more samples would settle it, deeper libraries would help little"
    if deep:
        cure = "deeper libraries would settle it first"
    if deep and len(dominant) > len(own) / 2:
        cure += f", with less of {dominant['top_feature'].mode().iloc[0]}"
    if deep and min(facts["groups"].values(), default=FEW_SAMPLES) < FEW_SAMPLES:
        cure += ", and more samples next"
    noise = mean**-0.5
    of_counting = f"counting alone makes {f'about {noise:.0%}' if noise >= 0.01 else 'less than 1%'}"
    return [reason, f"{variation}, {of_counting}: {cure}."]


def doubts(row: Mapping[str, Any], facts: Mapping[str, Any], warnings: Sequence[Mapping[str, Any]]) -> list[str]:
    """List what not to trust of a whole contrast; `warnings` are those of the check."""
    found = []
    for warning in warnings:
        if str(warning["where"]).endswith(f".contrasts.{row['contrast']}") and warning.get("code") not in SAID_SHORTER:
            details = f" ({warning['found']})" if warning["found"] else ""
            found.append(f"{warning['what'][0].upper()}{warning['what'][1:]}{details}.")
    with_groups = facts.get("size_factors_with_groups", {})
    if with_groups.get("differs"):
        spans = [f"{low:.2g} to {high:.2g} in {group}" for group, (low, high) in with_groups["ranges"].items()]
        found.append(
            f"Size factors differ between the groups ({' against '.join(spans)}), so every fold change hangs on how"
            " they were found. Were the libraries of both groups made from the same amount of RNA?"
        )
    if facts.get("scale", {}).get("depends"):
        found.append("Fold changes depend on scale: whether the typical miRNA or the total is taken as unchanged.")
    if row["note"] and row["call"] != "not_tested":
        found.append(f"{row['note'][0].upper()}{row['note'][1:]}.")
    return found


def changes(results: StudyResults, contrast: str, target: str | None) -> dict[str, Any]:
    """Return what else changed in a contrast.

    Returns
    -------
    dict
        Of ``up`` and ``down`` each ``n``, ``n_robust``, the ``top`` five, and ``wary``, how many have which caution;
        ``common``, the cautions that all have.
    """
    table, common = changed(results, contrast)
    others = table[table["feature"] != target]
    found: dict[str, Any] = {"common": [CAUTIONS[kind].words for kind in common]}
    for call in CHANGED:
        own = others[others["call"] == call]
        wary = Counter(word for words in own["wary"] if words for word in words.split("; "))
        found[call] = {
            "n": len(own),
            "n_robust": int(own["is_robust"].sum()),
            "top": records(own.head(TOP)),
            "wary": [f"{word} ({n})" for word, n in wary.most_common()],
        }
    return found


def changed(results: StudyResults, contrast: str) -> tuple[pd.DataFrame, list[str]]:
    """Return all changed features of a contrast with re-analyses and cautions, and the kinds of caution that all have.

    Robust ones come first, of these those without a caution of their own, then by adjusted p-value. `wary` has the
    cautions of their own in short; one that all have, as where the tables count hairpins, tells none from another.
    """
    fit, stress, qpcr = results.fit[contrast], results.stress[contrast], results.qpcr[contrast]
    table = fit[fit["call"].isin(CHANGED)].copy()
    for source, columns in (
        (stress, ["n_same_call", "n_variants", "robust"]),
        (qpcr, ["cautions", "caution_kinds"]),
    ):
        table = table.join(source.set_index("feature")[columns], on="feature")
    table["is_robust"] = table["robust"].astype(str).eq("True")
    kinds = [set(str(each).split(";")) if pd.notna(each) else set() for each in table["caution_kinds"]]
    common = set.intersection(*kinds) if len(kinds) > 1 else set()
    table["wary"] = ["; ".join(CAUTIONS[kind].words for kind in sorted(own - common)) for own in kinds]
    order = pd.DataFrame({"robust": ~table["is_robust"], "wary": table["wary"] != ""})
    order["padj"] = to_sort_by(table["padj"])
    ranked = table.loc[order.sort_values(["robust", "wary", "padj"], kind="stable").index]
    return ranked, sorted(common)
