"""Parameters as safetensors: commands write and read them, and refuse what is no such file."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.plan import plan
from nngen.reading import parameter_files, parse, safetensors

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
    planned = plan(parse(SPEC, "net.yaml"))
    values = json.loads((tmp_path / "net.json").read_text())["parameters"]
    assert parameter_files.read(made, planned) == parameter_files.array(made, planned).tolist() == values
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
    assert parameter_files.read(made, planned) == np.array(values, np.float32).tolist()


def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path) -> None:
    planned, path = plan(parse(SPEC, "net.yaml")), tmp_path / "net.safetensors"
    good = safetensors.written(planned, [0.5] * planned.size, "float64")
    length = int.from_bytes(good[:8], "little")
    header, data = json.loads(good[8 : 8 + length]), good[8 + length :]
    first, second = (block.name for block in planned.blocks[:2])

    def refused(content: bytes, words: str) -> None:
        path.write_bytes(content)
        with pytest.raises(SpecError) as caught:
            parameter_files.read(path, planned)
        [found] = caught.value.diagnostics
        assert words in found.message
        assert "\n" not in found.message

    def changed(name: str, **values: object) -> bytes:
        made = {**header, name: {**header.get(name, {}), **values}}
        text = json.dumps(made).encode()
        return len(text).to_bytes(8, "little") + text + data

    def hostile() -> None:
        refused((2**62).to_bytes(8, "little") + good[8:], "expected the parameters of a network")
        refused((length + 10**6).to_bytes(8, "little") + good[8:], "expected the parameters of a network")
        refused(good[:20], "expected the parameters of a network")
        refused(good[:8] + b"{" * length + data, "expected the parameters of a network")
        refused(changed("__metadata__", layout="net W"), "got those of 'net' of another shape")
        refused(changed(first, dtype="I64"), f"{first}: expected an array of F32 or F64, got 'I64'")
        refused(changed(first, dtype=[]), f"{first}: expected an array of F32 or F64")
        refused(changed(first, shape=[10**12, 10**12]), f"{first}: expected the shape")
        refused(changed(first, data_offsets=[0, 2**70]), f"{first}: its bytes are not in the file")
        refused(changed(first, data_offsets=[-16, 0]), f"{first}: its bytes are not in the file")
        refused(changed(first, data_offsets=[True, "a"]), f"{first}: its bytes are not in the file")
        refused(changed(second, data_offsets=header[first]["data_offsets"]), "the arrays do not follow one another")
        refused(changed("more", dtype="F64", shape=[0], data_offsets=[0, 0]), "unexpected array 'more'")
        refused(good + b"\0" * 8, "the arrays do not follow one another")
        refused(good[:-8], "its bytes are not in the file")
        refused(good[:-8] + np.array([np.nan]).tobytes(), "a parameter is infinite or NaN")

    tracemalloc.start()
    try:
        hostile()
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
