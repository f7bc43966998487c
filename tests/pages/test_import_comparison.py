"""``nngen import`` finds mistakes of its own readers: their networks differ from a second reading of the file."""

import ast
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pydantic import TypeAdapter

from nngen.bridges.importing import Activate, Dense, Graph, Scale, model_files, source
from nngen.cli import main
from tests.support.model_files import array, estimator, keras, legacy, node, saved, value, zipped
from tests.support.modules import ROOT

ARRAYS = {
    "mean": [1.0, -2.0],
    "deviation": [2.0, 0.5],
    "first": [[1.0, 2.0], [3.0, 4.0]],
    "bias": [0.5, -0.5],
    "second": [[1.0], [-1.0]],
    "last": [0.25],
}


def listed(*nodes: Any) -> Any:
    """The node of a list."""
    return node("ListNode", [*nodes], "list")


def pipeline() -> bytes:
    """A ``.skops`` file of a scaler and a network with a square matrix."""
    scaler = estimator(
        "StandardScaler",
        with_mean=True,
        with_std=True,
        n_features_in_=2,
        mean_=array("mean"),
        scale_=array("deviation"),
    )
    network = estimator(
        "MLPRegressor",
        activation="tanh",
        out_activation_="identity",
        n_features_in_=2,
        coefs_=listed(array("first"), array("second")),
        intercepts_=listed(array("bias"), array("last")),
    )
    root = estimator("Pipeline", steps=listed(listed(value("scaler"), scaler), listed(value("network"), network)))
    schema = json.dumps({**root, "protocol": 2}).encode()
    return zipped({"schema.json": schema, **{name: saved(numbers) for name, numbers in ARRAYS.items()}})


FILES = {"net.keras": keras(), "net.h5": legacy(), "net.skops": pipeline()}


def transposed(node: Any) -> Any:
    square = isinstance(node, Dense) and node.weights[0].shape == (2, 2)
    return replace(node, weights=(node.weights[0].T,)) if square else node


def swapped_bias(node: Any) -> Any:
    return replace(node, bias=node.bias[::-1]) if isinstance(node, Dense) and node.bias is not None else node


def another_activation(node: Any) -> Any:
    return replace(node, activation="softsign") if isinstance(node, Activate) and node.activation == "tanh" else node


def swapped_scale(node: Any) -> Any:
    return replace(node, divide=node.divide[::-1]) if isinstance(node, Scale) else node


MISTAKES: Sequence[Callable[[Any], Any]] = (transposed, swapped_bias, another_activation)


@pytest.fixture
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers run here, so that a test can change them."""

    def call(function: str, path: Path, *arguments: Any, gives: TypeAdapter[Any]) -> Any:
        module, _, name = function.partition(":")
        return gives.validate_json(getattr(import_module(module), name)(str(path), *arguments))

    monkeypatch.setattr(source, "isolated", call)


def imported(name: str, mistake: Callable[[Any], Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The import of a file by a reader that makes a mistake with each node."""
    suffix = Path(name).suffix
    right = model_files.READERS[suffix]

    def wrong(content: bytes, where: str) -> Graph:
        graph = right(content, where)
        return replace(graph, nodes=tuple(map(mistake, graph.nodes)))

    monkeypatch.setattr(model_files, "READERS", {suffix: wrong})
    (folder / name).write_bytes(FILES[name])
    return CliRunner().invoke(main, ["import", str(folder / name), "--out", str(folder / "models")])


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize("name", FILES)
def test_no_mistake(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = imported(name, lambda node: node, tmp_path, monkeypatch)
    assert done.exit_code == 0, done.output
    assert "32 inputs compared with a float64 reading of the file: largest difference " in done.stdout


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize(("name", "mistake"), [*product(FILES, MISTAKES), ("net.skops", swapped_scale)])
def test_a_mistake_of_a_reader(
    name: str, mistake: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = imported(name, mistake, tmp_path, monkeypatch)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: the outputs differ; nothing is written\n32 inputs compared with a float64")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    "name", ["keras.float64", "keras.formulas", "onnx.float64", "sklearn.float64", "sklearn.transformed"]
)
def test_a_second_reading_shares_nothing_but_the_access_to_files(name: str) -> None:
    shared = "archive graph hdf5 keras.formulas onnx.model sklearn.fitted sklearn.transformed strict_json"
    tree = ast.parse((ROOT / "nngen" / "bridges" / "importing" / f"{name.replace('.', '/')}.py").read_text("utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    found = {module for module in modules if module.startswith("nngen")}
    assert found <= {f"nngen.bridges.importing.{module}" for module in shared.split()}


def test_a_second_reading_that_fails(tmp_path: Path) -> None:
    def rename(file: Any) -> None:
        file["model_weights/dense"].attrs["weight_names"] = ["small/dense/kernel", "small/dense/shift"]

    (tmp_path / "net.h5").write_bytes(legacy(rename))
    done = CliRunner().invoke(main, ["import", str(tmp_path / "net.h5"), "--out", str(tmp_path / "models")])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: a second reading, for the comparison, fails: the file is damaged, or nngen")
    assert not (tmp_path / "models").exists()
