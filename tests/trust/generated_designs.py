"""Faults of designs and of the parts that a study may have, each with what it planted."""

import copy
from collections.abc import Callable
from typing import Any

from generated_study import STUDY, Files

Alter = Callable[[Files], Any]
DRG = (*STUDY, "contrasts", "drg")
_DRG = ".".join(DRG)
_INJURY = {"variable": "condition", "level": "injured", "reference": "control"}
CYRILLIC = str.maketrans("aceopx", "\u0430\u0441\u0435\u043e\u0440\u0445")


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def each(files: Files, column: str, change: Callable[[str], str], where: str | None = None) -> None:
    for row in files.rows:
        if where is None or row[column] == where:
            row[column] = change(row[column])


def column(files: Files, old: str, new: str) -> None:
    files.rows = [{new if key == old else key: cell for key, cell in row.items()} for row in files.rows]


def _contrast(**values: Any) -> Alter:
    return lambda files: files.at(*DRG).update(values)


def only(**values: Any) -> Alter:
    """Ask one question alone, so that one fault is wrong in one place."""

    def alter(files: Files) -> None:
        study = files.study
        study["contrasts"] = {"drg": {**_INJURY, "subset": {"fraction": ["drg"]}, **values}}
        del study["comparisons"], files.configuration["meta"]

    return alter


def both(*steps: Alter) -> Alter:
    def alter(files: Files) -> None:
        for step in steps:
            step(files)

    return alter


def study(**values: Any) -> Alter:
    return lambda files: files.study.update(values)


Fault = tuple[str, Alter, tuple[str, ...]]
HARMLESS: tuple[str, ...] = ()
DESIGNS: list[Fault] = [
    ("blocking is the variable", _contrast(blocking=["condition"]), (_DRG,)),
    ("blocking twice the same", _contrast(blocking=["batch", "batch"]), ()),
    ("blocking by a number", _contrast(blocking=["age"]), ()),
    ("two blockings", _contrast(blocking=["batch", "sex"]), ()),
    (
        "nested blockings",
        both(only(blocking=["batch", "cage"]), lambda f: [r.update(cage=r["batch"] + r["sex"]) for r in f.rows]),
        (_DRG,),
    ),
    (
        "blocking confounded",
        both(only(blocking=["group"]), lambda f: [r.update(group=r["condition"][:2]) for r in f.rows]),
        (_DRG,),
    ),
    ("blocking by the animal", only(blocking=["subject"]), (_DRG,)),
    ("blocking by the sample", only(blocking=["sample"]), (_DRG,)),
    ("blocking not there", only(blocking=["lot"]), (_DRG,)),
    ("blocking of one level", only(blocking=["fraction"]), ()),
    ("no such variable", only(variable="treatment"), (_DRG,)),
    ("variable is the sample", only(variable="sample"), (_DRG,)),
    ("no such level", only(level="crushed"), (f"{_DRG}.level",)),
    ("no such reference", only(reference="sham"), (f"{_DRG}.reference",)),
    ("level is the reference", only(level="control"), (_DRG,)),
    ("level in other case", only(level="Injured"), (f"{_DRG}.level",)),
    ("level with a space", only(level="injured "), (f"{_DRG}.level",)),
    ("level of look-alikes", only(level="injured".translate(str.maketrans("e", "\u0435"))), (f"{_DRG}.level",)),
    ("level in wide letters", only(level=wide("injured")), (f"{_DRG}.level",)),
    ("no such column of the subset", only(subset={"tissue": ["drg"]}), (_DRG,)),
    ("no such value of the subset", only(subset={"fraction": ["cells"]}), (f"{_DRG}.subset",)),
    ("one such value of the subset", only(subset={"fraction": ["drg", "cells"]}), (f"{_DRG}.subset",)),
    ("empty subset of two columns", only(subset={"fraction": ["drg"], "condition": ["control"]}), (_DRG,)),
    ("subset leaves one sample", only(subset={"fraction": ["drg"], "subject": ["rat1", "rat7", "rat8"]}), (_DRG,)),
    ("formula with an absent column", only(design="~ lot + condition"), (_DRG,)),
    ("formula without the variable", only(design="~ batch"), (_DRG,)),
    ("formula that is none", only(design="~ batch +"), (_DRG,)),
    ("formula of code", only(design="~ __import__('os').getcwd() + condition"), (_DRG,)),
    ("formula without tilde", only(design="batch + condition"), (f"{_DRG}.design",)),
    ("formula of interactions", only(design="~ sex * condition"), ()),
    ("reduced keeps the variable", only(design="~ batch + condition", reduced="~ condition"), (_DRG,)),
    ("reduced alone", only(reduced="~ 1"), ()),
    ("interaction", only(interaction={"sex": "f"}), ()),
    ("interaction with an absent column", only(interaction={"geno": "ko"}), (_DRG,)),
    ("interaction with an absent level", only(interaction={"sex": "x"}), (_DRG,)),
    ("interaction with itself", only(interaction={"condition": "injured"}), (_DRG,)),
    ("interaction of three levels", only(interaction={"batch": "b1"}), (_DRG,)),
    (
        "interaction with level and reference alike",
        only(interaction={"variable": "sex", "level": "f", "reference": "f"}),
        (_DRG,),
    ),
    (
        "each level",
        lambda f: (only()(f), f.put(*DRG, value={"variable": "condition", "each_level_against": "control"})),
        (),
    ),
    (
        "each level against none",
        lambda f: (only()(f), f.put(*DRG, value={"variable": "condition", "each_level_against": "x"})),
        (f"{_DRG}.each_level_against",),
    ),
    (
        "each level of an absent column",
        lambda f: (only()(f), f.put(*DRG, value={"variable": "x", "each_level_against": "y"})),
        (_DRG,),
    ),
    ("each level and a level", only(each_level_against="control"), (f"{_DRG}.each_level_against",)),
    (
        "each level of a number",
        lambda f: (only()(f), f.put(*DRG, value={"variable": "age", "each_level_against": 50})),
        (f"{_DRG}.each_level_against",),
    ),
    (
        "each level of the animals",
        lambda f: (
            only()(f),
            f.put(*DRG, value={"variable": "subject", "each_level_against": "rat1", "subset": {"fraction": "drg"}}),
        ),
        (f"{_DRG}.each_level_against",),
    ),
    (
        "exosome contrast of a slope",
        lambda f: f.at(*STUDY, "contrasts", "age").update(exosome=True),
        ("contrasts.age",),
    ),
    (
        "slope along text",
        lambda f: only()(f) or f.study.update(numeric=["sex"]) or f.put(*DRG, value={"variable": "sex"}),
        (_DRG,),
    ),
    (
        "slope from a number to itself",
        lambda f: f.at(*STUDY, "contrasts", "age").update(level="1", reference="1"),
        ("contrasts.age",),
    ),
    ("the same question twice", lambda f: f.study["contrasts"].update(again={**f.at(*DRG), "title": "Again"}), ()),
    ("the same title twice", lambda f: f.study["contrasts"].update(again=copy.deepcopy(f.at(*DRG))), ("contrasts",)),
    (
        "comparison of an absent contrast",
        lambda f: f.put(*STUDY, "comparisons", "release", "source", value="dgr"),
        ("comparisons.release",),
    ),
    (
        "comparison of one contrast with itself",
        lambda f: f.put(*STUDY, "comparisons", "release", "source", value="exosomes"),
        ("comparisons.release",),
    ),
    (
        "comparison with a slope",
        lambda f: f.put(*STUDY, "comparisons", "release", "source", value="age"),
        ("comparisons.release",),
    ),
    (
        "comparison by an absent fraction",
        lambda f: f.put(*STUDY, "comparisons", "release", "fraction", value="tissue"),
        ("comparisons.release",),
    ),
    (
        "comparison by a wrong fraction",
        lambda f: f.put(*STUDY, "comparisons", "release", "fraction", value="batch"),
        ("comparisons.release",),
    ),
    (
        "comparison with an absent subject",
        lambda f: f.put(*STUDY, "comparisons", "release", "subject", value="rat"),
        ("comparisons.release",),
    ),
    ("comparison with blocking", lambda f: f.put(*STUDY, "comparisons", "release", "blocking", value=["age"]), ()),
    ("no such fraction column", both(only(), study(fraction="tissue")), ("studies.nerve.fraction",)),
    ("no such subject column", both(only(), study(subject="rat")), ("studies.nerve.subject",)),
    ("no such blood fraction", study(blood_derived=["plasma"]), ("studies.nerve.blood_derived",)),
    ("numeric not there", study(numeric=["age", "weight"]), ("studies.nerve.numeric",)),
    ("numeric of text", study(numeric=["age", "sex"]), ("studies.nerve.numeric",)),
    ("excluded sample not there", study(exclude_samples=["drg_control_9"]), ("exclude_samples", "drg_control_9")),
    ("no such biotype", both(only(), study(biotypes=["mirna"])), ("biotypes",)),
    ("biotype of none", both(only(), study(biotypes=["piRNA"])), ("biotypes",)),
    ("spike-in not there", study(spike_ins=["ath-miR-159a"]), ("spike_ins", "ath-miR-159a")),
    (
        "size factors of spike-ins without any",
        study(spike_ins=[], size_factors={"method": "spike_ins"}),
        ("spike_ins",),
    ),
    ("size factors of one spike-in", study(size_factors={"method": "spike_ins"}), ()),
    ("size factors of a column", study(size_factors={"method": "column", "column": "factor"}), ()),
    ("size factors of an absent column", study(size_factors={"method": "column", "column": "sf"}), ("size_factors",)),
    ("size factors of text", study(size_factors={"method": "column", "column": "sex"}), ("size_factors",)),
    (
        "size factors of absent features",
        study(size_factors={"method": "control_features", "features": ["U6"]}),
        ("size_factors",),
    ),
    ("column without its method", study(size_factors={"method": "ratio", "column": "factor"}), ("size_factors",)),
    ("no such panel", lambda f: f.configuration.update(panel="pain"), ("panel",)),
    ("panel that is no panel", lambda f: f.configuration.update(panel="samples.tsv"), ("samples.tsv",)),
    ("no such table", lambda f: f.put(*STUDY, "counts", 0, "table", value="count.tsv"), ("count.tsv",)),
    ("table is the sheet", lambda f: f.put(*STUDY, "counts", 0, "table", value="samples.tsv"), ("samples.tsv",)),
    ("table is a folder", lambda f: f.put(*STUDY, "counts", 0, "table", value="."), (".",)),
    ("table twice", lambda f: f.study["counts"].append(dict(f.study["counts"][0])), ("studies.nerve.counts",)),
    ("table with a long name", lambda f: f.put(*STUDY, "counts", 0, "table", value="x" * 240 + ".tsv"), ("xxx",)),
    ("table with too long a name", lambda f: f.put(*STUDY, "counts", 0, "table", value="x" * 256), ("counts.0.table",)),
    (
        "table with too many bytes",
        lambda f: f.put(*STUDY, "counts", 0, "table", value="\u00e9" * 130),
        ("counts.0.table",),
    ),
    (
        "address with too long a name",
        lambda f: f.put(*STUDY, "counts", 0, value={"url": f"https://x.org/{'x' * 240}", "sha256": "0" * 64}),
        ("counts.0.table",),
    ),
    (
        "address that is none",
        lambda f: f.put(*STUDY, "counts", 0, value={"url": "https://[x", "sha256": "0" * 64}),
        ("counts.0.url",),
    ),
    ("address without checksum", lambda f: f.put(*STUDY, "counts", 0, value={"url": "https://x.org/a"}), ("counts.0",)),
    ("no such sheet", study(samples="sample.tsv"), ("sample.tsv",)),
    ("sheet is the table", study(samples="counts.tsv"), ("counts.tsv",)),
    ("another species", study(species="hsa"), ("counts.tsv", "species")),
    ("species by its name", study(species="rat"), ("studies.nerve.species",)),
    ("miRBase's file without need", study(mirbase={"file": "genes.tsv"}), ("studies.nerve.mirbase",)),
    ("no such miRBase file", both(only(), study(species="ssc", mirbase={"file": "mature.fa"})), ("mature.fa",)),
    (
        "miRBase's file is no FASTA",
        both(only(), study(species="ssc", mirbase={"file": "genes.tsv"})),
        ("genes.tsv",),
    ),
    ("halves by an absent column", lambda f: f.put("meta", "injury", "halves", value="lot"), ("meta.injury.halves",)),
    ("halves by three values", lambda f: f.put("meta", "injury", "halves", value="batch"), ("meta.injury.halves",)),
    ("halves by the groups", lambda f: f.put("meta", "injury", "halves", value="condition"), ("meta.injury.halves",)),
    ("halves at random", lambda f: f.put("meta", "injury", "halves", value="random"), ()),
    ("halves of a look-alike", lambda f: f.put("meta", "injury", "halves", value="s\u0435x"), ("meta.injury.halves",)),
    ("halves in other case", lambda f: f.put("meta", "injury", "halves", value="Random"), ("meta.injury.halves",)),
    (
        "meta of an absent study",
        lambda f: f.put("meta", "injury", "contrasts", value=["nerve.drg", "neve.drg"]),
        ("meta.injury",),
    ),
    (
        "meta of one contrast twice",
        lambda f: f.put("meta", "injury", "contrasts", value=["nerve.drg", "nerve.drg"]),
        ("meta.injury",),
    ),
    (
        "meta of a slope and a difference",
        lambda f: f.put("meta", "injury", "contrasts", value=["nerve.drg", "nerve.age"]),
        ("meta.injury",),
    ),
    (
        "meta without a point",
        lambda f: f.put("meta", "injury", "contrasts", value=["nerve.drg", "drg"]),
        ("meta.injury",),
    ),
    (
        "meta with two points",
        lambda f: f.put("meta", "injury", "contrasts", value=["nerve.drg", "a.b.c"]),
        ("meta.injury",),
    ),
    ("power of 1", lambda f: f.put(*STUDY, "next_experiment", "power", value=1), ("next_experiment.power",)),
    (
        "fold below 1",
        lambda f: f.put(*STUDY, "next_experiment", "fold_changes", value=[0.5]),
        ("next_experiment.fold_changes",),
    ),
    ("one animal", lambda f: f.put(*STUDY, "next_experiment", "animals", value=[1]), ("next_experiment.animals",)),
    (
        "a million animals",
        lambda f: f.put(*STUDY, "next_experiment", "animals", value=[10**6]),
        ("next_experiment.animals",),
    ),
    ("no depth", lambda f: f.put(*STUDY, "next_experiment", "depths", value=[0]), ("next_experiment.depths",)),
    ("animals twice", lambda f: f.put(*STUDY, "next_experiment", "animals", value=[8, 4, 8]), ()),
]
