"""Faults of a configuration by kind: what each key takes is listed here by hand, and every wrong value is put there.

A fault knows what it planted: the key that the message has to name. Nothing here asks the models of the configuration.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from generated_study import Files, correct

INF, NAN = float("inf"), float("nan")
LONG = "x" * 5000


@dataclass
class Case:
    """Files with one thing altered.

    Attributes
    ----------
    kind
        What sort of alteration it is, for counting.
    names
        Words of which a message has to have one, in its place or its text; empty where the files have to be accepted.
    most
        Errors that one fault may give: one, or one for each place that is wrong because of it.
    reads_tables
        Whether it can only be seen with the tables, which takes a third of a second.
    hint
        What has to be among what to do.
    recipient
        Whether the study has recipient cells.
    """

    kind: str
    what: str
    files: Files
    names: tuple[str, ...] = ()
    most: int = 1
    reads_tables: bool = False
    hint: str = ""
    recipient: bool = False

    @property
    def harmless(self) -> bool:
        return not self.names


# Keys by what they take. A star stands for a name that the user gives.
TAKES: dict[str, str] = {
    "studies": "map", "target": "text", "thresholds": "optional_map", "panel": "text", "meta": "optional_map",
    "figure_formats": "list", "figure_formats.0": "word",
    "thresholds.alpha": "number", "thresholds.min_log2_fold_change": "number", "thresholds.min_total_count": "whole",
    "thresholds.preparation_log2_sd": "number", "thresholds.scale_log2_sd": "number",
    "thresholds.equivalence_log2_fold_change": "number",
    "meta.injury": "map", "meta.injury.title": "text", "meta.injury.contrasts": "list",
    "meta.injury.contrasts.0": "text", "meta.injury.heterogeneity": "word", "meta.injury.halves": "optional_text",
}  # fmt: skip
_OF_STUDY = {
    "": "map", "title": "text", "species": "text", "counts": "list", "counts.0": "map", "samples": "text",
    "contrasts": "map", "comparisons": "map", "simulated": "flag", "exclude_samples": "list", "numeric": "list",
    "numeric.0": "text", "fraction": "text", "subject": "text", "blood_derived": "list", "biotypes": "list",
    "biotypes.0": "text", "spike_ins": "list", "spike_ins.0": "text", "size_factors": "map",
    "thresholds": "optional_map", "next_experiment": "map", "counts.0.table": "optional_text",
    "counts.0.format": "word",
    "counts.0.duplicates": "word", "counts.0.raw": "flag", "counts.0.absent_is_zero": "flag",
    "counts.0.missing_is_zero": "flag", "counts.0.sample": "optional_text", "counts.0.prefix": "optional_text",
    "counts.0.sheet": "optional_text", "counts.0.url": "optional_text", "counts.0.sha256": "optional_text",
    "contrasts.drg": "map", "contrasts.drg.title": "optional_text", "contrasts.drg.variable": "text",
    "contrasts.drg.level": "level", "contrasts.drg.reference": "level", "contrasts.drg.subset": "map",
    "contrasts.drg.subset.fraction": "levels", "contrasts.drg.subset.fraction.0": "level",
    "contrasts.drg.blocking": "list", "contrasts.drg.blocking.0": "text", "contrasts.drg.design": "optional_text",
    "contrasts.drg.reduced": "optional_text", "contrasts.drg.expected": "optional_word",
    "contrasts.drg.exosome": "flag",
    "contrasts.drg.per_unit": "flag", "contrasts.drg.interaction": "optional_map",
    "contrasts.drg.expectation": "optional_map", "contrasts.drg.expectation.tissue": "text",
    "contrasts.drg.expectation.model": "text", "contrasts.drg.expectation.day": "optional_number",
    "contrasts.age.level": "level_of_number", "contrasts.age.reference": "level_of_number",
    "comparisons.release": "map", "comparisons.release.title": "optional_text", "comparisons.release.exosome": "text",
    "comparisons.release.source": "text", "comparisons.release.fraction": "text",
    "comparisons.release.subject": "optional_text", "comparisons.release.blocking": "list",
    "size_factors.method": "word", "size_factors.within_fraction": "flag", "size_factors.features": "list",
    "size_factors.column": "optional_text", "next_experiment.fold_changes": "list",
    "next_experiment.fold_changes.0": "number", "next_experiment.power": "number", "next_experiment.animals": "list",
    "next_experiment.animals.0": "whole", "next_experiment.depths": "list", "next_experiment.depths.0": "number",
    "thresholds.alpha": "number", "thresholds.min_log2_fold_change": "number", "thresholds.min_total_count": "whole",
    "thresholds.preparation_log2_sd": "number", "thresholds.scale_log2_sd": "number",
    "thresholds.equivalence_log2_fold_change": "number", "mirbase": "optional_map",
}  # fmt: skip
_OF_RECIPIENT = {
    "recipient": "map", "recipient.title": "optional_text", "recipient.counts": "map_or_text",
    "recipient.counts.table": "optional_text", "recipient.samples": "optional_text", "recipient.contrast": "map",
    "recipient.contrast.variable": "text", "recipient.contrast.level": "level",
    "recipient.contrast.reference": "level", "recipient.contrast.blocking": "list", "recipient.numeric": "list",
    "recipient.paired": "flag", "recipient.genes": "optional_text", "recipient.cargo": "optional_text",
    "recipient.results": "optional_map_or_text", "recipient.columns": "map", "targets": "map_or_text",
    "targets.table": "optional_text", "targets.columns": "map", "targets.columns.mirna": "optional_text",
    "targets.columns.gene": "optional_text", "targets.max_score": "optional_number",
    "targets.min_score": "optional_number", "targets.families": "optional_text", "targets.url": "optional_text",
}  # fmt: skip
KEYS = (
    [(tuple(path.split(".")), kind, False) for path, kind in TAKES.items()]
    + [(("studies", "nerve", *filter(None, path.split("."))), kind, False) for path, kind in _OF_STUDY.items()]
    + [(("studies", "nerve", *path.split(".")), kind, True) for path, kind in _OF_RECIPIENT.items()]
)

_NO_TEXT: dict[str, Any] = {
    "list": ["a"], "empty list": [], "nested list": [["a", ["b"]]], "mapping": {"a": "b"}, "empty mapping": {},
    "numbers as keys": {1: 2}, "true": True, "date": date(2020, 1, 31), "infinite": INF, "not a number": NAN,
}  # fmt: skip
_NO_NUMBER = _NO_TEXT | {
    "word": "many", "empty text": "", "comma": "0,05", "minus infinite": -INF, "text infinite": "inf",
    "text nan": "nan",
    "huge": "1e999", "underscore": "1_0", "unseen": "\x00", "false": False,
}  # fmt: skip
_TEXT = {
    "word": "neither",
    "long word": LONG,
    "empty text": "",
    "full width": "\uff54\uff52\uff55\uff45",
    "line break": "a\nb",
}
_NUMBERS = {"one": 1, "half": 0.5, "negative": -1}
_LISTS = {key: value for key, value in _NO_TEXT.items() if "list" in key}
_MAPS = {key: value for key, value in _NO_TEXT.items() if key not in _LISTS and ("mapping" in key or "keys" in key)}
_SCALARS = {key: value for key, value in _NO_TEXT.items() if key not in _LISTS and key not in _MAPS}
_NOTHING = {"nothing": None}
WRONG: dict[str, dict[str, Any]] = {
    "text": _NO_TEXT | _NOTHING | {"one": 1},
    "word": _NO_TEXT | _NOTHING | _TEXT | _NUMBERS,
    "number": _NO_NUMBER | _NOTHING,
    "whole": _NO_NUMBER | _NOTHING | {"half": 0.5, "text half": "1.5", "negative": -1, "enormous": 10**30},
    "flag": _LISTS | _MAPS | _NOTHING | _TEXT | {"date": date(2020, 1, 31), "infinite": INF, "two": 2, "half": 0.5},
    "list": _MAPS | _SCALARS | _NOTHING | _NUMBERS | {"word": "a", "list of nothing": [None], "list of lists": [[]],
                                                   "list of mappings": [{"a": 1}], "list of true": [True]},
    "map": _LISTS | _SCALARS | _NUMBERS | _NOTHING | {"long word": LONG, "empty text": "", "word": "a"},
    "level": _LISTS | _MAPS | _SCALARS | _NOTHING,
    "level_of_number": _LISTS | _MAPS | _SCALARS | {"word": "old", "empty text": "", "text infinite": "inf",
                                                 "text nan": "nan"},
    "levels": {"empty list": [], "nested list": [["a"]], "list of nothing": [None]} | _MAPS | _SCALARS | _NOTHING,
}  # fmt: skip
WRONG["map_or_text"] = {key: value for key, value in WRONG["map"].items() if not isinstance(value, str)}
for _kind in ("text", "word", "number", "map", "map_or_text"):
    WRONG[f"optional_{_kind}"] = {key: value for key, value in WRONG[_kind].items() if value is not None}
_HARMLESS_OF_LIST = ("empty list",)


def _key(path: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else part for part in path)


def put(files: Files, path: tuple[str, ...], value: Any) -> None:
    """Put a value where a path leads, making the mappings on the way there."""
    part: Any = files.configuration
    *way, last = _key(path)
    for key in way:
        part = part.setdefault(key, {}) if isinstance(part, dict) else part[key]
    part[last] = value


def wrong_types() -> Iterator[Case]:
    """Put every wrong value under every key."""
    for path, kind, recipient in KEYS:
        for what, value in WRONG[kind].items():
            files = correct(recipient)
            if kind == "level_of_number":  # one without the other is a fault of its own
                files.study["contrasts"]["age"] |= {"level": "1", "reference": "0"}
            put(files, path, value)
            # An empty mapping lacks what is needed, each of which is said: of a contrast three keys.
            named = (".".join(path), f"`{path[-1]}`")
            yield Case("wrong type", f"{'.'.join(path)}: {what}", files, named, most=4, recipient=recipient)


def unknown_keys() -> Iterator[Case]:
    """Add a key to every mapping that nearly spells one that it may have."""
    seen = set()
    for path, _, recipient in KEYS:
        *way, last = path
        if last.isdigit() or last in ("nerve", "drg", "age", "injury", "release") or way[-1:] == ["subset"]:
            continue
        for slip in (last[:-1], last + "s", f"{last[0]}{last}", last.upper(), last.replace("_", "-"),
                     last.replace("a", "\u0430").replace("e", "\u0435"), f"{last} ", f"{last}\u00a0"):  # fmt: skip
            name = ".".join([*way, slip])
            if slip in ("count", *(key[-1] for key, _, _ in KEYS)) or name in seen or not slip.strip():
                continue
            seen.add(name)
            files = correct(recipient)
            put(files, (*way, slip), None)
            yield Case("unknown key", f"{name!a} for {last}", files, (name,), hint=f"'{last}'", recipient=recipient)
    for path, kind, recipient in KEYS:
        if "map" not in kind or path[-1] in ("subset", "contrasts", "comparisons", "studies", "meta", "interaction"):
            continue  # names of the user's own
        for key, shown in ((7, "7"), (True, "True"), (None, "None"), ("zzz", "zzz"), ("", "")):
            files = correct(recipient)
            _at(files, path)[key] = 1
            named = (".".join([*path, shown]), ".".join([*path, "`"]))
            yield Case("unknown key", f"{path}: {shown}", files, named, most=4, recipient=recipient)


def _at(files: Files, path: tuple[str, ...]) -> Any:
    part: Any = files.configuration
    for key in _key(path):
        part = part.setdefault(key, {}) if isinstance(part, dict) else part[key]
    return part


HARMLESS_NAMES = ("all", "con", "nul", "results", "none", "true", "null", "NaN", "index", "x" * 100, "7", "1e5", "0-_")
BAD_NAMES = ("", "-x", ".", "..", "~", "a/b", "a\\b", "a b", "a\nb", "\u0430ll", "\uff21", "caf\u00e9", "a.b", "a*",
             "$(x)", "NA", "x" * 101, "x" * 240, "\u00e9" * 240, "{a}", "_x", "a:b", "a\u00a0", "\u202ea")  # fmt: skip
OWN_NAMES = (
    ("studies", "nerve"),
    ("studies", "nerve", "contrasts", "age"),
    ("studies", "nerve", "comparisons", "release"),
    ("meta", "injury"),
)
BAD_KEYS = {"a number": 7, "true": True, "nothing": None, "date": date(2020, 1, 31), "infinite": INF}


def names() -> Iterator[Case]:
    """Give studies, contrasts, comparisons and meta-analyses names that are reserved, odd, too long or no names."""
    for path in OWN_NAMES:
        for name in (*BAD_NAMES, *BAD_KEYS.values()):
            files = _renamed(path, name)
            yield Case("name", f"{path[-1]}: {name!a:.60}", files, (".".join(path[:-1]),), most=2)
        for name in HARMLESS_NAMES:
            yield Case("name", f"{path[-1]}: {name:.60}", _renamed(path, name), reads_tables=True)
    yield Case("name", "study: meta", _renamed(("studies", "nerve"), "meta"), ("studies", "'meta'"))
    yield Case("name", "meta: meta", _renamed(("meta", "injury"), "meta"), reads_tables=True)
    for part, name in ((("studies", "nerve", "contrasts"), "age"), (("studies", "nerve", "comparisons"), "release"),
                       (("meta",), "injury")):  # fmt: skip
        files = correct()
        named = files.at(*part)
        named[name.upper()] = {**named[name], "title": "Another"}
        yield Case("name", f"{name} and {name.upper()}", files, (name.upper(),))


def _renamed(path: tuple[str, ...], name: Any) -> Files:
    files = correct()
    named = files.at(*path[:-1])
    named[name] = named.pop(path[-1])
    if path == ("studies", "nerve") and name in HARMLESS_NAMES:
        files.configuration["meta"]["injury"]["contrasts"] = [f"{name}.drg", f"{name}.exosomes"]
    elif path == ("studies", "nerve"):
        del files.configuration["meta"]
    return files
