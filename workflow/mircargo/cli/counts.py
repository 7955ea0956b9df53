"""Commands from tables to counts: fetch, check, import; and the simulated study."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import rich_click as click

from mircargo.cli.options import FILE, path_option
from mircargo.config import Config, Study, load
from mircargo.problems import Problem, ProblemsFound, listing, render


@click.command()
@click.option("--url", required=True, help="Address, https only.")
@click.option("--sha256", required=True, help="Checksum that the file must have.")
@click.argument("path", type=FILE)
def fetch(url: str, sha256: str, path: str) -> None:
    """Fetch a table once into PATH, from a folder of MIRCARGO_MIRROR or else from its address."""
    from mircargo.inputs.fetch import fetch as fetch_file

    click.echo(fetch_file(url, sha256, path))


@click.command()
@click.argument("config")
@click.option("--study", "names", multiple=True, help="Check only this study; may be given more than once.")
@click.option("--json", "as_json", is_flag=True, help="List the problems as JSON, for machines.")
@click.option("--out", type=FILE, help="Write what was found to this JSON file, if there is no error.")
def check(config: str, names: tuple[str, ...], as_json: bool, out: str | None) -> None:
    """List every problem of the studies of CONFIG (a file, or JSON text) at once.

    Exit code 1 if there is an error; warnings alone end well.
    """
    from mircargo.checks.study import raise_errors
    from mircargo.io import write_json

    in_short: dict[str, str] = {}
    try:
        settings = load(config)
        found: dict[str | None, list[Problem]] = {}
        for name in names or settings.studies:
            found[name], in_short[name] = _look_at(settings, name)
    except ProblemsFound as error:
        if not as_json:
            raise
        found = {None: error.problems}
    problems = [problem for group in found.values() for problem in group]
    if as_json:
        click.echo(_as_json(found, in_short))
        if any(problem.severity == "error" for problem in problems):
            sys.exit(1)
    else:
        said = [f"{name}: {text}" for name, text in in_short.items() if text]
        if said:
            click.echo("\n".join(said))
        shown = [
            replace(problem, where=f"study {name}: {problem.where}".removesuffix(": "))
            if len(found) > 1 and f"studies.{name}." not in problem.where
            else problem
            for name, group in found.items()
            for problem in group
        ]
        raise_errors(shown)
        click.echo(render(shown))
    if out:
        write_json({"warnings": [vars(problem) for problem in problems]}, out)


def _look_at(settings: Config, name: str) -> tuple[list[Problem], str]:
    """Fetch what is to be fetched for a study; return its problems, and what was counted in short, if anything was."""
    from mircargo.checks.study import examine_study
    from mircargo.config import table_path
    from mircargo.inputs.fetch import fetch as fetch_file

    problems: list[Problem] = []
    for table in _study(settings, name).counts:
        if table.url and table.sha256 and not Path(table_path(name, table)).exists():
            try:
                fetch_file(table.url, table.sha256, table_path(name, table))
            except ProblemsFound as error:
                problems += error.problems
    found, counts = examine_study(settings, name)
    return problems + found, "" if counts is None else counts.in_short


def _as_json(found: Mapping[str | None, list[Problem]], in_short: Mapping[str, str]) -> str:
    keys = ("severity", "what", "where", "found", "hint")
    rows = [
        {"study": name, **{key: getattr(problem, key) for key in keys}}
        for name, problems in found.items()
        for problem in problems
    ]
    rows.sort(key=lambda row: row["severity"] != "error")
    errors = sum(row["severity"] == "error" for row in rows)
    listed = {"in_short": in_short, "problems": rows, "errors": errors, "warnings": len(rows) - errors}
    return json.dumps(listed, indent=2, ensure_ascii=False)


@click.command("import")
@click.argument("config")
@click.option("--study", "name", required=True, help="Name of the study.")
@path_option("out-counts", "counts.tsv to write.")
@path_option("out-features", "features.tsv to write.")
@path_option("out-ledger", "ledger.tsv to write.")
@path_option("out-balance", "balance.tsv to write: whether the reads add up, sample by sample.")
@path_option("out-isomirs", "isomirs.tsv to write; its header alone where no table has isomiRs.")
@path_option("out-spike-ins", "spike_ins.tsv to write; its header alone where there are none.")
@path_option("out-notes", "JSON file to write: how the tables were understood.")
def import_(
    config: str,
    name: str,
    out_counts: str,
    out_features: str,
    out_ledger: str,
    out_balance: str,
    out_isomirs: str,
    out_spike_ins: str,
    out_notes: str,
) -> None:
    """Read the count tables of a study of CONFIG (a file, or JSON text) into one matrix.

    Features get names of miRBase 22.1, and a ledger says what became of every input row. The whole study is checked
    first, its contrasts too, so that all of its problems come at once.
    """
    from mircargo.checks.study import examine_study, raise_errors
    from mircargo.features.isomirs import no_isomirs
    from mircargo.io import write_json, write_table

    settings = load(config)
    _study(settings, name)
    problems, result = examine_study(settings, name)
    raise_errors(problems)
    assert result is not None  # without an error there are counts
    write_table(result.counts.reset_index(), out_counts)
    write_table(result.features, out_features)
    write_table(result.ledger, out_ledger)
    write_table(result.balance, out_balance)
    write_table(no_isomirs(list(result.counts)) if result.isomirs is None else result.isomirs, out_isomirs)
    write_table(result.spike_ins.reset_index(), out_spike_ins)
    write_json({"in_short": result.in_short, "notes": result.notes}, out_notes)
    click.echo("\n".join(result.notes))


def _study(settings: Config, name: str) -> Study:
    if name not in settings.studies:
        hint = f"it has {listing(settings.studies)}"
        raise ProblemsFound(Problem("the configuration has no such study", "--study", f"'{name}'", hint))
    return settings.studies[name]
