"""Rows of names and numbers, which a page lists in brackets."""

import itertools
from collections.abc import Iterable, Sequence

from nngen.common.text import columns
from nngen.description.data import LARGEST, AnyColumn, CategoryColumn
from nngen.mathematics.formulas import Formula, Words, flat, number
from nngen.plan import Block, Equation, Index, Layer, derivative_of
from nngen.targets.mentions import names_in
from nngen.targets.prose import quote


def fitting(row: Sequence[str], room: int) -> list[Sequence[str]]:
    """Split a row evenly into as few pieces as possible that fit into ``room`` columns."""
    count = max(1, -(-columns(flat(", ".join([*row, ""]))) // (room + len(", "))))  # fewer pieces could not hold it
    while True:
        size = -(-len(row) // count) or 1
        split = [row[start : start + size] for start in range(0, len(row), size)]
        if size == 1 or all(columns(flat(", ".join(piece))) <= room for piece in split):
            return split
        count += 1


def named(blocks: Iterable[Block], prefix: str = "") -> list[list[str]]:
    """The names of blocks with a prefix, in one row."""
    return [[f"{prefix}{block.name}" for block in blocks]]


def as_matrices(blocks: Iterable[Block], prefix: str) -> list[list[str]]:
    """The names of blocks with a prefix, in one row; vectors in brackets, as matrices of one row."""
    return [[f"{prefix}{block.name}" if block.matrix else f"[{prefix}{block.name}]" for block in blocks]]


def slopes(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The names of derivatives, in the same rows."""
    return [list(map(derivative_of, row)) for row in rows]


def slope_rows(blocks: Iterable[Block]) -> list[list[str]]:
    """The names of the derivatives with respect to each row of parameters; 0.0 for frozen ones."""
    return [
        [derivative_of(name) if block.trainable else "0.0" for name in row] for block in blocks for row in block.rows
    ]


def literals(values: Iterable[float], words: Words) -> list[list[str]]:
    """Numbers as a target writes them, in one row."""
    return [[(words.number or "{}").format(number(value)) for value in values]]


def literal_rows(block: Block) -> list[list[str]]:
    """The initial values of a block as text, row by row."""
    width = len(block.inputs) or len(block.units)
    return [list(map(number, block.values[i : i + width])) for i in range(0, block.size, width)]


def integers(rows: Iterable[Iterable[int]]) -> list[list[str]]:
    """Whole numbers as text, row by row."""
    return [list(map(str, row)) for row in rows]


def shapes(blocks: Iterable[Block]) -> list[tuple[int, ...]]:
    """The numbers of rows and columns of each block; a vector is one row."""
    return [block.shape if block.matrix else (1, *block.shape) for block in blocks]


def tensors(blocks: Iterable[Block], opening: str = "(", closing: str = ")") -> list[str]:
    """The name and the shape of each block, as a pair in brackets."""
    return [f"{opening}{quote(block.name)}, {[*block.shape]}{closing}" for block in blocks]


def counts(indices: Iterable[Index], pair: str = "({}, {})") -> list[str]:
    """The name of each input with ids, and how many rows it has."""
    return [pair.format(quote(index.name), index.count) for index in indices]


def spans(blocks: Iterable[Block], pair: str = "({}, {})") -> list[str]:
    """The place of the first number of each block in the flat list, and the place after its last."""
    return [pair.format(block.start, block.stop) for block in blocks]


def sliced(places: range) -> str:
    """The places as a slice of Python."""
    return f"{places.start}:{places.stop}" + (f":{places.step}" if places.step > 1 else "")


def written(layer: Layer, formula: Formula, words: Words) -> list[str]:
    """A formula for each unit of a layer, as an operand if there are several."""
    write = formula.operand if len(layer.units) > 1 else formula.write
    return [write(words, layer.of_unit(unit)) for unit in layer.units]


def only_in(rows: Iterable[Sequence[str]], body: str) -> list[list[str]]:
    """Rows of names, with an empty text for each that a text does not have; without a text, all stay."""
    found = names_in(body)
    return [[name if not body or names_in(name) & found else "" for name in row] for row in rows]


def placed(rows: Iterable[Sequence[str]], source: str, body: str) -> list[list[tuple[str, str]]]:
    """The names of each row that a text has, each with its place among the numbers of all rows: ``source[3]``."""
    found, places = names_in(body), itertools.count()
    numbered = [[(name, f"{source}[{next(places)}]") for name in row] for row in rows]
    return [[one for one in row if one[0] in found] for row in numbered]


def until_last(rows: Iterable[Sequence[str]], hole: str = "") -> list[list[str]]:
    """Rows up to the last name, with something in place of the others."""
    found = [[name or hole for name in row] for row in rows]
    while found and (not found[-1] or found[-1][-1] == hole):
        (found[-1] or found).pop()
    return found


def runs(columns: Iterable[AnyColumn]) -> list[list[AnyColumn]]:
    """The columns of numbers that follow one another, together; each column of categories alone."""
    found: list[list[AnyColumn]] = []
    for column in columns:
        if found and not isinstance(column, CategoryColumn) and not isinstance(found[-1][0], CategoryColumn):
            found[-1].append(column)
        else:
            found.append([column])
    return found


def quoted(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The items of all rows as string constants."""
    return [[quote(item) for item in row] for row in rows]


def elementwise(equation: Equation, words: Words, each: str = "{name}", single: str = "{name}") -> list[str]:
    """The formulas of vectors in an equation. The patterns are those of ``Elementwise.write``."""
    return [term.write(words, each, single) for term in equation.elementwise]


FILTERS = (
    *(as_matrices, counts, elementwise, integers, literal_rows, literals, named),
    *(only_in, quoted, runs, shapes, sliced, slope_rows, slopes, spans, tensors, written),
)
"""The filters of all templates."""


def limits(dtype: str) -> dict[str, str]:
    """The largest number of a cell, as all languages write it, and as messages of Python have it."""
    written = f"{LARGEST[dtype]:g}"
    return {"LARGEST": written.replace("+", ""), "SAYS_LARGEST": written}
