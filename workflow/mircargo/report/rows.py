"""Rows of a table as the templates take them."""

from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
