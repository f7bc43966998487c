"""The outputs of a Keras file in float64, layer by layer from its description and its arrays.

It judges what the reader makes of the file. The two share the safe access to archives, JSON and HDF5. Everything after
it is written a second time here, from the documentation of Keras: the order of the layers, their arrays, their
formulas. The reader has accepted the file before, so nothing is checked again.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import numpy as np

from nngen.bridges.importing.archive import members
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.hdf5 import Hdf5
from nngen.bridges.importing.keras.formulas import LAYERS, Call
from nngen.bridges.importing.strict_json import parse

MODELS = ("Sequential", "Functional", "Model")


@dataclass(frozen=True)
class _Step:
    """A layer in a model: its name, and its group in a ``.keras`` file."""

    name: str
    group: str


Trail = tuple[_Step, ...]
"""The models around a layer and the layer itself, from the outermost one."""

Arrays = Callable[[Trail], Sequence[Array]]
"""The arrays of a layer in the order in which it makes them."""


Table = Mapping[str, Sequence[Any]]
"""The values of each input by its name. An input ``x`` of several numbers has the names ``x1``, ``x2`` and so on."""


def of_keras(content: bytes, where: str, table: Table) -> Array:
    """The outputs of a ``.keras`` file, of shape (examples, outputs)."""
    archive = members(content, where)
    metadata = parse(archive.get("metadata.json", b"{}"), where, "metadata.json")
    with Hdf5(archive["model.weights.h5"], where) as file:
        datasets = file.datasets("layers")

        def arrays(trail: Trail) -> Sequence[Array]:
            group = "/layers/".join(step.group for step in trail) + "/vars/"
            if text := archive.get(f"assets/layers/{group.removesuffix('vars/')}vocabulary.txt"):
                return [np.array(text.decode().split("\n"), object)]
            numbers = sorted(int(path[len(group) :]) for path in datasets if path.startswith(group))
            return [np.asarray(datasets[f"{group}{number}"][()], np.float64) for number in numbers]

        version = str(metadata.get("keras_version", "3"))
        return _outputs(parse(archive["config.json"], where, "config.json"), arrays, version, table)


def of_h5(content: bytes, where: str, table: Table) -> Array:
    """The outputs of a legacy ``.h5`` file, as in ``of_keras``."""
    with Hdf5(content, where) as file:
        datasets = file.datasets("model_weights")

        def arrays(trail: Trail) -> Sequence[Array]:
            top = trail[0].name
            names = file.texts("weight_names", f"model_weights/{top}")
            own = [name for name in names if len(trail) == 1 or trail[-1].name in name.split("/")[:-1]]
            return [np.asarray(datasets[f"{top}/{name}"][()], np.float64) for name in own]

        config = parse(file.text("model_config") or "", where, "model_config")
        return _outputs(config, arrays, file.text("keras_version") or "2", table)


def _outputs(config: Any, arrays: Arrays, version: str, table: Table) -> Array:
    layers = config["config"] if isinstance(config["config"], list) else config["config"]["layers"]
    entries = [layer for layer in layers if layer["class_name"] == "InputLayer"]
    x: Array | Mapping[str, Array]
    if any(layer["config"].get("dtype") == "string" for layer in entries) or (len(entries) > 1 and _ids(layers)):
        x = {layer["config"]["name"]: _columns(layer["config"], table) for layer in entries}
    else:
        x = np.array([*table.values()], np.float64).T  # rows, which have no names
        x = x if len(entries) < 2 else _divided(config["config"], entries, x)
    found = _model(config, arrays, version.startswith("2"), x, ())
    return found.reshape(len(next(iter(table.values()))), -1)


def _ids(layers: Sequence[Any]) -> bool:
    """Whether a layer takes ids. A spec lists them before numbers."""
    kinds = {layer["class_name"] for layer in layers}
    inner = [layer["config"] for layer in layers if layer["class_name"] in MODELS]
    nested = any(_ids(config if isinstance(config, list) else config["layers"]) for config in inner)
    return nested or not kinds.isdisjoint(("CategoryEncoding", "Embedding", "StringLookup", "IntegerLookup"))


def _divided(config: Any, entries: Sequence[Any], x: Array) -> Mapping[str, Array]:
    """The values of each of several inputs, in the order of the model."""
    shapes = {layer["config"]["name"]: _shape(layer["config"]) for layer in entries}
    given = config["input_layers"]
    found, start = {}, 0
    for name in _ends([*given.values()] if isinstance(given, dict) else given):
        stop = start + math.prod(shapes[name])
        found[name], start = x[:, start:stop].reshape(len(x), *shapes[name]), stop
    return found


def _shape(config: Any) -> Sequence[int]:
    """The shape of an input for one example."""
    shape: Sequence[int] = config.get("batch_shape", config.get("batch_input_shape"))[1:]
    return shape


def _columns(config: Any, table: Table) -> Array:
    """The values of one of several inputs."""
    name, width = config["name"], math.prod(_shape(config))
    names = [name] if width == 1 else [f"{name}{number}" for number in range(1, width + 1)]
    return np.array([table[name] for name in names], object if config.get("dtype") == "string" else np.float64).T


def _model(given: Any, arrays: Arrays, keras_2: bool, x: Array | Mapping[str, Array], trail: Trail) -> Array:
    """The output of a model for its input, or for its inputs by their names."""
    config = given["config"]
    layers = config if isinstance(config, list) else config["layers"]
    seen: Counter[str] = Counter()
    steps, sources = {}, {}
    before: list[str] = []
    for layer in layers:
        name, word = layer.get("name") or layer["config"]["name"], _snake(layer["class_name"])
        steps[name] = (layer, _Step(name, f"{word}_{seen[word]}" if seen[word] else word))
        seen[word] += 1
        sources[name] = before if given["class_name"] == "Sequential" else [*_names(layer["inbound_nodes"])]
        before = [name]
    values: dict[str, Array] = {}
    for name in TopologicalSorter(sources).static_order():
        layer, step = steps[name]
        inputs = [values[source] for source in sources[name]] or [x[name] if isinstance(x, Mapping) else x]
        values[name] = _layer(layer, arrays, keras_2, inputs, (*trail, step))
    if given["class_name"] != "Sequential":
        (end,) = _ends(config["output_layers"])
        return values[end]
    return values[before[0]]


def _layer(layer: Any, arrays: Arrays, keras_2: bool, inputs: list[Array], trail: Trail) -> Array:
    kind, config = layer["class_name"].removeprefix("nngen>"), layer["config"]
    if kind in MODELS:
        return _model(layer, arrays, keras_2, inputs[0], trail)
    some = kind in ("Dense", "PReLU", "Embedding", "Bias") or kind.endswith(("Normalization", "Lookup"))
    weights = arrays(trail) if some else ()
    found = np.asarray(LAYERS[kind](Call(config, inputs, weights, keras_2)))
    return found if found.dtype == object else found.astype(np.float64)


def _snake(kind: str) -> str:
    """The name of a class as that of a group: ``batch_normalization``, ``p_re_lu``."""
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def _names(given: Any) -> Iterator[str]:
    """The names of the layers that the calls of a layer take, in their order."""
    if isinstance(given, dict):
        if "keras_history" in given:
            yield given["keras_history"][0]
        else:
            for part in given.values():
                yield from _names(part)
    elif isinstance(given, list):
        if given and isinstance(given[0], str):  # Keras 2: name, call, output, keyword arguments
            yield given[0]
        else:
            for part in given:
                yield from _names(part)


def _ends(given: Any) -> list[str]:
    """The names of output layers: ``[name, 0, 0]``, or a list of these."""
    return [given[0]] if isinstance(given[0], str) else [one[0] for one in given]
