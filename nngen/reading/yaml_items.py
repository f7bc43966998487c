"""Long lists of plain items, such as the columns of a wide table: the parser of YAML takes a second for 1,500 of them.

The parser gets the text without the items between the first and the last of such a list; the reader adds those. If
anything is wrong, or the list is no list but a part of a text, the parser gets all of it.
"""

import re
from collections.abc import Iterator

from ruamel.yaml.events import Event, MappingEndEvent, MappingStartEvent, ScalarEvent

from nngen.common.records import dataclass

_KEY = "[a-z_]+"
_WORD = r"[A-Za-z0-9_](?:[\w.-]| (?=[\w.]))*"
_END = r"(?: +#[\x20-\x7e\xa0-\u2027\u202a-\ud7ff]*)?\n"
_LINE = f"{_KEY}: {_WORD}{_END}"
_ITEM = rf"- {_LINE}(?:\1  {_LINE}){{0,9}}"

_LEAST = 50
"""Items of a long list, apart from its first and last."""

_PAIR = rf"(?a)({_KEY}): ({_WORD}){_END}"
_RUN = rf"(?am)^( *){_ITEM}((?:\1{_ITEM}){{{_LEAST},}})\1(?=- {_LINE})"
"""The first item of a list, those between, and what stands before the last. Most texts are too short for one, and need
not wait for patterns."""


@dataclass(frozen=True)
class Mark:
    """A place in a text, as events have it."""

    index: int


@dataclass(frozen=True)
class Cut:
    """The items between the first and the last of a list."""

    start: int
    stop: int
    margin: int
    text: str

    @property
    def rest(self) -> str:
        """The text without them."""
        return self.text[: self.start] + self.text[self.stop :]

    def place(self, index: int) -> int:
        """The place in the text of one in the rest."""
        return index if index < self.start else index + self.stop - self.start

    def precedes(self, event: Event) -> bool:
        """Whether an event of the rest begins the last item."""
        return isinstance(event, MappingStartEvent) and event.start_mark.index == self.start + self.margin + 2

    def events(self) -> Iterator[Event]:
        """The events of the items."""
        opened = False
        for pair in re.compile(_PAIR).finditer(self.text, self.start, self.stop):
            if self.text[pair.start() - 2] == "-":
                if opened:
                    yield MappingEndEvent(Mark(pair.start()), Mark(pair.start()))
                opened = True
                yield MappingStartEvent(None, None, True, Mark(pair.start()), Mark(pair.start()), flow_style=False)
            for group in (1, 2):
                start, end = pair.span(group)
                yield ScalarEvent(None, None, (True, False), pair[group], Mark(start), Mark(end))
        yield MappingEndEvent(Mark(self.stop), Mark(self.stop))


def cut(text: str) -> Cut | None:
    """The items of the first long list that the parser does not need."""
    found = re.search(_RUN, text) if text.count("\n") > _LEAST else None
    return Cut(*found.span(2), len(found[1]), text) if found else None
