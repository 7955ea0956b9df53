"""The command that makes studies whose truth is known."""

from pathlib import Path

import rich_click as click

from mircargo.problems import refusal


@click.command()
@click.option(
    "--seed", default=21, show_default=True, help="Of the random numbers; further studies have the next ones."
)
@click.option("--studies", type=int, help="Make so many, each in a folder of its own, and a config.yaml that runs all.")
@click.option("--recipient", is_flag=True, help="Make the cells that took the exosomes up as well, and a config.yaml.")
@click.option(
    "--animals", type=click.IntRange(2), default=5, show_default=True, help="Animals in each of the two groups."
)
@click.option("--features", default=400, show_default=True, help="miRNAs in each table.")
@click.argument("folder", type=click.Path(file_okay=False))
def simulate(seed: int, studies: int | None, recipient: bool, animals: int, features: int, folder: str) -> None:
    """Write a simulated study with a planted truth into FOLDER: the example is made by this."""
    from mircargo.features.mirbase import load_mature
    from mircargo.simulate.example import Settings, write
    from mircargo.simulate.example import simulate as make
    from mircargo.simulate.many import write_many
    from mircargo.simulate.taken_up import write_with_recipient

    if recipient and studies is not None:
        raise refusal("invalid_simulation", "name one of both", "options", "--studies and --recipient")
    settings = Settings(seed=seed, animals_per_group=animals, n_mirnas=features)
    try:
        if studies is None and not recipient:
            write(make(load_mature(), settings), Path(folder))
            return
        if recipient:
            config = write_with_recipient(load_mature(), Path(folder), settings)
        else:
            config = write_many(load_mature(), studies or 0, Path(folder), settings)
    except ValueError as error:
        raise refusal("invalid_simulation", "these studies cannot be simulated", "options", str(error)) from None
    click.echo(f"wrote {config}\nNext:\n    mircargo run {config}")
