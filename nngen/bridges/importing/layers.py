"""From a graph to layers: an activation, a normalization or dropout joins the weighted sum before it.

Shifts and scales between layers go into the weights that precede or follow them, those of the input into the scaling of
the data. What cannot join a layer gets a layer of its own, whose weights are the identity matrix and are not trained.
So outputs and training are those of the source.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.dense_layer import DenseLayer, KindLayer, Part, View, identity, whole
from nngen.bridges.importing.graph import Array, Graph, Node, sources
from nngen.bridges.importing.parametric import of_one_unit
from nngen.common.records import dataclass
from nngen.description.model import Numeric, input_names
from nngen.mathematics.catalogue import ADD, EMBEDDING, PAIRS

INPUT = ""
"""The vector of the input; those of layers have the names of the layers."""


@dataclass(frozen=True)
class Network:
    """The layers of a graph, each after its sources; the last one is the output."""

    input: graph.Input | graph.Columns
    width: int
    """The number of inputs."""
    layers: tuple[DenseLayer, ...]
    scaling: Part | None
    """The shift and scale of each input; None if the numbers are as they are."""

    @property
    def widths(self) -> dict[str, int]:
        """The number of values of each source of a layer."""
        return {INPUT: self.width, **{layer.name: layer.units for layer in self.layers}}


def network(given: Graph) -> Network:
    """The layers of a checked graph."""
    made = _Builder(given)
    for node in made.nodes:
        made.add(node)
    layers = made.finish()
    scaling = _scaling(layers, made.width)
    if scaling is not None and not _is_of_columns(scaling, made.input):
        scaling = None
    if scaling is None:
        for layer in layers:
            layer.fold({INPUT})
    return Network(made.input, made.width, layers, scaling)


class _Builder:
    def __init__(self, given: Graph) -> None:
        self.nodes = needed(given)
        self.input = next(node for node in self.nodes if isinstance(node, graph.Input | graph.Columns))
        self.width = width_of(self.input)
        self._output = given.output
        self._layers: dict[str, DenseLayer] = {}
        self._views: dict[str, View] = {}
        self._uses = Counter(source for node in self.nodes for source in sources(node))
        self._uses[given.output] += 1
        self._shared: set[str] = set()

    def add(self, node: Node) -> None:
        """Add a node; its sources are there."""
        view = self._view(node)
        self._views[node.name] = view
        if self._uses[node.name] > 1:
            self._shared.update(part.vector for part in view.parts)

    def finish(self) -> tuple[DenseLayer, ...]:
        """The layers. The output is the last one, and its activations are as they are, because a loss needs them."""
        if self._own(self._output, lambda layer: not (layer.dropout or layer.after)) is None:
            self._new(identity(self._free("output"), [self._views[self._output]]))
        return tuple(self._layers.values())

    def _view(self, node: Node) -> View:
        match node:
            case graph.Input() | graph.Columns():
                return whole(INPUT, self.width)
            case graph.Scale():
                return self._scaled(node.source, node.subtract, node.divide)
            case graph.Affine():
                return self._shifted(node)
            case graph.Concat():
                return View(tuple(part for source in node.sources for part in self._views[source].parts))
            case graph.Select():
                return self._views[node.source].select(node.indices)
            case graph.Dense():
                layer = self._dense(node)
            case graph.Embedding():
                units = node.table.shape[1]
                layer = made = KindLayer(self._free(node.name), [], None, kind=EMBEDDING.name, size=units)
                made.column, made.table, made.trainable = node.column, node.table, node.trainable
                self._new(made)
            case graph.Pair():
                size = 1 if PAIRS[node.operation].over_units else len(self._views[node.sources[0]])
                layer = self._joined(node.operation, node.name, self._whole(node.name, node.sources), size)
            case graph.Sum() if any(
                isinstance(self._layers.get(self._views[name].whole), KindLayer) for name in node.sources
            ):
                layer = self._added(node)
            case graph.Sum():
                layer = self._sum(node)
            case graph.Activate():
                layer = self._before(node, lambda layer: not (layer.activation or layer.dropout))
                layer.activation = node
            case graph.LayerNorm() if len(self._views[node.source]) == 1:
                layer = self._dense(of_one_unit(node))
            case graph.BatchNorm() | graph.LayerNorm() | graph.RmsNorm():
                layer = self._before(node, lambda layer: not (layer.normalization or layer.dropout))
                layer.normalization, layer.after = node, layer.activation is not None
            case graph.Dropout():
                layer = self._before(node, lambda layer: not layer.dropout)
                layer.dropout = node.rate
        layer.note(node.note)
        return whole(layer.name, layer.units)

    def _scaled(self, source: str, subtract: Array, divide: Array) -> View:
        """A shifted and scaled vector: by the parameters of its layer, or by those of the layers that take it."""
        view = self._views[source]
        taken = self._own(source, lambda layer: layer.rescale(subtract, divide))
        return view.scaled(subtract, divide) if taken is None else view

    def _shifted(self, node: graph.Affine) -> View:
        """The same, where what is added may be the trained biases of a layer that has no weighted sums."""
        view = self._scaled(node.source, -node.add / node.multiply, 1.0 / node.multiply)
        layer = self._layers.get(view.whole)
        if node.trainable is not None and view.plain and isinstance(layer, KindLayer):
            if layer.bias is None and node.trainable:
                layer.bias = np.zeros(layer.units)
            layer.trainable = layer.trainable if layer.weighted else node.trainable
        return view

    def _dense(self, node: graph.Dense) -> DenseLayer:
        views = [self._views[source] for source in node.sources]
        if node.trainable and not self._once(views):  # otherwise it would train weights that the source has not
            layers = [self._new(identity(self._free(f"{node.name}_input"), [view])) for view in views]
            views = [whole(layer.name, layer.units) for layer in layers]
        pairs = zip(views, node.weights, strict=True)
        terms = [term for view, matrix in pairs for term in view.columns(matrix)]
        return self._new(DenseLayer(self._free(node.name), terms, node.bias, trainable=node.trainable))

    def _sum(self, node: graph.Sum) -> DenseLayer:
        """The sum of weighted sums is one layer with the sources of all; any other sum has constant weights."""
        views = [self._views[source] for source in node.sources]
        layers = [self._own(source, lambda layer: layer.linear) for source in node.sources]
        summed = [layer for layer in layers if layer is not None]
        terms = [term for layer in summed for term in layer.terms]
        alike = len({layer.trainable for layer in summed}) == 1
        if len(summed) < len(views) or not alike or not self._once([View(tuple(part for part, _ in terms))]):
            return self._new(identity(self._free(node.name), views))
        for layer in summed:
            del self._layers[layer.name]
        biases = [layer.bias for layer in summed if layer.bias is not None]
        bias = sum(biases[1:], biases[0]) if biases else None
        name = next((layer.name for layer in summed if layer.bias is not None), summed[0].name)
        made = DenseLayer(name, terms, bias, trainable=summed[0].trainable)
        for note in (note for layer in summed for note in layer.notes):
            made.note(note)
        made.note("the sum of several layers; its biases are the sums of theirs" if len(biases) > 1 else "")
        return self._new(made)

    def _joined(self, kind: str, name: str, sources: Sequence[str], size: int) -> KindLayer:
        """A layer that takes the whole vectors of layers."""
        made = KindLayer(self._free(name), [], None, kind=kind, size=size, sources=tuple(sources))
        self._layers[made.name] = made
        return made

    def _whole(self, name: str, sources: Sequence[str]) -> list[str]:
        """The vectors of these nodes; parts of vectors, and shifted or scaled ones, become layers of their own."""
        taken = []
        for source in sources:
            view = self._views[source]
            layer = self._layers.get(view.whole)
            if layer is None or not view.plain or len(view) != layer.units:
                layer = self._new(identity(self._free(f"{name}_input"), [view]))
            taken.append(layer.name)
        return taken

    def _added(self, node: graph.Sum) -> KindLayer:
        """The sum of layers of which one is no dense layer; a sum that only this one takes becomes part of it."""
        first, *rest = node.sources
        size = len(self._views[first])
        inner = self._own(first, lambda layer: layer.linear)
        if not isinstance(inner, KindLayer) or inner.kind != ADD.name:
            return self._joined(ADD.name, node.name, self._whole(node.name, node.sources), size)
        taken = [*inner.sources, *self._whole(node.name, rest)]
        del self._layers[inner.name]
        made = self._joined(ADD.name, inner.name, taken, size)
        made.bias = inner.bias
        return made

    def _before(
        self, node: graph.Activate | graph.BatchNorm | graph.LayerNorm | graph.RmsNorm | graph.Dropout, fits: "_Fits"
    ) -> DenseLayer:
        """The layer before a node, if the node fits into it; otherwise a layer of its own."""
        found = self._own(node.source, fits)
        return found or self._new(identity(self._free(node.name), [self._views[node.source]]))

    def _own(self, source: str, fits: "_Fits") -> DenseLayer | None:
        """The layer whose vector a source is, if nothing else uses it, and if what comes next fits into it."""
        view = self._views[source]
        layer = self._layers.get(view.whole)
        if layer is None or layer.name in self._shared or layer.units != len(view) or not view.plain:
            return None
        return layer if fits(layer) else None

    def _new(self, layer: DenseLayer) -> DenseLayer:
        layer.fold(self._layers)
        self._layers[layer.name] = layer
        return layer

    def _free(self, name: str) -> str:
        """A name that no layer has."""
        return name if name and name not in self._layers else self._free(f"{name}_")

    def _once(self, views: Sequence[View]) -> bool:
        """Whether the views have each number of their vectors once."""
        parts = [part for view in views for part in view.parts]
        widths = {INPUT: self.width, **{name: layer.units for name, layer in self._layers.items()}}
        return all(
            np.array_equal(
                np.sort(np.concatenate([part.indices for part in parts if part.vector == vector])),
                np.arange(widths[vector]),
            )
            for vector in {part.vector for part in parts}
        )


_Fits = Callable[[DenseLayer], bool]


def width_of(node: graph.Input | graph.Columns) -> int:
    """The number of inputs."""
    return len(input_names(node.values)) if isinstance(node, graph.Columns) else node.width


def needed(given: Graph) -> list[Node]:
    """The nodes that the output depends on, in their order, and the input."""
    wanted = {given.output}
    for node in reversed(given.nodes):
        if node.name in wanted:
            wanted.update(sources(node))
    return [node for node in given.nodes if node.name in wanted or isinstance(node, graph.Input | graph.Columns)]


def _scaling(layers: Sequence[DenseLayer], width: int) -> Part | None:
    """The shift and scale of the inputs that all layers share; None if there is none."""
    parts = [part for layer in layers for part, _ in layer.terms if part.vector == INPUT]
    subtract, divide = np.zeros(width), np.ones(width)
    for part in parts:
        subtract[part.indices], divide[part.indices] = part.subtract, part.divide
    for part in parts:  # a part may have an input twice
        if (subtract[part.indices] != part.subtract).any() or (divide[part.indices] != part.divide).any():
            return None
    scaling = Part(INPUT, np.arange(width), subtract, divide)
    return None if scaling.plain or not (divide > 0.0).all() else scaling


def _is_of_columns(scaling: Part, source: graph.Input | graph.Columns) -> bool:
    """Whether a shift and scale is only of columns of numbers that have none of their own."""
    if isinstance(source, graph.Input):
        return True
    free = [
        isinstance(column, Numeric) and column.scale is None and name == column.name
        for column in source.values
        for name in column.input_names
    ]
    return scaling.of(np.flatnonzero(~np.array(free))).plain
