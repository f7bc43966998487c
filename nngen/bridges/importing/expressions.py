"""Functions of a vector z, put together from the operators of a file."""

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Array
from nngen.common.records import dataclass
from nngen.mathematics.formulas import COMPARISONS, OPERATORS

MAX_SIZE = 1_000
"""Operators of a function, each counted as often as it is used. GELU has 500 where erfc is a polynomial."""

TOO_LARGE = "the function is too large for an activation"

_erfc = np.vectorize(math.erfc, otypes=[float])


def _softplus(z: Array) -> Array:
    found: Array = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    return found


def _sigmoid(z: Array) -> Array:
    found: Array = np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))
    return found


FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "%": np.fmod,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "or": np.logical_or,
    "and": np.logical_and,
    "not": np.logical_not,
    "abs": np.abs,
    "cos": np.cos,
    "erfc": _erfc,
    "exp": np.exp,
    "expm1": np.expm1,
    "floor": np.floor,
    "log": np.log,
    "log1p": np.log1p,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "sigmoid": _sigmoid,
    "sign": np.sign,
    "sin": np.sin,
    "softplus": _softplus,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "where": np.where,
    "mean": lambda u: np.mean(u, axis=-1, keepdims=True),
    "sum": lambda u: np.sum(u, axis=-1, keepdims=True),
    "max": lambda u: np.max(u, axis=-1, keepdims=True),
}
"""The operators and functions, by their names in formulas; the last three combine all numbers of a vector."""

OVER_UNITS = frozenset({"mean", "sum", "max"})
_INFIX = frozenset({"+", "-", "*", "/", "**", "<", "<=", ">", ">=", "=="})
BOOLEAN = frozenset({"<", "<=", ">", ">=", "==", "or", "and", "not"})
"""Operators whose results are true or false."""


@dataclass(frozen=True, eq=False)
class Expression:
    """``z``, a number, or an operator with its operands."""

    operator: str
    """A name of ``FUNCTIONS``, ``z``, or empty for a number."""
    operands: "tuple[Expression, ...]" = ()
    number: float = 0.0
    size: int = field(init=False)
    """Its operators, numbers and variables."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(operand.size for operand in self.operands))
        if self.size > MAX_SIZE:
            raise UnfitError(TOO_LARGE)

    def __call__(self, z: Array) -> Array:
        """The value for an array of numbers or, by its last axis, of vectors."""
        with np.errstate(all="ignore"):
            if self.operator == "z":
                return z
            if not self.operator:
                return np.array(self.number)
            return FUNCTIONS[self.operator](*(operand(z) for operand in self.operands))

    def parts(self) -> "Iterator[Expression]":
        """All parts of it, itself included."""
        yield self
        for operand in self.operands:
            yield from operand.parts()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers in it, each once."""
        return tuple(dict.fromkeys(part.number for part in self.parts() if not part.operator))

    @property
    def over_units(self) -> bool:
        """Whether it combines all numbers of a vector."""
        return any(part.operator in OVER_UNITS for part in self.parts())

    @property
    def boolean(self) -> bool:
        """Whether it is true or false."""
        return self.operator in BOOLEAN

    def formula(self) -> str:
        """It as a custom activation of a spec has it."""
        if self.operator == "z":
            return "z"
        if not self.operator:
            return repr(self.number) if self.number >= 0.0 else f"(-{-self.number!r})"
        if self.operator in OVER_UNITS | {"or", "and", "not"}:
            raise UnfitError("it is no formula of one number")
        if self.operator == "where" and self.operands[0].operator == "and":
            (first, second), yes, no = self.operands[0].operands, *self.operands[1:]
            return call("where", first, call("where", second, yes, no), no).formula()
        words = [operand.formula() for operand in self.operands]
        if self.operator in _INFIX:
            return "(" + f" {self.operator} ".join(words) + ")"
        return f"{self.operator}({', '.join(words)})"

    def without_affine(self) -> "Expression":
        """It as a function of what it does with each ``z`` first, where that is the same; see ``shared_affine``."""
        if affine_steps(self)[1] is Z:
            return Z
        return Expression(self.operator, tuple(part.without_affine() for part in self.operands), self.number)

    def of(self, inner: "Expression") -> "Expression":
        """It as a function of another one."""
        if self is Z:
            return inner
        return Expression(self.operator, tuple(part.of(inner) for part in self.operands), self.number)

    def after_units(self) -> "tuple[Expression, Expression] | None":
        """The largest part that combines the numbers of a vector, and it as a function of this; None for itself."""
        for part in self.parts():
            if part is not self and part.over_units:
                outer = _at(self, part)
                if not outer.over_units and not any(map(math.isnan, outer.numbers)):
                    return part, outer
        return None


Z = Expression("z")


def number(value: float) -> Expression:
    """A number."""
    return Expression("", (), float(value))


def call(operator: str, *operands: "Expression | float") -> Expression:
    """An operator with its operands; that of numbers alone is a number."""
    parts = tuple(part if isinstance(part, Expression) else number(part) for part in operands)
    made = Expression(operator, parts)
    if any(part.operator for part in parts) or made.boolean:
        return _composed(made) or made
    return number(float(made(np.zeros(1))))


def function(text: str, *names: str) -> Callable[..., Any]:
    """A formula as a function of its names: of expressions and numbers, in this order."""
    tree = ast.parse(text, mode="eval").body
    return lambda *given: _built(tree, dict(zip(names, given, strict=True)))


def _built(tree: ast.expr, given: "Mapping[str, Expression | float]") -> "Expression | float":
    match tree:
        case ast.Name(id=name):
            return given[name]
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(operand=operand):
            return call("*", -1.0, _built(operand, given))
        case ast.BinOp(left=left, op=op, right=right):
            return call(OPERATORS[type(op)], _built(left, given), _built(right, given))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            pairs = zip(ops, pairwise([left, *rest]), strict=True)
            tests = [call(COMPARISONS[type(op)], _built(one, given), _built(two, given)) for op, (one, two) in pairs]
            return reduce(lambda one, two: call("and", one, two), tests)
        case ast.Call(func=ast.Name(id=name), args=args):
            return call(name, *(_built(part, given) for part in args))
    raise ValueError(ast.unparse(tree))


def _composed(function: Expression) -> Expression | None:
    """The function that an exporter has put together from others, without cancellation: log1p, softplus or erfc."""
    match function:
        case Expression("where", (Expression("==", (w, Expression("", (), 1.0))), u, Expression("/", (product, less)))):
            match w, product, less:
                case (
                    Expression("+", (Expression("", (), 1.0), inner)),
                    Expression("*", (Expression("log", (argument,)), factor)),
                    Expression("-", (reduced, Expression("", (), 1.0))),
                ) if inner is u is factor and argument is w is reduced:
                    return call("log1p", u)
        case Expression("+", (Expression("maximum", (u, Expression("", (), 0.0))), Expression("log1p", (small,)))):
            match small:
                case Expression("exp", (Expression("*", (Expression("", (), -1.0), Expression("abs", (inner,)))),)):
                    return call("softplus", u) if inner is u else None
        case Expression("where", (Expression(">", (u, Expression("", (), 0.0))), tail, Expression("-", rest))):
            two, same = rest
            if two.number == 2.0 and same is tail and _is_erfc(tail, u):
                return call("erfc", u)
    return None


def _is_erfc(function: Expression, u: Expression) -> bool:
    """Whether a function, a polynomial with an exponential, is erfc of an argument above 0."""
    points = np.linspace(0.0, 25.0, 500)  # beyond, erfc has few digits
    return np.allclose(_at(function, u)(points), _erfc(points), rtol=1e-12, atol=0.0)


def _at(function: Expression, u: Expression) -> Expression:
    """A function of ``u`` as one of ``z``; where it depends on ``z`` in another way, it is not a number."""
    if function is u:
        return Z
    if function is Z:
        return number(math.nan)
    return Expression(function.operator, tuple(_at(part, u) for part in function.operands), function.number)


def affine_steps(function: Expression) -> tuple[list[tuple[str, float]], Expression]:
    """The additions of and multiplications by numbers around a function, the innermost first, and that function.

    A step is one of ``+``, ``-``, ``*``, ``/`` with the number after it, or ``from``, which subtracts from the number.
    """
    steps = []
    while function.operator in ("+", "-", "*", "/"):
        left, right = function.operands
        if not right.operator and (function.operator in "+-" or right.number):
            steps.append((function.operator, right.number))
            function = left
        elif not left.operator and function.operator in "+*-" and (function.operator != "*" or left.number):
            steps.append(("from" if function.operator == "-" else function.operator, left.number))
            function = right
        else:
            break
    return steps[::-1], function


def shared_affine(function: Expression) -> Expression | None:
    """The same additions and multiplications around each ``z`` of a function; None if there are none."""
    found: dict[str, Expression] = {}

    def search(part: Expression) -> None:
        steps, inner = affine_steps(part)
        if inner is Z:
            found.setdefault(repr(steps), part)
            return
        for operand in part.operands:
            search(operand)

    search(function)
    (first,) = found.values() if len(found) == 1 else (Z,)
    return None if first is Z else first
