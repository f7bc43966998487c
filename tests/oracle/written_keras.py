"""Models of Keras as people write them, and data for them; ``written.MODELS`` says where they come from.

Layers, their order and options are those of the source. Widths of several hundred units are divided by 8 or 16, images
are the digits of 8 x 8 pixels, and the data are others where those of the source have to be downloaded.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.oracle.judges import keras, torch

L = keras.layers
Model, Input = keras.Model, keras.Input

torch.set_num_threads(1)  # for small matrices, several threads wait for one another

RANDOM = np.random.default_rng(6)
ROWS = 300


def adapted(width: int, **options: Any) -> Any:
    """A layer that has measured numbers as they are in data."""
    layer = L.Normalization(**options)
    layer.adapt(4.0 * RANDOM.normal(size=(200, width)) + 3.0)
    return layer


def sequence(width: int | tuple[int, ...], *layers: Any) -> Any:
    """A Sequential model."""
    return keras.Sequential([Input(width if isinstance(width, tuple) else (width,)), *layers])


def quickstart() -> Any:
    layers = [L.Flatten(), L.Dense(128, activation="relu"), L.Dropout(0.2), L.Dense(10)]
    return sequence((8, 8), sequence((8, 8), *layers), L.Softmax())


def miles() -> Any:
    return sequence(9, adapted(9), L.Dense(64, "relu"), L.Dense(64, "relu"), L.Dense(1))


def higgs() -> Any:
    layers = [
        part
        for _ in range(4)
        for part in (
            L.Dense(64, activation="elu", kernel_regularizer=keras.regularizers.L2(0.0001)),
            L.Dropout(0.5),
        )
    ]
    return sequence(28, *layers, L.Dense(1))


def fraud() -> Any:
    bias = keras.initializers.Constant(-6.4)
    return sequence(
        29, L.Dense(16, activation="relu"), L.Dropout(0.5), L.Dense(1, activation="sigmoid", bias_initializer=bias)
    )


def pets() -> Any:
    numbers = {name: Input((1,), name=name) for name in ("PhotoAmt", "Fee")}
    age = Input((1,), name="Age", dtype="int64")
    encoded = [adapted(1, axis=None)(number) for number in numbers.values()]
    encoded.append(L.CategoryEncoding(num_tokens=5)(age))
    x = L.Dropout(0.5)(L.Dense(32, activation="relu")(L.concatenate(encoded)))
    return Model([*numbers.values(), age], L.Dense(1)(x))


def reviews() -> Any:
    return sequence(50, L.Dense(16, "relu"), L.Dense(16, "relu"), L.Dense(1, "sigmoid"))


def tickets() -> Any:
    given = [Input((20,), name="title"), Input((30,), name="text_body"), Input((10,), name="tags")]
    features = L.Dense(64, activation="relu")(L.Concatenate()(given))
    return Model(inputs=given, outputs=L.Dense(4, activation="softmax", name="department")(features))


def wide_and_deep() -> Any:
    given = Input((8,))
    normalized = adapted(8)(given)
    hidden = L.Dense(30, activation="relu")(L.Dense(30, activation="relu")(normalized))
    return Model(inputs=[given], outputs=[L.Dense(1)(L.Concatenate()([normalized, hidden]))])


def wide_and_deep_of_two() -> Any:
    wide, deep = Input((5,)), Input((6,))
    hidden = L.Dense(30, activation="relu")(L.Dense(30, activation="relu")(adapted(6)(deep)))
    return Model(inputs=[wide, deep], outputs=[L.Dense(1)(L.concatenate([adapted(5)(wide), hidden]))])


def normalized_before() -> Any:
    layers = [
        part
        for units in (30, 10)
        for part in (
            L.Dense(units, kernel_initializer="he_normal", use_bias=False),
            L.BatchNormalization(),
            L.Activation("relu"),
        )
    ]
    return sequence((8, 8), L.Flatten(), *layers, L.Dense(10, activation="softmax"))


def self_normalizing() -> Any:
    layers = [L.Dense(20, activation="selu", kernel_initializer="lecun_normal") for _ in range(6)]
    return sequence((8, 8), L.Flatten(), *layers, L.AlphaDropout(0.1), L.Dense(10, activation="softmax"))


def leaky() -> Any:
    return sequence(
        (8, 8),
        L.Flatten(),
        L.BatchNormalization(),
        L.Dense(50, kernel_initializer="he_normal"),
        L.LeakyReLU(negative_slope=0.2),
        L.Dense(10, activation="softmax"),
    )


def diabetes() -> Any:
    return sequence(8, L.Dense(12, activation="relu"), L.Dense(8, activation="relu"), L.Dense(1, activation="sigmoid"))


def digits() -> Any:
    layers = [part for _ in range(2) for part in (L.Dense(64), L.Activation("relu"), L.Dropout(0.2))]
    return sequence(64, *layers, L.Dense(10), L.Activation("softmax"))


def autoencoder() -> Any:
    layers = [L.Dense(units, activation="relu") for units in (32, 16, 8, 16, 32)]
    return sequence(64, *layers, L.Dense(64, activation="sigmoid"))


def films() -> Any:
    user, film = (Input((1,), dtype="int32", name=name) for name in ("user", "movie"))
    vectors = [
        L.Flatten()(L.Embedding(n, 50, embeddings_initializer="he_normal")(x)) for x, n in ((user, 30), (film, 40))
    ]
    biases = [L.Flatten()(L.Embedding(n, 1)(x)) for x, n in ((user, 30), (film, 40))]
    return Model([user, film], L.Activation("sigmoid")(L.Add()([L.Dot(axes=1)(vectors), *biases])))


def neumf() -> Any:
    user, item = (Input((1,), dtype="int32", name=name) for name in ("user_input", "item_input"))
    factors = [L.Flatten()(L.Embedding(n, 8)(x)) for x, n in ((user, 30), (item, 40))]
    vectors = [L.Flatten()(L.Embedding(n, 32)(x)) for x, n in ((user, 30), (item, 40))]
    hidden = L.Concatenate()(vectors)
    for units in (32, 16, 8):
        hidden = L.Dense(units, activation="relu", kernel_regularizer=keras.regularizers.L2(0.0))(hidden)
    joined = L.Concatenate()([L.Multiply()(factors), hidden])
    return Model([user, item], L.Dense(1, activation="sigmoid", kernel_initializer="lecun_uniform")(joined))


def cross() -> Any:
    given = Input((12,))
    crossed = given
    for _ in range(2):
        crossed = given * L.Dense(12)(crossed) + crossed
    crossed = L.BatchNormalization()(crossed)
    deep = given
    for units in (32, 32):
        deep = L.Dropout(0.1)(L.ReLU()(L.BatchNormalization()(L.Dense(units)(deep))))
    return Model(given, L.Dense(7, activation="softmax")(L.concatenate([crossed, deep])))


def gated() -> Any:
    given = Input((16,))
    x = L.Dropout(0.15)(L.Dense(16)(L.Dense(16, activation="elu")(given)))
    x = L.LayerNormalization()(L.Add()([given, L.Multiply()([L.Dense(16)(x), L.Dense(16, activation="sigmoid")(x)])]))
    return Model(given, L.Dense(1, activation="sigmoid")(x))


def stores() -> Any:
    counts, sizes = {"store": 40, "day_of_week": 7, "state": 12}, {"store": 10, "day_of_week": 6, "state": 6}
    ids = [Input((1,), dtype="int32", name=name) for name in counts]
    promotion = Input((1,), name="promo")
    vectors = [L.Embedding(counts[x.name], sizes[x.name])(x) for x in ids]
    vectors = [L.Reshape((sizes[x.name],))(vector) for x, vector in zip(ids, vectors, strict=True)]
    x = L.Concatenate()([*vectors, L.Dense(1)(promotion)])
    for units in (100, 50):
        x = L.Activation("relu")(L.Dense(units, kernel_initializer="uniform")(x))
    return Model([*ids, promotion], L.Activation("sigmoid")(L.Dense(1)(x)))


def rows(model: Any) -> list[NDArray[Any]]:
    """Rows for each input of a model; ids are those of the smallest embedding."""
    counts = [layer.input_dim for layer in model.layers if isinstance(layer, L.Embedding)]
    counts += [layer.num_tokens for layer in model.layers if isinstance(layer, L.CategoryEncoding)]
    found = []
    for tensor in model.inputs:
        size = (ROWS, *tensor.shape[1:])
        whole = "int" in str(tensor.dtype)
        found.append(RANDOM.integers(min(counts), size=size) if whole else 2.0 * RANDOM.normal(size=size))
    return found


def trained(name: str) -> tuple[Any, list[NDArray[Any]]]:
    """A model after an epoch on random targets, and its rows."""
    keras.utils.set_random_seed(7)
    model = globals()[name]()
    given = rows(model)
    model.compile(optimizer="adam", loss="mse")
    targets = RANDOM.uniform(size=(ROWS, model.output_shape[-1]))
    model.fit(given if len(given) > 1 else given[0], targets, epochs=1, batch_size=100, verbose=0)
    return model, given
