"""The shift of targets against their matched genes, on a table of a dozen genes that is reckoned by hand."""

import numpy as np
import pandas as pd
import pytest
from made import DOZEN, dozen, make
from scipy.stats import median_abs_deviation

from mircargo.recipient.matching import FEWEST_GENES
from mircargo.recipient.response import respond


def test_shift_weights_and_variance_by_hand():
    compared = dozen()
    found = compared.difference(0, DOZEN)
    # Shares 1/4, 1/2, 1/4: targets -0.25 - 0.2 + 0.05 = -0.4; controls 0.0125 + 0.1125 - 0.075 + 0.05 = 0.1.
    assert found.shift == pytest.approx(-0.5)
    assert found.n == pytest.approx(8 / 3)
    # Targets: (0.36 + 0.36) / 16, times n / (n - 1) = 1.6. Controls: 9/64 x 0.04 + 9/64 x 0.09 + 1/64 x 0.09.
    assert found.variance == pytest.approx(0.072 + 0.0196875)
    expected = [0.25, 0.5, 0.25, -0.125, -0.375, -0.375, -0.125, 0, 0, 0, 0, 0]
    assert compared.weights(0) == pytest.approx(expected)
    assert compared.weights(0) @ DOZEN == pytest.approx(-0.5)


def test_shift_of_some_targets_is_against_the_genes_matched_to_these():
    chosen = np.array([True, False, True])
    found = dozen().difference(0, DOZEN, chosen)
    # Targets 0 and 2: -0.4; their genes (0.1 + 0.3 - 0.2 + 0.4) / 4 = 0.15.
    assert found.shift == pytest.approx(-0.55)


def test_what_few_targets_of_each_type_explain_is_the_shift_of_all():
    assert dozen().explained(0, DOZEN).tolist() == pytest.approx([-0.5] * 3 + [0.0] * 9)


def test_what_many_targets_of_each_type_explain_is_the_shift_of_their_type():
    compared = make(1, n_targets=90).compared()
    matched, best = compared.matched[0], compared.sites.best[:, 0]
    change = compared.response.change
    explained = compared.explained(0, change)
    for rank in (3, 4, 5):
        rows = best[matched.targets] == rank
        assert rows.sum() >= FEWEST_GENES
        expected = change[matched.targets[rows]].mean() - change[matched.neighbours[rows]].mean()
        assert explained[best == rank] == pytest.approx(expected)
    assert not explained[best == 0].any()


def test_families_with_few_targets_or_few_other_genes_are_not_matched():
    made = make(1)
    few = pd.DataFrame({"family": "few", "gene": made.change.index[: FEWEST_GENES - 1], "site_type": "8mer"})
    weak = pd.DataFrame({"family": "weak", "gene": made.change.index, "site_type": "6mer"})
    weak.loc[:20, "site_type"] = "8mer"
    made.sites = pd.concat([made.sites, few, weak])
    compared = made.compared()
    names = [compared.sites.families[family] for family in compared.matched]
    assert names == list("abcdef")


def test_a_gene_far_out_counts_as_four_spreads():
    rng = np.random.default_rng(2)
    change = pd.Series(rng.normal(0, 0.3, 400))
    change[7] = 60
    found = respond(change, pd.DataFrame({"gc": np.full(400, 0.5)}))
    spread = 1.4826 * median_abs_deviation(change)
    assert found.change[7] == pytest.approx(4 * spread)
    assert found.change[:7] == pytest.approx(change[:7] - change.median())
    assert found.precision == pytest.approx(np.full(400, spread**-2))


def test_genes_that_scatter_more_weigh_less():
    rng = np.random.default_rng(2)
    expression = pd.Series(np.exp2(rng.uniform(2, 12, 3000)))
    size = 1.2 - 0.08 * np.log2(expression)
    found = respond(pd.Series(rng.normal(0, size)), pd.DataFrame({"expression": expression}))
    inner = expression.between(2**3, 2**11)
    ratio = found.precision[inner] ** -0.5 / size[inner]
    assert ratio.median() == pytest.approx(1, abs=0.03)
    assert ratio.between(0.85, 1.15).all()
