"""The command that scores the engine where the truth is known."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

if TYPE_CHECKING:
    import pandas as pd


class Names(click.ParamType):  # type: ignore[type-arg]  # click is generic here only for type checkers
    """Names joined by commas."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return tuple(dict.fromkeys(filter(None, value.split(",")))) if isinstance(value, str) else value


@click.command()
@click.option(
    "--pools",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with counts.tsv, samples.tsv and truth.tsv of the ratiometric pools (Giraldez et al. 2018, GEO"
    " GSE94586; they do not come with mircargo). Without it only simulated studies are scored.",
)
@click.option("--studies", type=click.IntRange(0), default=20, show_default=True, help="Simulated studies a setting.")
@click.option(
    "--independent",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Studies of each setting that is made unlike the others, on which *robust* is held against other tests.",
)
@click.option("--settings", type=Names(), default="", help="Settings, joined by commas; all if not given.")
@click.option("--per-group", type=Names(), default="3,4,5,6", show_default=True, help="Samples a group.")
@click.option("--callers", type=Names(), default="", help="Callers, joined by commas; all if not given.")
@click.option(
    "--cargo",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Simulated studies of each of --animals, on which the calls of cargo are scored; some seconds each.",
)
@click.option(
    "--paired",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Paired studies of each of --paired-settings and --animals, on which tiers, classes, cautions and the set's"
    " FDR are scored; some seconds each.",
)
@click.option("--paired-settings", type=Names(), default="", help="Settings of --paired; all if not given.")
@click.option(
    "--animals", type=Names(), default="4,5,6", show_default=True, help="Animals a group, for --cargo and --paired."
)
@click.option("--seed", type=click.IntRange(0), default=21, show_default=True, help="Of the random numbers.")
@click.option("--cores", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="results/benchmark", show_default=True)
def benchmark(
    pools: Path | None,
    studies: int,
    independent: int,
    settings: tuple[str, ...],
    per_group: tuple[str, ...],
    callers: tuple[str, ...],
    cargo: int,
    paired: int,
    paired_settings: tuple[str, ...],
    animals: tuple[str, ...],
    seed: int,
    cores: int,
    out: Path,
) -> None:
    """Score the engine where the truth is known, and hold the scores against what it has to reach."""
    import pandas as pd

    from mircargo.benchmark import bars, run
    from mircargo.benchmark.callers import CALLERS
    from mircargo.benchmark.paired import SETTINGS as PAIRED_SETTINGS
    from mircargo.benchmark.pools import read_pools
    from mircargo.benchmark.scoring import summarise
    from mircargo.benchmark.studies import SETTINGS
    from mircargo.io import write_table

    asked = {name: CALLERS[name] for name in _known(callers, list(CALLERS), "--callers")}
    chosen = _known(settings, list(SETTINGS), "--settings")
    sizes = [int(n) for n in _known(per_group, [str(n) for n in range(2, 51)], "--per-group")]
    of_paired = _known(paired_settings, list(PAIRED_SETTINGS), "--paired-settings")
    groups = [int(n) for n in _known(animals, [str(n) for n in range(3, 51)], "--animals")]
    measured = read_pools(pools) if pools else None
    verdicts, summary, scores = [], pd.DataFrame(), None
    if measured:
        scores, swaps = run.on_pools(measured, asked, 3), run.swaps(measured)
        write_table(scores, out / "pools.tsv")
        write_table(swaps, out / "swaps.tsv")
        verdicts += [bars.on_pools(scores), bars.on_swaps(swaps)]
    if studies:
        rows, quality = run.simulated(asked, chosen, sizes, studies, seed, cores)
        summary = summarise(rows, ["setting", "caller", "per_group"])
        write_table(rows, out / "benchmark.tsv")
        write_table(quality, out / "quality.tsv")
        write_table(summary, out / "summary.tsv")
        verdicts.append(bars.on_simulated(summarise(rows, ["setting", "caller"])))
        click.echo(_text(summary.drop(columns=["mean_rmse", "median_tpr"])) + "\n")
        click.echo(_text(run.flags(quality)) + "\n")
    if independent:
        verdicts.append(_independent(sizes, independent, seed, cores, out))
    if cargo:
        verdicts.append(_cargo(groups, cargo, seed, cores, out))
    if paired:
        verdicts.append(_paired(of_paired, groups, paired, seed, cores, out))
    if not verdicts:
        click.echo("Nothing to score: give --pools, or --studies, --independent, --cargo or --paired above 0.")
        return
    verdict = pd.concat(verdicts, ignore_index=True)
    write_table(verdict, out / "bars.tsv")
    _draw(summary, scores, out)
    for row in verdict.to_dict("records"):
        why = f" ({row['why_not']})" if row["why_not"] else ""
        click.echo(f"{'met    ' if row['met'] else 'NOT MET'} {row['what']}, {row['caller']}: {row['found']}{why}")
        click.echo(f"        bar: {row['bar']}")
    click.echo(f"wrote {out}")


def _independent(sizes: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score *robust* and its rivals on independent studies; write and say what was found."""
    from mircargo.benchmark import bars, run
    from mircargo.benchmark.callers import CALLERS, RIVALS
    from mircargo.benchmark.independent import SETTINGS
    from mircargo.benchmark.scoring import summarise
    from mircargo.io import write_table

    rows, _ = run.simulated(CALLERS | RIVALS, list(SETTINGS), sizes, studies, seed, cores)
    summary = summarise(rows, ["setting", "caller", "per_group"])
    write_table(rows, out / "independent.tsv")
    write_table(summary, out / "independent_summary.tsv")
    click.echo(_text(summary[summary["caller"] == "robust"].drop(columns=["mean_rmse", "median_tpr", "caller"])) + "\n")
    return bars.on_independent(summary)


def _cargo(animals: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score the calls of cargo; write and say what was found, and return what that says of the bars."""
    from mircargo.benchmark.bars import on_cargo
    from mircargo.benchmark.cargo_scoring import SHARES, summarise_cargo
    from mircargo.benchmark.example_cargo import score_cargo
    from mircargo.io import write_table

    scores = score_cargo(animals, studies, seed, cores)
    summary = summarise_cargo(scores)
    write_table(scores, out / "cargo.tsv")
    write_table(summary, out / "cargo_summary.tsv")
    click.echo(_text(summary[["animals", "studies", "strong_fdr", "strong_recall", *SHARES]]) + "\n")
    return on_cargo(summary)


def _paired(settings: list[str], animals: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score calls of cargo on paired studies; write and say what was found, and return what that says of the bars."""
    from mircargo.benchmark.bars import on_paired
    from mircargo.benchmark.paired_scoring import score_paired, summarise_paired
    from mircargo.io import write_table

    scores = score_paired(settings, animals, studies, seed, cores)
    summary = summarise_paired(scores)
    write_table(scores, out / "paired.tsv")
    write_table(summary, out / "paired_summary.tsv")
    click.echo(_text(summary) + "\n")
    return on_paired(summary)


def _known(asked: tuple[str, ...], known: list[str], option: str) -> list[str]:
    """Return what was asked for, all where nothing was; what is not known is an error."""
    from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing

    unknown = [name for name in asked if name not in known]
    if unknown:
        raise ProblemsFound(
            [
                Problem(
                    "unknown_name",
                    "no such name",
                    option,
                    f"'{name}'",
                    did_you_mean(name, known) or f"known: {listing(known, 12)}",
                )
                for name in unknown
            ]
        )
    return list(asked) or known


def _text(table: "pd.DataFrame") -> str:
    return table.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.3f}")


def _draw(summary: "pd.DataFrame", scores: "pd.DataFrame | None", out: Path) -> None:
    from mircargo.benchmark.bars import ALPHA, DESEQ2
    from mircargo.figures import benchmark_scores as figure
    from mircargo.figures.style import save

    table = figure.tabulate(summary, scores)
    if len(table):
        reference = {"pools": DESEQ2} if scores is not None else {}
        note = "Black: DESeq2 in R on the same libraries." if reference else None
        save(figure.plot(table, alpha=ALPHA, reference=reference, note=note), out / "scores", table)
