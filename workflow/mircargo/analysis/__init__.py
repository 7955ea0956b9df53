"""The analysis of a study as one object: what the workflow, the benchmark and a notebook call.

A `Question` is a contrast of a study, a `ReleaseQuestion` a comparison of exosomes with their source. Each holds the
sequence of steps from counts to calls; nothing here reads or writes a file.
"""

from mircargo.analysis.data import StudyData
from mircargo.analysis.question import Question
from mircargo.analysis.release_question import ReleaseQuestion

__all__ = ["Question", "ReleaseQuestion", "StudyData"]
