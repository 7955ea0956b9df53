"""The command that runs the workflow from any folder."""

import rich_click as click
from click.shell_completion import CompletionItem


def _files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Have the shell complete names of files."""
    return [CompletionItem(incomplete, type="file")]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument(
    "arguments", nargs=-1, type=click.UNPROCESSED, metavar="[CONFIG] [OPTIONS OF SNAKEMAKE]", shell_complete=_files
)
def run(arguments: tuple[str, ...]) -> None:
    """Run the workflow in the present folder, with all cores unless --cores says otherwise.

    CONFIG is a configuration, as `mircargo init` writes one, or the name of a study that comes with mircargo: example,
    smoke, microglia_ev, myotube_ev, joint_injury, or all three of these. Without it config/config.yaml is run; where
    that is not there, the example is brought and run. All else goes to Snakemake: `--cores 4`, `--dry-run`,
    `--report report.zip`, `--executor slurm`, names of files to make.
    """
    from mircargo.snakemake.command import find_configuration, run_snakemake, understand

    command = understand(arguments)
    if command.has_configfile:
        run_snakemake(command, None)
    config, brought = find_configuration(command)
    for path in brought:
        click.echo(f"wrote {command.folder / path}", err=True)
    run_snakemake(command, config)
