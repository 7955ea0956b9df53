"""Identifiers of genes: of which kind they are, of which species, and how they are written alike."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

Kind = Literal["gene", "transcript", "entrez", "symbol"]
WORDS: Final[Mapping[Kind, str]] = {
    "gene": "gene ids of Ensembl, FlyBase or WormBase",
    "transcript": "transcript ids of Ensembl or FlyBase",
    "entrez": "Entrez gene ids",
    "symbol": "gene symbols",
}
"""What identifiers of a kind are called in a sentence."""

_GENE: Final = re.compile(r"(?:ENS[A-Z]*G\d{6,}|FBgn\d{7}|WBGene\d{8})(?:\.\d+)?$")
_TRANSCRIPT: Final = re.compile(r"(?:ENS[A-Z]*T\d{6,}|FBtr\d{7})(?:\.\d+)?$")
_ENTREZ: Final = re.compile(r"\d+(?:\.0)?$")
_PREFIX: Final = re.compile(r"(ENS[A-Z]*?)[GT]\d{6,}|(FB)(?:gn|tr)\d{7}|(WB)Gene\d{8}")
_SPECIES: Final = {
    "ENS": "hsa", "ENSMUS": "mmu", "ENSRNO": "rno", "ENSDAR": "dre", "ENSSSC": "ssc", "ENSBTA": "bta",
    "ENSGAL": "gga", "ENSMMU": "mml", "ENSPTR": "ptr", "ENSCAF": "cfa", "ENSOAR": "oar", "ENSECA": "eca",
    "ENSOCU": "ocu", "ENSXET": "xtr", "FB": "dme", "WB": "cel",
}  # fmt: skip
_ENOUGH: Final = 5_000
"""So many identifiers tell of which kind all are."""
EXAMPLES: Final = 3


def kind_of(ids: Iterable[str]) -> Kind:
    """Return of which kind most of the identifiers are."""
    counted = Counter(_kind(text) for text in list(ids)[:_ENOUGH])
    return counted.most_common(1)[0][0] if counted else "symbol"


def _kind(text: str) -> Kind:
    if _GENE.match(text):
        return "gene"
    if _TRANSCRIPT.match(text):
        return "transcript"
    return "entrez" if _ENTREZ.match(text) else "symbol"


def species_of_ids(ids: Iterable[str]) -> str:
    """Return miRBase's letters of the species that most identifiers are of; '' where they do not tell."""
    found = [_PREFIX.match(text) for text in list(ids)[:_ENOUGH]]
    counted = Counter(_SPECIES.get(next(filter(None, each.groups())), "") for each in found if each)
    return counted.most_common(1)[0][0] if counted else ""


def plain_ids(ids: pd.Index, kind: Kind) -> pd.Index:
    """Return identifiers as they are compared: without versions, white space, and the decimals of a spreadsheet."""
    texts = ids.astype(str).str.strip()
    if kind in ("gene", "transcript"):
        return texts.str.replace(r"\.\d+$", "", regex=True)
    return texts.str.replace(r"\.0$", "", regex=True) if kind == "entrez" else texts


def in_capitals(symbols: Iterable[str]) -> float:
    """Return which part of symbols is written in capitals (PTEN), as human ones are and those of mouse (Pten) not."""
    texts = [text for text in list(symbols)[:_ENOUGH] if sum(map(str.isalpha, text)) > 1]
    return float(np.mean([text == text.upper() for text in texts])) if texts else 0.0
