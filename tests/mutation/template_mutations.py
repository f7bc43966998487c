"""Makes mutants of templates: a line left out, a condition negated, another operator or number in a line."""

import ast
import re
from collections.abc import Iterator, Mapping

from tests.mutation.mutant import Mutant, Page

WORDS = {"+": "-", "-": "+", "*": "/", "/": "*", "@": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=",
         "!=": "==", "and": "or", "or": "and", "in": "not in"}  # fmt: skip
MORE_WORDS = {"===": "!==", "!==": "===", "&&": "||", "||": "&&", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=",
              "%": "*", "&": "|", "^": "|", ">>": "<<"}  # fmt: skip
"""Further operators of JavaScript and C."""
COMMENTS = ("/*", "*/"), ("{#", "#}")
NUMBER = r"(?<![\w.])(?:0|[1-9]\d*)(?:\.\d+)?(?![\w.])"
LAYOUT = re.compile(r'\| \w+\([^|]*, \d+\)|"(?:\\n| )*[A-Z][^"]* [^"]*"| (//|/\*) .*')
"""Indentation, sentences and comments: mistakes there change no result."""


def of_template(page: Page) -> Iterator[Mutant]:
    """The mutants of a template of Python."""
    quoted = filtered = False
    for row, start in zip(page.source.splitlines(), page.starts, strict=False):
        text = row.decode()
        bare = text.strip()
        around = bare.count('"""') + ("| opening }}" in bare)  # which opens the docstring of a page
        quoted ^= around % 2 == 1
        filtered = "{% filter prose %}" in bare or (filtered and "{% endfilter %}" not in bare)
        if around or quoted or filtered or not bare or bare.startswith(("#", "{#", "{% endfilter %}")):
            continue
        if not bare.endswith((":", "(", "{")) and bare not in (")", "]", "}"):
            yield from _without(page, text, start, "pass" if text[0] == " " else "")
        yield from _of_line(page, text, start, WORDS)


def of_script(page: Page) -> Iterator[Mutant]:
    """The mutants of a template of JavaScript or C."""
    prose = ""
    for row, start in zip(page.source.splitlines(), page.starts, strict=False):
        text = row.decode()
        bare = text.strip()
        if prose:
            prose = "" if prose in bare else prose
        elif "{% set says %}" in bare:
            prose = "{% endset %}"
        elif opened := next((end for begin, end in COMMENTS if bare.startswith(begin) and end not in bare), ""):
            prose = opened
        elif bare and not bare.startswith(("//", "{#")) and not (bare.startswith("/*") and bare.endswith("*/")):
            opens = bare.endswith(("(", "{")) or re.search(r"\| (function|unless|comment)\b", bare)
            if not opens and bare.strip("()[]{},;"):
                yield from _without(page, text, start, "")
            yield from _of_line(page, text, start, WORDS | MORE_WORDS)


def _without(page: Page, text: str, start: int, instead: str) -> Iterator[Mutant]:
    """A template with the negated condition in this line, or without the line."""
    begins, stop = start + len(text) - len(text.lstrip()), start + len(text.encode())
    if tag := re.match(r"\{% (if|elif) (.*) %\}$", text.strip()):
        yield page.mutant("", begins, stop, f"{{% {tag[1]} not ({tag[2]}) %}}")
    elif not text.strip().startswith("{%"):
        yield page.mutant("", begins, stop, instead)


def _of_line(page: Page, text: str, start: int, words: Mapping[str, str]) -> Iterator[Mutant]:
    """A template with another operator or number in this line."""
    if text.strip().startswith("{%") and not text.strip().startswith("{% set"):
        return
    script = words is not WORDS
    left_out = [found.span() for found in LAYOUT.finditer(text)] if script else []
    operators = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    for found in re.finditer(rf"(?<= )({operators})(?= )|{NUMBER}", text):
        if not any(first <= found.start() < last for first, last in left_out):
            at = start + len(text[: found.start()].encode())
            new = words[found[0]] if found[0] in words else repr(ast.literal_eval(found[0]) + 1)
            yield page.mutant("", at, at + len(found[0].encode()), new)
