"""The layers of Keras that join vectors number by number."""

from collections.abc import Sequence

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Affine, Node, Pair, Sum
from nngen.bridges.importing.keras.layer import Call, Made
from nngen.bridges.importing.keras.sums import nodes_of
from nngen.mathematics.catalogue import OF_KERAS, PAIRS, summed


def bias(call: Call) -> Made:
    """Biases, in modules that nngen exports."""
    width = call.vector()
    add = call.read({"bias": (width,)})["bias"]
    return call.made(Affine, multiply=np.ones(width), add=add, trainable=call.trains)


def pair(call: Call) -> Made:
    """``product``, ``ratio`` or ``maximum`` of vectors, also as an operator."""
    operation = OF_KERAS[call.layer.kind]
    _alike(call, 0 if PAIRS[operation].keras.text else 2)
    return tuple(_joined(call, operation, nodes_of(call), call.label)), call.input.shape


def minimum(call: Call) -> Made:
    """``maximum`` of the negated vectors."""
    _alike(call)
    label = call.label
    negated = [_times(call, f"{label} {number}", node, -1.0) for number, node in enumerate(nodes_of(call), 1)]
    joined = _joined(call, OF_KERAS["Maximum"], [node.name for node in negated], f"{label} negated")
    return (*negated, *joined, _times(call, label, joined[-1].name, -1.0)), call.input.shape


def difference(call: Call) -> Made:
    """Several sources of a layer, with factors in weights."""
    _alike(call, 2)
    first, second = nodes_of(call)
    label = call.label
    negated = _times(call, f"{label} negated", second, -1.0)
    return (negated, Sum(name=label, sources=(first, negated.name))), call.input.shape


def average(call: Call) -> Made:
    """Several sources of a layer, with factors in weights."""
    _alike(call)
    label = call.label
    total = Sum(name=f"{label} sum", sources=nodes_of(call))
    return (total, _times(call, label, total.name, 1.0 / len(call.inputs))), call.input.shape


def _times(call: Call, name: str, source: str, factor: float) -> Affine:
    multiply = np.full(call.input.width, factor)
    return Affine(name=name, source=source, multiply=multiply, add=0.0 * multiply)


def _alike(call: Call, count: int = 0) -> None:
    """Check that there are several vectors of one shape; ``count`` is 0 for any number of them."""
    several = len(call.inputs) == count if count else len(call.inputs) > 1
    if len({tensor.shape for tensor in call.inputs}) != 1 or not several:
        shapes = ", ".join(str(tensor.shape) for tensor in call.inputs)
        advice = "give it vectors with the same number of units"
        raise UnfitError(f"it joins vectors of the shapes {shapes}", advice)


def _joined(call: Call, operation: str, nodes: Sequence[str], label: str) -> list[Node]:
    """The nodes that join vectors one after another; the last one has the name of the layer."""
    first, *rest = nodes
    made: list[Node] = []
    for number, other in enumerate(rest, 1):
        name = label + (f" {number}" if number < len(rest) else "")
        made.append(Pair(name=name, operation=operation, sources=(first, other)))
        first = name
    return made


def dot(call: Call) -> Made:
    """``dot`` along the last axes of two vectors, without ``normalize``."""
    if call.get("normalize"):
        advice = "normalize=False gives the dot product without it"
        raise UnfitError("it divides by the lengths of the vectors (normalize)", advice)
    if len(call.inputs) != 2:
        raise UnfitError(f"it has {len(call.inputs)} inputs", "a dot product has two")
    axes, shapes = call.get("axes"), [tensor.shape for tensor in call.inputs]
    given = axes if isinstance(axes, list) else [axes, axes]
    last = len(given) == 2 and all(
        shape[-1:] == (tensor.width,) and axis in (-1, len(shape))
        for axis, shape, tensor in zip(given, shapes, call.inputs, strict=True)
    )
    if not last:
        message = f"it multiplies {shapes[0]} and {shapes[1]} along the axes {axes!r:.40}"
        advice = "nngen reads the product along the last axes of two vectors: Flatten them, and use axes=1"
        raise UnfitError(message, advice)
    if shapes[0][-1] != shapes[1][-1]:
        message = f"it multiplies vectors of {shapes[0][-1]} and {shapes[1][-1]} numbers"
        raise UnfitError(message, "give them the same number of units")
    node = Pair(name=call.label, operation=OF_KERAS[call.layer.kind], sources=nodes_of(call))
    return (node,), (*shapes[0][:-1], *shapes[1][:-1]) or (1,)


def total(call: Call) -> Made:
    """``dot``, of a product; any other sum is refused."""
    made = next((node for node in call.nodes if node.name == call.input.node), None)
    if not isinstance(made, Pair) or not summed(made.operation):
        raise UnfitError("it sums what is no product of two vectors", "use a Dense layer")
    axis, rank = call.get("axis"), len(call.input.shape)
    if axis not in (-1, rank, [-1], [rank]) or call.input.shape[-1:] != (call.input.width,):
        raise UnfitError(f"it sums over the axis {axis!r:.40}", "use axis=-1")
    node = Pair(name=call.label, operation=summed(made.operation), sources=made.sources)
    return (node,), (*call.input.shape[:-1], *([1] if call.get("keepdims") else []))
