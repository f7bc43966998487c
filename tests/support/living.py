"""Living pages of committed specs. Many tests read the same one, and one with variants takes a second."""

from functools import cache
from html.parser import HTMLParser

from nngen.learning.explain.page import living_page
from tests.support.modules import named, spec


@cache
def page_of(name: str) -> str:
    return living_page(spec(named(name)), named(name).parent)


class Reader(HTMLParser):
    """The contents of a page: its elements, the text of its code, and its facts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.code: dict[int, str] = {}
        self.facts = ""
        self._part: int | None = None
        self._script = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append((tag, held))
        if tag == "code" and "data-part" in held:
            self._part = int(held["data-part"] or "")
        self._script = (held.get("id") or "") if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._part = None

    def handle_data(self, data: str) -> None:
        if self._script == "facts":
            self.facts += data
        if self._part is not None:
            self.code[self._part] = self.code.get(self._part, "") + data
