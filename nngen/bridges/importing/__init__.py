"""Reads networks of other tools: a file becomes a graph, and the graph a spec with its parameters.

A reader for each source makes a ``Graph``; everything after it is the same for all sources.
"""

from nngen.bridges.importing.assemble import Imported, assemble
from nngen.bridges.importing.compare import compare, outputs, sample
from nngen.bridges.importing.live import from_keras, from_sklearn, from_torch, parameter_file
from nngen.bridges.importing.playground import is_playground, playground
from nngen.bridges.importing.source import integer_outputs, load, load_integers, load_parameters

__all__ = [
    "Imported",
    "assemble",
    "compare",
    "from_keras",
    "from_sklearn",
    "from_torch",
    "integer_outputs",
    "is_playground",
    "load",
    "load_integers",
    "load_parameters",
    "outputs",
    "parameter_file",
    "playground",
    "sample",
]
