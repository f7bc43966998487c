"""Whole batches in modules that compile their header: arrays of two dimensions in, arrays out."""

from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from tests.oracle.bindings import batch, imported, write
from tests.support.network import described, layer

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("quick_compiler")]

NORMAL = {"normalization": "batch_norm"}
RATE = {"optimizer": {"name": "adam", "rate": 0.01}}
WEIGHED = {"name": "cross_entropy", "example_weights": True, "class_weights": [1.0, 2.0, 0.5]}
PENALTY = {**RATE, "penalty": {"name": "l2", "strength": 0.01}}

NETWORKS: dict[str, tuple[Any, ...]] = {
    "weights": ([layer("h", 3, "tanh"), layer("o", 3, "softmax")], "cross_entropy", "weights", RATE),
    "layers": ([layer("h", 9, "tanh"), layer("o", 3, "softmax")], WEIGHED, "layers", PENALTY),
    "dropped": ([layer("h", 5, "relu", dropout=0.5), layer("o", 3, "softmax")], "cross_entropy", "weights", RATE),
    "dropped layers": ([layer("h", 5, "relu", dropout=0.5), layer("o", 3, "softmax")], "cross_entropy", "layers", RATE),
    "normalized": ([layer("h", 5, "relu", **NORMAL), layer("o", 3, "softmax")], "cross_entropy", "layers", RATE),
}
CASES = [(name, dtype) for name in NETWORKS for dtype in ("float64", "float32")]


def module(name: str, dtype: str, folder: Path) -> Any:
    layers, loss, unroll, training = NETWORKS[name]
    made = described(layers, loss, inputs={"name": "x", "size": 4}, training=training)
    target = {"name": "c", "binding": True, "unroll": unroll, "dtype": dtype}
    return imported(write(Spec.model_validate({**made, "targets": [target]}), folder))


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_a_batch_has_the_numbers_of_its_examples(name: str, dtype: str, tmp_path: Path) -> None:
    net = module(name, dtype, tmp_path)
    params, (xs, ys) = net.init(), batch(37, dtype)
    outputs = net.forward(params, xs)
    assert (outputs.shape, outputs.format) == ((37, 3), "d" if dtype == "float64" else "f")
    assert list(map(tuple, outputs.tolist())) == [net.forward(params, x) for x in xs.tolist()]
    singles = [net.gradient(params, x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    loss, slopes = net.gradient(params, xs, ys)
    near: dict[str, Any] = {
        "rtol": 1e-12 if dtype == "float64" else 1e-4,
        "atol": 1e-14 if dtype == "float64" else 1e-6,
    }
    np.testing.assert_allclose(loss, np.mean([one for one, _ in singles]), **near)
    np.testing.assert_allclose(slopes, np.mean([one for _, one in singles], axis=0), **near)
    assert net.loss(params, xs, ys) == loss


@pytest.mark.parametrize(("name", "dtype"), [case for case in CASES if case[0] != "normalized"])
def test_a_step_of_a_batch_is_that_of_fit(name: str, dtype: str, tmp_path: Path) -> None:
    net = module(name, dtype, tmp_path)
    params, (xs, ys) = net.init(), batch(37, dtype)
    found, state = params[:], net.init_state(params)
    seed = {"seed": 7} if "dropped" in name else {}
    loss, there, left = net.train_step(found, xs, ys, state, **seed)
    assert there is found
    assert left is state
    gradient = net.gradient(params, xs, ys, **seed)
    assert gradient[0] == loss
    assert net.step(params, gradient[1], net.init_state(params)) == (found, state)
    if not seed:
        fitted, history = net.fit(params, xs, ys, 1, None, None)
        np.testing.assert_allclose(history, [loss], rtol=1e-6)
        assert fitted == found


def test_the_seed_of_a_batch_drops_the_units_of_the_first_epoch(tmp_path: Path) -> None:
    net = module("dropped", "float64", tmp_path)
    params, (xs, ys) = net.init(), batch(1)
    found = params[:]
    net.train_step(found, xs, ys, net.init_state(params), seed=7)
    assert net.fit(params, xs, ys, 1, 1, 7)[0] == found


def test_weights_of_a_batch(tmp_path: Path) -> None:
    net = module("layers", "float64", tmp_path)
    params, (xs, ys) = net.init(), batch(6)
    counts = [0.0, 1.0, 2.0, 0.5, 1.0, 3.0]
    found = net.gradient(params, xs, ys, np.array(counts))
    assert found == net.gradient(params, xs, ys, counts)
    weighed = [net.loss(params, *given) for given in zip(xs, ys, counts, strict=True)]
    assert found[0] == pytest.approx(np.mean(weighed), rel=1e-12)
    assert net.loss(params, xs, ys, 1) == net.loss(params, xs, ys) == net.loss(params, xs, ys, [1.0] * 6)
    for wrong, message in (
        ([1.0] * 5, "expected 6 weights, got 5"),
        ([-1.0] * 6, "6 weights of at least 0 and less than 1e18, got 6: "),
        (np.nan, "6 weights of at least 0 and less than 1e18, got 6: nan"),
    ):
        with pytest.raises(ValueError, match=message):
            net.gradient(params, xs, ys, wrong)


ORDERS: dict[str, Callable[[Any], Any]] = {
    "columns first": np.asfortranarray,
    "strided": lambda a: np.repeat(np.repeat(a, 2, 0), 3, 1)[::2, ::3],
    "reversed": lambda a: a[::-1].copy()[::-1],
    "read-only": lambda a: np.frombuffer(a.tobytes(), a.dtype).reshape(a.shape),
    "unaligned": lambda a: np.frombuffer(b"x" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "little-endian": lambda a: a.astype(a.dtype.newbyteorder("<")),
    "memoryview": lambda a: memoryview(a.tobytes()).cast("d", a.shape),
    "array": lambda a: memoryview(array("d", a.ravel().tolist())).cast("B").cast("d", a.shape),
    "masked": np.ma.MaskedArray,
    "float32": lambda a: a.astype("f4"),
    "float16": lambda a: a.astype("f2"),
    "longdouble": lambda a: a.astype("g"),
    **{code: partial(np.ndarray.astype, dtype=code) for code in "bBhHiIlLqQ?"},
}


@pytest.mark.parametrize("order", ORDERS)
def test_arrays_of_any_order_and_format(order: str, iris: Any) -> None:
    xs, ys = batch(5)
    given = ORDERS[order](np.abs(xs) * 9)
    plain = np.array(given.tolist(), float)
    params = iris.init()
    assert iris.forward(params, given).tolist() == iris.forward(params, plain).tolist()
    assert iris.gradient(params, given, ys) == iris.gradient(params, plain, ys)
    assert iris.fit(params, given, ys, 2) == iris.fit(params, plain, ys, 2)
    same = iris.gradient(params, xs, ys)
    if order not in ("float16", "longdouble", *"bBhHiIlLqQ?"):
        assert iris.gradient(params, xs, ORDERS[order](ys)) == same
    assert iris.gradient(params, xs, ys.tolist()) == same


def test_answers_for_rows_of_batch(iris: Any) -> None:
    params, (xs, _) = iris.init(), batch(9)
    rows = xs * 9
    singles = rows.tolist()
    for given in (rows, np.asfortranarray(rows), rows.astype(">f8"), memoryview(rows)):
        assert iris.predict(params, given) == [iris.predict(params, row) for row in singles]
        shares = [list(iris.predict_proba(params, row).values()) for row in singles]
        assert iris.predict_proba(params, given).tolist() == shares
    assert iris.predict(params, rows[:0]) == []
    wrong = rows.copy()
    wrong[3, 1] = np.inf
    with pytest.raises(ValueError, match="sepal_width, row 3: expected a finite number, got inf"):
        iris.predict(params, wrong)
    wrong[2, 0] = np.nan
    with pytest.raises(ValueError, match="sepal_length, row 2: the value is missing"):
        iris.predict_proba(params, wrong)
    for given in (rows[:, 1:], rows.astype(complex), rows.astype(str)):
        with pytest.raises(ValueError, match="expected "):
            iris.predict(params, given)


def test_an_empty_batch(iris: Any) -> None:
    params, (xs, ys) = iris.init(), batch(0)
    assert np.asarray(iris.forward(params, xs)).shape == (0, 3)
    for call in (iris.loss, iris.gradient, iris.fit):
        with pytest.raises(ValueError, match="at least 1"):
            call(params, xs, ys)


def test_what_does_not_fit_is_refused(iris: Any) -> None:
    params, (xs, ys) = iris.init(), batch(5)
    state, before = iris.init_state(params), params[:]
    wrong: list[tuple[Any, Any, str]] = [
        (xs[:, 1:], ys, "expected 4 inputs, got 3"),
        (xs, ys[:, 1:], "expected 3 targets, got 2"),
        (xs, ys[1:], "expected as many xs as ys, got 5 and 4"),
        (xs, ys * np.array([[1], [1], [2], [1], [1]]), "sum to 1 for each example, got others in row 2"),
        (xs, np.where(ys > 0, np.nan, ys), "got others in row 0"),
        (xs.astype(complex), ys, "expected a list of numbers"),
        (xs.astype(str), ys, "expected a list of numbers"),
        (np.ma.MaskedArray(xs, xs > 0), ys, "expected a list of numbers"),
        (xs.astype("datetime64[s]"), ys, "expected a list of numbers|expected 4 inputs"),
    ]
    for x, y, message in wrong:
        for call in (iris.loss, iris.gradient, lambda *given: iris.train_step(*given, state)):
            with pytest.raises(ValueError, match=message):
                call(params, x, y)
    for bad in (params[1:], memoryview(params).toreadonly(), array("f", params), list(params)):
        for call in (iris.forward, lambda *given: iris.train_step(*given, ys, state)):
            with pytest.raises(ValueError, match="expected 67 parameters as this module makes them"):
                call(bad, xs)
    with pytest.raises(ValueError, match="numbers of a state"):
        iris.train_step(params, xs, ys, array("d"))
    assert params == before
