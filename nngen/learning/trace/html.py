"""Worksheets as a single HTML file with MathML."""

from collections.abc import Iterator

from markupsafe import Markup

from nngen.learning.trace.picture import RADIUS, picture
from nngen.learning.trace.worksheet import Line, Worksheet
from nngen.learning.typeset import Digits, MathML, rows, tree
from nngen.targets import html_environment

WIDTH = 100
"""Text columns of a line of an equation. A longer sum continues on the next line."""


_INFIX = '<mo form="infix">'
"""An infix operator, even at the start of a row."""


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
    )


def equation(line: Line, digits: Digits) -> Markup:
    """An equation as a table: a row for each form, with corresponding terms in columns."""
    cells = []
    for place, (starts, content) in enumerate(_rows(line, digits)):
        name, sign = ("", "=") if place else (MathML().symbol(line.symbol), "←" if line.again else "=")
        equals = f"{_INFIX}{sign}</mo>" if starts else ""
        cells.append(f'<mtr><mtd class="name">{name}</mtd><mtd class="sign">{equals}</mtd>{content}</mtr>')
    # the MathML writers escape all names
    return Markup(f"<math><mtable>{''.join(cells)}</mtable></math>")  # noqa: S704


def _rows(line: Line, digits: Digits) -> Iterator[tuple[bool, str]]:
    """The rows of an equation: whether a row starts a form, and its cells."""
    forms, writer = line.computed, MathML(digits)
    most = max((len(writer.pieces(form)) for form in forms), default=1)
    for form, columns, start, end in rows(forms, digits, WIDTH):
        pieces = [sign.replace("<mo>", _INFIX) + piece for sign, piece in writer.pieces(form)[start:end]]
        kind = ' class="rule"' if form is line.rule else ""
        apart = "".join(f"<mtd{kind}><mrow>{piece}</mrow></mtd>" for piece in pieces)
        yield start == 0, apart if columns else f'<mtd{kind} columnspan="{most}"><mrow>{"".join(pieces)}</mrow></mtd>'
    if line.value is not None:
        value = writer.whole(line.shown) if line.shown else f"<mtext>{tree.ROOM}</mtext>"
        kind = ' class="result"' if line.shown and line.forms else "" if line.shown else ' class="room"'
        yield True, f'<mtd{kind} columnspan="{most}">{value}</mtd>'
