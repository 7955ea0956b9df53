"""Which gene of a table of targets each gene of the recipient is: by the identifiers that fit best."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.gene_ids import EXAMPLES, WORDS, Kind, in_capitals, kind_of, plain_ids, species_of_ids
from mircargo.problems import Problem, ProblemsFound, listing, refusal
from mircargo.vocabulary import AS_NAMED, species_in_words

ENOUGH: Final = 0.5
"""Under half of the genes of either side, identifiers do not match."""
LONGEST: Final = 60
_RODENTS: Final = frozenset({"mmu", "rno"})


@dataclass(frozen=True)
class OwnGenes:
    """The genes of the recipient.

    Attributes
    ----------
    ids
        A row a gene, its index the gene as the results name it; the columns are its identifiers by where they stand.
    weight
        How much it is expressed: of several genes of one identifier the first in this order is taken.
    expressed
        Whether it is.
    """

    ids: pd.DataFrame
    weight: np.ndarray
    expressed: np.ndarray


@dataclass(frozen=True)
class Matched:
    """Genes of the recipient with those of the table of targets.

    Attributes
    ----------
    target_of
        Gene of the recipient -> identifier in the table of targets, as it stands there.
    own_column, target_column
        Where the identifiers stand on both sides.
    kind, target_kind
        Of which kind they are, those of the recipient and those of the table of targets.
    expressed, expressed_matched, targets, targets_matched
        How many expressed genes the recipient has, how many genes the table of targets, and how many of each match.
    repeated
        How many genes share their identifier with one that is more expressed, and are not matched.
    folded
        Whether symbols match only where their case is ignored.
    unmatched
        Some identifiers of the table of targets, and of the recipient, that do not match.
    """

    target_of: pd.Series
    own_column: str
    target_column: str
    kind: Kind
    target_kind: Kind
    expressed: int
    expressed_matched: int
    targets: int
    targets_matched: int
    repeated: int
    folded: bool
    unmatched: tuple[list[str], list[str]]

    @property
    def shares(self) -> tuple[float, float]:
        """Which part of the expressed genes, and of the genes of the table of targets, matches."""
        return self.expressed_matched / max(self.expressed, 1), self.targets_matched / max(self.targets, 1)

    @property
    def in_short(self) -> str:
        """What matches what, in a sentence's part."""
        if self.kind != self.target_kind:
            return f"the recipient has {WORDS[self.kind]}, the table of targets {WORDS[self.target_kind]}"
        return (
            f"{self.expressed_matched:,} of {self.expressed:,} expressed genes and {self.targets_matched:,} of"
            f" {self.targets:,} genes with targets match by {WORDS[self.kind]}"
        )


def match_genes(own: OwnGenes, targets: Mapping[str, pd.Index]) -> Matched:
    """Match genes by the pair of columns, one of each side, in which most expressed genes are the same.

    Parameters
    ----------
    own
        The genes of the recipient.
    targets
        The identifiers of the table of targets, each once, by the column that they stand in.
    """
    best: Matched | None = None
    for own_column in own.ids:
        for target_column, ids in targets.items():
            found = _match(own, str(own_column), target_column, ids)
            if best is None or found.expressed_matched > best.expressed_matched:
                best = found
    assert best is not None  # both sides have identifiers
    return best


def _match(own: OwnGenes, own_column: str, target_column: str, targets: pd.Index) -> Matched:
    texts = own.ids[own_column].astype(object).where(own.ids[own_column].notna(), "")
    kinds = kind_of(text for text in texts[own.expressed] if text), kind_of(targets)
    kind = kinds[0]
    theirs = pd.Series(targets, index=plain_ids(targets, kinds[1]))
    theirs = theirs[~theirs.index.duplicated() & (theirs.index != "")]
    ours = plain_ids(pd.Index(texts), kind)
    folded = False
    if kinds[0] == kinds[1] == "symbol":
        exact = ours[own.expressed].isin(theirs.index).sum()
        lower = pd.Index(theirs.index.str.lower())
        alike = ours[own.expressed].str.lower().isin(lower).sum()
        # Where most symbols match as they are, those that differ in case may be other genes, as in the fly.
        if exact < ENOUGH * alike:
            folded, ours, theirs = True, ours.str.lower(), theirs.set_axis(lower)
            theirs = theirs[~theirs.index.duplicated()]
    order = np.argsort(-own.weight, kind="stable")
    first = np.zeros(len(ours), dtype=bool)
    first[order] = ~ours[order].duplicated()
    hit = ours.isin(theirs.index)
    target_of = pd.Series(theirs.reindex(ours[hit & first]).to_numpy(), index=own.ids.index[hit & first])
    missing_theirs = theirs[~theirs.index.isin(ours)]
    missing_ours = own.ids.index[~hit & own.expressed]
    return Matched(
        target_of, own_column, target_column, kind, kinds[1],
        expressed=int(own.expressed.sum()),
        expressed_matched=int((hit & own.expressed).sum()),
        targets=len(theirs),
        targets_matched=len(target_of),
        repeated=int((hit & ~first).sum()),
        folded=folded,
        unmatched=(
            [_cut(each) for each in missing_theirs[:EXAMPLES]],
            [_cut(each) for each in texts.loc[missing_ours[:EXAMPLES]]],
        ),
    )  # fmt: skip


def _cut(text: object) -> str:
    """Cut an example of an identifier, as a cell may hold a list of hundreds."""
    whole = str(text)
    return whole if len(whole) <= LONGEST else f"{whole[:LONGEST]}..."


def refuse_other_species(
    matched: Matched, own: OwnGenes, targets: Mapping[str, pd.Index], path: str, species: str
) -> None:
    """Refuse targets whose identifiers are of another species than the study's.

    Identifiers of Ensembl tell it; else the case of symbols, where they match only if it is ignored.

    Raises
    ------
    ProblemsFound
        Where they are.
    """
    if species == AS_NAMED:
        return
    of_ids = {column: found for column, ids in targets.items() if (found := species_of_ids(ids))}
    others = {column: found for column, found in of_ids.items() if found != species}
    matched_exactly = max(matched.shares) >= ENOUGH and not matched.folded
    if others and not (matched_exactly and {species, *others.values()} <= _RODENTS):
        column, letters = next(iter(others.items()))
        found = f"'{targets[column][0]}' in column '{column}' is of {species_in_words(letters)}"
        raise _of_other_species(path, species, found)
    if of_ids or not matched.folded:
        return
    capitals = (
        in_capitals(own.ids[matched.own_column].dropna().astype(str)),
        in_capitals(targets[matched.target_column]),
    )
    if min(capitals) < ENOUGH <= max(capitals):
        example = listing(map(repr, matched.target_of.iloc[:EXAMPLES]))
        found = f"{example}; the recipient has {listing(map(repr, matched.target_of.index[:EXAMPLES]))}"
        raise _of_other_species(path, species, found, ", by the case of their symbols")


def _of_other_species(path: str, species: str, found: str, how: str = "") -> ProblemsFound:
    own = species_in_words(species)
    what = f"these are targets of another species than the study's ({own}){how}"
    hint = f"give the table of {own}: TargetScan and miRTarBase have one for each species"
    return refusal("targets_of_other_species", what, path, found, hint)


def match_problems(matched: Matched, path: str, where: str) -> list[Problem]:
    """List that identifiers do not match, or that much is left unmatched.

    Parameters
    ----------
    path
        The table of targets.
    where
        The table of the recipient.
    """
    expressed, targets = matched.shares
    theirs, ours = matched.unmatched
    counted = matched.in_short
    examples = f"{listing(map(repr, theirs)) or 'nothing'} against {listing(map(repr, ours)) or 'nothing'}"
    if max(expressed, targets) < ENOUGH:
        what = "the identifiers of the targets do not match those of the recipient"
        hint = (
            "give tables with the same kind of identifiers (symbols, Ensembl genes or Entrez), or under `genes` of"
            " `recipient` a table that has both"
        )
        found = f"{counted}; for instance {examples} ({where})"
        return [Problem("genes_do_not_match", what, path, found, hint)]
    problems = []
    if min(expressed, targets) < ENOUGH:
        what = (
            "less than half of the expressed genes are in the table of targets: the others count as genes without a"
            " site, though it may be silent about them"
        )
        if targets < ENOUGH:
            what = "less than half of the genes with targets are in the table of the recipient"
        problems.append(Problem("few_genes_match", what, path, f"{counted}; not {examples}", "", "warning"))
    if matched.folded:
        what = "symbols match only where their case is ignored"
        found = f"'{matched.target_of.iloc[0]}' is '{matched.target_of.index[0]}'"
        hint = "is the table of targets of the right species?"
        problems.append(Problem("symbols_differ_in_case", what, path, found, hint, "warning"))
    return problems
