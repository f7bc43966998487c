"""``nngen export``: its files and refusals."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner

from nngen.bridges.exporting.frameworks import source
from nngen.cli import main
from nngen.mathematics.catalogue import KINDS
from nngen.plan import plan
from tests.support.answering import initial
from tests.support.kinds import EVERY_KIND, network
from tests.support.modules import ROOT, built

XOR = ROOT / "specs" / "xor_mlp.yaml"


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """The initial parameters of ``XOR``."""
    return initial(XOR, tmp_path)


def run(*arguments: object, code: int = 0) -> str:
    """Run a command, and return what is printed."""
    result = CliRunner().invoke(main, list(map(str, ("export", XOR, *arguments))))
    assert result.exit_code == code, result.output
    return result.output


def read(path: Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """The metadata and the arrays of a safetensors file."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            low, high = entry["data_offsets"]
            kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
            arrays[name] = np.frombuffer(content[start + low : start + high], kind).reshape(entry["shape"])
    assert start % 8 == 0
    return header["__metadata__"], arrays


@pytest.mark.parametrize(("option", "dtype"), [((), np.float32), (("--float64",), np.float64)])
def test_parameters_as_safetensors(params: Path, option: tuple[str, ...], dtype: type) -> None:
    module, path = built(XOR, "numpy"), params.with_suffix(".safetensors")
    assert run("--params", params, "--safetensors", path, *option) == f"wrote {path}\n"
    metadata, arrays = read(path)
    assert metadata == {
        "layout": module.LAYOUT,
        "network": "layers.0.activation = sigmoid; layers.1.activation = sigmoid",
    }
    assert tuple(arrays) == module.PARAMETERS
    for found, expected in zip(arrays.values(), module.init(), strict=True):
        np.testing.assert_array_equal(found, expected.astype(dtype), strict=True)


def test_modules_are_written_together(params: Path) -> None:
    paths = [params.with_name(f"xor_{name}.py") for name in ("torch", "keras")]
    run("--params", params, "--torch", paths[0], "--keras", paths[1])
    for path in paths:
        compile(path.read_text("utf-8"), path.name, "exec")


def test_nothing_is_written_if_a_file_exists(params: Path) -> None:
    first, second = params.with_name("xor.safetensors"), params.with_name("xor.py")
    second.write_text("mine")
    output = run("--params", params, "--safetensors", first, "--torch", second, code=2)
    assert output == f"error: the file exists already\n  --> {second}\n  = help: overwrite it with `--force`\n"
    assert (first.exists(), second.read_text("utf-8")) == (False, "mine")
    run("--params", params, "--safetensors", first, "--torch", second, "--force")
    assert second.read_text("utf-8") != "mine"


def test_parameters_that_do_not_fit_into_32_bits(params: Path) -> None:
    saved = json.loads(params.read_text("utf-8"))
    saved["parameters"][0] = 1e39
    params.write_text(json.dumps(saved), "utf-8")
    path = params.with_suffix(".safetensors")
    output = run("--params", params, "--safetensors", path, code=2)
    assert "a parameter of size 1e+39 does not fit into 32 bits" in output
    assert not path.exists()
    run("--params", params, "--safetensors", path, "--float64")


def test_a_missing_package_is_named(params: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    for name in [name for name in sys.modules if name.startswith("nngen.bridges.exporting.onnx")]:
        monkeypatch.delitem(sys.modules, name)
    assert run("--params", params, "--onnx", params.with_suffix(".onnx"), code=2) == (
        "error: this needs the package onnx\n  --> --onnx\n  = help: install it: pip install onnx\n"
    )


def test_wrong_use(params: Path) -> None:
    assert "name a file to write: --onnx, --safetensors, --torch, --keras" in run("--params", params, code=2)
    same = params.with_name("same")
    assert "each file needs its own name" in run("--params", params, "--torch", same, "--keras", same, code=2)


def test_a_kind_of_layer_has_the_formula_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a new one needs no entry here."""
    from nngen.bridges.exporting import frameworks, onnx_model

    spec = network(EVERY_KIND)
    changed = {**KINDS, "ratio": replace(KINDS["ratio"], value="u - 3 * v")}
    for module in (frameworks, onnx_model):
        monkeypatch.setattr(module, "KINDS", changed)
    kinds = [layer.kind for layer in spec.layers]
    assert "ratio" in kinds
    model = onnx.load_from_string(onnx_model.onnx_model(spec, None, [0.0] * plan(spec).size))
    operators = [node.op_type for node in model.graph.node]
    assert ("Div" in operators, operators.count("Sub")) == (False, kinds.count("ratio"))
    for framework in ("torch", "keras"):
        assert source(spec, framework).count(" - 3") == kinds.count("ratio")
