"""Models of Keras, as code, and the rows that they take."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS = 12


def made(code: str) -> Any:
    """A Sequential model of layers, or a functional one of ``x``, in float64 with weights of its own."""
    from tests.oracle.judges import keras

    keras.utils.set_random_seed(5)

    def adapted(layer: Any) -> Any:
        layer.adapt(3.0 * rows() + np.arange(8.0))
        return layer

    names = {"keras": keras, "L": keras.layers, "adapted": adapted}
    if code.startswith("["):
        model = keras.Sequential([keras.layers.Input((8,)), *eval(code, names)])
    else:
        entry = keras.layers.Input((8,))
        model = keras.Model(entry, eval(code, {**names, "x": entry}))
    rng = np.random.default_rng(1)
    for layer in model.layers:
        if not isinstance(layer, keras.layers.PReLU | keras.layers.Normalization):
            layer.set_weights([array + 0.3 * rng.uniform(size=array.shape) for array in layer.get_weights()])
    return model


def rows() -> NDArray[np.float64]:
    return np.random.default_rng(2).normal(size=(ROWS, 8))
