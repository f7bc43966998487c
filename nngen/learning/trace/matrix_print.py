"""Equations of matrices in LaTeX and MathML."""

import re
from collections.abc import Iterator, Mapping, Sequence

from nngen.common.text import columns
from nngen.learning.trace.grids import Cell, Grid, MatrixLine
from nngen.learning.trace.matrix_text import cell_text, result, with_marks
from nngen.learning.trace.worksheet import BLANK
from nngen.learning.typeset import Digits, Number, Symbol, latex, latex_symbol, mathml, mathml_symbol, symbol_text

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
    rows.append(f"& = {_latex_result(line, digits)}")
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


def _latex_result(line: MatrixLine, digits: Digits) -> str:
    value = result(line, digits)
    if isinstance(value, Grid):
        return _latex_grid(value, digits)
    return (
        _latex_cell(None, digits)
        if line.blank or not isinstance(line.value, float)
        else latex(Number(line.value), digits)
    )


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
    value = result(line, digits)
    shown = _html_grid(value, digits) if isinstance(value, Grid) else f"<mtext>{BLANK}</mtext>"
    if isinstance(line.value, float) and not line.blank:
        shown = mathml(Number(line.value), digits)
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
