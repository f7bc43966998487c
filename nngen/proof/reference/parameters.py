"""The parameters of a network: their shapes, their initial values, and their order."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nngen.description.model import Layer, Matrices, Scheme, Spec, Vector
from nngen.proof.reference.generator import Array
from nngen.proof.reference.initial import draw
from nngen.proof.reference.layers import parameters


class Parameter(NamedTuple):
    """A weight matrix or a bias vector: its initial values, and whether it is trained."""

    shape: tuple[int, ...]
    fan_in: int
    initial: Scheme | ArrayLike
    trainable: bool
    fan_out: int
    ids: str = ""
    """The input that selects a row, if it is the matrix of an embedding."""
    sign: ArrayLike = 0.0
    """1 where it must not be negative, -1 where it must not be positive, so that the output is monotone; else 0."""

    def kept(self, values: Array) -> Array:
        """The nearest values with the signs that it must have."""
        return np.where(np.sign(values) * self.sign < 0.0, 0.0, values)


class Parameters:
    """The parameters of a spec as arrays in pack order.

    For each layer, these are a weight matrix ``(units, source size)`` for each source in the order of ``from``, then
    the bias vector ``(units,)``, if the layer has biases. ``shapes`` lists their shapes.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._last = spec.layers[-1]
        names = [spec.input_name, *(layer.name for layer in spec.layers)]
        sizes = [len(spec.numbers), *(len(layer.unit_names) for layer in spec.layers)]
        self._width = len(spec.input_names)
        self._shared = {index.name for index in spec.indices if index.unknown == "row"}
        self._rows = {index.name: index.count for index in spec.indices}
        self._sizes = dict(zip(names, sizes, strict=True))
        # by default, the source of a layer is the layer before it, or the input
        self._layers = [(layer, layer.sources or (name,)) for name, layer in zip(names, spec.layers, strict=False)]
        reached = {spec.input_name} if spec.monotone else set()
        for layer, sources in self._layers:
            reached |= {layer.name} if reached.intersection(sources) else set()
        self._signs: dict[str, ArrayLike] = dict.fromkeys(reached, 1.0)
        of_input = {"increasing": 1.0, "decreasing": -1.0}
        self._signs |= {spec.input_name: [of_input.get(spec.monotone.get(name, ""), 0.0) for name in spec.numbers]}
        self._parameters = [p for layer, sources in self._layers for p in self._of_layer(layer, sources)]
        self.shapes = tuple(parameter.shape for parameter in self._parameters)

    def _of_layer(self, layer: Layer, sources: Sequence[str]) -> Iterator[Parameter]:
        units, weights = self._sizes[layer.name], layer.weights.initial or self.spec.initial.weights
        fan_in = sum(self._rows.get(source) or self._sizes[source] for source in sources)
        for source in sources if layer.weighted else ():
            rows: Scheme | ArrayLike
            if isinstance(weights, Matrices):  # a single source needs no name
                rows = weights.values[source if source in weights.values else ""]
            else:
                rows = weights
            shape = (self._rows[source], units) if layer.kind == "embedding" else (units, self._sizes[source])
            ids = source if layer.kind == "embedding" else ""
            yield Parameter(shape, fan_in, rows, layer.weights.trainable, units, ids, self._signs.get(source, 0.0))
        if layer.bias is not None:
            biases = layer.bias.initial or self.spec.initial.biases
            row = biases.values if isinstance(biases, Vector) else biases
            yield Parameter((units,), fan_in, row, layer.bias.trainable, units)
        for place, number in enumerate(parameters(layer)):  # of the normalization; the last two are running statistics
            trainable = layer.normalization is not None and layer.normalization.trainable and place < 2
            sign = self._signs.get(layer.name, 0.0) if place == 0 else 0.0
            yield Parameter((units,), fan_in, np.full(units, number), trainable, units, sign=sign)

    def init(self, seed: int | None = None) -> list[Array]:
        """The initial parameters; scalar k in pack order, from 0, uses the random number with index k.

        The seed is that of the initializer, else the one given here, else ``spec.initial.seed``. The fan-in is the
        number of inputs of a unit over all sources, the fan-out the number of units of the layer, also for biases. The
        row that unknown ids share begins at 0. Weights with a sign begin with their absolute values and that sign.
        """
        seed = self.spec.initial.seed if seed is None else seed
        first, params = 0, []
        for shape, fan_in, initial, _, fan_out, ids, sign in self._parameters:
            index = np.arange(first, first + math.prod(shape), dtype=np.uint64).reshape(shape)
            values = draw(initial, seed, index, fan_in, fan_out) if isinstance(initial, Scheme) else initial
            values = np.array(values, np.float64).reshape(shape)
            params.append(np.where(np.equal(sign, 0.0), values, sign * np.abs(values)))
            if ids in self._shared and isinstance(initial, Scheme):
                params[-1][-1] = 0.0
            first += index.size
        return params

    def pack(self, params: Sequence[Array]) -> list[float]:
        """All parameters in one flat list, matrices row by row."""
        return [float(number) for values in params for number in values.flat]

    def unpack(self, flat: Sequence[float]) -> list[Array]:
        """The parameters from a flat list.

        Raises:
            ValueError: the list has a wrong length.
        """
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])
        if len(flat) != ends[-1]:
            raise ValueError(f"expected {ends[-1]} numbers, got {len(flat)}")
        parts = np.split(np.array(flat, np.float64), ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]
