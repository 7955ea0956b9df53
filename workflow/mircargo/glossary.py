"""The words of the report, each explained once: for its tooltips and its glossary, and for docs/glossary.md."""

from typing import Final

GLOSSARY: Final = {
    "feature": "A row of the counts: a mature miRNA, or a hairpin where the tables count hairpins.",
    "library": "What was sequenced of one sample; its reads are all reads in the counts.",
    "contrast": "Two groups that are compared: a level against its reference. Positive is higher in the level.",
    "log2 fold change": "The logarithm of the ratio of two groups: +1 is twice as much, -1 half as much.",
    "interval": (
        "Of the log2 fold change: what the data allow. At alpha 0.05, 95 of 100 such intervals hold the true value."
    ),
    "padj": "p-value adjusted for the number of features tested (Benjamini and Hochberg).",
    "mean count": "Of the samples of a contrast, each count divided by the size factor of its library.",
    "call": "What is said of a feature in a contrast: up, down, or none; of the target also why there is none.",
    "up": "Higher in the level: the adjusted p-value is below alpha.",
    "down": "Lower in the level: the adjusted p-value is below alpha.",
    "unchanged": "Shown to lie within a margin: a result, not the lack of one.",
    "inconclusive": "Neither a change nor its absence is shown: more data could go either way.",
    "not detected": "Too few reads, or none in a group that is too shallow to show it.",
    "no call": "Tested, and called neither up nor down, which is no proof that it did not change.",
    "not tested": "There is no adjusted p-value; the reason stands with it.",
    "re-analysis": (
        "The same data fitted otherwise: without a sample, with other size factors, filters, scales or "
        "engines, with an error of preparation. Tables call it a variant."
    ),
    "stress test": "All re-analyses of a contrast, and whether its calls survive them.",
    "robust": (
        "limma-voom, with what most miRNAs do taken as no change, makes the same call, and no re-analysis has another."
    ),
    "size factor": "What the counts of a library are divided by to make libraries comparable.",
    "scale": (
        "The total amount of miRNA behind a library. Counts are shares of it and cannot show how it differs "
        "between groups, so every fold change assumes something of it."
    ),
    "preparation": "Errors that all libraries of a group may share since they were made together.",
    "spike-in": "RNA that was added in a known amount; it shows the scale.",
    "target": "The miRNA that is asked about.",
    "co-cargo": "Other miRNAs of the exosomes that are called in the target's direction.",
    "tier": "How much speaks for a co-cargo: candidate, supported or strong.",
    "candidate": "Called in the target's direction; no shadow, and no reads that are counted for another one.",
    "supported": "A candidate of known sequence whose call limma-voom about the mode confirms.",
    "strong": "Supported and robust, as is the target; and neither blood nor depth may have made its change.",
    "shadow": "A miRNA whose reads may be misread ones of a similar and far more abundant miRNA.",
    "release": "The change in exosomes beyond the change in the cells or tissue that they come from.",
    "class": "What a feature does in exosomes and in their source; the classes follow.",
    "selective": "Changes in exosomes, and not because of what their source does.",
    "parallel": "Changes in exosomes and source alike.",
    "retained": "Changes in the source, and does not in the exosomes.",
    "exosome only": "Detected in exosomes and not in their source, beyond what depth explains.",
    "source only": "Detected in the source and not in its exosomes, beyond what depth explains.",
    "discordant": "Goes up in one of exosomes and source, and down in the other.",
    "undetermined": "The data show no class of release.",
    "caution": (
        "What asks for care before a change is believed: possible fragments of rRNA, unknown to miRBase, a "
        "marker of blood, a hairpin, reads that may be another's, a change that depends on scale. It changes "
        "no test."
    ),
    "within-group correlation": "Of log2 counts with the target, once the means of the groups are taken out.",
    "stability": (
        "NormFinder's measure for a reference of qPCR: its difference from the others between the groups, and "
        "its error. Less is more stable."
    ),
    "dispersion": "How much more the counts of a feature vary between libraries than counting alone explains.",
    "pooled": "One estimate over several contrasts, each with its weight: the more certain one counts for more.",
    "weight": "The share of a contrast in the pooled fold change.",
    "heterogeneity": (
        "How far contrasts differ beyond their own errors. I2 is that share of their variation, tau2 its variance on "
        "the log2 scale; with few contrasts both are guesses."
    ),
    "prediction interval": "Where the fold change of another such contrast is expected; the pooled one is their mean.",
    "flag": "What is unusual in a library: few reads (shallow), or one feature that holds most of them (dominated).",
    "coefficient": "A number that the model fits; a contrast is one of them, or a sum of several.",
    "ledger": "What became of every row of the input tables.",
    "counted again": "Reads on further rows of a feature, of which only the row with most reads was taken.",
}
"""Every word and what it means, in the order in which the glossary lists them."""

OF_A_RECIPIENT: Final = {
    "targets": (
        "Genes with a 7mer or 8mer site of a miRNA in the table of targets, or a site of unknown type; not the target, "
        "which is a miRNA."
    ),
    "seed family": "miRNAs with the same bases 2 to 8, and so the same targets: which of them acts cannot be told.",
    "site type": (
        "How much of a site pairs with the miRNA: 8mer (bases 2 to 8 and an A opposite base 1), 7mer-m8 (bases 2 to "
        "8), 7mer-A1 (bases 2 to 7 and the A); the longer, the stronger."
    ),
    "de-repression": "A rise of targets where a miRNA that lowered them is less; where it comes in, its targets fall.",
    "shift": "Mean log2 fold change of targets less that of the genes matched to them: below 0 where targets fall.",
    "matched genes": (
        "Genes without a site of the family that are like its targets: of each target the 20 nearest by length of the "
        "3'UTR, expression and GC, where these are known."
    ),
    "detectable": "The shift that would have been found with 80% power, at p below alpha.",
    "agreement": "What the change of a miRNA in the exosomes and the shift of its targets say together.",
}
"""The words of the part on the recipient cells, which only a study that has them shows."""

HEADINGS: Final = {
    "log2 FC": "log2 fold change",
    "source log2 FC": "log2 fold change",
    "release log2 FC": "release",
    "release padj": "release",
    "re-analyses that agree": "re-analysis",
    "held in re-analyses": "re-analysis",
    "of these robust": "robust",
    "cautions": "caution",
    "flags": "flag",
    "padj of the shift": "shift",
}
"""Headings of tables that are words of the glossary in another form."""
