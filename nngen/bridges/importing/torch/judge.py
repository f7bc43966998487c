"""The outputs of a module or an archive of PyTorch, by its own operators."""

import inspect
import math
import operator
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing.compare import Judgement, Values, fed, judgement
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.torch.archive import Node, Tensor, Type, load
from nngen.bridges.importing.torch.functions import FOLDED, FORMS, FUNCTIONS, each
from nngen.bridges.importing.torch.operators import RULES
from nngen.bridges.importing.torch.pairs import SAME_IDS
from nngen.bridges.importing.torch.program import SPLITS
from nngen.common import files


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
    given = [*inspect.signature(module.forward).parameters.values()]
    titles = [one.name for one in given if one.kind is not one.VAR_POSITIONAL]
    titles += [f"{given[-1].name}_{number}" for number in range(len(examples) - len(titles))]
    shapes = {title: tuple(one.shape[1:]) for title, one in zip(titles, examples, strict=False)}
    arrays = zip(fed(shapes, names, columns), examples, strict=True)
    tensors = [torch.tensor(array.astype(np.float64)).to(one.device, one.dtype) for array, one in arrays]
    training = [part for part in module.modules() if part.training]
    try:
        with torch.no_grad():
            return module.eval()(*tensors).cpu().to(torch.float64).reshape(len(columns[0]), -1).numpy()
    finally:
        for part in training:
            part.training = True


KNOWN = RULES.keys() | SPLITS | SAME_IDS
"""The operators of the reader beside those on single numbers."""


def judge(path: str, _value: str, _last: str, names: Sequence[str], columns: Values) -> list[Judgement]:
    """The outputs of an archive.

    PyTorch computes the operators one by one, all of which the reader has accepted. It does not load the archive,
    as it would read pickles.
    """
    exported, _ = load(files.read(Path(path), LIMITS.file), path)
    floats = {value.dtype for value in exported.state_dict.values() if "float" in value.dtype}
    dtype = "float64" if floats == {"float64"} else "float32"
    return [judgement("PyTorch", dtype, lambda: _outputs(exported, names, columns), "torch")]


def _outputs(exported: Any, names: Sequence[str], columns: Values) -> Any:
    """The outputs for all rows, as many at once as the program was exported with."""
    constants = {**exported.graph_signature.inputs_to_parameters, **exported.graph_signature.inputs_to_buffers}
    constants |= exported.graph_signature.inputs_to_lifted_tensor_constants
    inputs = [node for node in exported.graph.nodes if node.op == "placeholder" and node.name not in constants]
    shapes = {node.name: node.meta["val"].shape[1:] for node in inputs}
    given = dict(zip(shapes, (rows.astype(np.float64) for rows in fed(shapes, names, columns)), strict=True))
    count, batch = len(columns[0]), inputs[0].meta["val"].shape[0]
    places = np.arange(count) if batch < 1 else np.resize(np.arange(count), (math.ceil(count / batch), batch))
    found = [_batch(exported, {name: rows[some] for name, rows in given.items()}) for some in np.atleast_2d(places)]
    return np.concatenate(found)[:count].reshape(count, -1)


def _batch(exported: Any, given: dict[str, Any]) -> Any:
    import torch

    signature, values = exported.graph_signature, dict[Any, Any]()
    names = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    names |= signature.inputs_to_lifted_tensor_constants

    def of(value: Any) -> Any:
        value = getattr(torch, value.name) if isinstance(value, Type) else value
        return values[value] if isinstance(value, Node) else value

    for node in exported.graph.nodes:
        if node.op == "placeholder" and node.name in given:
            values[node] = torch.tensor(given[node.name]).to(getattr(torch, node.meta["val"].dtype))
        elif node.op == "placeholder":
            name = names[node.name]
            tensor: Tensor = exported.state_dict.get(name) or exported.constants[name]
            values[node] = torch.tensor(np.array(tensor.array)).to(getattr(torch, tensor.dtype))
        elif node.op == "output":
            return of(node.args[0][0]).to(torch.float64).numpy()
        elif node.meta["val"] is None:  # a check
            continue
        elif node.target is operator.getitem:
            values[node] = values[node.args[0]][node.args[1]]
        else:
            called = _operator(torch.ops.aten, str(node.target))
            named = {key: of(part) for key, part in node.kwargs.items() if part is not None}
            values[node] = called(*each(of, node.args), **named)
    raise ValueError("the program has no output")


def _operator(aten: Any, target: str) -> Any:
    """An operator of PyTorch.

    Raises:
        ValueError: it is none that the reader knows.
    """
    name = target.removeprefix("aten.").replace("_.", ".")
    word, _, form = name.partition(".")
    if name not in KNOWN and target not in FOLDED and not (word in FUNCTIONS and form in FORMS):
        raise ValueError(f"nobody asks PyTorch for {target:.60}")
    word, _, form = target.removeprefix("aten.").partition(".")
    return getattr(getattr(aten, word), form)
