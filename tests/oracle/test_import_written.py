"""Pipelines and models of Keras as people write them: there and back, with the same answers in all rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nngen
from nngen.bridges.exporting.frameworks import source
from nngen.bridges.exporting.onnx_model import onnx_model
from nngen.bridges.importing import assemble
from nngen.bridges.importing.onnx.file import read_graph
from nngen.description.data import encoding
from nngen.description.model import Index
from nngen.plan import plan
from nngen.reading.safetensors import written as safetensors
from nngen.targets import as_module
from tests.oracle.imported import Imported, read_file
from tests.oracle.onnx_models import answers
from tests.oracle.sklearn_models import evaluated
from tests.oracle.written import DATA, MODELS, NUMBERS, PIPELINES

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def scores(estimator: Any, x: Any, last: str) -> NDArray[np.float64]:
    """What a network that ends with this activation gives: probabilities, scores or numbers."""
    methods = ["predict_proba", "decision_function", "predict"]
    methods = ["decision_function", *methods] if last == "linear" else methods
    found = getattr(estimator, next(name for name in methods if hasattr(estimator, name)))(x)
    return np.asarray(found, np.float64).reshape(len(found), -1)


def taken(network: Imported, x: Any) -> Any:
    """The columns that a network has, in its order."""
    if not isinstance(x, np.ndarray):
        return x[[column.column or column.name for column in network.spec.columns]]
    return x[:, [int(name[1:]) - 1 for name in network.spec.input_names]]


def feed(x: Any) -> dict[str, NDArray[Any]]:
    """Rows as the inputs of an ONNX model: one matrix, or a column for each name."""
    if isinstance(x, np.ndarray):
        return {"x": x}
    columns = {name: x[name] for name in x}
    return {
        name: (values.fillna("") if values.dtype == object else values.astype(float)).to_numpy()[:, None]
        for name, values in columns.items()
    }


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline(name: str, tmp_path: Path) -> None:
    import skops.io

    _, code, data = PIPELINES[name]
    x, y = DATA[data]()
    estimator = evaluated(code, NUMBERS=[one for one in NUMBERS if one in getattr(x, "columns", NUMBERS)]).fit(x, y)
    path = tmp_path / "model.skops"
    skops.io.dump(estimator, path)
    network = Imported(*read_file(path, "model"))
    rows = taken(network, x)
    expected = scores(estimator, x, network.spec.layers[-1].activation.name)
    expected = expected[:, -network.outputs(rows).shape[1] :]  # of two classes, the second one
    right = estimator.predict(x)
    scale = network.spec.data.scale_targets if network.spec.data else None
    if scale is None:
        np.testing.assert_allclose(network.outputs(rows), expected, 1e-11, 1e-12)
    exported = onnx_model(network.spec, encoding(network.spec, tmp_path), network.flat, "float64")
    for found in answers(exported, feed(rows)):
        if "label" in found:
            np.testing.assert_array_equal(found["label"].ravel(), np.array([*map(str, right)]))
        elif data != "labels":
            np.testing.assert_allclose(found["outputs"].reshape(right.shape), right, 1e-10, 1e-11)
    path = tmp_path / "model.onnx"
    path.write_bytes(exported)
    made = assemble(read_graph(str(path)), "model")
    back = Imported(made.text, list(made.parameters))
    wanted = right.reshape(len(x), -1) if scale is not None else expected
    np.testing.assert_allclose(back.outputs(rows), wanted, 1e-10, 1e-11)


def columns_of(model: Any, given: Sequence[NDArray[Any]], network: Imported) -> Any:
    """The rows of a model as the network takes them: its columns in their order, or by their names."""
    flat = [values.reshape(len(values), -1) for values in given]
    if not hasattr(network.module, "encode"):
        return np.concatenate(flat, axis=1)
    named = [column.column or column.name for column in network.spec.columns]
    if not any(isinstance(column, Index) for column in network.spec.columns):
        return dict(zip(named, np.concatenate(flat, axis=1).T, strict=True))
    titles = {tensor.name: values[:, 0] for tensor, values in zip(model.inputs, flat, strict=True)}
    return {name: titles[name] for name in named}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_keras(name: str, tmp_path: Path) -> None:
    from tests.oracle.written_keras import trained

    model, given = trained(name)
    model.save(tmp_path / "model.keras")
    network = Imported(*read_file(tmp_path / "model.keras", "model"))
    rows = columns_of(model, given, network)
    expected = model.predict(given if len(given) > 1 else given[0], batch_size=300, verbose=0)
    np.testing.assert_allclose(network.outputs(rows), expected, 1e-4, 1e-5)
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors(plan(network.spec), network.flat, "float64"))
    back = as_module("net_keras", source(network.spec, "keras")).load(str(path))
    inputs = network.inputs(rows)
    ids = sum(isinstance(column, Index) for column in network.spec.columns)
    parts = [inputs[:, place].astype(int) for place in range(ids)]
    parts += [inputs[:, ids:]] if inputs.shape[1] > ids else []
    outputs = back.predict(parts if len(parts) > 1 else parts[0], batch_size=300, verbose=0)
    np.testing.assert_allclose(outputs, network.outputs(rows), 1e-4, 1e-6)
    again = Imported(*nngen.from_keras(back))
    found = again.module.forward(again.params, inputs).reshape(expected.shape)
    np.testing.assert_allclose(found, network.outputs(rows), 1e-10, 1e-12)
