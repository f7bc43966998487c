"""What a lesson leaves to be computed: values in its texts, answers, conditions, and whether its sentences are true."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice, product

from nngen.common.diagnostics import SpecError, nearest
from nngen.common.text import joined
from nngen.learning.course.given import MAX_STEPS, Given
from nngen.learning.course.text import Cut, Said, Source
from nngen.learning.course.values import names, value, words
from nngen.mathematics.formulas import TextError, UndefinedError, computation, normal_form

MAX_CASES = 200
"""The most cases of one claim: its examples, weights or ids, times its networks."""

Case = Mapping[str, str]
"""The meaning of each word after ``for each``: a name, or the number of an example."""

_SETTING = re.compile(r" ?([\w.]+)=(.+?)(?= [\w.]+=|$)", re.ASCII)
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

    def number(self, cut: Cut) -> float | None:
        """The value of a formula; None if it has none."""
        return self._number(cut, self.given, {})

    def _number(self, cut: Cut, given: Given, case: Case, before: str = "", after: str = "") -> float | None:
        """The value of a formula, which stands between two texts, where words of a case mean other names."""
        meant = {word: name for word, name in case.items() if word != "example"}
        known = names(given)
        for word, name in meant.items():
            known = {**known, **{one.replace(name, word): "" for one in known}}
        try:
            formula = normal_form(f"{before}{cut.text}{after}", known)
            numbers = {}
            for one in formula.variables:
                name = reduce(lambda text, word: text.replace(word, meant[word]), meant, one)
                numbers[one] = value(given, int(case.get("example", self.example)), name)
            return computation(formula, *numbers)(*numbers.values())[0]
        except TextError as error:
            start = min(max(0, error.start - len(before)), max(0, len(cut.text) - 1))
            label = nearest(error.word, error.known) if error.word else ""
            advice = error.advice
            if error.word:
                advice = "" if label else f"known: {', '.join(error.known[:12])}{', …' * (len(error.known) > 12)}"
            self.source.wrong(cut.part(start), error.message, advice, label, error.width)
        except UndefinedError as error:
            self.source.wrong(cut, f"this has no value: {error}")
        return None

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
        """Whether a comparison is true in all its cases; None after a mistake."""
        claim, _, settings = re.sub(r"\s", " ", cut.text).partition(" with ")
        formula, *each = claim.split(" for each ")
        if not re.search("[<>=]", formula):
            self.source.wrong(cut, "expected a comparison", "such as `a_y > 0.5`, or `trained_loss < 0.1`")
            return None
        try:
            cases = [*islice(self._cases(" ".join(settings.split()), each), MAX_CASES + 1)]
            others = {given for given, _ in cases} - {self.given}
            if not 0 < len(cases) <= MAX_CASES or sum(one.steps for one in others) > MAX_STEPS:
                listed = f"for each {joined(words(self.given), 'or')}; with other values of the spec, such as rate=1|2"
                limits = f"1 to {MAX_CASES} cases of this claim, of at most {MAX_STEPS:,} steps of training together"
                self.source.wrong(cut, f"expected {limits}", listed)
                return None
            part = cut.part(0, len(formula))
            found = {self._number(part, given, case, *_COMPARED) for given, case in cases}
        except SpecError as error:
            self.source.wrong(cut, error.diagnostics[0].message, error.diagnostics[0].help)
            return None
        return None if None in found else found == {1.0}

    def _cases(self, settings: str, each: Sequence[str]) -> Iterator[tuple[Given, Case]]:
        """The cases of a claim: each network with each example, weight or id; none if the text is wrong."""
        if _SETTING.sub("", settings):
            return
        choices = [[f"{one[1]}={choice}" for choice in one[2].split("|")] for one in _SETTING.finditer(settings)]
        for overrides in product(*choices):
            given = self.given.other(*overrides)
            for meant in product(*(words(given).get(word, ()) for word in each)):
                yield given, dict(zip(each, meant, strict=True))
