"""Trained networks that a package on PyPI ships: surrogates of benchmark functions, made by skl2onnx."""

from importlib.resources import files
from pathlib import Path

import pytest

import nngen
from nngen.commands.importing import import_file

pytestmark = pytest.mark.oracle

NETWORKS = (
    "decision_tree_classifier gradient_boosting_regressor k_neighbors_classifier k_neighbors_regressor svm_regressor"
).split()
"""Each is named after what it stands for, and is a dense network."""


def model(name: str) -> Path:
    """The path of a model."""
    return Path(str(files("surfaces_surrogates") / "models" / f"{name}.onnx"))


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_agree_with_onnx_runtime(name: str) -> None:
    found = import_file(str(model(name)), None, "", "")
    assert found.right
    assert "with ONNX Runtime in float32: largest difference" in found.lines[0]
    assert set(found.texts) == {".yaml", ".params.json"}


def test_trees_are_refused() -> None:
    with pytest.raises(nngen.SpecError, match=r"TreeEnsembleClassifier.*: this operator is not supported"):
        import_file(str(model("k_neighbors_classifier.validity")), None, "", "")
