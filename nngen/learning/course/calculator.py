"""What a lesson leaves to be computed: values in its texts, answers, conditions, and whether its sentences are true."""

import ast
import re
from contextlib import suppress
from typing import Any

from nngen.common.diagnostics import nearest
from nngen.learning.course.claims import CLAIMS, holds
from nngen.learning.course.given import Given
from nngen.learning.course.text import Cut, Said, Source
from nngen.learning.course.values import MORE, names, values
from nngen.mathematics.formulas import Formula, TextError, UndefinedError, computation, normal_form

MAX_STEPS = 100_000
"""Epochs times examples of a network that a claim may train; the largest of the course has 18,000."""

_CALLED = re.compile(r"\s*([a-z]\w*)\s*\(", re.ASCII)
_COMPARED = ("where(", ", 1, 0)")
"""What makes a number of a comparison."""


def shown(number: float) -> str:
    """A number as a page writes it: with at most four decimals."""
    return f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


class Calculator:
    """Computes formulas for the network of a page. What is wrong with one becomes a mistake of its file."""

    def __init__(self, given: Given, source: Source) -> None:
        self.given = given
        self.source = source
        self.example = 0
        self._names = names(given)

    def number(self, cut: Cut, *, before: str = "", after: str = "") -> float | None:
        """The value of a formula, which stands between two texts; None if it has none."""
        try:
            formula = normal_form(f"{before}{cut.text}{after}", self._names)
            return self._value(formula)
        except TextError as error:
            start = min(max(0, error.start - len(before)), max(0, len(cut.text) - 1))
            self._refuse(cut.part(start), error)
        except UndefinedError as error:
            self.source.wrong(cut, f"this has no value: {error}")
        return None

    def _refuse(self, cut: Cut, error: TextError) -> None:
        if error.word:
            label = nearest(error.word, error.known)
            advice = "" if label else _known(error.known)
            self.source.wrong(cut, error.message, advice, label, error.width)
        else:
            self.source.wrong(cut, error.message, error.advice, "", error.width)

    def _value(self, formula: Formula) -> float:
        known = values(self.given, self.example)
        variables = sorted(formula.variables)
        numbers = [known[name] if name in known else self._more(name) for name in variables]
        return computation(formula, *variables)(*numbers)[0]

    def _more(self, name: str) -> float:
        """A number that no formula gives.

        Raises:
            UndefinedError: the network is of another kind.
        """
        try:
            return MORE[name](self._trainable())
        except Exception:
            raise UndefinedError(f"{name} of this network") from None

    def _trainable(self) -> Given:
        """The network, if it is small enough to be trained for a claim.

        Raises:
            ValueError: it is not.
        """
        if self.given.spec.training.epochs * len(self.given.examples[0]) > MAX_STEPS:
            raise ValueError
        return self.given

    def text(self, cut: Cut) -> str:
        """The value of a formula as a page writes it."""
        number = self.number(cut)
        return "" if number is None else shown(number)

    def plain(self, said: Said) -> str:
        """A text with its values, in one line."""
        made, place = [], 0
        for start, stop, formula in said.values:
            made += [said.text.text[place:start], self.text(formula)]
            place = stop
        return " ".join("".join([*made, said.text.text[place:]]).split())

    def check(self, said: Said) -> None:
        """Note the claims of a sentence that are false."""
        for fact in said.facts:
            if self.true(fact) is False:
                page = " ".join((self.given.path.name, *self.given.overrides))
                self.source.wrong(fact, f"this is false for {page}", "mend the sentence, or the network")

    def true(self, cut: Cut) -> bool | None:
        """Whether a comparison or a claim is true; None if it is neither."""
        called = _CALLED.match(cut.text)
        if called and called[1] in CLAIMS:
            return self._claim(cut)
        if not re.search("[<>=]", cut.text):
            advice = "a claim is a comparison, such as `a_y > 0.5`, or one of the course, such as `h1_never_moves()`"
            self.source.wrong(cut, "expected a comparison", advice)
            return None
        found = self.number(cut, before=_COMPARED[0], after=_COMPARED[1])
        return None if found is None else found == 1.0

    def _claim(self, cut: Cut) -> bool | None:
        """Whether a claim of the course is true."""
        with suppress(Exception):  # whatever is wrong with a user's text, it is no claim
            match ast.parse(cut.text.strip(), mode="eval").body:
                case ast.Call(func=ast.Name(id=name), args=given, keywords=keywords) as call if not _is_long(call):
                    named = {one.arg or "": self._argument(one.value) for one in keywords}
                    return holds(self._trainable(), name, *map(self._argument, given), **named)
        self.source.wrong(cut, "this claim does not fit the network", "see nngen/learning/course/claims.py")
        return None

    def _argument(self, node: ast.expr) -> Any:
        try:
            return ast.literal_eval(node)
        except ValueError:
            return self._value(normal_form(ast.unparse(node), self._names))


def _is_long(call: ast.Call) -> bool:
    """Whether a number in it, such as one of epochs, is large."""
    constants = [one.value for one in ast.walk(call) if isinstance(one, ast.Constant)]
    return max((one for one in constants if isinstance(one, int | float)), default=0) >= MAX_STEPS


def _known(known: tuple[str, ...]) -> str:
    listed = ", ".join(known[:12])
    return f"known: {listed}{', …' if len(known) > 12 else ''}"
