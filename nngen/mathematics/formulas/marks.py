"""Marks in the text of an expression: where its lines may break.

Who composes an expression writes them, and the layout of a page replaces them by spaces or line breaks::

    sum(⟨⟦w * a⟧↵for w, a in zip(⟨ws,↵values⟩)⟩)

======== ==============================================================================================
``⟨ ⟩``  the inside of brackets, which may stand on indented lines of its own
``⟦ ⟧``  a group, such as an operand: its places break only if it is too long for a line
``↵``    a space, or a line break
``,⟩``   the end of a list whose items have lines of their own, with a comma after the last, if one line is too short
``↳``    a space, or a line break after which the rest of the brackets or of the group is indented
======== ==============================================================================================

No name or number contains them, and string constants have them as escapes.
"""

MARKS = "⟨⟩⟦⟧↵↳"

BREAK_BEFORE, BREAK_AFTER = "↵{} ", " {}↵"
"""Patterns of an operator between its operands, where a line may break before or after it."""

_FLAT = str.maketrans({"⟨": "", "⟩": "", "⟦": "", "⟧": "", "↵": " ", "↳": " "})


def flat(text: str) -> str:
    """The expression on one line, without marks."""
    return text if text.isascii() else text.replace(",⟩", "").translate(_FLAT)
