"""Inference for PyDESeq2 on all features at once; it needs NumPy, SciPy, pandas and PyDESeq2, nothing else."""

from .dataset import BatchedDataSet
from .inference import BatchedInference

__all__ = ["BatchedDataSet", "BatchedInference"]
