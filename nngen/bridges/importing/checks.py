"""Checks of a graph before anything is made of it: whoever read it, its parts fit together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.graph import Graph, Node, sources
from nngen.bridges.importing.loss import LOG_SOFTMAX
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.model import MAX_UNITS, Column, Index, input_names
from nngen.mathematics.catalogue import ACTIVATIONS, PAIRS


class UnfitError(Exception):
    """A part of a source has no equal in a spec: why, and what to do.

    All functions that read a part raise it; what reads the whole source collects the mistakes.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def problem(path: str, place: str, message: str, advice: str = "") -> Diagnostic:
    """What cannot be imported, with its place in the source."""
    return Diagnostic(path, None, None, f"{place}: {message}" if place else message, help=advice)


HALF = "the source has numbers of 16 bits: they are widened exactly, and the network computes with more digits"
"""A note of every reader on such a network."""

INTEGERS = (
    "the file computes with integers of 8 or 16 bits; this network computes with the numbers that they stand for, and "
    "rounds nothing in between: its answers may differ from those of the file"
)
"""A note on a quantized network."""

DENSE_ONLY = "a spec has dense layers only, no convolutions and no recurrent layers"
"""The first message about such a network, the same from every reader."""

_OTHERS = re.compile(r"conv(?!e)|pool|lstm|gru|rnn|bidirectional", re.IGNORECASE)
"""Words in the names of such layers and operators: ``Conv2D``, ``aten.lstm.input``, ``GlobalAveragePool``."""


def dense_only(path: str, parts: Iterable[tuple[str, str]]) -> None:
    """Refuse a network with convolutions or recurrent layers, before anything else is said about it.

    Args:
        path: the file, or another name of the source, for messages.
        parts: the place and the kind of each layer or operator.

    Raises:
        SpecError: there are such layers.
    """
    places = [place for place, kind in parts if _OTHERS.search(kind)]
    if places:
        more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
        advice = "docs/bridges.md lists what is read"
        raise SpecError([problem(path, f"{places[0]}{more}", DENSE_ONLY, advice)])


def check(made: Graph, path: str) -> None:
    """Refuse a graph whose parts do not fit together, or whose numbers are not finite.

    Args:
        made: what a reader has made.
        path: the file, or another name of the source, for messages.

    Raises:
        SpecError: with all mistakes.
    """
    found: list[Diagnostic] = []
    widths: dict[str, int] = {}
    columns = [column for node in made.nodes if isinstance(node, graph.Columns) for column in node.columns]
    for node in made.nodes:
        place = node.place or node.name
        if node.name in widths:
            found.append(problem(path, place, f"there are two nodes of the name {node.name!r}"))
        unknown = [name for name in sources(node) if name not in widths]
        if unknown:
            found.append(problem(path, place, f"there is no vector {unknown[0]!r} before it"))
            break  # what follows would be about widths that are unknown
        width, messages = _width(node, widths), [*_messages(node, widths)]
        if isinstance(node, graph.Embedding):
            messages += _embedding(node, columns)
        if not (width >= 1 or isinstance(node, graph.Columns)) or width > MAX_UNITS:
            messages.append(f"expected a vector of 1 to {MAX_UNITS:,} numbers, got {width:,}")
        found += [problem(path, place, message) for message in messages]
        widths[node.name] = width
    inputs = sum(isinstance(node, graph.Input | graph.Columns) for node in made.nodes)
    if inputs != 1:
        found.append(problem(path, "", f"expected one input, got {inputs}"))
    if not found and made.output not in widths:
        found.append(problem(path, "", f"there is no vector {made.output!r} that could be the output"))
    if not found:
        found += [problem(path, "", message) for message in _answers(made, widths[made.output])]
    if found:
        raise SpecError(found)


def _width(node: Node, widths: Mapping[str, int]) -> int:
    match node:
        case graph.Input():
            return node.width
        case graph.Columns():
            return len(input_names(node.values))
        case graph.Embedding():
            return len(node.table.T)
        case graph.Pair() if PAIRS[node.operation].over_units:
            return 1
        case graph.Dense():
            return len(node.weights[0]) if node.weights else 0
        case graph.Concat():
            return sum(widths[source] for source in node.sources)
        case graph.Select():
            return len(node.indices)
        case graph.Sum() | graph.Pair():
            return widths[node.sources[0]] if node.sources else 0
    return widths[node.source]


def _messages(node: Node, widths: Mapping[str, int]) -> Iterator[str]:
    for field in fields(node):
        value = getattr(node, field.name)
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray) and not np.isfinite(array).all():
                yield f"{field.name} has a number that is not finite"
            if isinstance(array, float) and not np.isfinite(array):
                yield f"{field.name} is not finite"
    match node:
        case graph.Input() if node.names and len(node.names) != node.width:
            yield f"it has {node.width} numbers, but {len(node.names)} names"
        case graph.Dense():
            yield from _dense(node, widths)
        case graph.Activate():
            if not node.formula and node.activation not in (*ACTIVATIONS, LOG_SOFTMAX):
                yield f"there is no activation {node.activation!r}"
            if not all(map(np.isfinite, node.options.values())):
                yield "an option is not finite"
        case graph.Scale() | graph.Affine() | graph.BatchNorm() | graph.LayerNorm() | graph.RmsNorm():
            for field in fields(node):
                array = getattr(node, field.name)
                if isinstance(array, np.ndarray) and array.shape != (widths[node.source],):
                    yield f"{field.name} has the shape {array.shape}, its source has {widths[node.source]} numbers"
            if isinstance(node, graph.Scale) and not node.divide.all():
                yield "it divides by 0"
            if isinstance(node, graph.Affine) and not node.multiply.all():
                yield "it multiplies by 0, so that a number is always the same"
            if isinstance(node, graph.BatchNorm) and not (node.variance >= 0.0).all():
                yield "a variance is negative"
            if not isinstance(node, graph.Scale | graph.Affine) and not node.epsilon > 0.0:
                yield f"epsilon is {node.epsilon:g}; expected a number above 0"
        case graph.Select() if not all(0 <= index < widths[node.source] for index in node.indices):
            yield f"it selects a number that is not among the {widths[node.source]} of its source"
        case graph.Pair() if len(node.sources) != 2:
            yield f"it combines two vectors, got {len(node.sources)}"
        case graph.Sum() | graph.Pair() if len({widths[source] for source in node.sources}) > 1:
            yield f"it combines vectors of {', '.join(str(widths[source]) for source in node.sources)} numbers"
        case graph.Dropout() if not 0.0 < node.rate < 1.0:
            yield f"the rate of dropout is {node.rate:g}; expected a number between 0 and 1"


def _embedding(node: graph.Embedding, columns: Sequence[Column]) -> Iterator[str]:
    column = columns[node.column] if 0 <= node.column < len(columns) else None
    if not isinstance(column, Index):
        yield "its column has no ids"
    elif node.table.shape[:-1] != (column.count,):
        yield f"expected a row for each of {column.count:,} ids, got the shape {node.table.shape}"


def _dense(node: graph.Dense, widths: Mapping[str, int]) -> Iterator[str]:
    if not node.sources or len(node.sources) != len(node.weights):
        yield f"it has {len(node.sources)} sources and {len(node.weights)} matrices"
        return
    units = len(node.weights[0])
    for source, matrix in zip(node.sources, node.weights, strict=True):
        if matrix.shape != (units, widths[source]):
            yield f"expected weights of the shape {(units, widths[source])}, got {matrix.shape}"
    if node.bias is not None and node.bias.shape != (units,):
        yield f"expected {units} biases, got the shape {node.bias.shape}"


def _answers(made: Graph, width: int) -> Iterator[str]:
    if made.classes and len(made.classes) != max(width, 2):
        yield f"the file names {len(made.classes)} classes, but the network has {width} outputs"
    if len(set(made.classes)) != len(made.classes):
        yield "two classes have the same name"
    for array in made.targets or ():
        if array.shape != (width,) or not np.isfinite(array).all():
            yield f"expected {width} finite numbers for the scale of the targets, got the shape {array.shape}"
    for node in made.nodes:
        if isinstance(node, graph.Activate) and node.activation == LOG_SOFTMAX and node.name != made.output:
            yield f"{node.place or node.name}: the logarithm of softmax is possible at the output only"
