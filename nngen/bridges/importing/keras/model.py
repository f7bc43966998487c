"""Models of Keras as graphs: Sequential and functional ones, also nested.

The description of a model is a mapping, as ``config.json`` has it. Keras 2 wrote other forms of it into ``.h5`` files.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from nngen.bridges.importing.checks import HALF, UnfitError, dense_only
from nngen.bridges.importing.graph import Graph, Node
from nngen.bridges.importing.keras.layer import Layer, Tensor, Weights, shape_of
from nngen.bridges.importing.keras.layers import KNOWN, Layers
from nngen.bridges.importing.keras.words import loss, training
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.common.files import refused
from nngen.common.records import dataclass

MODELS = frozenset({"Sequential", "Functional", "Model"})
"""The classes of models; Keras 2 called functional ones ``Model``."""

AUTOMATIC = re.compile(r"(sequential|functional|model)(_\d+)?")
"""Names that Keras gives to models without one. The name of the file says more."""

SHARED = KNOWN.keys() - frozenset(
    "Bias BatchNormalization Dense IntegerLookup LayerNormalization PReLU RMSNormalization StringLookup".split()
)
"""Layers that may be called several times: those without trained weights, and embeddings, whose rows are copied."""

PASSING = frozenset(
    "Activation BatchNormalization Dropout ELU LayerNormalization LeakyReLU Normalization RMSNormalization ReLU "
    "Rescaling Softmax".split()
)
"""Layers whose output has the shape of their input, so that what follows one without an equal can be read."""

Call = tuple[str, int]
"""A call of a layer: its name, and the number of the call from 0."""

MAX_LAYERS = 2_000
"""Layers of a model with those of nested models."""

MAX_NESTED = 10
"""Models in models."""


@dataclass(frozen=True)
class Model:
    """The description of a model, how it was compiled, and the version of Keras that wrote it."""

    config: Any
    compiled: Any
    version: str


def graph(model: Model, weights: Weights, where: str) -> Graph:
    """The graph of a model.

    Raises:
        SpecError: layers have no equal in a spec, all of which are listed; or the description is damaged.
    """
    dense_only(where, _kinds(model.config))
    walk = _Walk(Layers(weights, 2 if model.version.startswith("2") else 3, where), where)
    output = walk.model(model.config, None, (), "")
    nodes: tuple[Node, ...] = ()
    try:
        nodes = walk.layers.entry.finished(walk.layers.nodes)
    except UnfitError as error:
        walk.problems += [] if walk.problems else [(str(error), error.advice)]
    if output is not None and output.node in walk.layers.entry.lookups:
        walk.problems.append(("the output is ids", "let an Embedding take them"))
    if walk.problems or output is None:
        raise SpecError(Diagnostic(where, None, None, text, help=advice) for text, advice in walk.problems)
    if output.shape[-1:] not in ((), (output.width,)):
        raise refused(where, f"expected a vector as output, got the shape {output.shape}", "add a Flatten layer")
    config = model.config["config"]
    compiled = model.compiled if isinstance(model.compiled, dict) else {}
    name = config.get("name") if isinstance(config, dict) else None
    return Graph(
        nodes=nodes,
        output=output.node,
        name=name if isinstance(name, str) and not AUTOMATIC.fullmatch(name) else "",
        source=f"Keras {model.version}",
        dtype=walk.layers.dtype,
        loss=loss(compiled.get("loss")),
        notes=(*walk.layers.entry.notes, *([HALF] if walk.layers.half else [])),
        training=training(compiled.get("optimizer", compiled.get("optimizer_config"))),
    )


def _kinds(given: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The name and the class of each layer of a model and of the models in it, where the description has them."""
    kind, config = (given.get("class_name"), given.get("config")) if isinstance(given, dict) else (None, None)
    if not isinstance(kind, str) or depth > MAX_NESTED:
        return
    if kind in MODELS:
        listed = config.get("layers") if isinstance(config, dict) else config
        for layer in listed if isinstance(listed, list) else ():
            yield from _kinds(layer, depth + 1)
    else:
        name = given.get("name", config.get("name") if isinstance(config, dict) else None)
        yield f"layer {show(name)}, {kind:.60}", kind


class _Walk:
    """Goes through the layers of a model and of the models in it."""

    def __init__(self, layers: Layers, where: str) -> None:
        self.layers = layers
        self.problems: list[tuple[str, str]] = []
        self._where = where
        self._left = MAX_LAYERS

    def model(self, given: Any, inputs: Tensor | None, path: tuple[tuple[str, str], ...], prefix: str) -> Tensor | None:
        """The output of a model; None if one of its layers has no equal.

        Args:
            given: its description.
            inputs: its input; None for the outermost model.
            path: the names of the models around it, in the file of weights and in the description.
            prefix: what comes before the names of its layers.
        """
        if len(path) > MAX_NESTED:
            raise refused(self._where, f"models are nested deeper than {MAX_NESTED}")
        kind, config = self._parts(given)
        if kind not in MODELS:
            advice = "build it of layers: nngen reads Sequential and functional models"
            raise refused(self._where, f"expected a Sequential or functional model, got {kind!r}", advice)
        listed = config if isinstance(config, list) else config.get("layers")
        if not isinstance(listed, list) or not listed:
            raise refused(self._where, "expected a model with layers")
        layers = [self._layer(*pair, path, prefix) for pair in self._with_keys(listed)]
        if kind == "Sequential":
            return self._sequential(layers, listed, config, inputs)
        return self._functional(layers, listed, config, inputs)

    def _parts(self, given: Any) -> tuple[str, Any]:
        kind, config = (given.get("class_name"), given.get("config")) if isinstance(given, dict) else (None, None)
        if not isinstance(kind, str) or not isinstance(config, dict | list):
            raise refused(self._where, "expected a model or layer with 'class_name' and 'config'")
        return kind, config

    def _with_keys(self, listed: list[Any]) -> Iterator[tuple[Any, str]]:
        """Each layer with its name in the file of weights: the class and a number, as in ``dense_1``."""
        seen: Counter[str] = Counter()
        for given in listed:
            kind, _ = self._parts(given)
            word = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
            word = re.sub("([a-z])([A-Z])", r"\1_\2", word).lower()
            yield given, f"{word}_{seen[word]}" if seen[word] else word
            seen[word] += 1

    def _layer(self, given: Any, key: str, path: tuple[tuple[str, str], ...], prefix: str) -> Layer:
        self._left -= 1
        if self._left < 0:
            raise refused(self._where, f"the model has more than {MAX_LAYERS:,} layers")
        kind, config = self._parts(given)
        name = config.get("name") if isinstance(config, dict) else None
        name = given.get("name", name)
        if not isinstance(config, dict) or not isinstance(name, str):
            raise refused(self._where, f"expected a layer with a name, got a {kind} without")
        registered, module = str(given.get("registered_name") or ""), str(given.get("module") or "keras")
        known = module.partition(".")[0] == "keras" and ">" not in registered
        if "nngen>Bias" in (registered, kind):  # of an exported module; `.h5` files have it as the class
            kind, known = "Bias", True
        number = MAX_LAYERS - self._left
        return Layer(
            kind if known else f"{module}.{kind}", name, config, (*path, (key, name)), f"{prefix}{name}", number
        )

    def _sequential(self, layers: list[Layer], listed: list[Any], config: Any, inputs: Tensor | None) -> Tensor | None:
        tensor = inputs
        if tensor is None and layers[0].kind != "InputLayer":
            build = config.get("build_input_shape") if isinstance(config, dict) else None
            shape = layers[0].config.get("batch_input_shape", build)
            tensor = self.layers.input(shape_of(shape, self._where))
        for layer, given in zip(layers, listed, strict=True):
            if layer.kind == "InputLayer":
                tensor = tensor or self._add(layer, [], given)
            else:
                tensor = self._add(layer, [tensor], given)
        return tensor

    def _functional(self, layers: list[Layer], listed: list[Any], config: Any, inputs: Tensor | None) -> Tensor | None:
        starts = self._ends(config, "input_layers")
        ends = self._ends(config, "output_layers")
        for what, names in (("inputs", starts), ("outputs", ends)):
            if len(names) != 1 and (what == "outputs" or inputs is not None):
                advice = f"a network has one vector of {what}: concatenate them"
                self.problems.append((f"the model has {len(names)} {what}: {', '.join(map(repr, names))}", advice))
        named: dict[Call, tuple[Layer, Any]] = {}
        sources: dict[Call, list[Call]] = {}
        for layer, given in zip(layers, listed, strict=True):
            for number, inputs_of in enumerate(self._sources(layer, given) or [[]]):
                again: dict[str, Any] = {"label": f"{layer.label} {number + 1}", "shared": True} if number else {}
                named[layer.name, number], sources[layer.name, number] = (replace(layer, **again), given), inputs_of
        first = [(name, 0) for name in starts if (name, 0) in named]  # inputs in the order of the model
        named = {call: named[call] for call in first} | named
        made: dict[Call, Tensor | None] = {}
        while len(made) < len(named):
            ready = [name for name in named if name not in made and all(one in made for one in sources[name])]
            if not ready:
                raise refused(self._where, "layers of the model are in a circle, or one is missing")
            for name in ready:
                layer, given = named[name]
                if layer.kind == "InputLayer" and inputs is not None:
                    made[name] = inputs
                else:
                    made[name] = self._add(layer, [made[source] for source in sources[name]], given)
        if ends and (ends[0], 0) not in made:
            raise refused(self._where, f"there is no layer {show(ends[0])} that could be the output")
        return made[ends[0], 0] if ends else None

    def _add(self, layer: Layer, inputs: Sequence[Tensor | None], given: Any) -> Tensor | None:
        """The output of a layer; None where something before it has no equal."""
        there = [tensor for tensor in inputs if tensor is not None]
        if layer.kind in MODELS:
            if len(there) < len(inputs) or len(there) != 1:
                return None
            return self.model(given, there[0], layer.path, f"{layer.label}/")
        try:
            self.layers.check(layer)
            if len(there) < len(inputs):
                return None
            return self.layers.add(layer, there)
        except UnfitError as unfit:
            self.problems.append((f"{layer.place}: {unfit}", unfit.advice))
            same = layer.kind in PASSING and len(there) == len(inputs) == len(there[0].shape) == 1
            return there[0] if same else None

    def _ends(self, config: Any, key: str) -> list[str]:
        """The names of the input or output layers: ``[name, 0, 0]``, or a list of such lists."""
        given = config.get(key) if isinstance(config, dict) else None
        given = [*given.values()] if isinstance(given, dict) else given
        given = [given] if isinstance(given, list) and given and isinstance(given[0], str) else given
        if not isinstance(given, list) or not all(
            isinstance(one, list) and one and isinstance(one[0], str) for one in given
        ):
            raise refused(self._where, f"expected names of layers as {key!r}")
        return [str(one[0]) for one in given]

    def _sources(self, layer: Layer, given: Any) -> list[list[Call]]:
        """The calls of layers that each call of a layer takes."""
        nodes = given.get("inbound_nodes")
        if not isinstance(nodes, list):
            raise refused(self._where, f"expected a list of calls of the layer {layer.label!r}")
        if len(nodes) > 1 and layer.kind not in SHARED:
            advice = "give each call a layer of its own"
            self.problems.append((f"{layer.place}: it is called {len(nodes)} times", advice))
        calls = []
        for node in nodes:
            found = list(_tensors(node))
            if layer.kind not in KNOWN:
                found = [one for one in found if _is_tensor(one)]  # the layer is refused in any case
            elif not found or not all(_is_tensor(one) for one in found):
                advice = "nngen reads layers that are called with tensors alone"
                raise refused(self._where, f"the call of the layer {layer.label!r} cannot be read", advice)
            calls.append([(one[0], one[1]) for one in found])
        return calls


def _tensors(node: Any) -> Iterable[Any]:
    """The tensors of a call as ``[name, number of the call, number of the output]``."""
    if isinstance(node, list):  # Keras 2: each also with keyword arguments
        return [one[:3] if isinstance(one, list) and one[3:] in ([], [{}]) else None for one in node]
    if not isinstance(node, dict) or not isinstance(node.get("args"), list):
        return []
    more = node.get("kwargs")
    if not isinstance(more, dict) or any(value not in (None, False) for value in more.values()):
        return []
    listed = [one for given in node["args"] for one in (given if isinstance(given, list) else [given])]
    return [_history(one) for one in listed]


def _history(tensor: Any) -> Any:
    config = tensor.get("config") if isinstance(tensor, dict) else None
    return config.get("keras_history") if isinstance(config, dict) else None


def _is_tensor(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 3 and isinstance(one[0], str) and type(one[1]) is int and one[2] == 0
