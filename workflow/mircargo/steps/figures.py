"""Figures of a study: each step draws those of one contrast, of one comparison, or of all samples."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from mircargo.config import Contrast, SizeFactorChoice
from mircargo.steps.declaration import AlphaOnly, DrawingStep, Files, FittedContrast, FitThresholds, Only

if TYPE_CHECKING:
    import pandas as pd


class Plot(DrawingStep):
    """The settings of every step that draws figures of a study's samples and contrasts."""

    target: str
    species: str
    simulated: bool

    def marked(self, given: Files) -> list[str]:
        """Return the target as the study calls it, if it has it."""
        from mircargo.features.find_target import find_target
        from mircargo.io import read_result

        feature = find_target(self.target, self.species, read_result(given.features))[0]
        return [feature] if feature else []


class PlotSamples(Plot):
    """Draw all samples: principal components, correlation, what the libraries are made of, abundance, depth."""

    variables: list[str]
    references: dict[str, list[str]] = Field(default_factory=dict)
    fraction: str
    size_factors: SizeFactorChoice

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_SAMPLES, draw
        from mircargo.figures.inputs import SamplesInputs, size_factors_note
        from mircargo.figures.style import colours_of_sheet
        from mircargo.inputs.sheet import read_sheet
        from mircargo.io import read_counts, read_result

        sheet = read_sheet(given.samples)
        inputs = SamplesInputs(
            counts=read_counts(given.counts),
            normalised=read_counts(given.normalised),
            sheet=sheet,
            libraries=read_result(given.libraries),
            variables=tuple(self.variables),
            fraction=self.fraction if self.fraction in sheet else None,
            size_factors=size_factors_note(self.size_factors, self.fraction in sheet),
            target=self.marked(given),
            colours=colours_of_sheet(sheet.drop(columns="column"), self.references),
            simulated=self.simulated,
        )
        draw(made, OF_SAMPLES, inputs, self.figure_formats)


class PlotContrast(Plot):
    """Draw a contrast: fold changes, p-values, dispersions, the design, what changed, the target, its stress test."""

    name: str
    title: str | None = None
    contrast: FittedContrast
    references: dict[str, list[str]] = Field(default_factory=dict)
    thresholds: FitThresholds
    fraction: str
    blood_derived: list[str]

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_CONTRAST, draw
        from mircargo.figures.inputs import ContrastInputs, counts_of_contrast
        from mircargo.figures.style import colours_of_sheet
        from mircargo.inputs.sheet import read_sheet
        from mircargo.io import read_counts, read_json, read_result
        from mircargo.model.design.samples import contrast_samples

        sheet, facts = read_sheet(given.samples), read_json(given.facts)
        samples = contrast_samples(sheet, self.contrast, self.name)
        normalised = read_counts(given.normalised)
        of_study = normalised[list(samples.index)]
        values = counts_of_contrast(of_study, facts, read_result(given.libraries))
        inputs = ContrastInputs(
            name=self.title or facts["asked"]["place"],
            contrast=self.contrast,
            thresholds=self.thresholds,
            table=read_result(given.results),
            facts=facts,
            robustness=read_result(given.robustness),
            variants=read_result(given.variants),
            cautions=self.cautions(given, samples, values),
            values=values,
            samples=samples,
            everywhere=normalised if values is of_study else values,
            sheet=sheet,
            fraction=self.fraction if self.fraction in sheet else None,
            # Of the whole sheet, so that a group has one colour in every figure of the study.
            colours=colours_of_sheet(sheet.drop(columns="column"), self.references),
            target=self.marked(given),
            co_cargo=candidates(given.optional("co_cargo")),
            simulated=self.simulated,
        )
        draw(made, OF_CONTRAST, inputs, self.figure_formats)

    def cautions(self, given: Files, samples: "pd.DataFrame", values: "pd.DataFrame") -> dict[str, str]:
        """Return the cautions of features: of exosomes all that their co-cargo has, else what needs no sequences."""
        from mircargo.cargo.cautions import blood_derived, of_features
        from mircargo.io import read_result

        co_cargo = given.optional("co_cargo")
        if co_cargo is not None:
            return dict(read_result(co_cargo).set_index("feature")["cautions"].dropna())
        fractions = samples.get(self.fraction, [])
        blood = blood_derived(fractions) or bool(set(self.blood_derived) & set(fractions))
        return of_features(values, read_result(given.features), blood)


class PlotContrasts(Plot):
    """Draw the contrasts of a study together: what changed in which."""

    contrasts: dict[str, Annotated[Contrast, Only("title variable level reference")]]
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_CONTRASTS, draw
        from mircargo.figures.inputs import ContrastsInputs
        from mircargo.io import read_result

        inputs = ContrastsInputs(
            titles={name: contrast.title or name for name, contrast in self.contrasts.items()},
            fits=dict(zip(self.contrasts, map(read_result, given.results), strict=True)),
            stress=dict(zip(self.contrasts, map(read_result, given.robustness), strict=True)),
            alpha=self.thresholds.alpha,
            target=self.marked(given),
            simulated=self.simulated,
        )
        draw(made, OF_CONTRASTS, inputs, self.figure_formats)


def candidates(co_cargo: str | None) -> list[str]:
    """Return the features that have a tier in a table of co-cargo."""
    from mircargo.io import read_result

    if co_cargo is None:
        return []
    table = read_result(co_cargo)
    return table.loc[table["tier"].notna(), "feature"].tolist()


class PlotCoCargo(Plot):
    """Draw the co-cargo of an exosome contrast, and the evidence for each feature."""

    title: str | None = None
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_CO_CARGO, draw
        from mircargo.figures.inputs import CargoInputs
        from mircargo.io import read_json, read_result

        facts = read_json(given.facts)
        inputs = CargoInputs(
            name=self.title or facts["asked"]["place"],
            co_cargo=read_result(given.co_cargo),
            facts=facts,
            target=self.marked(given),
            alpha=self.thresholds.alpha,
            simulated=self.simulated,
        )
        draw(made, OF_CO_CARGO, inputs, self.figure_formats)


class PlotRelease(Plot):
    """Draw the exosomes' fold changes against those of their source."""

    title: str | None = None
    exosome: FittedContrast
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_COMPARISON, draw
        from mircargo.figures.inputs import ReleaseInputs
        from mircargo.io import read_json, read_result

        asked = f"{self.exosome.level} against {self.exosome.reference}"
        inputs = ReleaseInputs(
            name=self.title or f"{asked}: exosomes and their source",
            contrast=self.exosome,
            release=read_result(given.release),
            facts=read_json(given.facts),
            target=self.marked(given),
            co_cargo=candidates(given.co_cargo),
            alpha=self.thresholds.alpha,
            simulated=self.simulated,
        )
        draw(made, OF_COMPARISON, inputs, self.figure_formats)
