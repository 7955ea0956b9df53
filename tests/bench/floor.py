"""What the engine cannot be faster than on this machine: the passes that its method needs, at the speed measured here.

    python tests/bench/floor.py 2500x1000

Counts how often each feature's likelihood and coefficients are worked out, measures what one operation on one number
takes where arrays stay in the cache, and sets the product beside the processor time of the whole fit. What is needed is
counted by hand from the formulas: of a likelihood with its slope 2 logarithms, 2 divisions and 16 multiplications or
sums a count; of a step of the coefficients 3 logarithms or exponentials, 4 divisions and 15 others; of a fit the
deviance of the saturated model, with a logarithm and 2 divisions.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from runner import mircargo, read
from tables import write

from mircargo.model.batched import coefficients
from mircargo.model.batched.likelihood import Likelihood

SMALL, LARGE = 2**14, 2**25  # numbers in an array that stays in the cache, and in one that does not
LIKELIHOOD = {"log1p": 2, "divide": 2, "multiply": 16}
STEP = {"log1p": 1, "log": 1, "exp": 1, "divide": 4, "multiply": 15}
ONCE = {"log": 1, "divide": 2, "multiply": 14}


def nanoseconds(operation: Callable[[], object], size: int) -> float:
    """Return the least processor time of an operation, of each number."""
    times = []
    for _ in range(7):
        begun = time.process_time()
        for _ in range(repeats := max(1, 2**22 // size)):
            operation()
        times.append((time.process_time() - begun) / repeats / size)
    return min(times) * 1e9


def speeds() -> dict[str, float]:
    """Return nanoseconds a number of each operation in the cache."""
    one, other, out = np.random.default_rng(1).random((3, SMALL)) + 0.5
    alone = {name: partial(getattr(np, name), one, out=out) for name in ("log", "log1p", "exp")}
    both = {name: partial(getattr(np, name), one, other, out=out) for name in ("multiply", "divide")}
    return {name: nanoseconds(operation, SMALL) for name, operation in (alone | both).items()}


def count_calls(run: Callable[[], object]) -> tuple[float, float]:
    """Return for how many numbers a likelihood, and a step of the coefficients, was worked out."""
    numbers = [0, 0]
    likelihood, means = Likelihood.__call__, coefficients._means

    def counted(self, log_alpha):
        numbers[0] += self.mu.size
        return likelihood(self, log_alpha)

    def stepped(*arguments):
        found = means(*arguments)
        numbers[1] += found[0].size
        return found

    Likelihood.__call__, coefficients._means = counted, stepped
    try:
        run()
    finally:
        Likelihood.__call__, coefficients._means = likelihood, means
    return numbers[0], numbers[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", default="2500x1000", metavar="FEATURESxSAMPLES")
    n_features, n_samples = map(int, parser.parse_args().size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        write(n_features, n_samples, Path(folder) / "counts")
        given = read(str(Path(folder) / "counts"), n_features, n_samples)
    fit, size = mircargo()[1], n_features * n_samples
    evaluated, stepped = (each / size for each in count_calls(lambda: fit(*given)))
    whole = nanoseconds(lambda: fit(*given), size)
    found = speeds()
    far = np.ones(LARGE)
    bandwidth = 16 / nanoseconds(lambda: np.copyto(far[: LARGE // 2], far[LARGE // 2 :]), LARGE // 2)
    needed = {
        "likelihoods": (evaluated, LIKELIHOOD),
        "steps of the coefficients": (stepped, STEP),
        "saturated model": (1.0, ONCE),
        "read and write counts from memory 12 times": (12.0, {"memory": 1}),
    }
    found["memory"] = 16 / bandwidth
    print(", ".join(f"{name} {each:.2f}" for name, each in found.items()), f"ns a number; {bandwidth:.1f} GB/s")
    total = 0.0
    for name, (times, parts) in needed.items():
        each = sum(n * found[operation] for operation, n in parts.items())
        total += times * each
        print(f"{name}: {times:.1f} times {each:.1f} ns = {times * each:.0f} ns a count")
    print(f"{size / 1e6:.1f} million counts: needed {total * size / 1e9:.2f} s, taken {whole * size / 1e9:.2f} s")


if __name__ == "__main__":
    main()
