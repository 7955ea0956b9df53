"""The names of a species that the package does not hold: from miRBase's mature.fa, or taken as they are."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from mircargo.config import MirbaseFile, Study, mirbase_path
from mircargo.features.mirbase import ARM, family_of
from mircargo.features.name_history import Vocabulary, current_names, names_in_use, vocabulary
from mircargo.features.spelling import regular_key
from mircargo.inputs.fetch import sha256_of
from mircargo.inputs.mature_fasta import MatureFasta, read_mature_fasta
from mircargo.problems import listing, refusal
from mircargo.vocabulary import AS_NAMED, FILL_IN


def names_of_study(name: str, study: Study) -> Vocabulary:
    """Return the names that the rows of a study's tables are read by: the package's, or those of miRBase's file.

    Raises
    ------
    ProblemsFound
        Where miRBase's file cannot be used, or no longer has its checksum.
    """
    if study.species == AS_NAMED:
        return names_as_they_are()
    if study.mirbase is None:
        return vocabulary(study.species)
    path = mirbase_path(name, study.mirbase)
    _refuse_other_file(path, study.mirbase, f"studies.{name}.mirbase")
    return vocabulary_of_file(path, study.species)


def _refuse_other_file(path: str, mirbase: MirbaseFile, where: str) -> None:
    if path.startswith(FILL_IN):
        hint = "write the path of miRBase's mature.fa, or take `mirbase` out and write `species: other`"
        raise refusal("to_fill_in", "a value that is still to be filled in", where, f"file: '{path}'", hint)
    if mirbase.sha256 and Path(path).is_file() and (found := sha256_of(path)) != mirbase.sha256:
        hint = "if the change is meant, correct `sha256`; else delete the file, it is fetched again"
        raise refusal("other_checksum", "this file does not have the configured checksum", path, found, hint)


def vocabulary_of_file(path: str | Path, species: str) -> Vocabulary:
    """Return the names of a species as miRBase's mature.fa has them; parameters as of `read_mature_fasta`."""
    read = read_mature_fasta(path, species)
    facts = _facts(read)
    meanings: dict[str, dict[str, int]] = {}
    spelling: dict[str, str] = {}
    irregular: dict[str, str] = {}
    for entry in read.entries:
        written = entry.name.lower()
        key = regular_key(entry.name, species) or written
        # Plants have ath-miR156a-5p, with no dash behind miR; others no number: dme-bantam-3p, ebv-miR-BART1-5p.
        if key != written or not regular_key(entry.name, species):
            irregular |= {written: key, written.split("-", 1)[1]: key}
        meanings.setdefault(key, {})[entry.accession] = 1
        spelling[key] = entry.name
    label = Path(path).name
    return Vocabulary(
        species,
        [label],
        meanings,
        spelling,
        hairpins={},
        arms={},
        current=current_names() | read.names,
        in_use=names_in_use() | frozenset(name.lower() for name in read.names.values()),
        file=label,
        irregular=irregular,
        own_facts=facts,
        notes=tuple(f"{path}: {note}" for note in _notes(read, species, meanings)),
    )


def names_as_they_are() -> Vocabulary:
    """Return names of which nothing is known: each is taken as it is."""
    note = (
        "names are taken as they are (`species: other`): accessions, arms, families, seeds and sequences, and with them"
        " misread reads of other miRNAs, are unknown, so no co-cargo is more than a candidate, and no panel is compared"
    )
    return Vocabulary(
        AS_NAMED, ["none"], {}, {}, hairpins={}, arms={}, current={}, in_use=frozenset(), notes=(note,)
    )  # fmt: skip


def _notes(read: MatureFasta, species: str, meanings: Mapping[str, Collection[str]]) -> list[str]:
    """Say what the file gives, and what is not known by it."""
    n, several = len({entry.accession for entry in read.entries}), [key for key in meanings if len(meanings[key]) > 1]
    notes = [
        f"{n:,} mature miRNA{'s' if n > 1 else ''} of {species}; of which release of miRBase the file is, it does not"
        " say. Hairpins and names of other releases are not known by it; markers of blood are known by their sequences"
    ]
    notes += ["its sequences are written with T, which is read as U"] if read.in_dna else []
    if several:
        notes.append(f"a name of several accessions is ambiguous: {listing(several, 4)}")
    return notes


def _facts(read: MatureFasta) -> pd.DataFrame:
    """Return what is known of each accession: `species arm family seed sequence`, as of the package's own."""
    rows = [
        (entry.accession, entry.species, arm[1] if (arm := ARM.search(entry.name)) else "", family_of(entry.name),
         entry.sequence[1:8], entry.sequence)
        for entry in {entry.accession: entry for entry in read.entries}.values()
    ]  # fmt: skip
    columns = ["accession", "species", "arm", "family", "seed", "sequence"]
    return pd.DataFrame(rows, columns=columns).set_index("accession")
