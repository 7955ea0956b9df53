"""The same miRNA in several studies and species; names and sequences as miRBase 22.1 has them."""

import pandas as pd
import pytest

from mircargo.features.mirbase import load_hairpins, load_mature
from mircargo.meta.matching import hairpins_instead, match_features

MOUSE_HAIRPIN = "mmu-mir-21a"


def features(*names):
    mature = load_mature().rename(columns={"name": "feature"}).set_index("feature")
    hairpins = load_hairpins().rename(columns={"name": "feature"}).set_index("feature")
    known = pd.concat([mature, hairpins])
    return known[~known.index.duplicated()].reindex(list(names)).replace("", pd.NA).reset_index()


def matched(reads=None, target=None, **studies):
    tables = {study: features(*names) for study, names in studies.items()}
    counts = {study: pd.Series(100.0, table["feature"]) for study, table in tables.items()}
    for study, changed in (reads or {}).items():
        counts[study].update(pd.Series(changed, dtype=float))
    table = match_features(tables, counts, target)
    return {
        feature: (group["matched_by"].iloc[0], dict(zip(group["study"], group["study_feature"], strict=True)))
        for feature, group in table.groupby("feature", sort=False)
    }, table


def test_by_sequence_across_names_and_species():
    found, _ = matched(
        a=["mmu-miR-21a-5p", "mmu-miR-451a"],
        b=["rno-miR-451-5p", "rno-miR-21-5p"],
        c=["hsa-miR-21-5p", "hsa-miR-451a"],
    )
    assert found == {
        "mmu-miR-21a-5p": ("sequence", {"a": "mmu-miR-21a-5p", "b": "rno-miR-21-5p", "c": "hsa-miR-21-5p"}),
        "mmu-miR-451a": ("sequence", {"a": "mmu-miR-451a", "b": "rno-miR-451-5p", "c": "hsa-miR-451a"}),
    }


def test_by_family_where_the_sequence_differs():
    # miR-21-3p: the same in mouse and rat, another in human. let-7g-3p: a base more in mouse than in human and rat.
    found, _ = matched(
        a=["hsa-miR-21-3p", "hsa-let-7g-3p", "hsa-let-7b-3p"],
        b=["mmu-miR-21a-3p", "mmu-let-7g-3p"],
        c=["rno-miR-21-3p"],
    )
    assert found["hsa-miR-21-3p"] == (
        "family", {"a": "hsa-miR-21-3p", "b": "mmu-miR-21a-3p", "c": "rno-miR-21-3p"}
    )  # fmt: skip
    assert found["hsa-let-7g-3p"] == ("family", {"a": "hsa-let-7g-3p", "b": "mmu-let-7g-3p"})
    # mmu-let-7b-3p is the same as the human one; that it is not in study b does not make another one match.
    assert found["hsa-let-7b-3p"] == ("sequence", {"a": "hsa-let-7b-3p"})


@pytest.mark.parametrize(("reads", "partner"), [(100.0, None), (1000.0, "mmu-miR-135a-1-3p")])
def test_several_of_a_family_match_only_where_one_has_far_more_reads(reads, partner):
    names = {"a": ["rno-miR-135a-3p"], "b": ["mmu-miR-135a-1-3p", "mmu-miR-135a-2-3p"]}
    known = load_mature().set_index("name")["sequence"]
    assert known[[*names["a"], *names["b"]]].nunique() == 3
    found, _ = matched({"b": {"mmu-miR-135a-1-3p": reads}}, **names)
    assert found["rno-miR-135a-3p"][1].get("b") == partner


def test_of_several_features_of_one_sequence_the_one_with_most_reads_stands():
    found, table = matched(
        {"a": {"mmu-miR-199b-3p": 900}}, a=["mmu-miR-199a-3p", "mmu-miR-199b-3p"], b=["hsa-miR-199a-3p"]
    )
    assert found == {"mmu-miR-199b-3p": ("sequence", {"a": "mmu-miR-199b-3p", "b": "hsa-miR-199a-3p"})}
    assert table["note"].tolist() == ["most reads; left out: mmu-miR-199a-3p", ""]


def test_hairpins_match_hairpins_and_the_target_what_stands_for_it():
    studies = {"a": [MOUSE_HAIRPIN, "mmu-mir-155"], "b": ["mmu-miR-21a-5p", "mmu-miR-155-5p"], "c": ["mmu-mir-155"]}
    found, table = matched(target={"a": MOUSE_HAIRPIN, "b": "mmu-miR-21a-5p", "c": None}, **studies)
    assert found == {
        "mmu-miR-21a-5p": ("family", {"a": MOUSE_HAIRPIN, "b": "mmu-miR-21a-5p"}),
        "mmu-mir-155": ("accession", {"a": "mmu-mir-155", "c": "mmu-mir-155"}),
        "mmu-miR-155-5p": ("sequence", {"b": "mmu-miR-155-5p"}),
    }
    instead = hairpins_instead({study: features(*names) for study, names in studies.items()}, table)
    assert instead == {("a", "mmu-miR-155-5p"): "mmu-mir-155", ("c", "mmu-miR-155-5p"): "mmu-mir-155"}


def test_what_mirbase_does_not_have_is_like_no_other():
    found, _ = matched(a=["novel_1"], b=["novel_1"])
    assert found == {"novel_1": ("", {"a": "novel_1"}), "novel_1 (b)": ("", {"b": "novel_1"})}


def own_features(species, **sequences):
    """Return features of a species that the package does not hold, `_` in their names for a dash."""
    rows = [
        (f"{species}-{name.replace('_', '-')}", f"MIMAT99{at:05d}", species, name[-2:], "mir-21", sequence)
        for at, (name, sequence) in enumerate(sequences.items())
    ]
    return pd.DataFrame(rows, columns=["feature", "accession", "species", "arm", "family", "sequence"])


def test_a_species_of_mirbases_file_is_matched_by_sequence_and_family():
    human = features("hsa-miR-21-5p", "hsa-miR-21-3p")
    same, third = human["sequence"]
    pig = own_features("ssc", miR_21_5p=same, miR_21_3p="A" + third[1:])
    reads = {"a": pd.Series(9.0, human["feature"]), "b": pd.Series(9.0, pig["feature"])}

    def matches(sequences):
        found = match_features({"a": human, "b": pig}, reads, None, {"ssc": sequences})
        return found.groupby("feature")[["matched_by", "study"]].agg(lambda values: "+".join(dict.fromkeys(values)))

    by = matches(set(pig["sequence"]))
    assert by.loc["hsa-miR-21-5p"].tolist() == ["sequence", "a+b"]
    assert by.loc["hsa-miR-21-3p"].tolist() == ["family", "a+b"]
    # Where the pig has the human sequence too, that one is the counterpart, and the study merely lacks it.
    assert matches({*pig["sequence"], third}).loc["hsa-miR-21-3p"].tolist() == ["sequence", "a"]


def test_names_as_they_are_match_the_same_full_name_and_the_target():
    def named(*names):
        return features(*["x"] * len(names)).assign(feature=list(names))

    tables = {
        "a": features("mmu-miR-21a-5p", "mmu-miR-9-5p"),
        "b": named("dre-miR-21-5p", "dre-miR-9-5p", "miR-7-5p"),
        "c": named("dre-mir-9-5p", "miR-7-5p", "mmu-miR-9-5p"),
    }
    reads = {study: pd.Series(9.0, table["feature"]) for study, table in tables.items()}
    target = {"a": "mmu-miR-21a-5p", "b": "dre-miR-21-5p", "c": None}
    found = match_features(tables, reads, target, as_named=["b", "c"])
    together = found.groupby("feature", sort=False).agg({"study": "".join, "matched_by": "first"})
    assert together.T.to_dict("list") == {
        "mmu-miR-21a-5p": ["ab", "name"],
        "mmu-miR-9-5p": ["a", "sequence"],
        "dre-miR-9-5p": ["bc", "name"],
        "miR-7-5p": ["b", ""],
        "miR-7-5p (c)": ["c", ""],
        "mmu-miR-9-5p (c)": ["c", "name"],
    }
