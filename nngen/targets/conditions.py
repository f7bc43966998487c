"""Conditions in fixed definitions of languages with braces, decided when a module is written.

``if (DROPOUT) {`` goes with its braces, or with all that it guards. ``DROPOUT ? seeds : null`` becomes one of both. A
comment may be a condition, too: in ``f(x, seed /* DROPOUT */)`` that of an argument, in ``x := f() // DROPOUT`` that of
a line, and after the first line of a definition that of the definition. ``f(seeds[k] /* DROPOUT, else -1 */)`` says
what stands there otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nngen.targets.braces import Braces

_CONDITION = r"(!?[A-Z_]+(?: (?:&&|\|\|) !?[A-Z_]+)*)"
_ARGUMENT = re.compile(rf" +/\* {_CONDITION}(?:, else (.+?))? \*/")
_LINE = re.compile(rf"((?:^\n)?(?:^[ \t]+//.*\n)*)^([ \t]*\S.*?) +// {_CONDITION}$\n?", re.MULTILINE)
"""Comments that are conditions: of an argument, and of a line with the comment above it."""


@dataclass(frozen=True)
class Conditions:
    """How a language writes conditions."""

    head: re.Pattern[str] = re.compile(r"^( *)if \((.*)\) \{(.*)$")
    """The line that begins a condition: its margin, the condition, and a comment."""
    written: str = "{0}if ({1}) {{{2}"
    """The same line."""
    step: str = "  "
    """What lines within braces have before them."""

    def decided(self, text: str, flags: Mapping[str, bool]) -> str:
        """A text without the conditions that settings decide, and without what would follow a return."""
        return _chosen("\n".join(self._lines(_marked(text, flags).splitlines(), flags)), flags)

    def _lines(self, lines: Sequence[str], flags: Mapping[str, bool]) -> list[str]:
        """The lines that remain of statements with a condition, without what would follow a return."""
        done: list[str] = []
        todo = list(lines)
        while todo:
            line = todo.pop(0)
            found = self.head.match(line)
            value = _condition(found[2], flags) if found else ""
            if found is None or isinstance(value, str):
                done.append(self.written.format(found[1], _bare(str(value)), found[3]) if found else line)
                continue
            margin = found[1]
            first, last = self._branches(todo, margin)
            kept = first if value else last
            while not kept and done[-1].startswith(f"{margin}// "):
                done.pop()
            todo = kept + (_later(todo, margin) if kept and _ends(kept[-1], margin) else todo)
        return done

    def _branches(self, lines: list[str], margin: str) -> tuple[list[str], list[str]]:
        """Both branches of a condition, taken from the lines after its head."""
        branches: list[list[str]] = [[]]
        while (line := lines.pop(0)) != f"{margin}}}":
            if line == f"{margin}}} else {{":
                branches.append([])
            else:
                branches[-1].append(line.removeprefix(self.step))
        return branches[0], branches[1] if len(branches) > 1 else []


def _marked(text: str, flags: Mapping[str, bool]) -> str:
    """A text without the comments that are conditions, and without what they say is not there."""
    for found in reversed([*_LINE.finditer(text)]):
        above, line, condition = found.groups()
        if _condition(condition, flags):
            text = f"{text[: found.start()]}{above}{line}{text[found.end(3) :]}"
        elif line.startswith((" ", "\t", "//")):
            text = text[: found.start()] + text[found.end() :]
        else:
            return ""
    while mark := _ARGUMENT.search(text):
        before, after = text[: mark.start()], text[mark.end() :]
        if not _condition(mark[1], flags):
            start = _start_of_last(before, whole=mark[2] is None)
            before = before[:start] + (", " * (before[start] == ",") + mark[2] if mark[2] else "")
            after = after.removeprefix(", ") if before.endswith("(") else after
        text = before + after
    return text


def _start_of_last(text: str, *, whole: bool) -> int:
    """Where the last argument of a text begins, with the comma before it; if not as a whole, its value."""
    depth = 0
    for place in reversed(range(len(text))):
        depth += (text[place] in ")]}") - (text[place] in "([{")
        if depth < 0:
            return place + 1
        if depth == 0 and (text[place] == "," or (not whole and text[:place].endswith("= "))):
            return place
    return 0


def _bare(condition: str) -> str:
    """A condition without parentheses around all of it."""
    whole = condition.startswith("(") and next(outside(condition, ")", 1)) == len(condition) - 1
    return condition[1:-1] if whole else condition


def _ends(line: str, margin: str) -> bool:
    """Whether nothing follows a line in its block."""
    return re.match(rf"{margin}(?:return|throw|continue)\b", line) is not None


def _later(lines: list[str], margin: str) -> list[str]:
    """The lines after the end of a block."""
    return lines[next(place for place, line in enumerate(lines) if line and not line.startswith(margin)) :]


def _condition(text: str, flags: Mapping[str, bool]) -> bool | str:
    """The value of a condition, or what remains of it."""
    for word, decisive in ((" || ", True), (" && ", False)):
        parts = list(split(text, word))
        if len(parts) > 1:
            values = [_condition(part, flags) for part in parts]
            left = [value for value in values if isinstance(value, str)]
            return decisive if decisive in values else word.join(left) if left else not decisive
    if text.startswith("(") and text.endswith(")"):
        inner = _condition(text[1:-1], flags)
        return f"({inner})" if isinstance(inner, str) and " " in inner else inner
    value = flags.get(text.removeprefix("!"))
    return text if value is None else value != text.startswith("!")


def _chosen(text: str, flags: Mapping[str, bool]) -> str:
    """A text with one value in place of each choice such as ``DROPOUT ? seeds : null``."""
    choice = re.compile(rf"(!?)\b({'|'.join(flags)}) \? ")
    while found := choice.search(text):
        middle = next(outside(text, " : ", found.end()))
        end = next(outside(text, "", middle))
        value = flags[found[2]] != bool(found[1])
        kept = text[found.end() : middle] if value else text[middle + len(" : ") : end]
        before, after = text[: found.start()], text[end:]
        alone = before.endswith("(") and after.startswith(")") and not re.search(r"[\w\]]\($", before)
        if alone and (after.startswith(") ? ") or len(list(split(kept, " "))) == 1):
            before, after = before[:-1], after[1:]
        text = before + kept + after
    return text


def outside(text: str, mark: str, start: int) -> Iterator[int]:
    """The places of a mark that no brackets and no other choice enclose; of an empty one, where the value ends."""
    depth = choices = 0
    for place in range(start, len(text)):
        letter = text[place]
        if depth == 0 and text.startswith(" ? ", place):
            choices += 1
        elif depth == 0 and mark and text.startswith(mark, place):
            if not choices or mark != " : ":
                yield place
            choices -= mark == " : " and choices > 0
        elif depth == 0 and not mark and letter in ",;)]}":
            yield place
        depth += (letter in "([{") - (letter in ")]}")


def split(text: str, mark: str) -> Iterator[str]:
    """The parts of a text between marks outside of brackets."""
    start = 0
    for place in outside(text, mark, 0):
        yield text[start:place]
        start = place + len(mark)
    yield text[start:]


def arguments(text: str) -> list[str]:
    """The arguments of a call or a head; a type may have commas between angles."""
    found: list[str] = []
    for one in split(text, ", "):
        if found and found[-1].count("<") > found[-1].replace("=>", "").count(">"):
            found[-1] += f", {one}"
        else:
            found.append(one)
    return found


def calls(text: str, style: Braces) -> str:
    """A text whose long statements that end with a call have the arguments on lines of their own."""

    def called(found: re.Match[str]) -> str:
        line = found[0]
        indent = len(line) - len(line.lstrip())
        for place in (one.end() for one in re.finditer(r"\(", line)):
            if next(outside(line, ")", place), 0) == len(line) - len(");"):
                given = list(split(line[place : -len(");")], ", "))
                made = line[:indent] + style.items([given], line[indent:place], ");", indent)
                return made if style.last_comma else re.sub(r",(?=\n *\);$)", "", made)
        return line

    return re.sub(rf"^(?=.{{{style.width + 1}}}).*\);$", called, text, flags=re.MULTILINE)
