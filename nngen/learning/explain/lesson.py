"""What a page of a course adds to a living page."""

from collections.abc import Callable, Mapping

from nngen.common.records import dataclass


@dataclass(frozen=True)
class Link:
    """A link to another page of the course."""

    name: str
    """The name of its page, without suffix."""
    title: str


@dataclass(frozen=True)
class Lesson:
    """The frame around the network of a page: scenes with questions, and a summary."""

    name: str
    title: str
    template: str
    """The template with its text; it imports the macros of ``course/macros.html.jinja``."""
    numbers: Mapping[str, float]
    """Exact answers, and the numbers of typical mistakes, from the reference engine."""
    pages: tuple[Link, ...]
    """All pages of the course, in their order."""
    variants: tuple[Link, ...]
    """Pages with the same text and another network; the first is this lesson's main page."""
    page: str
    """The name of this page: the lesson's, or that of a variant."""
    holds: Callable[..., bool]
    """Whether a claim of the text is true of this page's network; a false one stops the build."""
    code: Mapping[str, Mapping[str, str]]
    """Lines of modules by language and by the names that they assign."""

    @property
    def number(self) -> int:
        """Its place in the course, from 1."""
        return [link.name for link in self.pages].index(self.name) + 1

    @property
    def following(self) -> Link | None:
        """The next page; None after the last."""
        return self.pages[self.number] if self.number < len(self.pages) else None

    def text(self, name: str) -> str:
        """A number as the page writes it: with at most four decimals."""
        return f"{round(self.numbers[name], 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")
