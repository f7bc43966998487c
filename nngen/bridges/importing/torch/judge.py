"""The outputs of a module of PyTorch, by itself."""

import inspect
import math
import sys
from collections.abc import Sequence
from typing import Any

from nngen.bridges.importing.compare import Values
from nngen.description.model import numbered


def outputs(module: Any, example: Any, names: Sequence[str], columns: Values) -> Any:
    """The outputs of a module in evaluation mode.

    Args:
        module: as in ``graph``.
        example: as in ``graph``.
        names: the columns that the network takes, by their names in the module.
        columns: their values.
    """
    torch = sys.modules["torch"]
    examples = tuple(example) if isinstance(example, list | tuple) else (example,)
    taken = dict(zip(names, columns, strict=True))
    given = [*inspect.signature(module.forward).parameters.values()]
    titles = [one.name for one in given if one.kind is not one.VAR_POSITIONAL]
    titles += [f"{given[-1].name}_{number}" for number in range(len(examples) - len(titles))]
    tensors = []
    for title, one in zip(titles, examples, strict=False):
        width = math.prod(one.shape[1:])
        wanted = (title,) if width == 1 else numbered(title, width)
        rows = [taken[name] for name in wanted] if len(examples) > 1 else columns
        tensors.append(torch.tensor(rows, dtype=torch.float64).T.reshape(-1, *one.shape[1:]).to(one.device, one.dtype))
    training = [part for part in module.modules() if part.training]
    try:
        with torch.no_grad():
            return module.eval()(*tensors).cpu().to(torch.float64).reshape(len(columns[0]), -1).numpy()
    finally:
        for part in training:
            part.training = True
