"""Random specs over the whole format, for Hypothesis: mappings as in YAML, most of them valid.

The package's own checks decide: ``valid_specs`` drops the specs that they refuse, and counts them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from nngen.common.diagnostics import SpecError
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue import CLIPS, KINDS, OPTIMIZERS, SCHEDULES
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.class_weights import names_classes
from nngen.mathematics.catalogue.entry import Entry, Option
from nngen.mathematics.catalogue.initializers import INITIALIZERS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.normalizations import NORMALIZATIONS
from nngen.mathematics.catalogue.penalties import PENALTIES
from nngen.mathematics.catalogue.stop_rules import STOP_RULES
from nngen.reading.source import parse
from tests.support.campaign import LINEAR
from tests.support.data_strategy import drawn_data
from tests.support.formulas_strategy import drawn_activations, drawn_losses

Draw = st.DrawFn
FROZEN: dict[str, Any] = {"trainable": False}
WAYS: list[dict[str, Any]] = [{}, {"of": "activations"}, FROZEN]
LONG = "a_name_that_is_as_long_as_the_limit_has_"
"""Names of 40 characters, for which the formatter has to break lines."""


@dataclass
class Count:
    """The number of specs that were drawn, and of those that the checks refused."""

    drawn: int = 0
    refused: int = 0


COUNT = Count()


def _number(draw: Draw, option: Option) -> float:
    """A number for an option: near its default, or of the usual size of rates and strengths."""
    if option.name == "correction":
        return float(draw(st.sampled_from([1, 0])))
    if option.name in ("steps", "every", "epochs"):
        return float(draw(st.integers(1, 5)))
    factor = draw(st.integers(1, 20)) / 10.0
    if option.default is None:
        return round(0.05 * factor, 3) + (0.9 if option.name == "factor" else 0.0)
    number = option.default * factor if option.default else 0.1 * factor
    least = -math.inf if option.least is None else option.least
    below = math.inf if option.below is None else option.below
    if not least <= number < below:
        return option.default
    return float(f"{number:.4g}")


@st.composite
def chosen(draw: Draw, entries: Mapping[str, Entry], names: Sequence[str] = ()) -> dict[str, Any]:
    """An entry of a catalogue, with some of its options."""
    entry = entries[draw(st.sampled_from(list(names) or list(entries)))]
    options = {o.name: _number(draw, o) for o in entry.options if o.default is None or draw(st.booleans())}
    return {"name": entry.name, **options}


@st.composite
def _initial(draw: Draw, units: int, sizes: Mapping[str, int]) -> Any:
    """Initial weights: a scheme, or rows of numbers for each source."""
    if draw(st.integers(0, 3)):
        return draw(chosen(INITIALIZERS)) | draw(st.sampled_from([{}, {}, {"seed": 7}]))
    tenths = st.integers(-12, 12).map(lambda n: n / 8)
    rows = {
        source: draw(st.lists(st.lists(tenths, min_size=size, max_size=size), min_size=units, max_size=units))
        for source, size in sizes.items()
    }
    if len(rows) == 1 and draw(st.booleans()):
        return next(iter(rows.values()))
    return {"name": "values", "values": rows}


BIASES = [name for name, entry in INITIALIZERS.items() if not entry.of_a_matrix]


@st.composite
def _parameters(draw: Draw, units: int, sizes: Mapping[str, int], frozen: bool) -> dict[str, Any]:
    """The fields ``weights`` and ``bias`` of a layer."""
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["weights"] = {"initial": draw(_initial(units, sizes))}
    kind = draw(st.sampled_from(["none", "scheme", "values", "no", "no"]))
    if kind == "scheme":
        found["bias"] = {"initial": draw(chosen(INITIALIZERS, BIASES))}
    elif kind == "values":
        row = st.lists(st.integers(-10, 10).map(lambda n: n / 8), min_size=units, max_size=units)
        found["bias"] = {"initial": draw(row)}
    elif kind == "none":
        found["bias"] = False
    for part in ("weights", "bias"):
        if frozen or not draw(st.integers(0, 5)):
            held = found.get(part, {})
            found[part] = held and held | FROZEN if part in found else dict(FROZEN)
    return found


@st.composite
def _layer(draw: Draw, name: str, units: int, sizes: Mapping[str, int], names: Sequence[str], frozen: bool) -> Any:
    """A hidden layer without its sources."""
    fitting = [other for other in names if units > 1 or other != "softmax"]
    activation = draw(st.sampled_from(fitting))
    layer: dict[str, Any] = {"name": name, "units": units, "activation": activation}
    if activation in ACTIVATIONS and ACTIVATIONS[activation].options:
        layer["activation"] = draw(chosen(ACTIVATIONS, [activation]))
    if not draw(st.integers(0, 3)):
        layer["units"] = [f"{name[-20:]}_{letter * 3}" for letter in "abcdefgh"[:units]]
    layer |= draw(_parameters(units, sizes, frozen))
    if not draw(st.integers(0, 2)):
        over = [n for n, entry in NORMALIZATIONS.items() if units > 1 or not entry.over_units]
        layer["normalization"] = draw(chosen(NORMALIZATIONS, over))
        layer["normalization"] |= draw(st.sampled_from(WAYS)) | (FROZEN if frozen else {})
    if not draw(st.integers(0, 4)):
        layer["dropout"] = draw(st.sampled_from([0.25, 0.5]))
    return layer


@st.composite
def _training(draw: Draw, optimizers: Sequence[str], batches: bool) -> dict[str, Any]:
    linear = [name for name in optimizers if name in LINEAR and draw(st.booleans())]
    training: dict[str, Any] = {"optimizer": draw(chosen(OPTIMIZERS, linear or optimizers))}
    for field, entries in (("schedule", SCHEDULES), ("clip", CLIPS), ("penalty", PENALTIES), ("stop", STOP_RULES)):
        if not draw(st.integers(0, 2)):
            training[field] = draw(chosen(entries))
    if "penalty" in training:
        training["penalty"]["biases"] = draw(st.booleans())
    if "stop" in training:
        training["stop"]["validation"] = draw(st.sampled_from([0.0, 0.3]))
    training["batch_size"] = draw(st.sampled_from([4, 2, "full"] if batches else [1, 4, "full"]))
    training["shuffle"] = draw(st.booleans())
    training["seed"] = draw(st.integers(0, 3))
    return training


def _bounds(own: Mapping[str, Mapping[str, Any]], name: str) -> tuple[float, float]:
    """The bounds of an activation."""
    if name in ACTIVATIONS:
        return ACTIVATIONS[name].bounds
    low, high = own[name].get("bounds", [None, None])
    return -math.inf if low is None else low, math.inf if high is None else high


@st.composite
def _output(
    draw: Draw, own: Mapping[str, Mapping[str, Any]], own_losses: Mapping[str, Mapping[str, Any]]
) -> tuple[str, str, int]:
    """A loss, the activation of the output before it, and the number of its units."""
    name = draw(st.sampled_from([*LOSSES, *own_losses] if draw(st.booleans()) or not own_losses else list(own_losses)))
    if name in LOSSES:
        loss = LOSSES[name]
        ends, fused, several = loss.bounds, [fusion.activation for fusion in loss.fused], loss.distribution
    else:
        low, high = own_losses[name].get("outputs", [None, None])
        ends, fused, several = (-math.inf if low is None else low, math.inf if high is None else high), [], False
    pair = name in LOSSES and LOSSES[name].ends
    units = 2 if pair else draw(st.integers(2 if several else 1, 4))
    within = [
        other
        for other in ([*ACTIVATIONS, *own] if name not in LOSSES or LOSSES[name].value else [])
        if (other in own or ACTIVATIONS[other].learns) and (units > 1 or other != "softmax")
        if ends[0] <= _bounds(own, other)[0] and _bounds(own, other)[1] <= ends[1]
    ]
    fused = [other for other in fused if units > 1 or other != "softmax"]
    as_one = bool(fused) and (not within or draw(st.booleans()))
    return name, draw(st.sampled_from(fused if as_one else within)), units


@st.composite
def _loss(draw: Draw, name: str, over: str, units: int, own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The field ``loss``."""
    loss: dict[str, Any] = draw(chosen(LOSSES, [name])) if name in LOSSES else {"name": name}
    loss |= {"outputs": draw(st.sampled_from(["sum", "mean"]))}
    if name in LOSSES and names_classes(LOSSES[name].over(over)) and draw(st.booleans()):
        loss["class_weights"] = [draw(st.integers(1, 8)) / 4 for _ in range(max(2, units))]
    if not draw(st.integers(0, 2)):
        loss["example_weights"] = True
    ways = ["mean", "sum", *(["weighted_mean"] if loss.keys() & {"class_weights", "example_weights"} else [])]
    return loss | {"batch": draw(st.sampled_from(ways))}


@st.composite
def _joined(draw: Draw, name: str, sizes: Mapping[str, int]) -> dict[str, Any] | None:
    """A layer that joins two others of the same width; None if there are none."""
    pairs = [(u, v) for u in sizes for v in sizes if u != v and sizes[u] == sizes[v]]
    if not pairs:
        return None
    kind = draw(st.sampled_from([kind for kind in KINDS.values() if kind.slopes and not kind.quotient]))
    sources = draw(st.sampled_from(pairs))
    units = 1 if kind.over_units else sizes[sources[0]]
    return {"name": name, "kind": kind.name, "from": list(sources), "units": units, "bias": draw(st.booleans())}


@st.composite
def _layers(
    draw: Draw, inputs: tuple[str, int], depth: int, own: Sequence[str], output: tuple[str, int], perceptron: bool
) -> list[dict[str, Any]]:
    """The layers; those below a step are frozen, and each feeds another."""
    sizes = dict([inputs])
    frozen = depth - 1 if perceptron else draw(st.integers(0, depth - 1)) * draw(st.sampled_from([0, 0, 1]))
    layers: list[dict[str, Any]] = []
    learning = [*[name for name, entry in ACTIVATIONS.items() if entry.learns], *own, *own]
    for index in range(depth):
        last = index == depth - 1
        name = "output" if last else draw(st.sampled_from([f"h{index}", f"h{index}", f"{LONG[:37]}{index:03}"]))
        sources = None
        if draw(st.booleans()) and index:
            sources = draw(st.lists(st.sampled_from(list(sizes)), min_size=1, max_size=3, unique=True))
        if last:
            fed = {source for layer in layers for source in layer.get("from", [])}
            before = [inputs[0], *(layer["name"] for layer in layers)]
            fed |= {before[place] for place, layer in enumerate(layers) if "from" not in layer}
            loose = [layer["name"] for layer in layers if layer["name"] not in fed]
            if sources is not None or loose != before[-1:]:
                sources = list(dict.fromkeys([*(sources or [before[-1]]), *loose]))
        feeding = {source: sizes[source] for source in sources or list(sizes)[-1:]}
        below = index < frozen and not last
        units = output[1] if last else draw(st.integers(1, 4))
        names = [output[0]] if last else list(ACTIVATIONS) if below else learning
        layer = draw(_layer(name, units, feeding, names, below))
        if last:
            layer.pop("dropout", None)
            layer.get("normalization", {}).pop("of", None)
        if sources is not None:
            layer["from"] = sources
        if not (last or below) and not draw(st.integers(0, 3)) and (joined := draw(_joined(name, sizes))):
            layer, units = joined, joined["units"]
        layers.append(layer)
        sizes[name] = units
    return layers


def _without_signs(rows: Any) -> Any:
    """Explicit weights with their absolute values."""
    if isinstance(rows, list):
        return [_without_signs(row) for row in rows]
    if isinstance(rows, dict):
        return {source: _without_signs(row) for source, row in rows.items()}
    return abs(rows) if isinstance(rows, float) else rows


@st.composite
def _monotone(draw: Draw, spec: dict[str, Any]) -> dict[str, Any]:
    """The same spec whose output is monotone in its first input, with layers that can be so."""
    layers: list[dict[str, Any]] = [dict(layer) for layer in spec["layers"]]
    listed = False
    for layer in layers:
        name = layer["activation"]["name"] if isinstance(layer.get("activation"), dict) else layer.get("activation")
        if name and layer is not layers[-1] and (name not in ACTIVATIONS or not ACTIVATIONS[name].rises):
            layer["activation"] = draw(st.sampled_from(["tanh", "relu", "softplus"]))
        if layer.get("kind") == "product":
            layer["kind"] = "add"
        if layer.get("normalization", {}).get("name") in ("layer_norm", "rms_norm"):
            del layer["normalization"]
        rows = layer.get("weights", {}).get("initial")
        if isinstance(rows, list) or (isinstance(rows, dict) and "values" in rows):
            layer["weights"] = layer["weights"] | {"initial": _without_signs(rows)}
            listed = True
    direction = "increasing" if listed else draw(st.sampled_from(["increasing", "decreasing"]))
    first, *others = spec["inputs"]
    return spec | {"inputs": [{"name": first, "monotone": direction}, *others], "layers": layers}


@st.composite
def specs(draw: Draw) -> dict[str, Any]:
    """A spec as a mapping; most are valid."""
    own, own_losses = draw(drawn_activations()), draw(drawn_losses())
    loss, over, units = draw(_output(own, own_losses))
    inputs: tuple[str, Any] = draw(
        st.sampled_from([("x", ["x1"]), ("x", ["x1", "x2", LONG]), ("p", {"name": "p", "size": 2})])
    )
    count = inputs[1]["size"] if inputs[0] == "p" else len(inputs[1])
    depth = draw(st.one_of(st.integers(1, 4), st.integers(1, 12)))
    perceptron = loss == "perceptron"
    layers = draw(_layers((inputs[0], count), depth, list(own), (over, units), perceptron))
    judged = draw(_loss(loss, over, units, own))
    batches = judged["batch"] == "weighted_mean" or "batch_norm" in json.dumps(layers)
    optimizers = ["perceptron"] if perceptron else [name for name in OPTIMIZERS if name != "perceptron"]
    spec: dict[str, Any] = {"name": "net", "inputs": inputs[1], "layers": layers, "loss": judged}
    if draw(st.booleans()):
        schemes = {"weights": draw(chosen(INITIALIZERS)), "biases": draw(chosen(INITIALIZERS, BIASES))}
        spec["initial"] = {**schemes, "seed": draw(st.integers(0, 5))}
    spec["training"] = draw(_training(optimizers, batches))
    if draw(st.booleans()):
        spec["data"] = draw(drawn_data(count, units, over, judged, own_losses))
    if units == 1 and inputs[0] == "x" and not draw(st.integers(0, 2)):
        spec = draw(_monotone(spec))
    return spec | ({"activations": own} if own else {}) | ({"losses": own_losses} if own_losses else {})


@dataclass(frozen=True)
class Drawn:
    """A valid spec, and the mapping that it was read from."""

    source: Mapping[str, Any]
    spec: Spec

    def __repr__(self) -> str:
        """The spec as a file, which Hypothesis prints."""
        return written(self.source)


@st.composite
def valid_specs(draw: Draw) -> Drawn:
    """A valid spec."""
    source = draw(specs())
    COUNT.drawn += 1
    try:
        return Drawn(source, read(source))
    except SpecError:
        COUNT.refused += 1
        reject()


def read(source: Mapping[str, Any]) -> Spec:
    """The spec, read from JSON, which is many times faster than YAML."""
    return parse(json.dumps(source), "net.json")


def written(source: Mapping[str, Any]) -> str:
    """A spec as short YAML: a line for each field and each layer."""
    lines = []
    for field, value in source.items():
        if field == "layers":
            lines += ["layers:", *(f"  - {json.dumps(layer)}" for layer in value)]
        else:
            lines.append(f"{field}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"
