"""Commands of what is looked at: report, provenance, summary; and the configuration's reference."""

from pathlib import Path
from typing import Any

import rich_click as click

from mircargo.cli.options import FILE, path_option
from mircargo.config import load


@click.command()
@click.argument("config")
@path_option("out", "provenance.json to write.")
@click.argument("inputs", nargs=-1, type=FILE)
def provenance(config: str, out: str, inputs: tuple[str, ...]) -> None:
    """Note versions, the checksums of INPUTS and the configuration (JSON) that results rest on."""
    import json

    from mircargo.io import write_json
    from mircargo.results.provenance import describe

    settings: dict[str, Any] = json.loads(config)
    write_json(describe(settings, inputs), out)


@click.command()
@click.option("--study", required=True, help="Name of the study.")
@path_option("out", "report.html to write.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def report(study: str, out: str, folder: Path) -> None:
    """Write the report of the results in FOLDER: one HTML file that opens without a network."""
    from mircargo.io import write_text
    from mircargo.report.build import build

    write_text(build(study, folder), out)


@click.command()
def bundle() -> None:
    """Bundle the scripts of the reports' charts and keep them in the user's cache, so that no report waits for it."""
    from mircargo.report.pack import bundle as bundled

    bundled()


@click.command()
@click.argument("config", default="config/config.yaml")
def summary(config: str) -> None:
    """Print what the results of CONFIG's studies say of the target."""
    from mircargo.results.summary import summarise

    studies = load(config).studies
    simulated = [name for name, study in studies.items() if study.simulated]
    click.echo(summarise({name: f"results/{name}" for name in studies}, simulated))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def reference(folder: Path) -> None:
    """Remake the configuration's JSON schema and config/README.md below FOLDER, the repository's root."""
    from mircargo.config.reference import page, schema
    from mircargo.io import write_text

    write_text(schema(), folder / "workflow" / "schemas" / "config.schema.json")
    write_text(page(), folder / "config" / "README.md")
