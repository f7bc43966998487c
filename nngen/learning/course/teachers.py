"""What a lesson asks, with answers and likely mistakes: notes for teachers need no second text."""

from collections.abc import Iterable, Iterator

from nngen.common.records import dataclass
from nngen.learning.course.shown import Scene


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
    for scene in scenes:
        for part in scene.parts:
            hints = (option.hint for option in part.options if not option.right)
            match part.kind:
                case "ask":
                    yield Asked(part.text, (f"{part.answer:.4g}".replace("-", "−"),), tuple(hints), part.again)
                case "choose":
                    right = tuple(option.text for option in part.options if option.right)
                    yield Asked(part.text, right, tuple(dict.fromkeys(hints)), part.again)
                case "order":
                    yield Asked(part.text, tuple(option.text for option in part.options), ())
