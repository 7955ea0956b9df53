"""Which features of several studies are the same miRNA: by sequence, else by family and arm."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

import pandas as pd

from mircargo.features.mirbase import load_mature
from mircargo.features.other_rnas import species_of
from mircargo.problems import listing

SEQUENCE, FAMILY, ACCESSION, NAME = "sequence", "family", "accession", "name"
COLUMNS: Final = ["feature", "matched_by", "study", "study_feature", "note"]
FAR_MORE: Final = 10  # times as many reads
SPECIES: Final = r"(^|/)[a-z][a-z0-9]{2,5}-"  # before the name of a miRNA


def match_features(
    features: Mapping[str, pd.DataFrame],
    reads: Mapping[str, pd.Series],
    target: Mapping[str, str | None] | None = None,
    sequences: Mapping[str, Collection[str]] | None = None,
    as_named: Collection[str] = (),
) -> pd.DataFrame:
    """Say which features of several studies are the same.

    1. Features with the same mature sequence are one. Hairpins and other features of miRBase without one sequence
       are one where their accession is the same. A feature that miRBase does not have is like no other: `novel_1`
       of two studies says nothing.
    2. What has no counterpart of its sequence in another species is matched by family and arm: first those of the
       same name but for the species, then, if in each species one is left, or one with ten times the reads of the
       next, those. A sequence that miRBase has in the other species too is not matched so: its own counterpart is
       merely missing from the study.
    3. Where a study takes names as they are (`species: other`), sequence and family are unknown: its features are one
       with those of the same name in another such study, if the name begins with a species. They are never one with
       the features of other studies, but for the target.

    Of several features of one study that are the same by this, the one with most reads stands for them all, and its
    note names the others.

    Parameters
    ----------
    features
        By study, in the order of the analysis, its features.tsv.
    reads
        By study, the mean count of each feature, indexed by feature.
    target
        By study, the feature that is the target (`find_target`). They are one, whatever their sequences: a study
        may count the target's hairpin.
    sequences
        By species that the package does not hold, all of its mature sequences.
    as_named
        The studies that take names as they are.

    Returns
    -------
    pandas.DataFrame
        One row per miRNA and study that has it, columns `COLUMNS`: `feature` is the name in the first study that has it
        as a mature miRNA (a name that another miRNA had first is followed by its study), `matched_by` is sequence,
        family, accession or name.
    """
    parts = [_keyed(study, table, reads[study]) for study, table in features.items()]
    for part in parts:
        part["key"] = _keys_by_name(part) if part["study"].isin(as_named).all() else part["key"]
    rows = pd.concat(parts, ignore_index=True)
    rows["order"] = rows["study"].map({study: i for i, study in enumerate(features)})
    joined = _joined_families(rows, _species_of_sequences(sequences or {}))
    rows["match"] = [joined.get(key, key) for key in rows["key"]]
    rows.loc[rows["study"].map(dict(target or {})) == rows["study_feature"], "match"] = "target"
    rows = _one_a_study(rows).sort_values(["order", "position"], kind="stable")
    by_mature = rows.sort_values("sequence", key=lambda sequence: sequence == "", kind="stable")
    rows["feature"] = by_mature.groupby("match")["study_feature"].transform("first")
    kind, several = rows["key"].str.split(":", n=1).str[0], rows.groupby("match")["key"].transform("nunique") > 1
    rows["matched_by"] = kind.where(kind.isin([SEQUENCE, ACCESSION, NAME]), "").mask(several, FAMILY)
    by_name = rows["study"].isin(as_named).groupby(rows["match"]).transform("any")
    rows["matched_by"] = rows["matched_by"].mask(several & by_name, NAME)
    _tell_apart(rows)
    return rows[COLUMNS].reset_index(drop=True)


def _keyed(study: str, table: pd.DataFrame, reads: pd.Series) -> pd.DataFrame:
    """Give each feature of a study the key under which it is the same as another."""
    rows = table[["feature", "accession", "species", "arm", "family", "sequence"]].astype(object).fillna("")
    rows = rows.rename(columns={"feature": "study_feature"}).reset_index(names="position")
    own = f"own:{study}:" + rows["study_feature"]
    key = (f"{ACCESSION}:" + rows["accession"]).where(rows["accession"] != "", own)
    rows["key"] = (f"{SEQUENCE}:" + rows["sequence"]).where(rows["sequence"] != "", key)
    rows["study"] = study
    rows["reads"] = rows["study_feature"].map(reads).fillna(0.0).astype(float)
    rows["short"] = rows["study_feature"].str.replace(SPECIES, r"\1", regex=True)
    return rows


def _keys_by_name(rows: pd.DataFrame) -> pd.Series:
    """Give the features of a study that takes names as they are their names as keys, where these tell a species."""
    names = rows["study_feature"]
    return rows["key"].mask(names.map(species_of) != "", f"{NAME}:" + names.str.lower())


def hairpins_instead(features: Mapping[str, pd.DataFrame], matches: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Find where a study counts the hairpin of a miRNA that another study counts by itself.

    Returns (study, miRNA as in `matches`) -> the hairpin. Its reads are of both arms, so it stands for neither of them.
    """
    accessions = pd.concat([table.set_index("feature")["accession"] for table in features.values()])
    accession_of = accessions[~accessions.index.duplicated()]
    hairpins = load_mature().set_index("accession")["hairpins"]
    present = set(zip(matches["study"], matches["feature"], strict=True))
    rows = {study: set(table["feature"]) for study, table in features.items()}
    found: dict[tuple[str, str], str] = {}
    for feature, accession in accession_of.reindex(matches["feature"].unique()).dropna().items():
        for hairpin in hairpins.get(accession, "").split(";"):
            for study in rows:
                if hairpin in rows[study] and (study, feature) not in present:
                    found.setdefault((study, str(feature)), hairpin)
    return found


def _one_a_study(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of one study that match each other keep the one with most reads, and note the others."""
    rows = rows.sort_values(["reads", "position"], ascending=[False, True], kind="stable")
    grouped = rows.groupby(["study", "match"])["study_feature"]
    note = grouped.transform(lambda names: f"most reads; left out: {listing(names[1:])}" if len(names) > 1 else "")
    return rows.assign(note=note).drop_duplicates(["study", "match"])


def _tell_apart(rows: pd.DataFrame) -> None:
    """Add the study to a name where an earlier miRNA of the analysis has it too."""
    first = rows.drop_duplicates("match")
    taken = first[first.duplicated("feature")]
    rows["feature"] = rows["feature"].where(
        ~rows["match"].isin(taken["match"]),
        rows["feature"] + " (" + rows["match"].map(dict(zip(taken["match"], taken["study"], strict=True))) + ")",
    )


@cache
def _species_by_sequence() -> dict[str, frozenset[str]]:
    mature = load_mature()
    return {str(sequence): frozenset(species) for sequence, species in mature.groupby("sequence")["species"]}


def _species_of_sequences(more: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
    """Return the species that have a mature sequence: those of the package, and others with all of their sequences."""
    found = dict(_species_by_sequence())
    for species, sequences in more.items():
        found |= {each: found.get(each, frozenset()) | {species} for each in sequences}
    return found


def _joined_families(rows: pd.DataFrame, having: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Map the key of each sequence that is joined by family and arm to the key that it is joined to."""
    single = (rows["sequence"] != "") & ~rows["sequence"].str.contains("/", regex=False)
    usable = rows[(rows["family"] != "") & (rows["arm"] != "") & single]
    joined: dict[str, str] = {}
    for _, family in usable.groupby(["family", "arm"], sort=False):
        if family["species"].nunique() > 1 and family["key"].nunique() > 1:
            _join_family(family, joined, having)
    return joined


def _join_family(family: pd.DataFrame, joined: dict[str, str], having: Mapping[str, frozenset[str]]) -> None:
    species = {
        key: having.get(key.split(":", 1)[1], frozenset()) | set(group["species"])
        for key, group in family.groupby("key")
    }
    for _, same_name in family.groupby("short", sort=False):
        _join(list(dict.fromkeys(same_name["key"])), species, joined)
    done, present = {*joined, *joined.values()}, set(family["species"])
    left = family[family["key"].map(lambda key: key not in done and not species[key] >= present)]
    clear = [_clear(group) for _, group in left.groupby("species", sort=False)]
    if None not in clear:
        _join([key for key in dict.fromkeys(clear) if key], species, joined)


def _clear(group: pd.DataFrame) -> str | None:
    """Return the one key of a species, or the one with far more reads than the next."""
    reads = group.groupby("key")["reads"].sum().sort_values(ascending=False)
    if len(reads) > 1 and reads.iloc[0] < FAR_MORE * max(reads.iloc[1], 1.0):
        return None
    return str(reads.index[0])


def _join(keys: list[str], species: Mapping[str, frozenset[str]], joined: dict[str, str]) -> None:
    """Join keys to the first one where no two are of one species, and none is joined already."""
    total = frozenset[str]().union(*(species[key] for key in keys))
    free = not {*joined, *joined.values()}.intersection(keys)
    if len(keys) > 1 and free and len(total) == sum(len(species[key]) for key in keys):
        joined.update(dict.fromkeys(keys[1:], keys[0]))
