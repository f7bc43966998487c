"""The derivative of a formula, computed on its syntax tree and written as in a textbook.

Each rule is one of a first course of calculus. The result is simplified only a little: terms of 0 and factors of 1 are
omitted, and a product has numbers first, then variables, then functions. So a reader recognizes the rule behind a line.
"""

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from nngen.mathematics.formulas.evaluate import called
from nngen.mathematics.formulas.formula import Formula, spelled
from nngen.mathematics.formulas.printer import number

Tree = ast.expr

_SIGNS: Mapping[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "**": ast.Pow}


MAX_WHOLE = 1000
"""The largest exponent that is written as an integer; NumPy accepts none of more than 64 bits."""


def derivative(formula: Formula, variable: str) -> Formula:
    """The derivative of a formula with respect to one of its variables.

    At a kink or a jump the result is a one-sided value: the slope of ``abs`` at 0 is 0, and ``maximum`` and ``minimum``
    take the slope of their second argument if both are equal.

    Raises:
        FormulaError: the derivative is longer than ``MAX_LENGTH``.
    """
    return spelled(_derive(formula.tree, variable))


def _derive(u: Tree, variable: str) -> Tree:
    def d(part: Tree) -> Tree:
        return _derive(part, variable)

    match u:
        case ast.Name(id=name):
            return _constant(float(name == variable))
        case ast.UnaryOp(operand=v):
            return _times(_constant(-1.0), d(v))
        case ast.BinOp(left=v, op=ast.Add(), right=w):
            return _plus(d(v), d(w))
        case ast.BinOp(left=v, op=ast.Sub(), right=w):
            return _minus(d(v), d(w))
        case ast.BinOp(left=v, op=ast.Mult(), right=w):
            return _plus(_times(d(v), w), _times(v, d(w)))
        case ast.BinOp(left=v, op=ast.Div(), right=w):
            if _is(d(w), 0.0):
                return _over(d(v), w)
            return _over(_minus(_times(d(v), w), _times(v, d(w))), _square(w))
        case ast.BinOp(left=v, op=ast.Pow(), right=w):
            return _derive_power(v, w, d(v), d(w))
        case ast.Call(func=ast.Name(id="where"), args=[condition, v, w]):
            return _where(condition, d(v), d(w))
        case ast.Call(func=ast.Name(id="maximum"), args=[v, w]):
            return _where(ast.Compare(v, [ast.Gt()], [w]), d(v), d(w))
        case ast.Call(func=ast.Name(id="minimum"), args=[v, w]):
            return _where(ast.Compare(v, [ast.Lt()], [w]), d(v), d(w))
        case ast.Call(func=ast.Name(id=name), args=[v]):
            return _CHAIN[name](v, d(v))
    return _constant(0.0)  # a number


def _derive_power(u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    exponent = _number(v)
    if exponent is not None:
        return _times(_constant(exponent), power(u, _constant(exponent - 1.0)), du)
    whole = _join("**", u, v)
    return _times(whole, _plus(_times(dv, _call("log", u)), _over(_times(v, du), u)))


# The derivative of a function of u, given du, the derivative of u.
_CHAIN: Mapping[str, Callable[[Tree, Tree], Tree]] = {
    "abs": lambda u, du: _times(du, _call("sign", u)),
    "cos": lambda u, du: _times(_constant(-1.0), du, _call("sin", u)),
    "erfc": lambda u, du: _times(_constant(-2.0 / math.sqrt(math.pi)), du, _call("exp", _negative(_square(u)))),
    "exp": lambda u, du: _times(du, _call("exp", u)),
    "expm1": lambda u, du: _times(du, _call("exp", u)),
    "floor": lambda u, du: _constant(0.0),
    "log": lambda u, du: _over(du, u),
    "log1p": lambda u, du: _over(du, _plus(_constant(1.0), u)),
    "sigmoid": lambda u, du: _times(du, _call("sigmoid", u), _minus(_constant(1.0), _call("sigmoid", u))),
    "sign": lambda u, du: _constant(0.0),
    "sin": lambda u, du: _times(du, _call("cos", u)),
    "softplus": lambda u, du: _times(du, _call("sigmoid", u)),
    "sqrt": lambda u, du: _over(du, _times(_constant(2.0), _call("sqrt", u))),
    "tanh": lambda u, du: _times(du, _minus(_constant(1.0), _square(_call("tanh", u)))),
}


def _constant(value: float) -> Tree:
    return _negative(ast.Constant(-value)) if value < 0.0 else ast.Constant(value + 0.0)


def _number(u: Tree) -> float | None:
    """The value of a number with its sign; None for any other expression."""
    match u:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(operand=ast.Constant(value=int() | float() as value)):
            return -float(value)
    return None


def _is(u: Tree, value: float) -> bool:
    return _number(u) == value


def _join(sign: str, u: Tree, v: Tree) -> Tree:
    return ast.BinOp(u, _SIGNS[sign](), v)


def _call(name: str, *arguments: Tree) -> Tree:
    return called(name, arguments)


def _negative(u: Tree) -> Tree:
    return ast.UnaryOp(ast.USub(), u)


def _split(u: Tree) -> tuple[float, list[Tree]]:
    """Split a product into a number and its other factors."""
    match u:
        case ast.BinOp(left=v, op=ast.Mult(), right=w):
            (left, before), (right, after) = _split(v), _split(w)
            return left * right, before + after
        case ast.BinOp(left=v, op=ast.Div(), right=w):
            value, factors = _split(v)
            return (-1.0, [_join("/", _signed(-value, factors), w)]) if value < 0.0 else (1.0, [u])
        case ast.Constant(value=int() | float() as value):
            return float(value), []
        case ast.UnaryOp(operand=v):
            value, factors = _split(v)
            return -value, factors
    return 1.0, [u]


def _times(*factors: Tree) -> Tree:
    """A product: the number first, then variables, then the rest; divisors of the factors come last."""
    value, parts = _split(reduce(lambda u, v: _join("*", u, v), factors))
    if value == 0.0:
        return _constant(0.0)
    split = [_fraction(part) for part in parts]
    inner, others = _split(_product([above for above, _ in split])) if parts else (1.0, [])
    product = _signed(value * inner, sorted(others, key=lambda part: not isinstance(part, ast.Name)))
    return reduce(_over, (below for _, divisors in split for below in divisors), product)


def _fraction(u: Tree) -> tuple[Tree, list[Tree]]:
    """Split a quotient into its numerator and its divisors, in order."""
    if isinstance(u, ast.BinOp) and isinstance(u.op, ast.Div):
        above, divisors = _fraction(u.left)
        return above, [*divisors, u.right]
    return u, []


def _product(factors: Sequence[Tree]) -> Tree:
    return reduce(lambda u, v: _join("*", u, v), factors)


def _signed(value: float, factors: list[Tree]) -> Tree:
    if not factors:
        return _constant(value)
    if value == -1.0:
        return _product([_negative(factors[0]), *factors[1:]])
    return _product(factors if value == 1.0 else [_constant(value), *factors])


def _over(u: Tree, v: Tree) -> Tree:
    (value, factors), (divisor, others) = _split(u), _split(v)
    if value == 0.0 or divisor == 0.0:
        return u if value == 0.0 else _join("/", u, v)
    if len(number(value / divisor)) <= len(number(value)) and value / divisor * divisor == value:
        u, v = _signed(value / divisor, factors), _product(others) if others else _constant(1.0)
    return u if _is(v, 1.0) else _join("/", u, v)


def _plus(u: Tree, v: Tree) -> Tree:
    if _is(u, 0.0) or _is(v, 0.0):
        return v if _is(u, 0.0) else u
    value, factors = _split(v)
    return _join("-", u, _signed(-value, factors)) if value < 0.0 else _join("+", u, v)


def _minus(u: Tree, v: Tree) -> Tree:
    value, factors = _split(v)
    if value == 0.0 or _is(u, 0.0):
        return u if value == 0.0 else _signed(-value, factors)
    return _join("+", u, _signed(-value, factors)) if value < 0.0 else _join("-", u, v)


def power(u: Tree, v: Tree) -> Tree:
    """A power: an integral exponent is written as an integer, and an exponent of 1/2 as a root."""
    exponent = _number(v)
    if exponent is None:
        return _join("**", u, v)
    return u if exponent == 1.0 else _call("sqrt", u) if exponent == 0.5 else _join("**", u, _exponent(exponent))


def _exponent(value: float) -> Tree:
    whole = value.is_integer() and abs(value) <= MAX_WHOLE
    size = ast.Constant(int(abs(value)) if whole else abs(value))
    return size if value >= 0.0 else _negative(size)


def _square(u: Tree) -> Tree:
    return power(u, _constant(2.0))


def _where(condition: Tree, u: Tree, v: Tree) -> Tree:
    return u if ast.dump(u) == ast.dump(v) else _call("where", condition, u, v)
