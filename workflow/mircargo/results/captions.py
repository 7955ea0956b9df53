"""Numbers of a study for the captions of ``snakemake --report``.

The captions are rendered by Snakemake in its own process, so nothing is imported here that takes time. Each function
takes the path of a result file and returns a sentence in reStructuredText, or nothing where it is not there yet.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mircargo.problems import listing
from mircargo.results import contract as files
from mircargo.results.contract import Result
from mircargo.vocabulary import CHANGED

_MARKUP = re.compile(r"([\\*_`|]|(?<=<)[/!])")


def caption_of(
    result: Result, path: str, alpha: float | None = None, titles: Mapping[str, str] | None = None
) -> str:
    """Return the sentence that a file's caption has of its numbers; empty where there is nothing to say.

    Parameters
    ----------
    result
        What the file is.
    path
        Where it lies; facts of a fit or a stress test lie beside its table.
    alpha
        Of a fit, the adjusted p-value below which features were called.
    titles
        Of contrasts that have one, by their names.
    """
    if result is files.FIT:
        return of_contrast(path, alpha)
    if result in (files.TARGET_CALLS, files.CO_CARGO_TABLE, files.CO_CARGO_OF_CONTRAST):
        return (of_target if result is files.TARGET_CALLS else of_co_cargo)(path, titles)
    return _CAPTIONS[result.path](path) if result.path in _CAPTIONS else ""


def of_counts(path: str) -> str:
    """Say how many features, samples and reads a count matrix has."""
    rows = list(_rows(path))
    if not rows:
        return ""
    samples = [name for name in rows[0] if name != "feature"]
    reads = sum(int(row[sample]) for row in rows for sample in samples)
    return f"{_some(len(rows), 'feature')} in {_some(len(samples), 'sample')}, {reads:,} reads."


def of_ledger(path: str) -> str:
    """Say how many input rows there were, and what became of them."""
    actions = Counter(row["action"] for row in _rows(path))
    return f"{_some(actions.total(), 'row')}: {_tally(actions)}." if actions else ""


def of_quality(path: str) -> str:
    """Say how deep the libraries are, and which are flagged."""
    rows = list(_rows(path))
    if not rows:
        return ""
    depths = [int(float(row["total"])) for row in rows]
    flagged = [row["sample"] for row in rows if row["flags"]]
    tail = f" Flagged: {_plain(listing(flagged))}." if flagged else " None is flagged."
    return f"{_some(len(rows), 'sample')} of {min(depths):,} to {max(depths):,} reads.{tail}"


def of_contrast(path: str, alpha: float | None = None) -> str:
    """Say how many features a contrast tested and called; `path` is its table, its facts lie beside it."""
    facts, rows = _facts(path), list(_rows(path))
    if not rows or not facts:
        return ""
    called = Counter(row["call"] for row in rows)
    beyond = " and an interval beyond 0" if facts.get("reduced_formula") else ""
    below = "" if alpha is None else f" at padj below {alpha:g}{beyond}"
    groups = ", ".join(f"{n} {_plain(name)}" for name, n in facts["groups"].items())
    if "asked" in facts:
        groups = f"{_plain(facts['asked']['words'])}; samples {groups}"
    tested = _some(facts["n_by_status"].get("tested", 0), "feature")
    return (
        f"{groups}; model {_plain(facts['formula'])}. {tested} tested: "
        f"{called['up']} up and {called['down']} down{below}."
    )


def of_robustness(path: str) -> str:
    """Say how many calls hold in all variants of the fit."""
    facts = _facts(path)
    if not facts:
        return ""
    return (
        f"{facts['n_calls_in_all']} of {_some(facts['n_calls'], 'call')} hold in all "
        f"{len(facts['variants'])} variants of the fit."
    )


def of_summary(path: str) -> str:
    """Say of each contrast how many features went up and down."""
    rows = _rows(path)
    return " ".join(f"{_plain(row['contrast'])}: {row['up']} up, {row['down']} down of {row['tested']}." for row in rows)


def of_target(path: str, titles: Mapping[str, str] | None = None) -> str:
    """Give the target's sentences."""
    named = [((titles or {}).get(row["contrast"], row["contrast"]), row["sentence"]) for row in _rows(path)]
    return " ".join(f"**{_plain(name)}**: {_plain(sentence)}" for name, sentence in named)


def of_co_cargo(path: str, titles: Mapping[str, str] | None = None) -> str:
    """Say of each contrast how many features have which tier."""
    tiers: dict[str, Counter[str]] = {}
    for row in _rows(path):
        own = tiers.setdefault(row["contrast"], Counter())
        if row["tier"] != "NA":
            own[row["tier"]] += 1
    if not tiers:
        return "No contrast of exosomes." if Path(path).exists() else ""
    named = [((titles or {}).get(name, name), own) for name, own in tiers.items()]
    return " ".join(f"{_plain(name)}: {_tally(own) or 'none'}." for name, own in named)


def of_release(path: str) -> str:
    """Say how many features are of which class."""
    classes = Counter(row["class"].replace("NA", "not fitted") for row in _rows(path))
    return f"{_some(classes.total(), 'feature')}: {_tally(classes)}." if classes else ""


def of_qpcr(path: str) -> str:
    """Say how many of the changes of a contrast suit a validation by qPCR."""
    called = [row for row in _rows(path) if row["call"] in CHANGED]
    return f"{sum(row['for_qpcr'] == 'True' for row in called)} of {_some(len(called), 'change')}." if called else ""


def of_composition(path: str) -> str:
    """Say how many features would be called up and down under each change of the total."""
    calls: dict[str, Counter[str]] = {}
    for row in _rows(path):
        calls.setdefault(row["global_change"], Counter())[row["call"]] += 1
    parts = [f"{float(change):.2g}-fold: {own['up']} up, {own['down']} down" for change, own in calls.items()]
    return f"{'; '.join(parts)}." if parts else ""


def of_expectations(path: str) -> str:
    """Say how often what was found agrees with what is expected."""
    found = Counter(row["agrees"] for row in _rows(path) if row["agrees"] != "NA")
    return f"Agrees with the literature: {_tally(found)}." if found else ""


def of_meta(path: str) -> str:
    """Give the sentence of a meta-analysis's target."""
    rows = [row for row in _rows(path) if row.get("sentence", "NA") not in ("", "NA", None)]
    return " ".join(_plain(row["sentence"]) for row in rows)


def of_recipient(path: str) -> str:
    """Give the sentence of what the targets of the target miRNA did in the recipient."""
    answer = Path(path).parent / Path(files.RECIPIENT_ANSWER.path).name
    return _plain(json.loads(answer.read_text(encoding="utf-8"))["sentence"]) if answer.exists() else ""


_CAPTIONS: Final[Mapping[str, Callable[[str], str]]] = {
    files.CONTRAST_SUMMARY.path: of_summary,
    files.RAW_COUNTS.path: of_counts,
    files.LEDGER_TABLE.path: of_ledger,
    files.LIBRARIES.path: of_quality,
    files.STRESS.path: of_robustness,
    files.RELEASE_STRESS.path: of_robustness,
    files.QPCR.path: of_qpcr,
    files.GLOBAL_CHANGE.path: of_composition,
    files.RELEASE_TABLE.path: of_release,
    files.EXPECTATION_TABLE.path: of_expectations,
    files.RECIPIENT_ANSWER.path: of_recipient,
    files.FAMILIES.path: of_recipient,
    files.META_TARGET.path: of_meta,
}


def _rows(path: str) -> Iterator[dict[str, str]]:
    if Path(path).exists():
        with Path(path).open(encoding="utf-8", newline="") as handle:
            yield from csv.DictReader(handle, delimiter="\t")


def _facts(table: str) -> Mapping[str, Any]:
    path = Path(table).with_suffix(".json")
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _tally(counted: Mapping[str, int]) -> str:
    parts: Sequence[str] = [f"{n:,} {_plain(name.replace('_', ' '))}" for name, n in counted.items()]
    return ", ".join(parts)


def _some(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _plain(text: str) -> str:
    """Keep markup characters in names from being read as markup, or as the end of the page's script."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
