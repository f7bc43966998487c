"""The committed specs, and the modules that they give."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.examples import Examples, read_examples
from nngen.description.model.custom_formulas import losses
from nngen.description.model.spec import Spec
from nngen.reading.source import load
from nngen.targets.modules import as_module, texts

ROOT = Path(__file__).parents[2]
ALL_SPECS = sorted((ROOT / "specs").glob("*.yaml"))
SPECS = [path for path in ALL_SPECS if "ids:" not in path.read_text("utf-8")]
"""The committed specs whose inputs are any numbers; ids are whole numbers, and ``test_kinds.py`` tries them."""

TARGETS = ("python", "numpy")


@cache
def spec(path: Path) -> Spec:
    """The spec of a file, read once."""
    return load(path)


@cache
def whole(path: Path, target: str) -> str:
    """The text of the module of a spec for a target, with all parts."""
    return texts(spec(path), path.parent, [target])[target]


@cache
def built(path: Path, target: str) -> Any:
    """The module of a spec for a target, built afresh."""
    return as_module(spec(path).name, whole(path, target))


class Lists(NamedTuple):
    """Examples as lists, as the pages of Python take them."""

    train_x: list[list[float]]
    train_y: list[list[float]]
    test_x: list[list[float]]
    test_y: list[list[float]]


def lists(data: Examples) -> Lists:
    """The examples as lists."""
    return Lists(*(part.tolist() for part in (data.train_x, data.train_y, data.test_x, data.test_y)))


@cache
def examples_of(path: Path) -> Lists:
    """The examples of a spec's file, read once."""
    return lists(read_examples(spec(path), path.parent))


def targets(spec: Spec, count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Random targets that the loss of a network takes, as rows."""
    outputs = len(spec.layers[-1].unit_names)
    loss = losses(spec.losses)[spec.loss.name].over(spec.layers[-1].activation.name)
    match loss.target_kind:
        case "signed":
            return np.asarray(2 * random.integers(2, size=(count, outputs)) - 1, np.float64)
        case "zero_one":
            return np.asarray(random.integers(2, size=(count, outputs)), np.float64)
        case "one_hot":
            return np.eye(outputs)[random.integers(outputs, size=count)]
        case "share":
            return random.dirichlet(np.ones(outputs), count)
    return random.uniform(size=(count, outputs))


def named(name: str) -> Path:
    """A committed spec by its name, from the folder of specs or that of recommenders."""
    path = ROOT / "specs" / f"{name}.yaml"
    return path if path.exists() else path.parent / "recommend" / path.name
