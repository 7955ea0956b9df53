"""The command that rules of the workflow run."""

import json
from pathlib import Path
from typing import Any

import rich_click as click

from mircargo.problems import did_you_mean, refusal


class _Listing(click.RichCommand):
    """A command whose help lists the steps with what each does."""

    def format_help(self, context: Any, formatter: Any) -> None:
        from mircargo.steps import STEPS

        self.epilog = "\n\n".join(f"{name}: {(kind.__doc__ or '').splitlines()[0]}" for name, kind in STEPS.items())
        super().format_help(context, formatter)


@click.command(hidden=True, cls=_Listing)
@click.argument("name")
@click.argument("settings")
@click.argument("files")
@click.pass_context
def step(context: click.Context, name: str, settings: str, files: str) -> None:
    """Run one step of the workflow, as its rule does; `snakemake --printshellcmds` shows the command of each.

    SETTINGS is what the step declares, as JSON; FILES its `input` and `output` by name, as JSON, with the `settings`
    that do not decide whether it runs again.
    """
    from pydantic import ValidationError

    from mircargo.steps import STEPS
    from mircargo.steps.declaration import Files

    if name not in STEPS:
        raise refusal("no_such_step", "there is no such step", "NAME", f"'{name}'", did_you_mean(name, STEPS))
    try:
        given = json.loads(files)
        chosen = STEPS[name].model_validate(json.loads(settings) | given["settings"])
    except ValidationError as error:
        found = json.dumps(error.errors(include_url=False, include_context=False), default=str)
        raise refusal("wrong_settings", "these settings are not the step's", "SETTINGS", found) from None
    message = chosen.run(Files(given["input"]), Files(given["output"]))
    log = context.find_root().params.get("log")
    if message and log:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        Path(log).write_text(message + "\n", encoding="utf-8")
    if message and (chosen.prints or not log):
        click.echo(message)
