"""Mutants of real tables: one thing is changed, and what must come of it is known from the csv module alone.

Run by hand: `python tests/inputs/mutants.py FOLDER [number] [seed]`, FOLDER with the public tables. It counts per 1,000
mutants: counts that are wrong without a word, refusals of what is a good table, tracebacks, and the longest answer.
"""

import csv
import io
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

Counts = dict[tuple[str, str], list[float]]
"""(feature, sample) -> its counts, sorted: a feature may have several rows."""


@dataclass(frozen=True)
class Real:
    """Where a real table is, and how it is laid out."""

    path: str
    delimiter: str
    skip: int = 0
    first: int = 1
    last: int | None = None
    turned: bool = False
    sums: bool = False
    fractions: bool = False
    sample_of: Callable[[str], str] = str
    one: bool = False


def bam(name: str) -> str:
    return name.rsplit("/", 1)[-1].removesuffix(".bam")


REAL = [
    Real("microglia_ev/microRNAseq_Cells_RAW_Counts.csv", ","),
    Real("microglia_ev/microRNAseq_EVs_RAW_counts.csv", ","),
    Real("joint_injury/mature_counts.csv", ",", turned=True),
    Real("myotube_ev/bwa_counts.txt", "\t", 1, 6, sums=True, sample_of=bam),
    Real("myotube_ev/star_counts.txt", "\t", 1, 6, sums=True, sample_of=bam),
    Real("ratiometric_pools/counts.tsv", "\t"),
    Real("formats/mirdeep2/miRNAs_expressed_all_samples_1700000000.csv", "\t", 0, 4, 10),
    Real("formats/mirdeep2/miRNAs_expressed_all_samples_1700000001.csv", "\t", 0, 4, 10, sums=True, fractions=True),
    Real("formats/mirge3/miR.Counts.csv", ","),
    Real("formats/bcbio/counts_mirna.tsv", "\t"),
    Real("formats/exceRpt/readCounts_miRNAmature_sense.txt", "\t", 0, 3, 4, sums=True, fractions=True, one=True),
    Real("formats/GDC/excerpt_mirna.quantification.txt", "\t", 0, 1, 2, one=True),
]  # fmt: skip


@dataclass
class Cells:
    """A table as cells, and what may come of it."""

    real: Real
    rows: list[list[str]]
    before: list[str] = field(default_factory=list)
    delimiter: str = "\t"
    end: str = "\n"
    quoted: bool = False
    text: str | None = None

    def copy(self) -> "Cells":
        return replace(self, rows=[list(row) for row in self.rows], before=list(self.before))

    def columns(self) -> list[int]:
        return list(range(len(self.rows[0])))[self.real.first : self.real.last]

    def written(self) -> str:
        if self.text is not None:
            return self.text
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.end, quoting=quoting).writerows(self.rows)
        return "".join(line + self.end for line in self.before) + out.getvalue()

    def counts(self) -> Counts:
        """What stands in the cells, by the csv module and `float` alone."""
        found: Counts = {}
        for row in self.rows[1:]:
            for at in self.columns():
                name, sample = row[0].strip(), self.real.sample_of(self.rows[0][at].strip())
                key = (sample, name) if self.real.turned else (name, "one" if self.real.one else sample)
                found.setdefault(key, []).append(float(row[at]))
        return {key: sorted(values) for key, values in found.items()}


@dataclass
class Mutant:
    """A changed table: what it may be read as, and whether it may or must be refused."""

    kind: str
    cells: Cells
    right: list[Counts]
    good: bool = False
    said: bool = False


def load(folder: Path, real: Real) -> Cells:
    lines = (folder / real.path).read_text(encoding="utf-8-sig").splitlines()
    rows = [row for row in csv.reader(lines[real.skip :], delimiter=real.delimiter) if row]
    return Cells(real, rows, lines[: real.skip], real.delimiter)


def part_of(cells: Cells, rng: random.Random, most: int = 120) -> Cells:
    """Some rows of a table: a trial of thousands has to end."""
    if len(cells.rows) <= most:
        return cells.copy()
    at = sorted(rng.sample(range(1, len(cells.rows)), most))
    return replace(cells, rows=[list(cells.rows[0]), *(list(cells.rows[i]) for i in at)], before=list(cells.before))


def some_cell(cells: Cells, rng: random.Random, least: float = -1) -> tuple[int, int] | None:
    found = [
        (i, at) for i in range(1, len(cells.rows)) for at in cells.columns() if float(cells.rows[i][at]) > least
    ]  # fmt: skip
    return rng.choice(found) if found else None


def grouped(text: str, mark: str) -> str:
    return f"{round(float(text)):,}".replace(",", mark)


def fits_mark(cells: Cells, rng: random.Random) -> str:
    return rng.choice([" ", "\u00a0", "\u202f", "'", "\u2019", ".", ","])


UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u180e\u0080\u0092\u009f\u00a0\u2009\u3000\u2062\U000e0041"
)
ALIKE = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\ufe63", "a": "\u0430", "s": "\u0455", "o": "\u043e", "c": "\u0441",
    "i": "\u0456", "e": "\u0435", "p": "\u0440", "M": "\u041c\u039c", "T": "\u0422\u03a4", "1": "\uff11", "2": "\uff12",
    "3": "\u0663", "h": "\u04bb", "A": "\u0410\u0391", "I": "\u0406\u0399",
}  # fmt: skip


def mutate(base: Cells, kind: str, rng: random.Random) -> Mutant | None:
    """Change one thing; None where the table has nothing to change so."""
    cells = base.copy()
    before = base.counts()
    rows, n, columns = cells.rows, len(cells.rows), cells.columns()
    row = rng.randrange(1, n)
    if kind == "none":
        return Mutant(kind, cells, [before], good=True)
    if kind == "name altered":
        name = rows[row][0]
        at = rng.randrange(len(name)) if name else 0
        rows[row][0] = rng.choice(
            [name[:at] + rng.choice("abx59") + name[at + 1 :], name + "x", name[:at] + name[at + 1 :]]
        )
        return Mutant(kind, cells, [cells.counts()]) if rows[row][0].strip() else None
    if kind == "number altered":
        rows[row][rng.choice(columns)] = str(rng.choice([0, 1, 7, rng.randrange(10**6), rng.randrange(10**3)]))
        return Mutant(kind, cells, [cells.counts()])
    if kind == "number bad":
        bad = ["", " ", "NA", "-", "x", "1e400", "-5", "12a", "0x1F", "1_000", "TRUE", "nan", "inf", "#REF!", "1-2",
               "5,5,5", "2021-03-05", "3-Mar", str(2**64), str(2**70), "1e15", "\u00b2", "\u221e", "=A1", "1;2",
               "None"]  # fmt: skip
        rows[row][rng.choice(columns)] = rng.choice([text for text in bad if cells.delimiter not in text])
        return Mutant(kind, cells, [])
    if kind == "one fraction":
        cell = some_cell(cells, rng)
        i, at = cell or (1, columns[0])
        rows[i][at] = str(float(rows[i][at]) + rng.choice([0.5, 0.25, 0.3333]))
        return Mutant(kind, cells, [cells.counts()] if base.real.fractions else [])
    if kind == "one thousand":
        cell = some_cell(cells, rng, 999)
        if cell is None or float(rows[cell[0]][cell[1]]) % 1:
            return None
        rows[cell[0]][cell[1]] = grouped(rows[cell[0]][cell[1]], fits_mark(cells, rng))
        return Mutant(kind, cells, [before])
    if kind == "thousands":
        if base.real.fractions or any(float(r[at]) % 1 for r in rows[1:] for at in columns):
            return None
        mark, number = fits_mark(cells, rng), 0
        for each in rows[1:]:
            for at in columns:
                number += float(each[at]) > 999
                each[at] = grouped(each[at], mark)
        return Mutant(kind, cells, [before], good=number >= 12)
    if kind == "decimals":
        if base.real.fractions:
            return None
        mark = rng.choice([".0", ".00", ",0"])
        if cells.delimiter == "," and mark == ",0":
            return None
        for each in rows[1:]:
            for at in columns:
                each[at] = f"{float(each[at]):.0f}{mark}"
        return Mutant(kind, cells, [before], good=True)
    if kind == "row deleted":
        del rows[row]
        return Mutant(kind, cells, [cells.counts()], good=not base.real.turned)
    if kind == "row doubled":
        if not any(float(rows[row][at]) for at in columns):
            return None
        rows.insert(rng.randrange(1, n), list(rows[row]))
        return Mutant(kind, cells, [] if base.real.sums else [cells.counts()])
    if kind == "body doubled":
        cells.rows = rows + [list(each) for each in rows[1:]]
        return Mutant(kind, cells, [] if base.real.sums else [cells.counts()])
    if kind == "cell lost":
        del rows[row][rng.randrange(len(rows[row]))]
        return Mutant(kind, cells, [])
    if kind == "cell added":
        rows[row].insert(rng.randrange(len(rows[row]) + 1), rng.choice(["7", "", "x"]))
        return Mutant(kind, cells, [])
    if kind == "columns swapped":
        one, two = rng.choice(columns), rng.choice(columns)
        for each in rows:
            each[one], each[two] = each[two], each[one]
        return Mutant(kind, cells, [before], good=True)
    if kind == "header shifted":
        names = [rows[0][at] for at in columns]
        for at, name in zip(columns, [*names[1:], names[0]], strict=True):
            rows[0][at] = name
        return Mutant(kind, cells, [cells.counts()])
    if kind == "header short":
        at = rng.randrange(1, len(rows[0]))
        del rows[0][at]
        return Mutant(kind, cells, [])
    if kind == "delimiter":
        cells.delimiter = rng.choice([each for each in "\t,;" if each != base.delimiter])
        return Mutant(
            kind, cells, [before], good=not cells.before and base.real.path.endswith(("counts.csv", "Counts.csv"))
        )
    if kind == "delimiter of a line":
        lines = cells.written().split("\n")
        i = len(cells.before) + row
        other = rng.choice([each for each in "\t,;|" if each != cells.delimiter])
        lines[i] = lines[i].replace(cells.delimiter, other)
        cells.text = "\n".join(lines)
        return Mutant(kind, cells, [])
    if kind in ("unseen sign", "look-alike sign"):
        i, at = rng.choice([(row, 0), (0, rng.choice(columns)), (row, rng.choice(columns)), (row, 0)])
        old = rows[i][at]
        if not old:
            return None
        if kind == "unseen sign":
            place = rng.randrange(len(old) + 1)
            rows[i][at] = old[:place] + rng.choice(UNSEEN) + old[place:]
        else:
            places = [j for j, sign in enumerate(old) if sign in ALIKE]
            if not places:
                return None
            place = rng.choice(places)
            rows[i][at] = old[:place] + rng.choice(ALIKE[old[place]]) + old[place + 1 :]
        right = [before]
        if (
            i == 0 or (base.real.turned and at == 0) or (at == 0 and not re.search("mir|let|MIMAT", old, re.I))
        ):  # a wide space in the name of a sample, or of what is no miRNA, may become a plain one, and is said
            spaced = cells.copy()
            spaced.rows[i][at] = " ".join(rows[i][at].split())
            right.append(spaced.counts())
        return Mutant(kind, cells, right, said=True)
    if kind == "wide space in a name":
        old = rows[row][0]
        rows[row][0] = rng.choice([" ", "\u00a0"]) + old + rng.choice(["", "\u00a0", "  "])
        return Mutant(kind, cells, [before], good=True)
    if kind == "quoted":
        cells.quoted = True
        return Mutant(kind, cells, [before], good=True)
    if kind == "quote lost":
        lines = cells.written().split("\n")
        i = len(cells.before) + row
        place = rng.randrange(len(lines[i]) + 1)
        lines[i] = lines[i][:place] + '"' + lines[i][place:]
        cells.text = "\n".join(lines)
        return Mutant(kind, cells, [])
    if kind == "line ends":
        cells.end = rng.choice(["\r\n", "\r"])
        cells.text = rng.choice(["", "\ufeff"]) + cells.written() + rng.choice(["", cells.end * 3])
        return Mutant(kind, cells, [before], good=True)
    if kind == "header again":
        rows.insert(row, list(rows[0]))
        return Mutant(kind, cells, [before], said=True)
    if kind == "commented out":
        changed = cells.copy()
        del changed.rows[row]
        rows[row][0] = "#" + rows[row][0]
        return Mutant(kind, cells, [changed.counts()], said=True)
    if kind == "total row":
        if base.real.fractions or base.real.one or base.real.turned:
            return None
        total = list(rows[1])
        total[0] = rng.choice(["Total", "Sum", "Library size", "All", "Summe", "rowSums", "zzz", "whole"])
        for at in columns:
            total[at] = f"{sum(float(each[at]) for each in rows[1:]):.0f}"
        rows.insert(rng.choice([1, n]), total)
        return Mutant(kind, cells, [before], good=True, said=True)
    if kind == "total column":
        if base.real.one or base.real.turned or base.real.fractions or base.real.last:
            return None
        rows[0].append(rng.choice(["Total", "sum", "All", "Summe", "rowSums", "zzz"]))
        for each in rows[1:]:
            each.append(f"{sum(float(each[at]) for at in columns):.0f}")
        return Mutant(kind, cells, [before], good=base.real.path.endswith((".csv", "counts.tsv")), said=True)
    if kind == "title":
        cells.text = "Table S1. Counts of miRNAs\n\n" + cells.written()
        return Mutant(kind, cells, [before], good=not cells.before and "mirdeep2" not in base.real.path)
    if kind == "cut":
        text = cells.written()
        cells.text = text[: rng.randrange(len(text) // 2, len(text))]
        kept = list(csv.reader(cells.text.splitlines()[len(cells.before) :], delimiter=cells.delimiter))
        if len(kept) < 3 or not kept[-1]:
            return None
        cells.rows = kept
        try:
            right = [cells.counts()]
        except (ValueError, IndexError):
            right = []
        cells.rows = kept[:-1]
        return Mutant(kind, cells, right)
    if kind == "normalised":
        if base.real.one or base.real.turned or len(columns) < 3:
            return None
        sums = {at: sum(float(each[at]) for each in rows[1:]) or 1 for at in columns}
        mean = rng.choice([1e5, 1e6, sum(sums.values()) / len(sums), 10**4])
        for each in rows[1:]:
            for at in columns:
                each[at] = f"{float(each[at]) / sums[at] * mean:.0f}"
        return Mutant(kind, cells, [])
    if kind == "numbered":
        if base.real.turned or base.real.skip or "formats" in base.real.path:
            return None
        for i, each in enumerate(rows):
            each.insert(0, str(i) if i else rng.choice(["", "X", "Unnamed: 0"]))
        return Mutant(kind, cells, [before], good=True)
    raise ValueError(kind)


KINDS = [
    "none", "name altered", "number altered", "number bad", "one fraction", "one thousand", "thousands",
    "decimals", "row deleted", "row doubled", "body doubled", "cell lost", "cell added", "columns swapped",
    "header shifted", "header short", "delimiter", "delimiter of a line", "unseen sign", "look-alike sign",
    "wide space in a name", "quoted", "quote lost", "line ends", "header again", "commented out", "total row",
    "total column", "title", "cut", "normalised", "numbered",
]  # fmt: skip


@dataclass
class Trial:
    """What came of many mutants."""

    tried: int = 0
    good: int = 0
    read: int = 0
    wrong: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    longest: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)


def read_as_counts(path: Path) -> tuple[Counts, list[str]]:
    table = read_table(path)
    found: Counts = {}
    for name, values in zip(table.ids, table.counts.to_numpy().tolist(), strict=True):
        for sample, value in zip(table.counts.columns, values, strict=True):
            found.setdefault((name, sample), []).append(float(value))
    return {key: sorted(values) for key, values in found.items()}, table.notes


def same(found: Counts, right: Counts) -> bool:
    return found.keys() == right.keys() and all(
        len(found[key]) == len(right[key])
        and all(abs(a - b) < 1e-6 for a, b in zip(found[key], right[key], strict=True))
        for key in found
    )


def judge(mutant: Mutant, path: Path, trial: Trial, seed: str) -> None:
    path.write_bytes(mutant.cells.written().encode())
    trial.tried += 1
    trial.good += mutant.good
    trial.kinds[mutant.kind] += 1
    label = f"{seed} {mutant.kind}: {mutant.cells.real.path}"
    start = time.monotonic()
    try:
        found, notes = read_as_counts(path)
    except ProblemsFound as refused:
        if mutant.good:
            trial.needless.append(f"{label}: {str(refused)[:300]}")
        found = None
    except Exception:  # what is looked for
        trial.tracebacks.append(f"{label}: {traceback.format_exc()[-600:]}")
        found = None
    trial.longest = max(trial.longest, time.monotonic() - start)
    if found is None:
        return
    trial.read += 1
    said = any("left out" in note or "look like others" in note or "separated by" in note for note in notes)
    if not any(same(found, right) for right in mutant.right) or (mutant.said and not said):
        trial.wrong.append(label)


def run(folder: Path, number: int, seed: int, most_rows: int = 120) -> Trial:
    """Try so many mutants, each of one table and one kind drawn at random."""
    tables = [load(folder, real) for real in REAL]
    trial = Trial()
    with tempfile.TemporaryDirectory() as scratch:
        at = 0
        while trial.tried < number:
            rng = random.Random(f"{seed}-{at}")
            at += 1
            mutant = mutate(part_of(rng.choice(tables), rng, most_rows), rng.choice(KINDS), rng)
            if mutant is not None:
                judge(mutant, Path(scratch) / "one.txt", trial, f"{seed}-{at - 1}")
    return trial


if __name__ == "__main__":
    amount = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    done = run(
        Path(sys.argv[1]), amount, int(sys.argv[3]) if len(sys.argv) > 3 else 0, int((sys.argv[4:] or ["120"])[0])
    )
    for word in ("wrong", "needless", "tracebacks"):
        print(f"{word}:", *getattr(done, word)[:40], sep="\n  ")
        print(f"  by kind: {Counter(line.split(' ', 1)[1].split(':')[0] for line in getattr(done, word))}")
    print(f"{done.tried} mutants, {done.read} read, {done.good} of them good tables; per 1,000:")
    print(f"  wrong without a word {1000 * len(done.wrong) / done.tried:.1f}")
    print(f"  refused needlessly {100 * len(done.needless) / max(done.good, 1):.2f}% of the good tables")
    print(f"  tracebacks {1000 * len(done.tracebacks) / done.tried:.1f}, longest answer {done.longest:.2f} s")
