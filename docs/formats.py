"""Make the table and the sections of formats.md from the modules of inputs/formats: `python docs/formats.py`."""

import inspect
import sys
from pathlib import Path

from mircargo.inputs.registry import FORMATS

PAGE = Path(__file__).parent / "formats.md"
MARK = "<!-- From here on made by `python docs/formats.py`; do not edit it by hand. -->\n"


def page(text: str) -> str:
    """Return the page with what follows the mark made anew."""
    parts = [
        text.partition(MARK)[0] + MARK,
        "| format | written by | recognised by | rows of one feature | absent features |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, each in FORMATS.items():
        cells = [f"[`{name}`](#{name})", each.program, each.recognised, each.same_feature, each.absent]
        parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    for name, each in FORMATS.items():
        parts.append(f"\n## {name}\n{inspect.getdoc(sys.modules[each.fits.__module__])}")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
