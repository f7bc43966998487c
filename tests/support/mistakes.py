"""Readers of model files that make a mistake, which the comparison with the source has to find."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nngen.bridges.importing import source
from nngen.bridges.importing.graph import Activate, Dense, Graph, Scale
from nngen.cli import main


def transposed(node: Any) -> Any:
    square = isinstance(node, Dense) and node.weights[0].shape[0] == node.weights[0].shape[1]
    return replace(node, weights=(node.weights[0].T,)) if square else node


def swapped_bias(node: Any) -> Any:
    return replace(node, bias=node.bias[::-1]) if isinstance(node, Dense) and node.bias is not None else node


def another_activation(node: Any) -> Any:
    return replace(node, activation="softsign") if isinstance(node, Activate) and node.activation == "tanh" else node


def swapped_scale(node: Any) -> Any:
    return replace(node, divide=node.divide[::-1]) if isinstance(node, Scale) else node


MISTAKES: Sequence[Callable[[Any], Any]] = (transposed, swapped_bias, another_activation)


def imported(path: Path, mistake: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> Result:
    """The import of a file in this process, by a reader that makes a mistake with each node."""

    def call(function: str, path: Path, *arguments: Any, gives: Any) -> Any:
        module, _, name = function.partition(":")
        found = getattr(import_module(module), name)(str(path), *arguments)
        return replace(found, nodes=tuple(map(mistake, found.nodes))) if isinstance(found, Graph) else found

    monkeypatch.setattr(source, "isolated", call)
    return CliRunner().invoke(main, ["import", str(path), "--out", str(path.parent / "models")])


def found(path: Path, mistakes: Sequence[Callable[[Any], Any]], by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that an import without a mistake is right, and that each mistake is found."""
    done = imported(path, lambda node: node, monkeypatch)
    assert done.exit_code == 0, done.output
    assert f"with {by} in " in done.stdout.splitlines()[0]
    assert (path.parent / "models").is_dir()
    for mistake in mistakes:
        done = imported(path, mistake, monkeypatch)
        assert (done.exit_code, done.stdout) == (1, ""), mistake
        assert done.stderr.startswith("error: the outputs differ; nothing is written\n32 inputs compared with ")
