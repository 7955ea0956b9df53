"""Small things that several parts of the page take: rows of a table, and what a contrast compares."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.config import Contrast
from mircargo.model.design.asked import place


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def question_of(facts: Mapping[str, Any], contrast: Contrast) -> str:
    """Say in words what a contrast compares, as its fit has it."""
    return str(facts["asked"]["place"]) if "asked" in facts else place(contrast, {}, {})
