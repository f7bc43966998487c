"""From the Markdown of a lesson to its scenes."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from nngen.common.diagnostics import MAX_FOUND
from nngen.learning.course.blocks import Block, Prose, Question, Scene
from nngen.learning.course.questions import fenced
from nngen.learning.course.text import Cut, Said, Source, parted, said

MAX_LEVELS = 12
"""Levels of lists and quotes within each other."""

MAX_SCENES = 60
"""Scenes of a lesson; the longest of the course has 13."""

RULES = "backticks blockquote emphasis escape fence heading link list newline table".split()
"""The parts of Markdown that a lesson has. HTML is none of them: it is shown as it is written."""

Fill = Callable[[Cut], str]
"""The text of a value, for its formula."""


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero", {"maxNesting": MAX_LEVELS + 2}).enable(RULES).disable("inline")
    made.inline.ruler.before("escape", "value", _value)
    return made


def _value(state: StateInline, silent: bool) -> bool:
    """A value in a text, which is no Markdown: ``{{ w_h1_x1 * x1 }}``."""
    end = state.src.find("}}", state.pos)
    if not state.src.startswith("{{", state.pos) or end < 0:
        return False
    if not silent:
        state.push("text", "", 0).content = state.env["fill"](state.pos + 2, end)
    state.pos = end + 2
    return True


def scenes(source: Source, first: int) -> list[Scene]:
    """The scenes of a file; its lines before ``first`` are its head. The mistakes are noted in the source."""
    tokens = _markdown().parse("\n" * first + "\n".join(source.lines[first:]))
    found: list[Scene] = []
    names: dict[str, Question] = {}
    for group in _groups(tokens):
        token = group[0]
        if token.type == "heading_open":
            found += _scene(group, len(found), source)
        elif not found:
            source.wrong(_start(group, source), "a lesson begins with its question", "write `# ` before it")
            return []
        elif len(found) <= MAX_SCENES:
            block = _block(group, len(names) + 1, source)
            if block is not None:
                found[-1].blocks.append(block)
            if isinstance(block, Question):  # two of which a page has one may share their name
                other = names.setdefault(block.name, block)
                if other is not block and not (other.condition and block.condition):
                    advice = "give one of them another name"
                    source.wrong(block.place, f"two questions have the name {block.name!r}", advice)
    if len(found) > MAX_SCENES:
        source.wrong(found[MAX_SCENES].heading.text, f"a lesson has at most {MAX_SCENES} scenes")
    if len(found) < 2 and not source.mistakes:
        advice = "write `# ` before the question, and `## Summary` before the last part"
        source.wrong(source.line(len(source.lines) - 1), "a lesson needs a question and a summary", advice)
    return found


def _groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """The blocks at the top, each with what is in it."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield group
            group = []


def _start(group: list[Token], source: Source) -> Cut:
    return source.line((group[0].map or [0])[0]).bare


def _cut(token: Token, source: Source) -> Cut:
    return source.within((token.map or [0])[0], token.content)


def _scene(group: list[Token], before: int, source: Source) -> Iterator[Scene]:
    """A heading: the question of the lesson, or a scene."""
    level = "h1" if before == 0 else "h2"
    if group[0].tag != level:
        advice = {"h1": "write `# ` before its question", "h2": "scenes begin with `## `"}[level]
        source.wrong(_start(group, source), "a lesson has one question, then scenes", advice)
    text, attributes = parted(_cut(group[1], source), source)
    facts = [one for one in attributes if one.name.text in ("fact", "general", "defines")]
    if not text.text.strip():
        source.wrong(_start(group, source), "this heading has no text", "it is what the button says that leads here")
    yield Scene(Said(text), [one for one in attributes if one not in facts])


def _block(group: list[Token], count: int, source: Source) -> Block | None:
    """A block of a scene; None if it is wrong."""
    token = group[0]
    deep = next((one for one in group if one.level >= MAX_LEVELS), None)
    if deep:
        source.wrong(_start(group, source), f"this is nested more than {MAX_LEVELS // 2} levels deep")
        return None
    if token.type == "fence":
        first, last = token.map or [0, 1]
        if last - first < 2 or not re.fullmatch(r"\s*(`{3,}|~{3,})\s*", source.lines[last - 1]):
            source.wrong(source.line(first).bare, "this block is never closed", "it ends with a line ```")
            return None
        if token.info.strip():
            content = source.within(first + 1, token.content.rstrip("\n"))
            return fenced(source.within(first, token.info.strip()), content, count, source)
        return Prose(group, {})
    texts: dict[int, Said] = {}
    for place, one in enumerate(group):
        if one.type == "inline" and len(source.mistakes) < MAX_FOUND and one.content:
            texts[place] = said(_cut(one, source), source, *(["if"] if token.type == "paragraph_open" else []))
    only = next((text.condition for text in texts.values() if text.condition), None)
    return Prose(group, texts, only)


def prose(block: Prose, fill: Fill) -> str:
    """A block as HTML."""
    made = _markdown()
    drawn = []
    for place, token in enumerate(block.tokens):
        if place in block.texts:
            drawn.append(line(block.texts[place].text, fill))
            continue
        if token.type == "th_open":
            token.attrSet("scope", "col")
        drawn.append(made.renderer.render([token], made.options, {}))
    return "".join(drawn)


def line(cut: Cut, fill: Fill) -> str:
    """A text as HTML, with emphasis, code, links and values."""
    made, cut = _markdown(), cut.bare
    env: dict[str, Any] = {"fill": lambda start, stop: fill(cut.part(start, stop).bare)}
    tokens: list[Token] = []
    made.inline.parse(cut.text, made, env, tokens)
    whole = Token("inline", "", 0, children=tokens)
    return str(made.renderer.render([whole], made.options, env))
