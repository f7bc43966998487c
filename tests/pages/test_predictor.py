"""Raw rows in, answers in the words of the data out: ``encode``, ``decode`` and ``predict`` of generated modules."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model import Spec
from nngen.proof.reference import Encoder, Network
from nngen.targets import as_module, texts
from tests.support.predictors import COLUMNS, ROWS, TARGETS, classes, numbers, page, table

KINDS = ["weights", "layers", "numpy"]


class Batched:
    """A module of NumPy, asked for one row at a time."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def encode(self, row: Any) -> Any:
        """The inputs of one row."""
        return self._module.encode([row])[0]

    def predict(self, params: Any, row: Any) -> Any:
        """The answer for one row."""
        return self._module.predict(params, [row])[0]

    def predict_proba(self, params: Any, row: Any) -> Any:
        """The probability of each class for one row."""
        return dict(zip(self.CLASSES, self._module.predict_proba(params, [row])[0], strict=True))


def module(spec: Spec, kind: str) -> Any:
    """The module of a spec, with constants measured on ``ROWS``."""
    if kind == "numpy":
        return Batched(as_module(spec.name, page(spec, "numpy")))
    return as_module(spec.name, page(spec, "python", kind))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_encoded_as_by_the_reference(kind: str) -> None:
    spec = classes(3)
    made, encoder = module(spec, kind), Encoder(spec, table())
    expected = encoder.encode(table())
    assert tuple(COLUMNS) == made.COLUMNS
    assert np.array(list(map(made.encode, ROWS))) == pytest.approx(expected, rel=1e-15, abs=1e-15)
    mappings = [{"extra": 1, **dict(zip(COLUMNS, row, strict=True))} for row in ROWS]
    assert np.array_equal(list(map(made.encode, mappings)), list(map(made.encode, ROWS)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_answer_is_the_class_of_the_reference(kind: str, outputs: int) -> None:
    spec = classes(outputs)
    made, network = module(spec, kind), Network(spec)
    params = network.init(5)
    activations = network.forward(params, Encoder(spec, table()).encode(table()))
    shares = np.column_stack([1.0 - activations, activations]) if outputs == 1 else activations
    flat = [float(value) for block in params for value in block.ravel()]
    for row, expected in zip(ROWS, shares, strict=True):
        found = made.predict_proba(made.unpack(flat), row)
        assert list(found) == list(made.CLASSES) == ["in need", "fine", "rich"][: len(expected)]
        assert list(found.values()) == pytest.approx(expected, abs=1e-12)
        assert made.predict(made.unpack(flat), row) == made.CLASSES[int(np.argmax(expected))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outputs", [1, 2])
def test_numbers_come_back_in_the_units_of_the_data(kind: str, outputs: int) -> None:
    spec = numbers(outputs)
    made, network = module(spec, kind), Network(spec)
    params = network.init(5)
    targets = np.tile(np.array(TARGETS)[:, None], outputs)
    encoder = Encoder(spec, table(), targets)
    expected = encoder.answers(network.forward(params, encoder.encode(table())))
    flat = [float(value) for block in params for value in block.ravel()]
    found = [made.predict(made.unpack(flat), row) for row in ROWS]
    assert np.reshape(found, (-1, outputs)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("target", ["python", "numpy", "javascript", "c"])
def test_columns_make_a_predictor_also_without_data(target: str) -> None:
    described = classes(3).model_dump(by_alias=True, exclude_unset=True)
    columns = [{"name": "kind", "categories": ["a", "b"], "unknown": "zeros"}, {"name": "size", "missing": 2.0}]
    spec = Spec.model_validate({**described, "inputs": columns, "data": None, "targets": [target]})
    text = texts(spec, Path(), [target])[target]
    if target in ("python", "numpy"):
        made = as_module(spec.name, text)
        rows: list[Any] = [{"kind": "b", "size": None}, {"kind": "c", "size": 3.5}]
        found = made.encode(rows).tolist() if target == "numpy" else [made.encode(row) for row in rows]
        assert found == [[0.0, 1.0, 2.0], [0.0, 0.0, 3.5]]
        assert set(made.CLASSES) == set(spec.layers[-1].unit_names)
    else:
        assert re.search(r"(?:\b|_)predict\b", text)
        assert re.search(r"(?:\b|_)encode\b", text)


def test_plain_inputs_or_constants_to_measure_make_none_without_data() -> None:
    described = classes(3).model_dump(by_alias=True, exclude_unset=True)
    for columns in (["a", "b"], ["a", {"name": "b", "missing": "mean"}]):
        spec = Spec.model_validate({**described, "inputs": columns, "data": None})
        assert not hasattr(as_module(spec.name, texts(spec, Path(), ["python"])["python"]), "encode")


BAD = [
    ([1.0], "expected a value for each of the 5 COLUMNS, got [1.0]"),
    ("abcde", "expected a value for each of the 5 COLUMNS, got 'abcde'"),
    (None, "expected a value for each of the 5 COLUMNS, got None"),
    (2.5, "expected a value for each of the 5 COLUMNS, got 2.5"),
    (Ellipsis, "expected a value for each of the 5 COLUMNS, got Ellipsis"),
    (["1,5", 1, "rent", 3, 1], "income: expected a number up to 1e+100, got '1,5'"),
    ([None, 1, "rent", 3, 1], "income: the value is missing"),
    ([math.inf, 1, "rent", 3, 1], "income: expected a number up to 1e+100, got inf"),
    ([10**400, 1, "rent", 3, 1], f"income: expected a number up to 1e+100, got {str(10**400)[:80]}"),
    ([1j, 1, "rent", 3, 1], "income: expected a number up to 1e+100, got 1j"),
    ([1, 1, "rent", 4, 1], "rooms: expected one of 1, 2, 3, got 4"),
    ([1, 1, "rent", None, 1], "rooms: the value is missing"),
    ({"income": 1}, "missing: years employed, housing, rooms, debt"),
]


@pytest.mark.parametrize("rows", [None, 5, Ellipsis])
def test_what_is_no_table_is_refused(rows: Any) -> None:
    made: Any = as_module("loans", page(classes(3), "numpy"))
    with pytest.raises(ValueError, match=f"expected rows of the data, got {rows!r}$"):
        made.encode(rows)


@pytest.mark.parametrize(("row", "message"), BAD)
@pytest.mark.parametrize("kind", KINDS)
def test_bad_rows_are_refused_with_their_column(kind: str, row: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        module(classes(3), kind).encode(row)
