"""Worksheets as a single HTML file with MathML."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from nngen.learning.trace.matrix_print import matrix_html
from nngen.learning.trace.picture import RADIUS, picture
from nngen.learning.trace.worksheet import BLANK, Line, Worksheet
from nngen.learning.typeset import Digits, Node, Number, Sum, alike, mathml, mathml_pieces, mathml_symbol, places
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
    rows = list(_rows(line, digits))
    sign = "←" if line.again else "="
    cells = [
        _row(mathml_symbol(line.symbol) if place == 0 else "", sign if place == 0 else "=" if starts else "", *content)
        for place, (starts, content) in enumerate(rows)
    ]
    # the MathML writers escape all names
    return Markup(f"<math><mtable>{''.join(cells)}</mtable></math>")  # noqa: S704


def _rows(line: Line, digits: Digits) -> Iterator[tuple[bool, tuple[str, str]]]:
    """The rows of an equation: whether a row starts a form, its cells, and their CSS class."""
    forms = [*([line.rule] if line.rule else []), *line.forms]
    if forms and isinstance(forms[-1], Number):
        forms.pop()
    groups = alike(forms, digits)
    most = max((len(mathml_pieces(group[0], digits)) for group in groups), default=1)
    for group in groups:
        for form in group:
            kind = "rule" if form is line.rule else ""
            yield from _form(form, group, most, kind, digits)
    kind = "room" if line.blank else "result" if line.forms else ""
    if line.value is None:
        return
    value = f"<mtext>{BLANK}</mtext>" if line.blank else mathml(Number(line.value), digits)
    yield True, (f'<mtd columnspan="{most}">{value}</mtd>', kind)


def _form(
    form: Node, group: Sequence[Node], most: int, kind: str, digits: Digits
) -> Iterator[tuple[bool, tuple[str, str]]]:
    between = '<mo form="infix">'  # an infix operator, even at the start of a row
    pieces = [sign.replace("<mo>", between) + piece for sign, piece in mathml_pieces(form, digits)]
    columns = len(group) > 1 and isinstance(form, Sum)  # columns would separate factors too far
    for start, end in places(group, digits, WIDTH):
        if not columns:
            cells = f'<mtd columnspan="{most}"><mrow>{"".join(pieces[start:end])}</mrow></mtd>'
        else:
            cells = "".join(f"<mtd><mrow>{piece}</mrow></mtd>" for piece in pieces[start:end])
        yield start == 0, (cells, kind)


def _row(name: str, sign: str, cells: str, kind: str) -> str:
    marked = cells.replace("<mtd", f'<mtd class="{kind}"') if kind else cells
    equals = f'<mo form="infix">{sign}</mo>' if sign else ""
    return f'<mtr><mtd class="name">{name}</mtd><mtd class="sign">{equals}</mtd>{marked}</mtr>'
