"""Formulas: one line of mathematics as checked text.

The catalogues state each formula once, with the usual names: ``z`` is a weighted sum, ``a`` an activation, ``y`` a
target, ``w`` a weight, ``g`` its gradient. Python's ``ast`` parses a formula, only arithmetic is accepted, and a target
prints it in its own words and names. Formulas are text, not a symbolic graph, so that each equation keeps the order in
which textbooks write it.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
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
"""The functions that a formula may call, with their number of arguments."""

MAX_LENGTH = 300
"""Characters of a formula. It is one line, and a text of this length cannot be nested too deeply for the parser."""

# How tightly each kind of expression binds. An operand that binds less tightly than its place needs gets parentheses.
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
    """The text is not a formula: it does not parse, or it is not arithmetic."""


@dataclass(frozen=True)
class Formula:
    """A checked formula.

    ``page_functions`` names the functions that the page defines, such as ``elu_slope``; a formula may call these, too.

    Raises:
        FormulaError: the text is longer than ``MAX_LENGTH``, or is not arithmetic over numbers, variables and known
            functions.
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
    def variables(self) -> tuple[str, ...]:
        """The free variables, each once, in the order of the text."""
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        names = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in called]
        return tuple(dict.fromkeys(node.id for node in sorted(names, key=lambda node: node.col_offset)))

    @property
    def bare(self) -> bool:
        """Whether the formula is a single variable."""
        return self.variables == (self.text,)

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """The called functions, one entry per call."""
        return tuple(n.func.id for n in ast.walk(self.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))

    def write(self, words: Words, names: Callable[[str], str] = str) -> str:
        """Write the formula in a target's words, with each variable replaced by ``names(variable)``."""
        printer = _Printer(words, names, self.text)
        match self.tree:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(), ast.Constant()] as args) if name in words.whole:
                return words.whole[name].format(*(printer.print(part)[0] for part in args))
        return printer.print(self.tree)[0]

    def operand(self, words: Words, names: Callable[[str], str]) -> str:
        """Write the formula as an operand: a conditional expression gets parentheses."""
        text, binds = _Printer(words, names, self.text).print(self.tree)
        return f"({text})" if binds == _CHOICE else text

    def bind(self, values: Mapping[str, float]) -> "Formula":
        """Replace some variables by numbers."""
        return self.rename({variable: number(value) for variable, value in values.items()})

    def rename(self, names: Mapping[str, str]) -> "Formula":
        """Replace some variables by other names or by whole expressions."""
        return Formula(self.write(PLAIN, lambda variable: names.get(variable, variable)), self.page_functions)

    def times(self, factor: "Formula") -> "Formula":
        """The product of this formula, which is no sum, and another one; a factor of 1 is omitted."""
        if factor.text == "1.0":
            return self
        if _binding(factor.text) == _PRODUCT:  # a product is multiplied factor by factor, from the left
            return Formula(f"{self.text} * {factor.text}", self.page_functions | factor.page_functions)
        return self._joined("this * that", factor)

    def divided_by(self, divisor: str) -> "Formula":
        """The quotient of this formula and a variable or number."""
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
        """Replace some variables by numbers."""
        return replace(self, formula=self.formula.bind(values))

    def rename(self, names: Mapping[str, str]) -> "Line":
        """Replace some names, on both sides of the line."""
        return replace(self, name=names.get(self.name, self.name), formula=self.formula.rename(names))


def line(text: str, page_functions: frozenset[str] = frozenset()) -> Line:
    """Read a line such as ``"e = exp(z - top)"`` or ``"total = sum(e)"``."""
    name, _, formula = text.partition(" = ")
    reduction = re.fullmatch(r"(sum|max|mean|batch_mean|running_mean)\((.*)\)", formula)
    read = Formula(reduction[2] if reduction else formula, page_functions)
    return Line(name, read, Kind(reduction[1])) if reduction else Line(name, read)


def spelled(tree: ast.expr) -> Formula:
    """The formula of a syntax tree, with no more parentheses than needed.

    Raises:
        FormulaError: as ``Formula``.
    """
    return Formula(_Printer(PLAIN, str, "").print(tree)[0])


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
                raise FormulaError(f"{text!r}: unknown function {name!r}; known: {', '.join(FUNCTIONS)}")
            if len(args) != arguments:
                raise FormulaError(f"{text!r}: {name} takes {arguments}, not {len(args)} arguments")
            for part in args:
                check(part)
        case _:
            raise FormulaError(f"{text!r}: {ast.get_source_segment(text, node)!r} is not arithmetic")


@dataclass(frozen=True)
class _Printer:
    """Prints a syntax tree in the words of a target. Each method gives a text and how tightly it binds."""

    words: Words
    names: Callable[[str], str]
    source: str
    """The text of the formula, from which numbers are copied as they were written; empty for a tree without text."""

    def print(self, node: ast.expr) -> tuple[str, int]:
        """Print any part of a formula.

        Raises:
            FormulaError: it is not arithmetic.
        """
        match node:
            case ast.Name(id=variable):
                text = self.names(variable)
                return text, _binding(text)
            case ast.Constant(value=int() | float() as value) if self.words.number:
                return self.words.number.format(number(value)), _ATOM
            case ast.Constant():
                return (ast.get_source_segment(self.source, node) if self.source else None) or repr(node.value), _ATOM
            case ast.UnaryOp(operand=operand):
                text, binds = self.print(operand)
                bare = binds >= _SIGN and binds != _POWER  # the formatter writes -(z**2), too
                return (f"-{text}" if bare else f"-({text})"), _SIGN
            case ast.BinOp(op=ast.Pow()):
                return self._power(node)
            case ast.BinOp(left=left, op=ast.Mod(), right=right) if self.words.modulo:
                return self.words.modulo.format(self._place(left, _CHOICE), self._place(right, _CHOICE)), _ATOM
            case ast.BinOp():
                return self._operation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call(func=ast.Name(id=function), args=args):
                return self._call(function, args)
        raise FormulaError(f"{self.source!r} is not arithmetic")

    def _place(self, node: ast.expr, needed: int) -> str:
        """A part of a formula, in parentheses if it binds less tightly than its place needs."""
        text, binds = self.print(node)
        return text if binds >= needed else f"({text})"

    def _power(self, node: ast.BinOp) -> tuple[str, int]:
        words = self.words
        if words.power and not (words.bounded_powers and _bounded(node)):
            times = {"2": 2, "3": 3}.get(ast.unparse(node.right))
            if times and _called(node.left) <= {"abs"}:
                return " * ".join([self._place(node.left, _ATOM)] * times), _PRODUCT
            return words.power.format(self._place(node.left, _CHOICE), self._place(node.right, _CHOICE)), _ATOM
        base, exponent = self._place(node.left, _ATOM), self._place(node.right, _SIGN)
        tight = words.tight_powers and all(re.fullmatch(r"-?[\w.]+([-+]\d+)?", operand) for operand in (base, exponent))
        return (f"{base}**{exponent}" if tight else f"{base} ** {exponent}"), _POWER

    def _operation(self, node: ast.BinOp) -> tuple[str, int]:
        sign, binds = _OPERATORS[type(node.op)]
        before = self._place(node.left, binds)
        match node:
            case ast.BinOp(
                left=ast.Name() | ast.BinOp(),
                op=ast.Mult(),
                right=ast.Call(
                    func=ast.Name(id="where"), args=[condition, ast.Constant(value=1.0), ast.Constant(value=0.0)]
                ),
            ) if self.words.mask:
                return f"{before} * {self.words.mask.format(self._place(condition, _COMPARE))}", _PRODUCT
        after = self._place(node.right, binds + 1)
        if sign == "*" and "1.0" in (before, after):  # of an option: a factor of 1 is omitted
            return self.print(node.right if before == "1.0" else node.left)
        if sign == "+" and before == "0.0":
            return self.print(node.right)
        if sign == "+" and _LITERAL.fullmatch(before) and before.startswith("-") and not _LITERAL.fullmatch(after):
            return f"{self._place(node.right, binds)} - {before.removeprefix('-')}", binds
        if binds == _SUM and _LITERAL.fullmatch(before) and _LITERAL.fullmatch(after):
            folded = _fold(before, sign, after)
            return folded, _binding(folded)
        return f"{before} {sign} {after}", binds

    def _comparison(self, node: ast.Compare) -> tuple[str, int]:
        parts = [self._place(part, _SUM) for part in (node.left, *node.comparators)]
        signs = [self.words.equal if type(op) is ast.Eq else _COMPARISONS[type(op)] for op in node.ops]
        if self.words.conjunction is None or len(signs) == 1:
            chain = " ".join(f"{sign} {part}" for sign, part in zip(signs, parts[1:], strict=True))
            return f"{parts[0]} {chain}", _COMPARE
        pairs = map(" ".join, zip(parts, signs, parts[1:], strict=False))
        return self.words.conjunction.join(map(self.words.comparison.format, pairs)), _COMPARE

    def _call(self, function: str, args: Sequence[ast.expr]) -> tuple[str, int]:
        pattern = self.words.calls.get(function)
        if pattern is None:
            return f"{self.words.prefix}{function}({', '.join(self._place(part, _CHOICE) for part in args)})", _ATOM
        closed = pattern.endswith(")")
        needed = _CHOICE if "{}" in pattern else _SUM if closed else _COMPARE  # {0} stands beside an operator
        return pattern.format(*(self._place(part, needed) for part in args)), _ATOM if closed else _CHOICE


def _called(node: ast.expr) -> set[str]:
    """The functions that an expression calls."""
    return {part.func.id for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}


def _bounded(power: ast.BinOp) -> bool:
    """Whether a power cannot overflow: its base is a number or at most 1 in size.

    The number of the step, ``t``, is at least 1, and so is an exponent that contains it.
    """
    base, exponent = power.left, power.right
    variables = {part.id for part in ast.walk(exponent) if isinstance(part, ast.Name)}.difference(_called(exponent))
    match base:
        case ast.Constant(value=int() | float() as value):
            return not variables or (variables == {"t"} and value <= 1.0)
        case ast.Call(func=ast.Name(id=name)):
            return name in _BOUNDED and isinstance(exponent, ast.Constant) and isinstance(exponent.value, int)
    return False


def _fold(before: str, sign: str, after: str) -> str:
    """Add two numbers that a spec put into a formula, if that shortens the text; so ``1.0 - 0.9`` stays."""
    folded, text = number(float(before) + float(after) * (1.0 if sign == "+" else -1.0)), f"{before} {sign} {after}"
    return folded if len(folded) <= len(text) and math.isfinite(float(folded)) else text


def _binding(text: str) -> int:
    """How tightly a text binds that replaces a variable."""
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
