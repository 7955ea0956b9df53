"""Meta-analyses of contrasts of several studies."""

from typing import Annotated, Any, ClassVar

from mircargo.config import MetaAnalysis, Model, Thresholds
from mircargo.steps.base import AlphaOnly, Files, Only, Step


class PooledStudy(Model):
    """What a meta-analysis has to know of a study."""

    species: str
    subject: str
    simulated: bool = False


class PoolStudies(Step):
    """Pool contrasts of several studies, feature by feature."""

    group: ClassVar[str] = "meta"
    prints: ClassVar[bool] = True
    name: str
    meta: MetaAnalysis
    pooled: dict[str, PooledStudy]
    target: str
    thresholds: Annotated[Thresholds, Only("alpha", "equivalence_log2_fold_change")]

    def run(self, given: Files, made: Files) -> str:
        from mircargo.features.identify import find_target
        from mircargo.io import read_json, read_result, write_table
        from mircargo.meta.analysis import analyse
        from mircargo.meta.study_table import Contribution

        known = dict(zip(self.pooled, map(read_result, given.features), strict=True))
        subjects = {
            name: subjects_of(path, study.subject)
            for (name, study), path in zip(self.pooled.items(), given.samples, strict=True)
        }
        contributions = []
        for each, table, facts in zip(self.meta.contrasts, given.differential, given.facts, strict=True):
            study, contrast = each.split(".")
            samples = read_json(facts)["samples"]
            of = subjects[study]
            units = [*samples, *(of[sample] for sample in samples if sample in of)]
            species = self.pooled[study].species
            contributions.append(Contribution(study, contrast, species, read_result(table), frozenset(units)))
        targets = {name: find_target(self.target, self.pooled[name].species, table) for name, table in known.items()}
        simulated = [name for name, study in self.pooled.items() if study.simulated]
        found = analyse(
            self.name, contributions, known, targets, self.thresholds, self.meta.heterogeneity, self.target, simulated
        )
        write_table(found.features, made.features)
        write_table(found.studies, made.studies)
        write_table(found.target, made.target)
        return f"{self.name}: {found.target['sentence'].iloc[0]}"


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
    pooled: dict[str, PooledStudy]
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
