"""The sheet of embeddings: their tables, of which the ids of an example select a row each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

from nngen.common.records import dataclass
from nngen.plan import Block, Plan, with_blocks
from nngen.targets.workbook.book import Book
from nngen.targets.workbook.terms import Place, letters

SHEET = "embeddings"

HEAD = 1
"""The row above the rows of a table, from 0; above it is its name."""


def of_example(plan: Plan) -> Plan:
    """The plan for one example: an embedding has a single row, whose numbers are named after its input."""
    blocks: dict[str, Block] = {}
    start = 0
    for block in plan.blocks:
        one = replace(block, units=block.inputs, inputs=(block.index,), count=0) if block.index else block
        blocks[block.name] = replace(one, start=start)
        start += one.size
    return with_blocks(plan, blocks)


@dataclass
class Tables:
    """The tables of a network, and the cells of their columns."""

    plan: Plan
    """That of the whole network."""
    parameters: Sequence[float]

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of the ids of each table, by its name; the numbers follow."""
        blocks = [block for block in self.plan.blocks if block.index]
        ends = accumulate((len(block.inputs) + 2 for block in blocks), initial=0)
        return {block.name: column for block, column in zip(blocks, ends, strict=False)}

    def write(self, book: Book) -> None:
        """Write the sheet, if there are tables."""
        blocks = [block for block in self.plan.blocks if block.index]
        if blocks:
            book.sheet(SHEET).freeze_panes(HEAD + 1, 0)
        for block in blocks:
            column = self.columns[block.name]
            book.text(Place(SHEET, 0, column), block.name, bold=True)
            for place, title in enumerate((block.index, *block.inputs)):
                book.text(Place(SHEET, HEAD, column + place), title, bold=True, bottom=1)
            for row, text in enumerate(self._ids(block)):
                book.text(Place(SHEET, HEAD + 1 + row, column), text)
                for place, value in enumerate(self._row(block, row), 1):
                    book.number(Place(SHEET, HEAD + 1 + row, column + place), value, bg_color="#FFF2CC")

    def _ids(self, block: Block) -> list[str]:
        """The ids of the rows; where they are whole numbers from 0, these."""
        known = {each.name: each.ids for each in self.plan.encoding.indices} if self.plan.encoding else {}
        ids = known.get(block.index) or ()
        return [ids[row] if row < len(ids) else "unknown" if ids else str(row) for row in range(block.count)]

    def _row(self, block: Block, row: int) -> Sequence[float]:
        first = block.start + row * len(block.inputs)
        return self.parameters[first : first + len(block.inputs)]

    def selected(self, block: Block, row: str, x: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        """The formula and the value of each number of the row that an example selects.

        Args:
            block: a table.
            row: the cell of the number of its row, from 0.
            x: the inputs of the example.
        """
        first, last = HEAD + 2, HEAD + 1 + block.count
        for place, value in enumerate(self._row(block, int(x[block.index])), 1):
            column = f"${letters(self.columns[block.name] + place)}$"
            yield f"INDEX({SHEET}!{column}{first}:{column}{last}, {row} + 1)", value
