"""The outputs of ``.keras``, ``.h5`` and ``.skops`` files by a second reading in float64, in a process of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from nngen.bridges.importing.compare import JUDGEMENTS, Judgement, Table
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.keras import float64 as keras_float64
from nngen.bridges.importing.model_files import MAX_FILE
from nngen.bridges.importing.sklearn import float64 as sklearn_float64
from nngen.bridges.importing.sklearn import skops
from nngen.common import files
from nngen.common.files import refused


def _skops(content: bytes, where: str, table: Table) -> Array:
    return sklearn_float64.outputs(skops.fitted(content, where), table)


EVALUATORS: Mapping[str, Callable[[bytes, str, Table], Array]] = {
    ".keras": keras_float64.of_keras,
    ".h5": keras_float64.of_h5,
    ".hdf5": keras_float64.of_h5,
    ".skops": _skops,
}


def judge(path: str, table: Table) -> bytes:
    """The outputs of a file, as a list of ``Judgement`` in JSON.

    Args:
        path: the file; the reader has accepted it.
        table: the values of each column of the inputs, by the name in the file; None is a missing value.

    Raises:
        SpecError: this reading finds something else than the reader.
    """
    evaluate = EVALUATORS[Path(path).suffix.lower()]
    try:
        with np.errstate(all="ignore"):
            found = evaluate(files.read(Path(path), MAX_FILE), path, table)
    except (LookupError, ValueError, TypeError, AttributeError):  # it is written for files that the reader accepts
        message = "a second reading, for the comparison, fails: the file is damaged, or nngen does not read it rightly"
        raise refused(path, message) from None
    return JUDGEMENTS.dump_json([Judgement("a float64 reading of the file", found)])
