"""The words of a target: how a language writes the functions of a formula."""

from collections.abc import Callable, Mapping
from dataclasses import field

from nngen.common.records import dataclass
from nngen.mathematics.formulas.marks import BREAK_BEFORE, flat


@dataclass(frozen=True)
class Words:
    """The words of a target.

    ``calls`` has the name of each function, such as ``"math.exp"``, or a pattern. A pattern that does not end with a
    parenthesis, such as ``"{1} if {0} else {2}"``, gets parentheses where its place needs them.
    """

    calls: Mapping[str, str]
    whole: Mapping[str, str] = field(default_factory=dict)
    """Faster patterns for a call of a variable and a number that is the whole formula."""
    inline: Mapping[str, str] = field(default_factory=dict)
    """Patterns for a call whose arguments are all variables or numbers: a pattern may write each of them twice."""
    operator: str = BREAK_BEFORE
    """The pattern of an operator between its operands, with the place where a line may break."""
    marked: bool = False
    """Whether formulas keep their marks; otherwise they are plain text."""
    conjunction: str | None = None
    """The operator that joins two comparisons, in languages without ``a < b < c``."""
    comparison: str = "⟦{}⟧"
    """The pattern of each joined comparison."""
    equal: str = "=="
    tight_powers: bool = True
    """Whether a power of two short operands is written without spaces, as Python's formatter does."""
    prefix: str = ""
    """The prefix of the page's own functions."""
    cased: Callable[[str], str] = str
    """How the language writes the name of such a function."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Other names for some of them, whose own ones the page has for something else."""
    variable: str = "{}"
    """The pattern of a variable, such as ``"${}"``."""
    number: str | None = None
    """The pattern of numbers, which then all have a point or an exponent; None leaves them as they are."""
    power: str | None = None
    """The function of powers if no operator exists or the operator raises an error on overflow, or its pattern.

    Squares and cubes of operands that call no function but ``abs`` are then written as products.
    """
    bounded_powers: bool = False
    """Whether powers that cannot overflow use the operator all the same."""
    mask: str | None = None
    """The pattern of a condition that multiplies an array, in place of a choice between 1 and 0."""
    modulo: str | None = None
    """The function of remainders if no operator exists for these numbers."""

    def own(self, function: str) -> str:
        """The name of a function that the page defines for an activation."""
        return self.prefix + self.cased(self.renamed.get(function, function))

    def joined(self, left: str, sign: str, right: str) -> str:
        """Two operands and the operator between them."""
        return self.spelled(f"{left}{self.operator.format(sign)}{right}")

    def group(self, text: str) -> str:
        """An operation as an operand of another one."""
        return self.spelled(f"⟦{text}⟧")

    def spelled(self, text: str) -> str:
        """A text with marks as these words have it."""
        return text if self.marked else flat(text)


PLAIN = Words(calls={})
"""The words of the catalogue: each function is called by its own name."""
