"""The rows of the tables: whether they are known, counted as hairpin or mature, and counted once."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from mircargo.checks.same_reads import hairpin_pairs, one_set_of_reads
from mircargo.features.ledger import Counts
from mircargo.features.name_history import Vocabulary
from mircargo.features.other_rnas import species_of
from mircargo.problems import Problem, did_you_mean, listing
from mircargo.vocabulary import AS_NAMED, Biotype

FEW_KNOWN_ROWS = "few_known_rows"
"""The code of a table of whose rows (nearly) none is known."""

_PREDICTED = re.compile(r"^(?:[a-z]{3,4}[-._])?(?:novel|candidate|predicted|cand|pred|PC-[35]p)", re.IGNORECASE)
MIN_ROWS, MIN_KNOWN_SHARE = 10, 0.05
MIN_PAIR_READS = 10  # reads of a hairpin and its matures in a sample, from which on the sample says how it was counted
MIN_SHARE_OF_ONE = 0.95  # share of one of the two, from which on a sample is counted as that
# Shares and reads, where one of the two is lacking in some samples only.
MAX_ABSENT_SHARE, MIN_PRESENT_SHARE, MIN_READS_OF_SHARES = 0.01, 0.25, 50
MIN_SHARE_OF_SAMPLES, MIN_SHARE_WITH_READS = 0.9, 0.5  # of the samples
# One miRNA in many that parts so may do it by noise, if not by far.
MIN_SHARE_OF_PAIRS, MIN_CERTAIN_READS, MIN_CERTAIN_SHARE = 0.2, 1000, 0.99


class _Split(NamedTuple):
    """A hairpin and its matures, their reads, and which samples are counted as which."""

    hairpin: str
    mature: str
    by_hairpin: pd.Series
    by_mature: pd.Series
    as_hairpin: pd.Index
    as_mature: pd.Index

    @property
    def by_far(self) -> bool:
        """Whether there are so many reads, so clean apart, that it is no noise."""
        ours = self.by_hairpin[self.as_hairpin].sum(), self.by_mature[self.as_mature].sum()
        others = self.by_mature[self.as_hairpin].sum(), self.by_hairpin[self.as_mature].sum()
        pairs = zip(ours, others, strict=True)
        return all(one >= max(MIN_CERTAIN_READS, MIN_CERTAIN_SHARE * (one + other)) for one, other in pairs)


def row_problems(counts: Counts, names: Vocabulary, target: str) -> list[Problem]:
    """List what is wrong, or to be known, of the rows of a study's tables."""
    strangers = unknown_rows(counts, names, target)
    return strangers or [*hairpins_beside_matures(counts), *rows_of_the_same_reads(counts)]


def in_short(counts: Counts, species: str) -> str:
    """Say in a sentence what the rows of a study's tables are."""
    rows = counts.rows
    if species == AS_NAMED:
        return _named_in_short(rows)
    of_species = rows["biotype"].eq(Biotype.MIRNA) & (rows["level"].ne(Biotype.UNKNOWN) | rows["ambiguous"])
    among = _counted({
        "hairpin(s)": of_species & rows["level"].eq("hairpin"),
        "isomiR(s)": of_species & rows["variant"].ne(""),
        "ambiguous": of_species & rows["ambiguous"],
    })  # fmt: skip
    beside = _counted({
        "of other RNAs": _is_other_rna(rows),
        "of other species": rows["biotype"].eq(Biotype.OTHER_SPECIES),
        "unknown": rows["biotype"].isin([Biotype.MIRNA, Biotype.UNKNOWN]) & ~of_species,
    })  # fmt: skip
    text = f"{int(of_species.sum()):,} of {len(rows):,} rows are miRNAs of {species}"
    return text + (f" ({among})" if among else "") + (f"; {beside}" if beside else "")


def _named_in_short(rows: pd.DataFrame) -> str:
    kinds = _counted({
        "named as a miRNA": rows["biotype"].eq(Biotype.MIRNA),
        "of other RNAs": _is_other_rna(rows),
        "with other names": rows["biotype"].eq(Biotype.UNKNOWN),
    })  # fmt: skip
    return f"{len(rows):,} rows, names taken as they are: {kinds}"


def _counted(kinds: Mapping[str, pd.Series]) -> str:
    """Write how many rows are of each kind; `(s)` of a kind is for several."""
    counted = {kind: int(mask.sum()) for kind, mask in kinds.items()}
    return ", ".join(f"{n:,} {kind.replace('(s)', 's' * (n > 1))}" for kind, n in counted.items() if n)


def _is_other_rna(rows: pd.DataFrame) -> pd.Series:
    return ~rows["biotype"].isin([Biotype.MIRNA, Biotype.UNKNOWN, Biotype.OTHER_SPECIES])


def controls_left_out(counts: Counts, controls: Sequence[str], where: str) -> list[Problem]:
    """List control features that are no features of the study, as their rows are of a kind that is not fitted."""
    rows = counts.rows[~counts.rows["kept"] & counts.rows["feature"].isin(controls)]
    kinds = dict(zip(rows["feature"], rows["biotype"], strict=True))
    hint = "list this kind under `biotypes`, then it is a feature"
    what = "a control feature is left out of the counts"
    return [
        Problem("control_feature_left_out", what, where, f"'{feature}' is {kind} by its name", hint)
        for feature, kind in kinds.items()
    ]


def unknown_rows(counts: Counts, names: Vocabulary, target: str) -> list[Problem]:
    """List tables of whose rows (nearly) none is a small RNA that is known; rows that may be the target are shown."""
    problems = []
    rows = counts.rows.assign(known=_known(counts.rows, names))
    for path, own in rows.groupby("table", sort=False):
        n = int(own["known"].sum())
        # A few rows of a user's own names are no table of another kind.
        few = len(own) < MIN_ROWS and own["biotype"].isin([Biotype.UNKNOWN, Biotype.OTHER_SPECIES]).all()
        if few or (len(own) >= MIN_ROWS and n < MIN_KNOWN_SHARE * len(own)):
            problems.append(_stranger(str(path), own, n, names, target))
    return problems


def _known(rows: pd.DataFrame, names: Vocabulary) -> pd.Series:
    """Tell the rows that are known: by miRBase, as another RNA, or as one that somebody predicted.

    Where names are taken as they are, those that have the form of a miRNA's name.
    """
    if names.species == AS_NAMED:
        return rows["biotype"].eq(Biotype.MIRNA) | _is_other_rna(rows)
    predicted = rows["source_id"].str.contains(_PREDICTED)
    by_mirbase = (rows["level"].ne(Biotype.UNKNOWN) | rows["ambiguous"]) & rows["biotype"].ne(Biotype.OTHER_SPECIES)
    return by_mirbase | _is_other_rna(rows) | predicted


def _stranger(path: str, rows: pd.DataFrame, known: int, names: Vocabulary, target: str) -> Problem:
    number = re.search(r"(mir|let)[-._]?(\d+)", target, re.IGNORECASE)
    pattern = rf"{number[1]}[-._]?{number[2]}(?!\d)" if number else "(?!)"
    named = rows.loc[rows["source_id"].str.contains(pattern, case=False), "source_id"]
    species = names.species
    what = f"no row of this table is a miRNA of {species}"
    if known:
        what = f"only {known:,} of {len(rows):,} rows of this table are known small RNAs of {species}"
    found = f"rows such as {listing(map(repr, (named if len(named) else rows['source_id']).iloc[:3]))}"
    if len(named):
        found += f" ({len(named):,} {'row names' if len(named) == 1 else 'rows name'} something like {target})"
    hint = f"is `species: {species}` right, and is this a table of counts? write ids as miRBase does"
    if species == AS_NAMED:
        what = "hardly a row of this table has the form of a miRNA's name (miR-21-5p, let-7a, dre-miR-21)"
        hint = "is this a table of counts of miRNAs?"
    elif names.file:
        hint += f"; names of another release than that of {names.file} are not known"
    written = rows["source_id"].map(species_of)
    if len(written) and (most := str(written.mode().iloc[0])) not in ("", species):
        hint += f". Names begin with {most}-: `species: {most}`?"
    return Problem(FEW_KNOWN_ROWS, what, path, found, hint)


def hairpins_beside_matures(counts: Counts) -> list[Problem]:
    """List hairpins and matures that were counted in turn, an error, and those that were counted at once, a warning."""
    split: list[_Split] = []
    both: list[tuple[str, str]] = []
    for hairpin, matures in hairpin_pairs(counts.features):
        by_hairpin, by_mature = counts.counts.loc[hairpin], counts.counts.loc[matures].sum()
        parted = _parted(by_hairpin, by_hairpin + by_mature)
        mature = str(counts.counts.loc[matures].sum(axis=1).idxmax())
        if parted is not None:
            split.append(_Split(hairpin, mature, by_hairpin, by_mature, *parted))
        if (np.minimum(by_hairpin, by_mature) >= MIN_PAIR_READS).any():
            both.append((hairpin, mature))
    hairpins = {*[each.hairpin for each in split], *[hairpin for hairpin, _ in both]}
    many = len(split) >= MIN_SHARE_OF_PAIRS * len(hairpins)
    sure = [each for each in split if many or each.by_far]
    # Any other stands in the warning: it has reads of both kinds.
    others = dict.fromkeys([*both, *((each.hairpin, each.mature) for each in split)])
    surely = {each.hairpin for each in sure}
    return [*_in_turn(counts, sure), *_at_once(counts, [pair for pair in others if pair[0] not in surely])]


def _parted(by_hairpin: pd.Series, reads: pd.Series) -> tuple[pd.Index, pd.Index] | None:
    """Return the samples counted as hairpin and those counted as mature, if each sample is one or the other.

    That takes half of the samples to have reads at all: of a rare miRNA a few reads may be of either by chance.
    """
    share = by_hairpin[reads >= MIN_PAIR_READS] / reads[reads >= MIN_PAIR_READS]
    if len(share) < max(2, MIN_SHARE_WITH_READS * len(reads)):
        return None
    as_hairpin, as_mature = share.index[share >= MIN_SHARE_OF_ONE], share.index[share <= 1 - MIN_SHARE_OF_ONE]
    enough = min(reads[as_hairpin].sum(), reads[as_mature].sum()) >= MIN_READS_OF_SHARES
    if enough and len(as_hairpin) + len(as_mature) >= MIN_SHARE_OF_SAMPLES * len(share):
        return as_hairpin, as_mature
    many = share[reads[share.index] >= MIN_READS_OF_SHARES]
    for of_one, turned in ((many, False), (1 - many, True)):  # the share of the hairpin, then that of the matures
        lacking, there = of_one.index[of_one <= MAX_ABSENT_SHARE], of_one.index[of_one >= MIN_PRESENT_SHARE]
        if min(len(lacking), len(there)) >= 2 and len(lacking) + len(there) >= MIN_SHARE_OF_SAMPLES * len(share):
            return (lacking, there) if turned else (there, lacking)
    return None


def _in_turn(counts: Counts, split: list[_Split]) -> list[Problem]:
    if not split:
        return []
    most = sorted(split, key=lambda each: -(each.by_hairpin.sum() + each.by_mature.sum()))
    found = "; ".join(
        f"{each.mature} has {each.by_mature[each.as_mature].sum():,} reads in {listing(each.as_mature, 4)} and "
        f"{each.by_mature[each.as_hairpin].sum():,} in {listing(each.as_hairpin, 4)}, {each.hairpin} "
        f"{each.by_hairpin[each.as_mature].sum():,} and {each.by_hairpin[each.as_hairpin].sum():,}"
        for each in most[:3]
    )
    n = len(split)
    found += f"; and {n - 3:,} more" if n > 3 else ""
    what = (
        f"{n:,} miRNA{'s are' if n > 1 else ' is'} counted as mature miRNA in some samples and as hairpin in others, "
        "so what is compared is how they were counted"
    )
    hint = "count all samples in one way, against mature miRNAs or against hairpins"
    where = _tables_of(counts, [most[0].hairpin, most[0].mature])
    return [Problem("hairpins_in_some_samples", what, where, found, hint)]


def _at_once(counts: Counts, both: list[tuple[str, str]]) -> list[Problem]:
    if not both:
        return []
    n = len(both)
    what = (
        f"{n:,} hairpin{'s stand' if n > 1 else ' stands'} beside a mature miRNA of {'their' if n > 1 else 'its'} own"
    )
    what += ", so the same reads may be counted twice; such a hairpin is never co-cargo"
    found = listing([f"{hairpin} beside {mature}" for hairpin, mature in both], 4)
    hint = "leave the hairpins out of the table, if the mature miRNAs hold their reads"
    where = _tables_of(counts, [name for pair in both[:1] for name in pair])
    return [Problem("hairpins_beside_matures", what, where, found, hint, "warning")]


def rows_of_the_same_reads(counts: Counts) -> list[Problem]:
    """Warn of features whose counts are the same, or of one sequence and nearly so."""
    matures = {pair.hairpin: pair.matures for pair in hairpin_pairs(counts.features)}
    # That a hairpin has the counts of its own mature is said already.
    groups = [
        [feature for feature in group if not set(group).intersection(matures.get(feature, ()))]
        for group in one_set_of_reads(counts.counts, counts.features)
    ]
    groups = [group for group in groups if len(group) > 1]
    if not groups:
        return []
    n = len(groups)
    sets = f"{n:,} sets of features have" if n > 1 else "1 set of features has"
    what = f"{sets} the same counts in all samples, or one sequence and nearly "
    what += "the same: each is one set of reads, and at most one of its features can be co-cargo"
    found = "; ".join(" = ".join(group[:4]) + (" and more" if len(group) > 4 else "") for group in groups[:4])
    found += f"; and {n - 4:,} more" if n > 4 else ""
    hint = "leave all but one out of the table where they are one feature"
    return [Problem("rows_of_same_reads", what, _tables_of(counts, groups[0]), found, hint, "warning")]


def _tables_of(counts: Counts, features: list[str]) -> str:
    return listing(counts.rows.loc[counts.rows["feature"].isin(features), "table"].unique(), 3)


def unknown_kinds(counts: Counts, biotypes: Sequence[str], where: str) -> list[Problem]:
    """List kinds under `biotypes` that mircargo does not know and no table states."""
    known = [value for key, value in vars(Biotype).items() if key.isupper()]
    there = list(map(str, counts.rows["biotype"].dropna().unique()))
    what, own = "no row is of this kind, and it is none that mircargo knows", f"the tables have {listing(there, 12)}"
    return [
        Problem("no_such_biotype", what, where, f"'{each}'", f"{did_you_mean(each, [*there, *known])} {own}".strip())
        for each in biotypes
        if each not in [*there, *known]
    ]
