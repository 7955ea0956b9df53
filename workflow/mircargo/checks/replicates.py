"""Libraries that are counted more than once: lanes, runs and preparations of one sample in the place of animals."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd

from mircargo.checks.mixups import MAX_SAMPLES, likeness
from mircargo.checks.same_reads import joined
from mircargo.features.lanes import library_of, of_one_library
from mircargo.inputs.sheet import table_columns_of
from mircargo.problems import Problem, listing

LEAST_OF_ANIMALS: Final = 0.01
"""Dispersion that a group of animals, donors or cultures has at least; most have 0.02 to 0.4."""

LEAST_OF_TWO: Final = 0.005
"""The same of two libraries, which show it less clearly; the least of public cultures is 0.004 to 0.007."""

CERTAIN: Final = float(np.log(1e6))
"""Log likelihood ratio from which something is said: two animals reach it once in a million pairs."""

MIN_READS: Final = 10  # of a feature, over the libraries compared
MAX_PENALTY: Final = 3.0  # log likelihood that one feature takes away at most: a few may differ by mapping or rounding
MAX_COMPARED_WITH_ALL: Final = 60  # libraries; of more, each is compared with those that it is most like
N_NEAREST: Final = 4
MAX_SHOWN: Final = 4
KINDS_THAT_DIFFER: Final = ("technical replicate", "count of reads beside one of UMIs")
"""What may differ by more than the noise of counting and is one library: by the work at the bench, or by PCR."""

KINDS_SURE_BY_NAME: Final = ("lane", *KINDS_THAT_DIFFER)

_LAST: Final = re.compile(r"[\W_]*[0-9]+$|(?<=[0-9])[A-Da-d]$")
Kind = Literal["identical", "named", "noise", "group"]
SENTENCES: Final[dict[Kind, str]] = {
    "identical": "libraries with the same count in every row: one library that stands in the table twice",
    "named": "libraries that are one by their names, and are counted as several samples",
    "noise": "libraries that differ by no more than the noise of counting: they look like one, counted several times",
    "group": "the libraries of a group agree to the noise of counting: replicates of one preparation, and not of"
    " animals, donors or cultures",
}
HINT: Final = (
    "give the rows of one library the same `sample` in the sheet, each with its own `column`: their reads are added up"
)
NO_CALL: Final = "no call of this contrast is taken as robust"


@dataclass(frozen=True)
class Copies:
    """Libraries of a group that are one.

    Attributes
    ----------
    kind
        How it was seen.
    samples
        Their names, of one group or, of identical libraries, of any.
    of
        What they share: the library by its name and what tells its parts apart, or the group.
    error
        Whether it is certain enough to stop.
    counts_twice
        Whether it makes a group seem larger than it is, so that no call can be robust.
    """

    kind: Kind
    samples: tuple[str, ...]
    of: str = ""
    error: bool = False
    counts_twice: bool = True

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.of, listing(self.samples, 4)]))


def counting_evidence(counts: np.ndarray, least: float) -> float:
    """Return how much likelier the libraries are one, counted several times, than several with a dispersion.

    Of each feature, the sum over libraries of (count - expected)^2 / expected follows a chi-square with one degree of
    freedom less than there are libraries where they are parts of one; a dispersion makes it larger, in proportion to
    the feature's reads. The difference of the two log likelihoods is summed over the features, of which none takes
    away more than 3. By Markov's inequality, libraries with that dispersion or a larger one reach log(1e6) once in a
    million times.

    Parameters
    ----------
    counts
        Features x libraries.
    least
        The smallest dispersion of several libraries.
    """
    used = counts[counts.sum(axis=1) >= MIN_READS].astype(float)
    k = counts.shape[1]
    if k < 2 or not len(used) or not used.sum(axis=0).all():
        return 0.0
    reads = used.sum(axis=1)
    share = used.sum(axis=0) / used.sum()
    growth = 1 + least * reads * (1 - (share**2).sum()) / (k - 1)
    # Weighted so that one feature with most of the reads does not decide what the others are held against.
    share = (used / growth[:, None]).sum(axis=0)
    expected = reads[:, None] * (share / share.sum())
    statistic = ((used - expected) ** 2 / expected).sum(axis=1)
    evidence = 0.5 * ((k - 1) * np.log(growth) - statistic * (1 - 1 / growth))
    return float(np.maximum(evidence, -MAX_PENALTY).sum())


def identical_libraries(counts: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the samples with the same count in every row, where chance does not make them so."""
    found: dict[bytes, list[str]] = {}
    values = np.ascontiguousarray(counts.to_numpy().T)
    for sample, row in zip(counts.columns, values, strict=True):
        found.setdefault(row.tobytes(), []).append(str(sample))
    several = [tuple(samples) for samples in found.values() if len(samples) > 1]
    return [samples for samples in several if _by_chance(counts[samples[0]].to_numpy()) < -CERTAIN]


def _by_chance(counts: np.ndarray) -> float:
    """Return the log probability that a second library has the same counts, by counting noise alone."""
    seen = counts[counts > 0]
    return float(-0.5 * np.log(4 * np.pi * seen).sum()) if len(np.unique(seen)) > 2 else 0.0


def copies(counts: pd.DataFrame, groups: pd.Series, columns: pd.Series | None = None) -> list[Copies]:
    """Find the libraries of a contrast that are counted more than once.

    Parameters
    ----------
    counts
        Features x samples.
    groups
        The group of each sample of the contrast.
    columns
        The sheet's `column`: names of lanes may stand there, while the samples have names without.
    """
    used = counts[[sample for sample in groups.index if sample in counts]]
    found = [Copies("identical", samples, error=True) for samples in identical_libraries(used)]
    known = {pair for each in found for pair in _pairs(each.samples)}
    for group, members in groups.groupby(groups, sort=False):
        own = used[[sample for sample in members.index if sample in used]]
        for each in _named(own, columns):
            if not _pairs(each.samples) <= known:
                found.append(each)
                known |= _pairs(each.samples)
        found += _by_noise(own, str(group), known)
    return found


def _pairs(samples: Sequence[str]) -> set[frozenset[str]]:
    return set(map(frozenset, combinations(samples, 2)))


def _named(counts: pd.DataFrame, columns: pd.Series | None) -> list[Copies]:
    """Return the libraries that names of samples, or else of columns, tell to be one."""
    names = {str(sample): str(sample) for sample in counts.columns}
    if columns is not None and not of_one_library(names.values()):
        places = {sample: table_columns_of(columns[sample]) for sample in names if sample in columns.index}
        names = {sample: own[0].column for sample, own in places.items() if len(own) == 1}
    sample_of = {name: sample for sample, name in names.items()}
    found = []
    for library, members in of_one_library(names.values()).items():
        samples = tuple(sample_of[name] for name in members)
        kinds = sorted({kind for name in members for kind in library_of(name).kinds})
        values = counts[list(samples)].to_numpy()
        evidence = counting_evidence(values, LEAST_OF_TWO)
        sure = evidence > CERTAIN or (any(kind in KINDS_SURE_BY_NAME for kind in kinds) and evidence > -CERTAIN)
        twice = sure or any(kind in KINDS_THAT_DIFFER for kind in kinds) or evidence > -CERTAIN
        found.append(Copies("named", samples, f"{library} ({listing(kinds)})", sure, twice))
    return found


def _by_noise(counts: pd.DataFrame, group: str, known: set[frozenset[str]]) -> list[Copies]:
    """Return the group if all of it agrees to counting noise, else the libraries of it that do, but for known pairs."""
    samples = list(map(str, counts.columns))
    values = counts.to_numpy()
    pairs = [(i, j) for i, j in _worth_comparing(counts) if frozenset((samples[i], samples[j])) not in known]
    if len(samples) > 2 and len(pairs) and counting_evidence(values, LEAST_OF_ANIMALS) > CERTAIN:
        return [Copies("group", tuple(samples), group)]
    alike = _numbered(samples, values, known)
    alike += [pair for pair in pairs if counting_evidence(values[:, pair], LEAST_OF_TWO) > CERTAIN]
    return [Copies("noise", tuple(samples[i] for i in sorted(part))) for part in joined(alike)]


def _numbered(samples: Sequence[str], values: np.ndarray, known: set[frozenset[str]]) -> list[tuple[int, ...]]:
    """Return the libraries, by place, that are one by their counts and by their names but for a last number or letter.

    Each of `a_1`, `a_2`, `b_1` and `b_2` may have too few reads for its pair to say anything: what the counts say for
    all a and all b to be one library each adds up, and several animals reach that once in a million times still.
    """
    stems: dict[str, list[int]] = {}
    for place, sample in enumerate(samples):
        if (stem := _LAST.sub("", sample)) != sample:
            stems.setdefault(stem, []).append(place)
    evidence = {
        tuple(places): counting_evidence(values[:, places], LEAST_OF_TWO)
        for places in stems.values()
        if 1 < len(places) < len(samples) and not _pairs([samples[place] for place in places]) & known
    }
    together = sum(own for own in evidence.values() if own <= CERTAIN)
    least = 0 if together > CERTAIN else CERTAIN
    return [places for places, own in evidence.items() if own > least]


def _worth_comparing(counts: pd.DataFrame) -> list[tuple[int, int]]:
    n = counts.shape[1]
    if n <= MAX_COMPARED_WITH_ALL:
        return list(combinations(range(n), 2))
    alike = likeness(counts) if n <= MAX_SAMPLES else None
    if alike is None:
        return []
    nearest = np.argsort(-np.nan_to_num(alike, nan=-np.inf), axis=1)[:, :N_NEAREST]
    return sorted({(min(i, int(j)), max(i, int(j))) for i, row in enumerate(nearest) for j in row})


def copy_problems(found: Sequence[Copies], where: str) -> list[Problem]:
    """Say which libraries of a contrast (or study) are counted more than once, one message for each way it was seen."""
    several = [
        [each for each in found if each.kind == kind and each.error == error]
        for kind in SENTENCES
        for error in (True, False)
    ]
    return [_problem(alike, where) for alike in several if alike]


def copies_of_study(
    counts: pd.DataFrame, groups: Mapping[str, pd.Series], columns: pd.Series, where: str
) -> list[tuple[str, list[Copies]]]:
    """Find the libraries that are counted more than once, each at the key of the first contrast that has it.

    Parameters
    ----------
    counts
        Features x samples of the study.
    groups
        By the key of each contrast, the group of each of its samples.
    columns
        The sheet's `column`.
    where
        Key of the study, for identical libraries that are in no contrast together.
    """
    by_contrast: list[tuple[str, list[Copies]]] = []
    known: set[Copies] = set()
    for place, own in groups.items():
        found = [each for each in copies(counts, own, columns) if each not in known]
        known.update(found)
        by_contrast.append((place, found))
    in_contrasts = [set(each.samples) for each in known if each.kind == "identical"]
    apart = [each for each in identical_libraries(counts) if not any(part <= set(each) for part in in_contrasts)]
    return [*by_contrast, (where, [Copies("identical", each) for each in apart])]


def _problem(found: Sequence[Copies], where: str) -> Problem:
    kind, error = found[0].kind, found[0].error
    hint = HINT
    if kind == "group":
        hint = (
            f"{NO_CALL}: such libraries show the noise of counting, and not how much animals differ; {HINT}, and"
            " compare several animals per group"
        )
    elif kind == "identical":
        hint = (
            "leave one of them in the sheet, and name the columns of the others under `exclude_samples`; or give each"
            " its own counts"
        )
    elif not error and any(each.counts_twice for each in found):
        hint = f"{HINT}; if they are of different animals, leave them: {NO_CALL}"
    elif not error:
        hint = f"they differ by more than lanes do, so look up what they are; if they are one library, {HINT}"
    more = [f"{len(found) - MAX_SHOWN} more"] if len(found) > MAX_SHOWN else []
    shown = "; ".join([*map(str, found[:MAX_SHOWN]), *more])
    samples = tuple(dict.fromkeys(sample for each in found for sample in each.samples))
    return Problem(f"copies_{kind}", SENTENCES[kind], where, shown, hint, "error" if error else "warning", samples)


def why_not_robust(found: Sequence[Copies]) -> list[str]:
    """Return the reasons for which no call of a contrast can be robust, in words."""
    return [f"{SENTENCES[each.kind]} ({each})" for each in found if each.counts_twice]
