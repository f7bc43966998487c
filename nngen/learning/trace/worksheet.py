"""A worksheet: every equation of a training step with its numbers, in the order of the module."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from nngen.common.messages import joined, message
from nngen.common.records import dataclass
from nngen.common.text import printable
from nngen.learning.trace.example import Example
from nngen.learning.typeset import Digits, Symbol, tree
from nngen.plan import Plan

GENERAL = "general"
"""The part before all steps: equations without numbers."""

GIVEN, FORWARD, LOSS, BACKWARD, UPDATE = "given", "forward", "loss", "backward", "update"
"""The parts of a step."""


@dataclass(frozen=True)
class Line:
    """An equation: its symbol and its forms, from the chain rule or the page's formula to numbers."""

    symbol: Symbol
    rule: tree.Node | None
    """The chain rule, unless it equals the formula."""
    forms: tuple[tree.Node, ...]
    """The formula in symbols and with numbers; empty for a given value."""
    value: float | tree.Matrix | None
    """None in a general equation."""
    again: bool = False
    """Whether the symbol had a value before."""
    blank: bool = False
    """Whether its numbers are left out, for the reader to fill in."""
    brief: bool = False
    """Whether its formula in symbols is left out, as it is that of the line before for another example."""
    whole: bool = True
    """Whether its matrices are shown completely, however wide they are."""

    @property
    def right_sides(self) -> list[tree.Node]:
        """The chain rule and the forms."""
        return [*([self.rule] if self.rule else []), *self.forms]

    @property
    def computed(self) -> list[tree.Node]:
        """The same without a last form that is the value itself."""
        forms = self.right_sides
        return forms[:-1] if forms and isinstance(forms[-1], tree.Number) else forms

    @property
    def number(self) -> float:
        """Its value, if that is a number."""
        return 0.0 if self.value is None or isinstance(self.value, tree.Matrix) else self.value

    @property
    def shown(self) -> tree.Node | None:
        """Its value as mathematics, or a matrix with room for its numbers; None for a number to fill in."""
        if isinstance(self.value, tree.Matrix):
            return self.value.emptied if self.blank else self.value
        return None if self.value is None or self.blank else tree.Number(self.value)

    @property
    def matrices(self) -> list[tree.Matrix]:
        """All matrices in it."""
        nodes = [*self.forms, *([self.value] if isinstance(self.value, tree.Matrix) else [])]
        return [part for node in nodes for part in tree.walk(node) if isinstance(part, tree.Matrix)]

    def fitted(self, width: Callable[[tree.Matrix], int], room: int) -> "Line":
        """The line with narrow matrices if one would leave the page."""
        if self.whole or all(width(matrix) <= room for matrix in self.matrices):
            return self

        def narrow(node: tree.Node) -> tree.Node | None:
            return node.narrow if isinstance(node, tree.Matrix) else None

        value = self.value.narrow if isinstance(self.value, tree.Matrix) else self.value
        return replace(self, forms=tuple(tree.replaced(form, narrow) for form in self.forms), value=value)

    def blanked(self) -> "Line":
        """The line without its numbers: the rule and the formula in symbols remain."""
        return replace(self, forms=() if self.brief else self.forms[:1], blank=bool(self.forms))

    def result(self, digits: Digits) -> str:
        """Its value as text, or room for it; empty if it has none."""
        return tree.ROOM if self.blank else "" if self.value is None else digits.text(self.number)


def line(left: Symbol, *forms: tree.Node, again: bool = False) -> Line:
    """A general equation, which is about no particular unit."""
    return Line(left, None, forms, None, again)


@dataclass(frozen=True)
class Section:
    """The equations under a comment of the module."""

    part: str
    title: str
    layer: str
    """Their layer; empty if they belong to none."""
    lines: tuple[Line, ...]
    left: int = 0
    """The number of its equations that are not shown."""
    notes: tuple[str, ...] = ()
    """Explanations of its equations."""

    @property
    def beside(self) -> bool:
        """Whether its lines are given numbers, which stand side by side."""
        return self.part == GIVEN and not any(line.matrices for line in self.lines)

    @property
    def left_out(self) -> str:
        """A note on the equations that are not shown."""
        count = f"{self.left:,}"
        return message("and {count} more", count=count) if self.lines else message("{count} equations", count=count)


@dataclass(frozen=True)
class Step:
    """A training step with one example, or with several together."""

    number: int
    example: Example
    """Its first example."""
    sections: tuple[Section, ...]
    loss: float | None
    """None for a forward pass alone."""
    after: float
    """The loss of the same examples with the new parameters."""
    answer: str | tuple[float, ...] = ()
    """The answer of a forward pass in the words or units of the data."""
    blank: bool = False
    count: int = 1
    """The number of its examples."""

    @property
    def title(self) -> str:
        """Its heading among several steps."""
        return message("Step {number}", number=self.number)

    def outcome(self, digits: Digits) -> str:
        """The effect of the step, in words."""
        if self.loss is None:
            answer = self.answer if isinstance(self.answer, str) else ", ".join(map(digits.text, self.answer))
            return message("The answer is {answer}.", answer=tree.ROOM if self.blank else printable(answer))
        before, after = (tree.ROOM if self.blank else digits.text(loss) for loss in (self.loss, self.after))
        if self.count > 1:
            return message(
                "The loss of these {count} examples was {before}; after the step it is {after}.",
                count=self.count,
                before=before,
                after=after,
            )
        return message(
            "The loss of this example was {before}; after the step it is {after}.", before=before, after=after
        )


@dataclass(frozen=True)
class Worksheet:
    """Training steps with notes for the reader."""

    plan: Plan
    notes: tuple[str, ...]
    functions: tuple[tuple[str, str], ...]
    """The functions that the module defines for its equations: a call of each, and its description."""
    steps: tuple[Step, ...]
    general: tuple[Section, ...] = ()
    """The equations of the network as a textbook has them."""

    def blanked(self) -> "Worksheet":
        """The same worksheet as an exercise: the given numbers, and the equations in symbols."""

        def without(section: Section) -> Section:
            if section.part == GIVEN:
                return section
            return replace(section, lines=tuple(line.blanked() for line in section.lines))

        steps = (replace(step, sections=tuple(map(without, step.sections)), blank=True) for step in self.steps)
        return replace(self, steps=tuple(steps))

    @property
    def title(self) -> str:
        """The title of the worksheet."""
        if self.steps[0].loss is None:
            return message("{network}: a forward pass", network=self.plan.name)
        count = self.steps[0].count
        if len(self.steps) == 1 and count > 1:
            return message("{network}: a step of training with {count} examples", network=self.plan.name, count=count)
        if len(self.steps) == 1:
            return message("{network}: a step of training", network=self.plan.name)
        return message("{network}: {count} steps of training", network=self.plan.name, count=len(self.steps))

    @property
    def heads(self) -> Mapping[str, str]:
        """The headings of the parts. The slope of a perceptron's step is 0, so that its rule is not the chain rule."""
        perceptron = self.plan.loss.name == "perceptron"
        by_chain_rule, by_rule = message("Backward, by the chain rule"), message("Backward, by the perceptron rule")
        return {
            GENERAL: message("In general"),
            GIVEN: message("Given"),
            FORWARD: message("Forward"),
            LOSS: message("Loss"),
            BACKWARD: by_rule if perceptron else by_chain_rule,
            UPDATE: message("The step"),
        }

    def parts(self, digits: Digits) -> Iterator[tuple[str, str | Section]]:
        """What follows the notes, in its order: sections and, in the words of a language, headings and outcomes."""
        yield from self._sections(self.general, digits)
        for step in self.steps:
            if len(self.steps) > 1:
                yield "step", digits.says(step.title)
            yield from self._sections(step.sections, digits)
            yield "outcome", digits.says(step.outcome(digits))

    def _sections(self, sections: Iterable[Section], digits: Digits) -> Iterator[tuple[str, str | Section]]:
        for part, group in groupby(sections, lambda section: section.part):
            yield "head", digits.says(self.heads[part])
            yield from (("section", section) for section in group)

    def says(self, digits: Digits) -> Iterator[str]:
        """All notes for the reader."""
        yield from self.notes
        if digits.count is None:
            yield message("Numbers are shown with all their digits.")
        else:
            yield message("Numbers are computed in full and shown to {count} digits.", count=digits.count)
        for name, says in self.functions:
            yield joined(": ", (name, says))
