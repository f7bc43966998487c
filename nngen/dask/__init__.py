"""Training and predicting on many machines with Dask, with the same bits for any number of workers."""

from nngen.dask.fit import fit
from nngen.dask.predict import predict
from nngen.dask.session import SHARDS, connected, spread_fit
from nngen.dask.shards import Columns

__all__ = ["SHARDS", "Columns", "connected", "fit", "predict", "spread_fit"]
