"""What tests are made of: sample sheets, problems as text, and results as the workflow leaves them, of any size."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Config, Contrast, Study, parse
from mircargo.features.ledger import Counts, Source, assemble
from mircargo.features.mirbase import load_mature
from mircargo.features.name_history import Vocabulary, vocabulary
from mircargo.features.own_mirbase import names_as_they_are
from mircargo.figures.catalogue import by_stem
from mircargo.inputs.raw import RawTable
from mircargo.inputs.sheet import Columns, TableColumn
from mircargo.io import write_json, write_table, write_text
from mircargo.problems import Problem, ProblemsFound
from mircargo.results import contract as files
from mircargo.results.columns import SAMPLE
from mircargo.results.contract import FIGURE, Result
from mircargo.results.provenance import describe

TARGET = "mmu-miR-21a-5p"
A_POINT_A_FEATURE = {"volcano", "ma", "dispersion", "release"}
VARIANTS = {"poscounts": "size_factors", "TMM": "size_factors", "at least 100 reads in total": "filter",
            "a preparation error of 15%": "preparation", "limma-voom": "engine"}  # fmt: skip


def write_result(file: Result, folder: Path, columns: Mapping[str, Any] | pd.DataFrame, **names: str) -> None:
    """Write a table with every column of the contract: those given, and the others missing."""
    given = pd.DataFrame(columns)
    more = [name for name in given if name not in file.columns]
    assert not more or SAMPLE in file.columns, f"{file.path} has no {more}"
    order = [each for name in file.columns for each in (more if name == SAMPLE else [name])]
    write_table(given.reindex(columns=order), file.within(folder, **names))


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
    recipient: bool | None = None
    next_experiment: None = None

    @property
    def features(self) -> list[str]:
        own = load_mature().query("species == 'mmu'")["name"]
        more = [f"novel-{i}" for i in range(self.n_features)]
        return list(dict.fromkeys([TARGET, *self.names, *own, *more]))[: self.n_features]

    @property
    def contrasts(self) -> list[str]:
        return [f"c{i + 1}" for i in range(self.n_contrasts)]

    @property
    def exosomes(self) -> list[str]:
        return self.contrasts[1:][-1:]

    @property
    def comparisons(self) -> list[str]:
        return ["release"] * len(self.exosomes)

    def exosome_contrasts(self) -> list[str]:
        return self.exosomes

    def samples_of(self, contrast: str) -> list[str]:
        return [f"{contrast}_{group}_{i + 1}" for group in ("control", "injured") for i in range(self.n_samples // 2)]

    @property
    def configuration(self) -> dict[str, Any]:
        contrast = {"variable": "condition", "level": "injured", "reference": "control"}
        comparisons = {"release": {"exosome": self.exosomes[0], "source": "c1"}} if self.exosomes else {}
        settings = {"counts": [{"table": "counts.tsv"}], "samples": "samples.tsv", "comparisons": comparisons}
        if self.recipient:
            cells = {"variable": "given", "level": "exosomes", "reference": "none"}
            settings["recipient"] = {"counts": "cells.tsv", "samples": "cells_samples.tsv", "contrast": cells}
            settings["targets"] = {"table": "targets.tsv"}
        settings |= {"title": self.title, "species": "mmu", "contrasts": dict.fromkeys(self.contrasts, contrast)}
        return settings


def make(study: Made, folder: Path) -> Path:
    """Write the folder of a study named as the folder is, and return it."""
    rng = np.random.Generator(np.random.PCG64(1))
    _counts(study, folder, rng)
    fits = {name: _contrast(study, folder, name, rng) for name in study.contrasts}
    _summary(study, folder, fits)
    _cargo(study, folder, fits)
    _figures(study, folder)
    write_json({"warnings": []}, files.CHECK.within(folder))
    configuration = {"studies": {folder.name: study.configuration}, "target": "miR-21-5p"}
    write_json(describe(configuration, []), files.PROVENANCE.within(folder))
    return folder


def _counts(study: Made, folder: Path, rng: np.random.Generator) -> None:
    features, samples = study.features, [sample for name in study.contrasts for sample in study.samples_of(name)]
    accessions = load_mature().set_index("name")["accession"].reindex(features)
    write_result(files.FEATURE_TABLE, folder, {"feature": features, "accession": accessions.to_numpy()})
    mean = np.exp(rng.normal(3, 2, len(features)))
    values = rng.poisson(mean[:, None], (len(features), len(samples))) * rng.uniform(0.8, 1.2, len(samples))
    write_result(files.NORMALISED, folder, {"feature": features, **dict(zip(samples, values.T, strict=True))})
    quality = {"total": values.sum(axis=0).astype(int), "detected": (values > 0).sum(axis=0), "size_factor": 1.0}
    quality |= {"sample": samples, "top_feature": TARGET, "top_share": 0.2, "flags": ""}
    write_result(files.LIBRARIES, folder, quality)
    rows = {"table": "counts.tsv", "row": range(len(features)), "action": "kept", "reads": values.sum(axis=1)}
    write_result(files.LEDGER_TABLE, folder, rows)
    write_result(files.BALANCE_TABLE, folder, dict.fromkeys(files.BALANCE_TABLE.columns, 0) | {"sample": samples})
    write_json({"in_short": "Three features of six samples.", "notes": []}, files.NOTES.within(folder))


def _contrast(study: Made, folder: Path, name: str, rng: np.random.Generator) -> pd.DataFrame:
    """Fit and stress test: a tenth of the features is not tested, and every variant calls what the fit calls."""
    n, samples = study.n_features, study.samples_of(name)
    fold, error = rng.normal(0, 1, n), rng.uniform(0.2, 0.5, n)
    table = pd.DataFrame({"feature": study.features, "baseMean": np.exp(rng.normal(4, 2, n)), "log2FoldChange": fold})
    table = table.assign(lfcSE=error, stat=fold / error, ci_low=fold - 2 * error, ci_high=fold + 2 * error)
    table["pvalue"] = np.exp(-(table["stat"] ** 2)) if study.called else 1.0
    table = table.assign(padj=np.minimum(1, 2 * table["pvalue"]), dispersion=rng.uniform(0, 1, n), status="tested")
    rare = table.index >= n - n // 10
    table.loc[rare, ["log2FoldChange", "lfcSE", "pvalue", "padj", "ci_low", "ci_high"]] = np.nan
    table.loc[rare, "status"] = "low_count"
    sign = np.where(table["stat"] > 0, "up", "down")
    table["call"] = np.select([rare, table["padj"] < 0.05], [None, sign], "none")
    write_result(files.FIT, folder, table, contrast=name)
    write_json(_facts(samples, n), files.FIT_FACTS.within(folder, contrast=name))
    call, n_calls = table["call"].fillna("not tested"), int(table["call"].isin(["up", "down"]).sum())
    variants = {f"without sample {sample}": "sample" for sample in samples} | VARIANTS
    summary = {"feature": table["feature"], "n_variants": len(variants), "call": call}
    write_result(files.STRESS, folder, summary | {"share_same_call": np.where(rare, np.nan, 1)}, contrast=name)
    tried = [{"name": each, "kind": kind} | dict.fromkeys(["n_calls", "n_calls_kept"], n_calls)
             for each, kind in variants.items()]  # fmt: skip
    stress = {"n_calls": n_calls, "n_calls_in_all": n_calls, "variants": tried, "not_possible": []}
    write_json(stress, files.STRESS_FACTS.within(folder, contrast=name))
    suits = table.loc[table["call"].isin(["up", "down"]), ["feature", "call", "log2FoldChange", "padj"]]
    write_result(files.QPCR, folder, suits.assign(for_qpcr=True, reads_per_million=1e3, fewest_reads=20), contrast=name)
    write_result(files.QPCR_REFERENCES, folder, {}, contrast=name)
    own = table[["feature", "log2FoldChange", "ci_low", "ci_high", "padj"]].assign(call=call)
    parts = [
        own.assign(variant=each, kind=kind, log2FoldChange=own["log2FoldChange"] + 0.01 * at)
        for at, (each, kind) in enumerate({"as configured": "base", **variants}.items())
    ]
    write_result(files.STRESS_VARIANTS, folder, pd.concat(parts), contrast=name)
    return table


def _summary(study: Made, folder: Path, fits: dict[str, pd.DataFrame]) -> None:
    n, rare = study.n_features, study.n_features // 10
    calls = pd.DataFrame({name: table["call"].value_counts() for name, table in fits.items()}).T
    calls = calls.reindex(columns=["up", "down", "none"]).fillna(0).astype(int).rename(columns={"none": "no_call"})
    words = f"injured against control, {study.n_samples} samples"
    own = {"contrast": list(fits), "compared": words, "samples": study.n_samples, "features": n, "tested": n - rare}
    own |= dict.fromkeys(["all_zero", "outlier", "independent_filter", "control_feature"], 0)
    own |= {name: calls[name].to_numpy() for name in calls} | {"not_tested": rare, "low_count": rare}
    write_result(files.CONTRAST_SUMMARY, folder, own)


def _facts(samples: list[str], n: int) -> dict[str, Any]:
    half = len(samples) // 2
    groups = (("control", [1, 0], samples[:half]), ("injured", [1, 1], samples[half:]))
    words = {"Intercept": "the control group", "condition[T.injured]": "injured against control"}
    return {
        "formula": "~ condition", "reduced_formula": None, "samples": samples, "dispersion_trend": "parametric",
        "groups": {"control": half, "injured": half}, "residual_degrees_of_freedom": len(samples) - 2,
        "size_factor_methods": {"all": "ratio"}, "size_factor_features": {"all": n}, "n_refitted_outliers": 0,
        "n_fallbacks": {"coefficients": 0}, "n_by_status": {"tested": n - n // 10, "low_count": n // 10},
        "engine_warnings": [], "not_shrunken": None,
        "design": {
            "coefficients": [{"name": name, "words": text} for name, text in words.items()],
            "rows": [{"values": values, "samples": own, "group": group} for group, values, own in groups],
        },
    }  # fmt: skip


def _cargo(study: Made, folder: Path, fits: dict[str, pd.DataFrame]) -> None:
    """Call the target up (or nothing), and whatever else goes up in the exosomes strong co-cargo."""
    call = "up" if study.called else "inconclusive"
    target = pd.DataFrame([table.iloc[0] for table in fits.values()])[
        ["feature", "log2FoldChange", "ci_low", "ci_high"]
    ]
    sentence = f"{TARGET} is {call} in injured against control."
    target = target.assign(contrast=list(fits), call=call, share_same_call=1.0, sentence=sentence)
    write_result(files.TARGET_CALLS, folder, target)
    write_result(files.EXPECTATION_TABLE, folder, {})
    write_result(files.CO_CARGO_TABLE, folder, {})
    for name in study.exosomes:
        table = fits[name][["feature", "log2FoldChange", "padj", "call"]]
        up = (table["call"] == "up") & (table["feature"] != TARGET)
        table = table.assign(tier=np.where(up, "strong", None), share_same_call=1.0, contrast=name)
        table["class"] = np.where(up, "selective", "undetermined")
        write_result(files.CO_CARGO_TABLE, folder, table.sort_values("tier", kind="stable"))
        tiers = {"strong": int(up.sum())} if up.any() else {}
        write_json({"tiers": tiers, "why_not": "too few samples"}, files.BY_CHANCE.within(folder, contrast=name))
        release = table[["feature", "class", "log2FoldChange", "padj"]].assign(
            source_log2FoldChange=fits["c1"]["log2FoldChange"], release_log2FoldChange=0.5, release_padj=0.5
        )
        write_result(files.RELEASE_TABLE, folder, release, comparison="release")
        facts = {"formula": "~ fraction * condition", "by_fraction": {"separable": False}}
        write_json(facts, files.RELEASE_FACTS.within(folder, comparison="release"))
        base = table[["feature", "log2FoldChange"]].assign(variant="as configured", kind="base", call="none")
        held = {"feature": table["feature"], "call": "none", "n_variants": 1, "n_same_call": 1}
        write_result(files.RELEASE_STRESS, folder, held, comparison="release")
        write_result(files.RELEASE_STRESS_VARIANTS, folder, base, comparison="release")
        write_json({}, files.RELEASE_STRESS_FACTS.within(folder, comparison="release"))


def _figures(study: Made, folder: Path) -> None:
    """Draw points and the figure's name, in files about as large as the real ones: a .pdf has fonts of 6 kB in it."""
    for stem, (kind, _) in by_stem(study).items():
        rng = np.random.Generator(np.random.PCG64(len(stem)))
        n = study.points if kind.name in A_POINT_A_FEATURE else min(study.points, 200)
        exact = rng.uniform(10, 290, (n, 2))
        places, fonts = exact.round(2), rng.bytes(6000).hex()
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="2"/>' for x, y in places)
        size = 'viewBox="0 0 300 300" width="300" height="300"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><text x="10" y="20">{stem}</text>{dots}</svg>'
        write_text(svg, FIGURE.within(folder, figure=stem, ending="svg"))
        write_text(
            f"%PDF-1.4 {stem} {exact.round(4).tolist()} {fonts}", FIGURE.within(folder, figure=stem, ending="pdf")
        )
        write_table(pd.DataFrame(exact, columns=["x", "y"]), FIGURE.within(folder, figure=stem, ending="tsv"))
    for name in study.contrasts:
        samples = pd.DataFrame({"sample": study.samples_of(name), "subject": None, "group": None, "colour": None})
        write_table(samples, FIGURE.within(folder, figure=f"target_{name}", ending="tsv"))


def sheet(**columns: Any) -> pd.DataFrame:
    """Return a sample sheet of the samples s0, s1 ...; a column is a list, or a text with a letter for each sample."""
    table = pd.DataFrame({name: list(values) for name, values in columns.items()})
    return table.set_axis([f"s{i}" for i in range(len(table))])


def problems_of(function: Callable[..., Any], *arguments: Any, **more: Any) -> list[Problem]:
    """Return the problems with which a function refuses what it is given."""
    with pytest.raises(ProblemsFound) as found:
        function(*arguments, **more)
    return found.value.problems


def as_text(problems: Iterable[Problem]) -> str:
    """Write problems with all their parts, as the golden files hold them."""
    parts = []
    for each in problems:
        samples = f"\n    samples: {', '.join(each.samples)}" if each.samples else ""
        parts.append(f"[{each.code}] {each}{samples}")
    return "\n".join(parts) or "no problem"


INJURED = Contrast(variable="group", level="injured", reference="control")


def groups(control: int = 4, injured: int = 4) -> pd.Series:
    """Return the group of each of the samples s0, s1 ...: first the controls, then the injured."""
    return sheet(group=["control"] * control + ["injured"] * injured)["group"]


def fitted(
    features: Sequence[str] = ("x",), fold=1.0, se=0.2, padj=0.001, status="tested", **more: Any
) -> pd.DataFrame:
    """Return a table of a fit as if it were made; numbers are of all features, or one for each."""
    columns = {"feature": list(features), "log2FoldChange": fold, "lfcSE": se, "padj": padj, "status": status}
    return pd.DataFrame(columns | more)


def stressed(features: Sequence[str], **changes: Any) -> pd.DataFrame:
    """Return a table of a stress test that every call survives, but for what is changed."""
    sure = {"share_same_call": 1.0, "robust": True, "confirmed": True, "beyond_preparation": True}
    return pd.DataFrame({"feature": list(features), **sure, "fragile_under": None} | changes)


def source(ids: Sequence[str], values: Any, how: str = "sum", samples: Sequence[str] = "ab", **more: Any) -> Source:
    """Return a count table as its reader returns it; `more` are other attributes of a `RawTable`."""
    counts = pd.DataFrame(np.asarray(values), columns=list(samples))
    return Source(
        RawTable(more.pop("path", "counts.tsv"), "plain", list(ids), list(range(2, len(ids) + 2)), counts, how, **more)
    )


def names_of(species: str) -> Vocabulary:
    """Return the names that the package holds for a species, or none for `other`."""
    return names_as_they_are() if species == "other" else vocabulary(species)


def assembled(*sources: Source, species: str = "mmu", columns: Mapping[str, str] | None = None, **more: Any) -> Counts:
    """Put count tables together; the samples are all columns, unless others are given."""
    if columns is None:
        columns = {name: name for each in sources for name in each.table.counts.columns}
    return assemble(sources, columns, more.pop("excluded", []), names_of(species), **more)


def cell(*places: tuple[str, str]) -> Columns:
    """Return what a sample sheet says of one sample: its columns, each with its table ('' where it names none)."""
    written = Columns(" + ".join(column for column, _ in places))
    written.places = tuple(TableColumn(*place) for place in places)
    return written


def rows_as_text(table: pd.DataFrame) -> str:
    """Write a table with a line for each row, as the golden files hold it."""
    return "\n".join(" | ".join(map(str, row)) for row in [tuple(table), *table.itertuples(index=False)])


def configured(**changes: Any) -> Config:
    """Return the configuration of one study, `mine`, of two groups; `changes` are its keys."""
    settings: dict[str, Any] = {"title": "t", "species": "mmu", "counts": [{"table": "t.tsv"}], "samples": "s.tsv"}
    settings["contrasts"] = {"c": {"variable": "group", "level": "case", "reference": "control"}}
    return parse({"studies": {"mine": settings | changes}})


def study_of(**changes: Any) -> Study:
    return configured(**changes).studies["mine"]


def write_study(folder: Path, table: pd.DataFrame, levels: Sequence[str], **changes: Any) -> Config:
    """Write a study of one table in a folder, and return its configuration; `levels` are the groups of the samples."""
    table.to_csv(folder / "t.tsv", sep="\t", index_label="ID")
    samples = pd.DataFrame({"sample": table.columns, "group": list(levels)})
    samples.to_csv(folder / "s.tsv", sep="\t", index=False)
    here = {"counts": [{"table": str(folder / "t.tsv")}], "samples": str(folder / "s.tsv")}
    return configured(**here | changes)
