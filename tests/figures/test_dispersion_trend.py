"""Dispersions and their trend: what keeps its own, and what lies below the axis."""

import numpy as np
import pandas as pd
from made_samples import caption, within

from mircargo.figures import dispersion_trend as dispersion


def dispersions() -> pd.DataFrame:
    """Return a feature drawn up, one drawn down, one far above, one with next to none, one that was not fitted."""
    return pd.DataFrame(
        {
            "feature": ["mmu-miR-1", "mmu-miR-21a-5p", "mmu-miR-3", "mmu-miR-4", "mmu-miR-5"],
            "baseMean": [10.0, 1000.0, 50.0, 5.0, 0.1],
            "dispersion_gene_wise": [0.1, 0.9, 8.0, 1e-8, np.nan],
            "dispersion_trend": [0.4, 0.2, 0.3, 0.5, np.nan],
            "dispersion": [0.3, 0.4, 8.0, 0.2, np.nan],
        }
    )


def test_what_is_far_above_the_trend_keeps_its_own_dispersion():
    table = dispersion.tabulate(dispersions(), ["mmu-miR-21a-5p"])
    assert table["feature"].tolist() == ["mmu-miR-1", "mmu-miR-21a-5p", "mmu-miR-3", "mmu-miR-4"]
    assert table["kept"].tolist() == [False, False, True, False]
    assert table["role"].tolist() == ["none", "target", "none", "none"]


def test_dispersions_below_the_axis_are_drawn_at_its_rim_and_the_target_is_named():
    figure = dispersion.plot(dispersion.tabulate(dispersions(), ["mmu-miR-21a-5p"]))
    axes = figure.axes[0]
    low, _ = axes.get_ylim()
    drawn = np.concatenate([each.get_offsets() for each in axes.collections if len(each.get_offsets())])
    assert (drawn[:, 1] > low).all()
    assert within(axes) == ["miR-21a-5p"]
    assert "1 below the axis" in caption(figure)
    assert "Ringed" in caption(figure)
