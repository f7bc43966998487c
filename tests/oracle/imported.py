"""Networks that were imported, as modules of NumPy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing import assemble, compare, outputs, sample
from nngen.bridges.importing.checks import HALF
from nngen.bridges.importing.keras import judge as keras_judge
from nngen.bridges.importing.sklearn import judge as sklearn_judge
from nngen.bridges.importing.source import READERS
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.reading import parse
from nngen.targets import as_module, texts
from tests.support.differences import seen


class Imported:
    """The module of an imported network with its parameters."""

    def __init__(self, text: str, flat: list[float]) -> None:
        self.spec: Spec = parse(text, "imported.yaml")
        self.module: Any = as_module(self.spec.name, texts(self.spec, Path(), ["numpy"])["numpy"])
        self.flat = flat
        self.params = self.module.unpack(flat)

    def inputs(self, rows: Any) -> NDArray[np.float64]:
        """The inputs of the network for rows of data."""
        for name in ("encode", "scale"):
            if hasattr(self.module, name):
                return np.asarray(getattr(self.module, name)(rows))
        return np.asarray(rows, np.float64)

    def outputs(self, rows: Any) -> NDArray[np.float64]:
        """The outputs for rows of data, of shape (rows, outputs)."""
        found = np.asarray(self.module.forward(self.params, self.inputs(rows)))
        return found.reshape(len(found), -1)

    def gradient(self, rows: Any, targets: NDArray[np.float64]) -> NDArray[np.float64]:
        """The gradient of the loss in training with respect to all parameters, in the order of the layout."""
        answers = targets[:, 0] if len(self.spec.layers[-1].unit_names) == 1 else targets
        function = getattr(self.module, "batch_gradient", self.module.gradient)  # the first with batch normalization
        gradient = function(self.params, self.inputs(rows), answers)[1]
        return np.array(self.module.pack(gradient))

    @property
    def trained(self) -> NDArray[np.bool_]:
        """Which of the parameters training changes."""
        blocks = plan(self.spec).blocks
        return np.repeat(
            [block.trainable and not block.running_statistic for block in blocks], [b.size for b in blocks]
        )


def read_file(
    path: Path, where: str, parts: Sequence[str] = (), *, judged: bool = True, **options: str
) -> tuple[str, list[float]]:
    """The spec and the parameters of a file, whose outputs are those of its own library.

    Args:
        path: the file.
        where: its name, for messages.
        parts: the layers or estimators in it, see ``tests.support.differences``.
        judged: whether the library can load the file.
        options: the name and the loss of the network.
    """
    made = assemble(READERS[path.suffix](path.read_bytes(), str(path)), where, **options)
    given = sample(made)
    judge = sklearn_judge.judge if path.suffix == ".skops" else keras_judge.judge
    asked = made.spec.layers[-1].activation.name, [*given.table], given.columns
    judgements = judge(str(path), "", *asked)
    compared = compare(made, given, judgements)
    assert (compared.right, compared.judged) == (True, judged), compared.text
    if judged and not made.log_outputs and HALF not in made.graph.notes:
        assert judgements[0].outputs is not None
        seen(judgements[0].by, parts, outputs(made, given), judgements[0].outputs)
    return made.text, list(made.parameters)
