"""The outputs of a model of Keras, by itself."""

import math
import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing.compare import Judgement, Values, fed, judgement
from nngen.bridges.importing.hdf5 import hdf5
from nngen.bridges.importing.keras.layers import KNOWN
from nngen.bridges.importing.keras.model import MODELS
from nngen.bridges.importing.limits import LIMITS, members, parse
from nngen.common import files

BACKENDS = ("torch", "jax", "tensorflow")

OWN = ("nngen>Bias", "nngen>Signs")
"""The classes of exported modules."""

PARTS = ("initializers", "regularizers", "constraints", "dtype_policies")
"""The modules of Keras with what a layer may have beside activations, which the reader knows by name."""


def judge(path: str, _value: str, _last: str, names: Sequence[str], columns: Values) -> list[Judgement]:
    """The outputs of a ``.keras`` or ``.h5`` file.

    Keras loads it in its safe mode, and only if all that it would make are objects of Keras that run no code.
    """
    os.environ.setdefault("KERAS_BACKEND", next((name for name in BACKENDS if find_spec(name)), "torch"))
    os.environ.setdefault("KERAS_HOME", os.getcwd())
    return [judgement("Keras", "float32", lambda: outputs(_model(path), names, columns), "keras torch")]


def outputs(model: Any, names: Sequence[str], columns: Values) -> Any:
    """The outputs of a model; for the arguments see ``judge``."""
    shapes = {str(one.name).removesuffix(":0"): tuple(size or 1 for size in one.shape[1:]) for one in model.inputs}
    if len(shapes) == 1 and math.prod(*shapes.values()) != len(columns):  # Keras does not know it
        shapes = dict.fromkeys(shapes, (len(columns),))
    types = [str(getattr(one.dtype, "name", one.dtype)) for one in model.inputs]
    arrays = zip(fed(shapes, names, columns), types, strict=True)
    given = [array if dtype == "string" else array.astype(dtype) for array, dtype in arrays]
    found = model(given if len(given) > 1 else given[0], training=False)
    found = found.detach().cpu() if hasattr(found, "detach") else found
    return np.asarray(found, np.float64).reshape(len(columns[0]), -1)


def _model(path: str) -> Any:
    """The model of a file.

    Raises:
        ValueError: Keras would have to make something else than layers that the reader knows and their parts.
    """
    import keras

    class Bias(keras.layers.Layer):  # type: ignore[misc]
        """The layer of exported modules."""

        def build(self, shape: Any) -> None:
            self.bias = self.add_weight(shape=(shape[-1],), name="bias")

        def call(self, x: Any) -> Any:
            return x + self.bias

    class Signs(keras.constraints.Constraint):  # type: ignore[misc]
        """The constraint of exported modules, which changes nothing in a prediction."""

        def __init__(self, signs: Any) -> None:
            self.signs = signs

    allowed = {*KNOWN, *MODELS, "InputLayer", "Signs", *OWN, "__keras_tensor__"}
    for part in PARTS:
        allowed |= {name for name in dir(getattr(keras, part)) if name[0].isupper()}
    config = _config(path)
    for name in _classes({key: part for key, part in config.items() if key != "compile_config"}):  # not loaded
        if name not in allowed:
            raise ValueError(f"Keras would make an object of the class {name:.60}")
    own = {"Bias": Bias, "nngen>Bias": Bias, "Signs": Signs, "nngen>Signs": Signs}
    if path.lower().endswith(".keras"):
        return keras.saving.load_model(path, custom_objects=own, compile=False, safe_mode=True)
    made = keras.Sequential if config["class_name"] == "Sequential" else keras.Model
    model = made.from_config(_layers_alone(config["config"]), custom_objects=own)
    model.load_weights(path)
    return model


def _layers_alone(value: Any) -> Any:
    """A description without what changes the training alone, which newer versions of Keras may not know."""
    if isinstance(value, dict):
        ends = ("_initializer", "_regularizer", "_constraint")
        return {key: _layers_alone(part) for key, part in value.items() if not key.endswith(ends)}
    return [_layers_alone(part) for part in value] if isinstance(value, list) else value


def _config(path: str) -> Any:
    """The description of the layers in a file."""
    content = files.read(Path(path), LIMITS.file)
    if path.lower().endswith(".keras"):
        return parse(members(content, path)["config.json"], path, "config.json")
    with hdf5(content, path) as file:
        return parse(file.text("model_config") or "", path, "model_config")


def _classes(value: Any) -> Iterator[str]:
    """The classes of all objects in a description, with their modules where these are not of Keras."""
    if isinstance(value, dict):
        if "class_name" in value:
            name, module = str(value["class_name"]), str(value.get("module") or "keras")
            own = value.get("registered_name") in OWN
            yield name if own or module.partition(".")[0] == "keras" else f"{module}.{name}"
        value = [*value.values()]
    for part in value if isinstance(value, list) else ():
        yield from _classes(part)
