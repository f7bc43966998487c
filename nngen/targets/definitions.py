"""The definitions of a module: which names each states and uses, and which fixed ones a module needs.

Each language has a runtime file beside its templates: an ordinary source file with the definitions that are the same in
all modules. A module gets those that its own text names, and those that these name in turn, as a bundler takes what is
used from a library.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from textwrap import dedent, indent

from nngen.common.records import dataclass

_MARK = re.compile(r"(?:#|//|/\*) helpers(?:: .+?)?(?: \*/)?")
"""A comment in the text of a module in whose place fixed definitions stand.

Where a module has several, those that follow the same comment in the runtime file stand there."""

_PART = re.compile(r"(\n*)((?:(?:/\*[^\0]*?\*/.*|.+)\n(?:\n+(?=[ \t}]))?)+)")
"""What stands between empty lines of a module with braces. After an empty line a body goes on indented; comments that
begin a line may have empty lines."""

_CONDITION = re.compile(r"^/\*[^\0]*?\*/|^(#if(?!ndef \w+_H$)|#endif)", re.MULTILINE)
"""A comment, or what begins and ends a part of C under a condition; that of a header as a whole is none."""

_LITERAL = re.compile(r"(?:\\.|\$(?!\{)|[^`$\\])*(?:`|\$\{)", re.DOTALL)
"""The rest of a template literal, up to its end or to its next expression."""


@dataclass(frozen=True)
class Syntax:
    """What ``brace_definitions`` knows of a language."""

    stated: re.Pattern[str]
    """What states a name at the start of a line, in its first group."""
    texts: str = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
    """A pattern of constants that are no names: texts and letters."""
    comments: str = r"//.*|/\*[^\0]*?\*/"
    """A pattern of comments."""
    before: str = r"(?:(?<!\.)|(?<=\.\.\.))"
    """A pattern of what stands before a name that is no property."""

    @cached_property
    def token(self) -> re.Pattern[str]:
        """A comment, a text, a name that is no property and no key, or what begins and ends a template literal."""
        return re.compile(
            rf"(?=[-\w$/'\"`{{}}])(?:{self.comments}|{self.texts}"  # most characters begin none of these
            r"|(?:(?<=[(\[!])|(?<=[=:,?&|] ))/(?:\\.|[^/\\\n])+/"  # a regular expression, as no number is before it
            rf"|(?<![\w$]){self.before}(?P<name>(?!\d)[\w$]+)(?![\w$]|:(?!:))|[`{{}}])"
        )


BRACES = Syntax(
    re.compile(
        r"^(?:(?:export )?(?:function|const|let) |#define |typedef \w+ |static inline (?:\w+[ *]+)+)([\w$]+)",
        re.MULTILINE,
    )
)
"""A definition of JavaScript or C, or a declaration of C."""


@dataclass(frozen=True, eq=False)
class Definition:
    """A statement at the top of a module, with the comment above it."""

    text: str
    gap: int
    """The empty lines above it: no more than a module has there, whatever a part that is left out leaves."""
    names: frozenset[str]
    """The global names that it states; of a comment between statements and of what a program does, its text."""
    uses: frozenset[str]
    """The global names that it uses."""

    @property
    def bare(self) -> bool:
        """Whether it states no name: it is a comment, or what a program does."""
        return self.names <= {self.text}

    @property
    def imports(self) -> bool:
        """Whether it imports modules; nobody needs an import that is not used."""
        return self.text.startswith(("import ", "use "))


def without(names: Set[str], listed: Iterable[Definition]) -> list[Definition]:
    """Definitions without those that state one of these names after another one did."""
    stated = set[str]()
    left = []
    for one in listed:
        left += [one] if not (one.names & names & stated) else []
        stated |= one.names
    return left


def brace_definitions(text: str, syntax: Syntax = BRACES) -> tuple[Definition, ...]:
    """The definitions of a formatted module with braces, in order.

    Those without an empty line between them are one, and those in C between ``#if`` and its ``#endif``.

    Args:
        text: the module.
        syntax: its language.
    """
    found = []
    parts = iter(_PART.findall(text))
    for gap, part in parts:
        while (marks := _CONDITION.findall(part)).count("#if") > marks.count("#endif"):
            part += "".join(next(parts))
        names = frozenset(syntax.stated.findall(part))
        found.append(Definition(part[:-1], min(len(gap), 1), names, used(part, syntax) - names))
    return tuple(found)


def in_class(text: str) -> str:
    """A module whose definitions stand in a class: what follows the line that begins it, one step to the right."""
    head, line, definitions = re.split(r"^(public .*class \w+ \{\n)", text, maxsplit=1, flags=re.MULTILINE)
    imports = re.sub(r"^(import .*\n)\n(?=import )", r"\1", head, flags=re.MULTILINE)
    return f"{imports.lstrip()}{line}{indent(definitions.lstrip(), ' ' * 4)}}}\n"


def members(text: str) -> str:
    """The definitions of a class to its end, one step to the left."""
    return dedent(text.removesuffix("}\n"))


@lru_cache(2048)  # the modules of a page share most of their definitions
def used(text: str, syntax: Syntax = BRACES) -> frozenset[str]:
    """The names in a program outside its comments and texts, including local ones and those of the language."""
    if "`" not in text:
        return frozenset(syntax.token.findall(text)) - {""}
    names = set()
    opened: list[str] = []
    place = 0
    while token := syntax.token.search(text, place):
        place = token.end()
        if token["name"]:
            names.add(token["name"])
        elif token[0] == "{":
            opened.append("{")
        elif token[0] == "`" or (token[0] == "}" and opened and opened.pop() == "${"):
            literal = _LITERAL.match(text, place)
            place = literal.end() if literal else len(text)
            opened += ["${"] if text.endswith("${", 0, place) else []
    return frozenset(names)


def complete(
    own: Sequence[Definition],
    runtime: Sequence[Definition],
    entries: Iterable[str],
    written: Callable[[str], str] = str,
) -> str:
    """The text of a module: its own definitions, and the fixed ones that they need in place of the marks.

    Args:
        own: the definitions of the module; what it states itself is not taken from the runtime file.
        runtime: the fixed definitions of the language.
        entries: names that the users of a module call.
        written: turns the text of a fixed definition into that of the module.
    """
    marks = [found for definition in own if (found := _MARK.fullmatch(definition.text))]
    fixed = needed(own, runtime, entries)
    named = {name for definition in (*own, *fixed) for name in definition.uses}
    helpers, place = {mark[0]: "" for mark in marks}, marks[0][0] if marks else ""
    for one in runtime:
        if one.bare:
            place = one.text if one.text in helpers else place
        elif one in fixed:
            helpers[place] += "\n" * one.gap + written(one.text) + "\n"
    text, gap = "", 0
    for definition in own:
        gap = max(gap, definition.gap)
        if definition.text in helpers:
            text += helpers[definition.text]
            gap = 0
        elif not definition.imports or definition.names & named:
            text += "\n" * gap + definition.text + "\n"
            gap = 0
    return text


def needed(own: Iterable[Definition], runtime: Sequence[Definition], entries: Iterable[str]) -> list[Definition]:
    """The fixed definitions that users call, or that others name, in the order of the runtime file."""
    stated = {name for definition in own for name in definition.names}
    known = {name: definition for definition in runtime for name in definition.names - stated}
    taken = reached(known, {name for definition in own for name in definition.uses}.union(entries))
    return [definition for definition in runtime if definition.names & taken]


def chosen(own: Sequence[Definition], runtime: Iterable[Definition], entries: Iterable[str]) -> list[Definition]:
    """The definitions of a module that its users call, or that others name; comments and what a program does stay."""
    known = {name: definition for definition in (*runtime, *own) for name in definition.names}
    bare = [definition for definition in own if definition.bare]
    taken = reached(known, {name for definition in bare for name in definition.uses}.union(entries))
    return [definition for definition in own if definition in bare or definition.names & taken]


def reached(known: Mapping[str, Definition], names: set[str]) -> set[str]:
    """These names and those that their definitions use, as far as they are known."""
    taken: set[str] = set()
    todo = names
    while todo := todo & known.keys() - taken:
        taken |= todo
        todo = {name for one in todo for name in known[one].uses}
    return taken
