"""The Python interface: commands as functions, on files, mappings and data frames.

``nngen`` exports these names.
"""

from nngen.interface.answers import Comparison, Evaluation, evaluate, predict
from nngen.interface.network import Network, Page, build, explain, init, load, verify
from nngen.interface.training import DivergedError, Result, train

__all__ = [
    "Comparison",
    "DivergedError",
    "Evaluation",
    "Network",
    "Page",
    "Result",
    "build",
    "evaluate",
    "explain",
    "init",
    "load",
    "predict",
    "train",
    "verify",
]
