"""``nngen.export`` and ``nngen.import_`` are the commands, and what they write and read is judged by other tools."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter
from click.testing import CliRunner

import nngen
from nngen.bridges.importing.tflite.judge import integers
from nngen.cli import main
from nngen.targets import as_module
from tests.support.modules import ROOT
from tests.support.tflite_files import flattened
from tests.support.tflite_integers import network

pytestmark = pytest.mark.oracle

XOR, PENGUINS = ROOT / "specs" / "xor_mlp.yaml", ROOT / "specs" / "penguins.yaml"


def run(*arguments: object) -> None:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those within."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_onnx(tmp_path: Path) -> None:
    result = nngen.train(XOR, epochs=3, progress=False)
    run("export", XOR, "--params", result.save(tmp_path / "xor.json"), "--onnx", tmp_path / "theirs.onnx")
    ours = nngen.export(result, tmp_path / "ours.onnx")
    assert ours.read_bytes() == (tmp_path / "theirs.onnx").read_bytes()
    module, x = result.module(), np.array([[0.0, 1.0], [1.0, 1.0], [0.3, -2.0]])
    session = onnxruntime.InferenceSession(ours)
    (found,) = session.run(None, {session.get_inputs()[0].name: x.astype(np.float32)})
    np.testing.assert_allclose(found, module.forward(module.TRAINED, x), atol=1e-6)
    wide = nngen.export(result, tmp_path / "wide.onnx", dtype="float64")
    again = nngen.import_(wide, name="again")
    assert again.network.name == "again"
    back = again.module()
    np.testing.assert_array_equal(back.forward(back.TRAINED, x), module.forward(module.TRAINED, x))


def test_tflite(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(flattened("RELU"))
    run("import", path, "--out", tmp_path)
    result = nngen.import_(path)
    assert str(result.network) == (tmp_path / "net.yaml").read_text("utf-8")
    assert result.save(tmp_path / "ours.json").read_bytes() == (tmp_path / "net.params.json").read_bytes()
    judge = Interpreter(model_path=str(path))
    judge.allocate_tensors()
    (given,), (answered,) = judge.get_input_details(), judge.get_output_details()
    x = np.random.default_rng(1).normal(size=given["shape"]).astype(np.float32)
    judge.set_tensor(given["index"], x)
    judge.invoke()
    module = result.module()
    found = module.forward(module.TRAINED, x.reshape(1, -1))
    np.testing.assert_allclose(found, judge.get_tensor(answered["index"]).reshape(1, -1), atol=1e-5)


def test_tflite_in_integers(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(network(1))
    run("import", path, "--dtype", "int8", "--out", tmp_path / "theirs")
    made = nngen.import_(path, dtype="int8")
    made.save(tmp_path / "ours")
    assert files(tmp_path / "ours") == files(tmp_path / "theirs")
    module = as_module("net", made.files["net.py"])
    details = Interpreter(model_path=str(path))
    (given,), (answered,) = details.get_input_details(), details.get_output_details()
    rows = np.random.default_rng(1).integers(-128, 128, (50, given["shape"][-1])).tolist()
    judged = integers(str(path), given["quantization"], answered["quantization"], rows)
    assert [module.forward(row) for row in rows] == judged


def test_arduino(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nngen.Caution)
        result: Any = nngen.train(PENGUINS, epochs=40, progress=False)
    params = result.save(tmp_path / "penguins.json")
    run("export", PENGUINS, "--params", params, "--arduino", tmp_path / "theirs" / "Penguins")
    nngen.export(result, tmp_path / "ours" / "Penguins", "arduino")
    assert files(tmp_path / "ours") == files(tmp_path / "theirs")
    (header,) = (tmp_path / "ours").rglob("penguins.h")
    assert header.read_text("utf-8") == nngen.build(result, "c", dtype="int8").text
