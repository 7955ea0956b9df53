"""The command that lists every problem of a study before anything is fitted."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import rich_click as click

from mircargo.cli.completion import complete_file
from mircargo.config import Config, FetchedFile, allow_folder, load
from mircargo.problems import Problem, ProblemsFound, listing, refusal, render


@click.command()
@click.argument("config", shell_complete=complete_file)
@click.option("--study", "names", multiple=True, help="Check only this study; may be given more than once.")
@click.option(
    "--data", metavar="FOLDER", help="Allow fetched files in this folder too; the configuration alone may say `data/`."
)
@click.option("--json", "as_json", is_flag=True, help="List the problems as JSON, for machines.")
def check(config: str, names: tuple[str, ...], data: str | None, as_json: bool) -> None:
    """List every problem of the studies of CONFIG (a file, or JSON text) at once.

    Exit code 1 if there is an error; warnings alone end well. Tables with a `url` are kept in the user's cache, nothing
    else is written.
    """
    from mircargo.checks.study import raise_errors

    allow_folder(data)
    in_short: dict[str, str] = {}
    try:
        settings = load(config)
        found: dict[str | None, list[Problem]] = {}
        for name in names or settings.studies:
            found[name], in_short[name] = _fetch_and_examine(settings, name)
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
        for name in filter(in_short.get, in_short):
            click.echo(f"{name}: {in_short[name]}")
        shown = [
            replace(problem, where=f"study {name}: {problem.where}".removesuffix(": "))
            if len(found) > 1 and f"studies.{name}." not in problem.where
            else problem
            for name, group in found.items()
            for problem in group
        ]
        raise_errors(shown)
        click.echo(render(shown))


def _fetch_and_examine(settings: Config, name: str) -> tuple[list[Problem], str]:
    """Fetch what is to be fetched for a study; return its problems, and what was counted in short, if anything was.

    Files are fetched into the cache: the configuration may be somebody else's, and `check` is how one looks at it.
    """
    from mircargo.checks.halves import halves_problems
    from mircargo.checks.study import examine_study
    from mircargo.config import fetched_files, misplaced_files, read_from

    if name not in settings.studies:
        hint = f"it has {listing(settings.studies)}"
        raise refusal("no_such_study", "the configuration has no such study", "--study", f"'{name}'", hint)
    files = fetched_files(settings, (name,))
    problems = misplaced_files(files)
    refused = {problem.where for problem in problems}
    not_fetched = {file.path for file in files if file.key in refused}
    kept: dict[str, str] = {}
    for file in files:
        if file.key not in refused and not Path(file.path).exists():
            try:
                kept[file.path] = _kept_in_cache(file)
            except ProblemsFound as error:
                problems += error.problems
                not_fetched.add(file.path)
    settings = read_from(settings, name, kept)
    found, counts = examine_study(settings, name)
    found += halves_problems(settings, name)
    in_short = "" if counts is None else counts.in_short
    if settings.studies[name].recipient is not None:
        from mircargo.checks.recipient import examine_recipient

        of_recipient, tables = examine_recipient(settings, name)
        # Both read the names of the species, and the sheet of the study.
        found = list(dict.fromkeys([*found, *of_recipient]))
        in_short = " ".join(filter(None, (in_short, tables.in_short if tables is not None else "")))
    # Why it is not there has been said, and its path is not the user's to check.
    found = [each for each in found if each.code != "no_such_file" or each.where not in not_fetched]
    return problems + [_at_its_place(each, kept) for each in found], _with_its_place(in_short, kept)


def _kept_in_cache(file: FetchedFile) -> str:
    """Fetch a file into the cache, where it is not there already; return its path."""
    from mircargo.inputs.fetch import fetch, sha256_of
    from mircargo.inputs.fetched_files import checked_path

    path = checked_path(file.sha256, Path(file.path).name)
    if not path.is_file() or sha256_of(path) != file.sha256:
        fetch(file.url, file.sha256, path)
    return str(path)


def _at_its_place(problem: Problem, kept: Mapping[str, str]) -> Problem:
    """Name a file of the cache as the configuration does."""
    what, where, found, hint = (
        _with_its_place(text, kept) for text in (problem.what, problem.where, problem.found, problem.hint)
    )
    return replace(problem, what=what, where=where, found=found, hint=hint)


def _with_its_place(text: str, kept: Mapping[str, str]) -> str:
    for path, place in kept.items():
        text = text.replace(place, path)
    return text


def _as_json(found: Mapping[str | None, list[Problem]], in_short: Mapping[str, str]) -> str:
    keys = ("code", "severity", "what", "where", "found", "hint", "samples")
    rows = [
        {"study": name, **{key: getattr(problem, key) for key in keys}}
        for name, problems in found.items()
        for problem in problems
    ]
    rows.sort(key=lambda row: row["severity"] != "error")
    errors = sum(row["severity"] == "error" for row in rows)
    listed = {"in_short": in_short, "problems": rows, "errors": errors, "warnings": len(rows) - errors}
    return json.dumps(listed, indent=2, ensure_ascii=False)
