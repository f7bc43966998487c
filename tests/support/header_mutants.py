"""Headers in integers with one small mistake each."""

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    """A changed header."""

    line: int
    old: str
    new: str
    text: str


_RULES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"\b(u?int)(32|16)_t\b", lambda found: f"{found[1]}{int(found[2]) // 2}_t"),  # narrower
    (r"(?<=>> )\d+\b", lambda found: str(int(found[0]) + 1)),  # shifts by one more, and one less
    (r"(?<=>> )\d+\b", lambda found: str(int(found[0]) - 1)),
    (r" (<|>) (?=[\w-])", lambda found: f" {'>' if found[1] == '<' else '<'} "),  # flipped
    (r" (<|>) (?=[\w-])", lambda found: f" {found[1]}= "),
    (r"(?<= \+ )(?:i|place)\b", lambda found: f"{found[0]} + 1"),  # the next index
    (r" \+ (?=\w)", lambda _: " - "),
    (r"\b[1-9]\d*(?=u?\b)(?!_t)", lambda found: str(int(found[0]) + 1)),  # the next number
)
"""What is changed, and into what: an operator, a type, an index or a number of a statement."""


def mutants(text: str, most: int, seed: int = 1) -> list[Mutant]:
    """Some mutants of a header, drawn from all that the rules make of its statements."""
    different = {mutant.text: mutant for mutant in _all(text)}  # two rules may change a number alike
    return sorted(random.Random(seed).sample([*different.values()], most))


def _all(text: str) -> Iterator[Mutant]:
    start = text.index("/* The sum, and")
    for pattern, change in _RULES:
        for found in re.finditer(pattern, text[start:]):
            place = start + found.start()
            line = text.count("\n", 0, place) + 1
            whole = text.split("\n")[line - 1]
            asm = (
                "asm" in whole
                or whole.lstrip().startswith(("/*", "#", "-"))
                or re.fullmatch(r"[\s\d,-]+", whole) is not None
            )
            if not asm:  # neither comments, nor paths of other machines, nor rows of a table
                new = change(found)
                yield Mutant(line, found[0], new, text[:place] + new + text[place + len(found[0]) :])
