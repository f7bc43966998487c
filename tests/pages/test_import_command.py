"""``nngen import``: its files and output, and the cases in which it writes nothing."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nngen.bridges.importing import source as model_source
from nngen.bridges.importing.compare import Judgement
from nngen.cli import main
from nngen.common.isolated import isolated
from tests.support.onnx_files import CONSTANTS, model

BODY = "z = Gemm <transB = 1> (x, W, b) y = Tanh(z)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two-layers.onnx"
    path.write_bytes(
        model(BODY, dtype=np.float64, inputs="double[N, 3] x", outputs="double[N, 3] y").SerializeToString()
    )
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def test_a_spec_and_its_parameters(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "models"
    done = run(file, "--out", out)
    assert (done.exit_code, done.stderr) == (0, f"wrote {out}/two_layers.yaml, {out}/two_layers.params.json\n")
    compared, loss = done.stdout.splitlines()
    assert compared.startswith("32 inputs compared with ")
    assert "with ONNX's reference in float64: largest difference " in compared
    assert loss == "loss: squared_error, the usual one for outputs by tanh; `--loss NAME` chooses another one"
    parameters = json.loads((out / "two_layers.params.json").read_text())["parameters"]
    assert parameters == [*CONSTANTS["W"].ravel().tolist(), *CONSTANTS["b"].tolist()]
    built = CliRunner().invoke(
        main,
        ["build", str(out / "two_layers.yaml"), "--params", str(out / "two_layers.params.json"), "--out", str(out)],
    )
    assert built.exit_code == 0, built.output


def test_a_loss_that_does_not_fit(file: Path, tmp_path: Path) -> None:
    done = run(file, "--out", tmp_path, "--loss", "binary_cross_entropy")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "error: in its spec, layers.0.activation: binary_cross_entropy needs outputs from 0 to 1, but those of tanh"
    )


def test_files_of_the_user_are_kept(file: Path, tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    spec.write_text("mine")
    done = run(file, "--out", tmp_path, "--name", "mine")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"error: the file exists already\n  --> {spec}\n  = help: overwrite it with `--force`\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "two-layers.onnx"]
    done = run(file, "--out", tmp_path, "--force", "--name", "mine", "--loss", "log_cosh")
    assert "loss: log_cosh, the one asked for" in done.stdout
    assert spec.read_text().startswith("name: mine\n")
    assert "loss: log_cosh\n" in spec.read_text()


def test_nothing_is_written_where_outputs_differ(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_source.Source, "judge", lambda *_: [Judgement("a test", np.full((32, 3), 0.125))])
    done = run(file, "--out", tmp_path / "models")
    assert (done.exit_code, done.stdout) == (1, "")
    first, second, _ = done.stderr.splitlines()
    assert first == "error: the outputs differ; nothing is written"
    assert second.startswith("32 inputs compared with a test in float64: largest difference ")
    assert second.endswith(", tolerance 1e-06")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("net.pkl", b"", ".pkl files are pickles, which run code as they are read"),
        ("net.pt2", b"", "the archive is damaged or incomplete"),
        ("net.safetensors", b"", "arrays alone do not say how they belong together"),
        ("net.txt", b"", "expected a file with the suffix"),
        ("net.onnx", b"text", "this is no ONNX file: DecodeError"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path / name, "--out", tmp_path)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {message}")
    assert f"--> {tmp_path / name}\n" in f"{done.stderr}\n"


def test_a_missing_file(tmp_path: Path) -> None:
    done = run(tmp_path / "net.onnx")
    assert done.stderr == f"error: this file does not exist\n  --> {tmp_path / 'net.onnx'}\n"


def test_without_onnx(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_source, "find_spec", lambda _: None)
    assert run(file).stderr == (f"error: to read ONNX files, install onnx\n  --> {file}\n  = help: pip install onnx\n")


SLOW = "def read(path) -> str:\n    while True:\n        pass\n"
LARGE = "def read(path) -> str:\n    return str(bytes(10 ** 11))\n"
WRITES = "def read(path) -> str:\n    with open(path + '.new', 'w') as file:\n        file.write('x')\n"
ENDS = "import os\ndef read(path) -> str:\n    os._exit(3)\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SLOW, "reading this file takes more than 1 seconds"),
        (LARGE, "more than 8 GB of memory are needed to read this file"),
        (WRITES, "this file cannot be read: OSError: .*File too large"),
        (ENDS, "the process that reads this file ended with exit code 3"),
    ],
)
def test_the_process_of_a_reader_has_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    from nngen.common.diagnostics import SpecError

    (tmp_path / "reader_under_test.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SpecError, match=message):
        isolated("reader_under_test:read", tmp_path / "net.onnx", gives=str, seconds=1 if source == SLOW else 60)
    assert [path.name for path in tmp_path.glob("*.new") if path.read_text()] == []
