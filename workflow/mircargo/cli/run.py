"""The command that runs the workflow from any folder."""

import rich_click as click

from mircargo.cli.completion import complete_file


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--cores", metavar="N", help="Use at most so many cores; all if not given.")
@click.option(
    "--data", metavar="FOLDER", help="Allow fetched files in this folder too; the configuration alone may say `data/`."
)
@click.option("--dry-run", "-n", is_flag=True, help="Only list what would be done.")
@click.argument(
    "arguments",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[CONFIG] [OPTIONS OF SNAKEMAKE]",
    shell_complete=complete_file,
)
def run(cores: str | None, data: str | None, dry_run: bool, arguments: tuple[str, ...]) -> None:
    """Run the workflow in the present folder.

    CONFIG is a configuration, as `mircargo init` writes one, or the name of a study that comes with mircargo: example,
    smoke, microglia_ev, myotube_ev, joint_injury, or all three of these. Without it config/config.yaml is run; where
    that is not there, the example is brought and run. All else goes to Snakemake: `--report report.zip`, `--executor
    slurm`, `--forcerun fit_contrast`, names of files to make.
    """
    from mircargo.config import allow_folder
    from mircargo.snakemake.command import find_configuration, run_snakemake, understand

    allow_folder(data)
    own = [*(["--dry-run"] if dry_run else []), *([f"--cores={cores}"] if cores else [])]
    command = understand([*own, *arguments])
    if command.has_configfile:
        run_snakemake(command, None)
    config, brought = find_configuration(command)
    for path in brought:
        click.echo(f"wrote {command.folder / path}", err=True)
    run_snakemake(command, config)
