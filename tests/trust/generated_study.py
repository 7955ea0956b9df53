"""A small correct study with every optional part, as texts of files, from which configurations and sheets are made."""

import copy
import math
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mircargo.features.mirbase import load_mature

STUDY = ("studies", "nerve")
ANIMALS = 6
"""Of each group; each gives a library of exosomes and one of their source."""


def _counts(rng: random.Random, rows: list[str], samples: list[str], mean: float) -> str:
    lines = ["\t".join(["ID", *samples])]
    for place, row in enumerate(rows):
        typical = mean * math.exp(rng.gauss(0, 1.5)) + (200 if place == 0 else 0)
        lines.append("\t".join([row, *(str(max(0, round(rng.gauss(typical, 0.2 * typical)))) for _ in samples)]))
    return "\n".join(lines) + "\n"


def _sheet() -> list[dict[str, str]]:
    """Return the rows of the sheet: two fractions of each animal, batches across the groups, ages and litters."""
    rows = []
    for fraction in ("drg", "exosome"):
        for at in range(2 * ANIMALS):
            group, animal = ("control", "injured")[at // ANIMALS], at % ANIMALS
            rows.append({
                "sample": f"{fraction}_{group}_{animal + 1}", "condition": group, "fraction": fraction,
                "subject": f"rat{at + 1}", "batch": ("b1", "b2", "b3")[animal % 3], "litter": f"l{animal // 2 + 1}",
                "age": str(50 + (7 * at) % 11), "factor": f"{0.8 + 0.05 * animal:.2f}", "sex": "mf"[animal // 3],
            })  # fmt: skip
    return rows


SHEET = _sheet()

_INJURY = {"variable": "condition", "level": "injured", "reference": "control"}
CONFIGURATION: dict[str, Any] = {
    "studies": {
        "nerve": {
            "title": "Nerve injury",
            "species": "rno",
            "counts": [{"table": "counts.tsv", "format": "auto", "duplicates": "format", "raw": False}],
            "samples": "samples.tsv",
            "contrasts": {
                "drg": {
                    **_INJURY, "title": "Injury in DRG", "subset": {"fraction": ["drg"]}, "blocking": ["batch"],
                    "expected": "up", "expectation": {"tissue": "DRG", "model": "spinal nerve ligation", "day": 7},
                },
                "exosomes": {**_INJURY, "title": "Injury in exosomes", "subset": {"fraction": ["exosome"]},
                             "exosome": True},
                "age": {"variable": "age", "title": "Age in DRG", "subset": {"fraction": "drg"}},
            },
            "comparisons": {
                "release": {"title": "Release", "exosome": "exosomes", "source": "drg", "fraction": "fraction",
                            "subject": "subject"},
            },
            "simulated": True,
            "exclude_samples": [],
            "numeric": ["age"],
            "fraction": "fraction",
            "subject": "subject",
            "blood_derived": [],
            "biotypes": ["miRNA"],
            "spike_ins": ["cel-miR-39-3p"],
            "size_factors": {"method": "ratio", "within_fraction": True},
            "thresholds": {"alpha": 0.05, "min_log2_fold_change": 0, "min_total_count": 10, "scale_log2_sd": 0.25,
                           "preparation_log2_sd": 0.2, "equivalence_log2_fold_change": 0.585},
            "next_experiment": {"fold_changes": [1.5, 2], "power": 0.8, "animals": [4, 8], "depths": [0.5, 1]},
        },
    },
    "target": "miR-21-5p",
    "thresholds": {"alpha": 0.1},
    "panel": "neuropathic_pain",
    "figure_formats": ["svg", "pdf"],
    "meta": {
        "injury": {"title": "Injury", "contrasts": ["nerve.drg", "nerve.exosomes"], "heterogeneity": "reml",
                   "halves": "sex"},
    },
}  # fmt: skip
RECIPIENT: dict[str, Any] = {
    "recipient": {
        "title": "macrophages", "counts": {"table": "cells.tsv"}, "samples": "cells_samples.tsv",
        "contrast": {"variable": "given", "level": "exosomes", "reference": "none", "blocking": ["plate"]},
        "numeric": [], "paired": False, "genes": "genes.tsv", "cargo": "exosomes",
    },
    "targets": {"table": "targets.tsv", "columns": {"mirna": "seed", "gene": "gene", "site_type": "site_type"},
                "max_score": None},
}  # fmt: skip


@dataclass
class Files:
    """A study's files: its configuration and its sheet as values that can be altered, and all others as texts."""

    configuration: dict[str, Any]
    rows: list[dict[str, str]]
    texts: dict[str, str | bytes] = field(default_factory=dict)
    yaml: str | bytes | None = None
    """The configuration as it is written, where that is what is altered."""

    def at(self, *path: Any) -> Any:
        part: Any = self.configuration
        for key in path:
            part = part[key]
        return part

    def put(self, *path: Any, value: Any) -> None:
        self.at(*path[:-1])[path[-1]] = value

    @property
    def study(self) -> dict[str, Any]:
        return next(iter(self.configuration["studies"].values()))

    @property
    def sheet(self) -> str:
        header = list(dict.fromkeys(key for row in self.rows for key in row))
        return "".join(
            "\t".join(cells) + "\n" for cells in [header, *([row.get(key, "") for key in header] for row in self.rows)]
        )

    def write(self, folder: Path) -> None:
        text = (
            self.yaml
            if self.yaml is not None
            else yaml.safe_dump(self.configuration, sort_keys=False, allow_unicode=True, width=10_000)
        )
        for name, content in {"samples.tsv": self.sheet, **self.texts, "c.yaml": text}.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def tables() -> dict[str, str]:
    """Return the tables that no alteration touches: counts of miRNA and of messenger RNA, targets, genes."""
    rng = random.Random("a correct study")
    mature = load_mature().query("species == 'rno'").drop_duplicates("name")
    names = ["rno-miR-21-5p", *(name for name in mature["name"] if name != "rno-miR-21-5p")][:60]
    seeds = ["AGCUUAU", "GAGGUAG", "GGAAUGU", "AAAGUGC"]
    genes = [f"Gene{i}" for i in range(400)]
    cells = [f"{given}_{i}" for given in ("none", "exosomes") for i in range(4)]
    of_cells = "".join(f"{cell}\t{cell.split('_')[0]}\tp{cell[-1]}\n" for cell in cells)
    sites = "".join(f"{seeds[i // 2 % 4]}\t{gene}\t8mer\n" for i, gene in enumerate(genes) if i % 2)
    facts = "".join(f"{gene}\t{rng.randrange(200, 3000)}\t{rng.uniform(0.3, 0.6):.3f}\n" for gene in genes)
    return {
        "counts.tsv": _counts(rng, [*names, "cel-miR-39-3p"], [row["sample"] for row in SHEET], 300),
        "cells.tsv": _counts(rng, genes, cells, 200),
        "cells_samples.tsv": "sample\tgiven\tplate\n" + of_cells,
        "targets.tsv": "seed\tgene\tsite_type\n" + sites,
        "genes.tsv": "gene\tutr3_length\tgc\n" + facts,
    }


def correct(recipient: bool = False) -> Files:
    """Return the files of the study as they are right; with its recipient cells where asked for."""
    files = Files(copy.deepcopy(CONFIGURATION), copy.deepcopy(SHEET))
    if recipient:
        files.study.update(copy.deepcopy(RECIPIENT))
    return files
