"""A thousand configurations and sheets, each with one thing altered: what is wrong is said once, and nothing else is."""

import json
import os
import time
import traceback
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from generated_faults import Case
from mircargo.cli.main import mircargo
from mircargo.problems import ProblemsFound

SECONDS = 5


def found_wrong(case: Case, folder: Path) -> str:
    """Check the files of a case as `mircargo check` does; return what is wrong with the answer, '' where nothing is."""
    case.files.write(folder)
    began = time.process_time()
    result = CliRunner().invoke(mircargo, ["check", "--json", "c.yaml"])
    taken = time.process_time() - began
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        return "traceback: " + "".join(traceback.format_exception(error)[-3:])
    if taken > SECONDS:
        return f"it takes {taken:.0f} s"
    problems = [each for each in json.loads(result.output)["problems"] if each["severity"] == "error"]
    shown = "\n".join(str(each) for each in problems)
    if case.harmless:
        return f"refused: {shown}" if problems else ""
    if not problems:
        return "accepted"
    if len(problems) > case.most:
        return f"{len(problems)} errors: {shown}"
    if len(shown) > 1500 * len(problems):
        return f"a message of {len(shown)} letters: {shown[:200]}"
    for each in problems:
        if not each["hint"]:
            return f"nothing to do: {each}"
        if not any(word in each["where"] or word in each["what"] for word in case.names):
            return f"names none of {case.names}: {each}"
    if case.hint and not any(case.hint in each["hint"] for each in problems):
        return f"does not say {case.hint}: {shown}"
    return ""
