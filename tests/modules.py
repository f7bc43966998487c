"""The committed specs, and the modules that they give."""

from functools import cache
from pathlib import Path
from typing import Any

from nngen.build import texts
from nngen.source import load
from nngen.spec import Spec
from nngen.train import as_module

ROOT = Path(__file__).parent.parent
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
TARGETS = ("python", "numpy")


@cache
def spec(path: Path) -> Spec:
    """The spec of a file, read once."""
    return load(path)


@cache
def built(path: Path, target: str) -> Any:
    """The module of a spec for a target, built afresh."""
    loaded = spec(path)
    return as_module(loaded.name, texts(loaded, path.parent, [target])[target])


def named(name: str) -> Path:
    """A committed spec by its name."""
    return ROOT / "specs" / f"{name}.yaml"
