"""The nodes of a graph as they are made of operators: weighted sums, shifts and scales, activations, normalizations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any, TypeVar

import numpy as np

from nngen.bridges.importing import graph, recognize
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.expressions import Expression, Z, affine_steps, shared_affine
from nngen.bridges.importing.functions import clips_outward
from nngen.bridges.importing.graph import Array, Node
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Vector:
    """A function of the vector of a node of the network, for each example of a batch."""

    node: str
    """The node of the network."""
    shape: tuple[int, ...]
    """The shape for one example; the batch is the dimension before it."""
    function: Expression = Z

    @property
    def width(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


V = TypeVar("V")


class Nodes:
    """The nodes that have been made, each under a name of its own."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.widths: dict[str, int] = {}
        self.several: set[str] = set()
        """The nodes that are used several times."""
        self.notes: dict[str, None] = {}
        self.place = ""
        """Where the operator is that is read."""
        self._embeddings: dict[tuple[int, str], str] = {}
        self._formulas: dict[str, str] = {}
        self._settled: dict[tuple[str, Expression], str] = {}
        self._functions: dict[str, tuple[str, Expression]] = {}
        """The function of another node that each node of an activation is."""

    def node_of(self, vector: Vector) -> str:
        """The node that has the numbers of a vector; it is made if it is not there."""
        if vector.function is not Z and vector.width != self.widths[vector.node]:
            raise UnfitError("numbers that are combined over a whole vector are read in normalizations only")
        key = vector.node, vector.function
        if key not in self._settled:
            self._settled[key] = self._made(vector.node, clips_outward(vector.function))
        return self._settled[key]

    def shared(self, value: V) -> V | Vector:
        """A value that is used several times; if it is an activation, it becomes a node, so that it is one."""
        if isinstance(value, Vector) and value.function is not Z and not value.function.over_units:
            found = None if value.function.boolean else recognize.activation(value.function)
            if found is not None and found.name != "linear":
                return Vector(self.node_of(value), value.shape)
        return value

    def add(self, node: Node, width: int) -> str:
        """Add a node under a name that no other has; return the name."""
        name, number = node.name, 2
        while name in self.nodes or name in self.widths:
            name, number = f"{node.name}_{number}", number + 1
        self.nodes[name] = replace(node, name=name, place=node.place or self.place)
        self.widths[name] = width
        return name

    def made(self, kind: Callable[..., Node], source: Vector, what: str, **fields: Any) -> Vector:
        """A vector that a new node makes of another one of its size."""
        node = kind(name=f"{source.node} {what}", source=source.node, **fields)
        return Vector(self.add(node, source.width), source.shape)

    def embedding(self, place: int, table: str, node: graph.Embedding) -> str:
        """The node of an embedding: rows that are selected twice are those of one node."""
        if (place, table) not in self._embeddings:
            self._embeddings[place, table] = self.add(node, node.table.shape[1])
        else:
            self.several.add(self._embeddings[place, table])
        return self._embeddings[place, table]

    def biased(self, name: str, bias: Array) -> str:
        """The weighted sums of this name with these biases; empty if they have biases, or are used without these."""
        node = self.nodes.get(name)
        if not isinstance(node, graph.Dense) or node.bias is not None or name in self.several:
            return ""
        self.nodes[name] = replace(node, bias=bias)
        return name

    def affine(self, source: str, multiply: Array | float, add: Array | float) -> str:
        """A node that multiplies by constants and adds constants."""
        given = {"multiply": multiply, "add": add}
        return self._by_constants(graph.Affine, source, "affine", given)

    def scale(self, source: str, subtract: Array | float, divide: Array | float) -> str:
        """A node that subtracts constants and divides by constants."""
        given = {"subtract": subtract, "divide": divide}
        return self._by_constants(graph.Scale, source, "scaled", given)

    def _by_constants(
        self, kind: Callable[..., Node], source: str, what: str, given: Mapping[str, Array | float]
    ) -> str:
        width = self.widths[source]
        fields = {name: np.broadcast_to(value, (width,)).astype(np.float64) for name, value in given.items()}
        return self.add(kind(name=f"{source} {what}", source=source, **fields), width)

    def _made(self, source: str, function: Expression) -> str:
        """The node for a function of another node: constants before and after it, and an activation."""
        if function is Z:
            return source
        if function.boolean:
            raise UnfitError("a condition is not a number", "export it with numbers, or with one output")
        steps, inner = affine_steps(function)
        if inner is Z:
            return self._stepped(source, steps)
        if function.over_units:
            made = self._across(source, function)
            if made is not None:
                return made
            if steps:
                return self._stepped(self._made(source, inner), steps)
            if (parts := function.after_units()) is not None:
                return self._made(self._made(source, parts[0]), parts[1])
            message = "it combines the numbers of a vector, but is neither softmax nor a normalization"
            raise UnfitError(message, "leave this step out of the network that you export")
        found = recognize.activation(function)
        if found is None and steps:
            return self._stepped(self._made(source, inner), steps)
        if found is None and (shared := shared_affine(function)) is not None:
            found = recognize.activation(function.without_affine())
            if found is not None:
                source, function = self._stepped(source, affine_steps(shared)[0]), function.without_affine()
        if found is None and source in self._functions and not recognize.everywhere(function):
            before, inner = self._functions[source]  # such as log1p of relu
            return self._made(before, function.of(inner))
        if found is None:
            found = recognize.formula(function, len(self._formulas) + 1)
        if found is None:
            raise UnfitError("the function is no activation of the catalogue, and no formula of a spec")
        made = self._activated(source, found)
        if made != source:
            self._functions[made] = source, function
        return made

    def _activated(self, source: str, found: recognize.Found) -> str:
        if found.name == "linear":
            return source
        name = self._formulas.setdefault(found.formula, found.name) if found.formula else found.name
        if found.difference > recognize.EXACT:
            self.notes[f"{name}: the file has rounded constants; values differ by up to {found.difference:.0e}"] = None
        node = graph.Activate(
            name=f"{source} {name}", source=source, activation=name, options=found.options, formula=found.formula
        )
        return self.add(node, self.widths[source])

    def _across(self, source: str, function: Expression) -> str | None:
        width = self.widths[source]
        found = recognize.across(function, width)
        if found is None:
            return None
        kind, epsilon = found
        vector, ones = Vector(source, (width,)), np.ones(width)
        if kind == "layer_norm":
            return self.made(graph.LayerNorm, vector, kind, gain=ones, shift=0.0 * ones, epsilon=epsilon).node
        if kind == "rms_norm":
            return self.made(graph.RmsNorm, vector, kind, gain=ones, epsilon=epsilon).node
        return self.made(graph.Activate, vector, kind, activation=kind).node

    def _stepped(self, source: str, steps: Sequence[tuple[str, float]]) -> str:
        """The node after additions and multiplications, the innermost first."""
        for kind, value in steps:
            match kind:
                case "+":
                    source = self.affine(source, 1.0, value)
                case "-":
                    source = self.scale(source, value, 1.0)
                case "from":
                    source = self.affine(source, -1.0, value)
                case "*":
                    source = self.affine(source, value, 0.0)
                case "/":
                    source = self.scale(source, 0.0, value)
        return source
