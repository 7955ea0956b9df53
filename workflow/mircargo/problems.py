"""Problems of a study in words: what, where, what was found, what to do."""

import difflib
import errno
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

UNSEEN: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
"""Characters that control a terminal or are invisible, and surrogates, which cannot be encoded."""

LOOK_ALIKES: Final = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0440\u0410\u0412\u0415"
        "\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u0417\u0391\u0392\u0395\u0396\u0397"
        "\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03b9\u0131\u0261\u017f\u212a"
        "\u0442\u043c\u0433\u04cf\u04c0\u0237",
        "aeopcyxijshdqwpABEKMHOPCTYXIJS3ABEZHIKMNOPTYXovpiigsKtmrllj",
        strict=True,
    )
)
"""Letters of other scripts that are drawn as Latin ones are."""

Severity = Literal["error", "warning"]
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")


@dataclass(frozen=True)
class Problem:
    """One thing that a user has to know or to correct.

    Attributes
    ----------
    code
        Which kind of problem it is, the same in every release: for programs, which do not read the sentence.
    what
        The problem as a sentence without its full stop.
    where
        File, row, column, sample or configuration key.
    found
        What is there now; empty where the sentence already says it.
    hint
        What to do about it.
    severity
        An *error* stops the run; a *warning* goes into the report.
    samples
        The samples that it is about, all of them; empty where it is about no sample.
    """

    code: str
    what: str
    where: str = ""
    found: str = ""
    hint: str = ""
    severity: Severity = "error"
    samples: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.severity.upper()} {self.where + ': ' if self.where else ''}{self.what}"]
        lines += [f"    found: {self.found}"] if self.found else []
        lines += [f"    to do: {self.hint}"] if self.hint else []
        return _UNSEEN.sub(lambda unseen: ascii(unseen[0])[1:-1], "\n".join(lines))


class ProblemsFound(Exception):  # noqa: N818 - it reports, the problems are the errors
    """Raised with all problems of a step; the command line prints them and exits with 1."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(render(self.problems))

    def __reduce__(self) -> tuple[type, tuple[list[Problem]]]:
        return (type(self), (self.problems,))


def refusal(
    code: str, what: str, where: str = "", found: str = "", hint: str = "", samples: tuple[str, ...] = ()
) -> ProblemsFound:
    """Return what is raised where one problem alone is enough to stop; the arguments are those of `Problem`."""
    return ProblemsFound(Problem(code, what, where, found, hint, samples=samples))


def problem_of(error: OSError) -> Problem:
    """Describe what the system refused: a full disk, an unreadable file, a folder without write permission."""
    hints = {
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): "make room there; nothing half-written stands under a final name",
        (errno.EACCES, errno.EPERM, errno.EROFS): "get permission to read or write it, or use another folder",
        (errno.ENOENT, errno.ENOTDIR, errno.EISDIR): "check the path; it is relative to the working directory",
    }
    hint = next((text for numbers, text in hints.items() if error.errno in numbers), "")
    where, found = str(error.filename2 or error.filename or ""), error.strerror or str(error)
    return Problem("system_refuses", "the system does not let this step read or write", where, found, hint)


def raise_if_no_file(path: str | Path) -> None:
    """Refuse to open what exists and is not a file; reading from a pipe without a writer would never end.

    Raises
    ------
    ProblemsFound
        Where the path is a folder, a pipe (as is `<(command)` of a shell), a device or a socket. A file that is not
        there raises nothing.
    """
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    with suppress(OSError, ValueError):  # what opens it says what is wrong with it
        kind = stat.S_IFMT(Path(path).stat().st_mode)
        if kind != stat.S_IFREG:
            hint = "name a file in it" if kind == stat.S_IFDIR else "save what it gives as a file, and name that"
            raise refusal("not_a_file", f"this is {kinds.get(kind, 'a device')}, and no file", str(path), "", hint)


def render(problems: Sequence[Problem]) -> str:
    """List problems for people: errors first, then a line that counts them."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    errors = sum(problem.severity == "error" for problem in ordered)
    warnings = len(ordered) - errors
    counted = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return "\n".join([*map(str, ordered), ", ".join(counted) or "no problem found"])


def listing(items: Iterable[object], most: int = 8) -> str:
    """Write items as a list in a sentence, cut with a count where it would be long."""
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most} more"


def titles_in_line(titles: Iterable[str], most: int = 8) -> str:
    """Write titles as a list in a sentence, with semicolons where one of them holds a comma."""
    texts = list(titles)
    if not any(", " in text for text in texts):
        return listing(texts, most)
    more = [f"and {len(texts) - most} more"] if len(texts) > most else []
    return "; ".join([*texts[:most], *more])


def latin(text: str) -> str:
    """Return a text in small letters, those of other scripts and wide ones as the Latin ones that they look like."""
    return "".join(LOOK_ALIKES.get(sign, sign) for sign in unicodedata.normalize("NFKC", text)).casefold()


def shown(text: str) -> str:
    """Write a text in quotes; where it has signs that look like others, or like nothing, with their numbers as well."""
    seen = text.isascii() or latin(text) == unicodedata.normalize("NFC", text).casefold()
    return f"'{text}'" if seen and text == text.strip() else f"'{text}' ({ascii(text)[1:-1]})"


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` where a known word is near, else an empty text."""
    by_plain = {"".join(filter(str.isalnum, latin(known))): known for known in allowed}
    near = difflib.get_close_matches("".join(filter(str.isalnum, latin(word))), by_plain, n=1, cutoff=0.75)
    return f"did you mean {shown(by_plain[near[0]])}?" if near else ""
