"""Measure fit and stress test of paired samples: X'WX as an arrow and as whole matrices, in turn in one process.

    python tests/bench/paired.py                     1,664 features of 70 pairs; the whole stress test takes minutes
    python tests/bench/paired.py --pairs 4 8 16 24   where the arrow begins to be faster
    python tests/bench/paired.py --no-stress         the fit alone
    python tests/bench/paired.py --only-arrow        without what it is compared with

Prints processor seconds, how many times faster the arrow is, and the largest difference of any number in the results,
as a share of itself plus 1e-8.
"""

import argparse
import time
from collections.abc import Callable
from unittest import mock

import numpy as np
import pandas as pd

from mircargo.analysis import Question, StudyData
from mircargo.config import Contrast
from mircargo.model.batched import inference
from mircargo.model.batched.arrow import ArrowGram, columns_apart
from mircargo.model.batched.gram import Gram

SEED = 3
CONTRAST = Contrast(variable="condition", level="tumour", reference="normal", blocking=["subject"])
PRODUCTS: dict[str, Callable[[np.ndarray], object]] = {
    "arrow": lambda design: ArrowGram(design, columns_apart(design)),
    "whole": Gram,
}


def simulate(pairs: int, n: int) -> Question:
    """Make a study of `n` features: subjects differ by a log sd of 0.5, a fifth of the features change by log2 sd 1."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    mean = np.exp(rng.normal(4, 2.4, n))
    dispersion = (0.1 + 1 / mean) * np.exp(rng.normal(0, 0.5, n))
    subject, late = np.repeat(np.arange(pairs), 2), np.tile([0, 1], pairs)
    change = np.where(rng.random(n) < 0.2, rng.normal(0, 1, n), 0) * np.log(2)
    own, depth = rng.normal(0, 0.5, (n, pairs)), np.exp(rng.normal(0, 0.3, 2 * pairs))
    expected = mean[:, None] * np.exp(own[:, subject] + change[:, None] * late) * depth
    counts = rng.poisson(rng.gamma(1 / dispersion[:, None], expected * dispersion[:, None]))
    samples = pd.Index([f"s{i}" for i in range(2 * pairs)], name="sample")
    sheet = {"condition": np.where(late, "tumour", "normal"), "subject": [f"p{i}" for i in subject]}
    table = pd.DataFrame(counts, [f"f{i}" for i in range(n)], samples)
    return Question(StudyData(table, pd.DataFrame(sheet, samples)), "paired", CONTRAST)


def timed(pairs: int, n: int, product: str, stress: bool) -> tuple[list[float], list[pd.DataFrame]]:
    """Fit, and stress-test where asked; return processor seconds and tables."""
    question = simulate(pairs, n)  # anew: it keeps what it has fitted
    with mock.patch.object(inference, "gram_of", PRODUCTS[product]):
        began = time.process_time()
        tables, seconds = [question.fit().results], [time.process_time() - began]
        if stress:
            began = time.process_time()
            tables.append(question.stress(question.base.refit()).variants)
            seconds.append(time.process_time() - began)
    return seconds, tables


def largest_difference(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Compare numbers; texts, calls and missing values have to be the same."""
    texts = one.select_dtypes(exclude="number")
    pd.testing.assert_frame_equal(texts, other[texts.columns])
    a, b = (table.select_dtypes("number").to_numpy(dtype=float) for table in (one, other))
    np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
    return float(np.nanmax(np.abs(a - b) / (np.abs(a) + 1e-8)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[70])
    parser.add_argument("--features", type=int, default=1664)
    parser.add_argument("--no-stress", action="store_true")
    parser.add_argument("--only-arrow", action="store_true")
    chosen = parser.parse_args()
    timed(6, 60, "arrow", stress=False)  # unseen: what is imported and computed once is no part of it
    for pairs in chosen.pairs:
        products = ["arrow"] if chosen.only_arrow else list(PRODUCTS)
        found = {name: timed(pairs, chosen.features, name, not chosen.no_stress) for name in products}
        seconds, tables = found["arrow"]
        for at, what in enumerate(["fit", "stress test"][: len(seconds)]):
            line = f"{chosen.features} features, {pairs} pairs, {what}: {seconds[at]:.2f} s"
            if not chosen.only_arrow:
                whole, others = found["whole"]
                apart = largest_difference(tables[at], others[at])
                line += f", whole matrices {whole[at]:.2f} s ({whole[at] / seconds[at]:.1f}x), difference {apart:.1e}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
