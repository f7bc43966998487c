"""The Python interface: commands as functions, on files, mappings and data frames.

``nngen`` exports these names.
"""

from nngen.interface.answers import Comparison, Evaluation, evaluate, predict
from nngen.interface.modules import Module, Page, build, explain, prove, verify
from nngen.interface.network import Network, init, load
from nngen.interface.result import Result
from nngen.interface.training import DivergedError, train
from nngen.proof.proving import Proof

__all__ = [
    "Comparison",
    "DivergedError",
    "Evaluation",
    "Module",
    "Network",
    "Page",
    "Proof",
    "Result",
    "build",
    "evaluate",
    "explain",
    "init",
    "load",
    "predict",
    "prove",
    "train",
    "verify",
]
