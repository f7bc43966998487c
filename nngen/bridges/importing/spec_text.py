"""The text of a spec for an imported network, as if written by hand."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from pathlib import PurePath
from typing import Any

from nngen.bridges.importing.dense_layer import DenseLayer, KindLayer
from nngen.bridges.importing.graph import Activate, Array, BatchNorm, Columns, Graph
from nngen.bridges.importing.layers import INPUT, Network
from nngen.bridges.importing.loss import LOG_SOFTMAX, ChosenLoss
from nngen.common.records import dataclass
from nngen.common.text import printable
from nngen.description.identifiers import Identifiers
from nngen.description.model import Categorical, Column, CustomActivation, Index, input_names, numbered
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS, LOSSES
from nngen.reading import block, flow, listed

MAX_SHOWN = 200
"""Characters of a text of the source in the spec."""

MAX_LISTED = 64
"""The most numbers of a constant matrix that the spec lists; larger ones are in the parameters only."""


@dataclass(frozen=True)
class Names:
    """The names of a spec."""

    network: str
    inputs: tuple[str, ...]
    """Empty if they are numbered."""
    layers: Mapping[str, str]
    """By the names of the sources' vectors."""
    units: Mapping[str, tuple[str, ...]]
    """Those of the units of layers, by the names of the sources' vectors, where they are not numbered."""


def names_of(graph: Graph, made: Network, network: str) -> Names:
    """Names that are as in the source where these are names."""
    taken = Identifiers(["x"])
    if isinstance(made.input, Columns):
        inputs = tuple(taken.make(name, "input") for name in input_names(made.input.columns))
    elif made.input.names:
        inputs = tuple(taken.make(name, "column") for name in made.input.names)
    else:
        inputs = ()
        for name in numbered("x", made.width):
            taken.make(name, "x")
    layers = {INPUT: "x"}
    for layer in made.layers:
        layers[layer.name] = taken.make(layer.name, "layer", partial(_with_units, units=layer.units))
    units = {}
    for layer in made.layers:
        given = graph.units.get(layer.name, ())
        if len(given) == layer.units and taken.take(given):
            units[layer.name] = given
    last = made.layers[-1]
    if last.name not in units and len(graph.classes) == last.units > 1:
        units[last.name] = _of_classes(graph.classes, taken)
    return Names(network, inputs, layers, units)


def _of_classes(classes: Sequence[str], taken: Identifiers) -> tuple[str, ...]:
    """Names of units for the classes that they stand for."""
    trial = deepcopy(taken)
    if any(trial.make(text, "class") != text for text in classes):  # all alike, so that a reader sees what they are
        classes = [f"class {text}" for text in classes]
    return tuple(taken.make(text, "class") for text in classes)


def _with_units(name: str, units: int) -> tuple[str, ...]:
    return name, *numbered(name, units)


def plain_names(made: Network, network: str) -> Names:
    """Names that can meet nothing, for a network whose own names do in the equations."""
    inputs = numbered("column", made.width) if not isinstance(made.input, Columns) and made.input.names else ()
    digits = len(str(len(made.layers)))  # so that layer 1 has no unit of the name of one of layer 11
    layers = {layer.name: f"layer{index:0{digits}}" for index, layer in enumerate(made.layers, 1)}
    return Names(network, inputs, {INPUT: "x", **layers}, {})


def spec_text(graph: Graph, made: Network, path: str, loss: ChosenLoss, names: Names) -> str:
    """The spec as YAML."""
    origin = f"Imported from {_shown(PurePath(path).name)}" + (f" ({_shown(graph.source)})" if graph.source else "")
    lines = [
        *map(_comment, graph.notes),
        *block({"name": names.network, "description": f"{origin}."}),
        *_inputs(made, names),
        "layers:",
        *_layers(made, names),
        *_formulas(made),
        _comment(f"the loss is {loss.reason}"),
        f"loss: {flow(_short(loss.options))}",
        *_training(graph, loss),
        *_data(graph, made),
    ]
    return "".join(f"{line}\n" for line in lines)


def _comment(text: str) -> str:
    return f"# {printable(text)}"


def _shown(text: str) -> str:
    """A text of the source, cleaned and shortened."""
    text = printable(text)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


def _short(choice: Mapping[str, Any]) -> Any:
    """A choice of a catalogue, by its name alone if it has no options."""
    return choice["name"] if len(choice) == 1 else dict(choice)


def _inputs(made: Network, names: Names) -> Iterator[str]:
    source = made.input
    if isinstance(source, Columns):
        yield "inputs:"
        start = 0
        for column in source.columns:
            yield from listed(_column(column, made, start), 2)
            start += 0 if isinstance(column, Index) else len(column.input_names)
    elif not names.inputs:
        yield f"inputs: {source.width}"
    elif names.inputs == source.names:
        yield from block({"inputs": names.inputs})
    else:
        yield "inputs:"
        for name, title in zip(names.inputs, source.names, strict=True):
            titled = title not in (name, "") and _shown(title) == title  # a node has any name, a column none like this
            yield from listed({"name": name, "column": title} if titled else name, 2)


def _column(column: Column, made: Network, place: int) -> dict[str, Any]:
    """A column as a spec has it, with the scaling of its input."""
    entry = column.model_dump(exclude_defaults=True)
    if made.scaling is not None and not isinstance(column, Categorical | Index):
        part = made.scaling.of([place])
        if not part.plain:
            entry["scale"] = _scale(part.subtract, part.divide)
    return entry


def _layers(made: Network, names: Names) -> Iterator[str]:
    """An entry for each layer, below the comments on it."""
    frozen = _frozen(made)
    before = INPUT
    for layer in made.layers:
        weights = layer.matrices(made.widths)
        fixed = layer.frozen or not layer.trainable or layer.name in frozen
        units = names.units.get(layer.name, layer.units)
        entry: dict[str, Any] = {"name": names.layers[layer.name]}
        if isinstance(layer, KindLayer):
            entry |= {"kind": layer.kind, "units": units, "from": _taken(layer, made, names)}
            entry |= {} if layer.activation is None else {"activation": _activation(layer)}
        else:
            entry |= {"units": units, "activation": _activation(layer)}
            if [*weights] != [before]:
                taken = [names.layers[source] for source in weights]
                entry["from"] = taken if len(taken) > 1 else taken[0]
        if fixed and layer.weighted | layer.frozen:
            matrices = {names.layers[source]: matrix for source, matrix in weights.items()}
            entry["weights"] = {**(_constants(matrices) if layer.frozen else {}), "trainable": False}
        if layer.bias is None:
            entry |= {} if isinstance(layer, KindLayer) else {"bias": False}
        elif fixed:
            entry["bias"] = {"trainable": False}
        elif isinstance(layer, KindLayer):
            entry["bias"] = True
        if layer.normalization is not None:
            entry["normalization"] = _short(_normalization(layer, fixed=layer.name in frozen))
        if layer.dropout:
            entry["dropout"] = layer.dropout
        notes = [*layer.notes, *(["its weights are constants: it passes on its sources"] if layer.frozen else [])]
        first, *rest = block(entry, 4)
        yield from (f"  {_comment(note)}" for note in notes)
        yield from (f"  - {first.lstrip()}", *rest)
        before = layer.name


def _taken(layer: KindLayer, made: Network, names: Names) -> Any:
    """What a layer of another kind takes, as a spec has it under ``from``."""
    if not KINDS[layer.kind].of_ids:
        return [names.layers[source] for source in layer.sources]
    assert isinstance(made.input, Columns)  # noqa: S101 (an embedding takes one of its columns)
    return made.input.columns[layer.column].name


def _frozen(made: Network) -> set[str]:
    """The layers at or below a hidden activation without a slope, which no error can pass."""
    found: set[str] = set()
    for layer in reversed(made.layers):
        hidden = layer is not made.layers[-1]
        if layer.name in found or (hidden and layer.activation and not _learns(layer.activation)):
            found |= {layer.name, *layer.vectors}
    return found


def _learns(node: Activate) -> bool:
    """Whether an activation has a slope."""
    if not node.formula:
        return ACTIVATIONS[node.activation].learns
    try:
        return CustomActivation(value=node.formula).formulas()[1].text != "0.0"
    except ValueError:  # the spec is refused with the reason
        return True


def _activation(layer: DenseLayer) -> Any:
    """The activation, with the options that differ from their defaults."""
    if layer.activation is None:
        return "linear"
    name = layer.activation.activation
    defaults = {option.name: option.default for option in ACTIVATIONS[name].options} if name in ACTIVATIONS else {}
    options = {key: value for key, value in layer.activation.options.items() if defaults.get(key) != value}
    return _short({"name": "softmax" if name == LOG_SOFTMAX else name, **options})


def _constants(matrices: Mapping[str, Array]) -> dict[str, Any]:
    """The weights of a layer that passes on its sources, if they are few."""
    if sum(matrix.size for matrix in matrices.values()) > MAX_LISTED:
        return {}
    rows = {source: matrix.tolist() for source, matrix in matrices.items()}
    return {"initial": {"name": "values", "values": rows} if len(rows) > 1 else next(iter(rows.values()))}


def _normalization(layer: DenseLayer, *, fixed: bool) -> dict[str, Any]:
    """The normalization, with the options that differ from their defaults."""
    node = layer.normalization
    assert node is not None  # noqa: S101 (asked only for layers that have one)
    options: dict[str, Any] = {"name": node.kind}
    options |= {"epsilon": node.epsilon} if node.epsilon != 1e-5 else {}
    if isinstance(node, BatchNorm):
        options |= {"momentum": node.momentum} if node.momentum != 0.1 else {}
        options |= {"correction": node.correction} if node.correction != 1.0 else {}
    options |= {} if node.trainable and not fixed else {"trainable": False}
    return options | ({"of": "activations"} if layer.after else {})


def _formulas(made: Network) -> list[str]:
    """The activations that the catalogue does not have."""
    nodes = [layer.activation for layer in made.layers if layer.activation is not None]
    formulas = {node.activation: {"value": node.formula} for node in nodes if node.formula}
    return block({"activations": formulas}) if formulas else []


def _training(graph: Graph, loss: ChosenLoss) -> Iterator[str]:
    if graph.training is not None:
        yield from block({"training": graph.training})
        return
    entry = LOSSES.get(loss.name)
    yield "# the source does not say how it was trained"
    yield "training:"
    yield f"  optimizer: {(entry.optimizer if entry else None) or '{name: adam, rate: 0.001}'}"
    yield "  batch_size: 32"


def _data(graph: Graph, made: Network) -> list[str]:
    """The classes, and the scaling by value."""
    data: dict[str, Any] = {}
    if graph.classes:
        data["classes"] = graph.classes
    if made.scaling is not None and not isinstance(made.input, Columns):
        data["scale"] = _scale(made.scaling.subtract, made.scaling.divide)
    if graph.targets is not None:
        data["scale_targets"] = _scale(*graph.targets)
    if not data and isinstance(made.input, Columns):  # without data, a module would not encode columns
        data["scale"] = {"name": "divide", "by": 1.0}
    return block({"data": data}) if data else []


def _scale(subtract: Array, divide: Array) -> dict[str, Any]:
    """The scaling ``(x - subtract) / divide``."""
    if not subtract.any() and len(set(divide.tolist())) == 1:
        return {"name": "divide", "by": float(divide[0])}
    return {"name": "standardize", "mean": subtract.tolist(), "deviation": divide.tolist()}
