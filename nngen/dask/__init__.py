"""Training and predicting on many machines with Dask, with the same bits for any number of workers."""

from nngen.dask.fit import fit

__all__ = ["fit"]
