"""Figures of a study: each step draws those of one contrast, of one comparison, or of all samples."""

from pathlib import Path
from typing import ClassVar, Literal

from mircargo.config import SizeFactorChoice
from mircargo.steps.base import AlphaOnly, AskedContrast, Files, FitThresholds, Step


class Plot(Step):
    """What every step that draws is told."""

    needs: ClassVar[Literal["figures"]] = "figures"
    target: str
    species: str
    simulated: bool


class PlotSamples(Plot):
    """Draw all samples: principal components, correlation, what the libraries are made of."""

    variables: list[str]
    fraction: str
    size_factors: SizeFactorChoice

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.figures import plot_samples

        plot_samples.callback(
            counts=given.counts, normalised=given.normalised, features=given.features, samples=given.samples,
            variables=self.variables, fraction=self.fraction, choice=self.size_factors, target=self.target,
            species=self.species, simulated=self.simulated, folder=Path(made.pca).parent,
        )  # fmt: skip


class PlotContrast(Plot):
    """Draw a contrast: fold changes, p-values, dispersions, the design, what changed, the target, its stress test."""

    name: str
    contrast: AskedContrast
    thresholds: FitThresholds

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.figures import plot_contrast

        plot_contrast.callback(
            name=self.name, contrast=self.contrast, results=given.results, facts=given.facts,
            variants=given.variants, normalised=given.normalised, libraries=given.libraries, features=given.features,
            samples=given.samples, co_cargo=given.optional("co_cargo"), thresholds=self.thresholds,
            target=self.target, species=self.species, simulated=self.simulated, folder=Path(made.volcano).parent,
        )  # fmt: skip


class PlotCoCargo(Plot):
    """Draw the co-cargo of an exosome contrast, and the evidence for each feature."""

    name: str
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.figures import plot_co_cargo

        plot_co_cargo.callback(
            name=self.name, co_cargo=given.co_cargo, facts=given.facts, features=given.features,
            thresholds=self.thresholds, target=self.target, species=self.species, simulated=self.simulated,
            folder=Path(made.co_cargo).parent,
        )  # fmt: skip


class PlotRelease(Plot):
    """Draw the exosomes' fold changes against those of their source."""

    name: str
    exosome: AskedContrast

    def run(self, given: Files, made: Files) -> None:
        from mircargo.cli.figures import plot_release

        plot_release.callback(
            name=self.name, contrast=self.exosome, release=given.release, facts=given.facts,
            features=given.features, co_cargo=given.co_cargo, target=self.target, species=self.species,
            simulated=self.simulated, folder=Path(made.release).parent,
        )  # fmt: skip
