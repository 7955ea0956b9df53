"""RNA other than miRNA of the study's species, known by the names of its rows."""

import re
from typing import Final

from mircargo.features.spike_ins import COMMON, matches
from mircargo.vocabulary import MIRBASE_CODES, Biotype

_SPECIES = r"(?:[a-z]{3,4}[-_.:])?"  # hsa_piR_000823
_END = r"(?:[-_.:|/ ].*)?"  # what stands behind a name: accession, copy, coordinates


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


OTHER_RNAS: Final = {
    Biotype.SPIKE_IN: _any_of(r"UniSp[-_. ]?\d+.*|ERCC[-_.]?\d{4,5}.*", r"(?:.+[-_. ])?spike[-_. ]?ins?(?:[-_. ].*)?"),
    Biotype.PIRNA: _any_of(
        rf"{_SPECIES}pi(?:r|rna)[-_.](?:[a-z]{{3}}[-_.])?\d+{_END}",
        rf"piR(?:NA)?\d{{3,}}{_END}",
        rf"DQ\d{{6}}{_END}",
        r"PIWI[-_. ]?(?:interacting[-_. ]?)?RNA.*",
    ),
    Biotype.TRNA: _any_of(
        rf"{_SPECIES}(?:mt[-_]?|nm[-_]?)?tRNA(?:[-_.:|/ ].*|(?-i:[A-Z][a-z]{{2}}).*|\d+.*)?",
        rf"{_SPECIES}(?:mt[-_]?)?(?:tRF|tsRNA|tDR|tiRNA|tiR|tRH)(?:[-_.:|/ ]?\d.*|[-_.:|/ ].+)?",
        r"(?:[35]['\u2019]?p?|i|internal)[-_. ]?(?:tRF|tsRNA|tDR|tiRNA|tiR|tRNA|tRH)(?:[-_.:|/ ].*|half.*)?",
        r"(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|i?Met|Phe|Pro|SeC|Ser|Thr|Trp|Tyr|Val)"
        r"[-_](?:Comb[-_]?\d*|[ACGTU]{3})(?:[-_.:|/ ].*)?",
        r"MT-T[A-Z]\d?",
        r"chr[\dXYM]+\.trna\d+.*",
    ),
    Biotype.SNORNA: _any_of(
        rf"{_SPECIES}sno[-_.]?(?:RNA|RD|RA)?[-_.:]?\d.*",
        rf"{_SPECIES}sno[-_.]?RNA{_END}",
        rf"{_SPECIES}(?:SNOR[AD]|SCARNA|ACA|HBII?[-_]|snoU|snoZ|mgU)\d+.*",
        r"U(?:3|8|1[3-9]|[2-9]\d|10\d)[A-Z]?(?:[-_. ]snoRNA)?",
        r"RNU(?:3|8|1[3-9]|[2-9]\d|10\d)[A-Z]?",
    ),
    Biotype.SNRNA: _any_of(
        rf"{_SPECIES}snRNA{_END}",
        rf"{_SPECIES}U(?:1|2|4|5|6|7|11|12)(?:atac)?(?:[-_. ]?snRNA.*|[-_.]\d+)?",
        r"RN(?:V)?U(?:1|2|4|5|6|7|11|12)(?:ATAC)?[A-Z]?(?:[-_.]\d+P?)?(?:[-_. ]snRNA)?",
    ),
    Biotype.Y_RNA: _any_of(rf"{_SPECIES}Y[-_. ]?RNA{_END}", rf"RNY[1345](?:P\d+)?{_END}", rf"[hm]Y[1345]{_END}"),
    Biotype.RRNA: _any_of(
        rf"{_SPECIES}(?:mt[-_.])?(?:ribosomal[-_. ]|r)RNA{_END}",
        r"(?:28|18|16|12|5\.8|5)S(?:[-_. ]?(?:ribosomal[-_. ]|r)RNA.*)?",
        r"RNA(?:28|18|5-8|45|5)S[A-Z]?\d*(?:P\d*)?",
        r"(?:MT-)?RNR[12]|rRF[-_.].+",
    ),
    Biotype.VAULT: _any_of(r"(?:VTRNA|vault[-_. ]?RNA|svRNA)[-_.]?(?:\d.*)?", r"hvg-?[1-3]"),
    Biotype.SRP: _any_of(rf"(?:RN)?7SL(?:RNA)?\d*P?(?:[-_.]?RNA)?{_END}", rf"SRP[-_. ]?RNA{_END}"),
    Biotype.SK: _any_of(rf"(?:RN)?7SK(?:P\d+)?(?:[-_.]?RNA)?{_END}"),
    Biotype.LNCRNA: _any_of(
        r"LINC\d{3,}(?:-.*)?|lnc[-_]?RNA.*|lnc-[A-Z0-9]+-\d.*|NONHSA[GT]\d+.*",
        r"MALAT1|NEAT1|HOTAIR|HOTTIP|XIST|TSIX|H19|GAS5|MEG[38]|KCNQ1OT1|TUG1|PVT1|UCA1|BCYRN1|CYTOR|DANCR|SNHG\d+",
        r"(?-i:[A-Z][A-Z0-9]+-(?:AS|IT|OT|DT)\d+)",
    ),
    Biotype.MRNA: _any_of(
        r"[NX]M_\d{4,}.*|ENS(?:MUS|RNO)?P\d{6,}.*",
        r"GAPDH|ACTB|ACTG1|B2M|HPRT1?|TBP|PPIA|GUSB|TFRC|YWHAZ|UBC|SDHA|HMBS|PGK1|TUBB|TUBA1[ABC]|EEF1A1|ALB|HBB|HBA[12]",
        r"RP[LS]\d{1,2}[AXYL]?|MT-(?:ND[1-6]L?|CO[1-3]|CYB|ATP[68])",
    ),
}
"""What a whole id matches, kind by kind: the first that fits is the kind of a row.

Only names that nothing else has: a row wrongly taken for another RNA would be missing in the fit.
"""

_FOREIGN = re.compile(r"([a-z]{3,4})[-._](?:mir|let|lin|bantam)[-._]?\d?", re.IGNORECASE)


def kind_of(text: str) -> str:
    """Return the kind of RNA that an id names beyond doubt, '' where none is known by it."""
    plain = text.strip().strip("\"'").strip()
    if matches(plain, COMMON):
        return Biotype.SPIKE_IN
    return next((kind for kind, pattern in OTHER_RNAS.items() if pattern.fullmatch(plain)), "")


def species_of(text: str) -> str:
    """Return miRBase's letters of the species that a miRNA's id begins with, '' where it begins with none."""
    found = _FOREIGN.match(text.strip().strip("\"'").strip())
    letters = found.group(1) if found else ""
    return letters if letters in MIRBASE_CODES else ""
