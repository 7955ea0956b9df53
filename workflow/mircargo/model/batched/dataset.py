"""`DeseqDataSet` of PyDESeq2 with DESeq2's rules in the steps around the inference, and without loops over features.

Each step leaves its numbers where `DeseqDataSet` has them, so that `DeseqStats` and whatever else reads them works
on. What differs from PyDESeq2 0.5.4: the gene-wise estimates that shape trend and prior are DESeq2's to the point
where its search ends; the search for the mode of the posterior begins where DESeq2's does; few residual degrees of
freedom have DESeq2's own prior variance; outliers are kept by their neighbours in two-group designs only.
"""

import warnings

import numpy as np
import pandas as pd
from pydeseq2.dds import DeseqDataSet
from scipy.stats import chi2

from . import cooks
from .coefficients import RIDGE, likelihood_ratio
from .curve import unknown
from .inference import BatchedInference
from .local_trend import LocalTrend, fit_local_trend
from .prior import prior_variance, spread_of_residuals
from .trend import FLOOR

NO_TREND = "the dispersions have no trend over the means of the form a0 + a1 / mean"
AT_THE_FLOOR = (
    "no feature varies more between libraries than sampling does, so there is no trend of dispersions: each feature "
    "has its own estimate. Replicates of one preparation look like this, and animals do not"
)
MANY_SAMPLES = 100  # from which on it is faster to put polynomials through the likelihoods of the dispersions
OUTLYING_SDS = 2.0  # standard deviations above the trend, from which on a dispersion is not drawn towards it
EQUAL = 1e-9  # log dispersions that differ by less are equal on paper: a local trend may run through its points


class BatchedDataSet(DeseqDataSet):
    """Counts, design and size factors, and what is fitted to them.

    Parameters
    ----------
    counts
        Samples x features, integers; no feature with only zeros.
    design
        Samples x coefficients, of full rank.
    size_factors
        One per sample.
    inference
        Fresh where None.
    """

    inference: BatchedInference
    local_trend: LocalTrend | None = None

    def __init__(
        self,
        counts: pd.DataFrame,
        design: pd.DataFrame,
        size_factors: np.ndarray,
        inference: BatchedInference | None = None,
    ):
        super().__init__(
            counts=counts,
            metadata=pd.DataFrame({"size_factors": size_factors}, index=design.index),
            design=design,
            inference=inference or BatchedInference(),
            quiet=True,
        )
        # Features are worked on a few at a time: their samples lie side by side in memory.
        self._counts = np.asfortranarray(self.X, dtype=float)
        self.layers["normed_counts"] = self._counts / size_factors[:, None]
        self.var["_normed_means"] = self.layers["normed_counts"].mean(axis=0)
        self.var["non_zero"] = True
        self.non_zero_idx, self.non_zero_genes = np.arange(self.n_vars), self.var_names
        self._design = design.to_numpy(dtype=float)
        self._kinds = cooks.kinds_of_samples(self._design)
        self._curves = unknown(self.n_vars) if self.n_obs >= MANY_SAMPLES else None

    def fit(self) -> "BatchedDataSet":
        """Take every step from counts to coefficients."""
        self.fit_dispersions()
        self.fit_LFC()
        self.calculate_cooks()
        self.refit()
        return self

    def fit_dispersions(self) -> None:
        """Fit the dispersions, with their trend and prior."""
        self.fit_genewise_dispersions()
        self.fit_dispersion_trend()
        self.fit_dispersion_prior()
        self.fit_MAP_dispersions()

    def fit_genewise_dispersions(self, vst: bool = False) -> None:
        """Fit the dispersion of each feature by itself."""
        if vst:
            super().fit_genewise_dispersions(vst)
            return
        factors, normalised = self._factors(), self.layers["normed_counts"]
        rough = self.inference.fit_rough_dispersions(normalised, self.obsm["design_matrix"])
        moments = self.inference.fit_moments_dispersions(normalised, factors)
        start = np.clip(np.minimum(rough, moments), self.min_disp, self.max_disp)
        if self._kinds.max() + 1 == self._design.shape[1]:
            mu = self.inference.lin_reg_mu(self._counts, factors, self._design, self.min_mu)
        else:
            _, mu, _, _ = self.inference.irls(self._counts, factors, self._design, start, self.min_mu, self.beta_tol)
            mu = np.maximum(mu, self.min_mu)
        self.layers["_mu_hat"] = mu
        alpha, converged = self.inference.alpha_mle(
            self._counts, self._design, mu, start, self.min_disp, self.max_disp, ends="grid", curves=self._curves
        )
        self.var["_MoM_dispersions"], self.var["genewise_dispersions"] = start, alpha
        self.var["_genewise_converged"] = converged

    def fit_dispersion_trend(self, vst: bool = False) -> None:
        """Fit the trend of dispersions over means.

        It is a0 + a1 / mean; where there is none of that form, a local regression as in DESeq2; where too few features
        are above the floor even for that, one mean dispersion. Where every feature is at the floor, there is nothing to
        draw dispersions towards: DESeq2 refuses, and names the gene-wise estimates as a way on, which is taken here.
        """
        if vst:
            super().fit_dispersion_trend(vst)
            return
        means, alpha = self.var["_normed_means"], self.var["genewise_dispersions"]
        if not (alpha > FLOOR).any():
            warnings.warn(AT_THE_FLOOR, UserWarning, stacklevel=2)
            self.uns["disp_function_type"] = "none"
            self.var["fitted_dispersions"] = alpha
            return
        coefficients, fitted, converged = self.inference.dispersion_trend_gamma_glm(1 / means, alpha)
        if converged:
            self.uns["trend_coeffs"] = pd.Series(coefficients, index=["a0", "a1"])
            self.uns["disp_function_type"] = "parametric"
            self.var["fitted_dispersions"] = fitted
            return
        self.local_trend = fit_local_trend(means.to_numpy(), alpha.to_numpy())
        if self.local_trend is None:
            warnings.warn(f"{NO_TREND}: their mean is used", UserWarning, stacklevel=2)
            self._fit_mean_dispersion_trend()
            return
        warnings.warn(f"{NO_TREND}: a local regression is used, as in DESeq2", UserWarning, stacklevel=2)
        self.uns["disp_function_type"] = "local"
        self.var["fitted_dispersions"] = self.local_trend(means.to_numpy())

    def disp_function(self, x: np.ndarray) -> np.ndarray:
        """Return the trend at means."""
        if self.local_trend is not None:
            return self.local_trend(x)
        return np.asarray(super().disp_function(x))

    def fit_dispersion_prior(self) -> None:
        """Estimate how far dispersions lie from their trend."""
        alpha = self.var["genewise_dispersions"].to_numpy()
        if self.uns["disp_function_type"] == "none":
            self.uns["_squared_logres"], self.uns["prior_disp_var"] = 0.0, np.float64(np.nan)
            return
        above = alpha >= 100 * self.min_disp
        residuals = np.log(alpha[above] / self.var["fitted_dispersions"].to_numpy()[above])
        degrees = self.n_obs - self._design.shape[1]
        self.uns["_squared_logres"] = spread_of_residuals(residuals)
        self.uns["prior_disp_var"] = np.float64(prior_variance(residuals, degrees))

    def fit_MAP_dispersions(self) -> None:  # noqa: N802
        """Draw the dispersions towards their trend, but for those that lie far above it."""
        alpha, fitted = self.var["genewise_dispersions"].to_numpy(), self.var["fitted_dispersions"].to_numpy()
        if self.uns["disp_function_type"] == "none":
            self.var["MAP_dispersions"] = self.var["dispersions"] = alpha
            self.var["_MAP_converged"], self.var["_outlier_genes"] = True, False
            return
        found, converged = self.inference.alpha_mle(
            self._counts,
            self._design,
            self.layers["_mu_hat"],
            fitted,
            self.min_disp,
            self.max_disp,
            float(self.uns["prior_disp_var"]),
            prior_reg=True,
            start=np.where(alpha > 0.1 * fitted, alpha, fitted),
            ends="search",
            curves=self._curves,
        )
        far = np.log(alpha) > np.log(fitted) + OUTLYING_SDS * np.sqrt(self.uns["_squared_logres"]) + EQUAL
        self.var["MAP_dispersions"], self.var["_MAP_converged"] = found, converged
        self.var["_outlier_genes"], self.var["dispersions"] = far, np.where(far, alpha, found)

    def fit_LFC(self) -> None:  # noqa: N802
        """Fit the coefficients, in natural logarithms."""
        alpha = self.var["dispersions"].to_numpy()
        beta, mu, leverage, converged = self.inference.irls(
            self._counts, self._factors(), self._design, alpha, self.min_mu, self.beta_tol
        )
        names = self.obsm["design_matrix"].columns
        self.varm["LFC"] = pd.DataFrame(beta, index=self.var_names, columns=names)
        self.obsm["_mu_LFC"], self.obsm["_hat_diagonals"] = mu, leverage
        self.var["_LFC_converged"] = converged

    def calculate_cooks(self) -> None:
        """Find how much each count moves the coefficients of its feature."""
        normalised, n_coefficients = self.layers["normed_counts"], self._design.shape[1]
        found = np.empty(self._counts.shape, order="F")
        for part in self.inference.chunks(self._counts):
            robust = cooks.robust_dispersions(normalised[:, part], self._kinds)
            mu, leverage = self.obsm["_mu_LFC"][:, part], self.obsm["_hat_diagonals"][:, part]
            found[:, part] = cooks.distances(self._counts[:, part], mu, leverage, robust, n_coefficients)
        self.layers["cooks"] = found

    def refit(self) -> None:
        """Replace counts that decide alone, where there are enough samples of their kind, and fit these features again.

        Trend and prior stay as they are. `X` keeps the counts as they were read.
        """
        n_samples, n_coefficients = self._design.shape
        replaceable = cooks.in_kinds_of(self._kinds, cooks.TO_REPLACE)
        far = self.layers["cooks"] > cooks.cutoff(n_samples, n_coefficients)
        far &= replaceable.any()
        replaced = far.any(axis=0)
        self.obs["replaceable"], self.var["replaced"] = replaceable, replaced
        self.var["refitted"], self.new_all_zeroes_genes = False, self.var_names[:0]
        if not replaced.any():
            return
        self.layers["fitted_counts"] = self.X.copy()
        counts = self.X[:, replaced]
        changed = far[:, replaced] & replaceable[:, None]
        counts = np.where(changed, cooks.replacements(counts, self._factors()), counts)
        self.layers["fitted_counts"][:, replaced] = counts
        gone = (counts == 0).all(axis=0)
        again, names = np.flatnonzero(replaced)[~gone], self.var_names
        self.new_all_zeroes_genes = names[np.flatnonzero(replaced)[gone]]
        self.var.loc[self.new_all_zeroes_genes, "_normed_means"] = 0.0
        self.varm["LFC"].loc[self.new_all_zeroes_genes] = 0.0
        considered = self.layers["cooks"].copy()
        considered[np.ix_(replaceable, again)] = 0.0
        self.layers["replace_cooks"] = considered
        if len(again):
            self.var.iloc[again, self.var.columns.get_loc("refitted")] = True
            self._fit_again(pd.DataFrame(counts[:, ~gone], index=self.obs_names, columns=names[again]), again)

    def _fit_again(self, counts: pd.DataFrame, at: np.ndarray) -> None:
        part = BatchedDataSet(counts, self.obsm["design_matrix"], self._factors(), self.inference)
        part.fit_genewise_dispersions()
        kept = ("disp_function_type", "_squared_logres", "prior_disp_var", "trend_coeffs", "mean_disp")
        part.uns.update({key: self.uns[key] for key in kept if key in self.uns})
        part.local_trend = self.local_trend
        trendless = self.uns["disp_function_type"] == "none"
        means, own = part.var["_normed_means"].to_numpy(), part.var["genewise_dispersions"]
        part.var["fitted_dispersions"] = own if trendless else part.disp_function(means)
        part.fit_MAP_dispersions()
        part.fit_LFC()
        for name in ("_normed_means", "genewise_dispersions", "fitted_dispersions", "MAP_dispersions", "dispersions"):
            self.var.iloc[at, self.var.columns.get_loc(name)] = part.var[name].to_numpy()
        self.varm["LFC"].iloc[at] = part.varm["LFC"].to_numpy()

    def cooks_outlier(self) -> np.ndarray:
        """Tell which features have no p-value because one count decides; where only zeros are left, p is 1."""
        layer = self.layers["cooks"]
        considered = self.layers.get("replace_cooks", layer)
        outlying = cooks.outlying(layer, considered, self.X, self.obsm["design_matrix"], self._kinds)
        return np.asarray(outlying & ~self.var_names.isin(self.new_all_zeroes_genes))

    def wald_test(self, contrast: np.ndarray, null: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Test one combination of the coefficients.

        Parameters
        ----------
        contrast
            Weight of each coefficient.
        null
            Smallest absolute log2 fold change that counts as one.

        Returns
        -------
        tuple
            P-value, statistic and standard error (natural logarithm) of each feature; 1, 0 and 0 of one whose counts
            were all replaced by zeros.
        """
        beta, alpha = self.varm["LFC"].to_numpy(), self.var["dispersions"].to_numpy()
        mu = (np.exp(beta @ self._design.T) * self._factors()).T
        given = self._design, alpha, beta, mu, RIDGE * np.eye(len(contrast)), contrast, np.log(2) * null
        p_values, statistics, errors = self.inference.wald_test(*given, "greaterAbs" if null > 0 else None)
        gone = self.var_names.isin(self.new_all_zeroes_genes)
        return np.where(gone, 1.0, p_values), np.where(gone, 0.0, statistics), np.where(gone, 0.0, errors)

    def likelihood_ratio_test(self, reduced: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Test all coefficients that a smaller model lacks, at once (Love et al. 2014, Methods).

        Where the smaller model is one mean, that is the mean of normalised counts, as DESeq2 has it: the maximum of
        the likelihood itself lies a little beside it where depths differ, and makes statistics smaller by about 1%.

        Parameters
        ----------
        reduced
            Samples x coefficients, within the span of the design.

        Returns
        -------
        tuple
            Statistic and p-value of each feature. A feature whose counts were all replaced by zeros has 0 and 1.
        """
        counts, factors = self.layers.get("fitted_counts", self.X), self._factors()
        alpha = self.var["dispersions"].to_numpy()
        matrix = reduced.to_numpy(dtype=float)
        if np.ptp(matrix, axis=0).max() == 0:
            reduced_mu = np.outer(factors, (counts / factors[:, None]).mean(axis=0))
        else:
            _, reduced_mu, _, _ = self.inference.irls(counts, factors, matrix, alpha, self.min_mu, self.beta_tol)
        mu = np.exp(self.varm["LFC"].to_numpy() @ self._design.T).T * factors[:, None]
        statistics = np.where((counts == 0).all(axis=0), 0.0, likelihood_ratio(counts.T, mu.T, reduced_mu.T, alpha))
        return statistics, chi2.sf(statistics, self._design.shape[1] - matrix.shape[1])

    def _factors(self) -> np.ndarray:
        return np.asarray(self.obs["size_factors"], dtype=float)
