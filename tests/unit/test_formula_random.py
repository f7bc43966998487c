import ast
import math
import operator
import random
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nngen.mathematics.formulas.formula import MAX_LENGTH, Formula
from nngen.mathematics.formulas.printer import number
from nngen.mathematics.formulas.vocabulary import PLAIN
from tests.support.formulas import BINARY, COMPARE, LETTERS, NUMPY, ONE, PYTHON, Tree, grow, plain, same, spell

IN_MATH: Mapping[str, Callable[[float], float]] = {
    "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z)),
    "softplus": lambda z: math.log1p(math.exp(z)),
}
OF_THE_PAGE: Mapping[str, Callable[[Any], Any]] = {
    "erfc": np.vectorize(math.erfc, otypes=[float]),
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "softplus": lambda z: np.log1p(np.exp(z)),
}
"""Functions that a page defines; here they only have to be the same on both sides."""
IN_PYTHON: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "sign": lambda u: float((u > 0) - (u < 0)),
    "maximum": lambda u, v: v if v > u else u,  # as max has it: of equal ones, and where one is NaN, the first
    "minimum": lambda u, v: v if v < u else u,
    "where": lambda c, u, v: u() if c else v(),
    **{name: getattr(math, name) for name in ONE if hasattr(math, name)},
    **IN_MATH,
}
IN_NUMPY: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in (*ONE, "maximum", "minimum") if hasattr(np, name)},
    **OF_THE_PAGE,
    "where": lambda c, u, v: np.where(c, u(), v()),
}


def compute(tree: Tree, values: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    """The value of a tree."""
    match tree:
        case str():
            return values[tree] if tree in values else int(tree) if tree.isdigit() else float(tree)
        case ("neg", of):
            return -compute(of, values, functions)
        case ("chain", signs, (first, *others)):
            result, left = True, compute(first, values, functions)
            for sign, part in zip(signs, others, strict=True):
                right = compute(part, values, functions)
                result, left = result & COMPARE[sign](left, right), right
                if result is False:  # Python looks no further; an array does
                    break
            return result
        case ("where", condition, yes, no):
            held = compute(condition, values, functions)
            return functions["where"](
                held, lambda: compute(yes, values, functions), lambda: compute(no, values, functions)
            )
        case (sign, left, right) if sign in BINARY:
            return BINARY[sign](compute(left, values, functions), compute(right, values, functions))
        case (name, *arguments):
            return functions[name](*(compute(part, values, functions) for part in arguments))
    raise AssertionError(tree)


def outcome(run: Callable[..., Any], *arguments: Any) -> str:
    """A result that can be compared: exact, NaN equal to itself, or the name of the error."""
    try:
        return repr(run(*arguments))
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__


def grown(count: int, depth: int = 3) -> list[tuple[Tree, Formula]]:
    trees = [grow(random.Random(seed), depth) for seed in range(count)]
    return [(tree, Formula(spell(tree))) for tree in trees if len(spell(tree)) <= MAX_LENGTH]


OF_PYTHON = {"_power": operator.pow, **{f"_{name}": getattr(math, name) for name in ("exp", "expm1", "floor", "log1p")}}
PAGE = {"math": math, "log1p": math.log1p, **IN_MATH, **OF_PYTHON}
"""The names that a page of the python target has."""


def test_random_formulas_keep_their_value() -> None:
    r = random.Random(1)
    for tree, formula in grown(4_000):
        values: dict[str, float] = {letter: r.choice([-2.0, -0.5, 0.0, 1.0, 3.5]) for letter in LETTERS}
        names = {letter: r.choice([letter, f"u_{letter}", number(values[letter])]) for letter in LETTERS}
        bound = {name: values[letter] for letter, name in names.items()} | PAGE
        written = formula.write(PYTHON, names.__getitem__)
        computed = outcome(compute, tree, values, IN_PYTHON)
        found = outcome(eval, written, bound)
        assert found == computed or math.isclose(float(found), float(computed), rel_tol=1e-15), written  # cubes


def test_random_formulas_keep_their_value_in_numpy() -> None:
    r = np.random.default_rng(1)
    for tree, formula in grown(500):
        values = {letter: r.choice([-2.0, -0.5, 0.0, 1.0, 3.5], 6) for letter in LETTERS}
        written = formula.write(NUMPY, same)
        with np.errstate(all="ignore"):
            try:
                expected = compute(tree, values, IN_NUMPY)
            except ZeroDivisionError:  # between two numbers of the text, which are Python's own
                assert outcome(eval, written, {"np": np, **OF_THE_PAGE, **values}) == "ZeroDivisionError"
                continue
            np.testing.assert_array_equal(eval(written, {"np": np, **OF_THE_PAGE, **values}), expected, err_msg=written)


def test_random_formulas_are_written_once_and_for_all() -> None:
    for _, formula in grown(1_000):
        written = formula.write(PLAIN, same)
        assert plain(written) == written
        tree = ast.dump(ast.parse(written))
        for opening in re.finditer(
            r"(?<!\w)\(", written
        ):  # without them it would be another formula, except in -(a**2)
            closing = ends(written, opening.start())
            bare = written[: opening.start()] + written[opening.end() : closing] + written[closing + 1 :]
            assert ast.dump(ast.parse(bare)) != tree or written[: opening.start()].endswith("-"), written


def ends(text: str, opening: int) -> int:
    """The place of the closing parenthesis."""
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index
    raise AssertionError(text)


def test_random_formulas_are_as_the_formatter_has_them(tmp_path: Path) -> None:
    lines = {f.write(words, lambda s: f"x_{s}") for _, f in grown(400, 2) for words in (PLAIN, PYTHON, NUMPY)}
    file = tmp_path / "formulas.py"
    file.write_text("".join(f"v = {text}\n" for text in sorted(lines) if len(text) < 110), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "--diff", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
