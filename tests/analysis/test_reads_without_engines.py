"""A step that only reads a study does not import what fits it."""

import subprocess
import sys

LOOK = """
import sys
from mircargo.analysis import StudyData
assert "pydeseq2" not in sys.modules, "the engines are imported with the tables"
from mircargo.analysis import Question, ReleaseQuestion
assert "pydeseq2" in sys.modules
import mircargo.analysis
found = [getattr(mircargo.analysis, name) for name in mircargo.analysis.__all__]
assert found == [Question, ReleaseQuestion, StudyData]
assert not hasattr(mircargo.analysis, "Answer")
"""


def test_the_tables_of_a_study_come_without_the_engines():
    subprocess.run([sys.executable, "-c", LOOK], check=True)
