"""Training and predicting on many machines with Dask, with the same bits for any number of workers."""

from nngen.dask.fit import fit
from nngen.dask.paths import shards_of
from nngen.dask.predict import predict
from nngen.dask.session import connected, spread
from nngen.dask.shards import Columns, RowGroups

__all__ = ["Columns", "RowGroups", "connected", "fit", "predict", "shards_of", "spread"]
