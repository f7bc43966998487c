"""The parts of a lesson: scenes with prose, questions, activities and figures, as its file has them."""

from dataclasses import field
from math import ceil
from pathlib import Path

from markdown_it.token import Token

from nngen.common.records import dataclass
from nngen.learning.course.front import Head, Outline, Variant
from nngen.learning.course.text import Attribute, Cut, Said, Source


@dataclass(frozen=True)
class Item:
    """An answer to choose, a step of an order, or a mistake; and what the page says to it."""

    head: Said
    """Its text; of a mistake the formula of its number."""
    says: Said
    right: bool = False


@dataclass(frozen=True)
class Prose:
    """A paragraph, a list, a table or code."""

    tokens: list[Token]
    texts: dict[int, Said]
    """Its texts, by the places of their tokens."""
    condition: Cut | None = None


@dataclass(frozen=True)
class Question:
    """A question: ``ask`` for a number, ``choose`` an answer, or put steps in ``order``."""

    kind: str
    name: str
    prompt: Said
    items: tuple[Item, ...]
    place: Cut
    again: bool = False
    answer: Cut | None = None
    tolerance: Cut | None = None
    condition: Cut | None = None


@dataclass(frozen=True)
class Figure:
    """Something by name: an ``activity``, ``curves``, or a ``formula`` of the course, with the texts that it needs."""

    kind: str
    name: str
    texts: tuple[Said, ...]
    place: Cut
    words: tuple[Cut, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    condition: Cut | None = None


Block = Prose | Question | Figure


PACE = 120
"""Words that a learner reads in a minute: half of those of usual texts (Brysbaert 2019), as these have formulas."""

SECONDS = {"ask": 60, "choose": 20, "order": 60, "activity": 90, "curves": 30, "formula": 15}
"""The time for a question, an activity or a figure, beside that for its words."""


@dataclass
class Scene:
    """One idea: how the picture looks, and what stands below it."""

    heading: Said
    """The label of the button that leads to the scene; in the first scene, the question of the lesson."""
    attributes: list[Attribute]
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Lesson:
    """A lesson as its file has it."""

    source: Source
    head: Head
    name: str
    """The name of its page."""
    scenes: list[Scene]
    """The last one is its summary."""

    minutes: int = 0
    """How long a learner needs, in each language as in the first."""

    @property
    def outline(self) -> Outline:
        """What it is for."""
        return self.head.outline

    @property
    def spec(self) -> Path:
        """The file of its network."""
        return self.source.path.parent / self.outline.spec

    @property
    def pages(self) -> tuple[Variant, ...]:
        """Its own page, and those of its variants."""
        return Variant(self.name, self.outline.variant, ()), *self.outline.variants

    def measured(self) -> int:
        """The minutes by all that a page shows before an answer: its words, questions and figures."""
        blocks = [block for scene in self.scenes for block in scene.blocks]
        hints = {id(item.says) for block in blocks if isinstance(block, Question) for item in block.items}
        words = sum(len(said.text.text.split()) for said in self.says if id(said) not in hints)
        return ceil(words / PACE + sum(SECONDS[block.kind] for block in blocks if not isinstance(block, Prose)) / 60)

    @property
    def says(self) -> list[Said]:
        """All its texts in their order."""
        found: list[Said] = []
        for scene in self.scenes:
            found.append(scene.heading)
            for block in scene.blocks:
                match block:
                    case Prose():
                        found += block.texts.values()
                    case Question():
                        found.append(block.prompt)
                        for item in block.items:
                            found += [item.head, item.says] if block.kind != "ask" else [item.says]
                    case Figure():
                        found += block.texts
        return found
