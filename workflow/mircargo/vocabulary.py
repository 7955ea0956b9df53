"""The field's words, each once: what tables write, how people read it, in which order, and how it is drawn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, get_args


@dataclass(frozen=True)
class Term:
    """A word that tables and configuration use.

    Attributes
    ----------
    name
        As it stands in tables.
    words
        As people read it.
    colour, marker
        As it is drawn; empty where it is not.
    """

    name: str
    words: str
    colour: str = ""
    marker: str = ""


@dataclass(frozen=True)
class SizeFactorMethod(Term):
    """A way to find size factors.

    Attributes
    ----------
    in_full
        As the methods paragraph says it, with the reference; empty where it names the features or the column.
    measured
        Whether it rests on what was added or stated, and not on what the features that are fitted are assumed to do.
    """

    in_full: str = ""
    measured: bool = False


@dataclass(frozen=True)
class ReleaseClass(Term):
    """A class of release; `meaning` is its key in figures."""

    meaning: str = ""


AnyTerm = TypeVar("AnyTerm", bound=Term)


def _by_name(*terms: AnyTerm) -> Mapping[str, AnyTerm]:
    return {term.name: term for term in terms}


# Names that the configuration accepts: types, since pydantic and mypy read them as such.
Direction = Literal["up", "down"]
FigureFormat = Literal["svg", "pdf", "png"]
FIGURE_FORMATS: Final[list[FigureFormat]] = list(get_args(FigureFormat))
SizeFactorMethodName = Literal[
    "auto", "ratio", "poscounts", "tmm", "total", "mode", "control_features", "spike_ins", "column"
]

SPECIES: Final = _by_name(Term("mmu", "mouse"), Term("rno", "rat"), Term("hsa", "human"))
"""The species whose miRBase names, old and new, the package holds, by miRBase's letters."""

FILL_IN: Final = "FILL_IN"
"""What `mircargo init` writes where it could not guess."""

AS_NAMED: Final = "other"
"""What `species` is where names are taken as they are."""

COMMON_NAMES: Final = {
    **{letters: species.words for letters, species in SPECIES.items()},
    "ssc": "pig",
    "dre": "zebrafish",
    "mml": "macaque",
    "bta": "cow",
    "oar": "sheep",
    "chi": "goat",
    "eca": "horse",
    "cfa": "dog",
    "ocu": "rabbit",
    "ptr": "chimpanzee",
    "gga": "chicken",
    "xtr": "frog",
    "dme": "fruit fly",
    "cel": "nematode",
    "ath": "thale cress",
    "osa": "rice",
}
"""What people call species, by miRBase's letters."""

# miRBase 22's letters of animals and plants.
MIRBASE_CODES: Final = frozenset(
    re.findall(
        r"\w+",
        """
    aae aca aga age aja aly ame amel ami api aqc aqu asu ata ath atr bbe bdi bfl bgy bma bmo bna bol bra bta cbn cbr
    ccl ccr cel cfa cgr chi cin cja cla cli cln cme cpa cqu cre crm crt csa csi ctr cte dan der dev dgr dma dme dmo
    dno dpe dpr dps dpu dqu dre dse dsi dvi dwi dya eca efu egr egu emu esi far fhe fru gga ggo gma gmo gpy gra gsa
    gso har hbr hci hco hex hhi hma hme hpe hpo hru hsa htu hvu ipu isc lco lgi lja lla lmi ltu lus lva mcmv mdm mdo
    meu mja mml mmr mmu mne mse mtr nbr ngi nlo nta nve nvi oan oar ocu odi oga ola osa pab pau pbi pca pde peu pgi
    pha pin pla ple pma pmi pni pol ppa ppc ppe ppr ppt ppy prd pti ptc ptr pvu pxy rco rgl rmi rno rra rsc sbi sbo
    sci sfr sha shr sja sko sla sly sma sme smc smr snu sof sol spu ssa ssc ssl ssp ssy str stu syl tae tca tcc tch
    tgu tni tre tsy ttu tur vca vvi xbo xla xtr zma
    """,
    )
)


def species_in_words(letters: str) -> str:
    """Return what people call a species, with miRBase's letters where the package does not hold its names."""
    if letters == AS_NAMED:
        return "species not given"
    known = COMMON_NAMES.get(letters)
    return known if letters in SPECIES and known else f"{known} ({letters})" if known else letters


SIZE_FACTOR_METHODS: Final = _by_name(
    SizeFactorMethod("auto", "median of ratios, or poscounts"),
    SizeFactorMethod("ratio", "median of ratios", in_full="median of ratios"),
    SizeFactorMethod("poscounts", "poscounts", in_full="geometric means of positive counts, Love et al. 2014"),
    SizeFactorMethod("tmm", "TMM", in_full="trimmed mean of M-values; Robinson and Oshlack 2010"),
    SizeFactorMethod("total", "total counts", in_full="total counts"),
    SizeFactorMethod(
        "mode",
        "mode of the fold changes",
        in_full="about the error-weighted mode of the contrast's fold changes, which is taken as no change",
    ),
    SizeFactorMethod("control_features", "control features", measured=True),
    SizeFactorMethod("spike_ins", "spike-ins", measured=True),
    SizeFactorMethod("column", "a column of the sample sheet", measured=True),
)

# Okabe and Ito (2008); the lightness of up, down and not significant differs too, so that they survive grey print.
UP, DOWN, NO_CALL, NOT_TESTED = "up", "down", "none", "not tested"
FEATURE_CALLS: Final = _by_name(
    Term(UP, "up", "#D55E00"),
    Term(DOWN, "down", "#56B4E9"),
    Term(NO_CALL, "not called", "#D4D4D4"),
    Term(NOT_TESTED, "not tested", "#d6dae0"),
)
"""Calls of a feature; a variant of the stress test may not have tested it."""

CHANGED: Final = (UP, DOWN)
"""The calls of a change."""

TargetCallName = Literal["up", "down", "unchanged", "inconclusive", "not_detected", "not_tested"]
TARGET_CALLS: Final = _by_name(
    FEATURE_CALLS[UP],
    FEATURE_CALLS[DOWN],
    Term("unchanged", "unchanged"),
    Term("inconclusive", "inconclusive"),
    Term("not_detected", "not detected"),
    Term("not_tested", "not tested"),
)
"""Calls of the target, those of a change first."""

# Each differs 1.5-fold in luminance from every other, so that they survive grey print.
RELEASE_CLASSES: Final = _by_name(
    ReleaseClass("selective", "selective", "#C95900", "o", "exosomes change beyond their source"),
    ReleaseClass("parallel", "parallel", "#00639A", "s", "both change alike"),
    ReleaseClass("retained", "retained", "#004D38", "v", "the source changes, its exosomes less"),
    ReleaseClass("exosome_only", "exosome only", "#EDB41D", "^", "change in exosomes, source lacks it"),
    ReleaseClass("source_only", "source only", "#2CA2E4", "P", "change in source, exosomes lack it"),
    ReleaseClass("discordant", "discordant", "#46113D", "X", "opposite changes"),
    ReleaseClass("undetermined", "undetermined", "#E6E6E6", "o", "the data do not tell"),
)
"""Classes of release; what they mean is said by `cargo.release_classes.classify`."""

TESTED, ALL_ZERO, LOW_COUNT, OUTLIER, FILTERED, CONTROL = (
    "tested", "all_zero", "low_count", "outlier", "independent_filter", "control_feature",
)  # fmt: skip
STATUSES: Final = _by_name(
    Term(TESTED, ""),
    Term(ALL_ZERO, "no sample has a read of it"),
    Term(LOW_COUNT, "too few reads to be fitted"),
    Term(OUTLIER, "one sample's count is an outlier by Cook's distance"),
    Term(FILTERED, "mean count below the cut-off of independent filtering"),
    Term(CONTROL, "the size factors rest on it"),
)
"""Why a fit gave a feature an adjusted p-value, or none."""

TIERS: Final = ("strong", "supported", "candidate")
"""Tiers of co-cargo, the best first."""


CAUTIONS: Final = _by_name(
    Term("relative", "may be another's reads"),
    Term("same_reads", "the reads of another"),
    Term("share", "a large share of a library"),
    Term("unknown", "unknown to miRBase"),
    Term("hairpin", "a hairpin, both arms counted"),
    Term("rrna", "possible rRNA fragment"),
    Term("blood", "may be of blood"),
    Term("depth", "may be of depth"),
    Term("no_sequence", "no sequence known"),
    Term("scale", "depends on scale"),
)
"""Kinds of cautions, and what they say in short."""


SITE_TYPES: Final = {"8mer": 5, "7mer-m8": 4, "7mer-A1": 3, "other": 2, "6mer": 1, "offset-6mer": 1}
"""Types of site by strength. A gene is a target from 2 upwards; with weaker sites alone it is neither target nor
compared. `other` is a target of which the type is not known."""


class Biotype:
    """Kinds of small RNA, as `biotypes` of the configuration lists them."""

    MIRNA: Final = "miRNA"
    PIRNA: Final = "piRNA"
    TRNA: Final = "tRNA"
    SNORNA: Final = "snoRNA"
    SNRNA: Final = "snRNA"
    Y_RNA: Final = "Y_RNA"
    RRNA: Final = "rRNA"
    VAULT: Final = "vault_RNA"
    SRP: Final = "7SL_RNA"
    SK: Final = "7SK_RNA"
    LNCRNA: Final = "lncRNA"
    MRNA: Final = "mRNA"
    CIRCRNA: Final = "circRNA"
    SPIKE_IN: Final = "spike_in"
    OTHER_SPECIES: Final = "other_species"
    """miRNA of a species other than the study's."""
    UNKNOWN: Final = "unknown"


def listed(terms: Mapping[str, Term] | tuple[str, ...]) -> str:
    """Write the names as a list, for the unit of a column."""
    return ", ".join(terms)
