"""The outputs of an ONNX file for some inputs, by ONNX Runtime and by a reading in float64."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from nngen.bridges.importing.compare import JUDGEMENTS, Judgement
from nngen.bridges.importing.onnx import float64 as onnx_float64
from nngen.bridges.importing.onnx.columns import WHOLE
from nngen.bridges.importing.onnx.file import read
from nngen.bridges.importing.onnx.model import Model


def judge(path: str, output: str, doubled: bool, columns: Sequence[Sequence[Any]]) -> bytes:
    """The outputs of a file, as a list of ``Judgement`` in JSON. This runs in a process of its own.

    Args:
        path: the file.
        output: the value to compute.
        doubled: whether only the second of its two numbers is asked for.
        columns: the values of each column of the inputs, one input after another; None is a missing value.
    """
    model, proto = read(Path(path))
    inputs = _inputs(model, columns)
    found = []
    if find_spec("onnxruntime") is not None:
        try:
            given = {tensor.name: _as_type(inputs[tensor.name], tensor.type) for tensor in model.inputs}
            wide = any(tensor.type == "float64" for tensor in model.inputs)
            dtype: Any = "float16" if model.half else "float64" if wide else "float32"
            computed = _by_runtime(proto, model, given, output)
            found.append(Judgement("ONNX Runtime", computed[:, 1:] if doubled else computed, dtype))
        except Exception as error:  # it raises errors of many classes
            reason = " ".join(str(error).split())[:200]
            found.append(Judgement("ONNX Runtime", None, "float32", reason))
    with np.errstate(all="ignore"):
        exact = np.asarray(onnx_float64.outputs(model, inputs, output), np.float64)
    found.append(Judgement("a float64 reading of the file", exact[:, 1:] if doubled else exact))
    return JUDGEMENTS.dump_json(found)


def _inputs(model: Model, columns: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The arrays of all inputs, numbers in float64."""
    found, start = {}, 0
    for tensor in model.inputs:
        sizes = [size or 1 for size in (tensor.shape or ())[1:]]
        width = int(np.prod(sizes, dtype=np.int64))
        rows = np.array(columns[start : start + width], object).T
        if tensor.type == "string":
            rows[rows == None] = ""  # noqa: E711 (in each place of the array)
        array = rows if tensor.type == "string" else rows.astype(np.int64 if tensor.type in WHOLE else np.float64)
        found[tensor.name] = array.reshape(len(rows), *sizes)
        start += width
    return found


def _as_type(array: Any, kind: str) -> Any:
    return array if kind == "string" else array.astype(kind)


def _batch(model: Model) -> int | None:
    """The only size of a batch that the file allows."""
    shapes = [tensor.shape for tensor in model.inputs]
    return shapes[0][0] if shapes and shapes[0] else None


def _by_runtime(proto: Any, model: Model, given: dict[str, Any], output: str) -> Any:
    import onnxruntime

    for tensor in proto.graph.initializer:  # so that it opens no file itself
        if tensor.data_location == TensorProto.EXTERNAL:
            tensor.CopyFrom(numpy_helper.from_array(model.constants[tensor.name], tensor.name))
    needed = {operator.number - 1 for operator in model.needed([output])}
    for place in reversed(range(len(proto.graph.node))):
        if place not in needed:  # it may be large
            del proto.graph.node[place]
    outputs = [value for value in proto.graph.output if value.name == output]
    outputs = outputs or [helper.make_empty_tensor_value_info(output)]
    proto.graph.ClearField("output")
    proto.graph.output.extend(outputs)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    rows, batch = len(next(iter(given.values()))), _batch(model)
    parts = []
    for start in range(0, rows, batch or rows):
        part = {name: array[start : start + (batch or rows)] for name, array in given.items()}
        missing = 0 if batch is None else batch - len(next(iter(part.values())))
        if missing:  # the file allows batches of one size only
            part = {name: np.concatenate([array, array[:1].repeat(missing, 0)]) for name, array in part.items()}
        (found,) = session.run([output], part)
        parts.append(found[: len(found) - missing])
    return np.concatenate(parts).astype(np.float64)
