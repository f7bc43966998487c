"""Formulas as Python and NumPy compute them."""

import operator
import random
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.grammar import FUNCTIONS
from nngen.mathematics.formulas.vocabulary import PLAIN
from nngen.targets.targets import TARGETS

PYTHON, NUMPY = TARGETS["python"].words, TARGETS["numpy"].words


def same(letter: str) -> str:
    return letter


def plain(text: str) -> str:
    return Formula(text).write(PLAIN, same)


Tree: TypeAlias = str | tuple[Any, ...]

LETTERS = "abcz"

BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "**": operator.pow,
}

COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}

ONE = tuple(name for name, arguments in FUNCTIONS.items() if arguments == 1)


def grow(r: random.Random, depth: int) -> Tree:
    """A random formula, as a tree."""
    kind = (
        r.choice(["leaf", "+", "-", "*", "/", "%", "**", "-", "call", "call", "two", "where", "where"])
        if depth
        else "leaf"
    )
    match kind:
        case "leaf":
            leaf: str = r.choice([*LETTERS, "0.5", "2.0", "1e-3", "3"])
            return leaf
        case "**" | "%":
            return kind, grow(r, depth - 1), r.choice(["2", "3", "1.0"])
        case "call":
            return r.choice(["neg", *ONE]), grow(r, depth - 1)
        case "two":
            return r.choice(["maximum", "minimum"]), grow(r, depth - 1), grow(r, depth - 1)
        case "where":
            signs = [r.choice(list(COMPARE)) for _ in range(r.randint(1, 2))]
            chain = ("chain", signs, [grow(r, depth - 2 if depth > 1 else 0) for _ in range(len(signs) + 1)])
            return kind, chain, grow(r, depth - 1), grow(r, depth - 1)
    return kind, grow(r, depth - 1), grow(r, depth - 1)


def spell(tree: Tree) -> str:
    """The text of a tree, with parentheses everywhere."""
    match tree:
        case str():
            return tree
        case ("neg", of):
            return f"(-{spell(of)})"
        case ("chain", signs, parts):
            first, *others = map(spell, parts)
            return first + "".join(f"{sign}{part}" for sign, part in zip(signs, others, strict=True))
        case (sign, left, right) if sign in BINARY:
            return f"({spell(left)}{sign}{spell(right)})"
        case (name, *arguments):
            return f"{name}({','.join(map(spell, arguments))})"
    raise AssertionError(tree)
