"""How often intervals under uncertainty of scale, and the three numbers of spike-ins, hold the truth of titrations.

    python tests/bench/scale.py              50 studies of each setting and 300 with spike-ins: four minutes
    python tests/bench/scale.py 12           fewer of them, for a first look

Prints the table of docs/methods.md: of each setting, coverage of the model's own intervals and of those of scale, how
often the answer depends on scale, how often size factors go with the groups, and how far off the size factors are.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.benchmark.studies import CONTRAST as PLAIN
from mircargo.benchmark.studies import SETTINGS, simulate_study
from mircargo.benchmark.titration import CONTRAST, TITRATIONS, Titration, TitrationStudy, simulate_titration
from mircargo.cargo.global_change import spike_in_change, with_typical
from mircargo.config import Thresholds
from mircargo.model.design.matrix import Design, contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.mode import mode_size_factors
from mircargo.model.normalisation.scale import scale_difference, scale_intervals, scale_model, size_factors_with_groups
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors

SEED = 16
THRESHOLDS = Thresholds()
EXOSOMES = TITRATIONS["exosomes"]
SPIKED = {
    "dominated exosomes": EXOSOMES,
    "no miRNA dominates": replace(EXOSOMES, dominant=0.0, reads=1_000_000),
    "a tenth changes": replace(EXOSOMES, changed=0.1),
    "half changes": replace(EXOSOMES, changed=0.5),
    "animals alike": replace(EXOSOMES, rna_sd=0.1),
}


def kept(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[counts.sum(axis=1) >= THRESHOLDS.min_total_count]


def usual(study: TitrationStudy) -> tuple[Design, SizeFactors, pd.DataFrame]:
    design, factors = contrast_design(study.sheet, CONTRAST, (), "bench"), size_factors(kept(study.counts))
    return design, factors, fit(study.counts, design, THRESHOLDS, factors=factors).results.set_index("feature")


def missing(study: TitrationStudy, table: pd.DataFrame) -> float:
    """What the fold changes of a study lack, each as sure as its error says."""
    weights = 1 / (table["lfcSE"].dropna() ** 2 + 0.01)
    return float(np.average((study.truth - table["log2FoldChange"])[weights.index], weights=weights))


def of_titrations(name: str, n: int) -> Iterator[dict[str, float]]:
    for number in range(n):
        study = simulate_titration(name, 3 + number % 4, number, SEED)
        design, factors, table = usual(study)
        scale = scale_difference(study.counts, Normalisation(study.sheet), factors, design, THRESHOLDS)
        model = scale_model(scale, {}, THRESHOLDS)
        ends = scale_intervals(table, model, THRESHOLDS).dropna()
        truth, error = study.truth[ends.index], (table["log2FoldChange"] - study.truth)[ends.index]
        groups = size_factors_with_groups(
            factors.values, study.sheet["group"], design, CONTRAST.level, CONTRAST.reference
        )
        yield {
            "own covers": (error.abs() < 1.96 * table["lfcSE"][ends.index]).mean(),
            "scale_ci covers": ((ends["scale_ci_low"] <= truth) & (truth <= ends["scale_ci_high"])).mean(),
            "width": (ends["scale_ci_high"] - ends["scale_ci_low"]).median(),
            "scale held": abs(missing(study, table) - model["shift"]) < 1.96 * model["log2_sd"],
            "difference": scale["difference"],
            "off by": missing(study, table),
            "depends": scale["depends"],
            "go with groups": groups["differs"],
        }


def of_spike_ins(name: str, setting: Titration, n: int) -> Iterator[dict[str, float]]:
    for number in range(n):
        study = simulate_titration(f"spike-ins, {name}", 3 + number % 4, number, SEED, setting)
        design, _, table = usual(study)
        how = Normalisation(study.sheet, spike_ins=study.spike_ins)
        found = with_typical(spike_in_change(study.counts, how, design, THRESHOLDS), table)
        values, counts = np.unique(study.truth.round(9), return_counts=True)
        truths = {"typical": values[counts.argmax()], "total": study.log2_total, "offset": missing(study, table)}
        held = {key: found[key]["low"] <= 2**value <= found[key]["high"] for key, value in truths.items()}
        ends = scale_intervals(table, scale_model({"difference": 0.0}, found, THRESHOLDS), THRESHOLDS).dropna()
        truth = study.truth[ends.index]
        yield held | {
            "offset taken for the total": found["low"] <= 2**study.log2_total <= found["high"],
            "scale_ci covers": ((ends["scale_ci_low"] <= truth) & (truth <= ends["scale_ci_high"])).mean(),
        }


def of_methods(name: str, n: int) -> Iterator[dict[str, float | str]]:
    """Score calls with each method of size factors; in titrations a wrong sign is false, small changes do not count."""
    for number in range(n):
        size = (3, 4, 6)[number % 3]
        if name in TITRATIONS:
            study, contrast = simulate_titration(name, size, number, SEED), CONTRAST
        else:
            study, contrast = simulate_study(name, size, number, SEED), PLAIN
        design, base = contrast_design(study.sheet, contrast, (), "bench"), size_factors(kept(study.counts))
        factors = {
            "auto": base,
            "total": size_factors(kept(study.counts), method="total"),
            "mode": mode_size_factors(study.counts, design, base, THRESHOLDS),
        }
        for method, each in factors.items():
            table = fit(study.counts, design, THRESHOLDS, factors=each).results.set_index("feature")
            called, truth = table["padj"] < THRESHOLDS.alpha, study.truth
            changes = truth.abs() > 0.1
            right = called & changes & (np.sign(table["log2FoldChange"]) == np.sign(truth))
            yield {
                "method": method,
                "FDR": (called & ~right).sum() / max(1, called.sum()),
                "TPR": right.sum() / max(1, (changes & table["lfcSE"].notna()).sum()),
                "wrong signs": (called & changes & ~right).sum(),
            }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", type=int, nargs="?", default=50)
    n = parser.parse_args().studies
    pd.set_option("display.width", 200, "display.max_columns", 20)
    rows = {name: pd.DataFrame(of_titrations(name, n)).astype(float).mean() for name in TITRATIONS}
    print(pd.DataFrame(rows).T.round(3).to_string(), "\n")
    many = {name: pd.DataFrame(of_spike_ins(name, each, 6 * n)).astype(float) for name, each in SPIKED.items()}
    covered = pd.DataFrame({name: each.mean() for name, each in many.items()}).T
    covered.loc["all"] = pd.concat(many.values()).mean()
    print(covered.round(3).to_string(), "\n")
    plain = [name for name, setting in SETTINGS.items() if not setting.fault]
    for name in [*plain, "equal_total", "total_differs"]:
        print(
            name, pd.DataFrame(of_methods(name, n)).groupby("method", sort=False).mean().round(3).to_string(), sep="\n"
        )


if __name__ == "__main__":
    main()
