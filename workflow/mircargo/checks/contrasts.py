"""The contrasts of a study that can be fitted, each with its samples."""

from contextlib import suppress
from typing import NamedTuple

import pandas as pd

from mircargo.config import Contrast, Study
from mircargo.model.design.samples import contrast_samples
from mircargo.problems import ProblemsFound


class ContrastSamples(NamedTuple):
    """A contrast, its key in the configuration, and the rows of the sheet that it compares."""

    key: str
    contrast: Contrast
    where: str
    samples: pd.DataFrame


def contrasts_with_samples(study: Study, sheet: pd.DataFrame, where: str) -> list[ContrastSamples]:
    """Return the contrasts that have samples; what is wrong with the others, `design_problems` lists."""
    found = []
    for key, contrast in study.contrasts.items():
        place = f"{where}.contrasts.{key}"
        with suppress(ProblemsFound):
            found.append(ContrastSamples(key, contrast, place, contrast_samples(sheet, contrast, place)))
    return found
