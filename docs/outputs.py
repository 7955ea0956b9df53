"""Make outputs.md: `python docs/outputs.py`. The columns of results are described in `mircargo.results.columns`."""

import re
from collections.abc import Mapping
from pathlib import Path

from mircargo.figures.catalogue import OF_CO_CARGO, OF_COMPARISON, OF_CONTRAST, OF_SAMPLES
from mircargo.results.columns import COMMON, DIFFERENTIAL, LOG2, READS, SOME_TARGET_CALLS, Column, P
from mircargo.results.contract import OF_A_STUDY
from mircargo.vocabulary import SPECIES, listed

PAGE = Path(__file__).parent / "outputs.md"
INTRODUCTION = """# Results
<!-- Made by `python docs/outputs.py` from workflow/mircargo/results/columns.py; do not edit it by hand. -->

Everything about a study is below `results/STUDY/`. Tables are tab separated, in UTF-8, with `NA` for what is missing;
columns have DESeq2's names where DESeq2 has the quantity. In paths, `CONTRAST` is the name of a contrast, `EXOSOMES`
that of a contrast of exosomes, `COMPARISON` that of a comparison. `SAMPLE` stands for a column a sample.

Fold changes are log2, and positive where the contrast's `level` is higher than its `reference`. What the words mean,
with formulas and sources, is said under [methods](methods.md).

## Files
"""
JSON = """
## The .json files
They hold what does not fit a table: how a fit was made (`formula`, `coefficients`, `contrast_vector`, `samples`,
`groups`, what was `asked` and of which samples, `size_factors` and how they were found, the trend of dispersions, the
cut-off of independent filtering, how many features have which status), which variants a stress test tried, which were
not possible, the typical fold change and the error that libraries of a group share (`typical_log2_fold_change`,
`shared_error_log2_sd`), what the check warned of. `provenance.json` has versions, checksums of the inputs and the
configuration as resolved.
"""
EXPORTS = """
## For other tools
`study.h5ad` is one AnnData object, samples x features, for scanpy, decoupler, PyDESeq2 and others:

| where | what |
| --- | --- |
| `X`, `layers["counts"]` | raw counts, integers |
| `layers["normalised"]` | counts divided by size factors |
| `obs` | the sample sheet, then the columns of `quality/samples.tsv` (`quality_NAME` where the sheet has a column NAME). The reference of the contrasts comes first among the categories of their variable |
| `var` | `counts/features.tsv` |
| `varm["CONTRAST"]` | `differential/CONTRAST.tsv` |
| `varm["robustness:CONTRAST"]` | `robustness/CONTRAST.tsv` |
| `varm["co_cargo:EXOSOMES"]` | `cargo/co_cargo/EXOSOMES.tsv` |
| `varm["release:COMPARISON"]` | `cargo/release/COMPARISON.tsv` |
| `obsm["spike_ins"]` | spike-ins, where the study has any |
| `uns["mircargo"]` | the target's calls, contrasts, comparisons and thresholds as configured, warnings, versions |

```python
import decoupler as dc
import scanpy as sc

study = sc.read_h5ad("results/example/study.h5ad")
change = study.varm["drg_injury"][["stat"]].dropna().T  # what decoupler's methods take
scores, padj = dc.mt.ulm(change, network)  # a network of your own: source, target, weight
```

`results.xlsx` has the same for a spreadsheet: a sheet that explains all others, the target, a sheet a contrast (sorted
by padj, what changed coloured), co-cargo, samples, totals of the ledger. Names such as `MARCH1` stay text.

`multiqc/` holds sections for MultiQC: run `multiqc results/` and they stand beside those of your other tools.

`ro-crate-metadata.json` makes the folder an RO-Crate (Process Run Crate 0.5): each file with what it is, its size and
checksum, and the run with its inputs and software. Who ran it and under which licence it is given is only said if you
say it: `mircargo crate --study STUDY --author NAME --licence URL --out results/STUDY/ro-crate-metadata.json
results/STUDY`.
"""  # noqa: E501

SHOWN = {"role": Column("How it is shown", "target, co-cargo, none")}
PLACES = {"label_rank": Column("Order in which names were placed; missing for what has none")}
SHEET = {"VARIABLE": Column("Columns of the sample sheet that are shown")}
VOLCANO = {
    **{name: COMMON[name] for name in ("feature", "baseMean", "log2FoldChange", "pvalue", "padj", "status")},
    "direction": Column("What is called", "up, down, not significant"),
    **SHOWN,
    **PLACES,
}
FIGURES: dict[str, dict[str, Column]] = {
    "pca": {
        "sample": COMMON["sample"],
        **SHEET,
        "PC1": Column("Place on the first principal component of log2 normalised counts"),
        "PC2": Column("Place on the second"),
        "PC1_explained": Column("Share of the variance on the first", P),
        "PC2_explained": Column("Share of the variance on the second", P),
        "n_features": Column("Features that took part", "features"),
    },
    "sample_correlation": {
        "sample": COMMON["sample"],
        **SHEET,
        "order": Column("Place of the sample in the figure"),
        "other": Column("The other sample"),
        "other_order": Column("Its place"),
        "rho": Column("Spearman correlation of the two", "-1 to 1"),
        "n_features": Column("Features that took part", "features"),
    },
    "composition": {
        "sample": COMMON["sample"],
        **SHEET,
        "sample_order": Column("Place of the sample in the figure"),
        "total": Column("Reads of the library", READS),
        "feature": Column("Name of the feature, or `all others`"),
        **SHOWN,
        "feature_order": Column("Place of the feature in a bar"),
        "count": Column("Its reads", READS),
        "share": Column("Its share of the library", P),
    },
    "volcano": {**VOLCANO, "minus_log10_pvalue": Column("-log10 of the p-value, as drawn")},
    "ma": VOLCANO,
    "heatmap": {
        "feature": COMMON["feature"],
        **SHOWN,
        "padj": COMMON["padj"],
        "call": DIFFERENTIAL["call"],
        "n_changed": Column("Features that changed, of which those with the smallest padj are shown", "features"),
        "row_order": Column("Place of the feature"),
        "sample": COMMON["sample"],
        "column_order": Column("Place of the sample"),
        **SHEET,
        "log2_normalised": Column("log2 of the normalised count plus 1", LOG2),
        "z": Column("The same less its mean, by its standard deviation, over the samples of the contrast"),
    },
    "target": {
        "feature": COMMON["feature"],
        "sample": COMMON["sample"],
        "facet": Column("Panel of the figure; missing where there is one"),
        "group": Column("Level or reference"),
        "subject": Column("What pairs the sample with one of the other group, if anything does"),
        "normalised_count": Column("Count divided by the size factor", "normalised reads"),
        "drawn_at": Column("The same plus one half, so that none has a place", "normalised reads"),
        "group_mean": Column("Geometric mean of what is drawn in the group", "normalised reads"),
        "colour": Column("Of the group, in every figure of the study", "#rrggbb"),
    },
    "robustness": {
        **{name: COMMON[name] for name in ("feature", "log2FoldChange", "ci_low", "ci_high", "padj")},
        "variant": Column("What was done otherwise than configured, or the extreme of several"),
        "kind": Column("Kind of the variant"),
        "n_variants": Column("Variants in that row", "variants"),
        "call": Column("Its call", "up, down, none, not tested"),
        "same_call": Column("Whether it is that of the fit as configured", "True, False"),
    },
    "pvalues": {
        "low": Column("Lower end of the bin", P),
        "high": Column("Upper end of the bin", P),
        "n": Column("Features with a p-value in it", "features"),
        "n_uniform": Column("How many there would be if all p-values were uniform", "features"),
        "n_null": Column("How many of them are of unchanged features, by estimate", "features"),
        "n_tested": Column("Features with a p-value", "features"),
        "null_share": Column("Estimated share of unchanged features: twice that of p-values above one half", P),
    },
    "dispersion": {
        **{name: COMMON[name] for name in ("feature", "baseMean")},
        "dispersion": Column("Dispersion that the test rests on"),
        "dispersion_gene_wise": Column("Dispersion of the feature by itself"),
        "dispersion_trend": Column("The trend at its mean"),
        **SHOWN,
        "kept": Column("Whether it kept its own, being far above the trend", "True, False"),
    },
    "design": {
        "coefficient": Column("Column of the design matrix"),
        "words": Column("What it stands for"),
        "weight": Column("Its weight in the contrast"),
        "coefficient_order": Column("Its place"),
        "group": Column("Group of the samples"),
        "n_samples": Column("Samples that the design does not tell apart", "samples"),
        "samples": Column("Their names, joined by `;`"),
        "sample_order": Column("Their place"),
        "value": Column("Value of the design matrix"),
    },
    "co_cargo": {
        **{name: COMMON[name] for name in ("feature", "log2FoldChange", "padj", "share_same_call")},
        **SHOWN,
        "tier": Column("How strong the evidence is", "strong, supported, candidate"),
        "class": Column("Class of release"),
        "release_log2FoldChange": Column("Change in the exosomes beyond that in their source", LOG2),
        "release_padj": Column("Its adjusted p-value", P),
        "residual_correlation": Column("Correlation with the target within groups", "-1 to 1"),
        "cautions": Column("What asks for care"),
        "n_co_cargo": Column("Co-cargo in all, of which the best is shown", "features"),
    },
    "release": {
        **{name: COMMON[name] for name in ("feature", "log2FoldChange", "lfcSE")},
        "class": Column("Class of release"),
        "source_log2FoldChange": Column("Fold change in the source", LOG2),
        "source_lfcSE": Column("Its standard error", LOG2),
        "release_log2FoldChange": Column("Change in the exosomes beyond that in their source", LOG2),
        "release_padj": Column("Its adjusted p-value", P),
        **SHOWN,
        **PLACES,
        "ci_low": Column("Lower end of the interval in the exosomes, of features with a name", LOG2),
        "ci_high": Column("Its upper end", LOG2),
        "source_ci_low": Column("Lower end of the interval in the source", LOG2),
        "source_ci_high": Column("Its upper end", LOG2),
    },
}
POOLED = {
    "log2FoldChange": Column("Pooled fold change", LOG2),
    "ci_low": Column("Lower end of its Hartung-Knapp interval", LOG2),
    "ci_high": Column("Its upper end", LOG2),
    "pvalue": Column("p-value of the pooled fold change", P),
    "n_studies": Column("Studies that are pooled", "studies"),
    "n_contrasts": Column("Contrasts that are pooled", "contrasts"),
    "matched_by": Column("How features of the studies were matched", "sequence, family, accession"),
    "tau2": Column("Variance between contrasts", "log2, squared"),
    "I2": Column("Share of the variance that is between contrasts", "percent"),
    "Q": Column("Cochran's Q"),
    "Q_pvalue": Column("Its p-value", P),
    "prediction_low": Column("Lower end of the prediction interval", LOG2),
    "prediction_high": Column("Its upper end", LOG2),
    "note": COMMON["note"],
}
META: dict[str, tuple[str, dict[str, Column]]] = {
    "META.tsv": (
        "Each feature over the studies",
        {
            "feature": COMMON["feature"],
            **POOLED,
            "lfcSE": Column("Standard error that the interval rests on", LOG2),
            "padj": COMMON["padj"],
        },
    ),
    "META.studies.tsv": (
        "What each contrast gives",
        {
            "feature": Column("Name of the feature over all studies"),
            "study": Column("The study"),
            "contrast": COMMON["contrast"],
            "species": Column("Its species", listed(SPECIES)),
            "study_feature": Column("The feature in that study; missing where it has none"),
            "log2FoldChange": COMMON["log2FoldChange"],
            "lfcSE": COMMON["lfcSE"],
            "weight": Column("Its share of the pooled fold change", P),
            "status": Column("Status as in differential, or why it does not take part", "tested, no_match, ..."),
            "reason": Column("Why it is not pooled, in words"),
        },
    ),
    "META.target.tsv": (
        "What the target does over the studies",
        {
            "meta": Column("Name of the meta-analysis"),
            "feature": COMMON["feature"],
            "call": Column("What the target does", SOME_TARGET_CALLS),
            **POOLED,
            "n_not_pooled": Column("Contrasts that do not take part", "contrasts"),
            "equivalence_pvalue": COMMON["equivalence_pvalue"],
            "sentence": Column("The call in a sentence with its numbers"),
        },
    ),
    "figures/forest_META.tsv": (
        "The forest plot",
        {
            "kind": Column("What the row is", "contrast, not_pooled, pooled"),
            "label": Column("Its label"),
            "feature": COMMON["feature"],
            "study_feature": Column("The feature in that study"),
            **{name: COMMON[name] for name in ("log2FoldChange", "ci_low", "ci_high")},
            "weight": Column("Share of the pooled fold change", P),
            "prediction_low": POOLED["prediction_low"],
            "prediction_high": POOLED["prediction_high"],
            "status": Column("As in META.studies.tsv"),
            "reason": Column("Why it is not pooled"),
        },
    ),
    "figures/features_META.tsv": (
        "The target and the features with the smallest p-values",
        {
            "feature": COMMON["feature"],
            "kind": Column("What the row is", "pooled, contrast"),
            "label": Column("Its label"),
            **{name: COMMON[name] for name in ("log2FoldChange", "ci_low", "ci_high")},
            "n_contrasts": POOLED["n_contrasts"],
            "pvalue": POOLED["pvalue"],
            "padj": COMMON["padj"],
            "is_target": Column("Whether it is the target", "True, False"),
        },
    ),
}


def page() -> str:
    """Return the text of outputs.md."""
    parts = [INTRODUCTION, "| file | what it holds | a row is |", "| --- | --- | --- |"]
    parts += [f"| `{file.documented}` | {file.holds} | {file.row} |" for file in OF_A_STUDY]
    parts += ["| `figures/*` | Each figure as .svg, .pdf and .png, and the data drawn as .tsv | |"]
    parts += ["| `ro-crate-metadata.json` | What all of these files are, as an RO-Crate | |", JSON, "## Columns"]
    for file in OF_A_STUDY:
        if file.row:
            parts += [f"### {file.documented}", f"{file.holds}; a row is {file.row}.", "", *table(file.columns), ""]
    parts += ["## Columns of the figures' data"]
    for stem, shows in figures().items():
        parts += [f"### figures/{stem}.tsv", f"{shows}.", "", *table(columns_of(stem)), ""]
    parts += ["## Columns of meta-analyses", "Below `results/meta/`, `META` being the name of a meta-analysis.", ""]
    for path, (shows, columns) in META.items():
        parts += [f"### results/meta/{path}", f"{shows}.", "", *table(columns), ""]
    return "\n".join(parts).rstrip() + "\n" + EXPORTS


def figures() -> dict[str, str]:
    """Return the stem of every figure, with a placeholder for what there is one of each of, and what it shows."""
    return {
        f"{kind.name}{suffix}": kind.shows
        for kinds, suffix in (
            (OF_SAMPLES, ""),
            (OF_CONTRAST, "_CONTRAST"),
            (OF_CO_CARGO, "_EXOSOMES"),
            (OF_COMPARISON, "_COMPARISON"),
        )
        for kind in kinds
    }


def columns_of(stem: str) -> dict[str, Column]:
    """Return what the columns of a figure's data mean; `VARIABLE` stands for columns of the sample sheet."""
    return FIGURES[re.sub("_[A-Z]+$", "", stem)]


def table(columns: Mapping[str, Column]) -> list[str]:
    rows = [f"| `{name}` | {column.meaning} | {column.unit} |" for name, column in columns.items()]
    return ["| column | meaning | unit, or words |", "| --- | --- | --- |", *rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
