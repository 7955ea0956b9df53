"""The command that scores the engine where the truth is known."""

from collections.abc import Callable
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


def _number(name: str, least: int, default: int, what: str) -> Callable[[Any], Any]:
    return click.option(name, type=click.IntRange(least), default=default, help=what)


def _names(name: str, default: str, what: str) -> Callable[[Any], Any]:
    return click.option(name, type=Names(), default=default, show_default=bool(default), help=what)


@click.command(context_settings={"show_default": True})
@click.option(
    "--pools",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with counts.tsv, samples.tsv and truth.tsv of the ratiometric pools (Giraldez et al. 2018, GEO"
    " GSE94586; they do not come with mircargo). Without it only simulated studies are scored.",
)
@_number("--studies", 0, 20, "Simulated studies a setting.")
@_number(
    "--independent", 0, 0,
    "Studies of each setting that is made unlike the others, on which *robust* is held against other tests.",
)  # fmt: skip
@_names("--settings", "", "Settings, joined by commas; all if not given.")
@_names("--per-group", "3,4,5,6", "Samples a group.")
@_names("--callers", "", "Callers, joined by commas; all if not given.")
@_number(
    "--cargo", 0, 0,
    "Simulated studies of each of --animals, on which the calls of cargo are scored; some seconds each.",
)  # fmt: skip
@_number(
    "--paired", 0, 0,
    "Paired studies of each of --paired-settings and --animals, on which tiers, classes, cautions and the set's FDR are"
    " scored; some seconds each.",
)  # fmt: skip
@_names("--paired-settings", "", "Settings of --paired; all if not given.")
@_names("--animals", "4,5,6", "Animals a group, for --cargo and --paired.")
@_number("--seed", 0, 21, "Of the random numbers.")
@_number("--cores", 1, 1, "Processes.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="results/benchmark")
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

    chosen_callers = {name: CALLERS[name] for name in _known(callers, list(CALLERS), "--callers")}
    chosen = _known(settings, list(SETTINGS), "--settings")
    sizes = [int(n) for n in _known(per_group, [str(n) for n in range(2, 51)], "--per-group")]
    of_paired = _known(paired_settings, list(PAIRED_SETTINGS), "--paired-settings")
    groups = [int(n) for n in _known(animals, [str(n) for n in range(3, 51)], "--animals")]
    measured = read_pools(pools) if pools else None
    verdicts, summary, scores = [], pd.DataFrame(), None
    if measured:
        scores, swaps = run.on_pools(measured, chosen_callers, 3), run.swaps(measured)
        _write(out, pools=scores, swaps=swaps)
        verdicts += [bars.on_pools(scores), bars.on_swaps(swaps)]
    if studies:
        rows, quality = run.simulated(chosen_callers, chosen, sizes, studies, seed, cores)
        summary = summarise(rows, ["setting", "caller", "per_group"])
        _write(out, benchmark=rows, quality=quality, summary=summary)
        verdicts.append(bars.on_simulated(summarise(rows, ["setting", "caller"])))
        _print(summary.drop(columns=["mean_rmse", "median_tpr"]))
        _print(run.flags(quality))
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
    _write(out, bars=verdict)
    _draw(summary, scores, out)
    for row in verdict.to_dict("records"):
        why = f" ({row['why_not']})" if row["why_not"] else ""
        click.echo(f"{'met    ' if row['met'] else 'NOT MET'} {row['what']}, {row['caller']}: {row['found']}{why}")
        click.echo(f"        bar: {row['bar']}")
    click.echo(f"wrote {out}")


def _independent(sizes: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score *robust* and its rivals on independent studies; return which bars they meet."""
    from mircargo.benchmark import bars, run
    from mircargo.benchmark.callers import CALLERS, RIVALS
    from mircargo.benchmark.independent import SETTINGS
    from mircargo.benchmark.scoring import summarise

    rows, _ = run.simulated(CALLERS | RIVALS, list(SETTINGS), sizes, studies, seed, cores)
    summary = summarise(rows, ["setting", "caller", "per_group"])
    _write(out, independent=rows, independent_summary=summary)
    _print(summary[summary["caller"] == "robust"].drop(columns=["mean_rmse", "median_tpr", "caller"]))
    return bars.on_independent(summary)


def _cargo(animals: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score the calls of cargo; return which bars they meet."""
    from mircargo.benchmark.bars import on_cargo
    from mircargo.benchmark.cargo_scoring import SHARES, summarise_cargo
    from mircargo.benchmark.example_cargo import score_cargo

    scores = score_cargo(animals, studies, seed, cores)
    summary = summarise_cargo(scores)
    _write(out, cargo=scores, cargo_summary=summary)
    _print(summary[["animals", "studies", "strong_fdr", "strong_recall", *SHARES]])
    return on_cargo(summary)


def _paired(settings: list[str], animals: list[int], studies: int, seed: int, cores: int, out: Path) -> "pd.DataFrame":
    """Score the calls of cargo on paired studies; return which bars they meet."""
    from mircargo.benchmark.bars import on_paired
    from mircargo.benchmark.paired_scoring import score_paired, summarise_paired

    scores = score_paired(settings, animals, studies, seed, cores)
    summary = summarise_paired(scores)
    _write(out, paired=scores, paired_summary=summary)
    _print(summary)
    return on_paired(summary)


def _known(names: tuple[str, ...], known: list[str], option: str) -> list[str]:
    """Return the names given, all known ones where none was; one that is not known is an error."""
    from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing

    problems = []
    for name in (name for name in names if name not in known):
        hint = did_you_mean(name, known) or f"known: {listing(known, 12)}"
        problems.append(Problem("unknown_name", "no such name", option, f"'{name}'", hint))
    if problems:
        raise ProblemsFound(problems)
    return list(names) or known


def _write(out: Path, **tables: "pd.DataFrame") -> None:
    from mircargo.io import write_table

    for name, table in tables.items():
        write_table(table, out / f"{name}.tsv")


def _print(table: "pd.DataFrame") -> None:
    click.echo(table.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.3f}") + "\n")


def _draw(summary: "pd.DataFrame", scores: "pd.DataFrame | None", out: Path) -> None:
    from mircargo.benchmark.bars import ALPHA, DESEQ2
    from mircargo.figures import benchmark_scores as figure
    from mircargo.figures.writing import save

    table = figure.tabulate(summary, scores)
    if len(table):
        reference = {"pools": DESEQ2} if scores is not None else {}
        note = "Black: DESeq2 in R on the same libraries." if reference else None
        save(figure.plot(table, alpha=ALPHA, reference=reference, note=note), out / "scores", table)
