"""Commands from tables to counts: fetch, check, import; and the simulated study."""

from pathlib import Path

import rich_click as click

from mircargo.cli.options import FILE, Json, path_option, samples_option, species_option
from mircargo.config import CountTable, load
from mircargo.problems import Problem, ProblemsFound, render


@click.command()
@click.option("--url", required=True, help="Address, https only.")
@click.option("--sha256", required=True, help="Checksum that the file must have.")
@click.argument("path", type=FILE)
def fetch(url: str, sha256: str, path: str) -> None:
    """Fetch a table once into PATH, from a folder of MIRCARGO_MIRROR or else from its address."""
    from mircargo.tables.fetch import fetch as fetch_file

    click.echo(fetch_file(url, sha256, path))


@click.command()
@click.argument("config")
@click.option("--study", "names", multiple=True, help="Check only this study; may be given more than once.")
@click.option("--out", type=FILE, help="Write what was found to this JSON file, if there is no error.")
def check(config: str, names: tuple[str, ...], out: str | None) -> None:
    """List every problem of the studies of CONFIG (a file, or JSON text) at once.

    Exit code 1 if there is an error; warnings alone end well.
    """
    from mircargo.check import check_study
    from mircargo.config import table_path
    from mircargo.tables.fetch import fetch as fetch_file
    from mircargo.tables.files import write_json

    settings = load(config)
    problems: list[Problem] = []
    for name in names or settings.studies:
        if name not in settings.studies:
            raise ProblemsFound(
                Problem("no such study", "--study", f"'{name}'", f"it has {', '.join(settings.studies)}")
            )
        for table in settings.studies[name].counts:
            if table.url and table.sha256 and not Path(table_path(name, table)).exists():
                try:
                    fetch_file(table.url, table.sha256, table_path(name, table))
                except ProblemsFound as error:
                    problems += error.problems
        problems += check_study(settings, name)
    if any(problem.severity == "error" for problem in problems):
        raise ProblemsFound(problems)
    click.echo(render(problems))
    if out:
        write_json({"warnings": [vars(problem) for problem in problems]}, out)


@click.command("import")
@click.option("--study", required=True, help="Name of the study.")
@click.option("--tables", type=Json(list[CountTable]), required=True, help="The count tables, as configured.")
@samples_option
@species_option
@click.option("--exclude", multiple=True, help="Sample column that is left out on purpose.")
@path_option("out-counts", "counts.tsv to write.")
@path_option("out-features", "features.tsv to write.")
@path_option("out-ledger", "ledger.tsv to write.")
@path_option("out-notes", "JSON file to write: how the tables were understood.")
def import_(
    study: str,
    tables: list[CountTable],
    samples: str,
    species: str,
    exclude: tuple[str, ...],
    out_counts: str,
    out_features: str,
    out_ledger: str,
    out_notes: str,
) -> None:
    """Read count tables into one matrix, with names of miRBase 22.1 and a ledger of every input row."""
    from mircargo.check import read_source
    from mircargo.names.ledger import assemble
    from mircargo.tables.files import write_json, write_table
    from mircargo.tables.sheet import read_sheet

    sheet = read_sheet(samples)
    sources = [read_source(study, table) for table in tables]
    result = assemble(sources, sheet["column"].to_dict(), exclude, species)
    write_table(result.counts.reset_index(), out_counts)
    write_table(result.features, out_features)
    write_table(result.ledger, out_ledger)
    write_json({"notes": result.notes}, out_notes)
    click.echo("\n".join(result.notes))


@click.command()
@click.option("--seed", default=21, show_default=True)
@click.argument("folder", type=click.Path(file_okay=False))
def simulate(seed: int, folder: str) -> None:
    """Write a simulated study with a planted truth into FOLDER: the example is made by this."""
    from mircargo.names.mirbase import load_mature
    from mircargo.simulate import Settings, write
    from mircargo.simulate import simulate as make

    write(make(load_mature(), Settings(seed=seed)), Path(folder))
