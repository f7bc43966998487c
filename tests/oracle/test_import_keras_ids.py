"""Models of Keras with ids or several inputs, in memory and in files: the outputs and gradients of Keras on PyTorch."""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nngen
from nngen.bridges.importing.keras.files import read_keras
from tests.oracle.imported import Imported, read_file
from tests.support.differences import seen
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

LOSS = "half_squared_error"

ROWS = 40

USERS, ITEMS = 7, 5

FACTORS = """
u, v = L.Flatten()(L.Embedding(7, 4, name='users')(user)), L.Flatten()(L.Embedding(5, 4, name='items')(item))
"""

KERAS = {
    "factorization": f"""
{FACTORS}
of_user, of_item = L.Flatten()(L.Embedding(7, 1)(user)), L.Flatten()(L.Embedding(5, 1)(item))
out = L.Add()([L.Dot(axes=1)([u, v]), of_user, of_item])
""",
    "dot along the last of three axes": """
u, v = L.Embedding(7, 4)(user), L.Reshape((1, 4))(L.Embedding(5, 4)(item))
out = L.Dense(1, 'sigmoid')(L.Reshape((1,))(L.Dot(axes=2)([u, v])))
""",
    "generalized factorization": f"""
{FACTORS}
out = L.Dense(1, 'sigmoid', use_bias=False)(L.Multiply()([u, v]))
""",
    "NeuMF": f"""
{FACTORS}
p, q = L.Embedding(7, 6, trainable=False)(user), L.Reshape((1, 3))(L.Embedding(5, 3)(item))
h = L.Flatten()(L.Concatenate()([p, q]))
for units in (8, 4):
    h = L.Dropout(0.2)(L.Dense(units, 'relu')(h))
out = L.Dense(1, 'sigmoid')(L.Concatenate()([L.Multiply()([u, v]), h]))
""",
    "operators": f"""
{FACTORS}
out = L.Dense(1)(u * v) + keras.ops.sum(u * v, axis=-1, keepdims=True)
""",
    "three factors, and numbers": f"""
{FACTORS}
w = L.Dense(4, 'tanh')(numbers)
out = L.Dense(2)(L.Concatenate()([L.Multiply()([u, v, w]), numbers]))
""",
    "maxout": f"""
{FACTORS}
w = L.Dense(4, 'tanh')(numbers)
out = L.Dense(2)(L.Concatenate()([L.Maximum()([u, v, w]), keras.ops.maximum(u, w)]))
""",
    "wide and deep": f"""
{FACTORS}
deep = L.Dense(1)(L.Dense(6, 'relu')(L.Concatenate()([u, v, numbers])))
wide = L.Add()([L.Flatten()(L.Embedding(7, 1)(user)), L.Flatten()(L.Embedding(5, 1)(item))])
out = L.Activation('sigmoid')(L.Add()([deep, wide]))
""",
}
"""The output of functional models, made from two ids and perhaps a vector of two numbers."""


LOOKUPS = ROOT / "tests" / "oracle" / "lookups"


@pytest.fixture(autouse=True)
def _products_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PyTorch, Keras multiplies and compares matrices in float32, even those of float64."""
    from tests.oracle.judges import keras, torch

    for name in ("matmul", "maximum"):
        monkeypatch.setattr(keras.src.backend.numpy, name, getattr(torch, name))


def made(code: str) -> Any:
    """A functional model in float64 with weights of its own."""
    from tests.oracle.judges import keras

    keras.utils.clear_session(free_memory=False)  # so that names count from the beginning
    keras.utils.set_random_seed(5)
    names: dict[str, Any] = {
        "keras": keras,
        "L": keras.layers,
        "user": keras.Input((1,), name="user", dtype="int32"),
        "item": keras.Input((), name="item of a shop"),
        "numbers": keras.Input((2,), name="numbers"),
    }
    exec(code, names)
    model = keras.Model(keras.utils.get_source_inputs(names["out"]), names["out"])
    random = np.random.default_rng(1)
    model.set_weights([values + 0.4 * random.normal(size=values.shape) for values in model.get_weights()])
    return model


def rows() -> Mapping[str, NDArray[np.float64]]:
    """Ids and numbers by the names of inputs. Item 4 is never seen."""
    random = np.random.default_rng(2)
    numbers = random.normal(size=(ROWS, 2))
    return {
        "numbers": numbers,
        "numbers1": numbers[:, 0],
        "numbers2": numbers[:, 1],
        "user": random.integers(USERS, size=ROWS).astype(float),
        "item of a shop": random.integers(ITEMS - 1, size=ROWS).astype(float),
    }


def parts(model: Any) -> list[str]:
    """The classes of the layers and operators."""
    return [type(one).__name__ for one in model.operations]


def test_several_vectors_of_numbers(tmp_path: Path) -> None:
    """They are in the order of the model, which is another one than that of their layers."""
    from tests.oracle.judges import keras, torch

    keras.utils.set_random_seed(5)
    layers = keras.layers
    a, b, c = (layers.Input(shape, name=name) for name, shape in (("a", (1,)), ("b", (1, 2)), ("c", (1,))))
    hidden = layers.Dense(4, "tanh")(layers.Concatenate()([a, layers.Flatten()(b), c]))
    model = keras.Model([c, a, b], layers.Dense(2)(hidden))
    text, flat = nngen.from_keras(model, name="model")
    for suffix in (".keras", ".h5"):
        model.save(tmp_path / f"model{suffix}")
        assert read_file(tmp_path / f"model{suffix}", "Functional", parts(model), name="model") == (text, flat)
    x = np.random.default_rng(2).normal(size=(ROWS, 4))
    expected = model([torch.tensor(part) for part in (x[:, :1], x[:, 1:2], x[:, None, 2:])]).detach().numpy()
    assert Imported(text, flat).spec.input_names == ("c", "a", "b1", "b2")
    np.testing.assert_allclose(Imported(text, flat).outputs(x), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", KERAS)
def test_models_of_keras(name: str, tmp_path: Path) -> None:
    from tests.oracle.judges import keras, torch

    model, given = made(KERAS[name]), rows()
    text, flat = nngen.from_keras(model, loss=LOSS, name="model")
    for suffix in (".keras", ".h5"):
        path = tmp_path / f"model{suffix}"
        model.save(path)
        judged = suffix == ".keras" or name not in ("operators", "maxout")  # which Keras does not load itself
        found, parameters = read_file(path, "Functional", parts(model), judged=judged, name="model", loss=LOSS)
        assert parameters == flat
        assert found.partition("inputs:")[2] == text.partition("inputs:")[2]
    network = Imported(text, flat)
    x = [torch.tensor(given[entry.name]).reshape(ROWS, *entry.shape[1:]) for entry in model.inputs]
    expected = model(x, training=False).detach().numpy().reshape(ROWS, -1)
    seen("Keras", parts(model), network.outputs(given), expected)
    np.testing.assert_allclose(network.outputs(given), expected, 1e-12, 1e-12)
    targets = np.random.default_rng(3).normal(size=expected.shape)
    outputs = model(x, training=False).reshape(ROWS, -1)
    (0.5 * ((outputs - torch.tensor(targets)) ** 2).sum(1).mean()).backward()
    slopes = keras.models.clone_model(model)
    for slope, variable in zip(slopes.weights, model.weights, strict=True):
        grad = variable.value.grad
        slope.assign(torch.zeros_like(variable.value) if grad is None else grad)
    _, gradient = network.module.gradient(network.params, network.inputs(given), targets)
    wanted = np.array(nngen.from_keras(slopes)[1])[network.trained]
    np.testing.assert_allclose(np.array(network.module.pack(gradient))[network.trained], wanted, 1e-10, 1e-12)


REFUSED = {
    "mask": (
        "out = L.Flatten()(L.Embedding(7, 4, mask_zero=True, name='e')(user))",
        "layer 2, Embedding 'e': it leaves id 0 out (mask_zero)",
    ),
    "several at once": (
        "out = L.Flatten()(L.Embedding(7, 4, name='e')(keras.Input((3,), name='history')))",
        "layer 2, Embedding 'e': it takes 3 ids of the input 'history' at once",
    ),
    "ids that are computed": (
        "out = L.Flatten()(L.Embedding(7, 4, name='e')(L.Dense(1)(numbers)))",
        "layer 3, Embedding 'e': its ids are not those of an input",
    ),
    "two counts": (
        "out = L.Add()([L.Flatten()(L.Embedding(n, 4, name=f'e{n}')(user)) for n in (7, 8)])",
        "layer 3, Embedding 'e8': the input 'user' has 7 ids for another embedding, and 8 for this one",
    ),
    "an id as a number": (
        "h = L.Flatten()(L.Embedding(7, 4)(item)); out = L.Dense(1)(L.Concatenate()([h, L.Reshape((1,))(item)]))",
        "the input 'item of a shop' has ids, but is taken as a number as well",
    ),
    "whole numbers": (
        "out = L.Dense(1)(user)",
        "the input 'user' has whole numbers that no embedding takes",
    ),
    "merged axes": (
        "u, v = L.Embedding(7, 4)(user), L.Reshape((1, 4))(L.Embedding(5, 4)(item))\n"
        "out = L.Flatten()(L.Dot(axes=1, name='outer')([u, v]))",
        "layer 6, Dot 'outer': it multiplies (1, 4) and (1, 4) along the axes 1",
    ),
    "cosine": (
        f"{FACTORS}\nout = L.Dot(axes=1, normalize=True, name='cosine')([u, v])",
        "layer 7, Dot 'cosine': it divides by the lengths of the vectors (normalize)",
    ),
    "different widths": (
        f"{FACTORS}\nout = L.Multiply(name='m')([u, L.Dense(1)(v)])",
        "layer 8, Multiply 'm': it joins vectors of the shapes (4,), (1,)",
    ),
    "one layer for both": (
        "e, f, d = L.Embedding(7, 4), L.Flatten(), L.Dense(2, name='d'); out = d(f(e(user))) * d(f(e(item)))",
        "layer 5, Dense 'd': it is called 2 times",
    ),
    "another sum": (
        "out = keras.ops.sum(L.Embedding(7, 4)(user), axis=1)",
        "layer 3, Sum 'sum': it sums what is no product of two vectors",
    ),
    "a part of an input": (
        "out = L.Embedding(7, 4)(keras.Input((2,), name='pair', dtype='int32')[:, 0])",
        "layer 2, GetItem 'get_item': no layer of a spec is like it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_spec_has_is_refused(name: str, tmp_path: Path) -> None:
    code, message = REFUSED[name]
    model = made(code)
    with pytest.raises(nngen.SpecError) as caught:
        nngen.from_keras(model)
    assert [found.message for found in caught.value.diagnostics] == [message]
    model.save(tmp_path / "model.keras")
    with pytest.raises(nngen.SpecError) as caught:
        read_keras((tmp_path / "model.keras").read_bytes(), "model.keras")
    assert [found.message for found in caught.value.diagnostics] == [message]


def test_rows_that_two_inputs_share(tmp_path: Path) -> None:
    """Each input gets a copy: the outputs are the same, and a note says that Keras trains them together."""
    model = made("e, f = L.Embedding(7, 4, name='e'), L.Flatten()\nout = f(e(user)) * f(e(item)) - L.Dense(4)(numbers)")
    text, flat = nngen.from_keras(model, name="model")
    assert "Keras trains these rows and those of another call of the layer together" in text
    for suffix in (".keras", ".h5"):
        model.save(tmp_path / f"model{suffix}")
        judged = suffix == ".keras"  # of operators such as `*`, which Keras does not load itself
        found = read_file(tmp_path / f"model{suffix}", "Functional", parts(model), judged=judged, name="model")
        assert found == (text, flat)


def test_ids_by_name() -> None:
    """Lookups, one of which has adapted to data: the outputs and gradients of TensorFlow, also for unknown ids."""
    parts = ["StringLookup", "IntegerLookup", "Embedding", "Multiply", "Dense", "Add"]
    text, flat = read_file(LOOKUPS / "model.keras", "Functional", parts, judged=False, name="model", loss=LOSS)
    _, slopes = read_file(LOOKUPS / "slopes.keras", "Functional", parts, judged=False, name="model", loss=LOSS)
    assert '{name: user, ids: [bob, ann, "ß x"], unknown: row}' in text
    assert "{name: shop, ids: [north, south]}" in text
    known, network = json.loads((LOOKUPS / "tensorflow.json").read_text("utf-8")), Imported(text, flat)
    outputs = network.outputs(known["rows"])
    np.testing.assert_allclose(outputs, known["outputs"], 1e-12, 1e-12)
    seen("Keras", parts, outputs, known["outputs"])
    _, gradient = network.module.gradient(network.params, network.inputs(known["rows"]), np.array(known["targets"]))
    np.testing.assert_allclose(network.module.pack(gradient), slopes, 1e-12, 1e-12)
    with pytest.raises(ValueError, match="shop: expected one of north, south, got 'west'"):
        network.inputs({"user": ["ann"], "item": [10], "shop": ["west"]})


USER, ITEM = "layer 2, StringLookup 'string_lookup'", "layer 5, IntegerLookup 'integer_lookup'"

WRONG_LOOKUPS = {
    "mask": ('"mask_token": null', '"mask_token": ""', f"{USER}: its mask_token is ''"),
    "hash": ('"num_oov_indices": 1', '"num_oov_indices": 3', f"{USER}: it spreads unknown ids over 3 rows by a hash"),
    "counts": ('"output_mode": "int"', '"output_mode": "count"', f"{USER}: its output_mode is 'count'"),
    "back": ('"invert": false', '"invert": true', f"{USER}: its invert is True"),
    "twice": ("[-1, 10, 40, 20, -7]", "[-1, 10, 40, 20, 10]", f"{ITEM}: its vocabulary is no list of"),
    "texts": ("[-1, 10, 40, 20, -7]", '[-1, 10, 40, 20, "a"]', f"{ITEM}: its vocabulary is no list of"),
    "fewer": (
        "[-1, 10, 40, 20, -7]",
        "[-1, 10, 40, 20]",
        "it has 5 rows, and the lookup 'integer_lookup' gives 4 ids",
    ),
    "left out": (
        '["integer_lookup", 0, 0]',
        '["item", 0, 0]',
        "the input 'item' has ids by name, but is taken without a lookup as well",
    ),
    "not kept": ("vocabulary.txt", "other.txt", f"{USER}: its vocabulary is not in the file"),
}


@pytest.mark.parametrize("name", WRONG_LOOKUPS)
def test_lookups_that_no_spec_has(name: str) -> None:
    old, new, message = WRONG_LOOKUPS[name]
    changed = BytesIO()
    with zipfile.ZipFile(LOOKUPS / "model.keras") as archive, zipfile.ZipFile(changed, "w") as out:
        for member in archive.namelist():
            content = archive.read(member)
            if member == "config.json":
                content = content.decode().replace(old, new, 1).encode()
            out.writestr(member.replace(old, new), content)
    with pytest.raises(nngen.SpecError) as caught:
        read_keras(changed.getvalue(), "model.keras")
    assert any(message in found.message for found in caught.value.diagnostics), caught.value
