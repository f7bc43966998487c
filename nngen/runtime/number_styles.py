"""Numbers as people write them in a column, such as $1,234.50, and as programs do."""

from nngen.runtime.kit import F64, Style, has, is_digits, joined, nan, parsed, stripped
from nngen.runtime.texts import _part_after, _part_before


def _of_style(text: str, form: Style) -> F64:
    """The number that a text in a style stands for; NaN if it stands for none."""
    rest = stripped(text)
    prefix = form.prefix
    suffix = form.suffix
    found = ""
    while True:
        first = _first_sign(rest)
        last = _last_sign(rest)
        before = rest[: len(rest) - len(last)]
        follows = form.minus == "after" and not _ends_open(before)
        inside = len(rest) > 1 and rest.startswith("(") and rest.endswith(")")
        if prefix != "" and rest.startswith(prefix):
            rest = rest[len(prefix) :]
            prefix = ""
        elif suffix != "" and rest.endswith(suffix):
            rest = rest[: len(rest) - len(suffix)]
            suffix = ""
        elif found == "" and first != "":
            found = first
            rest = rest[len(first) :]
        elif found == "" and last != "" and follows:
            found = last
            rest = before
        elif found == "" and form.minus == "parentheses" and inside:
            found = "-"
            rest = rest[1:]
            rest = rest[: len(rest) - 1]
        else:
            break
        rest = stripped(rest)
    size = _unsigned(rest, form)
    return size if found == "" or found == "+" else -size


def _first_sign(text: str) -> str:
    """The sign that a text begins with; empty if there is none."""
    for mark in ("+", "-", "\u2212"):
        if text.startswith(mark):
            return mark
    return ""


def _last_sign(text: str) -> str:
    """The sign that a text ends with; empty if there is none."""
    for mark in ("+", "-", "\u2212"):
        if text.endswith(mark):
            return mark
    return ""


def _ends_open(text: str) -> bool:
    """Whether a text ends with a mark that digits follow."""
    return text.endswith(".") or text.endswith(",")


def _unsigned(text: str, form: Style) -> F64:
    """The number of a text without a sign; NaN if it is none."""
    mark = "E" if has(text, "E") else "e"
    mantissa = _part_before(text, mark)
    rest = _part_after(text, mark)
    exponent = rest[len(_ascii_sign(rest)) :]
    if mantissa != text and not is_digits(exponent):
        return nan()
    pointed = _is_pointed(mantissa)  # a program writes no point between groups
    point = "." if pointed else form.decimal
    thousands = "" if pointed else form.thousands
    whole = _part_before(mantissa, point).replace("\u2019", "'")
    decimals = _part_after(mantissa, point)
    groups = [whole]
    if thousands != "":
        groups = whole.split(thousands)
    digits = joined(groups, "")
    wrong = len(groups) > 1 and not _grouped(groups, thousands == ",")
    if wrong or not is_digits(digits + decimals):
        return nan()
    if rest == "":
        rest = "0"
    return parsed("0" + digits + "." + decimals + "e" + rest)


def _is_pointed(mantissa: str) -> bool:
    """Whether a number has a decimal point, and none that may stand between thousands."""
    whole = _part_before(mantissa, ".")
    decimals = _part_after(mantissa, ".")
    begins = whole != "" and len(whole) < 4 and not whole.startswith("0")
    group = begins and len(decimals) == 3
    return has(mantissa, ".") and is_digits(whole + decimals) and not group


def _grouped(groups: list[str], india: bool) -> bool:
    """Whether digits stand in groups of three, or as in India in groups of two before the last three."""
    first = groups[0]
    twos = india and len(first) < 3
    threes = True
    for group in groups[1 : len(groups) - 1]:
        twos = twos and len(group) == 2
        threes = threes and len(group) == 3
    begins = is_digits(first) and len(first) < 4 and not first.startswith("0")
    return begins and len(groups[len(groups) - 1]) == 3 and (twos or threes)


def _ascii_sign(text: str) -> str:
    """The sign of an exponent; empty if there is none."""
    if text.startswith("-"):
        return "-"
    return "+" if text.startswith("+") else ""
