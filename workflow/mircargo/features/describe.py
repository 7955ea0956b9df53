"""What each feature is: miRBase's facts of it, and its kind of RNA."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from mircargo.features.mirbase import load_hairpins, load_mature
from mircargo.features.other_rnas import kind_of, species_of
from mircargo.results.contract import FEATURE_TABLE
from mircargo.vocabulary import AS_NAMED, Biotype

_FACTS = ["species", "arm", "family", "seed", "sequence"]
# What a miRNA of any species may be called: viruses have miR-BART1 and miR-H1, insects and worms names of their own.
_OF_ANY_SPECIES = re.compile(
    r"(?:[a-z][a-z0-9]{2,5}[-._])?(?:(?:novel|candidate|predicted)[-._]?)?"
    r"(?:mir[-._]?(?:[a-z]{1,4}-?)?\d|(?:let|lin|lsy|mir[-._]?iab)[-._]?\d|bantam)",
    re.IGNORECASE,
)


@cache
def _facts() -> pd.DataFrame:
    mature = load_mature().set_index("accession")[_FACTS]
    hairpins = load_hairpins().set_index("accession")[["species", "family"]]
    return pd.concat([mature, hairpins]).fillna("")


def biotypes_of(rows: pd.DataFrame, stated: Sequence[str] | None, species: str) -> pd.Series:
    """Return the kind of RNA of each row: as the reader states it, else by what the row was identified as.

    Without a statement, a row is miRNA where miRBase knows it, where its name is ambiguous, or where it is written
    as a miRNA of the species or of none (`mmu-miR-9999`, `novel_miR_3`). A row that is named as another RNA is that
    (`other_rnas`), a miRNA of another species is `other_species`, and anything else is `unknown`.

    Parameters
    ----------
    rows
        Columns `source_id`, `feature`, `level` and `ambiguous`.
    stated
        The kind that the reader states for each row; '' where it has none.
    species
        miRBase's letters; or `other`: then a name may begin with any letters, and is of the study's species.
    """
    looks_like = re.compile(rf"(?:{species}[-._])?(?:(?:novel|candidate|predicted)[-._]?)?(?:mir|let)[-._]?\d", re.I)
    looks_like = _OF_ANY_SPECIES if species == AS_NAMED else looks_like
    guessed = pd.Series([_guess(row, species, looks_like) for row in rows.itertuples()], index=rows.index, dtype=object)
    if stated is None:
        return guessed
    given = pd.Series(list(stated), index=rows.index, dtype=object)
    return given.where(given.notna() & (given != ""), guessed)


def _guess(row: Any, species: str, looks_like: re.Pattern[str]) -> str:
    known, text = row.level != Biotype.UNKNOWN, row.source_id
    if row.ambiguous or (known and row.feature.startswith(f"{species}-")):
        return Biotype.MIRNA
    other = kind_of(text)
    if other and (not known or other == Biotype.SPIKE_IN):
        return other
    letters = "" if species == AS_NAMED else species_of(row.feature) or species_of(text)
    if letters and letters != species and f"{species}-" not in text.lower():
        return Biotype.OTHER_SPECIES
    return Biotype.MIRNA if known or looks_like.match(text) else Biotype.UNKNOWN


def describe_features(index: pd.Index, rows: pd.DataFrame, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per feature of `index`, the columns of `counts/features.tsv`.

    Of a merged feature (accessions joined by `/`) a fact is given where its miRNAs agree, else all values joined. `own`
    has the facts of accessions that the package does not hold (`Vocabulary.own_facts`).
    """
    by_feature = rows.groupby("feature", sort=False)
    table = pd.DataFrame(
        {
            "accession": by_feature["accession"].max(),
            "biotype": by_feature["biotype"].first(),
            "n_source_rows": by_feature.size(),
        }
    ).reindex(index)
    known = _facts()
    if own is not None and len(own):
        known = pd.concat([known.drop(own.index, errors="ignore"), own])
    facts = known.reindex(table["accession"]).set_axis(table.index)
    for feature, accession in table.loc[table["accession"].str.contains("/", regex=False), "accession"].items():
        several = known.reindex(accession.split("/"))
        for column in _FACTS:
            values = list(dict.fromkeys(several[column].dropna()))
            facts.loc[feature, column] = "/".join(values)
    joined = table.join(facts).reset_index(names="feature")[list(FEATURE_TABLE.columns)]
    return joined.astype(object).replace("", pd.NA)
