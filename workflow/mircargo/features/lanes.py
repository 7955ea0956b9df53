"""The library in the name of a column: endings that programs add, and lanes, runs and technical replicates."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final, NamedTuple

ENDINGS: Final = re.compile(
    r"(\.(gz|bz2|bam|sam|cram|fastq|fq|fasta|fa|txt|tsv|csv|xlsx?|counts?|mature|hairpin|sorted|trimmed|collapsed"
    r"|mirna|dedup|filtered|umi|arf|bed|out|mapped|aligned|idxstats)"
    r"|[._-](fastq|fq|trimmed|trim|sorted|collapsed|dedup|clipped|cutadapt|mapped|trimmed_fq)"
    r"|_?Aligned(\.sortedByCoord|\.toTranscriptome)?(\.out)?"
    r"|_fastq_readCounts_\w+|_readCounts_\w+|[._-]?ReadsPerGene"
    r"|_R?[12]?_001|_R[12]_\d{3}|(?<=_L\d{3})_R[12])$",
    re.IGNORECASE,
)
"""What aligners, trimmers, counters and sequencers append to the name of a sample."""

_ON_FLOW_CELL: Final = re.compile(r"_S\d+(_[A-Z]{2})?$")
"""The sample's number on a flow cell."""

PARTS: Final = {
    "lane": r"L00\d|lane[ _.-]?\d{1,2}",
    "run": r"(?:seq)?run[ _.-]?\d{1,2}|flow[ _.-]?cell[ _.-]?\w?\d?|FC\d|re[ _.-]?run\d?|re[ _.-]?seq(?:uenced)?\d?"
    r"|top[ _.-]?up\d?",
    "technical replicate": r"tech(?:nical)?[ _.-]?(?:rep(?:licate)?)?[ _.-]?(?:\d{1,2}|[A-Da-d])"
    r"|(?:rep)?tech[ _.-]?\d{1,2}|techrep",
    "count of reads beside one of UMIs": r"UMIs?|dedup(?:ed|licated)?"
    r"|(?:(?:total|raw|all|unique|dedup(?:ed|licated)?)[ _.-]?)?reads?",
}
"""Words in a name for what its library shares with another column."""

_PART: Final = {kind: re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE) for kind, words in PARTS.items()}


class Named(NamedTuple):
    """What a name is without the words of a lane, run or technical replicate.

    `library` is to be compared, and keeps the sample's number on the flow cell (`_S2`), which tells libraries apart;
    `text` is to be read; `kinds` are the words that it had.
    """

    library: str
    kinds: tuple[str, ...]
    text: str


def without_endings(column: str) -> str:
    """Return a name without path and endings: `/x/WT_1_S3_L001_R1_001.fastq.gz` is `WT_1_S3_L001`."""
    name = PurePosixPath(column.replace("\\", "/").strip().rstrip("/")).name
    while (cut := ENDINGS.sub("", name)) and cut != name:
        name = cut
    return name


def library_of(column: str) -> Named:
    """Return the library that a name stands for.

    `_R1`, `_rep1` and `_1` stay: they are animals more often than not.
    """
    name = without_endings(column)
    kinds = []
    for kind, pattern in _PART.items():
        cut = pattern.sub("", name)
        if cut != name and re.search(r"[^\W_]", cut):
            name = cut
            kinds.append(kind)
    name = re.sub(r"([\W_])[\W_]+", r"\1", name).strip("_-. ")
    return Named(re.sub(r"[\W_]+", "_", name), tuple(kinds), _ON_FLOW_CELL.sub("", name) or name)


def of_one_library(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the libraries that several names stand for, by what they are named without lanes and runs.

    A name without such a word belongs to a library where another has its name with one: `A` and `A_rerun`.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(library_of(name).library, []).append(name)
    return {
        library: members
        for library, members in found.items()
        if len(members) > 1 and any(library_of(member).kinds for member in members)
    }
