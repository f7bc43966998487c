"""Texts and matrices side by side, on several lines of text."""

from collections.abc import Iterator, Sequence
from functools import partial

from nngen.common.records import dataclass
from nngen.common.text import columns, padded
from nngen.learning.typeset import tree
from nngen.learning.typeset.digits import Digits


@dataclass(frozen=True)
class Box:
    """Lines of text of the same width, and the number of the one that other texts are beside."""

    lines: tuple[str, ...]
    middle: int = 0

    @property
    def width(self) -> int:
        """Its text columns."""
        return columns(self.lines[0])

    @property
    def begins(self) -> bool:
        """Whether a line may begin with it: with a sign, or with the space of a product."""
        return len(self.lines) == 1 and self.lines[0].startswith(" ")


def box(piece: str | tree.Matrix, digits: Digits) -> Box:
    """A text, or a matrix in brackets with the names of its rows and columns outside."""
    if isinstance(piece, str):
        return Box((piece,))
    texts = {None: tree.ROOM, ...: "…"}
    cells = [[digits.text(cell) if isinstance(cell, float) else texts[cell] for cell in row] for row in piece.rows]
    head = [[name or "…" for name in piece.across]] if piece.across else []
    widths = [max(map(columns, column)) for column in zip(*cells, *head, strict=True)]
    beside = [name or "…" for name in piece.down] or [""] * len(cells)
    left = max(map(columns, beside)) + bool(piece.down)
    rows = ["  ".join(map(partial(padded, right=True), row, widths)) for row in head + cells]
    lines = [f"{padded(name, left)}[ {row} ]" for name, row in zip(beside, rows[len(head) :], strict=True)]
    lines = [f"{' ' * left}  {row}  " for row in rows[: len(head)]] + lines
    return Box(tuple(lines), len(head) + (len(cells) - 1) // 2)


def matrix_width(matrix: tree.Matrix, digits: Digits) -> int:
    """The text columns of a matrix."""
    return box(matrix, digits).width


def side_by_side(boxes: Sequence[Box], width: int) -> Iterator[list[Box]]:
    """Boxes in groups that are no wider than a line. A sign begins a group."""
    group: list[Box] = []
    for place, one in enumerate(boxes):
        parts = boxes[place : next((k for k in range(place + 1, len(boxes)) if boxes[k].begins), None)]
        if group and one.begins and sum(part.width for part in (*group, *parts)) > width:
            yield group
            group = []
        group.append(one)
    yield group


def lines_of(boxes: Sequence[Box]) -> Iterator[str]:
    """The lines of boxes side by side."""
    above = max(one.middle for one in boxes)
    below = max(len(one.lines) - one.middle for one in boxes)
    for row in range(-above, below):
        yield "".join(
            one.lines[row + one.middle] if 0 <= row + one.middle < len(one.lines) else " " * one.width for one in boxes
        ).rstrip()
