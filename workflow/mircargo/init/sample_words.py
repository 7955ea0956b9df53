"""Words that names of samples are made of: references, fractions, and what is numbered."""

import re
from typing import Final

REFERENCES: Final = frozenset({
    "control", "controls", "ctrl", "ctrls", "ctl", "ctr", "cntrl", "con", "cont", "sham", "naive", "naïve", "vehicle",
    "veh", "wt", "wildtype", "untreated", "unstimulated", "uninfected", "unexposed", "unaffected", "unstim", "mock",
    "saline", "pbs", "dmso", "uninjured", "intact", "noninjured", "nontreated", "healthy", "normal", "hc", "hd",
    "baseline", "placebo", "scramble", "scrambled", "scr", "contralateral", "nt", "nc", "neg", "negative", "normoxia",
    "pre", "before", "benign", "adjacent", "nat", "paracancerous", "peritumoral", "paratumor", "reference", "ref",
    "unperturbed", "unchallenged", "unloaded", "nondiseased", "nondiabetic", "nonlesional",
    "contra", "kontrolle", "kontrollen", "gesund", "unbehandelt",
})  # fmt: skip
NEGATIONS: Final = frozenset({"non", "not", "no", "un", "without", "free", "never"})
"""Words that turn the next one (`free`: the one before) into its reference."""

GENOTYPES: Final = frozenset({"wt", "wildtype"})
_FRACTIONS: Final = {
    "ev": "ev evs exosome exosomes exo exos vesicle vesicles sev sevs",
    "cell": "cell cells",
    "drg": "drg drgs",
    "tissue": "tissue tissues",
    "plasma": "plasma",
    "serum": "serum",
    "csf": "csf",
    "cf": "cf cellfree cfrna",
    "ti": "ti",
}
FRACTION_OF: Final = {word: fraction for fraction, words in _FRACTIONS.items() for word in words.split()}
UNSURE: Final = ("cf", "ti")
"""Fractions only where every name has one and others are sure: `CF` is cystic fibrosis as well."""

BLOOD: Final = ("plasma", "serum")
_NUMBERED: Final = {
    "replicate": "replicate rep biorep techrep r n",
    "batch": "batch run pool lane plate",
    "subject": "subject mouse rat animal donor patient m",
}
COLUMN_OF: Final = {word: column for column, words in _NUMBERED.items() for word in words.split()}
SELF_CONTROLLED: Final = frozenset({
    "pre", "post", "before", "after", "baseline", "followup", "fu", "ipsi", "contra", "ipsilateral", "contralateral",
    "left", "right", "tumor", "tumour", "cancer", "normal", "adjacent", "nat", "paracancerous", "peritumoral", "n", "t",
    "lesional", "nonlesional", "preop", "postop", "vorher", "nachher",
})  # fmt: skip
"""States in which one subject is usually sampled more than once."""

TIMES_AND_DOSES: Final = frozenset({
    "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "t", "tp", "time", "timepoint", "w", "wk", "wks", "week",
    "weeks", "m", "mo", "month", "months", "min", "dpi", "dpo", "dose",
})  # fmt: skip
"""Letters of `d14`, `14h`, `dose5`: a time or a dose, and nobody's number."""

SUBJECTS: Final = frozenset({
    "patient", "participant", "person", "donor", "subject", "subj", "indiv", "individual", "animal", "mouse", "mice",
    "horse", "sheep", "goat", "monkey", "rabbit", "human", "volunteer", "proband",
})  # fmt: skip
TALLIES: Final = frozenset({
    "", "s", "sample", "samp", "lib", "library", "no", "nr", "num", "tube", "well", "rna", "mir", "mirna", "srna",
    *FRACTION_OF, *(word for word, column in COLUMN_OF.items() if column != "subject"),
})  # fmt: skip
"""Letters before a number that only counts the samples of a group."""

_ALL_TIMES: Final = "|".join(sorted(TIMES_AND_DOSES - {"m"}))
TIMED: Final = re.compile(
    rf"({_ALL_TIMES})-?\d+({_ALL_TIMES}|[mun]?g|[mun]M|mgkg|gy)?|\d+({_ALL_TIMES}|[mun]?g|[mun]M|mgkg|gy)",
    re.IGNORECASE,
)
"""A time or a dose: `d14`, `24h`, `dose5mg`."""

_SILENCED: Final = re.compile(r"(si|sh|sg|asi|mi|aso|lv|aav)(rna)?(.+)")
_ZERO: Final = re.compile(r"\D*0+\D*")

TECHNICAL: Final = frozenset({"mature", "hairpin", "lane", "run", "counts", "count", "table", "mirna", "mir", "raw"})
"""Words of file names that tell no fractions apart."""

ACCESSION: Final = re.compile(r"(GSM|[SED]R[RXS]|SAM[NED]A?|CRR)\d+", re.IGNORECASE)
BARCODE: Final = re.compile(r"(TCGA[-.][A-Z0-9]{2}[-.][A-Z0-9]{4})[-.](\d\d)[A-Z]?([-.].*)?", re.IGNORECASE)
"""TCGA's: patient, then the kind of sample: 01 to 09 tumour, 10 to 19 normal tissue."""


def key(word: str) -> str:
    """Return a word as it is compared: without case and punctuation."""
    return re.sub(r"[^\w+]|_", "", word.casefold())


def is_silencing_control(word: str) -> bool:
    silenced = _SILENCED.fullmatch(word)
    return silenced is not None and silenced[3] in REFERENCES


def is_reference_word(word: str) -> bool:
    """Whether a word as compared names a reference: `sham`; `siCtrl` and `shscr`; `d0`, `0h` and `dose0mg`."""
    silenced = _SILENCED.fullmatch(word)
    return (
        word in REFERENCES
        or bool(silenced and silenced[3] in REFERENCES)
        or (TIMED.fullmatch(word) is not None and _ZERO.fullmatch(word) is not None)
    )


def joined_negations(words: list[str]) -> list[str]:
    """Put `non` and `injured` together, and `pain` and `free`: two words are one state."""
    joined: list[str] = []
    for word in words:
        before = key(joined[-1]) if joined else ""
        negated = before in NEGATIONS - {"free"} and not word[:1].isdigit()
        if joined and (negated or (key(word) == "free" and before.isalpha() and before != "cell")):
            joined[-1] = f"{joined[-1]}_{word}"
        elif joined and (before, key(word)) in {("wild", "type"), ("cell", "free")}:
            joined[-1] = f"{joined[-1]}{word}"
        else:
            joined.append(word)
    return joined
