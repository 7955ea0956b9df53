"""The configuration's reference page and JSON schema, made from its models."""

import inspect
import json
import types
import typing
from typing import Any

from mircargo import config
from mircargo.config import Model

INTRODUCTION = """# The configuration

<!-- Made from the models in workflow/mircargo/config/ by `mircargo reference`; do not edit it by hand. -->

`config.yaml` is the example, every key explained. `smoke.yaml` is a run of seconds. `studies/` holds public data
sets. A file given with `--configfile` stands instead of `config.yaml`, not on top of it. Unknown keys are refused.
An editor completes and checks a configuration that begins with this line (mind the path):

```yaml
# yaml-language-server: $schema=../workflow/schemas/config.schema.json
```

The **sample sheet** (tab, comma or semicolon separated) has a column `sample` and any others: groups, subject,
batch, fraction. Where a sample has another name in the count table, the column `column` holds that. Every column is
taken as categories, unless it is named under `numeric`. A missing value is an empty cell or `NA`. A column of
plain numbers is read without needless zeros (`7.0` is `7`); names such as `007`, `1e5` and `+1` stay as they are.

YAML takes some words for something else: `yes`, `no`, `on` and `off` for true and false, `2024-01-31` for a date,
`12:30` for 750, `010` for 8, `~` for nothing. Where a text is meant, they are refused with their line: put them in
quotes.

A table, or file of miRBase, with a `url` is fetched once: from a folder of `MIRCARGO_MIRROR` (colon separated,
searched below) that holds a file with its `sha256`, from what `mircargo init ACCESSION` or `mircargo check` has kept
in the user's cache, else from its address. It is put below `data/`, never through `..` or symbolic links; another
folder is named on the command line only: `mircargo run --data FOLDER`, or `MIRCARGO_DATA=FOLDER` before `snakemake`.
`mircargo check` fetches into the cache, and writes nothing else.

Paths are relative to the working directory, and lead to files: save what a command gives (`<(command)`) first.
Braces and `<name>` cannot stand in a path, as Snakemake replaces them.
"""
SECTIONS: list[tuple[str, type[Model]]] = [
    ("The file", config.Config),
    ("studies: NAME:", config.Study),
    ("counts: a list of", config.CountTable),
    ("mirbase:", config.MirbaseFile),
    ("contrasts: NAME:", config.Contrast),
    ("interaction:", config.Interaction),
    ("expectation:", config.Expectation),
    ("comparisons: NAME:", config.Comparison),
    ("recipient:", config.Recipient),
    ("results:", config.FetchedTable),
    ("columns: of results", config.ResultColumns),
    ("targets:", config.TargetTable),
    ("columns: of targets", config.TargetColumns),
    ("size_factors:", config.SizeFactorChoice),
    ("thresholds:", config.Thresholds),
    ("next_experiment:", config.NextExperiment),
    ("meta: NAME:", config.MetaAnalysis),
]


def schema() -> str:
    """Return the JSON schema of a configuration file."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | config.Config.model_json_schema(), indent=2) + "\n"


def page() -> str:
    """Return the reference page (Markdown)."""
    parts = [INTRODUCTION]
    for title, model in SECTIONS:
        parts += [
            f"## `{title}`" if ":" in title else f"## {title}",
            inspect.cleandoc(model.__doc__ or ""),
            _table(model),
        ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(model: type[Model]) -> str:
    rows = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    for name, field in model.model_fields.items():
        if field.is_required():
            default = "*needed*"
        else:
            value = field.get_default(call_default_factory=True)
            default = "as below" if isinstance(value, Model) else "none" if value is None else f"`{json.dumps(value)}`"
        rows.append(f"| `{name}` | {_kind(field.annotation)} | {default} | {field.description} |")
    return "\n".join(rows)


def _kind(annotation: Any) -> str:
    """Write a type in words."""
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _kind(inside[0])
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(each) for each in inside if each is not type(None))
    if origin is list:
        return f"list of {_kind(inside[0])}"
    if origin is dict:
        return f"mapping of {_kind(inside[1])}"
    words = {str: "text", bool: "`true`, `false`", int: "whole number", float: "number"}
    return words.get(annotation, "see below")
