"""Formulas: one line of mathematics as checked text.

The catalogues state each formula once, with the usual names: ``z`` is a weighted sum, ``a`` an activation, ``y`` a
target, ``w`` a weight, ``g`` its gradient. Python's ``ast`` parses a formula, only arithmetic is accepted, and a target
prints it in its own words and names. Formulas are text, not a symbolic graph, so that each equation keeps the order in
which textbooks write it.
"""

import ast
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from nngen.common.records import dataclass
from nngen.mathematics.formulas.grammar import FormulaError, check
from nngen.mathematics.formulas.marks import flat
from nngen.mathematics.formulas.printer import ATOM, CHOICE, PRODUCT, SUM, Printer, binding, number
from nngen.mathematics.formulas.vocabulary import PLAIN, Words

MAX_LENGTH = 300
"""Characters of a formula. It is one line, and a text of this length cannot be nested too deeply for the parser."""


@lru_cache(maxsize=4096)  # each target writes the formulas of a network again
def _checked(text: str, page_functions: frozenset[str]) -> ast.expr:
    """The syntax tree of a formula.

    Raises:
        FormulaError: the text is no formula.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise FormulaError(f"{text!r} is not a formula: {error}") from None
    check(tree, text, page_functions)
    return tree


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
        _checked(self.text, self.page_functions)

    @property
    def tree(self) -> ast.expr:
        """The syntax tree, which other formulas share."""
        return _checked(self.text, self.page_functions)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The free variables, each once, in the order of the text."""
        nodes = [*ast.walk(self.tree)]
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        names = [node for node in nodes if isinstance(node, ast.Name) and id(node) not in called]
        return tuple(dict.fromkeys(node.id for node in sorted(names, key=lambda node: node.col_offset)))

    @property
    def bare(self) -> bool:
        """Whether the formula is a single variable."""
        return self.variables == (self.text,)

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """The called functions, one entry per call."""
        return tuple(n.func.id for n in ast.walk(self.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))

    @cached_property
    def square(self) -> tuple[str, "Formula"] | None:
        """The number and the base of a number times a square, as in ``0.5 * (a - y) ** 2``; None of other formulas."""
        match self.tree:
            case ast.BinOp(ast.Constant(value=int() | float() as factor), ast.Mult(), ast.BinOp() as power):
                pass
            case power:
                factor = 1.0
        match power:
            case ast.BinOp(base, ast.Pow(), ast.Constant(value=2)) if self.variables:
                return number(factor), Formula(flat(Printer(PLAIN, str, "").print(base)[0]), self.page_functions)
        return None

    def write(self, words: Words, names: Callable[[str], str] = str) -> str:
        """Write the formula in a target's words, with each variable replaced by ``names(variable)``."""
        printer = Printer(words, names, self.text)
        match self.tree:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(), ast.Constant()] as args) if name in words.whole:
                return words.spelled(words.whole[name].format(*(printer.print(part)[0] for part in args)))
        return words.spelled(printer.print(self.tree)[0])

    def operand(self, words: Words, names: Callable[[str], str] = str) -> str:
        """Write the formula as a term of a sum: a conditional expression gets parentheses."""
        text, binds = Printer(words, names, self.text).print(self.tree)
        if binds == CHOICE:
            return words.spelled(f"(⟨{text}⟩)")
        return words.spelled(text) if binds in (SUM, ATOM) else words.group(text)

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
        if binding(factor.text) == PRODUCT:  # a product is multiplied factor by factor, from the left
            return Formula(f"{self.text} * {factor.text}", self.page_functions | factor.page_functions)
        return self._joined("this * that", factor)

    def divided_by(self, divisor: str) -> "Formula":
        """The quotient of this formula and a variable or number."""
        return self._joined("this / that", Formula(divisor))

    def _joined(self, pattern: str, other: "Formula") -> "Formula":
        joint = Formula(pattern).write(PLAIN, {"this": self.text, "that": other.text}.__getitem__)
        return Formula(joint, self.page_functions | other.page_functions)


def spelled(tree: ast.expr) -> Formula:
    """The formula of a syntax tree, with no more parentheses than needed.

    Raises:
        FormulaError: as ``Formula``.
    """
    return Formula(flat(Printer(PLAIN, str, "").print(tree)[0]))
