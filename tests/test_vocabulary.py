"""The field's words: what configuration types accept is what the tables of words know, and looks differ."""

from typing import get_args

import pytest
from matplotlib.colors import is_color_like
from matplotlib.markers import MarkerStyle

from mircargo import vocabulary
from mircargo.report.charts import specs


@pytest.mark.parametrize(
    ("names", "terms"),
    [
        (vocabulary.Direction, vocabulary.CHANGED),
        (vocabulary.SizeFactorMethodName, vocabulary.SIZE_FACTOR_METHODS),
        (vocabulary.TargetCallName, vocabulary.TARGET_CALLS),
    ],
)
def test_types_name_what_the_vocabulary_has_in_its_order(names, terms):
    assert list(get_args(names)) == list(terms)


def test_classes_of_release_have_one_palette_in_figure_and_chart():
    looks = [(term.colour, term.marker) for term in vocabulary.RELEASE_CLASSES.values()]
    assert len(set(looks)) == len(looks) == 7
    assert all(is_color_like(colour) and MarkerStyle(marker) for colour, marker in looks)
    scale = specs()["release"]["layer"][1]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        "selective": "#C95900", "parallel": "#00639A", "retained": "#004D38", "exosome_only": "#EDB41D",
        "source_only": "#2CA2E4", "discordant": "#46113D", "undetermined": "#E6E6E6",
    }  # fmt: skip
