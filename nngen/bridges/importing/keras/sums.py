"""The layers of Keras that compute weighted sums and activations, and those that only rearrange."""

from typing import Any

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Activate, Concat, Dense, Sum
from nngen.bridges.importing.keras.layer import Call, Layer, Made, Tensor, shape_of
from nngen.bridges.importing.keras.words import Activation, activation, activation_of_layer
from nngen.bridges.importing.parametric import parametric as parametric_nodes
from nngen.common.files import refused
from nngen.description.model import MAX_UNITS


def function_of(layer: Layer, version: int) -> Activation:
    """The activation that a layer names.

    Raises:
        UnfitError: a spec has none like it.
    """
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
        raise refused(call.where, f"{call.layer.place}: expected 1 to {MAX_UNITS:,} as 'units'")
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
