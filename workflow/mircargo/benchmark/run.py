"""Runs: every caller on every study, and on every group of the pools."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from mircargo.benchmark import independent
from mircargo.benchmark.callers import Caller
from mircargo.benchmark.pools import CONTRAST as POOLS_CONTRAST
from mircargo.benchmark.pools import Pools, doubtful, enough_reads, first_replicates, swapped_back
from mircargo.benchmark.scoring import score
from mircargo.benchmark.studies import CONTRAST, SETTINGS, Study, simulate_study
from mircargo.checks.libraries import depth_problems
from mircargo.checks.mixups import swapped_samples
from mircargo.config import Contrast
from mircargo.problems import ProblemsFound

Result = TypeVar("Result")
Rows = tuple[list[dict[str, Any]], dict[str, Any]]


def simulated(
    callers: Mapping[str, Caller],
    settings: Sequence[str],
    per_group: Sequence[int],
    studies: int,
    seed: int,
    cores: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score callers, and the quality step, on simulated studies.

    Parameters
    ----------
    callers
        Name -> caller; one that another process can load where `cores` is over 1.
    settings, per_group, studies
        Keys of `studies.SETTINGS` or of `independent.SETTINGS`, numbers of samples in a group, and of studies of each
        setting and size.
    seed, cores
        Of all random numbers, and processes; the result does not depend on these.

    Returns
    -------
    tuple
        One row per study and caller: `setting per_group study caller outcome names_sample` and what `scoring.score`
        gives; the outcome is fitted or refused, and `names_sample` says whether a refusal names the samples at
        fault. And one row per study: `setting per_group study` and what `swaps` gives.
    """
    tasks = [(name, n, number, seed) for number in range(studies) for name in settings for n in per_group]
    found = in_processes(partial(_run_study, callers), cores, tasks, chunksize=4)
    return pd.DataFrame([row for rows, _ in found for row in rows]), pd.DataFrame([quality for _, quality in found])


def on_pools(pools: Pools, callers: Mapping[str, Caller], n: int) -> pd.DataFrame:
    """Score callers on each group of the pools, first `n` libraries of each pool, without `pools.DOUBTFUL`.

    One row per group and caller: `group caller features` and what `scoring.score` gives.
    """
    rows = []
    for name, sheet in pools.groups.items():
        chosen = first_replicates(sheet, n)
        counts = enough_reads(pools.counts[list(chosen.index)], n)
        for caller, call in callers.items():
            calls = call(counts, chosen, POOLS_CONTRAST)
            found = score(calls[~calls.index.isin(doubtful(counts.index))], pools.truth)
            rows.append({"group": name, "caller": caller, "features": len(counts), **found})
    return pd.DataFrame(rows)


def swaps(pools: Pools) -> pd.DataFrame:
    """Look for swapped libraries in each group of the pools, with one real swap put back.

    One row per group: `group at_fault swapped few_reads`, samples joined by `;`: those that are swapped, those that
    look so, and those that the quality step calls shallow.
    """
    rows = []
    for name, sheet in pools.groups.items():
        mistaken = swapped_back(name, sheet)
        at_fault = list(sheet.index[sheet["pool"] != mistaken["pool"]])
        rows.append({"group": name} | _joined(at_fault, *flagged(pools.counts, mistaken, POOLS_CONTRAST)))
    return pd.DataFrame(rows)


def flagged(counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast) -> tuple[list[str], list[str]]:
    """Name the samples that the quality step takes for swapped, and those it finds empty or shallow."""
    swapped = swapped_samples(counts, sheet, contrast.variable, "")
    few_reads = depth_problems(counts[list(sheet.index)], None)
    return (
        [sample for problem in swapped if problem.code == "swapped_samples" for sample in problem.samples],
        [sample for each in few_reads if each.code in ("no_reads", "shallow_library") for sample in each.samples],
    )


def flags(quality: pd.DataFrame) -> pd.DataFrame:
    """Count, by setting and samples per group, the studies in which the quality step names samples.

    `swap_exact` are studies in which exactly the swapped samples are named as such, or none where none is;
    `swap_false`, in which another one is; `few_reads_exact` and `few_reads_false`, the same of empty and shallow
    samples.
    """
    rows = []
    for (name, n), part in quality.groupby(["setting", "per_group"], sort=False):
        row: dict[str, Any] = {"setting": name, "per_group": n, "studies": len(part)}
        swap = SETTINGS[name].fault == "swapped"
        for kind, column, is_at_fault in (("swap", "swapped", swap), ("few_reads", "few_reads", not swap)):
            wanted, found = (
                part[each].str.split(";").map(lambda names: {*names} - {""}) for each in ("at_fault", column)
            )
            wanted = wanted if is_at_fault else wanted.map(lambda names: set())
            row[f"{kind}_exact"] = sum(a == b for a, b in zip(wanted, found, strict=True))
            row[f"{kind}_false"] = sum(bool(b - a) for a, b in zip(wanted, found, strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def _joined(at_fault: Sequence[str], swapped: Sequence[str], few_reads: Sequence[str]) -> dict[str, str]:
    return {"at_fault": ";".join(at_fault), "swapped": ";".join(swapped), "few_reads": ";".join(few_reads)}


def _run_study(callers: Mapping[str, Caller], task: tuple[str, int, int, int]) -> Rows:
    name, per_group, number, seed = task
    make = independent.independent_study if name in independent.SETTINGS else simulate_study
    study = make(name, per_group, number, seed)
    counted = enough_reads(study.counts, per_group).index
    which = {"setting": name, "per_group": per_group, "study": number}
    rows = [which | {"caller": caller} | _outcome(call, study, counted) for caller, call in callers.items()]
    return rows, which | _joined(study.at_fault, *flagged(study.counts, study.sheet, CONTRAST))


def _outcome(call: Caller, study: Study, counted: pd.Index) -> dict[str, Any]:
    contrast = CONTRAST.model_copy(update={"blocking": ["batch"]}) if "batch" in study.sheet else CONTRAST
    try:
        calls = call(study.counts, study.sheet, contrast)
    except ProblemsFound as refused:
        named = {sample for problem in refused.problems for sample in problem.samples}
        at_fault = bool(study.at_fault) and named.issuperset(study.at_fault)
        return {"outcome": "refused", "names_sample": at_fault}
    return {"outcome": "fitted", "names_sample": False, **score(calls, study.truth, counted)}


def in_processes(
    function: Callable[..., Result], cores: int, *arguments: Sequence[Any], chunksize: int = 1
) -> list[Result]:
    """Call a function with each set of arguments, in as many processes; the results are in the arguments' order."""
    if cores <= 1 or len(arguments[0]) <= 1:
        return [function(*each) for each in zip(*arguments, strict=True)]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # or each process would take all cores
    # Started afresh, not forked: numpy may hold threads of its own.
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        return list(pool.map(function, *arguments, chunksize=chunksize))


def seed_of(seed: int, *key: int) -> int:
    """Return the seed of one study of many, by what tells it from the others."""
    return int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1)[0])
