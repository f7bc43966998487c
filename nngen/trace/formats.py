"""The formats of a worksheet."""

from nngen.trace.html import html
from nngen.trace.latex import latex_document
from nngen.trace.markdown import markdown
from nngen.trace.terminal import terminal
from nngen.trace.worksheet import Worksheet
from nngen.typeset import Digits


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
