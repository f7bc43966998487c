"""Networks of ONNX files, imported: how far they may be from their sources."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing import Imported, assemble, load, sample
from nngen.bridges.importing.compare import difference
from nngen.targets import as_module, texts
from tests.support.differences import seen
from tests.support.onnx_files import operators

BOUNDS = (1e-5, 1e-6)
"""The largest differences from ONNX Runtime in 32 bits and from the reference of ONNX in 64 bits."""


def imported(path: Path) -> Imported:
    """A file, imported; its differences are at most the bounds."""
    read = load(path)
    made = assemble(read.graph, str(path))
    given = sample(made)
    module = Trained(made)
    for judgement, bound in zip(read.judge(made, given), BOUNDS, strict=True):
        assert judgement.outputs is not None, judgement.reason
        expected = np.exp(judgement.outputs) if made.log_outputs else judgement.outputs
        found = module.outputs(given.table if given.numbers is None else given.numbers)
        seen(judgement.by, operators(path), found, expected)
        narrow = judgement.dtype == "float32"
        assert difference(found, expected, narrow=narrow) <= bound, (
            judgement.by,
            difference(found, expected, narrow=narrow),
        )
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
