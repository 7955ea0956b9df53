"""What each rule of the workflow does, and on which settings it depends.

A module has the steps of the rule file of its name. A rule hands its step one JSON text of settings and one of files:
`mircargo step NAME SETTINGS FILES`.
"""

from mircargo.steps.cargo import (
    CallTarget,
    CompareExpectations,
    FindCoCargo,
    FitRelease,
    GatherCoCargo,
    ListForQpcr,
    PermuteLabels,
    StressRelease,
)
from mircargo.steps.counts import FetchTable, ImportCounts, NoteWarnings
from mircargo.steps.declaration import Step
from mircargo.steps.differential import FitContrast, StressContrast, SummariseContrasts
from mircargo.steps.export import DescribeCrate, ExportForMultiqc, ExportResults
from mircargo.steps.figures import PlotCoCargo, PlotContrast, PlotContrasts, PlotRelease, PlotSamples
from mircargo.steps.meta import PlotMeta, PoolStudies, ReplicateCalls, WriteIndex, WriteMetaReport
from mircargo.steps.next_experiment import PlanNextExperiment, PlotNextExperiment
from mircargo.steps.quality import AssessQuality
from mircargo.steps.recipient import CompareTargets, FitRecipient, ImportRecipient, PlotRecipient, StressRecipient
from mircargo.steps.report import WriteProvenance, WriteReport

STEPS: dict[str, type[Step]] = {
    each.rule(): each
    for each in (
        FetchTable, ImportCounts, NoteWarnings, AssessQuality, FitContrast, StressContrast, SummariseContrasts,
        FitRelease, StressRelease, CallTarget, FindCoCargo, ListForQpcr, PermuteLabels, GatherCoCargo,
        CompareExpectations, ImportRecipient, FitRecipient, StressRecipient, CompareTargets, PlanNextExperiment,
        PoolStudies, ReplicateCalls, PlotSamples, PlotContrast, PlotContrasts, PlotCoCargo, PlotRelease, PlotRecipient,
        PlotNextExperiment, PlotMeta, WriteProvenance, WriteReport, WriteMetaReport, WriteIndex, ExportResults,
        ExportForMultiqc, DescribeCrate,
    )
}  # fmt: skip
"""Every step by the name of its rule."""

GROUPS: dict[str, str] = {name: kind.group for name, kind in STEPS.items() if kind.group}
"""The job of a cluster that each rule is part of, for the profiles."""
