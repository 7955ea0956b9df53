"""What a name means in one table: by the release, and the level, that explains most of its names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mircargo.features.name_history import Vocabulary, former_names
from mircargo.features.spelling import ARMED, NamePart
from mircargo.problems import listing

HAIRPIN = "a hairpin: which arm its reads are of is unknown"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What one name or accession is: no accession where that is unknown, or ambiguous."""

    feature: str = ""
    accession: str = ""
    level: Literal["mature", "hairpin", "unknown"] = "unknown"
    ambiguous: bool = False
    reason: str


class Lookup:
    """The names of a species as one table uses them.

    Parameters
    ----------
    names
        The names of the species.
    parts
        Every name of the table.

    Attributes
    ----------
    best, newest, release
        The releases that explain most names, as a bit set; the latest of them, as a bit set and in words.
    as_hairpins
        Whether more of the names are hairpins.
    """

    def __init__(self, names: Vocabulary, parts: Sequence[NamePart]) -> None:
        self.names = names
        # A table that writes arms in the letters of hairpins (mir-21-5p) does not tell the two by their letters.
        self._forms_of_matures = {part.form for part in parts if part.key in names.meanings and part.armed}
        hairpins = [part for part in parts if part.key in names.hairpins and part.form != "mature"]
        self._forms_of_hairpins = {part.form for part in hairpins if part.key not in names.meanings}
        self._some_hairpins = "hairpin" not in self._forms_of_matures and any(p.form == "hairpin" for p in hairpins)
        in_hairpins = len({part.key for part in hairpins})
        self.best, score = names.vote(part.key for part in parts if self._may_be_mature(part))
        self.release = names.named(self.best)[0] if self.best else names.releases[-1]
        self.newest = 1 << names.releases.index(self.release)
        self.as_hairpins = in_hairpins > score
        self._as_matures = score > in_hairpins

    def _may_be_mature(self, part: NamePart) -> bool:
        return part.armed or part.form in {"mature", "let", *self._forms_of_matures}

    def is_mature_of(self, part: NamePart, releases: int) -> bool:
        """Say whether a name may be one of the mature miRNAs of these releases, a bit set."""
        return self._may_be_mature(part) and bool(self.names.releases_of(part.key) & releases)

    def of_accession(self, accession: str, reason: str) -> Meaning:
        now = self.names.current.get(accession)
        if now:
            if not now.startswith(f"{self.names.species}-"):
                reason = f"{reason}, of another species than the study's"
            return Meaning(feature=now, accession=accession, level="mature", reason=reason)
        gone = f"{reason}; {self.names.latest} {'does not have it' if self.names.file else 'no longer has it'}"
        former = former_names().get(accession, accession)
        return Meaning(feature=former, accession=accession, level="mature", reason=gone)

    def of_name(self, part: NamePart) -> Meaning:
        matures, hairpin = part.key in self.names.meanings, self.names.hairpins.get(part.key)
        if part.armed or part.form == "mature":
            if matures:
                return self._mature(part)
            return self._hairpin(hairpin) if hairpin else self._arm_of_hairpin(part)
        if hairpin and not matures:
            return self._hairpin(hairpin)
        if matures and not hairpin:
            if part.form == "let" or part.form in self._forms_of_matures:
                return self._mature(part)
            return self._undecided("so written it may be a mature miRNA or a hairpin of an older release")
        return self._either(part, hairpin) if hairpin else self._unknown()

    def _either(self, part: NamePart, hairpin: tuple[str, str]) -> Meaning:
        """Tell mature from hairpin where the name is that of both."""
        in_use = self.names.releases_of(part.key) & self.best
        if part.form == "let":
            if self.as_hairpins or (self._some_hairpins and not in_use):
                return self._hairpin(hairpin)
            mature = self._as_matures and in_use
        elif part.form == "hairpin" and part.form not in self._forms_of_matures:
            return self._hairpin(hairpin)
        else:
            if part.form not in self._forms_of_matures and part.form in self._forms_of_hairpins:
                return self._hairpin(hairpin)
            mature = part.form in self._forms_of_matures and part.form not in self._forms_of_hairpins and in_use
        if mature:
            return self._mature(part)
        older = self.names.named(self.names.releases_of(part.key))
        return self._undecided(
            f"{hairpin[0]} is a hairpin, and was a mature miRNA in miRBase {older[-1]} to {older[0]}"
        )

    def _mature(self, part: NamePart) -> Meaning:
        meanings = self.names.meanings[part.key]
        own = self.names.spelling[part.key]
        written = "" if part.text in (own, own.split("-", 1)[1]) else f", read as {own}"
        here = [accession for accession, releases in meanings.items() if releases & self.best]
        if len(here) == 1:
            release = self.names.named(meanings[here[0]] & self.best)[0]
            return self.of_accession(here[0], f"by its name in {self.names.label(release)}{written}")
        if here:
            fit = listing(self.names.named(self.best), 4)
            return self._undecided(f"this name has meant {listing(sorted(here))}, and the table's names fit {fit}")
        if len(meanings) == 1:
            return self.of_accession(
                next(iter(meanings)), f"by a name that has meant one miRNA in every miRBase release{written}"
            )
        known = listing(sorted(meanings))
        return self._undecided(f"this name has meant {known}; the table's release does not decide")

    def _hairpin(self, hairpin: tuple[str, str]) -> Meaning:
        return Meaning(feature=hairpin[0], accession=hairpin[1], level="hairpin", reason=HAIRPIN)

    def _arm_of_hairpin(self, part: NamePart) -> Meaning:
        """Read a hairpin's name with an arm, as in mmu-mir-9-2-5p."""
        base, arm = ARMED.sub("", part.key), part.key[-2:]
        found = self.names.arms.get((base, arm), set())
        if len(found) == 1:
            return self.of_accession(next(iter(found)), f"the {arm} arm of hairpin {self.names.hairpins[base][0]}")
        own = self.names.spelling.get(base) if base != part.key else None
        has = "has" if self.names.file else "has had"
        return self._unknown(f"; it {has} {own}, and does not say of which arm" if own and not found else "")

    def _unknown(self, more: str = "") -> Meaning:
        return Meaning(reason=f"{self.names.not_a_name}{more}")

    def _undecided(self, reason: str) -> Meaning:
        return Meaning(ambiguous=True, reason=reason)
