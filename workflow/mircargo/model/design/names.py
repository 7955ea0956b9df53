"""Which columns of the sheet a coefficient of a model is of, from its name."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Part:
    """One column's part in a coefficient.

    A number has neither level nor reference; a level without a reference is a mean by itself, not a difference.
    """

    column: str
    level: str | None = None
    reference: str | None = None


def tokens_of(data: pd.DataFrame) -> dict[str, Part]:
    """List how formulaic may write each column in the name of a coefficient."""
    tokens = {}
    for column, values in data.items():
        name = str(column)
        if not isinstance(values.dtype, pd.CategoricalDtype):
            tokens[name] = Part(name)
            continue
        reference = str(values.cat.categories[0])
        for level in map(str, values.cat.categories):
            tokens[f"{name}[T.{level}]"] = Part(name, level, reference)
            tokens[f"{name}[{level}]"] = Part(name, level)
    return tokens


def parts_of(name: str, tokens: dict[str, Part]) -> list[Part] | None:
    """Take the name of a coefficient apart; levels may hold colons and brackets, so it is not simply split."""
    for token, part in tokens.items():
        if name == token:
            return [part]
        if name.startswith(f"{token}:"):
            rest = parts_of(name.removeprefix(f"{token}:"), tokens)
            if rest is not None:
                return [part, *rest]
    return None
