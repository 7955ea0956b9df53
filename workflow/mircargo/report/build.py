"""The report: one HTML file, made of a study's result files alone."""

import base64
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from mircargo.cargo.panel import NO_EXPECTATION
from mircargo.cargo.target import format_p
from mircargo.config import Config, Study, Thresholds
from mircargo.report.methods import REFERENCES, dispersions_of, methods_paragraph
from mircargo.robustness.words import clause
from mircargo.tables.files import read_json, read_result

MOST_ROWS = 25


def build(study: str, folder: Path) -> str:
    """Write the report of a study.

    Parameters
    ----------
    study
        Its name.
    folder
        Its results, with figures, tables and provenance.

    Returns
    -------
    str
        HTML that opens without a network: figures and style are inside.
    """
    provenance = read_json(folder / "provenance.json")
    settings = Config.model_validate(provenance["configuration"])
    thresholds = settings.thresholds_of(study)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mircargo.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"p": _p, "fold": _fold, "thousands": _thousands, "share": _share}
    facts = {name: read_json(folder / "differential" / f"{name}.json") for name in settings.studies[study].contrasts}
    return environment.get_template("report.html.j2").render(
        name=study,
        study=settings.studies[study],
        style=(Path(__file__).parent / "report.css").read_text(encoding="utf-8"),
        answers=_answers(folder, thresholds),
        expectations=_expectations(folder),
        facts=facts,
        contrasts=_contrasts(folder, settings.studies[study], facts),
        co_cargo=_co_cargo(folder, settings.studies[study], thresholds.alpha),
        releases=_releases(folder, settings.studies[study]),
        samples=read_result(folder / "quality" / "samples.tsv").fillna("").to_dict("records"),
        sample_figures={name: _figure(folder, name) for name in ("pca", "sample_correlation")},
        warnings=read_json(folder / "check.json")["warnings"],
        notes=read_json(folder / "counts" / "notes.json")["notes"],
        ledger=_ledger(folder),
        balance=read_result(folder / "counts" / "balance.tsv").to_dict("records"),
        thresholds=thresholds,
        methods=methods_paragraph(
            settings.studies[study],
            thresholds,
            facts,
            provenance["versions"],
            {
                name: read_json(folder / "cargo" / "release" / f"{name}.json")
                for name in settings.studies[study].comparisons
            },
        ),
        references=REFERENCES,
        provenance=provenance,
        configuration=yaml.safe_dump(provenance["configuration"], sort_keys=False, allow_unicode=True, width=100),
    )


def _answers(folder: Path, thresholds: Thresholds) -> list[dict[str, Any]]:
    """Return the target's rows, each with the numbers of its interval plot (percent of the plot's width)."""
    rows = (
        read_result(folder / "cargo" / "target.tsv")
        .astype(object)
        .where(lambda cell: cell.notna(), None)
        .to_dict("records")
    )
    ends = [abs(row[key]) for row in rows for key in ("ci_low", "ci_high") if row[key] is not None]
    reach = max([*ends, 2 * thresholds.equivalence_log2_fold_change, 1.0]) * 1.08

    def place(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    margin = thresholds.equivalence_log2_fold_change
    for row in rows:
        row["plot"] = None
        if row["ci_low"] is not None:
            row["plot"] = {
                "low": place(row["ci_low"]),
                "high": place(row["ci_high"]),
                "at": place(row["log2FoldChange"]),
                "margin_low": place(-margin),
                "margin_high": place(margin),
                "reach": f"{reach:.1f}",
            }
    return rows


def _expectations(folder: Path) -> dict[str, dict[str, Any]]:
    """Return by contrast what is expected of it, and the miRNAs of the panel of which nothing is."""
    table = read_result(folder / "cargo" / "expectations.tsv").astype(object).where(lambda cell: cell.notna(), None)
    return {
        name: {
            "rows": part[part["expected"] != NO_EXPECTATION].to_dict("records"),
            "without": part.loc[part["expected"] == NO_EXPECTATION, "mirna"].tolist(),
        }
        for name, part in table.groupby("contrast", sort=False)
    }


def _contrasts(folder: Path, study: Study, facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "contrast": contrast,
            "facts": facts[name],
            "figures": {
                kind: _figure(folder, f"{kind}_{name}") for kind in ("volcano", "ma", "heatmap", "target", "robustness")
            },
            "stress": read_json(folder / "robustness" / f"{name}.json"),
        }
        for name, contrast in study.contrasts.items()
    ]


def _co_cargo(folder: Path, study: Study, alpha: float) -> list[dict[str, Any]]:
    table = read_result(folder / "cargo" / "co_cargo.tsv")
    calls = read_result(folder / "cargo" / "target.tsv").set_index("contrast")["call"]
    parts = []
    for name in study.exosome_contrasts():
        own = table[table["contrast"] == name]
        candidates = own[own["tier"].notna()]
        shadows = own[own["cross_maps_to"].notna() & (own["padj"] < alpha)]
        parts.append(
            {
                "name": name,
                "call": calls[name],
                "total": len(candidates),
                "rows": candidates.head(MOST_ROWS)
                .astype(object)
                .where(lambda cell: cell.notna(), None)
                .to_dict("records"),
                "facts": read_json(folder / "cargo" / "co_cargo" / f"{name}.json"),
                "shadows": [f"{row.feature} (of {row.cross_maps_to})" for row in shadows.itertuples()],
            }
        )
    return parts


def _releases(folder: Path, study: Study) -> list[dict[str, Any]]:
    parts = []
    for name, comparison in study.comparisons.items():
        table = read_result(folder / "cargo" / "release" / f"{name}.tsv")
        target = read_result(folder / "cargo" / "target.tsv").set_index("contrast")["feature"].get(comparison.exosome)
        row = table[table["feature"] == target]
        parts.append(
            {
                "name": name,
                "comparison": comparison,
                "facts": (facts := read_json(folder / "cargo" / "release" / f"{name}.json")),
                "dispersions": dispersions_of(facts["by_fraction"]),
                "classes": table["class"].value_counts().to_dict(),
                "target": row.iloc[0].to_dict() if len(row) else None,
                "survival": _survival(folder / "robustness" / "release" / f"{name}.variants.tsv", target),
                "figure": _figure(folder, f"release_{name}"),
            }
        )
    return parts


def _survival(variants: Path, target: str | None) -> str:
    """Say whether the call of the target's release survives; empty where no variant fitted it."""
    table = read_result(variants)
    rows = table[table["feature"] == target]
    return clause(rows) if len(rows) else ""


def _ledger(folder: Path) -> list[dict[str, Any]]:
    ledger = read_result(folder / "counts" / "ledger.tsv")
    groups = ledger.groupby(["table", "action"], sort=False)
    return groups.agg(rows=("row", "size"), reads=("reads", "sum")).reset_index().to_dict("records")


def _figure(folder: Path, name: str) -> str:
    content = (folder / "figures" / f"{name}.svg").read_bytes()
    return "data:image/svg+xml;base64," + base64.b64encode(content).decode("ascii")


def _p(value: float | None) -> str:
    return "\u2013" if value is None or pd.isna(value) else format_p(float(value))


def _fold(value: float | None) -> str:
    return "\u2013" if value is None or pd.isna(value) else f"{value:+.2f}"


def _thousands(value: float) -> str:
    return f"{value:,.0f}"


def _share(value: float) -> str:
    return f"{value:.0%}"
