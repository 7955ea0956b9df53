"""The methods paragraph: what was really done, in sentences that can be pasted into a paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mircargo.config import SizeFactorChoice, Study, Thresholds, mirbase_path
from mircargo.problems import listing, titles_in_line
from mircargo.robustness.kinds import KINDS
from mircargo.vocabulary import AS_NAMED, SIZE_FACTOR_METHODS

# Citation and entry; one is listed where the paragraph cites it, so citations are written there as they stand here.
_LINES = Path(__file__).with_name("references.tsv").read_text(encoding="utf-8").splitlines()
REFERENCES = dict(line.split("\t") for line in _LINES)


CITATION = (
    "The mircargo authors. mircargo: from small-RNA count tables to what miR-21 and its exosomal co-cargo do."
    " Version {}, MIT licence."
)


def references_of(paragraph: str) -> list[str]:
    """Return the references that a paragraph cites, in the order of the list above."""
    return [text for key, text in REFERENCES.items() if key in paragraph]


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
    designs = "; ".join(f"{study.label(name)}: {fact['formula']}, {_groups(fact)}" for name, fact in facts.items())
    joint = any(fact["reduced_formula"] for fact in facts.values())
    beyond = " and, of a joint test, the interval of its fold change beyond 0" if joint else ""
    slopes = any(fact.get("asked", {}).get("term") == "slope" for fact in facts.values())
    over_all = " (a slope: over all of its numbers)" if slopes else ""
    sentences = [
        f"Raw counts of {'one table' if tables == 1 else f'{tables} tables'} were {_named_after(study)} by mircargo "
        f"{versions['mircargo']}, run with Snakemake {versions['snakemake']} (Mölder et al. 2021).",
        f"For each contrast, features with fewer than {thresholds.min_total_count} reads over its samples were left "
        f"out, and size factors were {_size_factor_words(study, facts)}.",
        *_scale_sentences(facts, thresholds),
        *_test_sentences(study, facts, thresholds, versions),
        f"The models were: {designs}.",
        f"A feature was called up or down where its adjusted p-value was below {thresholds.alpha:g}{beyond}; the "
        "target was called unchanged only where two one-sided tests (Schuirmann 1987) showed its log2 fold change to "
        f"lie within ±{thresholds.equivalence_log2_fold_change:g}{over_all}, and inconclusive otherwise.",
        _stress_test(study, facts, thresholds),
    ]
    if study.spike_ins:
        sentences.append(f"Spike-ins ({listing(study.spike_ins)}) were kept aside and not fitted.")
    for name, comparison in study.comparisons.items():
        exosome, source = study.label(comparison.exosome), study.label(comparison.source)
        sentences.append(
            f"Release was measured as the interaction of fraction and condition in one model of {exosome} "
            f"and {source} ({releases[name]['formula']}), with size factors "
            f"{_found_over(study.size_factors)}. {dispersions_of(releases[name]['by_fraction'])}"
        )
    if study.exosome_contrasts():
        sentences.append(CO_CARGO.format(which=CANDIDATES if study.species == AS_NAMED else OF_TIERS))
    if study.recipient is not None:
        sentences.append(OF_RECIPIENT.format(families=thresholds.alpha))
    return " ".join([*sentences, FOR_QPCR])


def _named_after(study: Study) -> str:
    """Say where the names of the features are from."""
    if study.species == AS_NAMED:
        return "read, with the features named as there,"
    if study.mirbase is None:
        return "named after miRBase 22.1 (Kozomara et al. 2019)"
    file = Path(mirbase_path("", study.mirbase)).name
    return f"named after {file} of miRBase (release not known; Kozomara et al. 2019; species {study.species})"


FOR_QPCR = (
    "Listed for validation by qPCR are robust calls without a caution and with enough reads, of miRNAs whose 3' end, "
    "which the primer of a stem-loop reverse transcription binds (Chen et al. 2005), tells them from every expressed "
    "relative; references were ranked by NormFinder's stability value (Andersen et al. 2004)."
)
OF_RECIPIENT = (
    "In the recipient cells the log2 fold changes of the targets of each miRNA family (the same bases 2 to 8; Bartel "
    "2009) were compared with those of genes without a site, matched to each target (20 nearest neighbours by ranks) "
    "and adjusted by splines for what they were matched for (Abadie and Imbens 2011). The error of this shift has the "
    "scatter of the genes, their correlation between samples (Wu and Smyth 2012), and what families that do nothing "
    "differ by; p-values are of Student's t with Satterthwaite's degrees of freedom (Satterthwaite 1946), adjusted "
    "over families at {families:g}. Activities beside it are by decoupler's ulm (Badia-i-Mompel et al. 2022)."
)
CO_CARGO = (
    "Co-cargo are the other features of an exosome contrast that are called in the target's direction{which} How many "
    "of them chance would give was estimated by exchanging the labels, where there were ways enough to do so. It is a "
    "statement of the vesicle fraction as a whole: there are far fewer molecules of a miRNA than exosomes (Chevillet "
    "et al. 2014)."
)
OF_TIERS = (
    " and whose reads cannot be misread ones of a far more abundant relative; tiers are by whether limma-voom about "
    "the mode of fold changes confirms the call, and whether nothing in the stress test breaks it."
)
CANDIDATES = (
    ". No sequences are known, so their reads may be misread ones of a far more abundant relative, and none is more "
    "than a candidate."
)


def _scale_sentences(facts: Mapping[str, Mapping[str, Any]], thresholds: Thresholds) -> list[str]:
    """Say what was done about scale, where size factors assume it."""
    scales = [fact["scale"] for fact in facts.values() if "difference" in fact.get("scale", {})]
    if not scales:
        return []
    error = thresholds.preparation_log2_sd
    preparation = f" and for an error of preparation (log2 sd {error:g})" if error > 0 else ""
    instead = {"total": "the total", "typical": "the typical miRNA"}[scales[0]["instead"]]
    return [
        "Counts do not show how the amount of miRNA behind a library differs between groups. What all fold changes "
        f"would be if {instead} had stayed the same was asked of each contrast; intervals that allow for it (a scale "
        "model in the sense of Nixon et al. 2025, centred between both assumptions, with a log2 sd of "
        f"{thresholds.scale_log2_sd:g} beside half of their difference){preparation} stand beside the model's own."
    ]


def _test_sentences(
    study: Study, facts: Mapping[str, Mapping[str, Any]], thresholds: Thresholds, versions: Mapping[str, str]
) -> list[str]:
    trends = sorted({fact["dispersion_trend"] for fact in facts.values()})
    joint = [
        f"{study.label(name)} (against {fact['reduced_formula']})"
        for name, fact in facts.items()
        if fact["reduced_formula"]
    ]
    wald = f", Wald tests{_against(thresholds)}" if len(joint) < len(facts) else ""
    sentences = [
        f"Differential expression was tested with PyDESeq2 {versions['pydeseq2']} (Muzellec et al. 2023), an "
        "implementation of DESeq2 (Love et al. 2014): a negative binomial model of each feature, dispersions shrunk "
        f"towards a {' or '.join(trends)} trend{wald}, outliers handled by Cook's distance (Cook 1977), p-values "
        "adjusted by Benjamini and Hochberg's method (Benjamini and Hochberg 1995) after independent filtering "
        f"(Bourgon et al. 2010) at {thresholds.alpha:g}. Inference was batched over features, with DESeq2's rules "
        "where PyDESeq2 has others."
    ]
    if joint:
        sentences.append(f"Several levels were tested at once by likelihood-ratio tests: {titles_in_line(joint)}.")
    if any(fact.get("not_shrunken", "unknown") is None for fact in facts.values()):
        sentences.append(
            "Shrunken fold changes, on which no call rests, are the posterior modes under apeGLM's prior (Zhu et al. "
            "2019)."
        )
    return sentences


def _stress_test(study: Study, facts: Mapping[str, Mapping[str, Any]], thresholds: Thresholds) -> str:
    """Say what was tried, leaving out what the settings rule out."""
    joint = all(fact["reduced_formula"] for fact in facts.values())
    tried = [kind.methods(study, thresholds, facts) for kind in KINDS.values() if kind.joint_tests or not joint]
    return (
        f"Every call was put to the test by fitting again {'; '.join(filter(None, tried))}. What was tried in each "
        "contrast, and what was not possible, is listed with it."
    )


def dispersions_of(facts: Mapping[str, Any]) -> str:
    """Say which dispersions a release was judged with, and why."""
    if not facts["separable"]:
        return (
            "Within a fraction alone no variation is left beside the model (as where subjects are paired), so exosomes "
            "and source have one dispersion each feature in common."
        )
    better = "each fraction's own" if facts["dispersions"] == "by_fraction" else "common"
    return (
        f"Classes rest on {better} dispersions, which fit better (Akaike 1974: a criterion "
        f"lower by {abs(facts['aic_difference']):.0f} over {facts['n_compared']} features)."
    )


def _groups(facts: Mapping[str, Any]) -> str:
    """Say which samples the model has, and which of them are compared where that is not simply two groups."""
    counted = ", ".join(f"{n} {name}" for name, n in facts["groups"].items())
    asked = facts.get("asked")
    if asked is None or (asked["term"] == "difference" and not asked["where"] and not asked["at"]):
        return counted
    return f"{counted}, asked: {asked['words']}"


def _size_factor_words(study: Study, facts: Mapping[str, Mapping[str, Any]]) -> str:
    choice = study.size_factors
    methods = sorted({method for fact in facts.values() for method in fact["size_factor_methods"].values()})
    if choice.method == "column":
        return _found_over(choice)
    over = "median of ratios over those {} that have reads in every sample"
    words = {name: method.in_full for name, method in SIZE_FACTOR_METHODS.items()}
    words["poscounts"] += ", as every feature has a zero" if choice.method == "auto" else ""
    words |= {
        "control_features": over.format(f"of the control features {listing(choice.features, 30)}"),
        "spike_ins": over.format(f"of the spike-ins {listing(study.spike_ins)}"),
    }
    over_fractions = [study.label(name) for name, fact in facts.items() if fact.get("size_factors_over_fractions")]
    but = f", in {titles_in_line(over_fractions)} over the fractions that are compared" if over_fractions else ""
    return f"{_found_over(choice)}{but} ({'; '.join(words[method] for method in methods)})"


def _found_over(choice: SizeFactorChoice) -> str:
    if choice.method == "column":
        return f"taken from the column '{choice.column}' of the sample sheet"
    return "found within each fraction" if choice.within_fraction else "found over all fractions together"


def _against(thresholds: Thresholds) -> str:
    least = thresholds.min_log2_fold_change
    return f" against an absolute log2 fold change of at most {least:g}" if least > 0 else ""
