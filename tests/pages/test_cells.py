"""A cell means the same in Python, in NumPy and in tables; ``tests/oracle/test_cells.py`` has the other targets."""

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding, expected_of, inputs
from nngen.description.data.tables import frame_of
from nngen.description.model import Spec
from nngen.proof.reference import Encoder, Network
from nngen.targets import as_module, texts
from tests.support.cells import COLUMNS, OTHERS, ROW, SPEC, TEXTS, TYPED, answer, cases, expected, kind, row

ENCODING = encoding(SPEC, Path())
EXPECTED = [expected_of(column) for column in SPEC.columns]


@cache
def module(target: str) -> Any:
    """The module of the network with all kinds of columns."""
    return as_module(SPEC.name, texts(SPEC, Path(), [target])[target])


def refusal(encode: Callable[[Any], Any], given: Any) -> Any:
    """The inputs, or the kind of the refusal."""
    try:
        return encode(given)
    except ValueError as error:
        return kind(str(error))


def test_python_and_numpy_read_cells_as_the_reference() -> None:
    python, batches = module("python"), module("numpy")
    seen = 0
    for place, cell in cases():
        given, right = row(place, cell), expected(place, cell)
        assert refusal(python.encode, given) == right, given
        assert refusal(lambda given: answer(batches.encode([given])), given) == right, given
        seen += 1
    assert seen > 1_000


@pytest.mark.parametrize("unknown", [{}, {"unknown": "zeros"}])
@pytest.mark.parametrize("filled", [False, True])
def test_columns_without_texts_of_numbers_are_read_as_the_reference(filled: bool, unknown: dict[str, str]) -> None:
    """Their modules have less to read cells with."""
    gap, number = ({"missing": {"category": "Dream"}}, {"missing": 2.5}) if filled else ({}, {})
    inputs = [{"name": "city", "categories": ["Seoul", "Dream"], **gap, **unknown}, {"name": "debt", **number}]
    given = SPEC.model_dump(by_alias=True, include={"name", "loss", "training", "data"})
    layers = [{"name": "output", "units": ["low", "high"], "activation": "softmax"}]
    spec = Spec.model_validate({**given, "inputs": inputs, "layers": layers})
    encoder, made = Encoder(spec, {}), texts(spec, Path(), ["python", "numpy"])
    python, batches = as_module("net", made["python"]), as_module("net", made["numpy"])
    assert not hasattr(python, "_text")
    for cell in [*TEXTS, *TYPED, *OTHERS]:
        for cells in ([cell, 1.5], ["Seoul", cell]):
            columns = {"city": cells[:1], "debt": cells[1:]}
            right = refusal(lambda columns: answer(encoder.encode(columns)), columns)
            assert refusal(python.encode, cells) == right, cells
            assert refusal(lambda cells: answer(batches.encode([cells])), cells) == right, cells


def test_the_row_of_unknown_ids_begins_at_0() -> None:
    network = Network(SPEC)
    params = network.init()
    assert [bool(matrix[-1].any()) for matrix in params[:4]] == [True, False, True, False]
    assert all(matrix[:-1].any() for matrix in params[:4])
    right = [float(value) for block in params for value in block.ravel()]
    for target in ("python", "numpy"):
        made = module(target)
        assert made.pack(made.init()) == right


def in_a_table(content: bytes) -> list[float] | str:
    """The inputs for the row of a table, or "refused"."""
    assert ENCODING is not None
    try:
        return answer(inputs(ENCODING, frame_of(content, "table", EXPECTED, least=1)))
    except SpecError:
        return "refused"


def test_a_table_of_texts_is_read_as_the_reference() -> None:
    for place in range(len(COLUMNS)):
        for cell in [*TEXTS, None]:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([COLUMNS, row(place, cell)])
            right = expected(place, cell)
            assert in_a_table(text.getvalue().encode()) == ("refused" if isinstance(right, str) else right), cell


def test_a_table_with_types_is_read_as_the_reference() -> None:
    for place in range(len(COLUMNS)):
        for cell in [cell for cell in TYPED if type(cell) in (float, bool)]:
            content = io.BytesIO()
            arrays: dict[str, Any] = dict(zip(COLUMNS, ([one] for one in row(place, cell)), strict=True))
            np.savez(content, **arrays)
            right = expected(place, cell)
            assert in_a_table(content.getvalue()) == ("refused" if isinstance(right, str) else right), cell


def test_columns_of_numpy_and_pandas_are_read_as_their_values() -> None:
    import pandas as pd  # here, since it takes half a second to import

    made = module("numpy")
    columns = dict(zip(COLUMNS, ([value, value] for value in ROW), strict=True))
    right = made.encode(columns)
    for name, values in {
        "user": np.array(["Seoul", "Seoul "]),
        "spot": np.array([2, 7], np.int8),
        "debt": np.array([2.5, np.nan], np.float32),
        "city": pd.Series(["Seoul", "Seoul"], dtype="category"),
        "kind": pd.Series([pd.NA, "Dream"], dtype="string"),
    }.items():
        given = {**columns, ("the spot" if name == "spot" else name): values}
        found = made.encode(given)
        assert found.shape == right.shape
        cells = [[column[i] for column in given.values()] for i in range(2)]
        assert found.tolist() == made.encode(cells).tolist()
    dates = {"amount": np.array(["2020-01-01", "2021-01-01"], "datetime64[ns]"), "user": np.array([b"Seoul", b"Seoul"])}
    for name, values in {**dates, "debt": np.array([True, False])}.items():
        with pytest.raises(ValueError, match=f"row 1: {name}: expected "):
            made.encode({**columns, name: values})
