"""An ONNX graph under construction."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike, DTypeLike
from onnx import TensorProto, helper, numpy_helper

from nngen.common.files import refused

OPSET, ML_OPSET, IR_VERSION = 21, 3, 10
"""The versions of the operators and of the format, which runtimes since May 2024 read."""

TEXT: int = TensorProto.STRING


class Graph:
    """Nodes in order, and constants. Each value has a name; ``dtype`` is the type of numbers."""

    def __init__(self, dtype: str) -> None:
        self.dtype = np.dtype(dtype)
        self.type = helper.np_dtype_to_tensor_dtype(self.dtype)
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._names: set[str] = set()

    def fresh(self, name: str) -> str:
        """The name, with a number if it is taken."""
        made, number = name, 1
        while made in self._names:
            number += 1
            made = f"{name}_{number}"
        self._names.add(made)
        return made

    def input(self, name: str, width: int, kind: int | None = None) -> str:
        """Add an input with a row of ``width`` values for each example."""
        self.inputs.append(_rows(self.fresh(name), self.type if kind is None else kind, width))
        return name

    def output(self, name: str, value: str, width: int | None, kind: int | None = None) -> None:
        """Make a value an output, under another name; without a width, it has one value for each example."""
        name = self.fresh(name)
        for node in self._nodes:
            node.input[:] = [name if part == value else part for part in node.input]
            node.output[:] = [name if part == value else part for part in node.output]
        self.outputs.append(_rows(name, self.type if kind is None else kind, width))

    def node(self, operator: str, *values: str, name: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one value; returns its name. Numbers of attributes have 32 bits.

        Raises:
            SpecError: such a number is too large.
        """
        for value in attributes.values():
            if isinstance(value, float):
                _fit(value, np.float32)
        name = self.fresh(name)
        self._nodes.append(helper.make_node(operator, values, [name], name, domain=domain, **attributes))
        return name

    def numbers(self, name: str, values: ArrayLike) -> str:
        """Add a constant array of the graph's number type.

        Raises:
            SpecError: a number is too large for it.
        """
        _fit(values, self.dtype)
        return self.constant(name, np.asarray(values, self.dtype))

    def constant(self, name: str, values: ArrayLike) -> str:
        """Add a constant array of any type; texts are an array of objects."""
        name = self.fresh(name)
        self._constants[name] = numpy_helper.from_array(np.asarray(values), name)
        return name

    def number(self, value: float) -> str:
        """A constant number, which all nodes share."""
        name = repr(value)
        return name if name in self._constants else self.numbers(name, value)

    def text(self, name: str, value: str) -> str:
        """A constant text, which all nodes share that give it this name."""
        return name if name in self._constants else self.constant(name, np.array(value, object))

    def axis(self, axis: int) -> str:
        """A constant that names an axis."""
        name = f"axis{axis}"
        return name if name in self._constants else self.constant(name, np.array([axis]))

    def serialized(self, name: str, description: str, about: Mapping[str, str]) -> bytes:
        """The bytes of the model, with some texts about it: the same graph gives the same bytes."""
        graph = helper.make_graph(
            self._nodes, name, self.inputs, self.outputs, [*self._constants.values()], doc_string=description
        )
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=IR_VERSION, producer_name="nngen")
        helper.set_model_props(model, dict(about))
        return bytes(model.SerializeToString(deterministic=True))


def _fit(values: ArrayLike, dtype: DTypeLike) -> None:
    largest = float(np.max(np.abs(values), initial=0.0))
    if largest > float(np.finfo(np.dtype(dtype)).max):
        raise refused("--onnx", f"a number of size {largest:g} does not fit into 32 bits", "use `--float64`")


def _rows(name: str, kind: int, width: int | None) -> onnx.ValueInfoProto:
    shape: Sequence[str | int] = ["n"] if width is None else ["n", width]
    return helper.make_tensor_value_info(name, kind, shape)
