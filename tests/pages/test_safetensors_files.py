"""Parameters as safetensors: commands write and read them, and refuse what is no such file."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.plan import plan
from nngen.reading import parameter_files, parse, safetensors
from nngen.targets import as_module, texts
from tests.support.modules import ROOT, TARGETS, built, spec
from tests.support.tensors import backwards, hostile

SPECS_FOLDER = ROOT / "specs"

SPEC = """
name: net
inputs: [size]
layers: [{name: hidden, units: 2, activation: tanh}, {name: out, units: [answer], activation: linear}]
loss: {name: squared_error, outputs: sum}
training: {optimizer: {name: gradient_descent, rate: 0.01}, epochs: 3}
data: {rows: [{x: [1], y: [2]}, {x: [2], y: [3]}]}
"""


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_network_is_the_same_in_both_files(tmp_path: Path) -> None:
    spec, made = tmp_path / "net.yaml", tmp_path / "net.safetensors"
    spec.write_text(SPEC, "utf-8")
    run("train", spec, "--save", tmp_path / "net.json")
    run("train", spec, "--save", made)
    assert (tmp_path / "net.checkpoint").exists()
    assert run("evaluate", spec, "--params", made) == run("evaluate", spec, "--params", tmp_path / "net.json")
    spec_of = parse(SPEC, "net.yaml")
    planned = plan(spec_of)
    values = json.loads((tmp_path / "net.json").read_text())["parameters"]
    stored = parameter_files.stored(made, planned)
    assert stored.of(spec_of, None) == stored.array_of(spec_of, None).tolist() == values
    assert stored.network == json.loads((tmp_path / "net.json").read_text())["network"]
    for target in ("python", "numpy", "c"):
        run("train", spec, "--params", made, "--epochs", 1, "--target", target)
    run("train", spec, "--save", made)  # its own parameters are replaced, others are kept
    other = spec.with_name("other.yaml")
    other.write_text(SPEC.replace("name: net", "name: other"), "utf-8")
    assert "the parameters of 'net'" in run("train", other, "--save", made, code=2)
    assert "this file is not a spec, but has the parameters of 'net'" in run("show", made, code=2)
    run("build", spec, "--params", made, "--out", tmp_path)
    assert "TRAINED = " in (tmp_path / "python/net.py").read_text()
    tensors = safetensors.written(planned, values, "float32")
    made.write_bytes(tensors)
    assert list(parameter_files.stored(made, planned).values) == np.array(values, np.float32).tolist()


MESSAGES = {
    "length": "expected the parameters of a network",
    "end": "expected the parameters of a network",
    "nested": "expected the parameters of a network",
    "layout": "expected the parameters of",
    "type": "W_hidden: expected an array of F32 or F64",
    "shape": "W_hidden: expected the shape",
    "place": "W_hidden: its bytes are not in the file",
    "entry": "W_hidden: expected an array of F32 or F64, got nothing",
    "order": "the arrays do not follow one another",
    "more": "unexpected array 'more'",
    "longer": "the arrays do not follow one another",
    "shorter": "its bytes are not in the file",
    "NaN": "a parameter is infinite or NaN",
    "infinite": "a parameter is infinite or NaN",
}


def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path) -> None:
    planned, path = plan(parse(SPEC, "net.yaml")), tmp_path / "net.safetensors"
    tracemalloc.start()
    try:
        for word, content in hostile(planned):
            path.write_bytes(content)
            with pytest.raises(SpecError) as caught:
                parameter_files.stored(path, planned)
            [found] = caught.value.diagnostics
            assert MESSAGES[word] in found.message
            assert "\n" not in found.message
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    path.write_bytes(backwards(safetensors.written(planned, range(planned.size), "float64")))
    assert list(parameter_files.stored(path, planned).values) == [*range(planned.size)]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["xor_mlp", "digits", "recommend/neumf"])
def test_modules_read_what_commands_write(name: str, target: str, tmp_path: Path) -> None:
    path = SPECS_FOLDER / f"{name}.yaml"
    module, planned, file = built(path, target), plan(spec(path), encoding(spec(path), path.parent)), tmp_path / "p"
    values = [float(value) for value in module.pack(module.init(3))]
    file.write_bytes(safetensors.written(planned, values, "float64"))
    assert [*module.pack(module.load(str(file)))] == values
    file.write_bytes(backwards(file.read_bytes()))
    assert [*module.pack(module.load(str(file)))] == values
    file.write_bytes(safetensors.written(planned, values, "float32"))
    assert [*module.pack(module.load(str(file)))] == np.array(values, np.float32).tolist()


@pytest.mark.parametrize("target", TARGETS)
def test_modules_refuse_hostile_files(target: str, tmp_path: Path) -> None:
    module = as_module("net", texts(parse(SPEC, "net.yaml"), tmp_path, [target], contents=["files"])[target])
    file = tmp_path / "net.safetensors"
    tracemalloc.start()
    try:
        for _, content in hostile(plan(parse(SPEC, "net.yaml"))):
            file.write_bytes(content)
            with pytest.raises(ValueError, match=r"\w"):
                module.load(str(file))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("target", ["python", "numpy", "javascript"])
def test_only_modules_with_files_read_them(target: str, tmp_path: Path) -> None:
    net = parse(SPEC, "net.yaml")
    assert "safetensors" in texts(net, tmp_path, [target], contents=["files"])[target]
    for contents in ((), ("training", "prediction", "checks")):
        assert "tensors" not in texts(net, tmp_path, [target], contents=contents)[target].lower()
