"""ONNX files with ids: embeddings, what takes them, and the refusals."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from nngen.common.diagnostics import SpecError
from tests.support.onnx_files import RNG, imported, lines, model, network

TABLES = {
    "P": RNG.standard_normal((7, 3)),
    "Q": RNG.standard_normal((5, 3)),
    "B": RNG.standard_normal(7),
    "T": RNG.standard_normal((5, 2)),
}
"""A row for each of 7 users or 5 items."""

USER_ITEM = "int64[N] user, int64[N] item"
BOTH = "p = Gather(P, user) q = Gather(Q, item) "
ENCODER = 'r = ai.onnx.ml.LabelEncoder <keys_strings = ["b", "a", "c", "d", "e"], values_int64s = [1, 0, 2, 3, 4]'


def with_tables(body: str, inputs: str, outputs: str = "float[N, 3] y", dtype: type = np.float32) -> onnx.ModelProto:
    """A model with the matrices that it uses."""
    made = model(body, inputs=inputs, outputs=outputs, dtype=dtype)
    used = {name for node in made.graph.node for name in node.input}
    for name, array in TABLES.items():
        if name in used:
            made.graph.initializer.append(onnx.numpy_helper.from_array(array.astype(dtype), name))
    return made


IDS = {
    "product": (BOTH + "y = Mul(p, q)", USER_ITEM, ["kind: product"]),
    "ratio": (BOTH + "h = Exp(q) y = Div(p, h)", USER_ITEM, ["kind: ratio"]),
    "maximum": (BOTH + "y = Max(p, q)", USER_ITEM, ["kind: maximum"]),
    "the greatest of three": (
        BOTH + "s = Mul(p, q) y = Max(p, q, s)",
        USER_ITEM,
        ["kind: product", "kind: maximum", "kind: maximum"],
    ),
    "a weighted sum and an embedding": (BOTH + "h = MatMul(p, W) y = Add(h, q)", USER_ITEM, ["kind: add"]),
    "three sources and a bias": (
        BOTH + "s1 = Mul(p, q) y = Sum(p, q, s1, b)",
        USER_ITEM,
        ["kind: product", "kind: add"],
    ),
    "dot": (
        BOTH + "a = Constant <value_ints = [1]> () s1 = Mul(p, q) y = ReduceSum <keepdims = 0> (s1, a)",
        USER_ITEM,
        ["kind: dot"],
    ),
    "a row by a column": (
        BOTH + "a = Constant <value_ints = [1]> () k = Constant <value_ints = [2]> () "
        "s = Unsqueeze(p, a) t = Unsqueeze(q, k) y = MatMul(s, t)",
        USER_ITEM,
        ["kind: dot"],
    ),
    "Einsum": (BOTH + 'y = Einsum <equation = "bk,bk->b"> (p, q)', USER_ITEM, ["kind: dot"]),
    "a number for each": ("k = Gather(B, user) y = Exp(k)", "int64[N] user", []),
    "columns side by side": (
        "s = Constant <value_int = 0> () t = Constant <value_int = 1> () user = Gather <axis = 1> (x, s) "
        "item = Gather <axis = 1> (x, t) " + BOTH + "y = Mul(p, q)",
        "int32[N, 2] x",
        ["kind: product"],
    ),
    "names": (ENCODER + ", default_int64 = 5> (name) y = Gather(Q, r)", "string[N] name", []),
    "names, and a row for others": (
        ENCODER.replace(', "e"', "").replace(", 4]", "]") + "> (name) y = Gather(Q, r)",
        "string[N] name",
        [],
    ),
}
"""Graphs with ids, and the kinds of their layers beside embeddings."""


@pytest.mark.parametrize("name", IDS)
def test_ids(tmp_path: Path, name: str) -> None:
    body, inputs, kinds = IDS[name]
    found = imported(tmp_path / "net.onnx", with_tables(body, inputs))
    assert [line for line in lines(found.text, "kind: ") if "embedding" not in line] == kinds
    assert lines(found.text, "unknown: row") == lines(found.text, "unknown")
    assert ("for others" in name) == ("unknown: row" in found.text)


def test_rows_that_are_selected_twice_are_one_layer(tmp_path: Path) -> None:
    body = BOTH + "k = Gather(P, user) s1 = Mul(p, q) y = Add(s1, k)"
    found = imported(tmp_path / "net.onnx", with_tables(body, USER_ITEM))
    assert len(lines(found.text, "kind: embedding")) == 2


REFUSED_IDS = {
    "numbers": (
        "y = Gather(P, x)",
        "float[N] x",
        "node 1 (Gather): it selects rows by several columns, or by numbers that are not whole",
    ),
    "several columns": (
        "y = Gather(P, x)",
        "int64[N, 2] x",
        "node 1 (Gather): it selects rows by several columns, or by numbers that are not whole",
    ),
    "a truncated number": (
        "user = Cast <to = 7> (x) y = Gather(P, user)",
        "float[N] x",
        "node 1 (Cast): it makes other numbers of float32 or float64",
    ),
    "a constant row that is not there": ("k = Constant <value_int = 7> () y = Gather(P, k)", "float[N] x", "Gather"),
    "columns of the matrix": (
        "y = Gather <axis = 1> (P, user)",
        "int64[N] user",
        "node 1 (Gather): expected that it selects rows of a matrix of numbers",
    ),
    "other ids would be the last one": (
        ENCODER + "> (name) y = Gather(Q, r)",
        "string[N] name",
        "node 2 (Gather): it has 5 rows for 5 ids, and other ids would select one of them",
    ),
    "fewer ids than rows": (
        ENCODER + ", default_int64 = 5> (name) y = Gather(P, r)",
        "string[N] name",
        "node 2 (Gather): it has 7 rows for 5 ids, and other ids would select one of them",
    ),
    "rows with gaps": (
        ENCODER.replace("3, 4]", "3, 5]") + "> (name) y = Gather(Q, r)",
        "string[N] name",
        "node 1 (ai.onnx.ml.LabelEncoder): expected that it gives each id of a column a row, from 0",
    ),
    "two counts of ids": (
        "p = Gather(P, user) q = Gather(Q, user) y = Mul(p, q)",
        "int64[N] user",
        "node 2 (Gather): the column 'user' has categories or other ids as well",
    ),
    "widths": (
        "p = Gather(P, user) t = Gather(T, item) y = Mul(p, t)",
        USER_ITEM,
        "node 3 (Mul): it combines vectors of different shapes",
    ),
    "ids after numbers": (
        "p = Gather(P, user) y = Add(p, x)",
        "float[N, 3] x, int64[N] user",
        "an input with ids comes after others",
    ),
    "ids as numbers": (
        "p = Gather(P, user) o = Cast <to = 1> (user) k = Exp(o) y = Identity(p) w = Identity(k)",
        "int64[N, 1] user",
        "node 3 (Exp): the column 'user' has ids, but is taken as a number as well",
    ),
}


@pytest.mark.parametrize("name", REFUSED_IDS)
def test_what_no_embedding_can_express(tmp_path: Path, name: str) -> None:
    body, inputs, message = REFUSED_IDS[name]
    outputs = "float[N, 3] y, float[N, 1] w" if " w = " in body else "float[N, 3] y"
    with pytest.raises(SpecError) as caught:
        network(tmp_path / "net.onnx", with_tables(body, inputs, outputs))
    assert message in caught.value.diagnostics[0].message
