r"""Worksheets as a LaTeX document that needs only amsmath and geometry.

Names may be in any script. Greek letters become mathematical symbols. Korean needs ko.TeX, which pdfLaTeX and XeLaTeX
load if it is installed. pdfLaTeX prints the code point of other letters; LuaLaTeX and XeLaTeX print the letters if
their font has them.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from nngen.learning.trace.picture import RADIUS, Picture, Point, picture
from nngen.learning.trace.worksheet import Line, Section, Worksheet
from nngen.learning.typeset import Digits, LaTeX, escaped, greek, matrix_width, rows

WIDTH = 76
"""Text columns of a line of an equation. A longer sum continues on the next line."""

BESIDE = 16
"""Text columns for what is beside a matrix."""

ACROSS = 96
"""Text columns of given numbers side by side. Names are printed small."""

ROOM = 450
"""The width of a picture in points, unless it needs less."""

PREAMBLE = r"""\documentclass[a4paper,fleqn]{article}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amsmath}
\usepackage{color}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\newcommand{\chain}[1]{\textcolor[rgb]{0.48,0.23,0.56}{#1}}"""


SPACING = r"""\setlength{\abovedisplayskip}{3pt}
\setlength{\belowdisplayskip}{5pt}
\setlength{\mathindent}{1.5em}"""
"""Space around equations. A document resets these lengths at its beginning, so they follow it."""


def latex_document(sheet: Worksheet, digits: Digits) -> str:
    """Write the whole worksheet."""
    body = "\n".join(_body(sheet, digits))
    return "\n".join(
        [PREAMBLE, *_letters(body, digits.language), r"\begin{document}", SPACING, body, r"\end{document}", ""]
    )


def _letters(body: str, language: str) -> Iterator[str]:
    """Definitions for letters that pdfLaTeX has no font for. Korean sentences need ko.TeX; names can do without it."""
    foreign = sorted(character for character in set(body) if not character.isascii() and not _printable(character))
    korean = [character for character in foreign if "HANGUL" in unicodedata.name(character, "")]
    if language == "ko":
        yield r"\usepackage{kotex} % Debian: apt-get install texlive-lang-korean"
    elif korean:
        yield r"\ifdefined\directlua\else\IfFileExists{kotex.sty}{\usepackage{kotex}}{%"
        yield from _declared(korean)
        yield r"}\fi"
    if others := [character for character in foreign if character not in korean]:
        yield from _declared(others)


def _declared(characters: Sequence[str]) -> Iterator[str]:
    """What pdfLaTeX prints for characters."""
    yield r"\ifdefined\DeclareUnicodeCharacter % pdfLaTeX"
    for character in characters:
        letter = greek(character)
        printed = KNOWN.get(character) or (rf"\ensuremath{{{letter}}}" if letter else f"[{ord(character):04X}]")
        yield rf"\DeclareUnicodeCharacter{{{ord(character):04X}}}{{{printed}}}"
    yield r"\fi"


def _printable(character: str) -> bool:
    """Whether LaTeX has the letter in its own font, or composes it from a plain letter and an accent."""
    plain, _, accent = unicodedata.decomposition(character).partition(" ")
    composed = ord(character) < 0x180 and chr(int(plain, 16)).isascii() and accent in ACCENTS if accent else False
    return composed or character in "ßæœøłıÆŒØŁ"


ACCENTS = "0300 0301 0302 0303 0304 0306 0307 0308 030A 030B 030C 0327".split()
"""Combining accents of LaTeX's own fonts."""

KNOWN = {"−": r"\ensuremath{-}", "←": r"\ensuremath{\leftarrow}", "→": r"\ensuremath{\rightarrow}", "…": r"\dots{}"}
KNOWN |= {"∂": r"\ensuremath{\partial}", "Σ": r"\ensuremath{\Sigma}", "′": r"\ensuremath{'}"}
KNOWN |= {"·": r"\ensuremath{\cdot}", "ₖ": r"\ensuremath{_k}", "ⱼ": r"\ensuremath{_j}"}


KNOWN |= {sign: rf"\ensuremath{{^{{{plain}}}}}" for sign, plain in zip("⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹ʳ", "()0123456789r", strict=True)}


def _body(sheet: Worksheet, digits: Digits) -> Iterator[str]:
    yield rf"\section*{{{escaped(digits.says(sheet.title))}}}"
    yield f"{escaped(digits.says(sheet.plan.summary))}\n"
    yield r"\begin{itemize}"
    yield from (rf"\item {escaped(digits.says(says))}" for says in sheet.says(digits))
    yield r"\end{itemize}"
    if drawn := picture(sheet.plan):
        yield from _drawn(drawn)
    for kind, part in sheet.parts(digits):
        match kind, part:
            case _, Section():
                yield from _section(part, digits)
            case "outcome", str():
                yield f"\n{escaped(part)}\n"
            case _:
                yield rf"\{'' if kind == 'step' else 'sub'}section*{{{part}}}"


def _drawn(network: Picture) -> Iterator[str]:
    """The picture of a network. The axis of LaTeX goes up."""

    def point(at: Point) -> str:
        return f"({at[0]},{network.height - at[1]})"

    yield r"\begin{center}"
    yield rf"\setlength{{\unitlength}}{{{min(1.0, ROOM / network.width):.3f}pt}}\scriptsize\linethickness{{0.2pt}}"
    yield rf"\begin{{picture}}({network.width},{network.height})"
    for curve in network.curves:
        yield rf"\qbezier{''.join(map(point, curve))}"
    for name, place in network.places.items():
        yield rf"\put{point(place)}{{\circle{{{2 * RADIUS}}}}}"
        to = "[r]" if name in network.inputs else ""
        yield rf"\put{point(network.label(name))}{{\makebox(0,0){to}{{{escaped(name)}}}}}"
    yield r"\end{picture}"
    yield r"\end{center}"


def _section(section: Section, digits: Digits) -> Iterator[str]:
    yield rf"\paragraph{{{escaped(digits.says(section.title))}}}"
    if section.beside and section.lines:
        cells = [rf"{LaTeX().symbol(line.symbol)} &= {_value(line, digits)} \qquad" for line in section.lines]
        widest = max(len(f"{line.symbol.name} = {line.result(digits)}") for line in section.lines)
        across = max(1, ACROSS // (widest + len("    ")))
        rows = [" & ".join(cells[start : start + across]) for start in range(0, len(cells), across)]
        yield "\n".join([rf"\begin{{alignat*}}{{{2 * across}}}", " \\\\\n".join(rows), r"\end{alignat*}"])
    yield from (escaped(digits.says(note)) + "\n" for note in section.notes)
    for line in section.lines if not section.beside else ():
        yield _equation(line, digits)
    if section.left:
        yield rf"\textit{{\dots{{}} {digits.says(section.left_out)}}}" + "\n"


def _value(line: Line, digits: Digits) -> str:
    """The value of a line, or room for it; empty if it has none."""
    if not line.shown:
        return r"\underline{\hspace{6em}}" if line.blank else ""
    return LaTeX(digits).whole(line.shown)


def _equation(line: Line, digits: Digits) -> str:
    written, most = [], 1
    line = line.fitted(lambda matrix: matrix_width(matrix, digits), WIDTH - BESIDE)
    for form, columns, start, end in rows(line.computed, digits, WIDTH):
        pieces = [f"{{}}{sign}{piece}" if sign else piece for sign, piece in LaTeX(digits).pieces(form)[start:end]]
        shown = r"\chain{%s}" if form is line.rule else "%s"
        whole = shown % rf"$\displaystyle {''.join(pieces)}$"
        row = " && ".join(shown % piece for piece in pieces) if columns else rf"\rlap{{{whole}}}"
        written.append(("&= " if start == 0 else r"&\quad ") + row)
        most = max(most, len(pieces)) if columns else most
    if value := _value(line, digits):
        written.append(rf"&= \rlap{{${value}$}}" if most > 1 else f"&= {value}")
    sign = r"\leftarrow" if line.again else "="
    written[0] = f"{LaTeX().symbol(line.symbol)} {written[0].replace('&=', f'&{sign}', 1)}"
    return "\n".join([rf"\begin{{alignat*}}{{{most}}}", " \\\\\n".join(written), r"\end{alignat*}"])
