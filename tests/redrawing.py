"""The figures of a run, drawn again from its results by the steps that drew them, and kept as drawings."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pandas as pd
from matplotlib.figure import Figure

from mircargo import steps
from mircargo.figures import writing
from mircargo.figures.catalogue import MODULES
from mircargo.results import contract
from mircargo.results.reader import StudyResults
from mircargo.snakemake.settings import Job, settings_of
from mircargo.steps.declaration import Files, Step
from project import ROOT
from stepping import drawn_files

Drawing = tuple[str, Figure, pd.DataFrame]


class Wildcards(SimpleNamespace):
    def items(self) -> Any:
        return vars(self).items()


def figures_of_study(folder: Path, root: Path = ROOT) -> Iterator[Drawing]:
    """Draw every figure of a study that was run in `root`: the name of its files, the figure, the data drawn."""
    results = StudyResults(folder.name, folder)
    study = results.study
    files = {"samples": str(root / study.samples)}
    files |= _files(folder, features=contract.FEATURE_TABLE, counts=contract.RAW_COUNTS)
    files |= _files(folder, normalised=contract.NORMALISED, libraries=contract.LIBRARIES)
    yield from _drawn(steps.PlotSamples, results, files, {})
    for name in study.contrasts:
        of = {"contrast": name}
        own = _files(folder, of, results=contract.FIT, facts=contract.FIT_FACTS)
        own |= _files(folder, of, robustness=contract.STRESS, variants=contract.STRESS_VARIANTS)
        co_cargo = _files(folder, of, co_cargo=contract.CO_CARGO_OF_CONTRAST)
        of_exosomes = name in study.exosome_contrasts()
        own |= co_cargo if of_exosomes else {"co_cargo": []}
        yield from _drawn(steps.PlotContrast, results, files | own, of)
        if of_exosomes:
            yield from _drawn(steps.PlotCoCargo, results, files | own, of)
    if len(study.contrasts) > 1:
        every = [_files(folder, {"contrast": name}, results=contract.FIT, robustness=contract.STRESS)
                 for name in study.contrasts]  # fmt: skip
        own = {key: [each[key] for each in every] for key in ("results", "robustness")}
        yield from _drawn(steps.PlotContrasts, results, files | own, {})
    for name, comparison in study.comparisons.items():
        of = {"comparison": name}
        own = _files(folder, of, release=contract.RELEASE_TABLE, facts=contract.RELEASE_FACTS)
        own |= _files(folder, {"contrast": comparison.exosome}, co_cargo=contract.CO_CARGO_OF_CONTRAST)
        yield from _drawn(steps.PlotRelease, results, files | own, of)


def _files(folder: Path, of: dict[str, str] | None = None, **files: contract.Result) -> dict[str, Any]:
    return {name: str(file.within(folder, **(of or {}))) for name, file in files.items()}


def _drawn(step: type[Step], results: StudyResults, files: dict[str, Any], of: dict[str, str]) -> list[Drawing]:
    settings = settings_of(step, Job(results.config, Wildcards(study=results.name, **of)))
    found: list[Drawing] = []
    with mock.patch.object(writing, "save", lambda figure, stem, table, _: found.append((stem.name, figure, table))):
        made = Files(drawn_files(Path("not_written"), MODULES, "".join(of.values())))
        step.model_validate(settings).run(Files(files), made)
    return found
