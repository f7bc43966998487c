"""The outputs of an ONNX file by ONNX Runtime, and by the reference of ONNX in float64."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from onnx import AttributeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from nngen.bridges.importing.compare import Judgement, Values, fed, judgement
from nngen.bridges.importing.onnx.columns import WHOLE
from nngen.bridges.importing.onnx.file import read
from nngen.bridges.importing.onnx.judge_quantized import in_floats, moved
from nngen.bridges.importing.onnx.model import Model

NARROW = (TensorProto.FLOAT, TensorProto.FLOAT16)

Feed = Mapping[str, Any]


def judge(path: str, value: str, _last: str, _names: Sequence[str], columns: Values) -> list[Judgement]:
    """The outputs of a file."""
    model, proto = read(Path(path))
    inputs = _inputs(model, columns)
    proto = _only(proto, model, value)

    def in_float64(seed: int | None = None) -> Any:
        return _in_batches(model, inputs, _reference(_widened(in_floats(proto, model, seed))))

    found = []
    if find_spec("onnxruntime") is not None:
        given = {tensor.name: _as_type(inputs[tensor.name], tensor.type) for tensor in model.inputs}
        doubles = any(tensor.type == "float64" for tensor in model.inputs)
        dtype = "float16" if model.half else "float64" if doubles else "float32"
        judged = judgement("ONNX Runtime", dtype, lambda: _in_batches(model, given, _runtime(proto)))
        rounds = any(operator.kind == "QuantizeLinear" for operator in model.needed([value]))
        found.append(replace(judged, rounding=moved(in_float64)) if rounds else judged)
    found.append(judgement("ONNX's reference", "float64", in_float64))
    return found


def _inputs(model: Model, columns: Values) -> Feed:
    """The arrays of all inputs, numbers in float64."""
    shapes = {tensor.name: tuple(size or 1 for size in (tensor.shape or ())[1:]) for tensor in model.inputs}
    found = dict(zip(shapes, fed(shapes, (), columns), strict=True))
    for tensor in model.inputs:
        rows = found[tensor.name]
        if tensor.type == "string":
            rows[rows == None] = ""  # noqa: E711 (in each place of the array)
        else:
            found[tensor.name] = rows.astype(np.int64 if tensor.type in WHOLE else np.float64)
    return found


def _as_type(array: Any, kind: str) -> Any:
    return array if kind == "string" else array.astype(kind)


def _only(proto: Any, model: Model, value: str) -> Any:
    """The model with what this value needs."""
    needed = {operator.number - 1 for operator in model.needed([value])}
    for place in reversed(range(len(proto.graph.node))):
        if place not in needed:  # it may be large
            del proto.graph.node[place]
    outputs = [one for one in proto.graph.output if one.name == value]
    proto.graph.ClearField("output")
    proto.graph.output.extend(outputs or [helper.make_empty_tensor_value_info(value)])
    return proto


def _widened(proto: Any) -> Any:
    """The model with numbers of 64 bits."""
    nodes: list[Any] = []
    for number, node in enumerate(proto.graph.node):
        nodes.append(node)
        for attribute in node.attribute:
            if node.op_type == "Cast" and attribute.i in NARROW:
                attribute.i = TensorProto.DOUBLE
            if node.op_type == "Constant" and attribute.name in ("value_float", "value_floats"):
                numbers = np.array(attribute.f if attribute.name == "value_float" else [*attribute.floats], np.float64)
                attribute.CopyFrom(helper.make_attribute("value", numpy_helper.from_array(numbers)))
        if node.op_type == "OneHotEncoder":  # it makes numbers of 32 bits of any type
            nodes.append(helper.make_node("Cast", [f"{number}, narrow"], [*node.output], to=TensorProto.DOUBLE))
            node.output[0] = f"{number}, narrow"
        if node.op_type == "ConstantOfShape" and not node.attribute:
            node.attribute.append(helper.make_attribute("value", numpy_helper.from_array(np.zeros(1))))
    tensors = [one.t for node in nodes for one in node.attribute if one.type == AttributeProto.TENSOR]
    for tensor in (*proto.graph.initializer, *tensors):
        if tensor.data_type in NARROW:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))
    graph = helper.make_graph(nodes, "wide", proto.graph.input, proto.graph.output, proto.graph.initializer)
    return helper.make_model(graph, opset_imports=proto.opset_import)


class BatchNormalization(OpRun):  # type: ignore[misc]  # it has no types
    """Outside of training, as the reader accepts it; the reference measures the batch before version 14."""

    def _run(self, x: Any, scale: Any, bias: Any, mean: Any, variance: Any, **options: Any) -> Any:
        return ((x - mean) / np.sqrt(variance + options["epsilon"]) * scale + bias,)


def _reference(proto: Any) -> Callable[[Feed], Any]:
    evaluator = ReferenceEvaluator(proto, new_ops=[BatchNormalization])
    return lambda given: evaluator.run(None, dict(given))[0]


def _runtime(proto: Any) -> Callable[[Feed], Any]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda given: session.run(None, dict(given))[0]


def _in_batches(model: Model, given: Feed, compute: Callable[[Feed], Any]) -> Any:
    """The outputs for all rows; in batches, where the file allows batches of one size only."""
    rows = len(next(iter(given.values())))
    shape = model.inputs[0].shape
    size = (shape[0] if shape else None) or rows
    places = np.arange(-(-rows // size) * size).reshape(-1, size)
    found = [compute({name: array[batch % rows] for name, array in given.items()}) for batch in places]
    return np.concatenate([one.reshape(size, -1) for one in found])[:rows]
