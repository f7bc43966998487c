"""Custom formulas: an independent reader, with derivatives by dual numbers.

A dual number u + du e, with e^2 = 0, carries a value and its derivative through every operation (Clifford, Proc. London
Math. Soc. s1-4, 1871; Griewank and Walther, Evaluating Derivatives, 2008, chapter 3). Here both are arrays.
"""

import ast
import math
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nngen.description.model import Spec
from nngen.proof.reference.generator import Array

Truth: TypeAlias = NDArray[np.bool_]


class Dual(NamedTuple):
    """Values, and their derivatives with respect to one variable."""

    value: Array
    slope: Array


def _erfc(u: Array) -> Array:
    return np.asarray(np.vectorize(math.erfc, otypes=[float])(u))


def _logistic(u: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * u))


# The functions of one number, each with its derivative.
ONE: Mapping[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "abs": (np.abs, np.sign),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "erfc": (_erfc, lambda u: -2.0 / math.sqrt(math.pi) * np.exp(-u * u)),
    "exp": (np.exp, np.exp),
    "expm1": (np.expm1, np.exp),
    "floor": (np.floor, np.zeros_like),
    "log": (np.log, lambda u: 1.0 / u),
    "log1p": (np.log1p, lambda u: 1.0 / (1.0 + u)),
    "sigmoid": (_logistic, lambda u: _logistic(u) * _logistic(-u)),
    "sign": (np.sign, np.zeros_like),
    "sin": (np.sin, np.cos),
    "softplus": (lambda u: np.asarray(np.logaddexp(0.0, u)), _logistic),
    "sqrt": (np.sqrt, lambda u: 0.5 / np.sqrt(u)),
    "tanh": (np.tanh, lambda u: 1.0 - np.tanh(u) ** 2),  # 0 if tanh(u) rounds to 1, as on pages
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Array, Array], Truth]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
}


def compute(text: str, variables: Mapping[str, Array], by: str) -> Dual:
    """The values of a formula and its derivatives with respect to one variable; all arrays have the same shape."""
    duals = {name: Dual(u, np.ones_like(u) if name == by else np.zeros_like(u)) for name, u in variables.items()}
    return _walk(ast.parse(" ".join(text.split()), mode="eval").body, duals, np.zeros_like(variables[by]))


def _walk(node: ast.expr, variables: Mapping[str, Dual], zero: Array) -> Dual:
    def walk(part: ast.expr) -> Dual:
        return _walk(part, variables, zero)

    match node:
        case ast.Name(id=letter):
            return variables[letter]
        case ast.Constant(value=int() | float() as number):
            return Dual(zero + float(number), zero)
        case ast.UnaryOp(op=op, operand=operand):
            sign = -1.0 if isinstance(op, ast.USub) else 1.0
            return Dual(sign * walk(operand).value, sign * walk(operand).slope)
        case ast.BinOp(left=left, op=op, right=right):
            return _operate(op, walk(left), walk(right))
        case ast.Call(func=ast.Name(id="where"), args=[ast.Compare() as condition, yes, no]):
            return _choose(_holds(condition, walk), walk(yes), walk(no))
        case ast.Call(func=ast.Name(id="maximum"), args=[left, right]):
            return _choose(walk(left).value > walk(right).value, walk(left), walk(right))
        case ast.Call(func=ast.Name(id="minimum"), args=[left, right]):
            return _choose(walk(left).value < walk(right).value, walk(left), walk(right))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            u = walk(argument)
            function, slope = ONE[name]
            return Dual(function(u.value), np.where(u.slope == 0.0, 0.0, slope(u.value) * u.slope))
    raise ValueError(f"{ast.unparse(node)} is no formula")


def _operate(op: ast.operator, u: Dual, v: Dual) -> Dual:
    match op:
        case ast.Add():
            return Dual(u.value + v.value, u.slope + v.slope)
        case ast.Sub():
            return Dual(u.value - v.value, u.slope - v.slope)
        case ast.Mult():
            return Dual(u.value * v.value, u.slope * v.value + u.value * v.slope)
        case ast.Div():
            return Dual(u.value / v.value, (u.slope - u.value / v.value * v.slope) / v.value)
    power = u.value**v.value
    slope = np.where(u.slope == 0.0, 0.0, v.value * u.value ** (v.value - 1.0) * u.slope)
    if v.slope.any():
        slope = slope + power * np.log(u.value) * v.slope
    return Dual(power, slope)


def _choose(holds: Truth, yes: Dual, no: Dual) -> Dual:
    return Dual(np.where(holds, yes.value, no.value), np.where(holds, yes.slope, no.slope))


def _holds(condition: ast.Compare, walk: Callable[[ast.expr], Dual]) -> Truth:
    parts = [walk(part).value for part in (condition.left, *condition.comparators)]
    pairs = zip(condition.ops, parts, parts[1:], strict=False)
    return np.asarray(np.logical_and.reduce([COMPARE[type(op)](u, v) for op, u, v in pairs]))


def custom_activation(spec: Spec, name: str, z: Array) -> Dual:
    """The values and slopes of a custom activation; slopes come from the spec, or else from dual numbers."""
    formula = spec.activations[name]
    a = compute(formula.value, {"z": z}, "z")
    return a if formula.slope is None else Dual(a.value, compute(formula.slope, {"z": z, "a": a.value}, "z").value)


def custom_loss(spec: Spec, a: Array, y: Array) -> Dual:
    """The terms of a custom loss and their derivatives with respect to the outputs."""
    formula = spec.losses[spec.loss.name]
    term = compute(formula.value, {"a": a, "y": y}, "a")
    return term if formula.slope is None else Dual(term.value, compute(formula.slope, {"a": a, "y": y}, "a").value)
