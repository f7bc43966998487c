"""Reads YAML or JSON into a document.

The events of the parser are handled one by one and without recursion, so a hostile file is refused at the first event
that exceeds a limit.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from nngen.common.diagnostics import MAX_FOUND, Diagnostic, SpecError, show
from nngen.reading.document import Document, Loc, Span, dotted
from nngen.reading.yaml_items import Cut, Mark, cut
from nngen.reading.yaml_scalars import scalar
from nngen.reading.yaml_text import check_text, key_without_space

MAX_DEPTH = 30
"""Levels of nested lists and mappings; the deepest spec has 7."""

_ASIDE = -1
"""The key of values that are read but not kept, such as the value of a refused key."""

_FIRST_LINE = "a spec begins with `name:`, the name of the network"

# Messages of the parser, our messages, and advice.
_ADVICE = (
    (r"character '\\t'", "YAML does not allow tabs here", "indent with spaces"),
    (r"character '(.)' that cannot start", "a text that begins with '{}' needs quotes", ""),
    (
        r"escape character '(.)'",
        "unknown escape: '{}' after a backslash",
        "in single quotes, a backslash has no special meaning",
    ),
    (r"sequence entries are not", "misplaced '-'", "a list begins on a new line"),
    (r"mapping values are not", "misplaced ':'", "check the indentation; a text with ': ' needs quotes"),
    (r"could not find expected ':'", "this key has no ':'", "write ': ' and a value after a key"),
    (r"end of stream", "this quote is never closed", ""),
    (r"'<stream end>'", "this bracket is never closed", ""),
    (r"alphabetic or numeric", "a text that begins with & or * needs quotes", ""),
    (r"chomping|comment or a line break", "the text after | or > must begin on the next line", ""),
    (
        r"<block end>|<document start>",
        "this does not fit the text before it",
        "check indentation, brackets and quotes",
    ),
    (r"expected ',' or '(.)'", "expected ',' or '{}' here", "check that each bracket and quote is closed"),
    (r"expected the node content", "expected a value here", "check that each bracket and quote is closed"),
)


def read(text: str, path: str) -> Document:
    """Read YAML, or JSON if the path ends in ``.json``.

    Raises:
        SpecError: the text is not a document. Other mistakes are in the diagnostics of the document.
    """
    document = Document(path, text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not document.text.strip():
        raise SpecError([Diagnostic(path, None, None, "the file is empty", help=_FIRST_LINE)])
    is_json = path.lower().endswith(".json")
    check_text(document, is_json=is_json)
    if not is_json and (items := cut(document.text)) and (found := _without_items(path, items)):
        return found
    _Reader(document, is_json).read()
    return document


def _without_items(path: str, items: Cut) -> Document | None:
    """The document, of which the parser gets all but these items; None if it may have a mistake or be another one."""
    document = Document(path, items.text)
    reader = _Reader(document, False, items)
    try:
        reader.read()
    except SpecError:
        return None
    return document if reader.has_items and not document.diagnostics else None


class _Open:
    """A list or mapping that is still open; ``key`` is the key whose value comes next."""

    def __init__(self, value: Any, loc: Loc, start: int, *, flow: bool) -> None:
        self.value = value
        self.loc = loc
        self.start = start
        self.flow = flow
        self.key: str | int | None = None

    @property
    def wants_key(self) -> bool:
        """Whether a key comes next."""
        return isinstance(self.value, dict) and self.key is None


class _Reader:
    """Builds a document from the events of the parser."""

    def __init__(self, document: Document, is_json: bool, items: Cut | None = None) -> None:
        self.document = document
        self.is_json = is_json
        self.items = items
        self.has_items = False
        self.open: list[_Open] = []

    def read(self) -> None:
        documents = 0
        for event in self._events():
            match event:
                case DocumentStartEvent():
                    documents += 1
                    self._start(event, documents)
                case AliasEvent():
                    self._refuse(_span(event), "aliases are not supported", "write the value here again")
                    self._put(None, _span(event))
                case ScalarEvent():
                    self._check_node(event)
                    self._scalar(event)
                case CollectionStartEvent():
                    self._check_node(event)
                    self._begin(event)
                case CollectionEndEvent():
                    self._end(event.end_mark.index)
        self._check_top()

    def _events(self) -> Iterator[Event]:
        # JSON treats tabs and line breaks as plain white space, YAML does not
        text = re.sub("[\t\n]", " ", self.document.text) if self.is_json else self.document.text
        try:
            if self.items:
                yield from self._with(self.items)
            else:
                yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            problem, mark = str(error.problem), error.problem_mark
            if "end" in problem.split() or "'<stream end>'" in problem:
                mark = error.context_mark or mark
            span = Span(min(mark.index, len(text)) if mark else 0)
            if "mapping values are not" in problem and (key := key_without_space(text, span.start)):
                advice = f"write `{key[1]}: {key[2]}`"
                self._stop(Span(key.end(1)), "a key needs a space after its ':'", advice)
            for pattern, message, advice in _ADVICE:
                found = re.search(pattern, problem)
                if found:
                    self._stop(span, message.format(*found.groups()), advice, self._opened(error))
            self._stop(span, f"invalid YAML: {problem}")
        except YAMLStreamError as error:
            self._stop(Span(getattr(error, "position", 0)), "YAML does not allow this character")

    def _with(self, items: Cut) -> Iterator[Event]:
        """The events of a text and of the items that the parser does not get."""
        for event in YAML(typ="safe", pure=True).parse(items.rest):
            if items.precedes(event):
                self.has_items = True
                yield from items.events()
            event.start_mark = Mark(items.place(event.start_mark.index))
            event.end_mark = Mark(items.place(event.end_mark.index))
            yield event

    def _opened(self, error: MarkedYAMLError) -> str:
        """A label with the line of the open bracket, if the parser failed inside one."""
        if error.context_mark and "flow" in str(error.context) and error.problem_mark.line > error.context_mark.line:
            return f"the bracket of line {error.context_mark.line + 1} is still open"
        return ""

    def _stop(self, span: Span, message: str, advice: str = "", label: str = "") -> NoReturn:
        raise SpecError([*self.document.diagnostics, self.document.at(span, message, label, advice)])

    def _start(self, event: DocumentStartEvent, documents: int) -> None:
        if documents > 1:
            self._stop(_span(event), "a second document starts here", "a file has one spec")

    def _check_top(self) -> None:
        document = self.document
        if isinstance(document.value, dict):
            return
        if () in document.refused:
            raise SpecError(document.diagnostics)
        if document.value is None:
            raise SpecError([Diagnostic(document.path, None, None, "the file has no spec", help=_FIRST_LINE)])
        self._stop(document.values[()], f"a spec must be a mapping, not {show(document.value)}", _FIRST_LINE)

    @property
    def loc(self) -> Loc:
        """The path of the next value."""
        if not self.open:
            return ()
        parent = self.open[-1]
        if isinstance(parent.value, list):
            return (*parent.loc, len(parent.value))
        return (*parent.loc, _ASIDE if parent.key is None else parent.key)

    def _refuse(self, span: Span, message: str, advice: str = "", label: str = "") -> None:
        """Report a mistake in the next value, unless its key is refused already."""
        if self.open and self.open[-1].key == _ASIDE:
            return
        self.document.refused.add(self.loc)
        place = dotted(self.loc[: self.loc.index(_ASIDE)] if _ASIDE in self.loc else self.loc)
        self.document.diagnostics.append(
            self.document.at(span, f"{place}: {message}" if place else message, label, advice)
        )
        if len(self.document.diagnostics) == MAX_FOUND:
            raise SpecError(self.document.diagnostics)

    def _check_node(self, event: ScalarEvent | CollectionStartEvent) -> None:
        span = _span(event)
        if event.anchor is not None:
            self._refuse(
                Span(span.start, len(event.anchor) + 1),
                "anchors are not supported",
                "write the value wherever it is used",
            )
        elif event.ctag is not None:
            length = re.compile(r"\S*").match(self.document.text, span.start)
            tag = length[0] if length else ""
            self._refuse(
                Span(span.start, len(tag)),
                f"tags such as {show(tag)} are not supported",
                "remove it: a spec has only plain values",
            )

    def _scalar(self, event: ScalarEvent) -> None:
        span = _span(event)
        raw = self.document.text[span.start : span.start + span.width]
        if event.style is None:
            value = self._plain(event.value, span)
        else:
            value = self._quoted(json.loads(raw) if self.is_json else event.value, span)
        if self.open and self.open[-1].wants_key:
            self._key(value, raw, span)
        else:
            marks = Span(span.start, len(raw.partition("\n")[0]))
            self._put(value, marks if raw else self.document.keys.get(self.loc, marks))

    def _plain(self, text: str, span: Span) -> object:
        try:
            return scalar(text, is_json=self.is_json)
        except ValueError as error:
            self._refuse(span, str(error))
            return None

    def _quoted(self, text: str, span: Span) -> str | None:
        """A quoted text, in which two escapes may encode one character beyond U+FFFF, as in JSON."""
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._refuse(span, "this escape is only half of a character", "write the character itself")
            return None

    def _key(self, key: object, raw: str, span: Span) -> None:
        parent = self.open[-1]
        if key is None and raw[:1] in ('"', "'"):
            pass  # reported already
        elif isinstance(key, int | float):  # of a class: its text
            self._key(raw, raw, span)
            return
        elif not isinstance(key, str):
            self._refuse(span, f"the key {raw} is not a text", "put it in quotes")
        elif key == "<<":
            self._refuse(span, "merge keys are not supported", "write the values here")
        elif key in parent.value:
            line, _ = self.document.place(self.document.keys[*parent.loc, key].start)
            self._refuse(span, f"duplicate key {show(key)}", label=f"the first is in line {line}")
        else:
            parent.key = key
            self.document.keys[self.loc] = span
            return
        parent.key = _ASIDE

    def _begin(self, event: CollectionStartEvent) -> None:
        span = _span(event)
        if len(self.open) == MAX_DEPTH:
            self._stop(span, f"lists and mappings are nested more than {MAX_DEPTH} levels deep")
        if self.open and self.open[-1].wants_key:
            self._refuse(span, "a key cannot be a list or mapping", "keys are texts")
        value: Any = {} if isinstance(event, MappingStartEvent) else []
        inner = _Open(value, self.loc, event.start_mark.index, flow=bool(event.flow_style))
        self._put(value, Span(span.start))
        self.open.append(inner)

    def _put(self, value: object, span: Span) -> None:
        """Add a value to the open list or mapping."""
        self.document.values[self.loc] = span
        if not self.open:
            self.document.value = value
            return
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            parent.key = _ASIDE
        else:
            if isinstance(parent.key, str):
                parent.value[parent.key] = value
            parent.key = None

    def _end(self, end: int) -> None:
        """Close the last open list or mapping; only now its width is known."""
        done = self.open.pop()
        document, loc = self.document, done.loc
        if done.flow and "\n" not in document.text[done.start : end]:
            document.values[loc] = Span(done.start, end - done.start)
        elif not done.flow and isinstance(done.value, dict) and done.value:
            document.values[loc] = document.keys[*loc, next(iter(done.value))]
        elif not done.flow and loc in document.keys:
            document.values[loc] = document.keys[loc]
        elif not done.flow and done.value:
            document.values[loc] = document.values[*loc, 0]


def _span(event: Event) -> Span:
    return Span(event.start_mark.index, event.end_mark.index - event.start_mark.index)
