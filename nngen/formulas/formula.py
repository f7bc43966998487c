"""One line of mathematics as checked text.

The catalogues state each formula once, in the letters that the field uses: ``z`` in, ``a`` out, ``y`` target, ``w`` a
weight, ``g`` its gradient. A formula is parsed by Python's own ``ast``, refused unless it is arithmetic, and written
again in the words and names of a target. It is text and not a symbolic graph because a reader wants the equation in
the order in which it has always been written.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from nngen.formulas.vocabulary import PLAIN, Words

FUNCTIONS: Mapping[str, int] = {
    "abs": 1,
    "cos": 1,
    "erfc": 1,
    "exp": 1,
    "expm1": 1,
    "floor": 1,
    "log": 1,
    "log1p": 1,
    "maximum": 2,
    "minimum": 2,
    "sigmoid": 1,
    "sign": 1,
    "sin": 1,
    "softplus": 1,
    "sqrt": 1,
    "tanh": 1,
    "where": 3,
}
"""The functions that a formula may call, and how many arguments each takes."""

MAX_LENGTH = 300
"""Characters of a formula: it is one line, and as short a text cannot be nested too deeply to be read."""

# How tightly each kind of expression binds; an operand that binds less than its place asks for gets parentheses.
_CHOICE, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)

_OPERATORS: Mapping[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _SUM),
    ast.Sub: ("-", _SUM),
    ast.Mult: ("*", _PRODUCT),
    ast.Div: ("/", _PRODUCT),
    ast.Mod: ("%", _PRODUCT),
    ast.Pow: ("**", _POWER),
}
_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}

_BOUNDED = frozenset({"cos", "sigmoid", "sign", "sin", "tanh"})
"""The functions whose values are at most 1 in size."""

_LITERAL = re.compile(r"-?\d+\.\d*(e[+-]?\d+)?")


class FormulaError(ValueError):
    """The text is not a formula: it holds something else than arithmetic, or does not parse."""


@dataclass(frozen=True)
class Formula:
    """A checked formula.

    ``page_functions`` names further functions that the page itself defines, such as ``elu_slope``.

    Raises:
        FormulaError: the text is no arithmetic expression over numbers, letters and known functions, or is too long.
    """

    text: str
    page_functions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.text) > MAX_LENGTH:
            raise FormulaError(f"a formula has at most {MAX_LENGTH} characters, this one {len(self.text)}")
        _check(self.tree, self.text, self.page_functions)

    @cached_property
    def tree(self) -> ast.expr:
        """The syntax tree."""
        try:
            return ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise FormulaError(f"{self.text!r} is not a formula: {error}") from None

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The free names, each once, in the order in which the text has them."""
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        names = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in called]
        return tuple(dict.fromkeys(node.id for node in sorted(names, key=lambda node: node.col_offset)))

    @property
    def bare(self) -> bool:
        """Whether it is nothing but a letter."""
        return self.letters == (self.text,)

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """The functions called, once for each call."""
        return tuple(n.func.id for n in ast.walk(self.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))

    def write(self, words: Words, names: Callable[[str], str] = str) -> str:
        """Write the formula in a target's words, with each letter replaced by ``names(letter)``."""
        match self.tree:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(), ast.Constant()] as args) if name in words.alone:
                return words.alone[name].format(*(_write(part, words, names, self.text)[0] for part in args))
        return _write(self.tree, words, names, self.text)[0]

    def operand(self, words: Words, names: Callable[[str], str]) -> str:
        """The same, as one of several that an operator joins: a choice stands in parentheses."""
        text, binds = _write(self.tree, words, names, self.text)
        return f"({text})" if binds == _CHOICE else text

    def bind(self, values: Mapping[str, float]) -> "Formula":
        """The same formula with numbers in place of some letters."""
        return self.rename({letter: number(value) for letter, value in values.items()})

    def rename(self, names: Mapping[str, str]) -> "Formula":
        """The same formula with other letters, or whole expressions, in place of some."""
        return Formula(self.write(PLAIN, lambda letter: names.get(letter, letter)), self.page_functions)

    def times(self, factor: "Formula") -> "Formula":
        """This formula, which is no sum, multiplied by another; a factor of one is left out."""
        if factor.text == "1.0":
            return self
        if _binding(factor.text) == _PRODUCT:  # a product is multiplied factor by factor, from the left
            return Formula(f"{self.text} * {factor.text}", self.page_functions | factor.page_functions)
        return self._joined("this * that", factor)

    def divided_by(self, divisor: str) -> "Formula":
        """This formula divided by a letter or a number."""
        return self._joined("this / that", Formula(divisor))

    def _joined(self, pattern: str, other: "Formula") -> "Formula":
        joint = Formula(pattern).write(PLAIN, {"this": self.text, "that": other.text}.__getitem__)
        return Formula(joint, self.page_functions | other.page_functions)


class Kind(StrEnum):
    """How a line is computed.

    ``UNIT`` gives a value for each unit; ``LAYER``, ``SUM``, ``MAX`` and ``MEAN`` give one for the layer.
    ``BATCH_MEAN`` is the mean over the examples of a batch. ``RUNNING_MEAN`` is that mean in training, and the
    running statistic of the same name otherwise. ``GRADIENT`` is the derivative by a parameter, ``DROPOUT`` is drawn.
    """

    UNIT = "unit"
    LAYER = "layer"
    SUM = "sum"
    MAX = "max"
    MEAN = "mean"
    BATCH_MEAN = "batch_mean"
    RUNNING_MEAN = "running_mean"
    GRADIENT = "gradient"
    DROPOUT = "dropout"


SHARED = frozenset({Kind.SUM, Kind.MAX, Kind.MEAN, Kind.LAYER})
"""The kinds of lines that give one value for all units of a layer."""


@dataclass(frozen=True)
class Line:
    """An assignment of the page: ``name = formula`` for each unit, or ``name = sum(formula)`` over a layer's units."""

    name: str
    formula: Formula
    kind: Kind = Kind.UNIT

    def bind(self, values: Mapping[str, float]) -> "Line":
        """The same line with numbers in place of some letters."""
        return replace(self, formula=self.formula.bind(values))

    def rename(self, names: Mapping[str, str]) -> "Line":
        """The same line with other letters in place of some."""
        return replace(self, name=names.get(self.name, self.name), formula=self.formula.rename(names))


def line(text: str, page_functions: frozenset[str] = frozenset()) -> Line:
    """Read a line such as ``"e = exp(z - top)"`` or ``"total = sum(e)"``."""
    name, _, formula = text.partition(" = ")
    reduction = re.fullmatch(r"(sum|max|mean|batch_mean|running_mean)\((.*)\)", formula)
    read = Formula(reduction[2] if reduction else formula, page_functions)
    return Line(name, read, Kind(reduction[1])) if reduction else Line(name, read)


def spelled(tree: ast.expr) -> Formula:
    """The formula of a syntax tree that somebody has made, with no more parentheses than it needs.

    Raises:
        FormulaError: as ``Formula``.
    """
    return Formula(_write(tree, PLAIN, str, "")[0])


def number(value: float) -> str:
    """The shortest text that reads back as this number."""
    return repr(float(value))


def _check(node: ast.expr, text: str, page_functions: frozenset[str]) -> None:
    def check(child: ast.expr) -> None:
        _check(child, text, page_functions)

    match node:
        case ast.Name():
            pass
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            check(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            check(left)
            check(right)
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in _COMPARISONS for op in ops):
            for part in (left, *rest):
                check(part)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            arguments = len(args) if name in page_functions else FUNCTIONS.get(name)
            if arguments is None:
                raise FormulaError(f"{text!r}: unknown function {name!r}; known are {', '.join(FUNCTIONS)}")
            if len(args) != arguments:
                raise FormulaError(f"{text!r}: {name} takes {arguments}, not {len(args)} arguments")
            for part in args:
                check(part)
        case _:
            raise FormulaError(f"{text!r}: {ast.get_source_segment(text, node)!r} is not arithmetic")


def _write(node: ast.expr, words: Words, names: Callable[[str], str], source: str) -> tuple[str, int]:
    def place(child: ast.expr, needed: int) -> str:
        text, binds = _write(child, words, names, source)
        return text if binds >= needed else f"({text})"

    match node:
        case ast.Name(id=letter):
            text = names(letter)
            return text, _binding(text)
        case ast.Constant(value=int() | float() as value) if words.number:
            return words.number.format(number(value)), _ATOM
        case ast.Constant():
            return (ast.get_source_segment(source, node) if source else None) or repr(node.value), _ATOM
        case ast.UnaryOp(operand=operand):
            text, binds = _write(operand, words, names, source)
            bare = binds >= _SIGN and binds != _POWER  # the formatter writes -(z**2), too
            return (f"-{text}" if bare else f"-({text})"), _SIGN
        case ast.BinOp(left=left, op=ast.Pow(), right=right) if words.power and not (words.small and _small(node)):
            times = {"2": 2, "3": 3}.get(ast.unparse(right))
            if times and _called(left) <= {"abs"}:
                return " * ".join([place(left, _ATOM)] * times), _PRODUCT
            return words.power.format(place(left, _CHOICE), place(right, _CHOICE)), _ATOM
        case ast.BinOp(left=left, op=ast.Mod(), right=right) if words.modulo:
            return words.modulo.format(place(left, _CHOICE), place(right, _CHOICE)), _ATOM
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, exponent = place(left, _ATOM), place(right, _SIGN)
            hug = words.hugs and all(re.fullmatch(r"-?[\w.]+([-+]\d+)?", operand) for operand in (base, exponent))
            return (f"{base}**{exponent}" if hug else f"{base} ** {exponent}"), _POWER
        case ast.BinOp(
            left=ast.Name() | ast.BinOp() as left,
            op=ast.Mult(),
            right=ast.Call(
                func=ast.Name(id="where"), args=[condition, ast.Constant(value=1.0), ast.Constant(value=0.0)]
            ),
        ) if words.mask:
            return f"{place(left, _PRODUCT)} * {words.mask.format(place(condition, _COMPARE))}", _PRODUCT
        case ast.BinOp(left=left, op=op, right=right):
            sign, binds = _OPERATORS[type(op)]
            before, after = place(left, binds), place(right, binds + 1)
            if binds == _SUM and _LITERAL.fullmatch(before) and _LITERAL.fullmatch(after):
                folded = _fold(before, sign, after)
                return folded, _binding(folded)
            return f"{before} {sign} {after}", binds
        case ast.Compare(left=left, ops=ops, comparators=rest):
            parts = [place(part, _SUM) for part in (left, *rest)]
            signs = [words.equal if type(op) is ast.Eq else _COMPARISONS[type(op)] for op in ops]
            if words.both is None or len(signs) == 1:
                chain = " ".join(f"{sign} {part}" for sign, part in zip(signs, parts[1:], strict=True))
                return f"{parts[0]} {chain}", _COMPARE
            pairs = map(" ".join, zip(parts, signs, parts[1:], strict=False))
            return words.both.join(map(words.compared.format, pairs)), _COMPARE
        case ast.Call(func=ast.Name(id=function), args=args):
            pattern = words.calls.get(function)
            if pattern is None:
                return f"{words.prefix}{function}({', '.join(place(part, _CHOICE) for part in args)})", _ATOM
            closed = pattern.endswith(")")
            needed = _CHOICE if "{}" in pattern else _SUM if closed else _COMPARE  # {0} stands beside an operator
            return pattern.format(*(place(part, needed) for part in args)), _ATOM if closed else _CHOICE
    raise FormulaError(f"{source!r} is not arithmetic")


def _called(node: ast.expr) -> set[str]:
    """The functions that a part of a formula calls."""
    return {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}


def _small(power: ast.BinOp) -> bool:
    """Whether a power cannot be too large: that of a number, or of what is at most 1 in size.

    The number of the step, ``t``, is at least 1, and so is the exponent that it stands in.
    """
    base, exponent = power.left, power.right
    letters = {part.id for part in ast.walk(exponent) if isinstance(part, ast.Name)}.difference(_called(exponent))
    match base:
        case ast.Constant(value=int() | float() as value):
            return not letters or (letters == {"t"} and value <= 1.0)
        case ast.Call(func=ast.Name(id=name)):
            return name in _BOUNDED and isinstance(exponent, ast.Constant) and isinstance(exponent.value, int)
    return False


def _fold(before: str, sign: str, after: str) -> str:
    """The sum of two numbers that a spec has put into a formula; ``1.0 - 0.9`` stays, since its sum is no shorter."""
    folded, text = number(float(before) + float(after) * (1.0 if sign == "+" else -1.0)), f"{before} {sign} {after}"
    return folded if len(folded) <= len(text) and math.isfinite(float(folded)) else text


def _binding(text: str) -> int:
    """How tightly a replacement text binds."""
    if text.isidentifier():
        return _ATOM
    match ast.parse(text, mode="eval").body:
        case ast.BinOp(op=op):
            return _OPERATORS[type(op)][1]
        case ast.UnaryOp():
            return _SIGN
        case ast.Compare():
            return _COMPARE
        case ast.IfExp():
            return _CHOICE
    return _ATOM
