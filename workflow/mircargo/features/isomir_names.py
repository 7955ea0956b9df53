"""Names of isomiRs in tables that have one row per isomiR and no column that says so."""

import re

from mircargo.features.spelling import ACCESSION, plain_text

_STARTS = re.compile(r"(?:[a-z]{3,4}[-._])?(?:mir|let)[-._]?\d", re.IGNORECASE)
_EDIT = r"(?:L[+-]\d+(?:R[+-]\d+)?|R[+-]\d+|\d+ss(?:\d+[ACGTUN]{2})+)"
_STYLES = (
    # ACGT101: bases more (+) or less (-) on the left or right, substitutions by place (22CT: C at 22 is T).
    re.compile(rf"[_|:;. ]({_EDIT}(?:[_|:;., ]?{_EDIT})*)$"),
    # mirtop, isomiRs, seqbuster, miRge: iso_3p:-1, iso.5p:-1, iso.t5:d.ad:0, iso_snv; several joined by a comma.
    re.compile(r"[-_|:;.#& (]+(iso(?:mir)?(?![a-z]).*?)\)?$", re.IGNORECASE),
    # The same without the word: t5:d.t3:0.ad:0.mm:0.
    re.compile(r"[_|:;.# ]((?:(?:t5|t3|ad|mm|add|s5|s3)[:=][A-Za-z0-9]+[.;,_|]?)+)$"),
    # sRNAbench's labels.
    re.compile(r"[_|:;.# ]((?:lv[35]p[TE]|nta#[ACGTU]|mv)\b.*)$"),
    # Offsets of the two ends: |0|-1.
    re.compile(r"[|&]((?:offsets?\|)?[+-]?\d{1,2}\|[+-]?\d{1,2}(?:\|.*)?)$"),
)
_CANONICAL = re.compile(r"[-_|:;.# ]+\(?(?:ref(?:erence)?|canonical|exact|templated)\)?$", re.IGNORECASE)


def split_variant(text: str) -> tuple[str, str]:
    """Take the name of an isomiR apart, for instance `hsa-miR-21-5p_L-1R+2`.

    Returns
    -------
    tuple
        The id without what tells the isomiR, and that (`L-1R+2`); the id as it is and '' where it is none. Of the
        canonical form, where a table says so (`hsa-miR-21-5p|ref`), the second is ''.
    """
    plain = plain_text(text)
    if not (_STARTS.match(plain) or ACCESSION.match(plain)):
        return text, ""
    for style in _STYLES:
        found = style.search(plain)
        if found:
            return plain[: found.start()], found.group(1)
    return _CANONICAL.sub("", plain) if _CANONICAL.search(plain) else text, ""
