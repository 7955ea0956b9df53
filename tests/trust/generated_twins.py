"""The same study written in another way, at random: with a fault it is refused, and without it is accepted."""

import json
import random
from collections.abc import Callable, Iterator

import yaml
from generated_cases import GENERATORS
from generated_designs import HARMLESS, Alter
from generated_faults import Case
from generated_study import Files, correct

_ODD_COLUMNS = (
    "all",
    "con",
    "-x",
    "meta",
    "results",
    "none",
    "true",
    "a b",
    "\u00e9" * 240,
    "x" * 240,
    "~",
    "1",
    "C(x)",
)


def _odd_column(rng: random.Random) -> Alter:
    name = rng.choice(_ODD_COLUMNS)
    return lambda files: [row.update({name: rng.choice("uvw")}) for row in files.rows]


def _shuffled(rng: random.Random) -> Alter:
    return lambda files: rng.shuffle(files.rows)


def _columns_shuffled(rng: random.Random) -> Alter:
    def alter(files: Files) -> None:
        keys = rng.sample(list(files.rows[0]), len(files.rows[0]))
        files.rows = [{key: row[key] for key in keys if key in row} for row in files.rows]

    return alter


def _keys_shuffled(rng: random.Random) -> Alter:
    def alter(files: Files) -> None:
        for part in (files.configuration, files.study):
            items = rng.sample(list(part.items()), len(part))
            part.clear()
            part.update(items)

    return alter


def _title(rng: random.Random) -> Alter:
    title = rng.choice(("all", "x" * 5000, "\u795e\u7d4c", "50% & <b>", "'\"`$(x)", "-x", "~", "none", "a: b # c"))

    def alter(files: Files) -> None:
        if files.study.get("title") == correct().study["title"]:  # else the title is the fault
            files.study["title"] = title

    return alter


DECORATIONS: tuple[Callable[[random.Random], Alter], ...] = (
    _odd_column, _shuffled, _columns_shuffled, _keys_shuffled, _title,
)  # fmt: skip


def _written(files: Files, rng: random.Random) -> None:
    """Write configuration and sheet in one of the ways that mean the same, where a fault has not written them."""
    style, in_order = rng.choice(("flow", "block", "json")), rng.random() < 0.5
    if files.yaml is None and style == "json" and _is_json(files.configuration):
        files.yaml = "\n" + json.dumps(files.configuration)
    elif files.yaml is None:
        options = {"default_flow_style": style == "flow", "sort_keys": in_order and _can_be_sorted(files.configuration)}
        files.yaml = yaml.safe_dump(files.configuration, allow_unicode=True, width=10_000, **options)
    text, end = files.sheet, rng.choice(("\n", "\r\n"))
    text = text if set(text) & set(",;") else text.replace("\t", rng.choice("\t,;"))
    files.texts["samples.tsv"] = rng.choice(("", "\ufeff")) + text.replace("\n", end)


def _can_be_sorted(part: object) -> bool:
    """Whether all keys are texts."""
    if isinstance(part, dict):
        return all(isinstance(key, str) and _can_be_sorted(value) for key, value in part.items())
    return all(map(_can_be_sorted, part)) if isinstance(part, list) else True


def _is_json(configuration: object) -> bool:
    try:
        again = json.loads(json.dumps(configuration, allow_nan=False))
    except (TypeError, ValueError):
        return False
    return bool(again == configuration)


def twins(seed: int, number: int) -> Iterator[tuple[Case, Case]]:
    """Draw faults, each in a study that is decorated as its faultless twin is."""
    rng = random.Random(f"twins-{seed}")
    kinds = ("designs", "recipients", "sheets", "wrong types", "unknown keys")
    faults = [case for kind in kinds for case in GENERATORS[kind]() if not case.harmless]
    for fault in rng.sample(faults, number):
        twin = Case(f"twin of {fault.kind}", fault.what, correct(fault.recipient), HARMLESS, reads_tables=True)
        for case in (fault, twin):
            own = random.Random(f"{seed}-{fault.what}")
            for decoration in own.sample(DECORATIONS, 2):
                alter = decoration(own)
                if _can_be_decorated(case.files):
                    alter(case.files)
            if _can_be_decorated(case.files):
                _written(case.files, own)
        yield fault, twin


def _can_be_decorated(files: Files) -> bool:
    studies = files.configuration.get("studies")
    nerve = studies.get("nerve") if isinstance(studies, dict) else None
    return isinstance(nerve, dict) and bool(files.rows) and "samples.tsv" not in files.texts
