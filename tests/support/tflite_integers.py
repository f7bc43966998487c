"""Full-integer files of TensorFlow Lite, drawn at random: operators between bytes."""

from typing import Any

import numpy as np

from tests.support.tflite_files import Graph, fused

UNARY = ("HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "PRELU", "QUANTIZE", "RELU", "RELU6", "RESHAPE", "TANH")
"""Operators of each activation."""

LARGEST = 100.0
"""The largest scale that HARD_SWISH and SOFTMAX get."""

FIXED = {"LOGISTIC": (1.0 / 256.0, -128), "SOFTMAX": (1.0 / 256.0, -128), "TANH": (1.0 / 128.0, 0)}
"""The scale and the zero point that the schema says for an output."""


def network(seed: int, *, floats: bool = False) -> bytes:
    """A file.

    Args:
        seed: the seed of everything in it.
        floats: whether it begins with QUANTIZE and ends with DEQUANTIZE.
    """
    drawn = np.random.Generator(np.random.PCG64(seed))
    graph, width = Graph(), int(drawn.integers(1, 40))
    scale, zero = _scale(drawn)
    if floats:
        at = graph.add("QUANTIZE", [graph.input([1, width])], graph.tensor([1, width], "INT8", scale=scale, zero=zero))
    else:
        at = graph.input([1, width], "INT8", scale=scale, zero=zero)
    for _ in range(int(drawn.integers(1, 5))):
        at, width, scale, zero = _dense(graph, drawn, at, width, scale)
        if drawn.random() < 0.6:
            before = at, scale, zero
            at, scale, zero = _unary(graph, drawn, at, width, scale, zero)
            if drawn.random() < 0.6:
                at, width, scale, zero = _joined(graph, drawn, before, (at, scale, zero), width)
    if drawn.random() < 0.5 and scale < LARGEST:
        beta = float(drawn.choice([1.0, 1.0, 0.5]))
        made = graph.tensor([1, width], "INT8", scale=1.0 / 256.0, zero=-128)
        at = graph.add("SOFTMAX", [at], made, {0: ("f", beta)})
    if floats:
        at = graph.add("DEQUANTIZE", [at], graph.tensor([1, width]))
    return graph.file(at)


def _scale(drawn: np.random.Generator) -> tuple[float, int]:
    return float(np.float32(10.0 ** drawn.uniform(-2.5, -0.5))), int(drawn.integers(-128, 128))


def _dense(graph: Graph, drawn: np.random.Generator, at: int, width: int, scale: float) -> tuple[int, int, float, int]:
    """Weighted sums that fill about the range of their activations."""
    units = int(drawn.integers(1, 30))
    sizes = drawn.uniform(0.5, 2.0, units if drawn.random() < 0.5 else 1)
    weights = (10.0 ** drawn.uniform(-3, -1) * sizes).astype(np.float32)
    biases = (np.float32(scale) * weights).astype(np.float32)
    made = float(np.float32(scale * weights.mean() * 60.0 * np.sqrt(width) * drawn.uniform(0.3, 3.0)))
    zero = int(drawn.integers(-128, 128))
    zeros = np.zeros(len(weights), np.int64)
    w = graph.constant(drawn.integers(-127, 128, (units, width)), "int8", scale=weights, zero=zeros)
    b = graph.constant(drawn.integers(-5000, 5000, units), "int32", scale=biases, zero=zeros)
    output = graph.tensor([1, units], "INT8", scale=made, zero=zero)
    activation = str(drawn.choice(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"]))
    return graph.dense(at, w, b if drawn.random() < 0.8 else -1, output, activation), units, made, zero


def _unary(
    graph: Graph, drawn: np.random.Generator, at: int, width: int, scale: float, zero: int
) -> tuple[int, float, int]:
    kind = str(drawn.choice(UNARY[scale >= LARGEST :]))
    if kind == "RESHAPE":
        shape: list[Any] = [graph.constant([1, width], "int32")]
        return graph.add(kind, [at, *shape], graph.tensor([1, width], "INT8", scale=scale, zero=zero)), scale, zero
    made = FIXED.get(kind) or (float(np.float32(scale * 2.0 ** drawn.uniform(-2, 2))), int(drawn.integers(-128, 128)))
    options = {0: ("f", float(drawn.choice([0.01, 0.3, -0.5, 1.5])))} if kind == "LEAKY_RELU" else None
    slopes = []
    if kind == "PRELU":
        integers = np.full((1, width), drawn.integers(-128, 128))
        slopes = [
            graph.constant(integers, "int8", scale=10.0 ** drawn.uniform(-3, -2), zero=int(drawn.integers(-9, 9)))
        ]
    output = graph.tensor([1, width], "INT8", scale=made[0], zero=made[1])
    return graph.add(kind, [at, *slopes], output, options), *made


End = tuple[int, float, int]
"""A tensor, its scale and its zero point."""


def _joined(
    graph: Graph, drawn: np.random.Generator, first: End, second: End, width: int
) -> tuple[int, int, float, int]:
    """Two vectors, or one and a constant: their sum, difference or product, or one behind the other."""
    if first[1:] == second[1:] and drawn.random() < 0.5:
        (a, scale, zero), (b, _, _) = first, second
        output = graph.tensor([1, 2 * width], "INT8", scale=scale, zero=zero)
        return graph.add("CONCATENATION", [a, b], output, {0: ("i", 1)}), 2 * width, scale, zero
    if drawn.random() < 0.3:
        scale, zero = _scale(drawn)
        shape = (1, width) if drawn.random() < 0.5 else ()
        values = drawn.integers(-128, 128, shape)
        second = graph.constant(values, "int8", scale=scale, zero=zero), scale, zero
    kind = str(drawn.choice(["ADD", "SUB", "MUL"]))
    size = first[1] * second[1] * 100.0 if kind == "MUL" else max(first[1], second[1])
    made = float(np.float32(size * drawn.uniform(0.5, 3.0)))
    zero = int(drawn.integers(-128, 128))
    output = graph.tensor([1, width], "INT8", scale=made, zero=zero)
    activation = fused(str(drawn.choice(["NONE", "RELU", "RELU6"])))
    return graph.add(kind, [first[0], second[0]], output, activation), width, made, zero


def fixed(last: str = "SOFTMAX") -> Graph:
    """A network of six operators whose integers are stated, up to its last operator; see ``ROWS``."""
    graph, i, j = Graph(), np.arange(6)[:, None], np.arange(4)
    at = graph.input([1, 4], "INT8", scale=0.05, zero=3)
    scales = (0.01 + 0.002 * i[:, 0]).astype(np.float32)
    w = graph.constant((37 * i * j + 91 * i + 17 * j) % 255 - 127, "int8", scale=scales, zero=[0] * 6)
    b = graph.constant(900 * i[:, 0] - 2000, "int32", scale=np.float32(0.05) * scales, zero=[0] * 6)
    at = graph.dense(at, w, b, graph.tensor([1, 6], "INT8", scale=0.03, zero=-100), "RELU6")
    at = graph.add("QUANTIZE", [at], graph.tensor([1, 6], "INT8", scale=0.05, zero=-20))
    at = graph.add("TANH", [at], graph.tensor([1, 6], "INT8", scale=1.0 / 128.0, zero=0))
    v = graph.constant((53 * i[:3] * np.arange(6) + 29 * i[:3] + 11) % 255 - 127, "int8", scale=0.02, zero=0)
    at = graph.dense(at, v, -1, graph.tensor([1, 3], "INT8", scale=0.04, zero=10))
    shape = graph.constant([1, 3], "int32")
    at = graph.add("RESHAPE", [at, shape], graph.tensor([1, 3], "INT8", scale=0.04, zero=10))
    options = {0: ("f", 1.0)} if last == "SOFTMAX" else {}
    graph.add(last, [at], graph.tensor([1, 3], "INT8", scale=1.0 / 256.0, zero=-128), options)
    return graph


ROWS = [[(37 * i * (k + 3) + 91 * k) % 256 - 128 for i in range(4)] for k in range(4)]
"""Rows of its inputs."""

BYTES = [[-128, -30, 30], [-126, 34, -36], [-127, 94, -94], [-127, -18, 18]]
"""Its outputs, by the reference kernels of LiteRT 2.3.0."""
