"""Classes of release by their definitions: numbers whose tests a table of the normal distribution decides."""

import numpy as np
import pandas as pd
import pytest

from factories import fitted, groups
from mircargo.cargo.release_classes import TEST, Limits, classify, limits_of
from mircargo.config import Thresholds
from mircargo.model.engines.by_fraction import Release
from mircargo.results.contract import RELEASE_TABLE

THRESHOLDS = Thresholds(equivalence_log2_fold_change=0.5)
# exosome (fold, padj), source (fold, padj), release (fold, se, padj), class
CLASSES = [
    ((2, 0.01), (0.1, 0.9), (1.9, 0.3, 0.01), "selective"),
    ((-2, 0.01), (-0.5, 0.01), (-1.5, 0.3, 0.01), "selective"),
    # A fourth of 0.05 is 0.0125.
    ((2, 0.0124), (0.1, 0.9), (1.9, 0.3, 0.049), "selective"),
    ((2, 0.0126), (0.1, 0.9), (1.9, 0.3, 0.049), "undetermined"),
    ((0.1, 0.9), (2, 0.01), (-1.9, 0.3, 0.01), "retained"),
    ((1, 0.01), (3, 0.01), (-2, 0.3, 0.01), "retained"),
    ((2, 0.01), (2, 0.01), (0.0, 0.1, 0.9), "parallel"),
    ((2, 0.01), (2, 0.01), (0.0, 0.9, 0.9), "undetermined"),
    ((2, 0.01), (-2, 0.01), (4, 0.3, 0.01), "discordant"),
    ((2, 0.01), None, (2, 0.3, 0.2), "exosome_only"),
    (None, (2, 0.01), (-2, 0.3, 0.2), "source_only"),
    ((2, 0.2), (2, 0.01), (0, 0.1, 0.9), "undetermined"),
    ((2, 0.2), (2, 0.2), (0, 0.1, 0.9), "undetermined"),
    (None, None, (0, 0.1, 0.9), None),
]


def table(rows) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "feature": f"f{i}",
                "log2FoldChange": values[0] if values else None,
                "lfcSE": (values[1] if len(values) == 3 else 0.2) if values else None,
                "pvalue": values[-1] if values else None,
                "padj": values[-1] if values else None,
                "status": "tested" if values else "low_count",
            }
            for i, values in enumerate(rows)
        ]
    )


def described(dispersions: str, results: pd.DataFrame | None = None) -> Release:
    columns = [*TEST, *(name for name in RELEASE_TABLE.columns if name.startswith("enrichment_"))]
    found = pd.DataFrame() if results is None else results
    return Release(found.reindex(columns=columns), {"dispersions": dispersions})


def test_the_better_dispersions_decide_and_both_are_shown():
    apart = table([(0.3, 0.9, 0.7)]).set_index("feature").drop(columns="status")
    rise, still, sure = table([(2, 0.01)]), table([(0.1, 0.9)]), table([(1.9, 0.3, 0.01)])
    found = classify(rise, still, sure, described("by_fraction", apart), THRESHOLDS).loc[0]
    assert (found["class"], found["release_padj"], found["by_fraction_padj"]) == ("undetermined", 0.01, 0.7)
    assert classify(rise, still, sure, described("common", apart), THRESHOLDS).loc[0, "class"] == "selective"


def test_release_classes_from_their_definitions():
    exosome, source, release, expected = zip(*CLASSES, strict=True)
    shuffled = table(source).sample(frac=1, random_state=1)
    found = classify(table(exosome), shuffled, table(release), described("common"), THRESHOLDS, limits(0.049))
    assert [None if pd.isna(name) else name for name in found["class"]] == list(expected)


def limits(chance: float, explained: tuple[str, ...] = ()) -> Limits:
    """Chances of no read for the rows of `CLASSES` that one fraction alone has reads of."""
    one_alone = {"exosome": {"f10": chance}, "source": {"f9": chance}}
    return Limits(pd.DataFrame(one_alone).reindex([f"f{i}" for i in range(len(CLASSES))]), pd.Index(explained))


@pytest.mark.parametrize("chances", [limits(0.05), limits(0.9), None])
def test_what_is_not_seen_is_not_said_to_be_absent_where_depth_may_be_the_reason(chances):
    exosome, source, release, _ = zip(*CLASSES, strict=True)
    found = classify(table(exosome), table(source), table(release), described("common"), THRESHOLDS, chances)
    assert found.set_index("feature")["class"][["f9", "f10"]].tolist() == ["undetermined"] * 2


def test_what_blood_or_depth_may_have_changed_in_exosomes_has_no_class():
    exosome, source, release, expected = zip(*CLASSES, strict=True)
    every = limits(0.01, tuple(f"f{i}" for i in range(len(CLASSES))))
    found = classify(table(exosome), table(source), table(release), described("common"), THRESHOLDS, every)
    # f4 and f10 changed in the source alone.
    left = {"f4": "retained", "f10": "source_only"}
    assert found.set_index("feature")["class"].dropna().to_dict() == {
        f"f{i}": left.get(f"f{i}", "undetermined") for i in range(len(CLASSES)) if expected[i]
    }


@pytest.mark.parametrize(
    ("changed", "other", "gap", "selective", "retained"),
    [
        # An opposite change beyond 0.5 is excluded at 0.05 where the change + 0.5 > 1.645 se; se is 0.2.
        (2, -0.17, 2.17, "selective", "retained"),
        (2, -0.172, 2.172, "undetermined", "undetermined"),
        (-2, 0.17, -2.17, "selective", "retained"),
        (-2, 0.172, -2.172, "undetermined", "undetermined"),
        # The same way is no opposite.
        (2, 0.9, 1.1, "selective", "retained"),
    ],
)
def test_what_may_change_the_opposite_way_in_the_other_fraction_has_no_class(changed, other, gap, selective, retained):
    one, two = table([(changed, 0.01)]), table([(other, 0.3)])
    for exosome, source, sign, expected in ((one, two, 1, selective), (two, one, -1, retained)):
        release = table([(sign * gap, 0.2, 0.01)])
        found = classify(exosome, source, release, described("common"), THRESHOLDS)
        assert found["class"].tolist() == [expected]


def test_limits_are_the_depth_of_both_fractions_and_what_blood_may_have_changed():
    """Of 100 reads a feature, blood's rise 4-fold in the exosomes of the injured; two features are in one fraction."""
    exosomes = groups(4, 4)
    inside = [f"drg{i}" for i in range(4)]
    markers = {"mmu-miR-451a": "MIMAT0001632", "mmu-miR-16-5p": "MIMAT0000527", "hsa-miR-16-5p": "MIMAT0000069"}
    names = [*markers, "lost", "gone", *(f"f{i}" for i in range(77))]
    counts = pd.DataFrame(100, index=names, columns=[*exosomes.index, *inside])
    # Animals differ by 5% one way or the other, so that there is a variance to test against.
    counts += np.where(np.arange(len(names))[:, None] % 2 == np.arange(12) % 2, 5, -5)
    counts.loc[list(markers)[:2], exosomes.index[4:]] *= 4
    counts.loc["hsa-miR-16-5p", exosomes.index[4:]] //= 4
    counts.loc["lost", exosomes.index], counts.loc["lost", inside] = 0, 1
    counts.loc["gone", inside], counts.loc["gone", exosomes.index] = 0, 1
    status = pd.Series("tested", index=names)
    status["hsa-miR-16-5p"], status["lost"] = "low_count", "all_zero"
    trends = np.where(np.arange(len(names)) == 9, 1.0, 0.01)
    results = {"exosome": fitted(names, status=status.tolist(), dispersion_trend=trends),
               "source": fitted(names, dispersion_trend=trends * 2)}  # fmt: skip
    factors = pd.Series(1.0, index=counts.columns) * np.where(counts.columns.isin(inside), 2.0, 1.0)
    found = limits_of(counts, factors, exosomes, results, pd.Series(markers), 0.05)
    # The human miR-16-5p falls, so that blood would be no explanation; but it has too few reads for a fit.
    # Beside blood nothing that was fitted is called.
    assert set(found.explained) == {*names} - {"hsa-miR-16-5p", "lost"}
    # As enriched as the others: twice the 0.5 of the source in 8 libraries, dispersion 1; and half of 1, times 2, in 4
    # libraries, dispersion 2: (1 + 1 * 1)**-(8 / 1), (1 + 2 * 1)**-(4 / 2).
    unseen = found.unseen.loc[["lost", "gone"]]
    assert unseen.at["lost", "exosome"] == pytest.approx(2.0**-8, rel=0.2)
    assert unseen.at["gone", "source"] == pytest.approx(3.0**-2, rel=0.1)
    assert found.unseen.notna().sum().tolist() == [1, 1]
