"""The formula in a user's unchecked text: its normal form, or what is wrong with it and where.

Only the arithmetic is kept. The formula is printed again from its syntax tree, so no comment, no unusual spelling of a
number and no look-alike character can reach a generated module.
"""

import ast
import keyword
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from nngen.common.records import dataclass
from nngen.mathematics.formulas.derivative import power
from nngen.mathematics.formulas.evaluate import called
from nngen.mathematics.formulas.formula import Formula, spelled
from nngen.mathematics.formulas.grammar import FUNCTIONS, FormulaError

MAX_TEXT = 200
"""Characters of a custom formula, which leave room for the factors that a page adds to it."""

MAX_LEVELS = 30
"""Levels of nesting; the deepest formula of the catalogue has 8."""

LARGEST = 1e30
"""The bound on the size of a number in a formula, so that products of it still fit into 32 bits."""

_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|<=|>=|==|[-+*/(),<>])", re.ASCII
)
_ADVICE: Mapping[str, str] = {
    "^": "a power is written `**`",
    "!": "there is no `!=`: swap the branches of `where`",
    "=": "equality is written `==`",
    "%": "the remainder of a division is `u - v * floor(u / v)`",
    "#": "a formula has no comment: write the comment after the quotes",
    "[": "use parentheses, `(` and `)`",
    "\N{MINUS SIGN}": "a minus is written `-`",
    "\N{EN DASH}": "a minus is written `-`",
    "\N{MULTIPLICATION SIGN}": "a product is written `*`",
    "\N{MIDDLE DOT}": "a product is written `*`",
    "\N{DIVISION SIGN}": "a quotient is written `/`",
    "\N{SUPERSCRIPT TWO}": "a square is written `**2`",
    "\N{LESS-THAN OR EQUAL TO}": "write `<=`",
    "\N{GREATER-THAN OR EQUAL TO}": "write `>=`",
}
_ARITHMETIC = "numbers, variables, + - * / **, parentheses, and functions"


@dataclass(eq=False)
class TextError(ValueError):
    """A text is not a formula; ``start`` and ``width`` mark the wrong characters.

    ``word`` is an unknown name, and ``known`` are the known ones.
    """

    message: str
    start: int = 0
    width: int = 1
    advice: str = ""
    word: str = ""
    known: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.message


def normal_form(text: str, variables: Mapping[str, str]) -> Formula:
    """The formula in a text, with all numbers as floats, except integral exponents.

    Args:
        text: any text.
        variables: the variables that the formula may have, each with its meaning.

    Raises:
        TextError: the text is not arithmetic over these variables, or it is too long.
    """
    text = re.sub(r"[\t\r\n]", " ", text)
    tokens = list(_tokens(text))
    if not tokens:
        raise TextError("the formula is empty", 0, len(text))
    _pair(tokens)
    _alternate(tokens)
    start = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        place = (error.offset or 1) - 1 if isinstance(error, SyntaxError) else 0
        raise TextError(
            "this is not a formula", min(start + place, len(text) - 1), 1, f"a formula has {_ARITHMETIC}"
        ) from None
    if _levels(tree) > MAX_LEVELS:
        raise TextError(f"the formula is nested more than {MAX_LEVELS} levels deep", start, len(text.strip()))
    try:
        found = spelled(_Reader(start, variables).read(tree))
    except FormulaError as error:
        raise TextError(str(error), start, len(text.strip())) from None
    if len(found.text) > MAX_TEXT:
        message = f"the formula has {len(found.text)} characters, but at most {MAX_TEXT} fit: {found.text[:20]}..."
        raise TextError(message, start, len(text.strip()))
    return found


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def stop(self) -> int:
        return self.start + len(self.text)

    @property
    def ends(self) -> bool:
        """Whether an operand ends here."""
        return self.kind != "sign" or self.text == ")"

    @property
    def begins(self) -> bool:
        """Whether an operand begins here."""
        return self.kind != "sign" or self.text == "("


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            bad = text[place]
            raise TextError(f"the character {bad!r} is not allowed in a formula", place, 1, _ADVICE.get(bad, ""))
        if keyword.iskeyword(match[0]):
            advice = "a choice is written `where(z > 0, z, 0)`" if match[0] in ("if", "else") else ""
            raise TextError(f"{match[0]!r} is not allowed in a formula", place, len(match[0]), advice)
        yield _Token(match.lastgroup or "", match[0], place)
        place = match.end()


def _pair(tokens: Sequence[_Token]) -> None:
    """Refuse unmatched parentheses."""
    opened: list[_Token] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token)
        elif token.text == ")" and not opened:
            raise TextError("this parenthesis was never opened", token.start)
        elif token.text == ")":
            opened.pop()
    if opened:
        raise TextError("this parenthesis is never closed", opened[-1].start)


def _alternate(tokens: Sequence[_Token]) -> None:
    """Refuse operands with no operator between them, and operators without an operand."""
    edge = _Token("sign", "", 0)
    for before, after in pairwise((edge, *tokens, edge)):
        if before.ends and after.begins and not (before.kind == "name" and after.text == "("):
            message = f"an operator is missing between {before.text!r} and {after.text!r}"
            raise TextError(message, before.start, after.stop - before.start, "a product is written `*`: `2 * z`")
        if not before.ends and not after.begins and (after.text not in ("+", "-")):
            blamed = after if after.text else before
            side = "before" if after.text else "after"
            raise TextError(f"something is missing {side} {blamed.text!r}", blamed.start, len(blamed.text))


def _levels(tree: ast.expr) -> int:
    levels, nodes = 0, [tree]
    while nodes:
        levels += 1
        children = [child for node in nodes for child in ast.iter_child_nodes(node)]
        nodes = [child for child in children if isinstance(child, ast.expr)]
    return levels


class _Reader:
    """Reads a tree of Python into one of arithmetic; ``shift`` is where its text begins."""

    def __init__(self, shift: int, variables: Mapping[str, str]) -> None:
        self.shift = shift
        self.variables = variables

    def read(self, node: ast.expr) -> ast.expr:
        """The normal form of a numeric expression; a comparison is not one."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return ast.Constant(self._number(node, value))
            case ast.Name(id=name):
                return ast.Name(self._variable(node, name))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ast.UnaryOp(ast.USub(), self.read(operand))
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
                return power(self.read(base), self.read(exponent))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right=right):
                return ast.BinOp(self.read(left), op, self.read(right))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args)
            case ast.Compare():
                message = "a comparison is not a number"
                raise self._wrong(node, message, "use it as the condition of `where(condition, yes, no)`")
            case ast.Tuple():
                raise self._wrong(node, "a comma is allowed only between the arguments of a function")
        raise self._wrong(node, "this is not arithmetic", f"a formula has {_ARITHMETIC}")

    def _number(self, node: ast.expr, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if number >= LARGEST:
            raise self._wrong(node, f"a number must be less than {LARGEST:g}")
        return number

    def _variable(self, node: ast.expr, name: str) -> str:
        if name in FUNCTIONS:
            arguments = ", ".join("uvw"[: FUNCTIONS[name]])
            raise self._wrong(node, f"{name!r} is a function", f"write its arguments: `{name}({arguments})`")
        if name not in self.variables:
            known = " and ".join(f"{variable} ({what})" for variable, what in self.variables.items())
            raise self._wrong(node, f"unknown variable {name!r}", f"known: {known}", name, tuple(self.variables))
        return name

    def _call(self, node: ast.expr, name: str, args: Sequence[ast.expr]) -> ast.expr:
        arguments = FUNCTIONS.get(name)
        if arguments is None:
            known = ", ".join(FUNCTIONS)
            raise self._wrong(node, f"unknown function {name!r}", f"known functions: {known}", name, tuple(FUNCTIONS))
        if len(args) != arguments:
            raise self._wrong(node, f"{name} takes {arguments} argument{'s' * (arguments > 1)}, not {len(args)}")
        if name != "where":
            return called(name, [self.read(argument) for argument in args])
        condition, *branches = args
        if not isinstance(condition, ast.Compare):
            raise self._wrong(condition, "the condition of `where` must be a comparison", "as in `where(z > 0, z, 0)`")
        if not all(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq) for op in condition.ops):
            raise self._wrong(condition, "a comparison must use <, <=, >, >= or ==")
        compared = ast.Compare(
            self.read(condition.left), condition.ops, [self.read(one) for one in condition.comparators]
        )
        return called(name, [compared, *(self.read(one) for one in branches)])

    def _wrong(
        self, node: ast.expr, message: str, advice: str = "", word: str = "", known: tuple[str, ...] = ()
    ) -> TextError:
        width = len(word) or (node.end_col_offset or 0) - node.col_offset
        return TextError(message, self.shift + node.col_offset, width, advice, word, known)
