"""Meta-analyses of contrasts of several studies."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from mircargo.config import MetaAnalysis, Model, SizeFactorChoice, Thresholds
from mircargo.steps.declaration import AlphaOnly, DrawingStep, Files, FittedContrast, FitThresholds, Only, Step
from mircargo.vocabulary import FIGURE_FORMATS, SPECIES, FigureFormat

if TYPE_CHECKING:
    from mircargo.meta.analysis import Analysis
    from mircargo.meta.study_table import Contribution


class StudySettings(Model):
    """What pooling has to know of a study."""

    species: str
    subject: str
    simulated: bool


class HalvedStudy(Model):
    """What fitting the halves of a contrast has to know of its study."""

    contrasts: dict[str, FittedContrast]
    numeric: list[str]
    size_factors: SizeFactorChoice
    fraction: str
    subject: str
    thresholds: FitThresholds


class AcrossStudies(Step):
    """The settings of the steps that read the contrasts of a meta-analysis."""

    group: ClassVar[str] = "meta"
    prints: ClassVar[bool] = True
    name: str
    meta: MetaAnalysis
    pooled: dict[str, StudySettings]
    titles: dict[str, str] = Field(default_factory=dict)
    target: str
    thresholds: Annotated[Thresholds, Only("alpha equivalence_log2_fold_change")]

    def analyse(self, given: Files) -> "tuple[Analysis, list[Contribution]]":
        """Read the contrasts, and pool them."""
        from mircargo.features.find_target import find_target
        from mircargo.io import read_json, read_result
        from mircargo.meta.analysis import analyse
        from mircargo.meta.study_table import Contribution, PooledStudy

        by_file = {study.species for study in self.pooled.values() if study.species not in SPECIES}
        sequences = sequences_of(given.mirbase, by_file)
        studies, subjects = {}, {}
        for (name, study), features, sheet in zip(self.pooled.items(), given.features, given.samples, strict=True):
            known = read_result(features)
            target = find_target(self.target, study.species, known)
            own = sequences.get(study.species, frozenset())
            studies[name] = PooledStudy(known, *target, study.simulated, own)
            subjects[name] = subjects_of(sheet, study.subject)
        contributions = []
        for (name, contrast), table, facts in zip(self.meta.named, given.differential, given.facts, strict=True):
            samples = read_json(facts)["samples"]
            units = frozenset([*samples, *(subjects[name][sample] for sample in samples if sample in subjects[name])])
            title = self.titles.get(f"{name}.{contrast}")
            species = self.pooled[name].species
            contributions.append(Contribution(name, contrast, species, read_result(table), units, title))
        pooled = analyse(self.name, contributions, studies, self.thresholds, self.meta.heterogeneity, self.target)
        return pooled, contributions


class PoolStudies(AcrossStudies):
    """Pool contrasts of several studies, feature by feature."""

    study_titles: dict[str, str]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.io import read_json, write_json, write_table

        pooled, _ = self.analyse(given)
        write_table(pooled.features, made.features)
        write_table(pooled.studies, made.studies)
        write_table(pooled.target, made.target)
        write_json(self.facts([read_json(facts) for facts in given.facts]), made.facts)
        return f"{self.name}: {pooled.target['sentence'].iloc[0]}"

    def facts(self, fits: list[dict[str, Any]]) -> dict[str, Any]:
        """Say what was pooled and how, as its report needs it; `fits` are the facts of the contrasts' fits."""
        from mircargo.results.provenance import describe

        contrasts = [
            {
                "study": study,
                "study_title": self.study_titles[study],
                "contrast": contrast,
                "title": self.titles.get(f"{study}.{contrast}"),
                "species": self.pooled[study].species,
                "simulated": self.pooled[study].simulated,
                "place": fit.get("asked", {}).get("place"),
                "term": fit.get("asked", {}).get("term", "difference"),
                "groups": fit["groups"],
            }
            for (study, contrast), fit in zip(self.meta.named, fits, strict=True)
        ]
        made_with = {key: value for key, value in describe({}, []).items() if key in ("finished", "python", "versions")}
        return made_with | {
            "title": self.meta.title,
            "target": self.target,
            "heterogeneity": self.meta.heterogeneity,
            "thresholds": self.thresholds.model_dump(include={"alpha", "equivalence_log2_fold_change"}),
            "contrasts": contrasts,
        }


class ReplicateCalls(AcrossStudies):
    """Say how many calls of each contrast repeat in the others, or in its other half, and how many were expected to."""

    halved: dict[str, HalvedStudy] = Field(default_factory=dict)  # of the studies whose contrasts are halved

    def run(self, given: Files, made: Files) -> str:
        import pandas as pd

        from mircargo.io import write_table
        from mircargo.meta.replication import ALL, replication

        pooled, contributions = self.analyse(given)
        table = replication(contributions, pooled.studies, self.thresholds.alpha)
        if self.halved:
            table = pd.concat([table, pd.DataFrame(self._of_halves(given), columns=table.columns)], ignore_index=True)
        write_table(table, made.replication)
        return "\n".join(f"{self.name}: {text}" for text in table.loc[table["direction"] == ALL, "sentence"])

    def _of_halves(self, given: Files) -> list[dict[str, object]]:
        from mircargo.analysis import Question, StudyData
        from mircargo.inputs.sheet import read_sheet
        from mircargo.io import read_counts
        from mircargo.meta.halves import replication_of_halves

        spike_ins = {Path(path).parts[-3]: read_counts(path) for path in given.spike_ins}
        data = {
            name: StudyData(
                read_counts(counts),
                read_sheet(sheet),
                size_factors=study.size_factors,
                fraction=study.fraction,
                numeric=study.numeric,
                spike_ins=spike_ins.get(name),
            )
            for (name, study), counts, sheet in zip(self.halved.items(), given.counts, given.samples, strict=True)
        }
        rows: list[dict[str, object]] = []
        for name, contrast in self.meta.named:
            study = self.halved[name]
            question = Question(data[name], contrast, study.contrasts[contrast], study.thresholds)
            rows += replication_of_halves(question, name, self.meta.halves or "", study.subject)
        return rows


def sequences_of(files: list[str], species: set[str]) -> dict[str, frozenset[str]]:
    """Return the mature sequences of species that the package does not hold, of all files of miRBase that have them."""
    from mircargo.inputs.mature_fasta import read_all

    found: dict[str, set[str]] = {letters: set() for letters in species}
    for entry in (entry for file in files for entry in read_all(file)):
        if entry.species in species:
            found[entry.species].add(entry.sequence.replace("T", "U"))
    return {letters: frozenset(sequences) for letters, sequences in found.items()}


def subjects_of(samples: str, column: str) -> dict[str, str]:
    """Return the subject of each sample of a sheet; none where the sheet has no such column."""
    from mircargo.inputs.sheet import read_sheet

    sheet = read_sheet(samples)
    subjects = sheet[column].dropna() if column in sheet else {}
    return {str(sample): f"{column} {subject}" for sample, subject in subjects.items()}


class PlotMeta(DrawingStep):
    """Draw a meta-analysis: the target in every contrast, and the features that agree best."""

    group: ClassVar[str] = "meta"
    meta: MetaAnalysis
    pooled: dict[str, StudySettings]
    titles: dict[str, str] = Field(default_factory=dict)
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from mircargo.figures.catalogue import OF_META, draw
        from mircargo.figures.inputs import MetaInputs
        from mircargo.io import read_result

        found = read_result(given.target).iloc[0]
        inputs = MetaInputs(
            title=self.meta.title,
            pooled=read_result(given.features),
            contrasts=read_result(given.studies),
            feature=found["feature"] if isinstance(found["feature"], str) else None,
            sentence=found["sentence"],
            titles=self.titles,
            alpha=self.thresholds.alpha,
            simulated=any(study.simulated for study in self.pooled.values()),
        )
        draw(made, OF_META, inputs, self.figure_formats)


class WriteMetaReport(Step):
    """Write the report of a meta-analysis: one HTML file that opens without a network."""

    needs: ClassVar[Literal["exports"]] = "exports"
    group: ClassVar[str] = "meta"
    name: str
    # The page holds their files, of which the rule names the .svg. That may be the same in all formats, and Snakemake
    # does not run a rule again whose inputs have the content that they had.
    figure_formats: list[FigureFormat] = FIGURE_FORMATS

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import write_text
        from mircargo.report.meta_page import build_meta

        write_text(build_meta(self.name, Path(given.target).parent), made.report)


class WriteIndex(Step):
    """Write the page that leads to the reports of a run of several studies."""

    needs: ClassVar[Literal["exports"]] = "exports"
    group: ClassVar[str] = "index"
    study_names: list[str]
    meta_names: list[str] = Field(default_factory=list)

    def run(self, given: Files, made: Files) -> None:
        from mircargo.io import write_text
        from mircargo.report.index_page import build_index

        write_text(build_index(self.study_names, self.meta_names, Path(made.index).parent), made.index)
