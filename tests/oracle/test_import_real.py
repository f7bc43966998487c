"""Trained networks that a package on PyPI ships: they are imported exactly, or refused by what no spec has.

The wheel of openwakeword 0.4.0 has nine ONNX files, of which four are dense. It is downloaded once, never committed.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nngen.diagnostics import SpecError
from nngen.importing import assemble, compare, load, sample
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

PACKAGE = "openwakeword==0.4.0"
FOLDER = ROOT / "build" / "networks"

DENSE = {
    "alexa_v0.1": ["relu", "relu", "sigmoid"],
    "hey_marvin_v0.1": ["relu", "relu", "sigmoid"],
    "timer_v0.1": ["relu", "relu", "relu", "softmax"],
    "weather_v0.1": ["relu", "relu", "sigmoid"],
}
"""The activations of the dense networks."""

REFUSED = {
    "embedding_model": "Conv): this operator is not supported",
    "hey_jarvis_v0.1": "If): this operator is not supported",
    "hey_mycroft_v0.1": "LSTM): this operator is not supported",
    "melspectrogram": "Conv): this operator is not supported",
    "silero_vad": "If): this operator is not supported",
}
"""Part of a message about each of the others."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the ONNX files."""
    if not [*FOLDER.glob("*.whl")]:
        run = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), PACKAGE]
        subprocess.run(run, check=True)
    (wheel,) = FOLDER.glob("*.whl")
    place = tmp_path_factory.mktemp("networks")
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if member.endswith(".onnx"):
                (place / Path(member).name).write_bytes(archive.read(member))
    return place


@pytest.mark.parametrize("name", DENSE)
def test_a_dense_network(folder: Path, name: str) -> None:
    read = load(folder / f"{name}.onnx")
    made = assemble(read.graph, name)
    assert [layer.activation.name for layer in made.spec.layers] == DENSE[name]
    assert len(made.parameters) > 100_000
    given = sample(made)
    judgements = read.judge(given)
    assert {judgement.by for judgement in judgements} == {"ONNX Runtime", "a float64 reading of the file"}
    assert np.ptp(np.asarray(judgements[-1].outputs)) > 1e-6  # the inputs make a difference
    compared = compare(made, given, judgements)
    assert compared.right, compared.text


@pytest.mark.parametrize("name", REFUSED)
def test_another_network(folder: Path, name: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(folder / f"{name}.onnx")
    assert any(found.message.endswith(REFUSED[name]) for found in caught.value.diagnostics), str(caught.value)[:2000]
