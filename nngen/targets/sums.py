"""Sums and means of any number of terms."""

from collections.abc import Iterable, Iterator, Sequence

from nngen.mathematics.formulas import BREAK_BEFORE, Words

MAX_TERMS = 100
"""Terms of one sum. A sum is a syntax tree as deep as its number of terms, and some tools walk it by recursion.

349 levels were too many for ``ast.unparse``, Cython and CPython 3.15 on WASI. Parsers alone take more
(``benchmarks/terms.py``): CPython 3.11 and 3.12 2,992 terms, CPython 3.13 9,984, PyPy 6,112, MicroPython 32,000; Node,
GCC and Clang more than any page.
"""


def plus(terms: Iterable[str], operator: str = BREAK_BEFORE) -> str:
    """The sum of the terms; ``operator`` is the pattern of an operator between its operands."""
    return operator.format("+").join(terms)


def signed_sum(terms: Iterable[str], words: Words) -> str:
    """The sum of some terms; a term that begins with a minus is subtracted."""
    add, subtract = words.operator.format("+"), words.operator.format("-")
    return add.join(terms).replace(f"{add}-", subtract).replace(f"{add}⟦-", f"{subtract}⟦")


def sums(terms: Iterable[str], name: str, operator: str = BREAK_BEFORE) -> Iterator[str]:
    """The values of ``name`` up to the sum of the terms. A sum that is too long for a parser has several."""
    terms = list(terms)
    while len(terms) > MAX_TERMS:
        yield plus(terms[:MAX_TERMS], operator)
        terms = [name, *terms[MAX_TERMS:]]
    yield plus(terms, operator)


def averages(terms: Sequence[str], name: str, operator: str = BREAK_BEFORE, number: str = "{}") -> Iterator[str]:
    """The values of ``name`` up to the mean of the terms; ``number`` is the pattern of a number, as in ``Words``."""
    over = operator.format("/") + number.format(f"{len(terms)}.0")
    if len(terms) <= MAX_TERMS:
        yield f"(⟨{plus(terms, operator)}⟩){over}"
    else:
        yield from sums(terms, name, operator)
        yield f"{name}{over}"
