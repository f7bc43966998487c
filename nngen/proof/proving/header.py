"""The text of a C header in integers: its functions, and the paths of its preprocessor."""

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from nngen.common.records import dataclass

_FUNCTION = re.compile(
    r"^static inline (?P<type>[\w ]+?\*?) ?\*?(?P<name>\w+)\((?P<arguments>[^)]*)\) \{\n(?P<body>.*?)^\}\n",
    re.MULTILINE | re.DOTALL,
)

_LINES = re.compile(r"^\s*#.*$", re.MULTILINE)

_DIRECTIVE = re.compile(r"^#\s*(ifdef|ifndef|if|elif|else|endif)\b *(.*)$", re.MULTILINE)


class Function(NamedTuple):
    """A function of a header."""

    name: str
    arguments: str
    start: int
    """Where its body begins in the text."""
    stop: int


class Path(NamedTuple):
    """Lines that a preprocessor leaves out where nothing is defined."""

    condition: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"`{self.condition}`, lines {self.first} to {self.last}"


@dataclass(frozen=True)
class Header:
    """A header, perhaps changed, and the name of its network."""

    name: str
    text: str
    built: str
    """The text that nngen writes."""

    @property
    def changed(self) -> bool:
        """Whether the text differs from what nngen writes."""
        return self.text != self.built

    @property
    def hash(self) -> str:
        """The SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions by their names without that of the network."""
        return {
            found["name"].removeprefix(f"{self.name}_"): Function(
                found["name"], found["arguments"], found.start("body"), found.end("body")
            )
            for found in _FUNCTION.finditer(self.text)
        }

    def body(self, function: Function) -> str:
        """The body of a function, without what a preprocessor leaves out."""
        lines = self.text[: function.stop].split("\n")
        for path in self.left_out:
            lines[path.first - 1 : path.last] = [""] * len(lines[path.first - 1 : path.last])
        first = self.text.count("\n", 0, function.start)
        return "\n".join(line for line in lines[first:] if not line.startswith("#"))

    @cached_property
    def left_out(self) -> tuple[Path, ...]:
        """The paths that are not compiled where no macro is defined but those of the header."""
        found: list[Path] = []
        open_: list[tuple[str, bool, int]] = []  # the condition of each level, whether it holds, and its first line
        for one in _DIRECTIVE.finditer(self.text):
            line = self.text.count("\n", 0, one.start()) + 1
            word, rest = one[1], one[2].strip()
            if word in ("elif", "else", "endif"):
                condition, holds, first = open_.pop()
                if not holds and line > first:
                    found.append(Path(condition, first, line - 1))
                if word != "endif":
                    open_.append((f"{condition}, else", not holds if word == "else" else False, line + 1))
            else:
                open_.append((f"#{word} {rest}", word == "ifndef", line + 1))
        return tuple(sorted(found, key=lambda path: path.first))

    def keeps(self, name: str) -> bool:
        """Whether a function is as nngen writes it, and so are all lines for the preprocessor."""
        built = Header(self.name, self.built, self.built)
        same = _LINES.findall(self.text) == _LINES.findall(built.text)
        return same and self._source(name) == built._source(name)

    def _source(self, name: str) -> str:
        function = self.functions.get(name)
        return self.text[function.start : function.stop] if function else ""

    def with_bodies(self, bodies: Mapping[str, str], keep: Collection[str] = ()) -> str:
        """The text with other bodies of some functions, each on one line, and no line moved.

        Args:
            bodies: a body for names of functions, those that the header does not have included.
            keep: the functions whose own bodies stay.
        """
        text = self.text
        for name, function in sorted(self.functions.items(), key=lambda one: -one[1].start):
            if name in bodies and name not in keep:
                lines = text.count("\n", function.start, function.stop)
                text = text[: function.start] + bodies[name] + "\n" * lines + text[function.stop :]
        return text
