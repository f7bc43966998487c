"""A quantized file in float64, as the reader takes it, and how far its rounding moves answers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import helper, numpy_helper

from nngen.bridges.importing.compare import difference
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.onnx.model import Model, Operator
from nngen.bridges.importing.onnx.steps import PAIR, cuts, quantized, steps

DRAWS, MARGIN = 4, 1.5
"""Random errors are drawn so often; the real ones may move answers so many times as far."""


def in_floats(proto: Any, model: Model, seed: int | None = None) -> Any:
    """The model without integers: constants are the numbers that they stand for, and others are cut where they end.

    With a seed, random errors of at most a step are added in place of rounding.
    """
    made = type(proto)()
    made.CopyFrom(proto)
    made.graph.ClearField("node")
    makers: dict[str, Operator] = {name: operator for operator in model.operators for name in operator.outputs}
    constants = dict(model.constants)
    for place, node in enumerate(proto.graph.node):
        operator = makers[next(filter(None, node.output))]
        (result,) = node.output[:1]
        if node.op_type not in PAIR:
            made.graph.node.append(node)
        elif node.input[0] in constants:
            constants[result] = quantized(operator, [constants[name] for name in node.input if name])
            made.graph.initializer.append(numpy_helper.from_array(constants[result], result))
        elif node.op_type == "QuantizeLinear":
            pair = zip(("low", "high"), cuts(operator, model), strict=True)
            ends = [numpy_helper.from_array(np.array(end), f"{result}, {name}") for name, end in pair]
            made.graph.initializer.extend(ends)
            made.graph.node.append(helper.make_node("Max", [node.input[0], ends[0].name], [f"{result}, raised"]))
            made.graph.node.append(helper.make_node("Min", [f"{result}, raised", ends[1].name], [result]))
        elif seed is None:
            made.graph.node.append(helper.make_node("Identity", node.input[:1], [result]))
        else:
            step, error = steps(operator, model).step, f"{result}, error"
            drawn = {"low": -step, "high": step, "seed": float(1_000 * seed + place)}
            made.graph.node.append(helper.make_node("RandomUniformLike", node.input[:1], [error], **drawn))
            made.graph.node.append(helper.make_node("Add", [node.input[0], error], [result]))
    return made


def moved(compute: Callable[[int | None], Array]) -> float:
    """How far rounding may move outputs, as ``difference`` gives it: more than random errors do.

    Args:
        compute: the outputs with the random errors of a seed, or None for none.
    """
    exact = compute(None)
    return MARGIN * max(difference(compute(seed), exact) for seed in range(DRAWS))
