"""Files of parameters, whose texts have no escapes: quotes stand around each name and each text."""

from nngen.runtime.kit import F64, bare, has, nan, parsed, refuse
from nngen.runtime.texts import _part_after, _part_before


def _numbers_of_file(text: str, layout: str) -> list[F64]:
    """The numbers of a file of parameters: NaN for what is none, and at the end if the file is not complete."""
    pieces: list[str] = text.split('"')
    numbers: list[F64] = []
    known = False
    whole = False
    mark = "," if bare(pieces[0]) == "{" else ""
    at = 1
    while mark == "," and at + 1 < len(pieces):
        name = pieces[at]
        rest = bare(pieces[at + 1])
        mark = ""
        at += 2
        if name == "parameters" and bare(_part_before(rest, "[")) == ":":
            listed: list[str] = _part_before(_part_after(rest, "["), "]").split(",")
            for number in listed:
                numbers.append(_number_of_json(bare(number)))
            mark = bare(_part_after(rest, "]"))
            whole = True
        elif rest == ":" and at + 1 < len(pieces):
            value = pieces[at]
            if name == "layout" and value != layout:
                refuse("file", "the parameters of this network, not of another one")
            known = known or name == "layout"
            if (name == "layout" or name == "network") and not has(value, "\\"):
                mark = bare(pieces[at + 1])
            at += 2
    spaced = has(text, "\v") or has(text, "\f")
    if spaced or not known or not whole or mark != "}" or at != len(pieces):
        numbers.append(nan())
    return numbers


def _number_of_json(text: str) -> F64:
    """The number that a text of JSON stands for; NaN if it stands for none."""
    size = _part_after(text, "-") if text.startswith("-") else text
    whole = _part_before(_part_before(size, "e"), "E")
    zeros = whole.startswith("0") and whole != "0" and not whole.startswith("0.")
    opened = whole == "" or whole.startswith(".") or whole.endswith(".")
    return nan() if zeros or opened or size.startswith("+") else parsed(text)
