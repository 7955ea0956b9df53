"""Power of the next experiment: predicted from a study's own fit against what new studies of the same truth find.

    python tests/bench/power.py            # 240 new studies
    python tests/bench/power.py 1000       # 1,000

For each of six designs a truth is drawn, a first study is simulated and fitted, the power of a second one of another
size is predicted from that fit for features with planted changes, and the second one is simulated, fitted and called.
The table has, by design, call and fold change, the mean predicted power, the share found, and their difference. The bar
is a difference of 0.05 for each.
"""

import sys

import numpy as np
import pandas as pd

from mircargo.analysis import Question, StudyData
from mircargo.benchmark.studies import CONTRAST
from mircargo.benchmark.two_groups import as_tables, draw_changes, negative_binomial
from mircargo.config import Thresholds
from mircargo.recipient.basis import basis_of_contrast
from mircargo.recipient.next_experiment import Design, powers_at

# Animals per group of the first study; animals per group and depth of the second.
DESIGNS = ((3, Design(4)), (3, Design(8)), (4, Design(4, 3.0)), (4, Design(12)), (6, Design(3)), (6, Design(20, 0.5)))
N_FEATURES, READS, FOLDS, OF_EACH = 400, 1e6, (1.5, 2.0, 4.0), 8
BAR = 0.05


class Truth:
    """Features of a tissue: means, dispersions around a trend, and changes, of which some have the folds asked for."""

    def __init__(self, rng: np.random.Generator) -> None:
        abundance = np.exp(rng.normal(0, 2.2, N_FEATURES))
        self.means = abundance / abundance.sum() * READS
        self.dispersions = (0.05 + 1.5 / self.means) * np.exp(rng.normal(0, 0.5, N_FEATURES))
        self.changes = draw_changes(N_FEATURES, (0.1, 0.1), (0.585, 0.8), rng)
        seen = np.flatnonzero(self.means > 3)
        self.planted = rng.choice(seen, OF_EACH * len(FOLDS), replace=False)
        sizes = np.repeat(np.log2(FOLDS), OF_EACH)
        self.changes[self.planted] = sizes * np.tile([1.0, -1.0], len(sizes) // 2)

    def study(self, design: Design, rng: np.random.Generator) -> tuple[StudyData, "pd.Series[float]"]:
        """Draw a study."""
        n = int(design.animals)
        level = self.means[:, None] * np.exp2(np.outer(self.changes, np.repeat([0, 1], n)))
        depth = READS * design.depth * np.exp(rng.normal(0, 0.35, 2 * n))
        counts = negative_binomial(level / level.sum(axis=0) * depth, self.dispersions[:, None], rng)
        table, sheet, changes = as_tables(counts, (CONTRAST.reference, CONTRAST.level), self.changes)
        return StudyData(table, sheet), changes


def one_pair(animals: int, design: Design, rng: np.random.Generator) -> pd.DataFrame:
    """Predict from a first study, and say what a second one called: `call_kind fold_change power found`."""
    truth = Truth(rng)
    data, changes = truth.study(Design(animals), rng)
    question = Question(data, "first", CONTRAST, Thresholds())
    fitted = question.fit()
    stressed = question.stress(fitted.results)
    basis = basis_of_contrast(question.base, fitted, stressed.facts, stressed.variants)
    features = changes.index[truth.planted]
    parts = []
    for fold in FOLDS:
        own = [each for each in features if each in basis.known.index and np.isclose(2 ** abs(changes[each]), fold)]
        parts.append(powers_at(basis, own, [fold], design))
    predicted = pd.concat(parts, ignore_index=True)
    again = Question(truth.study(design, rng)[0], "second", CONTRAST, Thresholds())
    refitted = again.fit().results
    holds = again.stress(refitted).summary.set_index("feature")["robust"].eq(True)
    results = refitted.set_index("feature")
    called = (results["padj"] < 0.05) & (np.sign(results["log2FoldChange"]) == np.sign(changes))
    robust = called & holds.reindex(results.index)
    found = [
        (robust if kind == "robust" else called)[feature]
        for feature, kind in zip(predicted["feature"], predicted["call_kind"], strict=True)
    ]
    return predicted.assign(found=found)


def compare(n_studies: int, seed: int = 1) -> pd.DataFrame:
    """Return the table of all designs; `robust` is what the whole stress test leaves."""
    rows = []
    for place, (animals, design) in enumerate(DESIGNS):
        rng = np.random.default_rng([seed, place])
        pairs = pd.concat([one_pair(animals, design, rng) for _ in range(-(-n_studies // len(DESIGNS)))])
        means = pairs.groupby(["call_kind", "fold_change"])[["power", "found"]].mean().reset_index()
        rows.append(means.assign(first=animals, animals=design.animals, depth=design.depth))
        print(rows[-1].round(3).to_string(header=place == 0, index=False), flush=True)
    table = pd.concat(rows, ignore_index=True)
    return table.assign(difference=table["power"] - table["found"])


if __name__ == "__main__":
    whole = compare(int(sys.argv[1]) if len(sys.argv) > 1 else 240)
    within = (whole["difference"].abs() <= BAR).mean()
    print(f"{within:.1%} of {len(whole)} within {BAR}; largest difference {whole['difference'].abs().max():.3f}")
