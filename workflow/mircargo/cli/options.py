"""Option types: parts of the configuration as JSON, and the paths that several commands share."""

import json
from collections.abc import Callable
from typing import Any

import rich_click as click
from pydantic import TypeAdapter, ValidationError

from mircargo.config import SizeFactorChoice
from mircargo.vocabulary import SPECIES

FILE = click.Path(dir_okay=False)


class Json(click.ParamType):  # type: ignore[type-arg]  # click is generic here only for type checkers
    """A part of the configuration, typed by its model and written as JSON."""

    name = "json"

    def __init__(self, kind: Any) -> None:
        self.adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.adapter.validate_json(value)
        except ValidationError as error:
            self.fail(json.dumps(error.errors(include_url=False, include_context=False), default=str), param, ctx)


def path_option(name: str, text: str, required: bool = True) -> Callable[..., Any]:
    return click.option(f"--{name}", type=FILE, required=required, help=text)


counts_option = path_option("counts", "counts.tsv: a row a feature, a column a sample.")
features_option = path_option("features", "features.tsv: what each feature is.")
samples_option = path_option("samples", "The sample sheet.")
numeric_option = click.option("--numeric", multiple=True, help="Column of the sheet that holds numbers.")
fraction_option = click.option("--fraction", default="fraction", show_default=True, help="Column with the fraction.")
target_option = click.option("--target", default="miR-21-5p", show_default=True, help="The miRNA asked about.")
species_option = click.option("--species", required=True, type=click.Choice(list(SPECIES)))
simulated_option = click.option("--simulated", is_flag=True, help="Say on every figure that the data are simulated.")
size_factors_option = click.option(
    "--size-factors", "choice", type=Json(SizeFactorChoice), default="{}", help="How they are found, as configured."
)
spike_ins_option = path_option("spike-ins", "spike_ins.tsv, where size factors rest on them.", required=False)
