"""Sites by gene and family, and the shift of targets by the strength of their sites."""

import numpy as np
import pandas as pd
import pytest
from made import make

from mircargo.recipient.agreement import stronger_for_8mer
from mircargo.recipient.de_repression import family_shifts
from mircargo.recipient.dose import dose_response
from mircargo.recipient.sites import Sites


def test_a_gene_has_its_best_site_and_the_sum_of_its_scores():
    rows = [
        ("x", "g1", "6mer", -0.1), ("x", "g1", "8mer", -0.4), ("x", "g1", "7mer-A1", np.nan),
        ("x", "g2", "6mer", -0.2), ("x", "g3", "other", -0.3), ("y", "g2", "7mer-m8", -0.5),
        ("y", "g1", "offset-6mer", 0.0), ("y", "absent", "8mer", -9.0), ("z", "absent", "8mer", -9.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["family", "gene", "site_type", "score"])
    found = Sites.of(table, pd.Index(["g0", "g1", "g2", "g3"]))
    assert found.families == ["x", "y"]
    assert found.best.tolist() == [[0, 0], [5, 1], [1, 4], [2, 0]]
    assert found.score == pytest.approx(np.array([[0, 0], [-0.5, 0], [-0.2, -0.5], [-0.3, 0]]))
    # A gene with weaker sites alone is neither a target nor compared.
    assert (found.targets(0).tolist(), found.pool(0).tolist()) == ([1, 3], [0])
    assert (found.targets(1).tolist(), found.pool(1).tolist()) == ([2], [0, 3])
    assert Sites.of(table.drop(columns="score"), pd.Index(["g1"])).score is None


def strengthened(seed=3):
    """Return genes of which targets of `a` fall by 0.6 for an 8mer, 0.3 for a 7mer-m8 and not for a 7mer-A1."""
    made = make(seed, shift=0, n=1500, n_targets=150)
    own = made.sites["family"] == "a"
    fall = made.sites["site_type"].map({"8mer": -0.6, "7mer-m8": -0.3, "7mer-A1": 0.0})
    made.change[made.sites.loc[own, "gene"]] += fall[own].to_numpy()
    return made, fall


def test_shift_by_type_of_site_is_that_of_its_targets_less_their_matched_genes():
    made, _ = strengthened()
    tested = family_shifts(made.compared())
    found = dose_response(tested, ["a"]).set_index("stratum")
    assert found.index.tolist() == ["8mer", "7mer-m8", "7mer-A1"]
    matched, best, left = tested.compared.matched[0], tested.compared.sites.best[:, 0], tested.left(0)
    for stratum, rank, planted in (("8mer", 5, -0.6), ("7mer-m8", 4, -0.3), ("7mer-A1", 3, 0.0)):
        rows = best[matched.targets] == rank
        expected = left[matched.targets[rows]].mean() - left[matched.neighbours[rows]].mean()
        assert found.loc[stratum, "n_targets"] == rows.sum()
        assert found.loc[stratum, "shift"] == pytest.approx(expected)
        assert found.loc[stratum, "ci_low"] < planted < found.loc[stratum, "ci_high"]
    assert stronger_for_8mer(found.reset_index()) == {"a": True}


def test_deciles_of_predicted_repression_begin_with_the_strongest():
    made, fall = strengthened()
    made.sites["score"] = fall + np.linspace(0, 0.01, len(fall))
    found = dose_response(family_shifts(made.compared()), ["a", "not there"])
    deciles = found[found["by"] == "score decile"].set_index("stratum")
    assert deciles.index.tolist() == [str(number) for number in range(1, 11)]
    assert deciles["n_targets"].tolist() == [15] * 10
    eight = (made.sites.loc[made.sites["family"] == "a", "site_type"] == "8mer").sum() // 15
    assert deciles["shift"].iloc[:eight].mean() == pytest.approx(-0.6, abs=0.12)
    assert deciles["shift"].iloc[-2:].mean() == pytest.approx(0, abs=0.12)


@pytest.mark.parametrize("sign", [1, -1], ids=["lower is stronger", "higher is stronger"])
def test_the_first_decile_is_the_strongest_whatever_the_sign_of_the_score(sign):
    genes = pd.Index([f"g{i}" for i in range(4)])
    table = pd.DataFrame({"family": "a", "gene": ["g1", "g2", "g2", "g3"], "site_type": "8mer"})
    table["score"] = sign * np.array([-0.1, -0.2, -0.3, -0.4])
    assert Sites.of(table, genes).score[:, 0] == pytest.approx([0, -0.1, -0.5, -0.4])


def test_strata_of_few_targets_are_left_out():
    made = make(1, n_targets=30)
    made.sites["score"] = -0.1
    made.sites["site_type"] = np.where(np.arange(len(made.sites)) % 30 < 4, "8mer", "7mer-m8")
    found = dose_response(family_shifts(made.compared()), ["a"])
    assert found["stratum"].tolist() == ["7mer-m8"]
    assert found["n_targets"].tolist() == [26]


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ({"8mer": -0.3, "7mer-m8": -0.2, "7mer-A1": -0.1}, {"f": True}),
        ({"8mer": -0.1, "7mer-m8": -0.2}, {"f": False}),
        ({"8mer": 0.3, "7mer-m8": -0.2}, {"f": False}),
        # 7mers: (20 x -0.4 + 60 x 0) / 80 = -0.1
        ({"8mer": -0.12, "7mer-m8": -0.4, "7mer-A1": 0.0}, {"f": True}),
        ({"8mer": -0.3, "other": -0.1}, {}),
        ({"7mer-m8": -0.3}, {}),
    ],
)
def test_stronger_for_8mer(shifts, expected):
    n = {"8mer": 10, "7mer-m8": 20, "7mer-A1": 60, "other": 10}
    rows = [("f", "site type", name, n[name], shift) for name, shift in shifts.items()]
    dose = pd.DataFrame(rows, columns=["family", "by", "stratum", "n_targets", "shift"])
    assert stronger_for_8mer(dose) == expected
