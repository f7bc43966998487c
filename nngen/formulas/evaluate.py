"""What a formula comes to at a point. Its syntax tree is walked; no formula is ever run as code."""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nngen.formulas.formula import Formula

Function = Callable[..., float]


class UndefinedError(ArithmeticError):
    """A formula has no finite real number at a point; the message is the part of it that has none: ``log(-3.1)``."""


def sigmoid(z: float) -> float:
    """The logistic function, in the form that cannot overflow."""
    e = math.exp(-abs(z))
    return (1.0 if z >= 0.0 else e) / (1.0 + e)


_FUNCTIONS: Mapping[str, Function] = {
    "abs": abs,
    "cos": math.cos,
    "erfc": math.erfc,
    "exp": math.exp,
    "expm1": math.expm1,
    "floor": math.floor,
    "log": math.log,
    "log1p": math.log1p,
    "maximum": max,
    "minimum": min,
    "sigmoid": sigmoid,
    "sign": lambda u: float((u > 0.0) - (u < 0.0)),
    "sin": math.sin,
    "softplus": lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "where": lambda condition, yes, no: yes if condition else no,  # both are computed before, as NumPy does
}
_OPERATORS: Mapping[type[ast.operator], tuple[str, Function]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", math.pow),  # which refuses what ** would make a complex number of
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
}


@dataclass(frozen=True)
class Computation:
    """A formula as steps, of which each takes the results of others by their places: the letters come first."""

    letters: tuple[str, ...]
    steps: list[tuple[str, Function, tuple[int, ...]]] = field(default_factory=list)

    def __call__(self, *values: float) -> tuple[float, float]:
        """The formula's value where its letters have these, and the size of the largest number on the way to it.

        Raises:
            UndefinedError: it has none, or a part of it has none, even of a branch that is not taken.
        """
        found = list(values)
        for name, function, places in self.steps:
            arguments = [found[place] for place in places]
            try:
                result = function(*arguments)
            except (ArithmeticError, ValueError):
                result = math.nan
            if not math.isfinite(result):
                raise UndefinedError(_said(name, arguments))
            found.append(result)
        return float(found[-1]), max(map(abs, found))

    def add(self, node: ast.expr) -> int:
        """Add the steps of a part of a formula, and give the place of its result."""
        match node:
            case ast.Name(id=letter):
                self.steps.append((letter, float, (self.letters.index(letter),)))
            case ast.Constant(value=int() | float() as value):
                self.steps.append(("", lambda: float(value), ()))
            case ast.UnaryOp(operand=operand):
                self.steps.append(("-", operator.neg, (self.add(operand),)))
            case ast.BinOp(left=left, op=op, right=right):
                self.steps.append((*_OPERATORS[type(op)], (self.add(left), self.add(right))))
            case ast.Compare(left=left, ops=ops, comparators=rest):
                holds = tuple(_COMPARISONS[type(op)] for op in ops)
                self.steps.append(("", _chain(holds), tuple(self.add(part) for part in (left, *rest))))
            case ast.Call(func=ast.Name(id=name), args=args):
                self.steps.append((name, _FUNCTIONS[name], tuple(self.add(part) for part in args)))
        return len(self.letters) + len(self.steps) - 1


def computation(formula: Formula, *letters: str) -> Computation:
    """A formula, ready to be computed at many points.

    Args:
        formula: one that calls nothing but functions of the catalogue.
        letters: its letters, in the order in which their values will be given.
    """
    made = Computation(letters)
    made.add(formula.tree)
    return made


def called(name: str, arguments: Sequence[ast.expr]) -> ast.expr:
    """The call of a function; of numbers alone, the number that it comes to.

    ``np.sqrt(2.0)`` has 64 bits and would widen a network of 32, which a number as it stands does not.
    """
    call = ast.Call(ast.Name(name), list(arguments), [])
    if any(map(_has_letters, arguments)):
        return call
    made = Computation(())
    made.add(call)
    try:
        value, _ = made()
    except UndefinedError:  # which the proof will say
        return call
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0.0 else ast.Constant(value)


def _has_letters(node: ast.expr) -> bool:
    """Whether it depends on a letter: a call of numbers alone is a number already, if it has a value."""
    return any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node))


def _chain(holds: Sequence[Callable[[float, float], bool]]) -> Function:
    return lambda *parts: all(one(u, v) for one, (u, v) in zip(holds, pairwise(parts), strict=True))


def _said(name: str, arguments: Sequence[float]) -> str:
    """What was computed last: ``log(-3.1)`` or ``1 / 0``."""
    numbers = [f"{number:.4g}" for number in arguments]
    return f"{name}({', '.join(numbers)})" if name.isidentifier() else f" {name} ".join(numbers)
