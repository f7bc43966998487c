"""The layers of Keras that compute weighted sums and activations, that rearrange, and that join vectors."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Activate, Affine, Concat, Dense, Node, Pair, Sum
from nngen.bridges.importing.keras.layer import Call, Layer, Made, Tensor, shape_of
from nngen.bridges.importing.keras.words import Activation, activation, activation_of_layer
from nngen.bridges.importing.parametric import parametric as parametric_nodes
from nngen.description.model import MAX_UNITS
from nngen.mathematics.catalogue import OF_KERAS, PAIRS, summed


def function_of(layer: Layer, version: int) -> Activation:
    """The activation that a layer names."""
    given = layer.config.get("activation")
    found = activation(given, version)
    if found is None:
        word: Any = given.get("class_name") if isinstance(given, dict) else given
        message = f"the activation {word!r:.60} has no equal in a spec"
        raise UnfitError(message, "docs/bridges.md lists those that have")
    return found


def entry(layer: Layer, where: str) -> Tensor:
    """``InputLayer``."""
    if layer.config.get("sparse") or layer.config.get("ragged"):
        raise UnfitError("it is sparse or ragged", "build the model with a dense input")
    shape = layer.config.get("batch_shape", layer.config.get("batch_input_shape"))
    return Tensor(layer.label, shape_of(shape, where))


def dense(call: Call) -> Made:
    """A dense layer, with its activation."""
    units, name = call.get("units"), call.label
    if type(units) is not int or not 0 < units <= MAX_UNITS:
        raise UnfitError(f"expected 1 to {MAX_UNITS:,} as 'units'")
    shapes = {"kernel": (call.vector(), units), **({"bias": (units,)} if call.get("use_bias", True) else {})}
    read = call.read(shapes)
    sums = Dense(
        name=name, sources=(call.input.node,), weights=(read["kernel"].T,), bias=read.get("bias"), trainable=call.trains
    )
    node = _activate(call, f"{name} activation", name, function_of(call.layer, call.version), units > 1)
    return ((sums, node) if node else (sums,)), (units,)


def function(call: Call) -> Made:
    """An activation of the catalogue or a custom one, also of other layers; functions of your own are refused."""
    return _only(call, function_of(call.layer, call.version))


def activation_layer(call: Call) -> Made:
    """An activation of the catalogue with its options, or a custom one."""
    found = activation_of_layer(call.layer.kind, call.layer.config)
    if found is None:
        raise UnfitError("its options have no equal in a spec", "docs/bridges.md lists those that have")
    return _only(call, found)


def parametric(call: Call) -> Made:
    """``leaky_relu``; with different slopes, ``relu`` and a layer that is not trained."""
    slopes = call.read({"alpha": call.input.shape})["alpha"].ravel()
    return parametric_nodes(call.label, "", call.input.node, slopes), call.input.shape


def same(call: Call) -> Made:
    """Nothing."""
    return (), call.input.shape


def flat(call: Call) -> Made:
    """Nothing, if the numbers of an example stay in their order."""
    if len(call.input.shape) > 1 and call.get("data_format") == "channels_first":
        raise UnfitError("it moves the channels", "use data_format='channels_last'")
    return (), (call.input.width,)


def reshape(call: Call) -> Made:
    """Nothing, if the numbers of an example stay in their order."""
    shape = call.get("target_shape")
    if not isinstance(shape, list) or shape[-1:] not in ([-1], [call.input.width]) or any(n != 1 for n in shape[:-1]):
        raise UnfitError("its output is not a vector", "remove it")
    return (), (*shape[:-1], call.input.width)


def concatenation(call: Call) -> Made:
    """Several sources of a layer."""
    rank = len(call.input.shape)
    if any(len(tensor.shape) != rank or tensor.shape[-1:] != (tensor.width,) for tensor in call.inputs):
        raise UnfitError("its inputs are not vectors", "put Flatten layers before it")
    if call.get("axis", -1) not in (-1, rank):
        raise UnfitError(f"its axis is {call.get('axis')!r:.40}", "use axis=-1")
    node = Concat(name=call.label, sources=nodes_of(call))
    return (node,), (*call.input.shape[:-1], sum(tensor.width for tensor in call.inputs))


def addition(call: Call) -> Made:
    """Several sources of a layer, or ``add``."""
    if len({tensor.shape for tensor in call.inputs}) != 1:
        raise UnfitError("its inputs have different shapes", "make them equal, for example by Dense layers")
    return (Sum(name=call.label, sources=nodes_of(call)),), call.input.shape


def nodes_of(call: Call) -> tuple[str, ...]:
    """The names of the nodes of the inputs."""
    return tuple(tensor.node for tensor in call.inputs)


def _only(call: Call, found: Activation) -> Made:
    node = _activate(call, call.label, call.input.node, found, len(call.input.shape) == 1)
    return ((node,) if node else ()), call.input.shape


def _activate(call: Call, name: str, source: str, found: Activation, fits: bool) -> Activate | None:
    """The node of an activation; None for ``linear``. ``fits`` says that softmax is over all values of several."""
    if found.name == "linear":
        return None
    if found.name in ("softmax", "log_softmax") and not fits:
        raise UnfitError("softmax needs a vector of two units or more", "put a Flatten layer before it, or use sigmoid")
    return Activate(name=name, source=source, activation=found.name, options=found.options, formula=found.formula)


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
