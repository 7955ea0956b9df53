"""Classes of release by their definitions: numbers whose tests a table of the normal distribution decides."""

import pandas as pd
import pytest

from mircargo.cargo.release_classes import TEST, Limits, classify
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
