"""The methods paragraph: what was really done, in sentences that can be pasted into a paper."""

from collections.abc import Mapping
from typing import Any

from mircargo.config import SizeFactorChoice, Study, Thresholds
from mircargo.problems import listing

REFERENCES = [
    "Love MI, Huber W, Anders S. Moderated estimation of fold change and dispersion for RNA-seq data with DESeq2. "
    "Genome Biol 15:550 (2014).",
    "Muzellec B, Teleńczuk M, Cabeli V, Andreux M. PyDESeq2: a python package for bulk RNA-seq differential "
    "expression analysis. Bioinformatics 39:btad547 (2023).",
    "Mölder F, Jablonski KP, Letcher B, et al. Sustainable data analysis with Snakemake. F1000Research 10:33 (2021).",
    "Kozomara A, Birgaoanu M, Griffiths-Jones S. miRBase: from microRNA sequences to function. "
    "Nucleic Acids Res 47:D155 (2019).",
    "Law CW, Chen Y, Shi W, Smyth GK. voom: precision weights unlock linear model analysis tools for RNA-seq read "
    "counts. Genome Biol 15:R29 (2014).",
    "Robinson MD, Oshlack A. A scaling normalization method for differential expression analysis of RNA-seq data. "
    "Genome Biol 11:R25 (2010).",
    "Zhou H, He K, Chen J, Zhang X. LinDA: linear models for differential abundance analysis of microbiome "
    "compositional data. Genome Biol 23:95 (2022).",
    "Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach for assessing the "
    "equivalence of average bioavailability. J Pharmacokinet Biopharm 15:657 (1987).",
    "Simeoli R, Montague K, Jones HR, et al. Exosomal cargo including microRNA regulates sensory neuron to "
    "macrophage communication after nerve trauma. Nat Commun 8:1778 (2017).",
]

STRESS_TEST = (
    "Every call was put to the test by fitting again without each sample in turn (without each pair, where one sample "
    "means nothing without the other); with size factors by the median of ratios, by positive counts and by trimmed "
    "means of M-values; without features of over a fifth of a library's reads in the size factors; with other "
    "low-count filters; with an error of preparation added to each fold change, which replicates do not show; by "
    "limma-voom; and by a test of centred log ratios. What was tried in each contrast, and what "
    "was not possible, is listed with it."
)


def methods_paragraph(
    study: Study,
    thresholds: Thresholds,
    facts: Mapping[str, Mapping[str, Any]],
    versions: Mapping[str, str],
    releases: Mapping[str, Mapping[str, Any]],
) -> str:
    """Describe the analysis of a study.

    Parameters
    ----------
    study, thresholds
        As configured.
    facts
        What each contrast's fit says of itself.
    versions
        Packages as installed.
    releases
        What each comparison's fit says of itself.
    """
    tables = len(study.counts)
    designs = "; ".join(f"{name}: {fact['formula']}, {_groups(fact['groups'])}" for name, fact in facts.items())
    methods = sorted({method for fact in facts.values() for method in fact["size_factor_methods"].values()})
    trends = sorted({fact["dispersion_trend"] for fact in facts.values()})
    sentences = [
        f"Raw counts of {'one table' if tables == 1 else f'{tables} tables'} were named after miRBase 22.1 by "
        f"mircargo {versions['mircargo']}, run with Snakemake {versions['snakemake']}.",
        f"For each contrast, features with fewer than {thresholds.min_total_count} reads over its samples were left "
        f"out, and size factors were {_size_factor_words(study, methods)}.",
        f"Differential expression was tested with PyDESeq2 {versions['pydeseq2']}, an implementation of DESeq2: a "
        f"negative binomial model of each feature, dispersions shrunk towards a {' or '.join(trends)} trend, "
        f"Wald tests{_against(thresholds)}, outliers handled by Cook's distance, p-values adjusted by Benjamini "
        f"and Hochberg's method after independent filtering at {thresholds.alpha:g}. Inference was batched over "
        "features, with DESeq2's rules where PyDESeq2 has others.",
        f"The models were: {designs}.",
        f"A feature was called up or down where its adjusted p-value was below {thresholds.alpha:g}; the target was "
        "called unchanged only where two one-sided tests showed its log2 fold change to lie within "
        f"±{thresholds.equivalence_log2_fold_change:g}, and inconclusive otherwise.",
        STRESS_TEST,
    ]
    joint = [f"{name} (against {fact['reduced_formula']})" for name, fact in facts.items() if fact["reduced_formula"]]
    if joint:
        sentences.append(f"Several levels were tested at once by likelihood-ratio tests: {listing(joint)}.")
    if study.spike_ins:
        sentences.append(f"Spike-ins ({listing(study.spike_ins)}) were kept aside and not fitted.")
    for name, comparison in study.comparisons.items():
        sentences.append(
            f"Release was measured as the interaction of fraction and condition in one model of {comparison.exosome} "
            f"and {comparison.source} ({releases[name]['formula']}), with size factors "
            f"{_found_over(study.size_factors)}. {dispersions_of(releases[name]['by_fraction'])}"
        )
    return " ".join(sentences)


def dispersions_of(facts: Mapping[str, Any]) -> str:
    """Say which dispersions a release was judged with, and why."""
    if not facts["separable"]:
        return (
            "Within a fraction alone no variation is left beside the model (as where subjects are paired), so exosomes "
            "and source have one dispersion each feature in common."
        )
    better = "each fraction's own" if facts["dispersions"] == "by_fraction" else "common"
    return (
        f"Classes rest on {better} dispersions, which fit better (AIC {abs(facts['aic_difference']):.0f} lower over "
        f"{facts['n_compared']} features)."
    )


def _groups(groups: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in groups.items())


def _size_factor_words(study: Study, methods: list[str]) -> str:
    choice = study.size_factors
    if choice.method == "column":
        return _found_over(choice)
    over = "median of ratios over those {} that have reads in every sample"
    words = {
        "ratio": "median of ratios",
        "poscounts": "geometric means of positive counts"
        + (", as every feature has a zero" if choice.method == "auto" else ""),
        "tmm": "trimmed mean of M-values; Robinson and Oshlack 2010, Genome Biol 11:R25",
        "control_features": over.format(f"of the control features {listing(choice.features, 30)}"),
        "spike_ins": over.format(f"of the spike-ins {listing(study.spike_ins)}"),
    }
    return f"{_found_over(choice)} ({'; '.join(words[method] for method in methods)})"


def _found_over(choice: SizeFactorChoice) -> str:
    if choice.method == "column":
        return f"taken from the column '{choice.column}' of the sample sheet"
    return "found within each fraction" if choice.within_fraction else "found over all fractions together"


def _against(thresholds: Thresholds) -> str:
    least = thresholds.min_log2_fold_change
    return f" against an absolute log2 fold change of at most {least:g}" if least > 0 else ""
