"""What a lesson asks, with answers and likely mistakes, read from its page: notes for teachers need no second text."""

from dataclasses import field
from html.parser import HTMLParser

from nngen.common.records import dataclass


@dataclass
class Asked:
    """A question of a lesson."""

    prompt: str = ""
    answers: list[str] = field(default_factory=list)
    """The answer; of an order, its steps."""
    mistakes: list[str] = field(default_factory=list)
    """What the page says to those who make a typical mistake."""


def asked(page: str) -> list[Asked]:
    """The questions of a page in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Asked] = []
        self._kind = ""
        self._into: list[str] | None = None
        """Where the text of the current element goes."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if "data-ask" in held:
            self.found.append(Asked())
            self._kind = held["data-kind"]
            if "data-answer" in held:
                self.found[-1].answers.append(f"{float(held['data-answer']):.4g}".replace("-", "−"))
        elif tag in ("label", "legend") and self._kind:
            self._into = []
        elif tag == "button" and held.get("class") == "option":
            if self._kind == "order" or held.get("data-right") == "1":
                self._into = self.found[-1].answers
            elif held["data-hint"] not in self.found[-1].mistakes:
                self.found[-1].mistakes.append(held["data-hint"])
        elif tag == "span" and "data-hint" in held:
            self._into = self.found[-1].mistakes

    def handle_endtag(self, tag: str) -> None:
        if tag in ("label", "legend") and self._into is not None:
            self.found[-1].prompt = " ".join(" ".join(self._into).split())
        if tag in ("label", "legend", "button", "span"):
            self._into = None
        if tag == "form":
            self._kind = ""

    def handle_data(self, data: str) -> None:
        if self._into is not None and data.strip():
            self._into.append(data.strip())
