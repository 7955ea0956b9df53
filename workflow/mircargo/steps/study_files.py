"""Reading what the analysis is made of."""

from typing import TYPE_CHECKING

from mircargo.steps.declaration import Files, Step

if TYPE_CHECKING:
    from mircargo.analysis import StudyData
    from mircargo.model.engines.deseq2 import Fit
    from mircargo.robustness.robust_calls import Stressed

SETTINGS = ("size_factors", "fraction", "numeric", "blood_derived")


def read_study(given: Files, step: Step) -> "StudyData":
    """Read the tables that a rule has of a study, with those of its settings that the step declares."""
    from mircargo.analysis import StudyData
    from mircargo.inputs.sheet import read_sheet
    from mircargo.io import read_counts, read_result

    settings = {name: getattr(step, name) for name in SETTINGS if name in type(step).model_fields}
    if "features" in given:
        settings["features"] = read_result(given.features)
    if "spike_ins" in given and given.optional("spike_ins"):
        settings["spike_ins"] = read_counts(given.optional("spike_ins") or "")
    return StudyData(read_counts(given.counts), read_sheet(given.samples), **settings)


def read_fit(results: str, facts: str) -> "Fit":
    from mircargo.io import read_json, read_result
    from mircargo.model.engines.deseq2 import Fit

    return Fit(read_result(results), read_json(facts))


def write_stressed(stressed: "Stressed", made: Files) -> None:
    from mircargo.io import write_json, write_table

    write_table(stressed.summary, made.robustness)
    write_table(stressed.variants, made.variants)
    write_json(stressed.facts, made.facts)
