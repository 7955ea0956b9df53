"""A folder of results as the workflow leaves it, made at once and of any size: numbers are drawn, figures stand-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mircargo.features.mirbase import load_mature
from mircargo.figures.catalogue import stems
from mircargo.io import write_json, write_table, write_text
from mircargo.results.provenance import MAIN

TARGET = "mmu-miR-21a-5p"
KINDS = {
    "poscounts": "size_factors",
    "TMM": "size_factors",
    "at least 100 reads in total": "filter",
    "a preparation error of 15%": "preparation",
    "limma-voom": "engine",
}


@dataclass(frozen=True)
class Made:
    """A study of contrasts `c1` on, each of samples of its own; the last is of exosomes, compared with the first."""

    n_features: int = 60
    n_samples: int = 6
    n_contrasts: int = 2
    names: Sequence[str] = ()
    title: str = "Made up"
    called: bool = True
    points: int = 40

    @property
    def features(self) -> list[str]:
        matures = load_mature()
        own = matures.loc[matures["species"] == "mmu", "name"].tolist()
        more = [f"novel-{i}" for i in range(self.n_features)]
        return list(dict.fromkeys([TARGET, *self.names, *own, *more]))[: self.n_features]

    @property
    def contrasts(self) -> list[str]:
        return [f"c{i + 1}" for i in range(self.n_contrasts)]

    @property
    def exosome(self) -> str | None:
        return self.contrasts[-1] if self.n_contrasts > 1 else None

    def samples_of(self, contrast: str) -> list[str]:
        return [f"{contrast}_{group}_{i + 1}" for group in ("control", "injured") for i in range(self.n_samples // 2)]


def make(study: Made, folder: Path) -> Path:
    """Write the folder of a study named as the folder is, and return it."""
    rng = np.random.Generator(np.random.PCG64(1))
    _counts(study, folder, rng)
    frames = {name: _contrast(study, folder, name, rng) for name in study.contrasts}
    _cargo(study, folder, frames)
    _figures(study, folder)
    write_json({"warnings": []}, folder / "check.json")
    write_json(
        {
            "finished": "2000-01-01T00:00:00+00:00",
            "python": "3",
            "platform": "none",
            "versions": dict.fromkeys(MAIN, "1.0"),
            "distributions": {},
            "inputs": [{"path": "counts.tsv", "sha256": "0" * 64}],
            "configuration": _configuration(study, folder.name),
        },
        folder / "provenance.json",
    )
    return folder


def _configuration(study: Made, name: str) -> dict:
    contrast = {"variable": "condition", "level": "injured", "reference": "control"}
    comparisons = {"release": {"exosome": study.exosome, "source": "c1"}} if study.exosome else {}
    settings = {
        "title": study.title,
        "species": "mmu",
        "counts": [{"table": "counts.tsv"}],
        "samples": "samples.tsv",
        "contrasts": dict.fromkeys(study.contrasts, contrast),
        "comparisons": comparisons,
    }
    return {"studies": {name: settings}, "target": "miR-21-5p"}


def _counts(study: Made, folder: Path, rng: np.random.Generator) -> None:
    features = study.features
    accession = load_mature().set_index("name")["accession"]
    sheet = pd.DataFrame({"feature": features, "accession": [accession.get(name) for name in features]})
    write_table(sheet, folder / "counts" / "features.tsv")
    samples = [sample for name in study.contrasts for sample in study.samples_of(name)]
    mean = np.exp(rng.normal(3, 2, len(features)))
    values = rng.poisson(mean[:, None], (len(features), len(samples))) * rng.uniform(0.8, 1.2, len(samples))
    normalised = pd.DataFrame(values, columns=samples)
    normalised.insert(0, "feature", features)
    write_table(normalised, folder / "quality" / "normalised.tsv")
    quality = {"sample": samples, "total": values.sum(axis=0).astype(int), "detected": (values > 0).sum(axis=0)}
    quality |= {"top_feature": TARGET, "top_share": 0.2, "size_factor": 1.0, "flags": ""}
    write_table(pd.DataFrame(quality), folder / "quality" / "samples.tsv")
    ledger = {
        "table": "counts.tsv",
        "row": range(len(features)),
        "action": "kept",
        "reads": values.sum(axis=1).astype(int),
    }
    write_table(pd.DataFrame(ledger), folder / "counts" / "ledger.tsv")
    balance = dict.fromkeys(["input_reads", "kept_reads", "dropped_reads", "repeated_reads", "rounding"], 0)
    write_table(pd.DataFrame({"sample": samples} | balance), folder / "counts" / "balance.tsv")
    write_json({"in_short": "Three features of six samples.", "notes": []}, folder / "counts" / "notes.json")


def _contrast(study: Made, folder: Path, name: str, rng: np.random.Generator) -> pd.DataFrame:
    n, features, samples = study.n_features, study.features, study.samples_of(name)
    fold = rng.normal(0, 1, n)
    error = rng.uniform(0.2, 0.5, n)
    table = pd.DataFrame({"feature": features, "baseMean": np.exp(rng.normal(4, 2, n)), "log2FoldChange": fold})
    table["lfcSE"], table["stat"] = error, fold / error
    table["pvalue"] = np.exp(-(table["stat"] ** 2)) if study.called else 1.0
    table["padj"] = np.minimum(1, 2 * table["pvalue"])
    table["status"] = "tested"
    table["ci_low"], table["ci_high"] = fold - 2 * error, fold + 2 * error
    for column in ("equivalence_pvalue", "equivalence_padj", "shrunken_log2FoldChange", "dispersion"):
        table[column] = rng.uniform(0, 1, n)
    rare = slice(n - n // 10, n)
    table.loc[table.index[rare], ["log2FoldChange", "lfcSE", "pvalue", "padj", "ci_low", "ci_high"]] = np.nan
    table.loc[table.index[rare], "status"] = "low_count"
    write_table(table, folder / "differential" / f"{name}.tsv")
    write_json(_facts(study, samples, n), folder / "differential" / f"{name}.json")
    _stress(folder, name, table, samples)
    return table


def _facts(study: Made, samples: list[str], n: int) -> dict:
    half = len(samples) // 2
    rows = [("control", [1, 0], samples[:half]), ("injured", [1, 1], samples[half:])]
    return {
        "formula": "~ condition",
        "reduced_formula": None,
        "samples": samples,
        "groups": {"control": half, "injured": half},
        "residual_degrees_of_freedom": len(samples) - 2,
        "size_factor_methods": {"all": "ratio"},
        "size_factor_features": {"all": n},
        "dispersion_trend": "parametric",
        "n_refitted_outliers": 0,
        "n_fallbacks": {"coefficients": 0},
        "n_by_status": {"tested": n - n // 10, "low_count": n // 10},
        "engine_warnings": [],
        "not_shrunken": None,
        "design": {
            "coefficients": [
                {"name": "Intercept", "words": "the control group"},
                {"name": "condition[T.injured]", "words": "injured against control"},
            ],
            "rows": [{"values": values, "samples": own, "group": group} for group, values, own in rows],
        },
    }


def _stress(folder: Path, name: str, table: pd.DataFrame, samples: list[str]) -> None:
    called = table["padj"] < 0.05
    call = np.where(
        table["padj"].isna(), "not tested", np.where(called, np.where(table["stat"] > 0, "up", "down"), "none")
    )
    variants = {f"without sample {sample}": "sample" for sample in samples} | KINDS
    summary = pd.DataFrame({"feature": table["feature"], "n_variants": len(variants)})
    summary["share_same_call"] = np.where(table["padj"].isna(), np.nan, 1.0)
    summary["call"] = call
    write_table(summary, folder / "robustness" / f"{name}.tsv")
    said = [{"name": each, "kind": kind, "n_calls": int(called.sum())} for each, kind in variants.items()]
    for each in said:
        each["n_calls_kept"] = each["n_calls"]
    stress = {"n_calls": int(called.sum()), "n_calls_in_all": int(called.sum()), "variants": said, "not_possible": []}
    write_json(stress, folder / "robustness" / f"{name}.json")
    own = table[["feature", "log2FoldChange", "ci_low", "ci_high", "padj"]].assign(call=call)
    parts = [
        own.assign(variant=each, kind=kind, log2FoldChange=own["log2FoldChange"] + 0.01 * at)
        for at, (each, kind) in enumerate({"as configured": "base", **variants}.items())
    ]
    order = ["feature", "variant", "kind", "log2FoldChange", "ci_low", "ci_high", "padj", "call"]
    write_table(pd.concat(parts)[order], folder / "robustness" / f"{name}.variants.tsv")


def _cargo(study: Made, folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    cargo = folder / "cargo"
    rows = []
    for name, table in frames.items():
        row = table.iloc[0][["feature", "log2FoldChange", "ci_low", "ci_high", "padj"]].to_dict()
        call = "up" if study.called else "inconclusive"
        sentence = f"{TARGET} is {call} in injured against control."
        rows.append({"contrast": name} | row | {"call": call, "share_same_call": 1.0, "sentence": sentence})
    empty = dict.fromkeys(["fragile_under", "expected", "equivalence_pvalue", "note", "overturning_global_change"])
    write_table(pd.DataFrame(rows).assign(**empty), cargo / "target.tsv")
    columns = [
        "contrast",
        "mirna",
        "feature",
        "expected",
        "observed",
        "agrees",
        "log2FoldChange",
        "padj",
        "source",
        "doi",
        "note",
    ]
    write_table(pd.DataFrame(columns=columns), cargo / "expectations.tsv")
    if not study.exosome:
        write_table(
            pd.DataFrame(columns=["contrast", "feature", "tier", "padj", "cross_maps_to", "cautions"]),
            cargo / "co_cargo.tsv",
        )
        return
    own = frames[study.exosome]
    with_target = (own["padj"] < 0.05) & (own["stat"] > 0) & (own["feature"] != TARGET)
    table = own[["feature", "log2FoldChange", "padj"]].assign(
        contrast=study.exosome, share_same_call=1.0, cautions=None
    )
    table["tier"] = np.where(with_target, "strong", None)
    table["class"] = np.where(with_target, "selective", "undetermined")
    missing = ["source_log2FoldChange", "release_log2FoldChange", "release_padj", "residual_correlation"]
    table = table.assign(**dict.fromkeys([*missing, "residual_correlation_pvalue", "cross_maps_to"]))
    write_table(table.sort_values("tier", kind="stable"), cargo / "co_cargo.tsv")
    tiers = {"strong": int(with_target.sum())} if with_target.any() else {}
    write_json({"tiers": tiers, "why_not": "too few samples"}, cargo / "co_cargo" / f"{study.exosome}.json")
    release = own[["feature", "log2FoldChange", "padj"]].assign(source_log2FoldChange=frames["c1"]["log2FoldChange"])
    release["class"] = table["class"]
    release["release_log2FoldChange"], release["release_padj"] = 0.5, 0.5
    write_table(release, cargo / "release" / "release.tsv")
    facts = {"formula": "~ fraction * condition", "by_fraction": {"separable": False}}
    write_json(facts, cargo / "release" / "release.json")
    base = release[["feature", "log2FoldChange"]].assign(variant="as configured", kind="base", call="none")
    write_table(base, folder / "robustness" / "release" / "release.variants.tsv")


def _figures(study: Made, folder: Path) -> None:
    """Draw points and the figure's name, in files about as large as the real ones."""
    comparisons = ["release"] if study.exosome else []
    for stem in stems(study.contrasts, [study.exosome] if study.exosome else [], comparisons):
        rng = np.random.Generator(np.random.PCG64(len(stem)))
        places = rng.uniform(10, 290, (study.points, 2)).round(2)
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="2"/>' for x, y in places)
        text = f'<text x="10" y="20">{stem}</text>'
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" width="300" height="300">{text}{dots}</svg>'
        )
        write_text(svg, folder / "figures" / f"{stem}.svg")
        write_text(f"%PDF-1.4 {stem} {places.tolist()}", folder / "figures" / f"{stem}.pdf")
        write_table(pd.DataFrame(places, columns=["x", "y"]), folder / "figures" / f"{stem}.tsv")
    for name in study.contrasts:
        samples = pd.DataFrame({"sample": study.samples_of(name), "subject": None, "group": None, "colour": None})
        write_table(samples, folder / "figures" / f"target_{name}.tsv")
