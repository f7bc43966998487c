"""What a lesson asks, with answers and likely mistakes: notes for teachers need no second text."""

from collections.abc import Iterable, Iterator

from nngen.common.records import dataclass
from nngen.learning.course.shown import Scene

QUESTIONS = ("ask", "choose", "order")
"""The kinds of parts of a scene that ask."""


@dataclass(frozen=True)
class Asked:
    """A question of a lesson."""

    prompt: str
    """HTML."""
    answers: tuple[str, ...]
    """The answer; of an order, its steps."""
    mistakes: tuple[str, ...]
    """What the page says to those who make a typical mistake."""
    again: bool = False
    """Whether it follows another one of the same kind."""


def asked(scenes: Iterable[Scene]) -> Iterator[Asked]:
    """The questions of a page in their order."""
    for part in (one for scene in scenes for one in scene.parts if one.kind in QUESTIONS):
        right = [option.text for option in part.options if option.right or part.kind == "order"]
        answers = right if part.answer is None else [f"{part.answer:.4g}".replace("-", "−")]
        hints = dict.fromkeys(option.hint for option in part.options if not option.right and part.kind != "order")
        yield Asked(part.text, tuple(answers), tuple(hints), part.again)
