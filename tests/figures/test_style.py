"""Settings of the caller return; colours stay apart."""

import colorsys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mircargo.figures import style
from mircargo.figures.placement import blank, limit


def test_settings_of_the_caller_return_and_no_figure_stays_open():
    before = plt.rcParams["font.size"]
    with style.style():
        assert plt.rcParams["font.size"] == 8 != before
        blank("x")
    assert plt.rcParams["font.size"] == before
    assert plt.get_fignums() == []


@pytest.mark.parametrize("levels", [1, 2, 7, 8, 40])
def test_every_level_has_a_colour_of_its_own(levels):
    values = pd.Series([f"level {i}" for i in range(levels)] * 2)
    colours = style.colours_of(values)
    assert list(colours) == list(dict.fromkeys(values))
    assert len(set(colours.values())) == levels


def test_up_down_and_not_significant_differ_in_grey():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return colorsys.rgb_to_yiq(red, green, blue)[0]

    grey = sorted(map(lightness, (style.UP, style.DOWN, style.NOT_SIGNIFICANT, style.TARGET)))
    assert min(np.diff(grey)) > 0.1


def test_limit_reaches_the_largest_value_unless_it_is_far_out():
    assert limit(pd.Series([1.0, -4.0, 2.0, 3.0]), 1.0) == 4.0
    assert limit(pd.Series([1.0, 2.0, 2.0, -90.0]), 1.0) == 6.0
    assert limit(pd.Series([np.inf, np.nan]), 2.0) == 2.0


def test_columns_of_a_sheet_do_not_share_colours_while_there_are_enough():
    sheet = pd.DataFrame({"group": list("aabb"), "id": list("wxyx"), "batch": list("1212"), "many": list("abcd")})
    colours = style.colours_of_sheet(sheet, {})
    assert not set(colours["group"].values()) & set(colours["id"].values())
    assert list(colours["many"]) == list("abcd")
    assert len(set(colours["many"].values())) == 4
