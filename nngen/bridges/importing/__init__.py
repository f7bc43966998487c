"""Reads networks of other tools: a file becomes a graph, and the graph a spec with its parameters.

A reader for each source makes a ``Graph``; everything after it is the same for all sources.
"""

from nngen.bridges.importing.assemble import Imported, assemble
from nngen.bridges.importing.checks import problem
from nngen.bridges.importing.compare import Comparison, Judgement, Sample, compare, outputs, sample
from nngen.bridges.importing.graph import (
    Activate,
    Affine,
    Array,
    BatchNorm,
    Columns,
    Concat,
    Dense,
    Dropout,
    Graph,
    Input,
    LayerNorm,
    Node,
    RmsNorm,
    Scale,
    Select,
    Sum,
)
from nngen.bridges.importing.integers import integer_outputs, load_integers
from nngen.bridges.importing.isolated import isolated
from nngen.bridges.importing.live import from_keras, from_sklearn, from_torch, parameter_file
from nngen.bridges.importing.playground import is_playground, playground
from nngen.bridges.importing.source import Source, load, load_parameters

__all__ = [
    "Activate",
    "Affine",
    "Array",
    "BatchNorm",
    "Columns",
    "Comparison",
    "Concat",
    "Dense",
    "Dropout",
    "Graph",
    "Imported",
    "Input",
    "Judgement",
    "LayerNorm",
    "Node",
    "RmsNorm",
    "Sample",
    "Scale",
    "Select",
    "Source",
    "Sum",
    "assemble",
    "compare",
    "from_keras",
    "from_sklearn",
    "from_torch",
    "integer_outputs",
    "is_playground",
    "isolated",
    "load",
    "load_integers",
    "load_parameters",
    "outputs",
    "parameter_file",
    "playground",
    "problem",
    "sample",
]
