"""The value of a typeset equation."""

import math
import re
from collections.abc import Mapping

from nngen.learning.typeset import Digits, Text, tree

FULL = Digits(None)
"""All digits that identify a number."""


def text(node: tree.Node, digits: Digits | None = None) -> str:
    return Text(digits).whole(node)


def computed(text: str, module: Mapping[str, object]) -> float:
    """The value that a reader of the text would compute."""
    for sign, word in (
        ("\u2212", "-"),
        ("·", "*"),
        ("≤", "<="),
        ("≥", ">="),
        (", else", " else"),
        (" = ", " == "),
        ("^", "**"),
    ):
        text = text.replace(sign, word)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "**" + found[0].translate(LOWERED), text)
    text = re.sub(r", (\S+ if )", r" else \1", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"√([\w.]+)", r"√(\1)", text).replace("√", "sqrt").replace("σ", "sigmoid").replace("′", "_slope")
    words = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sin", "cos", "sqrt", "erfc")}
    words["sign"] = lambda z: (z > 0) - (z < 0)
    words["keep"] = module.get("_keep")
    return float(eval(text, {**words, **module}))


LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
