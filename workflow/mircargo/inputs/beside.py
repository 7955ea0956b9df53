"""Columns that stand beside the counts: reads per million, UMIs and reads, results of a test."""

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

RESULTS: Final = frozenset({
    "basemean", "log2foldchange", "lfcse", "pvalue", "padj", "logfc", "logcpm", "fdr", "p.value", "adj.p.val",
    "aveexpr", "svalue", "foldchange", "fold_change", "log2fc", "qvalue", "q.value", "p_value", "p-value", "pval",
    "p.adj", "p_adj", "log2_fold_change",
})  # fmt: skip
"""Columns that DESeq2, edgeR and limma write of a test, in lower case."""
_BESIDE_RESULTS: Final = frozenset({
    "stat", "lr", "f", "t", "b", "fc", "basevar", "basemeana", "basemeanb", "significant", "regulation", "threshold",
})  # fmt: skip
"""Columns that are results where others are, and may be samples else."""

_COUNTED: Final = ("umis", "umi", "raw_counts", "raw_count", "rawcounts", "raw", "counts", "count", "read_count")
_COUNTED_AFTER: Final = ("readcount", "reads", "read")
_SCALED: Final = frozenset({
    "rpm", "cpm", "tpm", "rpkm", "fpkm", "norm", "normalized", "normalised", "norm_count", "norm_counts",
    "normcount", "normcounts", "normalized_counts", "normalised_counts", "rpmm", "log2", "log2cpm", "logcpm",
    "log2rpm", "rlog", "vst", "percent", "pct", "rpm_norm", "%",
})  # fmt: skip
_RANK: Final = {word: rank for rank, word in enumerate([*_COUNTED, *_COUNTED_AFTER])}
_UNITS: Final = "|".join(sorted([*_RANK, *_SCALED], key=len, reverse=True))
_AFTER: Final = re.compile(rf"^(?P<stem>.*?)[ ._:()\[-]+(?P<unit>{_UNITS})[)\]]?$", re.I)
_BEFORE: Final = re.compile(rf"^(?P<unit>{_UNITS})[ ._:-]+(?P<stem>.+)$", re.I)


def columns_in_other_units(names: Sequence[str], body: pd.DataFrame, kept: frozenset[str]) -> list[int]:
    """Find the columns that are no counts among pairs such as `x_count` and `x_RPM`, `x-UMIs` and `x-READs`.

    Parameters
    ----------
    names, body
        Columns that hold numbers.
    kept
        Names that the configuration speaks of: they stay, whatever they are called.
    """
    by_stem: dict[str, dict[int, tuple[int, str]]] = {}
    for at, name in enumerate(names):
        stem, unit = _stem_and_unit(name)
        by_stem.setdefault(stem, {})[at] = (_rank(unit), unit)
    paired = [of for of in by_stem.values() if len({unit for _, unit in of.values()}) > 1]
    if sum(map(len, paired)) < max(2, 0.6 * len(names)):
        return []
    return sorted(
        at for of in paired for at, (rank, _) in of.items() if rank > min(of.values())[0] and names[at] not in kept
    )


def without_unit(name: str) -> str:
    """Return a sample's name without the unit behind it: `ctrl_1-UMIs` is `ctrl_1`."""
    found = _AFTER.match(name)
    return found["stem"] if found and found["stem"] and found["unit"].lower() not in _SCALED else name


def _stem_and_unit(name: str) -> tuple[str, str]:
    found = _AFTER.match(name) or _BEFORE.match(name)
    return (found["stem"].lower(), found["unit"].lower()) if found else (name.lower(), "")


def _rank(unit: str) -> int:
    """UMIs before raw counts before reads, a bare name as counts; what is scaled comes last."""
    if unit in _SCALED:
        return 100
    return _RANK.get(unit, _RANK["counts"])


def columns_of_results(names: Sequence[str], body: pd.DataFrame, kept: frozenset[str]) -> list[int]:
    """Find the columns of a test's results, where two or more columns of integers stand beside them."""
    results = [at for at, name in enumerate(names) if name.lower() in RESULTS and name not in kept]
    if len(results) > 1:
        known = RESULTS | _BESIDE_RESULTS
        results = [at for at, name in enumerate(names) if name.lower() in known and name not in kept]
    whole = [at for at in range(len(names)) if at not in results and _is_whole(body.iloc[:, at])]
    return results if len(whole) > 1 else []


def _is_whole(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and bool((column.dropna() % 1 == 0).all())
