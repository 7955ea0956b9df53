"""Names of samples as laboratories write them, made with a known truth."""

import random
from dataclasses import dataclass

LEVELS = {
    "Patient": "Control", "patient": "healthy", "case": "control", "Case": "Ctrl", "injured": "non_injured",
    "Injured": "uninjured", "SNI": "sham", "SNL": "Sham", "CCI": "naive", "LPS": "vehicle", "KO": "WT",
    "tumor": "normal", "Tumour": "adjacent", "treated": "untreated", "infected": "mock", "drug": "DMSO",
    "CFA": "saline", "AD": "HC", "stim": "unstim", "IL10": "PBS", "disease": "healthy_control",
    "diabetic": "non-diabetic",
    "post": "pre", "after": "before", "hypoxia": "normoxia", "siRNA": "scramble", "smoker": "non_smoker",
    "responder": "nonresponder", "exposed": "unexposed", "SCI": "sham_operated", "mutant": "wild_type",
    "ipsilateral": "contralateral", "pain": "pain_free", "painful": "painless_control", "obese": "not_obese",
    "donor_sick": "donor_healthy", "mouse_SNI": "mouse_sham", "A53T": "WT", "day7": "baseline", "HIV": "negative",
}  # fmt: skip
REPLICATES = ("{n}", "0{n}", "rep{n}", "R{n}", "r{n}", "n{n}", "#{n}", "({n})", "Rep_{n}", "{letter}", "m{n}")
ENDINGS = ("", ".bam", ".sorted.bam", "_S{i}_L001_R1_001.fastq.gz", "_trimmed.fq", ".mirna", "_S{i}", ".counts.txt")
ORDERS = (
    "{group}{s}{rep}", "{rep}{s}{group}", "{common}{s}{group}{s}{rep}", "{group}{s}{common}{s}{rep}",
    "batch{b}{s}{group}{s}{rep}", "{group}{s}{fraction}{s}{rep}", "{fraction}{s}{group}{s}{rep}", "{group}{rep}",
)  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """Columns of a table, the group of each, and which group is the reference."""

    columns: list[str]
    groups: list[str]
    level: str
    reference: str


def scheme(seed: int) -> Scheme:
    """Make the names of a study of two groups."""
    pick = random.Random(seed)
    level, reference = pick.choice(list(LEVELS.items()))
    if pick.random() < 0.3:
        change = pick.choice([str.upper, str.lower, str.capitalize])
        level, reference = change(level), change(reference)
    order, style, ending = pick.choice(ORDERS), pick.choice(REPLICATES), pick.choice(ENDINGS)
    separator = pick.choice("__-. ")
    path = pick.choice(["", "", "/data/run 3/", "C:\\counts\\"])
    fraction = pick.choice(["plasma", "exo", "DRG", "serum"])
    common = pick.choice(["mouse", "GSE1", "miRNA", "human", "2021"])
    named = [(group, n) for group in pick.sample([level, reference], 2) for n in range(1, pick.randint(3, 6) + 1)]
    columns = []
    for i, (group, n) in enumerate(named, 1):
        rep = style.format(n=n, letter="ABCDEF"[n - 1])
        text = order.format(group=group, rep=rep, s=separator, b=n % 2 + 1, common=common, fraction=fraction)
        columns.append(path + text + ending.format(i=i))
    return Scheme(columns, [group for group, _ in named], level, reference)


PAIRS = (("pre", "post"), ("before", "after"), ("baseline", "followup"), ("contra", "ipsi"), ("normal", "tumor"))
LETTERED = ("P{n}", "P0{n}", "Pat{n}", "PAT-{n}", "A{n}", "pt{n}", "donor{n}", "Donor_{n}", "M{n}", "cow{n}", "HN10{n}")
ORDERS_OF_PAIRS = ("{unit}{s}{group}", "{group}{s}{unit}", "mir{s}{unit}{s}{group}", "{unit}{s}{group}{s}exo")


@dataclass(frozen=True)
class Pairs:
    """Columns of a table, and the group and the subject of each; no subjects where samples are of different ones."""

    columns: list[str]
    groups: list[str]
    subjects: list[str] | None


def pairs(seed: int) -> Pairs:
    """Make the names of a study in which subjects are sampled in both groups, or in one of them."""
    pick = random.Random(seed)
    s, n = pick.choice("__. "), pick.randint(3, 9)
    kind = pick.choice(["lettered", "numbers_first", "glued", "other_subjects", "replicates"])
    groups = pick.choice(PAIRS if kind in ("numbers_first", "glued") else [*PAIRS, *LEVELS.items()])
    if kind == "replicates":  # ctrl_1, case_1
        groups = pick.choice([pair for pair in LEVELS.items() if pair not in {(b, a) for a, b in PAIRS}])
    order = {"numbers_first": "{unit}{s}{group}", "replicates": "{group}{s}{unit}", "glued": "{unit}{group}"}.get(
        kind, pick.choice(ORDERS_OF_PAIRS)
    )
    unit = {"numbers_first": pick.choice(["{n}", "0{n}"]), "replicates": "{n}"}.get(kind, pick.choice(LETTERED))
    if kind == "glued":
        unit = pick.choice(["{n}", "P{n}", "S{n}"])
    named = []
    for number, group in enumerate(groups):
        own = range(1, n + 1) if kind != "other_subjects" else range(1 + n * number, n + 1 + n * number)
        named += [(group, unit.format(n=each)) for each in own]
    if pick.random() < 0.5:
        pick.shuffle(named)
    columns = [order.format(group=group, unit=each, s=s) for group, each in named]
    subjects = [each for _, each in named] if kind in ("lettered", "numbers_first", "glued") else None
    return Pairs(columns, [group for group, _ in named], subjects)
