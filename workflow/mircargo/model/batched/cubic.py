"""Cubics through values and slopes at both ends, of which R's loess and locfit make their curves."""

import numpy as np

Ends = tuple[np.ndarray, np.ndarray]


def cubic(t: np.ndarray, width: np.ndarray, left: Ends, right: Ends) -> np.ndarray:
    """Return Hermite's cubics at `t`, from 0 at the left end to 1 at the right one, which are `width` apart."""
    curve = (1 - t) ** 2 * ((1 + 2 * t) * left[0] + t * width * left[1])
    return np.asarray(curve + t**2 * ((3 - 2 * t) * right[0] - (1 - t) * width * right[1]))
