"""How a step is told its settings and files on a command line, which has an end: Linux takes 128 kB of text at once."""

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any, Final

from mircargo.io import write_text

FOLDER: Final = Path(".snakemake", "mircargo", "steps")
"""Where long texts lie, from the folder where the workflow runs."""

LONGEST: Final = 60_000
"""Bytes of an argument, in quotes; a command has two, and its line may be 131,071 bytes long (MAX_ARG_STRLEN)."""


def argument(values: Any) -> str:
    """Return values as JSON; where that is too long, `@` and the path of a file with it, which is written.

    The file is named by what is in it: a text that Snakemake compares with that of an earlier run changes where the
    values do, and a line that was printed can be pasted later.
    """
    text = json.dumps(values, ensure_ascii=False)
    if len(shlex.quote(text).encode()) <= LONGEST:
        return text
    path = FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
    if not path.exists():
        write_text(text, path)
    return f"@{path}"
