"""Which series, and which of its samples, a study can be begun with; and in which words the others are refused."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from mircargo.init.accession.deposit import SEQUENCING, Deposit, DepositedSample
from mircargo.init.accession.species import BOTH, species_of
from mircargo.problems import ProblemsFound, listing, refusal
from mircargo.vocabulary import AS_NAMED, COMMON_NAMES, species_in_words


def raise_if_superseries(deposit: Deposit) -> None:
    """Refuse a superseries, which holds other series and has no samples of its own."""
    if deposit.parts:
        what = f"this is a superseries of {len(deposit.parts)} series, each of which is a study of its own"
        hint = f"take one of them: `mircargo init {deposit.parts[0]}`"
        raise refusal("superseries", what, deposit.accession, listing(deposit.parts, 20), hint)


def without_arrays(deposit: Deposit) -> Deposit:
    """Leave out samples that were not sequenced.

    Raises
    ------
    ProblemsFound
        Where none was.
    """
    arrays = {each.accession: each for each in deposit.platforms if each.technology not in ("", SEQUENCING)}
    other = [sample for sample in deposit.samples if sample.platform in arrays]
    sequenced = [sample for sample in deposit.samples if sample.platform not in arrays]
    only_arrays = bool(arrays) and len(arrays) == len(deposit.platforms)
    by_type = bool(deposit.types) and not any("sequencing" in each or "-seq" in each.lower() for each in deposit.types)
    if only_arrays or (other and not sequenced) or (by_type and not deposit.platforms):
        measured = [f"{each.accession} ({', '.join(filter(None, [each.title, each.technology]))})"
                    for each in arrays.values()]  # fmt: skip
        what = "this series was not sequenced: mircargo's model is of counts of reads"
        hint = "take a series of miRNA-seq; arrays and PCR have methods of their own (limma)"
        raise refusal("not_sequenced", what, deposit.accession, listing(measured or deposit.types), hint)
    if not other:
        return deposit
    note = f"left out, as they are of {listing(arrays)} and not sequenced: {listing(s.label for s in other)}"
    return replace(deposit, samples=tuple(sequenced), notes=(*deposit.notes, note))


def of_one_species(deposit: Deposit, asked: str | None) -> tuple[Deposit, str, list[DepositedSample]]:
    """Return the series with the samples of one species, miRBase's letters of it, and the samples of others.

    Parameters
    ----------
    deposit
        The series.
    asked
        miRBase's letters, where the user gives them.

    Raises
    ------
    ProblemsFound
        Where samples are of several species and none is asked for, or of another than is asked for.
    """
    by_organism: dict[str, list[DepositedSample]] = {}
    for sample in deposit.samples:
        by_organism.setdefault(sample.organism, []).append(sample)
    if asked and (set(by_organism) <= {""} or asked == AS_NAMED):
        return deposit, asked, []
    letters: dict[str, str] = {}
    for organism in by_organism:
        try:
            letters[organism] = species_of(organism, deposit.accession)
        except ProblemsFound:
            if len(by_organism) == 1 and BOTH not in organism:
                if asked:  # the user knows what is not known here
                    return deposit, asked, []
                raise
    if asked is None and len(letters) == len(by_organism) == 1:
        return deposit, next(iter(letters.values())), []
    which = "; ".join(
        f"{organism or 'not stated'}: {len(of)} samples, {labels(of, 20)}" for organism, of in by_organism.items()
    )
    if asked is None:
        known = {each for organism in by_organism for each in _letters_of(organism)}
        options = " or ".join(f"`--species {COMMON_NAMES[each]}`" for each in COMMON_NAMES if each in known)
        what = "the samples of this series are of several organisms, and a study is of one"
        hint = f"choose one: {options}" if options else "mircargo has names for none of them"
        raise refusal("several_organisms", what, deposit.accession, which, hint)
    mixed = {organism for organism in by_organism if BOTH in organism and asked in _letters_of(organism)}
    kept = [each for each in deposit.samples if letters.get(each.organism) == asked or each.organism in mixed]
    if not kept:
        what, hint = f"no sample of this series is of {species_in_words(asked)}", "leave out `--species`"
        raise refusal("no_sample_of_species", what, deposit.accession, which, hint)
    others = [sample for sample in deposit.samples if sample not in kept]
    if not others:
        return deposit, asked, []
    note = f"only samples of {species_in_words(asked)} are taken; left out: {labels(others)}"
    return replace(deposit, samples=tuple(kept), notes=(*deposit.notes, note)), asked, others


def _letters_of(organism: str) -> set[str]:
    """Return miRBase's letters of each organism of a sample of several, as far as they are known."""
    found = set()
    for part in organism.split(BOTH):
        with suppress(ProblemsFound):
            found.add(species_of(part, ""))
    return found


def labels(samples: Sequence[DepositedSample], most: int = 8) -> str:
    """List samples in a sentence."""
    return listing((sample.label for sample in samples), most)
