"""X'WX of every feature at once, for one design X and the weights W of each feature.

The entries of these small symmetric matrices lie along the first axis (those of the lower triangle, row by row) and
the features along the second: a step of a decomposition is then one operation on all features. A library's batched
routines are called once a matrix, which at 2 x 2 costs a hundred times the arithmetic.
"""

import numpy as np

BLOCK = 256  # features


class Gram:
    """Products of a design matrix under weights.

    Parameters
    ----------
    design
        Samples x coefficients, of full rank.

    Attributes
    ----------
    n_coefficients
        Columns of the design.
    diagonal
        Place among the entries of each coefficient's diagonal element.
    """

    def __init__(self, design: np.ndarray):
        self.design = np.asarray(design, dtype=float)
        self.n_coefficients = p = self.design.shape[1]
        self.row, self.column = np.tril_indices(p)
        self.diagonal = np.flatnonzero(self.row == self.column)
        self._twice = np.where(self.row == self.column, 1.0, 2.0)[:, None]
        self._at = {(i, j): k for k, (i, j) in enumerate(zip(self.row.tolist(), self.column.tolist(), strict=True))}
        self._square = np.array([[self._at[max(i, j), min(i, j)] for j in range(p)] for i in range(p)])
        rows, members = np.unique(self.design, axis=0, return_inverse=True)
        self._kind = members.ravel()
        # Where there are as many kinds of samples as coefficients, X'WX is M'SM: S the sums of weights in each kind.
        self._groups = np.eye(p)[self._kind] if len(rows) == p else None
        self._log_det_rows = 2 * float(np.linalg.slogdet(rows)[1]) if len(rows) == p else 0.0
        # Where many samples are of few kinds, most of the work is done once the weights of each kind are summed.
        few = 2 * len(rows) <= min(len(self.row), len(self.design))
        self._kinds = np.eye(len(rows))[self._kind] if few else None
        apart = rows if few else self.design
        self._products = np.ascontiguousarray((apart[:, self.row] * apart[:, self.column]).T)

    def __call__(self, weights: np.ndarray, ridge: float = 0.0) -> np.ndarray:
        """Return X'WX + ridge I, entries x features; `weights` are features x samples."""
        entries = self._products @ (weights if self._kinds is None else weights @ self._kinds).T
        if ridge:
            entries[self.diagonal] += ridge
        return entries

    def predictors(self, beta: np.ndarray) -> np.ndarray:
        """Return X beta, features x samples; `beta` are coefficients x features."""
        return np.asarray((self.design @ beta).T)

    def right_side(self, values: np.ndarray) -> np.ndarray:
        """Return X'v, coefficients x features; `values` are features x samples."""
        return np.asarray(self.design.T @ values.T)

    def log_determinant(self, weights: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log det X'WX, and the trace of (X'WX)^-1 X'VX; V is `change`, as `weights` features x samples."""
        if self._groups is not None:
            sums = weights @ self._groups
            return np.log(sums).sum(axis=1) + self._log_det_rows, (change @ self._groups / sums).sum(axis=1)
        log_determinant, inverse = self.sweep(self(weights))
        return log_determinant, (self._twice * inverse * self(change)).sum(axis=0)

    def sweep(self, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log det A and A^-1, entries x features, by sweeping each pivot in turn (Goodnight 1979).

        A pivot is one operation on the whole of the matrices, where a factor takes one for every pair of columns:
        that is what counts when few features are left. Many features are taken in blocks that stay in the cache.
        """
        logs, inverse = np.zeros(entries.shape[1]), np.empty_like(entries)
        with np.errstate(invalid="ignore", divide="ignore"):
            for start in range(0, entries.shape[1], BLOCK):
                block = slice(start, start + BLOCK)
                matrix = entries[self._square, block]
                for k in range(self.n_coefficients):
                    column = matrix[k].copy()
                    pivot = column[k].copy()
                    row = column / pivot
                    row[k] = 0
                    matrix -= column[:, None] * row
                    row[k] = -1 / pivot
                    matrix[k] = matrix[:, k] = row
                    logs[block] += np.log(pivot)
                inverse[:, block] = -matrix[self.row, self.column]
        return logs, inverse

    def cholesky(self, entries: np.ndarray) -> np.ndarray:
        """Return the lower triangular factor L, LL' = A; missing values where A is not positive definite."""
        factor = np.empty_like(entries)
        with np.errstate(invalid="ignore", divide="ignore"):
            for start in range(0, entries.shape[1], BLOCK):
                block = slice(start, start + BLOCK)
                matrix = entries[self._square, block]
                for j in range(self.n_coefficients):
                    matrix[j:, j] /= np.sqrt(matrix[j, j])
                    below = matrix[j + 1 :, j]
                    matrix[j + 1 :, j + 1 :] -= below[:, None] * below
                factor[:, block] = matrix[self.row, self.column]
        return factor

    def solve(self, factor: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Solve A x = b for every feature; `factor` is A's, `right` coefficients x features, as is what returns."""
        at, found, p = self._at, right.copy(), self.n_coefficients
        for i in range(p):
            for k in range(i):
                found[i] -= factor[at[i, k]] * found[k]
            found[i] /= factor[at[i, i]]
        for i in reversed(range(p)):
            for k in range(i + 1, p):
                found[i] -= factor[at[k, i]] * found[k]
            found[i] /= factor[at[i, i]]
        return found

    def inverse(self, factor: np.ndarray) -> np.ndarray:
        """Return the inverse of A from its factor, entries x features."""
        at, p = self._at, self.n_coefficients
        lower, inverse = np.empty_like(factor), np.empty_like(factor)
        for j in range(p):
            lower[at[j, j]] = 1 / factor[at[j, j]]
            for i in range(j + 1, p):
                rest = factor[at[i, j]] * lower[at[j, j]]
                for k in range(j + 1, i):
                    rest = rest + factor[at[i, k]] * lower[at[k, j]]
                lower[at[i, j]] = -rest / factor[at[i, i]]
        for i in range(p):
            for j in range(i + 1):
                inverse[at[i, j]] = sum(lower[at[k, i]] * lower[at[k, j]] for k in range(i, p))
        return inverse

    def full_inverse(self, factor: np.ndarray) -> np.ndarray:
        """Return the inverse of A from its factor, features x coefficients x coefficients."""
        full = np.empty((factor.shape[1], self.n_coefficients, self.n_coefficients))
        full[:, self.row, self.column] = full[:, self.column, self.row] = self.inverse(factor).T
        return full

    def multiply(self, entries: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Return A v, coefficients x features."""
        product = np.zeros((self.n_coefficients, entries.shape[1]))
        for k, (i, j) in enumerate(zip(self.row, self.column, strict=True)):
            product[i] += entries[k] * vectors[j]
            if i != j:
                product[j] += entries[k] * vectors[i]
        return product

    def leverage(self, inverse: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the diagonal of W^1/2 X A^-1 X' W^1/2, features x samples."""
        spread = (self._twice * inverse).T @ self._products
        return np.asarray(weights * (spread if self._kinds is None else spread[:, self._kind]))
