"""Samples made up for figures of samples, and a check of the names beside them."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def study(features: int, samples: int, seed: int = 0, prefix: str = "s") -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    names = [f"{prefix}{i}" for i in range(samples)]
    counts = pd.DataFrame(
        rng.lognormal(4, 2, (features, 1)) * rng.lognormal(0, 0.5, (features, samples)),
        index=[f"mmu-let-7{i}-5p/mmu-let-9{i}-5p" for i in range(features)],
        columns=names,
    )
    fractions = ["drg", "drg", "exosome", "exosome"]
    sheet = pd.DataFrame(
        {
            "group": [["sham", "SNI"][i % 2] for i in range(samples)],
            "fraction": [fractions[i % 4] for i in range(samples)],
        },
        index=names,
    )
    return counts, sheet


def assert_names_apart(axes: Axes) -> None:
    axes.figure.draw_without_rendering()
    rows = sorted((label.get_window_extent() for label in axes.get_yticklabels()), key=lambda box: box.y0)
    columns = sorted((label.get_window_extent() for label in axes.get_xticklabels()), key=lambda box: box.x0)
    # Boxes of text include a little white above and below the letters.
    assert all(low.y1 < high.y0 + 5 for low, high in pairwise(rows))
    assert all(left.x1 < right.x0 + 5 for left, right in pairwise(columns))
    figure = axes.figure.bbox
    assert all(figure.x0 <= box.x0 and box.x1 <= figure.x1 and figure.y0 <= box.y0 for box in [*rows, *columns])


def caption(figure: Figure) -> str:
    return " ".join(text.get_text().replace("\n", " ") for text in figure.texts)


def legend(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def names(axes: Axes, bold: bool = False) -> list[str]:
    """Return the names of the rows, or those in bold letters."""
    labels = axes.get_yticklabels()
    return [label.get_text() for label in labels if not bold or label.get_fontweight() == "bold"]


def within(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]
