"""Small model files made by hand, as Keras, scikit-learn and safetensors would write them, and wrong in any way."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import h5py
import numpy as np

WEIGHTS = {"dense": [[[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5]], "dense_1": [[[1.0], [-1.0]], [0.25]]}
"""The kernel (in, out) and the biases of each layer."""


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def dense(name: str, units: int, activation: str = "linear", **config: Any) -> dict[str, Any]:
    """The description of a Dense layer."""
    options = {"name": name, "units": units, "activation": activation, "use_bias": True, "dtype": "float32", **config}
    return {"module": "keras.layers", "class_name": "Dense", "config": options}


def layer(kind: str, name: str, module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    """The description of any layer."""
    return {"module": module, "class_name": kind, "config": {"name": name, **config}}


ENTRY = layer("InputLayer", "entry", batch_shape=[None, 2], dtype="float32")
LAYERS = [ENTRY, dense("dense", 2, "tanh"), dense("dense_1", 1, "sigmoid")]


def sequential(layers: Sequence[Any] = LAYERS) -> dict[str, Any]:
    """The description of a Sequential model."""
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "small", "layers": list(layers)}}


def functional(layers: Mapping[str, Any], sources: Mapping[str, Sequence[str]], output: str) -> dict[str, Any]:
    """The description of a functional model: its layers, and the layers before each."""

    def tensor(name: str) -> dict[str, Any]:
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}

    listed = []
    for name, given in layers.items():
        before = [tensor(source) for source in sources.get(name, ())]
        call = {"args": [before if len(before) > 1 else before[0]], "kwargs": {}} if before else None
        listed.append({**given, "name": name, "inbound_nodes": [call] if call else []})
    starts = [[name, 0, 0] for name in layers if not sources.get(name)]
    config = {"name": "small", "layers": listed, "input_layers": starts, "output_layers": [[output, 0, 0]]}
    return {"module": "keras", "class_name": "Functional", "config": config}


def weights(change: Callable[[Any], None] = lambda file: None) -> bytes:
    """The file of weights of ``LAYERS``, changed as an attacker would."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, arrays in WEIGHTS.items():
            group = file.create_group(f"layers/{name}/vars")
            group.attrs["name"] = name
            for number, array in enumerate(arrays):
                group[str(number)] = np.array(array, np.float32)
        change(file)
    return content.getvalue()


def keras(model: Any = None, change: Callable[[Any], None] = lambda file: None, **members: bytes) -> bytes:
    """A ``.keras`` file of a model, ``LAYERS`` by default; ``members`` replaces some of its members."""
    config = json.dumps(sequential() if model is None else model).encode()
    metadata = b'{"keras_version": "3.15.1"}'
    parts = {"metadata.json": metadata, "config.json": config, "model.weights.h5": weights(change)}
    return zipped(parts | {name.replace("_json", ".json"): content for name, content in members.items()})


def legacy(change: Callable[[Any], None] = lambda file: None) -> bytes:
    """The same model as a legacy ``.h5`` file."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.attrs["model_config"] = json.dumps(sequential())
        file.attrs["keras_version"] = "3.15.1"
        for name, arrays in WEIGHTS.items():
            group = file.create_group(f"model_weights/{name}/small/{name}")
            for part, array in zip(("kernel", "bias"), arrays, strict=True):
                group[part] = np.array(array, np.float32)
            names = [f"small/{name}/{part}".encode() for part in ("kernel", "bias")]
            file[f"model_weights/{name}"].attrs["weight_names"] = names
        change(file)
    return content.getvalue()


def node(loader: str, content: Any, kind: str = "str", module: str = "builtins", **more: Any) -> dict[str, Any]:
    """A node of the schema of skops."""
    return {"__class__": kind, "__module__": module, "__loader__": loader, "content": content, **more}


def value(plain: Any) -> dict[str, Any]:
    """The node of a number, a text or a list."""
    if isinstance(plain, list):
        return node("ListNode", [value(item) for item in plain], "list")
    return node("JsonNode", json.dumps(plain))


def array(name: str) -> dict[str, Any]:
    """The node of an array in a member."""
    return {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": name}


def estimator(kind: str, module: str = "sklearn.any", **attributes: Any) -> dict[str, Any]:
    """The node of an estimator."""
    nodes = {key: item if isinstance(item, dict) else value(item) for key, item in attributes.items()}
    return node("ObjectNode", node("DictNode", nodes, "dict"), kind, module)


def regression(**attributes: Any) -> dict[str, Any]:
    """The node of a fitted LinearRegression of two numbers."""
    return estimator(
        "LinearRegression", **{"n_features_in_": 2, "coef_": array("1.npy"), "intercept_": 0.5, **attributes}
    )


def saved(numbers: Any, **options: Any) -> bytes:
    """An array as a ``.npy`` file."""
    file = io.BytesIO()
    np.save(file, numbers, **options)
    return file.getvalue()


def skops(root: Mapping[str, Any] | None = None, protocol: int = 2, numbers: bytes = saved([2.0, -1.0])) -> bytes:
    """A ``.skops`` file of an estimator with an array in the member ``1.npy``."""
    schema = {**(regression() if root is None else root), "protocol": protocol, "_skops_version": "0.16.0"}
    return zipped({"schema.json": json.dumps(schema).encode(), "1.npy": numbers})


def safetensors(header: Any, numbers: bytes) -> bytes:
    """A ``.safetensors`` file; the header is a mapping, or a text."""
    text = header.encode() if isinstance(header, str) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + numbers


def entry(start: int, stop: int, shape: Sequence[int] = (2,), dtype: str = "F32") -> dict[str, Any]:
    """An array in the header of a ``.safetensors`` file."""
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, stop]}
