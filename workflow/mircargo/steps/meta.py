"""Meta-analyses of contrasts of several studies."""

from typing import Annotated, Any, ClassVar

from mircargo.config import MetaAnalysis, Model, Thresholds
from mircargo.steps.base import AlphaOnly, Files, Only, Step


class StudySettings(Model):
    """What pooling has to know of a study."""

    species: str
    subject: str
    simulated: bool


class PoolStudies(Step):
    """Pool contrasts of several studies, feature by feature."""

    group: ClassVar[str] = "meta"
    prints: ClassVar[bool] = True
    name: str
    meta: MetaAnalysis
    pooled: dict[str, StudySettings]
    target: str
    thresholds: Annotated[Thresholds, Only("alpha", "equivalence_log2_fold_change")]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.features.identify import find_target
        from mircargo.io import read_json, read_result, write_table
        from mircargo.meta.analysis import analyse
        from mircargo.meta.study_table import Contribution, PooledStudy

        studies, subjects = {}, {}
        for (name, study), features, sheet in zip(self.pooled.items(), given.features, given.samples, strict=True):
            known = read_result(features)
            target = find_target(self.target, study.species, known)
            studies[name] = PooledStudy(known, *target, study.simulated)
            subjects[name] = subjects_of(sheet, study.subject)
        contributions = []
        for each, table, facts in zip(self.meta.contrasts, given.differential, given.facts, strict=True):
            name, contrast = each.split(".")
            samples = read_json(facts)["samples"]
            units = frozenset([*samples, *(subjects[name][sample] for sample in samples if sample in subjects[name])])
            contributions.append(Contribution(name, contrast, self.pooled[name].species, read_result(table), units))
        pooled = analyse(self.name, contributions, studies, self.thresholds, self.meta.heterogeneity, self.target)
        write_table(pooled.features, made.features)
        write_table(pooled.studies, made.studies)
        write_table(pooled.target, made.target)
        return f"{self.name}: {pooled.target['sentence'].iloc[0]}"


def subjects_of(samples: str, column: str) -> dict[str, str]:
    """Return the subject of each sample of a sheet; none where the sheet has no such column."""
    from mircargo.inputs.sheet import read_sheet

    sheet = read_sheet(samples)
    subjects = sheet[column].dropna() if column in sheet else {}
    return {str(sample): f"{column} {subject}" for sample, subject in subjects.items()}


class PlotMeta(Step):
    """Draw a meta-analysis: the target in every contrast, and the features that agree best."""

    group: ClassVar[str] = "meta"
    name: str
    meta: MetaAnalysis
    pooled: dict[str, StudySettings]
    thresholds: AlphaOnly

    def run(self, given: Files, made: Files) -> None:
        from pathlib import Path

        from mircargo.figures import forest
        from mircargo.figures.style import save
        from mircargo.io import read_result

        pooled, contrasts = read_result(given.features), read_result(given.studies)
        row = read_result(given.target).iloc[0]
        feature = row["feature"] if isinstance(row["feature"], str) else None
        words: dict[str, Any] = {
            "title": self.meta.title,
            "simulated": any(study.simulated for study in self.pooled.values()),
        }
        table = forest.tabulate(pooled, contrasts, feature, self.thresholds.alpha)
        save(forest.plot(table, sentence=row["sentence"], **words), Path(made.forest).with_suffix(""), table)
        top = forest.tabulate_top(pooled, contrasts, feature)
        save(forest.plot_top(top, **words), Path(made.features).with_suffix(""), top)
