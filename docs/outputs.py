"""Make outputs.md: `python docs/outputs.py`. Files and columns are described in `mircargo.results.contract`."""

from collections.abc import Mapping
from pathlib import Path

from mircargo.figures.catalogue import OF_META, OF_STUDY, Kind, figures_of
from mircargo.results.columns import Column
from mircargo.results.contract import INDEX, OF_A_META, OF_A_RECIPIENT, OF_A_STUDY

PAGE = Path(__file__).parent / "outputs.md"
INTRODUCTION = """# Results
<!-- Made by `python docs/outputs.py` from workflow/mircargo/results/contract.py; do not edit it by hand. -->

Everything about a study is below `results/STUDY/`. Tables are tab separated, in UTF-8, with `NA` for what is missing;
columns have DESeq2's names where DESeq2 has the quantity. In paths, `CONTRAST` is the name of a contrast, `EXOSOMES`
that of a contrast of exosomes, `COMPARISON` that of a comparison. `SAMPLE` stands for a column a sample. Files below
`recipient/` are there where the study has a `recipient`.

Fold changes are log2, and positive where the contrast's `level` is higher than its `reference`. What the words mean,
with formulas and sources, is said under [methods](methods.md).

## Files
"""
SEVERAL = """
## Of several studies
A run of more than one study, or with meta-analyses, also makes these; `META` is the name of a meta-analysis.
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
| `varm["recipient:agreement"]` | `recipient/agreement.tsv`, where the study has recipient cells |
| `obsm["spike_ins"]` | spike-ins, where the study has any |
| `uns["recipient"]` | what their targets do: `sentence`, and the tables `families`, `dose`, `shown_targets`, `genes` |
| `uns["mircargo"]` | the target's calls, contrasts, comparisons and thresholds as configured, warnings, versions |

```python
import decoupler as dc
import scanpy as sc

study = sc.read_h5ad("results/example/study.h5ad")
change = study.varm["drg_injury"][["stat"]].dropna().T  # what decoupler's methods take
scores, padj = dc.mt.ulm(change, network)  # a network of your own: source, target, weight
```

`results.xlsx` has the same for a spreadsheet: a sheet that explains all others, the target, a sheet a contrast (sorted
by padj, what changed coloured), co-cargo, recipient cells where the study has them, samples, totals of the ledger. Names
such as `MARCH1` stay text.

`multiqc/` holds sections for MultiQC: run `multiqc results/` and they stand beside those of your other tools.

`ro-crate-metadata.json` makes the folder an RO-Crate (Process Run Crate 0.5): each file with what it is, its size and
checksum, and the run with its inputs and software. Who ran it and under which licence it is given is only said if you
say it: `mircargo crate --author NAME --licence URL results/STUDY`.
"""  # noqa: E501


FIGURES = "Each figure as .svg, .pdf and .png (`figure_formats`), and the data drawn as .tsv"


def page() -> str:
    """Return the text of outputs.md."""
    parts = [INTRODUCTION, "| file | what it holds | a row is |", "| --- | --- | --- |"]
    parts += [f"| `{file.documented}` | {file.holds} | {file.row} |" for file in (*OF_A_STUDY, *OF_A_RECIPIENT)]
    parts += [f"| `figures/*` | {FIGURES} | |"]
    parts += ["| `ro-crate-metadata.json` | What all of these files are, as an RO-Crate | |", SEVERAL]
    parts += ["| file | what it holds | a row is |", "| --- | --- | --- |"]
    parts += [f"| `results/{INDEX.documented}` | {INDEX.holds} | |"]
    parts += [f"| `results/meta/{file.documented}` | {file.holds} | {file.row} |" for file in OF_A_META]
    parts += [f"| `results/meta/figures/*` | {FIGURES} | |"]
    parts += [JSON, "## Columns"]
    for file in (*OF_A_STUDY, *OF_A_RECIPIENT):
        if file.row:
            parts += [f"### {file.documented}", f"{file.holds}; a row is {file.row}.", "", *table(file.columns), ""]
    parts += ["## Columns of the figures' data"]
    for figure in figures_of(OF_STUDY):
        parts += [f"### {path_of(figure)}", f"{figure.shows}.", "", *table(figure.columns), ""]
    parts += ["## Columns of meta-analyses", "Below `results/meta/`, `META` being the name of a meta-analysis.", ""]
    for file in OF_A_META:
        if file.row:
            parts += [f"### results/meta/{file.documented}", f"{file.holds}.", "", *table(file.columns), ""]
    for figure in figures_of(OF_META):
        parts += [f"### results/meta/{path_of(figure)}", f"{figure.shows}.", "", *table(figure.columns), ""]
    return "\n".join(parts).rstrip() + "\n" + EXPORTS


def path_of(kind: Kind) -> str:
    """Return the path of a figure's data, with a placeholder for what there is one of each of."""
    one = kind.of in ("samples", "contrasts", "recipient", "next_experiment")
    return f"figures/{kind.stem('' if one else kind.of.upper())}.tsv"


def table(columns: Mapping[str, Column]) -> list[str]:
    rows = [f"| `{name}` | {column.meaning} | {column.unit} |" for name, column in columns.items()]
    return ["| column | meaning | unit, or words |", "| --- | --- | --- |", *rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
