"""The words of the report, each explained once: for its tooltips and its glossary, and for docs/glossary.md."""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A word, and what it means in a sentence or two."""

    word: str
    meaning: str


GLOSSARY: Final = {
    entry.word: entry
    for entry in (
        Entry("feature", "A row of the counts: a mature miRNA, or a hairpin where the tables count hairpins."),
        Entry("library", "What was sequenced of one sample; its reads are all reads in the counts."),
        Entry("contrast", "Two groups that are compared: a level against its reference. Positive is higher in the level."),
        Entry("log2 fold change", "The logarithm of the ratio of two groups: +1 is twice as much, -1 half as much."),
        Entry("padj", "p-value adjusted for the number of features tested (Benjamini and Hochberg)."),
        Entry("up", "Higher in the level: the adjusted p-value is below alpha."),
        Entry("down", "Lower in the level: the adjusted p-value is below alpha."),
        Entry("unchanged", "Shown to lie within a margin: a result, not the lack of one."),
        Entry("inconclusive", "Neither a change nor its absence is shown: more data could go either way."),
        Entry("not detected", "Too few reads, or none in a group that is too shallow to show it."),
        Entry("not tested", "There is no adjusted p-value; the reason stands with it."),
        Entry("re-analysis", "The same data fitted otherwise: without a sample, with other size factors, filters, scales"
              " or engines, with an error of preparation. Tables call it a variant."),
        Entry("robust", "limma-voom, with what most miRNAs do taken as no change, makes the same call, and no"
              " re-analysis has another."),
        Entry("size factor", "What the counts of a library are divided by to make libraries comparable."),
        Entry("scale", "The total amount of miRNA behind a library. Counts are shares of it and cannot show how it differs"
              " between groups, so every fold change assumes something of it."),
        Entry("preparation", "Errors that all libraries of a group may share since they were made together."),
        Entry("spike-in", "RNA that was added in a known amount; it shows the scale."),
        Entry("target", "The miRNA that is asked about."),
        Entry("co-cargo", "Other miRNAs of the exosomes that are called in the target's direction."),
        Entry("tier", "How much speaks for a co-cargo: candidate, supported or strong."),
        Entry("candidate", "Called in the target's direction; no shadow, and no reads that are counted for another one."),
        Entry("supported", "A candidate of known sequence whose call limma-voom about the mode confirms."),
        Entry("strong", "Supported and robust, as is the target; and neither blood nor depth may have made its change."),
        Entry("shadow", "A miRNA whose reads may be misread ones of a similar and far more abundant miRNA."),
        Entry("release", "The change in exosomes beyond the change in the cells or tissue that they come from."),
        Entry("selective", "Changes in exosomes, and not because of what their source does."),
        Entry("parallel", "Changes in exosomes and source alike."),
        Entry("retained", "Changes in the source, and does not in the exosomes."),
        Entry("exosome only", "Detected in exosomes and not in their source, beyond what depth explains."),
        Entry("source only", "Detected in the source and not in its exosomes, beyond what depth explains."),
        Entry("discordant", "Goes up in one of exosomes and source, and down in the other."),
        Entry("undetermined", "The data show no class of release."),
        Entry("caution", "What asks for care before a change is believed: possible fragments of rRNA, unknown to miRBase,"
              " a marker of blood, a hairpin, reads that may be another's, a change that depends on scale. It changes"
              " no test."),
        Entry("within-group correlation", "Of log2 counts with the target, once the means of the groups are taken out."),
        Entry("stability", "NormFinder's measure for a reference of qPCR: its difference from the others between the"
              " groups, and its error. Less is more stable."),
        Entry("dispersion", "How much more the counts of a feature vary between libraries than counting alone explains."),
        Entry("ledger", "What became of every row of the input tables."),
    )
}  # fmt: skip
"""Every word by itself, in the order in which the glossary lists them."""
