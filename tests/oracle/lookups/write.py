"""Writes the files beside it: a model of Keras with lookups, which need TensorFlow, and what TensorFlow computes.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python tests/oracle/lookups/write.py

The tests read these files, since `make oracle` runs Keras on PyTorch.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

FOLDER = Path(__file__).parent
LAYERS = keras.layers


def packed(model: Any, path: Path) -> None:
    """Save a model in a smaller archive without times."""
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["metadata.json"] = json.dumps({"keras_version": keras.__version__}).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write the model, the same with its gradients in place of weights, the rows, the targets and the outputs."""
    keras.utils.set_random_seed(5)
    keras.config.set_floatx("float64")
    users = LAYERS.StringLookup()
    users.adapt(np.array(["bob", "ann", "ß x", "bob", "bob", "ann"]))
    items = LAYERS.IntegerLookup(vocabulary=[-1, 10, 40, 20, -7])  # the first stands for unknown ids
    shops = LAYERS.StringLookup(vocabulary=["north", "south"], num_oov_indices=0)
    user = keras.Input((1,), name="user", dtype="string")
    item = keras.Input((), name="item", dtype="int64")
    shop = keras.Input((1,), name="shop", dtype="string")
    u = LAYERS.Flatten()(LAYERS.Embedding(4, 3, name="users")(users(user)))
    v = LAYERS.Embedding(5, 3, name="items")(items(item))
    w = LAYERS.Flatten()(LAYERS.Embedding(2, 1, name="shops")(shops(shop)))
    out = LAYERS.Add()([LAYERS.Dense(1, "tanh", name="dense")(LAYERS.Multiply()([u, v])), w])
    model = keras.Model([user, item, shop], out)
    random = np.random.default_rng(1)
    model.set_weights([random.normal(size=values.shape) for values in model.get_weights()])
    packed(model, FOLDER / "model.keras")
    rows: dict[str, list[Any]] = {
        "user": ["ann", "zed", "bob", "ß x", "[UNK]", "bob", "ann"],
        "item": [10, 40, 99, 20, -7, -1, 10],
        "shop": ["north", "south", "south", "north", "north", "south", "south"],
    }
    targets = random.normal(size=(7, 1))
    given = [tf.constant(values)[:, None] if name != "item" else tf.constant(values) for name, values in rows.items()]
    with tf.GradientTape() as tape:
        outputs = model(given)
        loss = tf.reduce_mean(0.5 * tf.reduce_sum((outputs - targets) ** 2, 1))
    slopes = tape.gradient(loss, [weight.value for weight in model.weights])
    model.set_weights([tf.convert_to_tensor(slope).numpy() for slope in slopes])
    packed(model, FOLDER / "slopes.keras")
    known = {"rows": rows, "targets": targets.tolist(), "outputs": outputs.numpy().tolist()}
    (FOLDER / "tensorflow.json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
