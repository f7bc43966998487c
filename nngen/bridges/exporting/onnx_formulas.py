"""An ONNX graph under construction, and the operators of a formula of the catalogue, by its syntax tree."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike, DTypeLike
from onnx import TensorProto, helper, numpy_helper

from nngen.common.files import refused
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.mathematics.formulas import Formula, Kind, Line, computation, line

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


_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "Add",
    ast.Sub: "Sub",
    ast.Mult: "Mul",
    ast.Div: "Div",
    ast.Mod: "Mod",
    ast.Pow: "Pow",
}
_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "Less",
    ast.LtE: "LessOrEqual",
    ast.Gt: "Greater",
    ast.GtE: "GreaterOrEqual",
    ast.Eq: "Equal",
}
_FUNCTIONS: Mapping[str, str] = {
    "abs": "Abs",
    "cos": "Cos",
    "exp": "Exp",
    "floor": "Floor",
    "log": "Log",
    "maximum": "Max",
    "minimum": "Min",
    "sigmoid": "Sigmoid",
    "sign": "Sign",
    "sin": "Sin",
    "sqrt": "Sqrt",
    "tanh": "Tanh",
    "where": "Where",
}
_REDUCTIONS = {Kind.SUM: "ReduceSum", Kind.MEAN: "ReduceMean", Kind.MAX: "ReduceMax"}

_ERFC = (
    1.2375126308378275,
    -0.14024059858485527,
    0.0035854154868886555,
    0.08227673844848074,
    -0.10880393022743894,
    0.0923043219006513,
    -0.058693397071741156,
    0.028362271401010403,
    -0.009746591834540838,
    0.0017556525845602463,
    0.0002937677736782558,
    -0.000290224735566095,
    5.150773833629474e-05,
    2.2499526835714637e-05,
    -1.1217512351895887e-05,
    -1.0898661836870561e-06,
    1.529291119075367e-06,
    1.2872794002928335e-08,
    -1.309340852980939e-07,
)
"""Coefficients of the polynomial in ``s`` that interpolates ``(1 + 2 u) exp(u^2) erfc(u)`` at the Chebyshev nodes.

Right to 1e-13, relative to erfc (``tests/oracle/test_onnx.py``). The form is that of Shepherd and Laframboise, Math.
Comp. 36 (1981).
"""

_COMPOSED: Mapping[str, tuple[str, ...]] = {
    "expm1": ("value = tanh(z / 2.0) * (exp(z) + 1.0)",),
    "log1p": ("w = 1.0 + z", "value = where(w == 1.0, z, log(w) * z / (w - 1.0))"),
    "smooth_clip": ("value = where(abs(z) > 1e9, 3.0 * sign(z), z / sqrt(1.0 + (z / 3.0) ** 2))",),
    "softplus": (f"value = {ACTIVATIONS['softplus'].value}",),
    "erfc": (
        "u = abs(z)",
        "s = (u - 3.75) / (u + 3.75)",
        f"p = {_ERFC[-1]!r}",
        *(f"p = p * s + {coefficient!r}" for coefficient in reversed(_ERFC[:-1])),
        "tail = exp(-(u * u)) * p / (1.0 + 2.0 * u)",
        "value = where(z > 0.0, tail, 2.0 - tail)",
    ),
}
"""Functions that ONNX lacks, or that runtimes lack in 64 bits, in forms without cancellation; log1p as in Goldberg,
ACM Computing Surveys 23 (1991), theorem 4."""


def add_lines(graph: Graph, lines: Iterable[Line], values: Mapping[str, str], place: str) -> dict[str, str]:
    """Add the nodes of lines.

    Args:
        graph: the graph.
        lines: lines, each of which may use the names before it.
        values: the names of values in the graph, by the names in the formulas.
        place: what the lines belong to, such as a layer; the end of the names of their values.

    Returns:
        ``values``, and the values of all lines.
    """
    known = dict(values)
    for current in lines:
        name = f"{current.name}_{place}"
        if current.kind in _REDUCTIONS:
            whole = add_formula(graph, current.formula, known, f"{name}_of")
            known[current.name] = graph.node(_REDUCTIONS[current.kind], whole, graph.axis(1), name=name, keepdims=1)
        else:
            known[current.name] = add_formula(graph, current.formula, known, name)
    return known


def add_formula(graph: Graph, formula: Formula, values: Mapping[str, str], name: str) -> str:
    """Add the nodes of a formula; returns the name of its value, which is a known one if it only names another."""
    return _add(graph, formula.tree, values, name)


def _add(graph: Graph, tree: ast.expr, values: Mapping[str, str], name: str) -> str:
    def part(node: ast.expr) -> str:
        return _add(graph, node, values, f"{name}_part")

    if not any(isinstance(node, ast.Name) and node.id in values for node in ast.walk(tree)):
        value, _ = computation(Formula(ast.unparse(tree)))()
        return graph.number(value)
    match tree:
        case ast.Name(id=variable):
            return values[variable]
        case ast.UnaryOp(operand=operand):
            return graph.node("Neg", part(operand), name=name)
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return graph.node("Mod", part(left), part(right), name=name, fmod=1)
        case ast.BinOp(left=left, op=op, right=right):
            return graph.node(_OPERATORS[type(op)], part(left), part(right), name=name)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            parts = [part(node) for node in (left, *rest)]
            *before, last = ((_COMPARISONS[type(op)], *pair) for op, pair in zip(ops, pairwise(parts), strict=True))
            if not before:
                return graph.node(*last, name=name)
            both = [graph.node(*test, name=f"{name}_part") for test in (*before, last)]
            return graph.node("And", *both, name=name)
        case ast.Call(func=ast.Name(id="softplus"), args=[argument]) if graph.dtype == np.float32:
            return graph.node("Softplus", part(argument), name=name)
        case ast.Call(func=ast.Name(id="erfc"), args=[argument]) if graph.dtype == np.float32:
            erf = graph.node("Erf", part(argument), name=f"{name}_part")
            return graph.node("Sub", graph.number(1.0), erf, name=name)
        case ast.Call(func=ast.Name(id=function), args=[argument]) if function in _COMPOSED:
            composed = add_lines(graph, map(line, _COMPOSED[function]), {"z": part(argument)}, f"{name}_{function}")
            return composed["value"]
        case ast.Call(func=ast.Name(id=function), args=args):
            return graph.node(_FUNCTIONS[function], *map(part, args), name=name)
    raise ValueError(ast.unparse(tree))
