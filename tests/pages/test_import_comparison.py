"""``nngen import`` finds mistakes of its own readers, and says where nothing compared the outputs."""

import sys
from pathlib import Path

import numpy as np
import pytest

from nngen.bridges.importing.compare import difference
from tests.support.mistakes import MISTAKES, found, imported
from tests.support.model_files import keras
from tests.support.onnx_files import model


def test_mistakes_of_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.onnx"
    body = "z = Gemm <transB = 1> (x, W, b) t = Tanh(z) y = Gemm <transB = 1> (t, V, c)"
    path.write_bytes(model(body).SerializeToString())
    found(path, MISTAKES, "ONNX's reference", monkeypatch)


def test_without_the_library_of_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.keras").write_bytes(keras())
    monkeypatch.setitem(sys.modules, "keras", None)
    done = imported(tmp_path / "net.keras", lambda node: node, monkeypatch)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == (
        "nothing compared the outputs with those of the source: Keras is not installed: pip install keras torch"
    )


def test_differences() -> None:
    """Shares of the largest output of a row; rows that the source cannot compute do not count, if they are few."""
    right = np.array([[1.0, 1000.0], [0.5, -1.0], [np.inf, 2.0]])
    assert difference(right + np.array([[1.0], [0.0], [5.0]]), right) == pytest.approx(1e-3)
    assert difference(np.zeros(3), np.zeros((3, 3))) == np.inf
    assert difference(np.array([0.25]), np.array([[0.75, 0.25]])) == 0.0
    assert difference(np.ones(2), np.array([np.nan, np.nan])) == np.inf
    assert not difference(np.array([np.nan, 1.0]), np.ones(2)) <= 1.0
