"""The value of a formula at a point, computed from its syntax tree; no formula is ever run as code."""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from nngen.common.records import dataclass
from nngen.mathematics.formulas.formula import Formula

Function = Callable[..., float]


class UndefinedError(ArithmeticError):
    """A formula has no finite real value at a point; the message names the part without one, such as ``log(-3.1)``."""


def sigmoid(z: float) -> float:
    """The logistic function, in a form that cannot overflow."""
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
    "where": lambda condition, yes, no: yes if condition else no,  # both branches are computed before, as in NumPy
}
_OPERATORS: Mapping[type[ast.operator], tuple[str, Function]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Mod: ("%", math.fmod),
    ast.Pow: ("**", math.pow),  # raises an error where ** would give a complex number
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
    """A formula as a list of steps; each takes earlier results by their index, and the variables come first."""

    variables: tuple[str, ...]
    steps: list[tuple[str, Function, tuple[int, ...]]] = field(default_factory=list)

    def __call__(self, *values: float) -> tuple[float, float]:
        """The value of the formula for these values of its variables, and the largest absolute intermediate value.

        Raises:
            UndefinedError: a part of the formula has no finite value, even in a branch that is not taken.
        """
        results = list(values)
        for name, function, places in self.steps:
            arguments = [results[place] for place in places]
            try:
                result = function(*arguments)
            except (ArithmeticError, ValueError):
                result = math.nan
            if not math.isfinite(result):
                raise UndefinedError(_operation(name, arguments))
            results.append(result)
        return float(results[-1]), max(map(abs, results))

    def add(self, node: ast.expr) -> int:
        """Add the steps of a part of a formula, and return the index of its result."""
        match node:
            case ast.Name(id=variable):
                self.steps.append((variable, float, (self.variables.index(variable),)))
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
        return len(self.variables) + len(self.steps) - 1


def computation(formula: Formula, *variables: str) -> Computation:
    """Prepare a formula for evaluation at many points.

    Args:
        formula: a formula that calls only the functions of the catalogue.
        variables: its variables, in the order of the values that will be passed.
    """
    steps = Computation(variables)
    steps.add(formula.tree)
    return steps


def called(name: str, arguments: Sequence[ast.expr]) -> ast.expr:
    """The call of a function; if all arguments are numbers, its value.

    A call such as ``np.sqrt(2.0)`` gives 64 bits and would widen a float32 network; a literal does not.
    """
    call = ast.Call(ast.Name(name), list(arguments), [])
    if any(map(_has_variables, arguments)):
        return call
    steps = Computation(())
    steps.add(call)
    try:
        value, _ = steps()
    except UndefinedError:  # the trial of the formula will report it
        return call
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0.0 else ast.Constant(value)


def _has_variables(node: ast.expr) -> bool:
    """Whether an expression depends on a variable; a call of numbers only is a number by now, if it has a value."""
    return any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node))


def _chain(holds: Sequence[Callable[[float, float], bool]]) -> Function:
    return lambda *parts: all(test(u, v) for test, (u, v) in zip(holds, pairwise(parts), strict=True))


def _operation(name: str, arguments: Sequence[float]) -> str:
    """A step as text: ``log(-3.1)`` or ``1 / 0``."""
    numbers = [f"{number:.4g}" for number in arguments]
    return f"{name}({', '.join(numbers)})" if name.isidentifier() else f" {name} ".join(numbers)
