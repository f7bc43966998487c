"""Names of other tools: each leads to a name of the format, which the message about a spec suggests."""

import pytest

from nngen.common.aliases import FIELDS, NAMES, meant
from nngen.common.diagnostics import SpecError
from nngen.reading.schema_words import entries, nodes, places
from nngen.reading.source import parse
from nngen.reading.yaml_reader import read
from tests.support.catalogues import CATALOGUES

SPEC = """name: net
inputs: 2
layers:
  - {name: hidden, units: 3, activation: tanh, normalization: layer_norm}
  - {name: output, units: 1, activation: sigmoid}
initial: {weights: zeros}
loss: squared_error
training: {optimizer: adam, schedule: constant, penalty: l2, stop: target, clip: norm}
data: {rows: [{x: [0, 0], y: [0]}], scale: standardize, scale_targets: log}
targets: [python]
"""
PLACES = {
    "activation": ("layers", 0, "activation"),
    "normalization": ("layers", 0, "normalization"),
    "initializer": ("initial", "weights"),
    "loss": ("loss",),
    "scale": ("data", "scale"),
    "target": ("targets", 0),
} | {kind: ("training", kind) for kind in ("optimizer", "schedule", "penalty", "stop", "clip")}


@pytest.mark.parametrize("kind", NAMES)
def test_names_lead_to_entries_and_hide_none(kind: str) -> None:
    spec = read(SPEC, "net.yaml")
    known = entries(nodes(spec, PLACES[kind]))
    if kind == "scale":  # inputs and targets have some of their own
        known = known | entries(nodes(spec, ("data", "scale_targets")))
    assert known.keys() >= NAMES[kind].keys()
    if kind in CATALOGUES:
        assert known.keys() == CATALOGUES[kind].keys()
    others = [other for names in NAMES[kind].values() for other in names.split()]
    assert len(others) == len({other.lower() for other in others})
    for ours, names in NAMES[kind].items():
        for other in names.split():
            assert meant(other, known, kind) == ours, "another name of the format is the same, capitals aside"


def test_fields_lead_to_fields() -> None:
    known = places(options=True)
    for ours, names in FIELDS.items():
        for other in names.split():
            assert meant(other, known.keys() - {other}, "field") == ours  # `batch` is a field of the loss, too


@pytest.mark.parametrize(
    ("written", "instead", "suggested"),
    [
        ("loss: squared_error", "loss: mse", "squared_error"),
        ("loss: squared_error", "loss: bce", "binary_cross_entropy"),
        ("loss: squared_error", "loss: {name: crossentropy}", "cross_entropy"),
        ("activation: tanh", "activation: ReLU", "relu"),
        ("activation: tanh", "activation: nn.LeakyReLU", "leaky_relu"),
        ("scale_targets: log", "scale_targets: ln", "log"),
        ("optimizer: adam", "optimizer: sgd", "gradient_descent"),
        ("optimizer: adam", "optimizer: {name: adam, lr: 0.1}", "rate"),
        ("optimizer: adam", "optimizer: {name: adam, learning_rate: 0.1}", "rate"),
        ("optimizer: adam", "optimizer: {name: adam, rate: 0.1}, lr: 0.1", "training.optimizer.rate"),
        ("\ntargets:", "\noptimizer: adam\ntargets:", "training.optimizer"),
        ("\ntargets:", "\nepochs: 10\ntargets:", "training.epochs"),
    ],
)
def test_the_message_suggests_the_name_of_the_format(written: str, instead: str, suggested: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(SPEC.replace(written, instead), "net.yaml")
    labels = [diagnostic.label for diagnostic in caught.value.diagnostics]
    assert f"did you mean {suggested!r}?" in labels


def test_a_layer_needs_no_kind() -> None:
    with pytest.raises(SpecError, match="unknown field 'type'") as caught:
        parse(SPEC.replace("units: 3", "units: 3, type: Dense"), "net.yaml")
    assert "all layers are dense" in str(caught.value)
