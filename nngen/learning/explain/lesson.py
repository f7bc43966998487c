"""What a page of a course adds to a living page."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from nngen.common.records import dataclass


@dataclass(frozen=True)
class Link:
    """A link to another page of the course."""

    name: str
    """The name of its page, without suffix."""
    title: str


@dataclass(frozen=True)
class Page:
    """The frame around the network of a page: scenes with questions, and a summary."""

    name: str
    """The name of the lesson."""
    title: str
    question: Markup
    scenes: Sequence[object]
    """What ``course/scenes.html.jinja`` writes; the last one is the summary."""
    pages: tuple[Link, ...]
    """All pages of the course, in their order."""
    variants: tuple[Link, ...]
    """Pages with the same text and another network; the first is this lesson's main page."""
    page: str
    """The name of this page: the lesson's, or that of a variant."""
    code: Mapping[str, Mapping[str, str]]
    """Lines of modules by language and by the names that they assign."""
    students: bool = False
    """Whether it is for students: it shows nothing of the network before they have answered."""

    @property
    def number(self) -> int:
        """Its place in the course, from 1."""
        return [link.name for link in self.pages].index(self.name) + 1

    @property
    def following(self) -> Link | None:
        """The next page; None after the last."""
        return self.pages[self.number] if self.number < len(self.pages) else None
