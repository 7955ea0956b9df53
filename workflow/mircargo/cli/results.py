"""Commands on the results of a run, and those that developers and the installation call."""

from pathlib import Path

import rich_click as click

from mircargo.config import load


@click.command()
@click.argument("config", default="config/config.yaml")
def summary(config: str) -> None:
    """Print what the results of CONFIG's studies say of the target."""
    from mircargo.results.contract import ROOT
    from mircargo.results.summary import summarise

    settings = load(config)
    studies = settings.studies
    simulated = [name for name, study in studies.items() if study.simulated]
    click.echo(summarise({name: f"{ROOT}/{name}" for name in studies}, simulated, settings.labels))


@click.command(hidden=True)
@click.option("--licence", help="Address of the licence that the results are given under.")
@click.option("--author", help="Name of who ran the study.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def crate(licence: str | None, author: str | None, folder: Path) -> None:
    """Describe the results of a study in FOLDER as an RO-Crate again, with who ran it and under which licence."""
    from mircargo.export.crate import describe
    from mircargo.io import write_json
    from mircargo.results.contract import CRATE

    write_json(describe(folder.resolve().name, folder, licence, author), CRATE.within(folder))


@click.command(hidden=True)
def bundle() -> None:
    """Bundle the scripts of the reports' charts and keep them in the user's cache, so that no report waits for it."""
    from mircargo.report.pack import bundle_vega

    bundle_vega()


@click.command(hidden=True)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def reference(folder: Path) -> None:
    """Remake the configuration's JSON schema and config/README.md below FOLDER, the repository's root."""
    from mircargo.config.reference import page, schema
    from mircargo.io import write_text

    write_text(schema(), folder / "workflow" / "schemas" / "config.schema.json")
    write_text(page(), folder / "config" / "README.md")
