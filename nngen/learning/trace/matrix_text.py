"""Equations of matrices as text: a matrix is a block of lines, and what stands beside it is at half its height."""

import re
from collections.abc import Iterator, Sequence

from nngen.common.records import dataclass
from nngen.common.text import columns
from nngen.learning.trace.grids import Cell, Form, Grid, MatrixLine
from nngen.learning.trace.worksheet import BLANK
from nngen.learning.typeset import Digits, Name, Node, Symbol, replaced, symbol_text, text

_MARK = re.compile("([\ue000-\uf8ff])")
"""A letter for private use stands for a matrix."""

_SIGN = re.compile("(?= [+−⊙] )")
"""A text may continue on the next line before a sign."""


@dataclass(frozen=True)
class Box:
    """Lines of text of the same width, and the number of the one that other texts are beside."""

    lines: tuple[str, ...]
    middle: int

    @property
    def width(self) -> int:
        """Its text columns."""
        return columns(self.lines[0])


def matrix_lines(line: MatrixLine, digits: Digits, width: int) -> Iterator[str]:
    """The lines of an equation."""
    name, sign = symbol_text(line.symbol), "←" if line.again else "="
    lead = f"  {name} {sign} "
    line = line.fitted(lambda grid: _box(grid, digits).width, width - columns(lead))
    rows = [*(pieces(form, digits) for form in line.forms), [result(line, digits)]]
    for place, row in enumerate(rows):
        for start, beside in enumerate(_broken([_box(piece, digits) for piece in row], width - columns(lead))):
            yield from _beside([Box((lead if start == 0 else " " * (columns(lead) + 2),), 0), *beside])
        lead = " " * columns(f"  {name} ") + "= " if place == 0 else lead


def pieces(form: Form, digits: Digits) -> list[str | Grid]:
    """The right side of an equation: texts, and the matrices between them."""
    marked, grids = with_marks(form)
    found = [part for piece in _MARK.split(text(marked, digits)) for part in _SIGN.split(piece) if part]
    return [grids.get(piece, piece) for piece in found]


def with_marks(form: Form) -> tuple[Node, dict[str, Grid]]:
    """The right side with a letter in place of each matrix, and the matrices by these letters."""
    letters = {name: chr(0xE000 + place) for place, name in enumerate(form.grids)}

    def mark(node: Node) -> Node | None:
        if isinstance(node, Name) and node.symbol.name in letters:
            letter = letters[node.symbol.name]
            return Name(Symbol(letter, letter))
        return None

    return replaced(form.node, mark), {letter: form.grids[name] for name, letter in letters.items()}


def result(line: MatrixLine, digits: Digits) -> str | Grid:
    """The value of an equation, or room for it."""
    if isinstance(line.value, Grid):
        return _emptied(line.value) if line.blank else line.value
    return BLANK if line.blank else digits.text(line.value)


def _emptied(grid: Grid) -> Grid:
    """A matrix with room for its numbers."""
    return Grid(
        tuple(tuple(None if cell is not ... else ... for cell in row) for row in grid.rows), grid.down, grid.across
    )


def cell_text(cell: Cell, digits: Digits) -> str:
    """A number, a gap, or room for a number."""
    return BLANK if cell is None else "…" if cell is ... else digits.text(cell)


def _box(piece: str | Grid, digits: Digits) -> Box:
    if isinstance(piece, str):
        return Box((piece,), 0)
    cells = [[cell_text(cell, digits) for cell in row] for row in piece.rows]
    head = [name or "…" for name in piece.across]
    widths = [max(map(columns, column)) for column in zip(*cells, *([head] if head else []), strict=True)]
    beside = [name or "…" for name in piece.down] or [""] * len(cells)
    left = max(map(columns, beside)) + bool(piece.down)
    lines = [
        f"{_left(name, left)}[ {'  '.join(_right(cell, width) for cell, width in zip(row, widths, strict=True))} ]"
        for name, row in zip(beside, cells, strict=True)
    ]
    if head:
        named = "  ".join(_right(name, width) for name, width in zip(head, widths, strict=True))
        lines.insert(0, f"{' ' * left}  {named}  ")
    return Box(tuple(lines), bool(head) + (len(cells) - 1) // 2)


def _left(word: str, width: int) -> str:
    return word + " " * (width - columns(word))


def _right(word: str, width: int) -> str:
    return " " * (width - columns(word)) + word


def _broken(boxes: Sequence[Box], width: int) -> list[list[Box]]:
    """Boxes side by side, in groups that are no wider than a line. A sign begins a group."""
    groups: list[list[Box]] = [[]]
    room = width
    for place, box in enumerate(boxes):
        parts = boxes[place : next((k for k in range(place + 1, len(boxes)) if _begins(boxes[k])), None)]
        if groups[-1] and _begins(box) and sum(part.width for part in parts) > room:
            groups.append([])
            room = width
        groups[-1].append(box)
        room -= box.width
    return groups


def _begins(box: Box) -> bool:
    """Whether a line may begin with a box: with a sign, or with the space of a product."""
    return len(box.lines) == 1 and box.lines[0].startswith(" ")


def _beside(boxes: Sequence[Box]) -> Iterator[str]:
    above = max(box.middle for box in boxes)
    below = max(len(box.lines) - box.middle for box in boxes)
    for row in range(above + below):
        yield "".join(
            box.lines[row - above + box.middle] if 0 <= row - above + box.middle < len(box.lines) else " " * box.width
            for box in boxes
        ).rstrip()
