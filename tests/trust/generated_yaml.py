"""Faults of how YAML is written, and ways to write the same that are harmless."""

from typing import Any

import yaml
from generated_designs import HARMLESS, Alter, Fault
from generated_study import Files


def _yaml(change: Any) -> Alter:
    def alter(files: Files) -> None:
        text = yaml.safe_dump(files.configuration, sort_keys=False, allow_unicode=True, width=10_000)
        files.yaml = change(text)

    return alter


def _swap(old: str, new: str) -> Alter:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return _yaml(change)


_LAUGHS = "zzz:\n  a0: &a0 [x, x]\n" + "".join(
    f"  a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)
)
_FILE = ("c.yaml",)
WRITTEN: list[Fault] = [
    ("key twice", _swap("    species: rno\n", "    species: rno\n    species: rno\n"), _FILE),
    ("study twice", _yaml(lambda text: text + text), _FILE),
    ("billion laughs", _yaml(lambda text: text + _LAUGHS), _FILE),
    ("laughs as a title", _yaml(lambda text: _LAUGHS + text.replace("title: Nerve injury", "title: *a39", 1)), _FILE),
    ("laughs as levels", _yaml(lambda text: _LAUGHS + text.replace("- drg\n", "- *a39\n", 1)), _FILE),
    (
        "alias within itself",
        _swap(
            "        subset:\n          fraction:\n          - drg\n", "        subset: &me\n          fraction: *me\n"
        ),
        _FILE,
    ),
    ("list within itself", _swap("        blocking:\n        - batch\n", "        blocking: &me [*me]\n"), _FILE),
    ("study within itself", _swap("  nerve:\n", "  nerve: &me\n    recipient: *me\n"), _FILE),
    ("merge within itself", _swap("      drg:\n", "      drg: &me\n        <<: *me\n"), _FILE),
    ("alias of nothing", _swap("species: rno", "species: *no"), _FILE),
    ("merge of a text", _swap("      drg:\n", "      drg:\n        <<: text\n"), _FILE),
    ("a tag of Python", _swap("species: rno", "species: !!python/name:os.system"), _FILE),
    ("an unknown tag", _swap("species: rno", "species: !rat rno"), _FILE),
    ("a tag of a set", _swap("        blocking:\n        - batch\n", "        blocking: !!set {batch}\n"), _FILE),
    ("binary", _swap("species: rno", "species: !!binary cm5v"), _FILE),
    ("pairs", _swap("species: rno", "species: !!pairs [a: b]"), _FILE),
    ("a number by its tag", _swap("species: rno", "species: !!float 1"), _FILE),
    ("two documents", _yaml(lambda text: text + "---\n" + text), _FILE),
    ("a tab", _swap("    species: rno", "\tspecies: rno"), _FILE),
    ("a NUL", _swap("species: rno", "species: r\x00no"), _FILE),
    ("not UTF-8", _yaml(lambda text: text.replace("Nerve", "N\u00e9rve").encode("latin-1")), _FILE),
    ("nothing", _yaml(lambda text: ""), _FILE),
    ("a comment", _yaml(lambda text: "# nothing\n"), _FILE),
    ("a text", _yaml(lambda text: "studies"), _FILE),
    ("a list", _yaml(lambda text: "- studies\n"), _FILE),
    ("null", _yaml(lambda text: "null\n"), _FILE),
    ("cut", _yaml(lambda text: text[: len(text) // 2] + "\n  x: ["), _FILE),
    ("deep", _yaml(lambda text: text + "zzz: " + "[" * 2000 + "]" * 2000), _FILE),
    ("deeper", _yaml(lambda text: text + "zzz: " + "{a: " * 20_000), _FILE),
    ("octal level", _swap("reference: control", "reference: 010"), _FILE),
    ("sexagesimal level", _swap("reference: control", "reference: 12:30"), _FILE),
    ("no", _swap("reference: control", "reference: no"), _FILE),
    ("tilde", _swap("reference: control", "reference: ~"), _FILE),
    ("date", _swap("reference: control", "reference: 2020-01-31"), _FILE),
    ("no date", _swap("reference: control", "reference: 2020-13-45"), _FILE),
    ("key of a list", _swap("    species: rno\n", "    species: rno\n    ? [a, b]\n    : 1\n"), _FILE),
    ("key of a date", _swap("    species: rno\n", "    species: rno\n    2020-01-31: 1\n"), _FILE),
    ("day .inf", _swap("day: 7", "day: .inf"), ("expectation.day",)),
    ("day .nan", _swap("day: 7", "day: .NaN"), ("expectation.day",)),
    ("alpha 0,05", _swap("alpha: 0.05", "alpha: 0,05"), ("thresholds.alpha",)),
    ("alpha 5%", _swap("alpha: 0.05", "alpha: 5%"), ("thresholds.alpha",)),
    ("alpha 1e-400", _swap("alpha: 0.05", "alpha: 1e-400"), ("thresholds.alpha",)),
    ("anchors", _swap("        variable: condition\n", "        variable: &v condition\n"), HARMLESS),
    (
        "alias",
        _yaml(
            lambda text: text.replace("variable: condition", "variable: &v condition", 1).replace(
                "variable: condition", "variable: *v", 1
            )
        ),
        HARMLESS,
    ),
    (
        "merge",
        _yaml(
            lambda text: text.replace(
                "      exosomes:\n        variable: condition\n        level: injured\n",
                "      exosomes:\n        <<: {variable: condition, level: injured}\n",
                1,
            )
        ),
        HARMLESS,
    ),
    (
        "flow",
        lambda f: setattr(f, "yaml", yaml.safe_dump(f.configuration, default_flow_style=True, width=10_000)),
        HARMLESS,
    ),
    ("keys sorted", lambda f: setattr(f, "yaml", yaml.safe_dump(f.configuration, sort_keys=True)), HARMLESS),
    ("byte order mark", _yaml(lambda text: "\ufeff" + text), HARMLESS),
    ("Windows line ends", _yaml(lambda text: text.replace("\n", "\r\n")), HARMLESS),
    ("comments", _yaml(lambda text: text.replace("\n", "  # here\n")), HARMLESS),
    ("one document", _yaml(lambda text: "%YAML 1.1\n---\n" + text + "...\n"), HARMLESS),
    ("a text by its tag", _swap("species: rno", "species: !!str rno"), HARMLESS),
    ("quoted number", _swap("alpha: 0.05", "alpha: '0.05'"), HARMLESS),
    ("number of the other kind", _swap("min_total_count: 10", "min_total_count: 10.0"), HARMLESS),
]
