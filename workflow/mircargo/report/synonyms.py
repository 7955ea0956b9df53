"""Every name by which a feature can be looked for: those it had in older releases, its hairpins', its accession."""

from collections.abc import Iterable

import pandas as pd

from mircargo.features.mirbase import load_hairpins, load_mature, load_names


def synonyms(features: pd.DataFrame) -> dict[str, list[str]]:
    """Return the other names of each feature.

    Parameters
    ----------
    features
        `counts/features.tsv`: one row a feature, with `feature` and `accession` (MIMAT of a mature, MI of a hairpin,
        or missing).

    Returns
    -------
    dict
        Feature to its names but its own, sorted: accession, names in every release of miRBase, and for a mature its
        hairpins, for a hairpin what its matures are and were called. A feature without an accession has none.
    """
    matures = load_mature()
    hairpins = load_hairpins()
    accession_of = dict(zip(hairpins["name"], hairpins["accession"], strict=True))
    former: dict[str, list[str]] = {}
    for accession, name in load_names()[["accession", "name"]].itertuples(index=False):
        former.setdefault(accession, []).append(name)
    found: dict[str, set[str]] = {}
    for accession, name, own in matures[["accession", "name", "hairpins"]].itertuples(index=False):
        all_names = {name, *former.get(accession, [])}
        found.setdefault(accession, set()).update(all_names)
        for hairpin in filter(None, own.split(";")):
            found[accession].add(hairpin)
            found.setdefault(accession_of.get(hairpin, hairpin), {hairpin}).update(all_names)
    return {
        feature: _others(feature, accession, found.get(accession, former.get(accession, ())))
        for feature, accession in features[["feature", "accession"]].fillna("").itertuples(index=False)
    }


def _others(feature: str, accession: str, names: Iterable[str]) -> list[str]:
    return sorted({accession, *names} - {feature, ""})
