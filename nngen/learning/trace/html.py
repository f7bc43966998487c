"""Worksheets as a single HTML file with MathML."""

from collections.abc import Iterator

from markupsafe import Markup

from nngen.learning.trace.matrix_print import matrix_html
from nngen.learning.trace.picture import RADIUS, picture
from nngen.learning.trace.worksheet import BLANK, Line, Worksheet
from nngen.learning.typeset import Digits, Number, mathml, mathml_pieces, mathml_symbol, rows
from nngen.targets import html_environment

WIDTH = 100
"""Text columns of a line of an equation. A longer sum continues on the next line."""


def html(sheet: Worksheet, digits: Digits) -> str:
    """Write the whole worksheet as a page without external files. Layers can be folded."""
    template = html_environment().get_template("trace/worksheet.html.jinja")
    drawn = picture(sheet.plan)
    return template.render(
        sheet=sheet,
        digits=digits,
        say=digits.says,
        drawn=drawn,
        radius=RADIUS,
        equation=lambda line: equation(line, digits),
        matrix=lambda line: Markup(matrix_html(line, digits)),  # noqa: S704 (the MathML writers escape all names),
    )


def equation(line: Line, digits: Digits) -> Markup:
    """An equation as a table: a row for each form, with corresponding terms in columns."""
    found = list(_rows(line, digits))
    sign = "←" if line.again else "="
    cells = [
        _row(mathml_symbol(line.symbol) if place == 0 else "", sign if place == 0 else "=" if starts else "", *content)
        for place, (starts, *content) in enumerate(found)
    ]
    # the MathML writers escape all names
    return Markup(f"<math><mtable>{''.join(cells)}</mtable></math>")  # noqa: S704


def _rows(line: Line, digits: Digits) -> Iterator[tuple[bool, str, str]]:
    """The rows of an equation: whether a row starts a form, its cells, and their CSS class."""
    forms = line.computed
    most = max((len(mathml_pieces(form, digits)) for form in forms), default=1)
    for form, columns, start, end in rows(forms, digits, WIDTH):
        between = '<mo form="infix">'  # an infix operator, even at the start of a row
        pieces = [sign.replace("<mo>", between) + piece for sign, piece in mathml_pieces(form, digits)[start:end]]
        apart = "".join(f"<mtd><mrow>{piece}</mrow></mtd>" for piece in pieces)
        cells = apart if columns else f'<mtd columnspan="{most}"><mrow>{"".join(pieces)}</mrow></mtd>'
        yield start == 0, cells, "rule" if form is line.rule else ""
    if line.value is not None:
        value = f"<mtext>{BLANK}</mtext>" if line.blank else mathml(Number(line.value), digits)
        kind = "room" if line.blank else "result" if line.forms else ""
        yield True, f'<mtd columnspan="{most}">{value}</mtd>', kind


def _row(name: str, sign: str, cells: str, kind: str) -> str:
    marked = cells.replace("<mtd", f'<mtd class="{kind}"') if kind else cells
    equals = f'<mo form="infix">{sign}</mo>' if sign else ""
    return f'<mtr><mtd class="name">{name}</mtd><mtd class="sign">{equals}</mtd>{marked}</mtr>'
