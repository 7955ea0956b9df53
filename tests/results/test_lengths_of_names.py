"""The longest name that a user may give, with the longest of what stands before and after it, is the name of a file."""

import re

import pytest

from mircargo.config.base import LONGEST_FILE_NAME, LONGEST_NAME
from mircargo.export.contents import SECTIONS
from mircargo.figures import catalogue
from mircargo.io import written_whole
from mircargo.results import contract
from mircargo.results.result import Result
from project import ROOT

NAME = "x" * LONGEST_NAME
LOGS = re.findall(r'"(logs/[^"]+)"', "".join(path.read_text() for path in (ROOT / "workflow" / "rules").glob("*.smk")))
RESULTS = [each.template for each in vars(contract).values() if isinstance(each, Result)]
FIGURES = [f"figures/{kind.stem('{contrast}')}.{ending}" for kind in catalogue.MODULES for ending in catalogue.ENDINGS]
SECTION_NAMES = [contract.MULTIQC.path.replace("{section}", f"{{study}}_{name}") for name in SECTIONS]


@pytest.mark.parametrize("templates", [LOGS, RESULTS, FIGURES, SECTION_NAMES], ids=["logs", "results", "figures", "MultiQC"])
def test_longest_name_has_room_in_every_file(templates, tmp_path):
    names = {part for path in templates if "{path}" not in path for part in re.sub(r"\{\w+\}", NAME, path).split("/")}
    longest = max(names, key=len)
    assert len(longest) > LONGEST_NAME
    with written_whole(tmp_path / longest) as temporary:  # which has a longer one, with the number of the process
        temporary.touch()
        most = len(temporary.name) - len(re.search(r"\.(\d+)\.part$", temporary.name)[1]) + len("4194304")
    assert most <= LONGEST_FILE_NAME
    assert (tmp_path / longest).is_file()
