"""A lesson for the network of a page: what its template writes."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from nngen.common.records import dataclass
from nngen.learning.course.blocks import Block, Figure, Lesson, Prose, Question
from nngen.learning.course.calculator import Calculator
from nngen.learning.course.given import Given
from nngen.learning.course.looks import Looks
from nngen.learning.course.markdown import line, prose
from nngen.learning.course.text import Said

CURVES = {"of": "z", "from": "-4", "to": "4", "by": "0.1", "at": "0", "chain": "", "mute": "no"}
"""What curves are without attributes."""


@dataclass(frozen=True)
class Option:
    """An answer, a step or a mistake of a question."""

    text: str
    hint: str
    right: bool = False
    number: float = 0.0
    """The number of a mistake."""


@dataclass(frozen=True)
class Part:
    """A block of a scene."""

    kind: str
    name: str = ""
    text: str = ""
    """HTML."""
    again: bool = False
    answer: float | None = None
    tolerance: float | None = None
    options: tuple[Option, ...] = ()
    words: tuple[str, ...] = ()
    """The curves of a figure, or the texts of a formula."""
    settings: dict[str, str] | None = None

    @property
    def answers(self) -> list[str]:
        """The answer to a question; of an order, its steps."""
        if self.answer is not None:
            return [f"{self.answer:.4g}".replace("-", "−")]
        return [option.text for option in self.options if option.right or self.kind == "order"]

    @property
    def mistakes(self) -> list[str]:
        """The hints for typical mistakes."""
        return [*dict.fromkeys(one.hint for one in self.options if not one.right and self.kind != "order")]


@dataclass(frozen=True)
class Scene:
    """A scene of a page."""

    go: str
    """What the button to the next scene says."""
    look: dict[str, Any]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Shown:
    """What a page shows of a lesson."""

    question: Markup
    scenes: tuple[Scene, ...]
    """The last one is the summary."""

    @property
    def parts(self) -> list[Part]:
        """The parts of all scenes."""
        return [part for scene in self.scenes for part in scene.parts]

    @property
    def questions(self) -> list[Part]:
        """Those that ask."""
        return [part for part in self.parts if part.kind in ("ask", "choose", "order")]


def agree(given: float, exact: float) -> bool:
    """Whether a page takes one number for the other: to two significant digits, whole numbers below 10 exactly."""
    if exact == 0.0 or (exact.is_integer() and abs(exact) < 10.0):
        return abs(given - exact) < 1e-9
    return f"{given:.1e}" == f"{exact:.1e}"


class Shower:
    """Computes what a page shows of a lesson; the mistakes are noted in the source of the lesson."""

    def __init__(self, lesson: Lesson, given: Given, *, main: bool = True) -> None:
        self._room = lesson.head.room if main else None  # it is about the lesson's own network
        self._scenes = lesson.scenes
        self._source = lesson.source
        self._calculator = Calculator(given, lesson.source)
        self._looks = Looks(given, lesson.source)

    def show(self) -> Shown:
        """Compute all that the page shows."""
        listed = self._scenes
        if not listed:  # a mistake that has been noted
            return Shown(Markup(), ())
        if self._room:
            self._calculator.check(self._room)
        question = self._line(listed[0].heading)
        following = [self._calculator.plain(one.heading) for one in listed[1:]]
        made = []
        for scene, go in zip(listed, [*following, ""], strict=True):
            look = self._looks.of(scene.attributes)
            if scene is listed[-1] and not look:
                look = {"quiet": True, "deltas": False}
            self._calculator.example = look.get("example", 0)
            made.append(Scene(go, look, tuple(self._parts(scene.blocks))))
        return Shown(question, tuple(made))

    def _parts(self, blocks: list[Block]) -> Iterator[Part]:
        for block in blocks:
            if block.condition is not None and self._calculator.true(block.condition) is False:
                continue
            match block:
                case Prose():
                    for said in block.texts.values():
                        self._calculator.check(said)
                    yield Part("prose", text=Markup(prose(block, self._calculator.text)))  # noqa: S704 (HTML is escaped)
                case Question():
                    yield self._question(block)
                case Figure():
                    yield self._figure(block)

    def _line(self, said: Said) -> Markup:
        """A text with emphasis and values; its claims are checked."""
        self._calculator.check(said)
        return Markup(line(said.text, self._calculator.text))  # noqa: S704 (HTML is escaped)

    def _question(self, block: Question) -> Part:
        answer = self._calculator.number(block.answer) if block.answer else None
        tolerance = self._calculator.number(block.tolerance) if block.tolerance else None
        if block.tolerance and tolerance is not None and tolerance <= 0.0:
            self._source.wrong(block.tolerance, "a tolerance is above 0")
        options = tuple(self._options(block, answer))
        if block.kind == "choose" and sum(option.right for option in options) != 1:
            self._source.wrong(block.place, "exactly one answer must be right", "mark it by [x]")
        return Part(
            block.kind,
            block.name,
            self._line(block.prompt),
            again=block.again,
            answer=answer,
            tolerance=tolerance,
            options=options,
        )

    def _options(self, block: Question, answer: float | None) -> Iterator[Option]:
        for item in block.items:
            if item.head.condition is not None and self._calculator.true(item.head.condition) is False:
                continue
            self._calculator.check(item.says)
            hint = self._calculator.plain(item.says)
            if block.kind != "ask":
                right = item.right if item.head.right is None else bool(self._calculator.true(item.head.right))
                yield Option(self._calculator.plain(item.head), hint, right)
                continue
            number = self._calculator.number(item.head.text)
            if number is not None:
                if answer is not None and agree(number, answer):
                    self._source.wrong(item.head.text, "this is the answer", "a hint is for another number")
                yield Option("", hint, number=number)

    def _figure(self, block: Figure) -> Part:
        settings = dict(CURVES) if block.kind == "curves" else {}
        settings |= {one.name.text: one.value.text if one.value else "yes" for one in block.attributes}
        words = tuple(one.text for one in block.words) or tuple(self._calculator.plain(one) for one in block.texts)
        for said in block.texts:
            self._calculator.check(said)
        return Part(block.kind, block.name, words=words, settings=settings)
