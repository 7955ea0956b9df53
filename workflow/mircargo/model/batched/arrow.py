"""X'WX of every feature at once, for designs in which many columns have no sample in common.

With a column for each subject, X'WX is an arrow: with the subjects first, it is diagonal but for the rows of the few
columns that all share. D, the diagonal part, is one number a subject, B are the products of subjects with the shared
columns, and C those of the shared columns. The factor of an arrow is one of the same shape (nothing fills in), and what
is left to be decomposed is the Schur complement S = C - B' D^-1 B, as small as the shared columns are few: log det A is
log det D + log det S (Golub and Van Loan 2013, Matrix Computations, 4.1 and 4.3). Arithmetic grows with the number of
subjects, not with its cube.
"""

import numpy as np
from scipy import sparse

from .gram import Gram

FEWEST_APART = 16  # columns: with fewer, the whole of X'WX is as fast


class ArrowGram:
    """What `Gram` is, for a design with columns whose supports are disjoint.

    Only those entries of a symmetric matrix are held that can differ from 0, along the first axis: the diagonal of
    the columns that are apart, the products of each shared column with them, and the lower triangle of the shared
    columns. Methods are those of `Gram`, with the same arguments; coefficients are in the design's order.

    Parameters
    ----------
    design
        Samples x coefficients, of full rank.
    apart
        Columns that have no sample in common, by their numbers.

    Attributes
    ----------
    n_coefficients
        Columns of the design.
    diagonal
        Place among the entries of each coefficient's diagonal element.
    """

    def __init__(self, design: np.ndarray, apart: np.ndarray):
        self.design = np.asarray(design, dtype=float)
        self.n_coefficients = p = self.design.shape[1]
        shared = np.setdiff1d(np.arange(p), apart)
        self._apart, self._shared = apart, shared
        self._m, self._q = m, q = len(apart), len(shared)
        self._small = Gram(np.eye(q))
        low, high = self._small.column, self._small.row
        self.row = np.concatenate([apart, np.tile(apart, q), shared[high]])
        self.column = np.concatenate([apart, np.repeat(shared, m), shared[low]])
        self.diagonal = np.empty(p, dtype=int)
        self.diagonal[apart], self.diagonal[shared] = np.arange(m), m + m * q + self._small.diagonal
        self._twice = np.where(self.row == self.column, 1.0, 2.0)[:, None]
        columns = sparse.csc_array(self.design)
        self._products = (columns[:, self.row] * columns[:, self.column]).T.tocsr()
        self._spread, self._across, self._down = self._products.T.tocsr(), columns.tocsr(), columns.T.tocsr()

    def __call__(self, weights: np.ndarray, ridge: float = 0.0) -> np.ndarray:
        """Return X'WX + ridge I, entries x features; `weights` are features x samples."""
        entries = self._products @ weights.T
        if ridge:
            entries[self.diagonal] += ridge
        return np.asarray(entries)

    def predictors(self, beta: np.ndarray) -> np.ndarray:
        """Return X beta, features x samples; `beta` are coefficients x features."""
        return np.asarray((self._across @ beta).T)

    def right_side(self, values: np.ndarray) -> np.ndarray:
        """Return X'v, coefficients x features; `values` are features x samples."""
        return np.asarray(self._down @ values.T)

    def log_determinant(self, weights: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log det X'WX, and the trace of (X'WX)^-1 X'VX; V is `change`, as `weights` features x samples."""
        diagonal, borders, corner = self._parts(self(weights))
        with np.errstate(invalid="ignore", divide="ignore"):
            slopes = borders / diagonal
            logs, small = self._small.sweep(corner - self._inner(slopes, borders))
            inverse = self._inverse(1 / diagonal, slopes, small)
            return np.log(diagonal).sum(axis=0) + logs, (self._twice * inverse * self(change)).sum(axis=0)

    def cholesky(self, entries: np.ndarray) -> np.ndarray:
        """Return the lower triangular factor L, LL' = A, of the coefficients apart and then those shared.

        Missing values where A is not positive definite.
        """
        diagonal, borders, corner = self._parts(entries)
        with np.errstate(invalid="ignore", divide="ignore"):
            roots = np.sqrt(diagonal)
            borders = borders / roots
            corner = self._small.cholesky(corner - self._inner(borders, borders))
        return self._joined(roots, borders, corner)

    def solve(self, factor: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Solve A x = b for every feature; `factor` is A's, `right` coefficients x features, as is what returns."""
        roots, borders, corner = self._parts(factor)
        half = right[self._apart] / roots
        rest = right[self._shared] - (borders * half).sum(axis=1)
        found = np.empty_like(right)
        found[self._shared] = shared = self._small.solve(corner, rest)
        found[self._apart] = (half - (borders * shared[:, None]).sum(axis=0)) / roots
        return found

    def inverse(self, factor: np.ndarray) -> np.ndarray:
        """Return the entries of A's inverse from its factor; it has others, which `full_inverse` returns."""
        roots, borders, corner = self._parts(factor)
        return self._inverse(1 / roots**2, borders / roots, self._small.inverse(corner))

    def full_inverse(self, factor: np.ndarray) -> np.ndarray:
        """Return the inverse of A from its factor, features x coefficients x coefficients."""
        roots, borders, corner = self._parts(factor)
        slopes, small = borders / roots, self._small.full_inverse(corner)
        reach = np.einsum("iaf,fij->fja", slopes, small)
        full = np.empty((factor.shape[1], self.n_coefficients, self.n_coefficients))
        within = np.einsum("fia,ibf->fab", reach, slopes)
        within[:, np.arange(self._m), np.arange(self._m)] += (1 / roots**2).T
        full[np.ix_(np.arange(len(full)), self._apart, self._apart)] = within
        full[np.ix_(np.arange(len(full)), self._shared, self._shared)] = small
        full[np.ix_(np.arange(len(full)), self._shared, self._apart)] = -reach
        full[np.ix_(np.arange(len(full)), self._apart, self._shared)] = -reach.transpose(0, 2, 1)
        return full

    def multiply(self, entries: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Return A v, coefficients x features."""
        diagonal, borders, corner = self._parts(entries)
        apart, shared = vectors[self._apart], vectors[self._shared]
        product = np.empty_like(vectors)
        product[self._apart] = diagonal * apart + (borders * shared[:, None]).sum(axis=0)
        product[self._shared] = (borders * apart).sum(axis=1) + self._small.multiply(corner, shared)
        return product

    def leverage(self, inverse: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the diagonal of W^1/2 X A^-1 X' W^1/2, features x samples."""
        return np.asarray(weights * (self._spread @ (self._twice * inverse)).T)

    def _parts(self, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Take entries apart: D (apart x features), B (shared x apart x features), lower triangle of C."""
        m, q = self._m, self._q
        return entries[:m], entries[m : m + m * q].reshape(q, m, entries.shape[1]), entries[m + m * q :]

    def _joined(self, diagonal: np.ndarray, borders: np.ndarray, corner: np.ndarray) -> np.ndarray:
        return np.concatenate([diagonal, borders.reshape(self._m * self._q, diagonal.shape[1]), corner])

    def _inner(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Sum products over the columns apart: of each pair of shared columns, lower triangle x features."""
        pairs = zip(self._small.row, self._small.column, strict=True)
        return np.stack([np.einsum("af,af->f", one[i], other[j]) for i, j in pairs])

    def _inverse(self, reciprocals: np.ndarray, slopes: np.ndarray, small: np.ndarray) -> np.ndarray:
        """Return the inverse from 1 / D, D^-1 B and S^-1: its entries within the arrow."""
        reach = np.zeros_like(slopes)
        for k, (i, j) in enumerate(zip(self._small.row, self._small.column, strict=True)):
            reach[i] += small[k] * slopes[j]
            if i != j:
                reach[j] += small[k] * slopes[i]
        return self._joined(reciprocals + (reach * slopes).sum(axis=0), -reach, small)


AnyGram = Gram | ArrowGram


def gram_of(design: np.ndarray) -> AnyGram:
    """Return the products of a design of full rank, as an arrow where that is faster."""
    apart = columns_apart(design)
    return ArrowGram(design, apart) if len(apart) >= max(FEWEST_APART, design.shape[1] / 2) else Gram(design)


def columns_apart(design: np.ndarray) -> np.ndarray:
    """Return columns of which no two have a sample in common, taken greedily, those of fewest samples first."""
    filled = np.asarray(design) != 0
    taken, apart = np.zeros(len(filled), dtype=bool), []
    for column in np.argsort(filled.sum(axis=0), kind="stable"):
        if not (taken & filled[:, column]).any():
            apart.append(int(column))
            taken |= filled[:, column]
    return np.sort(np.array(apart, dtype=int))
