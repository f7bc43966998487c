"""Prints the syntax tree of a formula in the words of a target."""

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from nngen.common.records import dataclass
from nngen.mathematics.formulas.grammar import COMPARISONS, OPERATORS, FormulaError
from nngen.mathematics.formulas.marks import flat
from nngen.mathematics.formulas.vocabulary import Words

CHOICE, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)
"""How tightly each kind of expression binds. An operand that binds less than its place needs gets parentheses."""

_BINDING: Mapping[type[ast.operator], int] = {
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.Mult: PRODUCT,
    ast.Div: PRODUCT,
    ast.Mod: PRODUCT,
    ast.Pow: POWER,
}

_BOUNDED = frozenset({"cos", "sigmoid", "sign", "sin", "tanh"})
"""The functions whose values are at most 1 in size."""

_LITERAL = re.compile(r"-?\d+\.\d*(e[+-]?\d+)?")


@dataclass(frozen=True)
class Printer:
    """Prints a syntax tree in the words of a target. Each method gives a text with marks and how tightly it binds."""

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
                return (self.words.variable.format(text), ATOM) if text.isidentifier() else (text, binding(text))
            case ast.Constant(value=int() | float() as value) if self.words.number:
                return self.words.number.format(number(value)), ATOM
            case ast.Constant():
                return (ast.get_source_segment(self.source, node) if self.source else None) or repr(node.value), ATOM
            case ast.UnaryOp(operand=operand):
                text, binds = self.print(operand)
                # the formatter writes -(z**2), too; and --z is something else in languages with braces
                twice = text.startswith("-") and self.words.calls
                bare = binds >= SIGN and binds != POWER and not twice
                return (f"-{text}" if bare else f"-(⟨{text}⟩)"), SIGN
            case ast.BinOp(op=ast.Pow()):
                return self._power(node)
            case ast.BinOp(left=left, op=ast.Mod(), right=right) if self.words.modulo:
                return self._function(self.words.modulo, (left, right)), ATOM
            case ast.BinOp():
                return self._operation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call(func=ast.Name(id=function), args=args):
                return self._call(function, args)
        raise FormulaError(f"{self.source!r} is not arithmetic")

    def _place(self, node: ast.expr, needed: int, *, chained: bool = False) -> str:
        """A part of a formula, in parentheses if it binds less tightly than its place needs.

        An operation is a group, unless it begins a chain of operators that bind as tightly, as in ``a - b + c``.
        """
        text, binds = self.print(node)
        if binds < needed:
            return f"(⟨{text}⟩)"
        return text if "↵" not in text or binds == ATOM or (chained and binds == needed) else f"⟦{text}⟧"

    def _function(self, name: str, args: Iterable[ast.expr]) -> str:
        return f"{name}(⟨{',↵'.join(self._place(part, CHOICE) for part in args)}⟩)"

    def _power(self, node: ast.BinOp) -> tuple[str, int]:
        words = self.words
        if words.power and not (words.bounded_powers and _bounded(node)):
            times = {"2": 2, "3": 3}.get(ast.unparse(node.right))
            if times and _called(node.left) <= {"abs"}:
                return words.operator.format("*").join([self._place(node.left, ATOM)] * times), PRODUCT
            if "{" in words.power:
                return words.power.format(self._place(node.left, ATOM), self._place(node.right, SIGN)), POWER
            return self._function(words.power, (node.left, node.right)), ATOM
        base, exponent = self._place(node.left, ATOM), self._place(node.right, SIGN)
        tight = words.tight_powers and all(re.fullmatch(r"-?[\w.]+([-+]\d+)?", operand) for operand in (base, exponent))
        return f"{base}{'**' if tight else words.operator.format('**')}{exponent}", POWER

    def _operation(self, node: ast.BinOp) -> tuple[str, int]:
        sign, binds = OPERATORS[type(node.op)], _BINDING[type(node.op)]
        before = self._place(node.left, binds, chained=True)
        match node:
            case ast.BinOp(
                left=ast.Name() | ast.BinOp(),
                op=ast.Mult(),
                right=ast.Call(
                    func=ast.Name(id="where"), args=[condition, ast.Constant(value=1.0), ast.Constant(value=0.0)]
                ),
            ) if self.words.mask:
                mask = self.words.mask.format(self._place(condition, COMPARE))
                return f"{before}{self.words.operator.format(sign)}{mask}", PRODUCT
        after = self._place(node.right, binds + 1)
        if sign == "*" and "1.0" in (before, after):  # of an option: a factor of 1 is omitted
            return self.print(node.right if before == "1.0" else node.left)
        if sign == "+" and before == "0.0":
            return self.print(node.right)
        if sign == "+" and _LITERAL.fullmatch(before) and before.startswith("-") and not _LITERAL.fullmatch(after):
            first = self._place(node.right, binds, chained=True)
            return f"{first}{self.words.operator.format('-')}{before.removeprefix('-')}", binds
        if binds == SUM and _LITERAL.fullmatch(before) and _LITERAL.fullmatch(after):
            folded = _fold(before, sign, after)
            return folded, binding(folded)
        return f"{before}{self.words.operator.format(sign)}{after}", binds

    def _comparison(self, node: ast.Compare) -> tuple[str, int]:
        match node:
            case ast.Compare(
                left=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=low)),
                ops=[ast.Lt(), ast.Lt()],
                comparators=[middle, ast.Constant(value=high) as end],
            ) if self.words.conjunction == "&" and low == high:  # one comparison of arrays is quicker than two
                size = ast.Call(func=ast.Name(id="abs"), args=[middle], keywords=[])
                return self.print(ast.Compare(left=size, ops=[ast.Lt()], comparators=[end]))
        parts = [self._place(part, SUM) for part in (node.left, *node.comparators)]
        signs = [self.words.equal if type(op) is ast.Eq else COMPARISONS[type(op)] for op in node.ops]
        operator = self.words.operator
        if self.words.conjunction is None or len(signs) == 1:
            chain = (f"{operator.format(sign)}{part}" for sign, part in zip(signs, parts[1:], strict=True))
            return f"{parts[0]}{''.join(chain)}", COMPARE
        pairs = (f"{a}{operator.format(sign)}{b}" for a, sign, b in zip(parts, signs, parts[1:], strict=False))
        return operator.format(self.words.conjunction).join(map(self.words.comparison.format, pairs)), COMPARE

    def _call(self, function: str, args: Sequence[ast.expr]) -> tuple[str, int]:
        word = self.words.calls.get(function) or self.words.own(function)
        if function in self.words.inline and all(isinstance(part, ast.Name | ast.Constant) for part in args):
            word = self.words.inline[function]
        if "{" not in word:
            return self._function(word, args), ATOM
        closed = word.endswith(")")
        needed = CHOICE if "{}" in word else SUM if closed else COMPARE  # {0} stands beside an operator
        return word.format(*(self._place(part, needed) for part in args)), ATOM if closed else CHOICE


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


def binding(text: str) -> int:
    """How tightly a text binds that replaces a variable."""
    if text.isidentifier():
        return ATOM
    match ast.parse(flat(text), mode="eval").body:
        case ast.BinOp(op=op):
            return _BINDING[type(op)]
        case ast.UnaryOp():
            return SIGN
        case ast.Compare():
            return COMPARE
        case ast.IfExp():
            return CHOICE
    return ATOM


def number(value: float) -> str:
    """The shortest text that reads back as this number."""
    return repr(float(value))
