"""The program of a user, by mypy and pyright in their strict modes: its types are right, and mistakes are found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle.node import node
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

PROGRAM = '''\
"""What a program of a user says of nngen, with the types that it expects."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import nngen

rows: list[dict[str, object]] = [{"size": k, "kind": "ab"[k % 2], "y": k % 3 > 0} for k in range(60)]


def halfway(epoch: int, epochs: int, losses: tuple[float, ...]) -> bool:
    return epoch * 2 >= epochs or losses[0] < 0.01


network: nngen.Network = nngen.init(rows, "y", task="classes")
notes: tuple[str, ...] = network.notes
result: nngen.Result = nngen.train(network, settings={"training.epochs": 4}, callback=halfway, progress=False)
history: Sequence[float] = result.history
loss: float = result.scores["training"].loss
by_folds: nngen.Runs = nngen.train(network, folds=3, seeds=2, epochs=2, progress=False)
error: float = by_folds.error["loss"]
found: nngen.Search = nngen.train(network, search={"layers.0.units": [4, 8]}, folds=3, epochs=2)
settings: Mapping[str, object] = found.trials[0].settings
answer: dict[str, object] = nngen.predict(result, {"size": 3, "kind": "a"})[0]
judged: nngen.Evaluation = nngen.evaluate(result, rows)
accuracy: float = judged.metrics["accuracy"]
integers: nngen.Comparison = nngen.evaluate(result, rows, dtype="int8")
module: nngen.Module = nngen.build(result, "c", contents=["prediction"])
text: str = module.files["table.h"]
saved: Path = result.save("table.json", overwrite=True)
page: nngen.Page = nngen.explain(result, language="ko", parts=["picture"])
sheet: str = nngen.trace(network, x={"size": 1, "kind": "b"}, y="True", form="latex")
again: nngen.Result = nngen.import_("net.onnx")
header: nngen.Module = nngen.import_("net.tflite", dtype="int8")
file: Path = nngen.export(result, "net.onnx", "onnx")
right: bool = nngen.verify(Path("table.py")).right
try:
    nngen.load({"name": "x"})
except nngen.SpecError as mistake:
    place: tuple[str, int | None] = mistake.path, mistake.line
'''

MISTAKES = """\
import nngen

nngen.build("net.yaml", "cpp")  # error
nngen.train("net.yaml", epochs="many")  # error
nngen.train("net.yaml", folds=3, report="page.html")  # error
nngen.train("net.yaml", folds=3).params  # error
nngen.predict("net.yaml", intervall=True)  # error
nngen.export("net.yaml", "net.onnx", "onx")  # error
nngen.import_("net.tflite", dtype="int4")  # error
nngen.evaluate("net.yaml").saturated  # error
nngen.explain("net.yaml", language="de")  # error
nngen.load(3)  # error
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both programs."""
    place = tmp_path_factory.mktemp("typed")
    (place / "program.py").write_text(PROGRAM, "utf-8")
    (place / "mistakes.py").write_text(MISTAKES, "utf-8")
    return place


EXPECTED = {("mistakes.py", number) for number, line in enumerate(MISTAKES.splitlines(), 1) if "# error" in line}


def test_mypy(folder: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ".cache", "--output", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert {(one["file"], one["line"]) for one in found if one["severity"] == "error"} == EXPECTED, done.stdout


def test_pyright(folder: Path) -> None:
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": [str(ROOT)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    program = ROOT / "tests" / "oracle" / "node_modules" / "pyright" / "index.js"
    done = node(str(program), "--pythonpath", sys.executable, "--outputjson", ".", cwd=folder)
    found = json.loads(done.stdout)["generalDiagnostics"]
    places = {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in found if one["severity"] == "error"
    }
    assert places == EXPECTED, done.stdout
