"""The Python interface: commands as functions, on files, mappings and data frames.

``nngen`` exports these names.
"""

from nngen.interface.answers import Comparison, Evaluation, Ranking, evaluate, predict, predictor
from nngen.interface.course_files import course
from nngen.interface.modules import Module, Page, build, explain, prove, verify
from nngen.interface.network import Network, init, load
from nngen.interface.others import export, import_
from nngen.interface.result import Result
from nngen.interface.training import DivergedError, Runs, Search, train
from nngen.interface.views import formulas, schema, show, trace
from nngen.proof.proving import Proof

__all__ = [
    "Comparison",
    "DivergedError",
    "Evaluation",
    "Module",
    "Network",
    "Page",
    "Proof",
    "Ranking",
    "Result",
    "Runs",
    "Search",
    "build",
    "course",
    "evaluate",
    "explain",
    "export",
    "formulas",
    "import_",
    "init",
    "load",
    "predict",
    "predictor",
    "prove",
    "schema",
    "show",
    "trace",
    "train",
    "verify",
]
