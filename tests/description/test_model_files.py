"""Model files that are read as they should be: forms that no library of today writes."""

import io
import json
import struct
from typing import Any

import h5py
import numpy as np
import pytest

from nngen.bridges.importing import assemble, playground
from nngen.bridges.importing.source import READERS
from nngen.bridges.importing.tensors import tensors
from nngen.common.diagnostics import SpecError
from nngen.reading import parse
from tests.support.model_files import entry, safetensors


def dense(name: str, units: int, activation: str) -> dict[str, Any]:
    """A Dense layer in a description of Keras 2."""
    return {"class_name": "Dense", "config": {"name": name, "units": units, "activation": activation, "use_bias": True}}


ENTRY = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 2], "name": "entry"}}


def keras_2(model: dict[str, Any], version: str = "2.15.0") -> bytes:
    """A ``.h5`` file as Keras 2 wrote it."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        file.attrs["keras_version"] = version
        file.attrs["training_config"] = json.dumps({"loss": "mse", "metrics": [float("nan")]})
        for name, kernel in (("first", [[1, 2], [3, 4]]), ("last", [[5], [6]])):
            group = file.create_group(f"model_weights/{name}/{name}")
            group["kernel:0"] = np.array(kernel, "<f4")
            group["bias:0"] = np.zeros(len(kernel[0]), "<f4")
    return content.getvalue()


def test_a_sequential_model_of_keras_2() -> None:
    first = dense("first", 2, "hard_sigmoid")
    first["config"]["batch_input_shape"] = [None, 2]
    model = {"class_name": "Sequential", "config": {"name": "old", "layers": [first, dense("last", 1, "linear")]}}
    made = assemble(READERS[".h5"](keras_2(model), "old.h5"), "old.h5")
    assert made.parameters == (1, 3, 2, 4, 0, 0, 5, 6, 0)
    assert made.spec.layers[0].activation.options == {"slope": 0.2}
    assert made.spec.loss.name == "squared_error"
    later = assemble(READERS[".h5"](keras_2(model, "3.0.0"), "old.h5"), "old.h5")
    assert later.spec.layers[0].activation.options == {"slope": pytest.approx(1 / 6)}


def test_a_functional_model_of_keras_2() -> None:
    layers: list[dict[str, Any]] = [
        {**ENTRY, "name": "entry", "inbound_nodes": []},
        {**dense("first", 2, "tanh"), "name": "first", "inbound_nodes": [[["entry", 0, 0, {}]]]},
        {**dense("last", 1, "linear"), "name": "last", "inbound_nodes": [[["first", 0, 0, {}]]]},
    ]
    ends = {"input_layers": [["entry", 0, 0]], "output_layers": [["last", 0, 0]]}
    model = {"class_name": "Functional", "config": {"name": "old", "layers": layers, **ends}}
    made = assemble(READERS[".h5"](keras_2(model), "old.h5"), "old.h5")
    assert made.parameters == (1, 3, 2, 4, 0, 0, 5, 6, 0)


def test_numbers_of_16_bits() -> None:
    header = {
        "a": entry(0, 4, (2,), "F16"),
        "b": entry(4, 8, (2,), "BF16"),
        "n.num_batches_tracked": entry(8, 16, (), "I64"),
    }
    found = tensors(safetensors(header, struct.pack("<2e2Hq", 0.5, -2.0, 0x3F80, 0xC040, 7)), "model")
    assert {name: array.tolist() for name, array in found.items()} == {"a": [0.5, -2.0], "b": [1.0, -3.0]}


ADDRESS = (
    "https://playground.tensorflow.org/#activation=relu&regularization=L1&batchSize=12&dataset=spiral&learningRate=0.1"
    "&regularizationRate=0.003&noise=0&networkShape=6,3&seed=0.4&x=true&y=false&xTimesY=true&sinX=true&problem={}"
)


def test_an_address_of_playground() -> None:
    spec = parse(playground(ADDRESS.format("classification")), "playground.yaml")
    assert spec.inputs == ("x1", "x1_x2", "sin_x1")
    layers = [(layer.name, layer.units, layer.activation.name) for layer in spec.layers]
    assert layers == [("hidden1", 6, "relu"), ("hidden2", 3, "relu"), ("output", 1, "tanh")]
    assert (spec.training.optimizer.options, spec.training.batch_size) == ({"rate": 0.1}, 12)
    assert spec.training.penalty is not None
    assert (spec.training.penalty.name, spec.training.penalty.options) == ("l1", {"strength": 0.003})
    regression = parse(playground(ADDRESS.format("regression")), "playground.yaml")
    assert regression.layers[-1].activation.name == "linear"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("activation=softmax", "expected activation to be one of relu, tanh, sigmoid, linear, got 'softmax'"),
        ("networkShape=4,x", "expected networkShape to be sizes of layers such as 4,2, got '4,x'"),
        ("networkShape=1000000", "expected networkShape to be sizes of layers such as 4,2, got '1000000'"),
        ("learningRate=nan", "expected learningRate to be a number of at least 0, got 'nan'"),
        ("x=1", "expected x to be one of true, false, got '1'"),
        ("x=false&y=false", "the network has no inputs"),
        ("x=true&x=false", "'x' occurs twice in the address"),
    ],
)
def test_addresses_that_playground_does_not_write(part: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        playground(f"https://playground.tensorflow.org/#{part}")
    assert [found.message for found in caught.value.diagnostics] == [message]
