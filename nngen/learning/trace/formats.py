"""The formats of a worksheet."""

from nngen.learning.trace.html import html
from nngen.learning.trace.latex import latex_document
from nngen.learning.trace.markdown import markdown
from nngen.learning.trace.terminal import terminal
from nngen.learning.trace.worksheet import Worksheet
from nngen.learning.typeset import Digits


def written(sheet: Worksheet, form: str, digits: Digits, *, colour: bool = False) -> str:
    """Write a worksheet as ``text``, with colour or without, ``markdown``, ``latex`` or ``html``."""
    match form:
        case "markdown":
            return markdown(sheet, digits)
        case "latex":
            return latex_document(sheet, digits)
        case "html":
            return html(sheet, digits)
    return terminal(sheet, digits, colour=colour)
