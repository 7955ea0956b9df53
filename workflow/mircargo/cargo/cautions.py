"""Cautions: what to know of a feature before its change is believed, each with its source."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import pandas as pd

from mircargo.cargo.cross_mapping import CANNOT_TELL, COLUMNS, FOLLOWS
from mircargo.checks.libraries import DOMINANT_SHARE
from mircargo.features.mirbase import is_one, load_hairpins, load_mature
from mircargo.vocabulary import SPECIES

BLOOD_DERIVED = ("plasma", "serum", "blood")
COUNTS, MIRBASE = "counts", "miRBase"


class Caution(NamedTuple):
    """A caution, where it is from (the counts, miRBase, or a key of `resources/markers/README.md`), and its kind."""

    text: str
    source: str
    kind: str  # of `vocabulary.CAUTIONS`


@cache
def load_markers(name: str) -> pd.DataFrame:
    """Return a list of `workflow/resources/markers`, by accession."""
    with files("mircargo.resources").joinpath("markers", f"{name}.tsv").open("rb") as handle:
        return pd.read_csv(handle, sep="\t", dtype=str).set_index("accession")


def blood_derived(values: Iterable[object]) -> bool:
    """Say whether any value of a sample sheet (of its fraction, tissue or source) names plasma, serum or blood."""
    words = [str(value).lower() for value in values]
    return any(name in word for word in words for name in BLOOD_DERIVED)


def cautions(
    counts: pd.DataFrame, known: pd.DataFrame, relatives: pd.DataFrame, blood: bool
) -> dict[str, list[Caution]]:
    """List the cautions of each feature.

    Parameters
    ----------
    counts
        Features x samples of the contrast, integers; no sample is empty.
    known, relatives
        `counts/features.tsv`, indexed by feature; table of `cross_mapping.relatives`.
    blood
        Whether the samples are derived from blood: markers of haemolysis are cautions there only.
    """
    share = (counts / counts.sum(axis=0)).max(axis=1)
    # Where names are taken as they are, miRBase was not asked of any.
    asked = bool(known["accession"].notna().any())
    related = relatives.set_index("feature")
    found: dict[str, list[Caution]] = {}
    for feature in counts.index:
        own = _of_sequence(related.loc[feature]) if feature in related.index else []
        if share[feature] > DOMINANT_SHARE:
            own.append(Caution(f"holds up to {share[feature]:.0%} of a library", COUNTS, "share"))
        found[feature] = own + (_of_accession(known["accession"].get(feature), blood) if asked else [])
    return found


def of_features(counts: pd.DataFrame, features: pd.DataFrame, blood: bool) -> dict[str, str]:
    """Return in words the cautions of features that have any, as far as miRBase and the counts tell them.

    Whether reads may be misread ones of a relative is not asked: that takes the sequences of all features.

    Parameters
    ----------
    counts
        Features x samples of the contrast, raw or normalised.
    features
        `counts/features.tsv`.
    blood
        Whether the samples are derived from blood.
    """
    known = with_markers(features.set_index("feature"))
    found = cautions(counts, known.reindex(counts.index), pd.DataFrame(columns=COLUMNS), blood)
    return {feature: in_words(each) for feature, each in found.items() if each}


def _of_sequence(row: pd.Series) -> list[Caution]:
    """Give the caution of a feature that has an abundant relative; `row` is of `cross_mapping.relatives`."""
    form = f"{row['edits']} edit{'s' if row['edits'] > 1 else ''} away"
    if row["edits"] == 0:
        form = "the same sequence, shifted or extended,"
    if row["verdict"] == FOLLOWS:
        text = f"its reads may be misread ones of {row['origin']} ({form} and {row['share']:.1%} of its reads)"
        return [Caution(text, COUNTS, "relative")]
    if row["verdict"] == CANNOT_TELL:
        text = f"the counts cannot tell it from misread reads of {row['origin']} ({form})"
        return [Caution(text, COUNTS, "relative")]
    return []


def _of_accession(accession: object, blood: bool) -> list[Caution]:
    """Give the cautions of what miRBase and the marker lists say of an accession (or several, joined by `/`)."""
    if not isinstance(accession, str):
        return [Caution("no miRNA that miRBase knows", MIRBASE, "unknown")]
    found = []
    if accession.startswith("MI0"):
        found.append(Caution("a hairpin: both arms counted", MIRBASE, "hairpin"))
    rrna_like, markers = load_markers("rrna_like"), load_markers("blood")
    for mature in matures_of(accession):
        if mature in rrna_like.index:
            found.append(Caution("its reads may be fragments of rRNA", rrna_like.at[mature, "source"], "rrna"))
        if blood and mature in markers.index:
            row = markers.loc[mature]
            text = f"{row['with_haemolysis']} in plasma and serum when red blood cells break"
            found.append(Caution(text, row["source"], "blood"))
    return found


def matures_of(accession: str) -> list[str]:
    """Return the accessions of matures; of a hairpin those that it holds."""
    parts = accession.split("/")
    hairpins = [part for part in parts if not part.startswith("MIMAT")]
    return [*parts, *(mature for hairpin in hairpins for mature in _by_hairpin().get(hairpin, []))]


@cache
def _by_hairpin() -> dict[str, list[str]]:
    names = load_hairpins().set_index("name")["accession"]
    arms = load_mature()[["accession", "hairpins"]]
    arms = arms.assign(hairpin=arms["hairpins"].str.split(";")).explode("hairpin")
    hairpins = names.reindex(arms["hairpin"]).to_numpy()
    return arms.groupby(hairpins)["accession"].agg(list).to_dict()


def with_markers(known: pd.DataFrame) -> pd.DataFrame:
    """Add to the accessions of species that the package does not hold those of markers with the same sequence.

    The lists of markers name human, mouse and rat.

    Parameters
    ----------
    known
        `counts/features.tsv`, indexed by feature.
    """
    others = known[known["species"].notna() & ~known["species"].isin(SPECIES) & known["sequence"].notna()]
    if others.empty:
        return known
    markers = [*load_markers("blood").index, *load_markers("rrna_like").index]
    sequences = load_mature().set_index("accession")["sequence"].reindex(markers).dropna()
    accessions = known["accession"].copy()
    for feature, sequence in others["sequence"].items():
        same = [key for key, marker in sequences.items() if any(is_one(each, marker) for each in sequence.split("/"))]
        accessions[feature] = "/".join([accessions[feature], *same[:1]])
    return known.assign(accession=accessions)


def in_words(found: list[Caution]) -> str:
    """Join the cautions of a feature for a table; the source stands behind each that is not the study's own."""
    own = (COUNTS, MIRBASE)
    return "; ".join(each.text if each.source in own else f"{each.text} [{each.source}]" for each in found)
