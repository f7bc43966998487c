"""Equations of matrices: as text, where a matrix is a block of lines beside others, in LaTeX, and in MathML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from nngen.common.records import dataclass
from nngen.common.text import columns, padded
from nngen.learning.trace.grids import Cell, Form, Grid, MatrixLine
from nngen.learning.trace.worksheet import BLANK
from nngen.learning.typeset import (
    Digits,
    Name,
    Node,
    Number,
    Symbol,
    latex,
    latex_symbol,
    mathml,
    mathml_symbol,
    replaced,
    symbol_text,
    text,
)

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
    value = line.shown
    result = value if isinstance(value, Grid) else cell_text(value, digits)
    rows = [*(pieces(form, digits) for form in line.forms), [result]]
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
    rows = ["  ".join(map(partial(padded, right=True), row, widths)) for row in ([head] if head else []) + cells]
    lines = [f"{padded(name, left)}[ {row} ]" for name, row in zip(beside, rows[bool(head) :], strict=True)]
    lines = [f"{' ' * left}  {rows[0]}  ", *lines] if head else lines
    return Box(tuple(lines), bool(head) + (len(cells) - 1) // 2)


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


WIDTH = 74
"""Text columns of a line of an equation in LaTeX."""

QUAD, CR, NEW_ROW = r"\quad", r" \cr ", r" \\ "
"""The beginning of a line that continues another, and the ends of rows."""

BESIDE = 8
"""Text columns for a factor beside a matrix."""

_LATEX_MARK = re.compile(r"\\text\{([\ue000-\uf8ff])\}")
_PART = re.compile(r"(\\left\b|(?<!\\)\{|\\begin\b)|(\\right\b|(?<!\\)\}|\\end\b)| (?:\+|-|\\odot|\\,) ")
"""What opens a part of an equation in LaTeX, what closes one, and a sign."""

_MATHML_MARK = re.compile('<mi data-name="[\ue000-\uf8ff]">([\ue000-\uf8ff])</mi>')


def matrix_latex(line: MatrixLine, digits: Digits) -> str:
    """An equation in LaTeX, with a line for each form, or several lines for a wide one."""
    name, sign = latex_symbol(line.symbol), r"\leftarrow" if line.again else "="
    rows: list[str] = []
    room = WIDTH - columns(symbol_text(line.symbol))
    line = line.fitted(lambda grid: _grid_width(grid, digits), room - BESIDE)
    for form in line.forms:
        node, grids = with_marks(form)
        terms = list(_terms(latex(node, digits)))
        widths = [_width(term, grids, digits) for term in terms]
        cells = [_filled(term, grids, digits) for term in terms]
        rows += [f"& {QUAD if start else '='} {row}" for start, row in enumerate(_rows(cells, widths, room))]
    value = line.shown
    rows.append(f"& = {_latex_grid(value, digits) if isinstance(value, Grid) else _latex_cell(value, digits)}")
    rows[0] = f"{name} {rows[0].replace('=', sign, 1)}"
    return "\n".join([r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


def _filled(term: str, grids: Mapping[str, Grid], digits: Digits) -> str:
    """A term with its matrices."""
    return _LATEX_MARK.sub(lambda mark: _latex_grid(grids[mark[1]], digits), term)


def _terms(written: str) -> Iterator[str]:
    """The terms of an equation in LaTeX, each with the sign before it. Parentheses and braces hold together."""
    start, depth = 0, 0
    for part in _PART.finditer(written):
        if part[1]:
            depth += 1
        elif part[2]:
            depth -= 1
        elif depth == 0:
            yield written[start : part.start()]
            start = part.start()
    yield written[start:]


def _width(term: str, grids: Mapping[str, Grid], digits: Digits) -> int:
    """The width of a term in text columns, about."""
    texts = _LATEX_MARK.sub("", re.sub(r"\\[a-z]+|[{}]", "", term))
    return len(texts) + sum(_grid_width(grids[mark], digits) for mark in _LATEX_MARK.findall(term))


def _grid_width(grid: Grid, digits: Digits) -> int:
    cells = zip(*([cell_text(cell, digits) for cell in row] for row in grid.rows), strict=True)
    return sum(max(map(columns, column)) + 2 for column in cells) + 2


def _rows(terms: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    """The terms of an equation on lines."""
    rows, used = [""], 0
    for term, width in zip(terms, widths, strict=True):
        if rows[-1] and used + width > room:
            rows.append("")
            used = 0
        rows[-1] += term
        used += width
    return rows


def _latex_cell(cell: Cell, digits: Digits) -> str:
    if cell is None:
        return r"\underline{\hspace{4em}}"
    return r"\cdots" if cell is ... else latex(Number(cell), digits)


def _latex_grid(grid: Grid, digits: Digits) -> str:
    cells = [[_latex_cell(cell, digits) for cell in row] for row in grid.rows]
    names = [_latex_name(name) for name in grid.down]
    if grid.across:
        head = " & ".join(["", *(_latex_name(name) if name else r"\cdots" for name in grid.across)])
        rows = [" & ".join([name, *row]) for name, row in zip(names, cells, strict=True)]
        return rf"\bordermatrix{{{''.join(row + CR for row in [head, *rows])}}}"
    array = _array("r" * len(cells[0]), [" & ".join(row) for row in cells])
    return rf"{_array('r', names)}\left({array}\right)" if names else rf"\left({array}\right)"


def _array(columns: str, rows: Sequence[str]) -> str:
    return rf"\begin{{array}}{{@{{}}{columns}@{{}}}} {NEW_ROW.join(rows)} \end{{array}}"


def _latex_name(name: str) -> str:
    return rf"{{\scriptstyle {latex_symbol(Symbol(name, name))}}}" if name else r"{\scriptstyle\vdots}"


def matrix_html(line: MatrixLine, digits: Digits) -> str:
    """The rows of an equation as a table of MathML, with a row for each form."""
    sign = "←" if line.again else "="
    rows = []
    for form in line.forms:
        node, grids = with_marks(form)
        written = _MATHML_MARK.split(mathml(node, digits))
        rows.append("".join(_html_grid(grids[piece], digits) if piece in grids else piece for piece in written))
    value = line.shown
    shown = _html_grid(value, digits) if isinstance(value, Grid) else _html_cell(value, digits)
    kinds = [*("" for _ in rows), ' class="result"' if line.forms else ""]
    cells = []
    for place, (row, kind) in enumerate(zip([*rows, shown], kinds, strict=True)):
        name = mathml_symbol(line.symbol) if place == 0 else ""
        equals = f'<mo form="infix">{sign if place == 0 else "="}</mo>'
        cells.append(
            f'<mtr><mtd class="name">{name}</mtd><mtd class="sign">{equals}</mtd>'
            f"<mtd{kind}><mrow>{row}</mrow></mtd></mtr>"
        )
    return f"<math><mtable>{''.join(cells)}</mtable></math>"


def _html_grid(grid: Grid, digits: Digits) -> str:
    """A matrix in brackets, which are borders of its cells, with the names of its rows and columns outside."""
    rows = []
    if grid.across:
        head = "".join(f'<mtd class="label">{_html_name(name)}</mtd>' for name in grid.across)
        rows.append(f"<mtr>{'<mtd></mtd>' if grid.down else ''}{head}</mtr>")
    last = len(grid.rows[0]) - 1
    for place, row in enumerate(grid.rows):
        name = f'<mtd class="label">{_html_name(grid.down[place])}</mtd>' if grid.down else ""
        across = " top" * (place == 0) + " bottom" * (place == len(grid.rows) - 1)
        ends = ("cell" + " first" * (j == 0) + " last" * (j == last) + across for j in range(len(row)))
        cells = (f'<mtd class="{kind}">{_html_cell(cell, digits)}</mtd>' for kind, cell in zip(ends, row, strict=True))
        rows.append(f"<mtr>{name}{''.join(cells)}</mtr>")
    return f'<mtable class="matrix">{"".join(rows)}</mtable>'


def _html_cell(cell: Cell, digits: Digits) -> str:
    if cell is None:
        return f"<mtext>{BLANK}</mtext>"
    return "<mo>⋯</mo>" if cell is ... else mathml(Number(cell), digits)


def _html_name(name: str) -> str:
    return mathml_symbol(Symbol(name, name)) if name else "<mo>⋯</mo>"
