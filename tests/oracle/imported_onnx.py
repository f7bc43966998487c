"""Networks of ONNX files, imported: how far they may be from their sources.

The figures of ``docs/bridges.md`` are the bounds.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing import Imported, assemble, load, sample
from nngen.targets import as_module, texts
from tests.support.differences import seen
from tests.support.modules import ROOT
from tests.support.onnx_files import operators

PAGE = (ROOT / "docs" / "bridges.md").read_text("utf-8")

FIGURES = {
    name: (float(runtime), float(exact))
    for name, runtime, exact in re.findall(
        r"^\| ([^|]+?) \|[^|]*\| ([0-9][0-9.e-]*) \| ([0-9][0-9.e-]*) \|$", PAGE, re.M
    )
}
"""The largest differences from ONNX Runtime and from the file in float64, as shares of the largest output or of 1."""


def imported(path: Path, row: str) -> Imported:
    """A file, imported; its differences are at most those of a row of the page."""
    read = load(path)
    made = assemble(read.graph, str(path))
    given = sample(made)
    module = Trained(made)
    for judgement, bound in zip(read.judge(given), FIGURES[row], strict=True):
        assert judgement.outputs is not None, judgement.reason
        expected = np.exp(judgement.outputs) if made.log_outputs else judgement.outputs
        found = module.outputs(given.table if given.numbers is None else given.numbers)
        seen(judgement.by, operators(path), found, expected.reshape(found.shape))
        size = max(1.0, float(np.abs(expected).max()))
        assert np.abs(found - expected.reshape(found.shape)).max() <= bound * size, judgement.by
    return made


class Trained:
    """The module of an imported network, with its parameters."""

    def __init__(self, made: Imported) -> None:
        self.module = as_module(made.spec.name, texts(made.spec, Path(), ["numpy"])["numpy"])
        self.params = self.module.unpack(list(made.parameters))

    def outputs(self, rows: Any) -> Any:
        """The outputs for rows of the data."""
        encode: Callable[[Any], Any] = getattr(self.module, "encode", np.asarray)
        rows = rows.tolist() if hasattr(self.module, "encode") and isinstance(rows, np.ndarray) else rows
        return self.module.forward(self.params, encode(rows))

    def predict(self, rows: Any) -> Any:
        """The answers for rows of the data."""
        return self.module.predict(self.params, rows)
