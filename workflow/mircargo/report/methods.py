"""The methods paragraph: what was really done, in sentences that can be pasted into a paper."""

from collections.abc import Mapping
from typing import Any

from mircargo.config import Study, Thresholds
from mircargo.problems import listing

REFERENCES = [
    "Love MI, Huber W, Anders S. Moderated estimation of fold change and dispersion for RNA-seq data with DESeq2. "
    "Genome Biol 15:550 (2014).",
    "Muzellec B, Teleńczuk M, Cabeli V, Andreux M. PyDESeq2: a python package for bulk RNA-seq differential "
    "expression analysis. Bioinformatics 39:btad547 (2023).",
    "Mölder F, Jablonski KP, Letcher B, et al. Sustainable data analysis with Snakemake. F1000Research 10:33 (2021).",
    "Kozomara A, Birgaoanu M, Griffiths-Jones S. miRBase: from microRNA sequences to function. "
    "Nucleic Acids Res 47:D155 (2019).",
    "Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach for assessing the "
    "equivalence of average bioavailability. J Pharmacokinet Biopharm 15:657 (1987).",
    "Simeoli R, Montague K, Jones HR, et al. Exosomal cargo including microRNA regulates sensory neuron to "
    "macrophage communication after nerve trauma. Nat Commun 8:1778 (2017).",
]


def methods_paragraph(
    study: Study, thresholds: Thresholds, facts: Mapping[str, Mapping[str, Any]], versions: Mapping[str, str]
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
    """
    tables = len(study.counts)
    designs = "; ".join(f"{name}: {fact['formula']}, {_groups(fact['groups'])}" for name, fact in facts.items())
    methods = sorted({method for fact in facts.values() for method in fact["size_factor_methods"].values()})
    trends = sorted({fact["dispersion_trend"] for fact in facts.values()})
    sentences = [
        f"Raw counts of {'one table' if tables == 1 else f'{tables} tables'} were named after miRBase 22.1 by "
        f"mircargo {versions['mircargo']}, run with Snakemake {versions['snakemake']}.",
        f"For each contrast, features with fewer than {thresholds.min_total_count} reads over its samples were left "
        f"out, and size factors were found within each fraction ({_size_factor_words(methods)}).",
        f"Differential expression was tested with PyDESeq2 {versions['pydeseq2']}, an implementation of DESeq2: a "
        f"negative binomial model of each feature, dispersions shrunk towards a {' or '.join(trends)} trend, "
        f"Wald tests{_against(thresholds)}, outliers handled by Cook's distance, p-values adjusted by Benjamini "
        f"and Hochberg's method after independent filtering at {thresholds.alpha:g}. The trend and the floor of "
        "fitted means follow DESeq2's rules.",
        f"The models were: {designs}.",
        f"A feature was called up or down where its adjusted p-value was below {thresholds.alpha:g}; the target was "
        "called unchanged only where two one-sided tests showed its log2 fold change to lie within "
        f"±{thresholds.equivalence_log2_fold_change:g}, and inconclusive otherwise.",
    ]
    for comparison in study.comparisons.values():
        pairing = f", blocked by {listing(comparison.blocking)}" if comparison.blocking else ""
        sentences.append(
            f"Release was measured as the interaction of fraction and condition in one model of {comparison.exosome} "
            f"and {comparison.source}{pairing}, with size factors found within each fraction."
        )
    return " ".join(sentences)


def _groups(groups: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in groups.items())


def _size_factor_words(methods: list[str]) -> str:
    words = {
        "ratio": "median of ratios",
        "poscounts": "geometric means of positive counts, as every feature has a zero",
    }
    return "; ".join(words[method] for method in methods)


def _against(thresholds: Thresholds) -> str:
    least = thresholds.min_log2_fold_change
    return f" against an absolute log2 fold change of at most {least:g}" if least > 0 else ""
