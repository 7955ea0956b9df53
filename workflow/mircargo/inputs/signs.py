"""Characters in a table that are invisible or look like others: replaced with a note, or refused with their row."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

from mircargo.problems import LOOK_ALIKES, UNSEEN, listing, refusal

MAX_NAME_LENGTH: Final = 300
"""No name of a feature or sample is longer; of several joined in one (`a|b`), none."""
MAX_JOINED_LENGTH: Final = 10_000

_CONTROLS: Final = re.compile(
    "[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ufffe\\uffff]"
)
_TERMINAL_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_INVISIBLE: Final = re.compile(f"[{UNSEEN}]")
_DASHES: Final = "\u00af\u02d7\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_WORD: Final = re.compile(r"[^\s,;|\"]*[^\x00-\x7f\s,;|\"][^\s,;|\"]*")
_WIDE_SPACES: Final = re.compile(r" ?[^\S\t\n\r ]+ ?")
_IN_A_NAME: Final = re.compile(r"([^\s,;|\"]+)[^\S\t\n\r ]+([^\s,;|\"]+)")
_OF_A_MIRNA: Final = re.compile(
    r"^(?:[a-z?]{3,4}[-._?]+)?(?:[m?][i?][r?]|[l?][e?][t?]|[l?][i?][n?])[-._?]*[\d?]|^[m?][i?](?:[m?][a?][t?])?[\d?]{7}",
    re.IGNORECASE,
)


def raise_if_control_characters(text: str, path: str, commands: re.Pattern[str] = _TERMINAL_CONTROLS) -> str:
    """Refuse characters that control a terminal or that no figure or spreadsheet can hold; else return the text."""
    found = commands.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what, hint = "an invisible character", "remove it; it comes from a terminal or a damaged file"
        raise refusal("unseen_character", what, f"{path}, row {line}", f"U+{ord(found[0]):04X}", hint)
    return text


def plain_name(name: str) -> str:
    """Return a name as it stands in a table once its characters are replaced by plain ones."""
    return name if _CONTROLS.search(name) else clean(name, "")[0].strip()


def clean(text: str, path: str) -> tuple[str, list[str]]:
    """Remove invisible characters and replace look-alikes; return the text, and what was done in words.

    Raises
    ------
    ProblemsFound
        Where a character controls a terminal: the file is damaged, no spreadsheet writes it.
    """
    raise_if_control_characters(text, path, _CONTROLS)
    if text.isascii():
        return text, []
    places = {sign: text.index(sign) for sign in set(text) if not sign.isascii()}
    plain = _WIDE_SPACES.sub(" ", _IN_A_NAME.sub(_joined, text))
    plain = plain.translate({ord(sign): _plain(sign) for sign in places})
    latin = _WORD.sub(_as_latin, plain)
    changed = [sign for sign in places if _plain(sign) != sign]
    changed += [sign for sign in LOOK_ALIKES if plain.count(sign) > latin.count(sign) and not sign.isascii()]
    if not changed:
        return text, []
    first = min(places[sign] for sign in changed)
    times = sum(text.count(sign) - latin.count(sign) for sign in changed)
    names = [f"U+{ord(sign):04X} {unicodedata.name(sign, 'without a name').lower()}" for sign in sorted(changed)]
    what = f"{times} characters that are invisible or look like others are removed or replaced"
    return latin, [f"{what}, first in row {text.count(chr(10), 0, first) + 1}: {listing(names)}"]


def _joined(match: re.Match[str]) -> str:
    """Take a wide space out of the name of a miRNA; between two names, and in any other text, it is a space."""
    joined = "".join(match.groups())
    # What ends in a dash is half a name, whatever follows.
    two_names = _OF_A_MIRNA.search(match[2]) and match[1][-1] not in "-_."
    return joined if _OF_A_MIRNA.search(joined) and not two_names else match[0]


def _as_latin(match: re.Match[str]) -> str:
    """Write a word in Latin letters where all its others have Latin twins and stand among Latin ones."""
    word = match[0]
    latin = "".join(LOOK_ALIKES.get(sign, sign) for sign in word)
    return latin if latin.isascii() and re.search("[A-Za-z]", word) else word


@cache
def _plain(sign: str) -> str:
    """Return the plain form of a sign: nothing for an unseen one, ASCII for a space, dash, wide letter or digit."""
    kind = unicodedata.category(sign)
    if _INVISIBLE.match(sign) or kind == "Cf":
        return ""
    if kind == "Zs":
        return " "
    if sign in _DASHES:
        return "-"
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    plain = unicodedata.normalize("NFKC", sign)
    is_wide = "\uff01" <= sign <= "\uff5e" or kind in ("Lu", "Ll")
    return plain if is_wide and len(plain) == 1 and plain.isascii() else sign


def raise_if_not_ascii(ids: Sequence[str], where: Sequence[str], path: str) -> None:
    """Refuse names of miRNAs with characters that are not ASCII: no miRNA's name has one."""
    odd = [
        (text, place)
        for text, place in zip(ids, where, strict=True)
        if not text.isascii() and _OF_A_MIRNA.search(re.sub(r"[^\x00-\x7f]", "?", text)) and re.search("[A-Za-z]", text)
    ]
    if odd:
        signs = dict.fromkeys(sign for text, _ in odd for sign in text if not sign.isascii())
        what = "names of miRNAs with characters that no miRNA name has"
        found = f"{odd[0][0]!a}; {listing(f'U+{ord(sign):04X}' for sign in signs)}"
        hint = "write the name with plain letters, digits and dashes"
        raise refusal("odd_characters", what, f"{path}, {listing(place for _, place in odd)}", found, hint)


def raise_if_long(names: Sequence[str], where: Sequence[str], path: str) -> None:
    """Refuse names of an absurd length before they are copied into every result."""
    for name, place in zip(names, where, strict=True):
        if len(name) > MAX_NAME_LENGTH and (
            len(name) > MAX_JOINED_LENGTH or max(map(len, re.split(r"[|/;,]", name))) > MAX_NAME_LENGTH
        ):
            what = f"a name of {len(name):,} characters"
            hint = f"no name is longer than {MAX_NAME_LENGTH} characters: were line ends or quotation marks lost?"
            raise refusal("long_name", what, f"{path}, {place}", f"'{name[:40]}...'", hint)
