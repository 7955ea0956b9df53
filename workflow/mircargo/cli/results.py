"""Commands on the results of a run, and those that developers and the installation call."""

import os
from pathlib import Path

import rich_click as click

from mircargo.problems import listing, refusal


@click.command()
@click.argument("asked", nargs=-1, metavar="[CONFIG OR FOLDER]...", type=click.Path(exists=True))
def summary(asked: tuple[str, ...]) -> None:
    """Print what results say of the target: of CONFIG's studies, of a FOLDER of results, or of all in results/.

    Meta-analyses say it as well.
    """
    from mircargo.config import load
    from mircargo.results.contract import META, ROOT, TARGET_CALLS
    from mircargo.results.summary import (
        facts_of,
        finished_pools,
        finished_studies,
        fit_to_screen,
        index_of,
        summarise,
        summarise_pooled,
    )

    folders: dict[str, str] = {}
    pools: dict[str, str] = {}
    indexes: list[str] = []
    for path in asked or [ROOT]:
        if not Path(path).is_dir() and asked:
            config = load(path)
            folders |= {name: f"{ROOT}/{name}" for name in config.studies}
            pools |= dict.fromkeys(config.meta, META)
            indexes += [index_of(ROOT)] if config.has_index else []
        else:
            folders |= finished_studies(path) or ({Path(path).resolve().name: path} if asked else {})
            pools |= finished_pools(path)
            indexes += [index_of(path)]
    missing = [folder for folder in folders.values() if not TARGET_CALLS.within(folder).exists()]
    if len(missing) == len(folders):
        where = listing(map(os.path.abspath, missing)) or os.path.abspath(ROOT)  # noqa: PTH100 - they need not exist
        hint = "run this where the workflow was run, or name the folder of a study's results"
        raise refusal("no_results", "there are no results here", where, "", hint)
    simulated, labels = facts_of(folders)
    parts = (summarise(folders, simulated, labels), summarise_pooled(pools), *indexes)
    click.echo(fit_to_screen("\n".join(filter(None, parts))))


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
    """Remake the configuration's JSON schema, config/README.md and the report's charts below FOLDER, the repository."""
    from mircargo.config.reference import page, schema
    from mircargo.io import write_json, write_text
    from mircargo.report.charts import specs

    write_json(specs(), folder / "workflow" / "mircargo" / "report" / "page" / "charts.json")
    write_text(schema(), folder / "workflow" / "schemas" / "config.schema.json")
    write_text(page(), folder / "config" / "README.md")
