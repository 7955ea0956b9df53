"""Batched inference for PyDESeq2; it depends on NumPy, SciPy, pandas and PyDESeq2 alone."""

from .dataset import BatchedDataSet
from .inference import BatchedInference

__all__ = ["BatchedDataSet", "BatchedInference"]
