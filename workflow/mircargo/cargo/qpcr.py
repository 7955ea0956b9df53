"""What to validate by qPCR in a contrast, what is left out and why, and which miRNAs to measure it against."""

import numpy as np
import pandas as pd

from mircargo.cargo.cautions import COUNTS, Caution, in_words
from mircargo.cargo.co_cargo import is_true
from mircargo.cargo.examined import Examined
from mircargo.cargo.primers import told_apart_from
from mircargo.cargo.stability import stability
from mircargo.model.differential_table import to_sort_by
from mircargo.results.contract import QPCR, QPCR_REFERENCES
from mircargo.vocabulary import CHANGED

FEWEST_PER_MILLION = 100.0
FEWEST_READS = 10
MOST_REFERENCES = 10
SCALE = "its change depends on scale: the interval under uncertainty of scale holds 0"
ADDED_READS = 0.5


def list_for_qpcr(examined: Examined, robust: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Say of each fitted feature whether it suits a validation by qPCR, and if not why.

    It does where its call is robust; it has at least 100 reads per million on average, and 10 in each library, of the
    group that has most of it; it has no caution; and primers tell it from every other expressed miRNA
    (`primers.told_apart_from`).

    Parameters
    ----------
    robust
        Of `robustness/{contrast}.tsv`, by feature.
    groups
        The group of each sample of the contrast.

    Returns
    -------
    pandas.DataFrame
        `cargo/qpcr/{contrast}.tsv`: those that suit it first, then other calls, then the rest, by padj in each.
    """
    fitted = examined.fitted
    called = fitted["call"].isin(CHANGED)
    table = fitted[["call", "log2FoldChange", "ci_low", "ci_high", "padj"]].copy()
    table["robust"] = robust.reindex(fitted.index)
    table = table.join(_abundance(examined.counts, groups))
    table["primers_amplify"] = told_apart_from(examined.sequences, examined.counts.mean(axis=1))
    found = examined.cautions(fitted.index[called], fitted.index[[]])
    if "scale_ci_low" in fitted:
        for feature in fitted.index[called & (fitted["scale_ci_low"] <= 0) & (fitted["scale_ci_high"] >= 0)]:
            found[feature] = [*found[feature], Caution(SCALE, COUNTS, "scale")]
    table["cautions"] = pd.Series({feature: in_words(each) for feature, each in found.items()}, dtype=object)
    kinds = {feature: ";".join(dict.fromkeys(each.kind for each in own)) for feature, own in found.items()}
    table["caution_kinds"] = pd.Series(kinds, dtype=object).replace("", pd.NA)
    reasons = _reasons(table, called, examined.sequences)
    table["for_qpcr"] = (reasons == "") & called
    table["left_out_because"] = reasons.where(called, "").replace("", pd.NA)
    table["cautions"] = table["cautions"].replace("", pd.NA)
    order = pd.DataFrame({"rank": 2 - called - table["for_qpcr"], "padj": to_sort_by(table["padj"])})
    rows = order.sort_values(["rank", "padj"], kind="stable").index
    return table.loc[rows].rename_axis("feature").reset_index()[list(QPCR.columns)]


def _abundance(counts: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Give the mean reads per million, and the fewest reads in a library, of the group that has most of a feature."""
    per_million = counts / counts.sum(axis=0) * 1e6
    own = groups.reindex(counts.columns).astype(str)
    means, fewest = per_million.T.groupby(own).mean().T, counts.T.groupby(own).min().T
    most = means.to_numpy().argmax(axis=1)
    rows = np.arange(len(counts))
    columns = {"reads_per_million": means.to_numpy()[rows, most], "fewest_reads": fewest.to_numpy()[rows, most]}
    return pd.DataFrame(columns, index=counts.index)


def _reasons(table: pd.DataFrame, called: pd.Series, sequences: pd.Series) -> pd.Series:
    """Join for each feature what speaks against a validation by qPCR; empty where nothing does."""
    tests = {
        "not robust": called & ~is_true(table["robust"]),
        f"fewer than {FEWEST_PER_MILLION:g} reads per million": table["reads_per_million"] < FEWEST_PER_MILLION,
        f"fewer than {FEWEST_READS} reads in a library": table["fewest_reads"] < FEWEST_READS,
        "no sequence is known": sequences.isna(),
    }
    reasons = pd.Series("", index=table.index)
    for words, fails in tests.items():
        reasons = reasons.mask(fails, reasons + "; " + words)
    alike = table["primers_amplify"]
    reasons = reasons.mask(alike.notna(), reasons + "; primers may amplify " + alike.fillna("") + " too")
    return reasons.mask(table["cautions"] != "", reasons + "; " + table["cautions"]).str.removeprefix("; ")


def reference_mirnas(examined: Examined, table: pd.DataFrame, groups: pd.Series, target: str | None) -> pd.DataFrame:
    """Rank the miRNAs of a contrast that a qPCR could be normalised to.

    Candidates are tested features without a call whose interval holds 0, the target not among them. They are as
    abundant in every library, as free of cautions and as distinct for primers as `list_for_qpcr` asks. They are ranked
    by NormFinder's stability value over log2 of their reads (plus 0.5).

    Parameters
    ----------
    table
        Of `list_for_qpcr`.
    groups
        The group of each sample; one name for all where the contrast is a slope.

    Returns
    -------
    pandas.DataFrame
        `cargo/qpcr/{contrast}.references.tsv`, the most stable first, ten at most; empty with fewer than 3 candidates.
    """
    rows = table.set_index("feature")
    counts = examined.counts.loc[rows.index]
    per_million = counts / examined.counts.sum(axis=0) * 1e6
    sound = (rows["call"] == "none") & (rows["ci_low"] <= 0) & (rows["ci_high"] >= 0)
    sound &= rows["cautions"].isna() & rows["primers_amplify"].isna()
    sound &= examined.sequences.reindex(rows.index).notna() & (rows.index != target)
    sound &= (counts.min(axis=1) >= FEWEST_READS) & (per_million.mean(axis=1) >= FEWEST_PER_MILLION)
    found = stability(np.log2(counts[sound] + ADDED_READS), groups).dropna().sort_values(kind="stable")
    own = {"reads_per_million": per_million.mean(axis=1), "fewest_reads": counts.min(axis=1)}
    of_libraries = pd.DataFrame(own | {"stability": found, "n_candidates": int(sound.sum())})
    folds = rows[["log2FoldChange", "ci_low", "ci_high"]]
    best = folds.join(of_libraries).loc[found.index[:MOST_REFERENCES]]
    return best.rename_axis("feature").reset_index()[list(QPCR_REFERENCES.columns)]
