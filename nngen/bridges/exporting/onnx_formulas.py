"""From a formula of the catalogue to ONNX operators, by its syntax tree."""

import ast
from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from nngen.bridges.exporting.onnx_graph import Graph
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.mathematics.formulas import Formula, Kind, Line, computation, line

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
