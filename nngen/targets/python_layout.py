"""Layout of a Python page: statements, comments and functions.

Pages follow the rules of the formatter without running it. The formatter is a test of the page.
"""

from collections.abc import Iterable, Sequence

from nngen.common.text import columns, counted, joined
from nngen.mathematics.formulas import Words, flat
from nngen.plan import Index, Plan, derivative_of
from nngen.targets import loop_names, rows
from nngen.targets.line_breaks import WIDTH, Style, fits_broken, lay_out
from nngen.targets.prose import keywords, literal, paragraphs, pieces, quote, span, wrap
from nngen.targets.rows import fitting
from nngen.targets.sums import MAX_TERMS, averages, plus, signed_sum, sums

STYLE = Style(step=4, last_comma=",")


def statement(start: str, value: str, end: str = "", indent: int = 4) -> str:
    """``start``, an expression and ``end``, on as many lines as they need.

    Where a line breaks, and when an expression gets parentheses for it, follows Ruff, which follows Black.

    Args:
        start: the text before the expression, such as ``"a_h1 = "``.
        value: the expression with marks.
        end: the text after the expression, such as ``":"``.
        indent: the columns before the statement.
    """
    plain = flat(value)
    line = start + plain + end
    if indent + columns(line) <= WIDTH:
        return line
    if plain == value and indent + STYLE.step + columns(value) > WIDTH:
        return line  # parentheses would not help
    operators, bare = STYLE.operators(value), (start, *STYLE.parts(value, in_brackets=False), end)
    if operators == 0 and plain != value:
        broken = lay_out(bare, indent)
        if indent + columns(broken.partition("\n")[0]) <= WIDTH:
            return broken
    if operators == 1 and _has_brackets_at_an_end(value) and fits_broken(bare, indent):
        return lay_out(bare, indent)
    return STYLE.lay_out(f"{start}(⟨{value}⟩){end}", indent)


def _has_brackets_at_an_end(value: str) -> bool:
    """Whether an expression begins with a list or parentheses, or ends with those or with a call."""
    return value.lstrip("⟦-").startswith(("(⟨", "[⟨")) or value.rstrip("⟧").endswith((")", "]"))


def assign(value: str, name: str, indent: int = 4) -> str:
    """``name = value``."""
    return statement(f"{name} = ", value, indent=indent)


def returned(value: str, indent: int = 4) -> str:
    """``return value``."""
    return statement("return ", value, indent=indent)


def add(terms: Iterable[str], name: str, indent: int = 4) -> str:
    """``name = term + term + ...``, in several statements if the sum is too long for a parser."""
    return f"\n{' ' * indent}".join(assign(value, name, indent) for value in sums(terms, name))


def average(terms: Sequence[str], name: str, indent: int = 4) -> str:
    """``name = (term + term + ...) / number of terms``."""
    return f"\n{' ' * indent}".join(assign(value, name, indent) for value in averages(terms, name))


def return_sum(terms: Sequence[str], indent: int = 4) -> str:
    """``return term + term + ...``, in several statements if the sum is too long for a parser."""
    first, last = terms[:-MAX_TERMS], terms[-MAX_TERMS:]
    if not first:
        return returned(plus(last), indent)
    return f"{add(first, 'total', indent)}\n{' ' * indent}{returned(plus(['total', *last]), indent)}"


def return_call(terms: Sequence[str], function: str, indent: int = 4) -> str:
    """``return function(term + term + ...)``, in several statements if the sum is too long for a parser."""
    if len(terms) <= MAX_TERMS:
        return returned(f"{function}(⟨{plus(terms)}⟩)", indent)
    return f"{add(terms, 'flat', indent)}\n{' ' * indent}{returned(f'{function}(flat)', indent)}"


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit.

    A matrix is read by rows. A formatter would give each item its own line; the mark at the head of a page stops it.
    """
    rows = list(rows)
    listed = [flat(item) for row in rows for item in row]
    line = ", ".join(listed) + ("," if len(listed) == 1 and closing.startswith(")") else "")
    if indent + columns(opening + line + closing) <= WIDTH:
        return f"{opening}{line}{closing}"
    inner = [", ".join(piece) for row in rows for piece in fitting(row, WIDTH - indent - len("    ,"))]
    lines = [opening, *(f"    {statement('', piece, ',', indent + 4)}" for piece in inner), closing]
    return f"\n{' ' * indent}".join(lines)


def unpack(rows: Iterable[Sequence[str]], source: str, indent: int = 4) -> str:
    """Names for the items of ``source``, on one line or row by row."""
    rows = list(rows)
    names = [name for row in rows for name in row]
    line = f"{', '.join(names)} = {source}"
    if len(names) > 1 and indent + columns(line) <= WIDTH:
        return line
    return items(rows, "(", f") = {source}", indent)


def comment(text: str, indent: int = 4) -> str:
    """A comment on as many lines as it needs."""
    margin = " " * indent
    return f"\n{margin}".join(f"# {line}" for line in wrap(text, WIDTH - indent - len("# ")))


def opening(text: str) -> str:
    """The opening quotes of a docstring: raw if that saves escaping its backslashes."""
    return 'r"""' if "\\" in text and '"""' not in text else '"""'


def prose(text: str, indent: int = 0) -> str:
    """Wrapped paragraphs of a docstring. Nothing in them ends it."""
    if '"""' in text:
        text = text.replace("\\", "\\u005c").replace('"""', '\\"\\"\\"')
    return paragraphs(text, indent)


def docstring(sentence: str, more: Sequence[str] = ()) -> str:
    """The docstring of a function: a sentence, and lines that its user may also have to know."""
    return '"""' + "\n    ".join([sentence, "", *more, ""] if more else [sentence]).replace("\n    \n", "\n\n") + '"""'


def signature(arguments: Sequence[str], name: str, gives: str) -> str:
    """The head of a function: on one line, or with its arguments on separate lines."""
    line = ", ".join(arguments)
    head = f"def {name}({line}) -> {gives}:"
    if columns(head) <= WIDTH:
        return head
    lines = line if columns(line) + 4 <= WIDTH and len(arguments) > 1 else ",\n    ".join(arguments) + ","
    return f"def {name}(\n    {lines}\n) -> {gives}:"


def updated(plan: Plan, words: Words) -> list[list[str]]:
    """The new value of each parameter, if the optimizer needs a single line, in one row."""
    plain = plan.optimizer.lines[0].formula
    names = [name for row in plan.parameter_rows() for name in row]
    formulas = dict.fromkeys(names, plain)
    for signs in plan.monotone.signs:
        for column in signs.columns:
            kept = column.nearest.rename({"w": plain.text})
            formulas |= {names[place]: kept for place in signs.places(column)}
    return [[formulas[name].write(words, {"w": name, "g": derivative_of(name)}.__getitem__) for name in names]]


def id_ranges(indices: Iterable[Index]) -> str:
    """The ids that a network takes, for a message."""
    return joined((f"{index.name} to be a whole number from 0 to {index.count - 1}" for index in indices), "and")


def strings(parts: Sequence[str], name: str, indent: int = 0) -> str:
    """``name = "part part ..."``. If it does not fit on one line, each part becomes a string of its own."""
    line = quote(" ".join(parts))
    if indent + len("    ") + columns(line) <= WIDTH:
        return assign(line, name, indent)
    margin = " " * indent
    return f"{name} = (\n" + "".join(f"{margin}    {quote(piece)}\n" for piece in pieces(parts)) + f"{margin})"


FILTERS = (
    *loop_names.PYTHON,
    *rows.FILTERS,
    add,
    assign,
    average,
    comment,
    counted,
    docstring,
    flat,
    id_ranges,
    items,
    keywords,
    literal,
    opening,
    plus,
    prose,
    quote,
    return_call,
    return_sum,
    returned,
    signature,
    signed_sum,
    span,
    statement,
    strings,
    unpack,
    updated,
)
"""The filters of Python templates."""
