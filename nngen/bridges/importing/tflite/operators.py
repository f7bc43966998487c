"""Each operator of TensorFlow Lite as those of ONNX that compute the same, which one reader reads for both."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import INTEGERS, UnfitError, dense_only, problem
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.limits import SMALL
from nngen.bridges.importing.onnx.model import InputTensor, Model, shortest
from nngen.bridges.importing.onnx.model import Operator as OnnxOperator
from nngen.bridges.importing.onnx.operators import HANDLERS
from nngen.bridges.importing.onnx.reader import SUPPORTED, Reader
from nngen.bridges.importing.tflite.file import File, Operator, read
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS, named
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, show

VERSION = 13
"""The version of the operators of ONNX."""


def read_graph(path: str) -> Graph:
    """The graph of a file. This runs in a process of its own.

    Raises:
        SpecError: it is no such file, or something in it cannot be read, with all of it.
    """
    file = read(files.read(Path(path), SMALL.file), path)
    dense_only(path, ((operator.place, operator.kind) for operator in file.needed()))
    graph = Reader(_Translation(file, path).model(), path, HANDLERS).network()
    notes = (*graph.notes, *([INTEGERS] if file.integers else []))
    source = ", ".join(filter(None, ("TensorFlow Lite", file.writer)))
    return replace(graph, source=source, notes=notes)


class _Translation:
    """The operators of a file, one after another."""

    def __init__(self, file: File, path: str) -> None:
        self._file = file
        self._path = path
        self._constants: dict[str, NDArray[Any]] = {
            tensor.name: tensor.values for tensor in file.tensors.values() if tensor.values is not None
        }
        self._made: list[OnnxOperator] = []
        self._operator = file.operators[0] if file.operators else Operator(0, "", (), ())

    def model(self) -> Model:
        """The whole file.

        Raises:
            SpecError: operators cannot be read, with all of them.
        """
        found: list[Diagnostic] = []
        known = {*self._file.inputs, *self._constants, ""}
        for operator in self._file.needed():
            self._operator = operator
            try:
                self._check(operator, known)
                TRANSLATIONS[operator.kind][2](self)
            except UnfitError as error:
                found.append(problem(self._path, operator.place, str(error), error.advice))
            known.update(operator.outputs)
        unknown = [name for name in self._file.outputs if name not in known]
        if unknown:
            found.append(problem(self._path, "", f"the output {show(unknown[0])} is computed nowhere"))
        if found:
            raise SpecError(found)
        tensors = [self._file.tensors[name] for name in self._file.inputs]
        return Model(
            operators=tuple(self._made),
            constants=self._constants,
            inputs=tuple(
                InputTensor(tensor.name, "float32" if tensor.scaled else tensor.type.lower(), tensor.shape)
                for tensor in tensors
            ),
            outputs=self._file.outputs,
            producer="TensorFlow Lite",
            half=any(tensor.type == "FLOAT16" for tensor in self._file.tensors.values()),
        )

    def _check(self, operator: Operator, known: set[str]) -> None:
        if operator.kind not in TRANSLATIONS:
            raise UnfitError("this operator is not supported", SUPPORTED)
        unknown = [name for name in operator.inputs if name not in known]
        if unknown:
            kind = self._file.tensors[unknown[0]].type
            raise UnfitError(f"its input {show(unknown[0])}, of the type {kind}, is not computed before it")
        if known.intersection(operator.outputs):
            raise UnfitError(f"there is a value {show(operator.outputs[0])} already")
        least, most, _ = TRANSLATIONS[operator.kind]
        count, required = len(operator.inputs), operator.inputs[: max(least, 1)]
        if not least <= count <= most or "" in required or len(operator.outputs) != 1:
            raise UnfitError(f"it has {count} inputs and {len(operator.outputs)} outputs, which no version has")
        if self._constants.keys() >= {*operator.inputs} and operator.kind not in PASSED:
            raise UnfitError("all of its inputs are constant", "export the network with constants folded")

    def _emit(self, kind: str, output: str, *inputs: str, version: int = VERSION, **attributes: Any) -> str:
        """Add an operator of ONNX; return its output."""
        operator = self._operator
        made = OnnxOperator(operator.number, kind, "", version, "", inputs, (output,), attributes, operator.place)
        self._made.append(made)
        return output

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        """A constant of the translation; it has a name of its own, as no tensor's begins so."""
        name = f"{self._operator.place} {name}"
        self._constants[name] = values
        return name

    def _activated(self, kind: str, *inputs: str, version: int = VERSION, **attributes: Any) -> None:
        """Add an operator with the activation that is fused into it."""
        (output,) = self._operator.outputs
        name = named(ACTIVATIONS, self._operator.options.get("activation", 0))
        if name == "NONE":
            self._emit(kind, output, *inputs, version=version, **attributes)
            return
        if name not in FUSED:
            raise UnfitError(f"its fused activation {name} is not supported", SUPPORTED)
        made, options = FUSED[name]
        before = self._emit(kind, f"{self._operator.place} sum", *inputs, **attributes)
        self._emit(made, output, before, version=6, **options)

    # what operators become

    def _dense(self) -> None:
        """A dense layer with its fused activation; shuffled weights are refused."""
        source, weights, *rest = (*self._operator.inputs, "")[:3]
        if self._operator.options["format"]:
            raise UnfitError("its weights are shuffled", "convert the network without optimized weights")
        if len(self._file.tensors[source].shape) != 2 and not self._operator.options["keeps"]:
            source = self._emit("Flatten", f"{self._operator.place} input", source)
        self._activated("Gemm", source, weights, *filter(None, rest), transB=1)

    def _same(self, kind: str, version: int = VERSION) -> None:
        self._activated(kind, *self._operator.inputs, version=version)

    def _passed(self) -> None:
        """Nothing; integers become the numbers that they stand for, with a note."""
        (source,), (output,) = self._operator.inputs, self._operator.outputs
        if source in self._constants:
            self._constants[output] = self._constants[source]
        else:
            self._emit("Identity", output, source)

    def _reshape(self) -> None:
        """Nothing, if the numbers of an example stay together."""
        (source, *shape), (output,) = self._operator.inputs, self._operator.outputs
        sizes = [-1 if size is None else size for size in self._file.tensors[output].shape]
        self._emit("Reshape", output, source, *(shape or [self._constant("shape", np.array(sizes))]))

    def _leaky_relu(self) -> None:
        """``leaky_relu`` with the slope that the file states."""
        slope = shortest(self._operator.options["alpha"])
        self._emit("LeakyRelu", *self._operator.outputs, *self._operator.inputs, alpha=slope)

    def _mean(self) -> None:
        """Part of a normalization; over the batch it is refused."""
        source, axes = self._operator.inputs
        if axes not in self._constants:
            raise UnfitError("its axes are not constant")
        listed = self._constants[axes].ravel().tolist()
        self._emit("ReduceMean", *self._operator.outputs, source, axes=listed, keepdims=self._operator.options["keeps"])

    def _softmax(self) -> None:
        """``softmax``, with ``beta`` as a factor before it."""
        (source,), (output,), beta = self._operator.inputs, self._operator.outputs, self._operator.options["beta"]
        if beta != 1.0:
            factor = self._constant("beta", np.array(float(beta)))
            source = self._emit("Mul", f"{self._operator.place} input", source, factor)
        self._emit("Softmax", output, source, axis=-1)

    def _squared_difference(self) -> None:
        """Part of a normalization."""
        difference = self._emit("Sub", f"{self._operator.place} difference", *self._operator.inputs)
        self._emit("Mul", *self._operator.outputs, difference, difference)

    def _inverse_root(self) -> None:
        """Part of a normalization."""
        root = self._emit("Sqrt", f"{self._operator.place} root", *self._operator.inputs)
        self._emit("Reciprocal", *self._operator.outputs, root)

    def _concatenation(self) -> None:
        """Several sources of a layer."""
        self._activated("Concat", *self._operator.inputs, axis=self._operator.options["axis"])

    def _fused(self, name: str) -> None:
        kind, options = FUSED[name]
        self._emit(kind, *self._operator.outputs, *self._operator.inputs, version=6, **options)


FUSED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "RELU": ("Relu", {}),
    "RELU6": ("Clip", {"min": 0.0, "max": 6.0}),
    "RELU_N1_TO_1": ("Clip", {"min": -1.0, "max": 1.0}),
}
"""The activations that operators may have fused into them, as operators of ONNX. No kernel has the others, as TANH."""

PASSED = ("DEQUANTIZE", "QUANTIZE")
"""Operators between integers and the numbers that they stand for, which are the same here."""

TRANSLATIONS: Mapping[str, tuple[int, int, Callable[[_Translation], None]]] = {
    "ADD": (2, 2, lambda made: made._same("Add")),
    "CONCATENATION": (1, 1_000, _Translation._concatenation),
    "DEQUANTIZE": (1, 1, _Translation._passed),
    "DIV": (2, 2, lambda made: made._same("Div")),
    "FULLY_CONNECTED": (2, 3, _Translation._dense),
    "HARD_SWISH": (1, 1, lambda made: made._same("HardSwish", 14)),
    "LEAKY_RELU": (1, 1, _Translation._leaky_relu),
    "LOGISTIC": (1, 1, lambda made: made._same("Sigmoid")),
    "MEAN": (2, 2, _Translation._mean),
    "MUL": (2, 2, lambda made: made._same("Mul")),
    "PRELU": (2, 2, lambda made: made._same("PRelu")),
    "QUANTIZE": (1, 1, _Translation._passed),
    "RELU": (1, 1, lambda made: made._fused("RELU")),
    "RELU6": (1, 1, lambda made: made._fused("RELU6")),
    "RELU_N1_TO_1": (1, 1, lambda made: made._fused("RELU_N1_TO_1")),
    "RESHAPE": (1, 2, _Translation._reshape),
    "RSQRT": (1, 1, _Translation._inverse_root),
    "SOFTMAX": (1, 1, _Translation._softmax),
    "SQRT": (1, 1, lambda made: made._same("Sqrt")),
    "SQUARED_DIFFERENCE": (2, 2, _Translation._squared_difference),
    "SUB": (2, 2, lambda made: made._same("Sub")),
    "TANH": (1, 1, lambda made: made._same("Tanh")),
}
"""The fewest and the most inputs of each operator, and how it is translated."""
