"""Layout of a Python page: statements, comments and functions.

Pages follow the rules of the formatter without running it. The formatter is a test of the page.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nngen.formulas import Formula, Words, number
from nngen.pages import loop_names
from nngen.pages.line_breaks import WIDTH, statement
from nngen.plan import Block, Equation, Index, Layer, Plan, Product, derivative_of, full_name
from nngen.text import columns, counted, joined

MAX_TERMS = 100
"""Terms of one sum. A sum is a syntax tree as deep as its number of terms, and some tools walk it by recursion.

349 levels were too many for ``ast.unparse``, Cython and CPython 3.15 on WASI. Parsers alone take more
(``benchmarks/terms.py``): CPython 3.11 and 3.12 2,992 terms, CPython 3.13 9,984, PyPy 6,112, MicroPython 32,000; Node,
GCC and Clang more than any page.
"""


def assign(value: str, name: str, indent: int = 4) -> str:
    """``name = value``."""
    return statement(f"{name} = ", value, indent=indent)


def returned(value: str, indent: int = 4) -> str:
    """``return value``."""
    return statement("return ", value, indent=indent)


def raised(error: str, indent: int = 8) -> str:
    """``raise error``."""
    return statement("raise ", error, indent=indent)


def sums(terms: Iterable[str], name: str) -> Iterator[str]:
    """The values of ``name`` up to the sum of the terms. A sum that is too long for a parser has several."""
    terms = list(terms)
    while len(terms) > MAX_TERMS:
        yield " + ".join(terms[:MAX_TERMS])
        terms = [name, *terms[MAX_TERMS:]]
    yield " + ".join(terms)


def averages(terms: Iterable[str], name: str) -> Iterator[str]:
    """The values of ``name`` up to the mean of the terms."""
    terms = list(terms)
    if len(terms) <= MAX_TERMS:
        yield f"({' + '.join(terms)}) / {len(terms)}.0"
    else:
        yield from sums(terms, name)
        yield f"{name} / {len(terms)}.0"


def add(terms: Iterable[str], name: str, indent: int = 4) -> str:
    """``name = term + term + ...``, in several statements if the sum is too long for a parser."""
    return f"\n{' ' * indent}".join(assign(value, name, indent) for value in sums(terms, name))


def average(terms: Iterable[str], name: str, indent: int = 4) -> str:
    """``name = (term + term + ...) / number of terms``."""
    return f"\n{' ' * indent}".join(assign(value, name, indent) for value in averages(terms, name))


def return_sum(terms: Iterable[str], indent: int = 4) -> str:
    """``return term + term + ...``, in several statements if the sum is too long for a parser."""
    terms = list(terms)
    first, last = terms[:-MAX_TERMS], " + ".join(terms[-MAX_TERMS:])
    if not first:
        return returned(last, indent)
    return f"{add(first, 'total', indent)}\n{' ' * indent}{returned(f'total + {last}', indent)}"


def return_call(terms: Sequence[str], function: str, indent: int = 4) -> str:
    """``return function(term + term + ...)``, in several statements if the sum is too long for a parser."""
    if len(terms) <= MAX_TERMS:
        return returned(f"{function}({' + '.join(terms)})", indent)
    return f"{add(terms, 'flat', indent)}\n{' ' * indent}{returned(f'{function}(flat)', indent)}"


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit.

    A matrix is read by rows. A formatter would give each item its own line; the mark at the head of a page stops it.
    """
    rows = list(rows)
    flat = [item for row in rows for item in row]
    line = ", ".join(flat) + ("," if len(flat) == 1 and closing.startswith(")") else "")
    if indent + columns(opening + line + closing) <= WIDTH:
        return f"{opening}{line}{closing}"
    inner = [", ".join(piece) for row in rows for piece in fitting(row, WIDTH - indent - len("    ,"))]
    lines = [opening, *(f"    {statement('', piece, ',', indent + 4)}" for piece in inner), closing]
    return f"\n{' ' * indent}".join(lines)


def literal(text: str) -> str:
    """A string constant of Python and JavaScript, in the quotes that need fewer escapes; the text may be any."""
    double = json.dumps(text, ensure_ascii=False)
    if text.count('"') <= text.count("'"):
        return double
    return "'" + double[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def unpack(rows: Iterable[Sequence[str]], source: str, indent: int = 4) -> str:
    """Names for the items of ``source``, on one line or row by row."""
    rows = list(rows)
    names = [name for row in rows for name in row]
    line = f"{', '.join(names)} = {source}"
    if len(names) > 1 and indent + columns(line) <= WIDTH:
        return line
    return items(rows, "(", f") = {source}", indent)


def fitting(row: Sequence[str], room: int) -> list[Sequence[str]]:
    """Split a row evenly into as few pieces as possible that fit into ``room`` columns."""
    count = max(1, -(-columns(", ".join([*row, ""])) // (room + len(", "))))  # fewer pieces could not hold it
    while True:
        size = -(-len(row) // count)
        split = [row[start : start + size] for start in range(0, len(row), size)]
        if size == 1 or all(columns(", ".join(piece)) <= room for piece in split):
            return split
        count += 1


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


def paragraphs(text: str, indent: int) -> str:
    """Wrapped paragraphs."""
    wrapped = [wrap(paragraph, WIDTH - indent) for paragraph in text.split("\n\n")]
    return f"\n\n{' ' * indent}".join(f"\n{' ' * indent}".join(lines) for lines in wrapped if lines)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns. A longer word gets its own line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        lines[-1:] = [longer] if columns(longer) <= width else [*lines[-1:], word]
    return lines


def signature(arguments: Sequence[str], name: str, gives: str) -> str:
    """The head of a function: on one line, or with its arguments on separate lines."""
    line = ", ".join(arguments)
    head = f"def {name}({line}) -> {gives}:"
    if columns(head) <= WIDTH:
        return head
    lines = line if columns(line) + 4 <= WIDTH else ",\n    ".join(arguments) + ","
    return f"def {name}(\n    {lines}\n) -> {gives}:"


def progress_argument(plan: Plan, params: str, state: str, indent: int = 4) -> str:
    """The argument of ``fit`` that continues a training, on as many lines as its type needs.

    Args:
        plan: the plan.
        params: the type of the parameters.
        state: the type of the optimizer's state.
        indent: the columns before the argument.
    """
    kind = f"int, {state}, float, float, {params}, int" if plan.stop else f"int, {state}"
    margin, start, end = f"\n{' ' * indent}", "progress: tuple[", "| None = None,"
    if indent + columns(f"{start}{kind}] {end}") <= WIDTH:
        return f"{start}{kind}] {end}"
    if indent + columns(f"{start}{kind}]") <= WIDTH:
        return f"{start}{kind}]{margin}{end}"
    return f"{start}{margin}    {kind}{margin}]{margin}{end}"


def unless(condition: str, indent: int = 4) -> str:
    """``if not condition:``."""
    return statement("if ", f"not {condition}", ":", indent)


def when(condition: str, indent: int = 4) -> str:
    """``if condition:``."""
    return statement("if ", condition, ":", indent)


def named(blocks: Iterable[Block], prefix: str = "") -> list[list[str]]:
    """The names of blocks with a prefix, in one row."""
    return [[f"{prefix}{block.name}" for block in blocks]]


def as_matrices(blocks: Iterable[Block], prefix: str) -> list[list[str]]:
    """The names of blocks with a prefix, in one row; vectors in brackets, as matrices of one row."""
    return [[f"{prefix}{block.name}" if block.matrix else f"[{prefix}{block.name}]" for block in blocks]]


def slopes(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The names of derivatives, in the same rows."""
    return [list(map(derivative_of, row)) for row in rows]


def slope_rows(blocks: Iterable[Block]) -> list[list[str]]:
    """The names of the derivatives by each row of parameters; 0.0 for frozen ones."""
    return [
        [derivative_of(name) if block.trainable else "0.0" for name in row] for block in blocks for row in block.rows
    ]


def literals(values: Iterable[float], words: Words) -> list[list[str]]:
    """Numbers as a target writes them, in one row."""
    return [[(words.number or "{}").format(number(value)) for value in values]]


def literal_rows(block: Block) -> list[list[str]]:
    """The initial values of a block as text, row by row."""
    width = len(block.inputs) or len(block.units)
    return [list(map(number, block.values[i : i + width])) for i in range(0, block.size, width)]


def shapes(blocks: Iterable[Block]) -> list[tuple[int, ...]]:
    """The numbers of rows and columns of each block; a vector is one row."""
    return [block.shape if block.matrix else (1, *block.shape) for block in blocks]


def written(layer: Layer, formula: Formula, words: Words) -> list[str]:
    """A formula for each unit of a layer, as an operand if there are several."""
    write = formula.operand if len(layer.units) > 1 else formula.write
    return [write(words, layer.of_unit(unit)) for unit in layer.units]


def updated(plan: Plan, words: Words) -> list[list[str]]:
    """The new value of each parameter, if the optimizer needs a single line."""
    formula = plan.optimizer.lines[0].formula
    return [
        [formula.write(words, {"w": name, "g": derivative_of(name)}.__getitem__) for name in row]
        for row in plan.parameter_rows()
    ]


def elementwise(equation: Equation, words: Words, each: str = "{name}", single: str = "{name}") -> list[str]:
    """The formulas of vectors in an equation. The patterns are those of ``Elementwise.write``."""
    return [term.write(words, each, single) for term in equation.elementwise]


def id_ranges(indices: Iterable[Index]) -> str:
    """The ids that a network takes, for a message."""
    return joined((f"{index.name} to be a whole number from 0 to {index.count - 1}" for index in indices), "and")


def signed_sum(terms: Iterable[str]) -> str:
    """The sum of some terms; a term that begins with a minus is subtracted."""
    return " + ".join(terms).replace(" + -", " - ")


def weight_loops(products: Sequence[Product]) -> list[tuple[str, Product]]:
    """Products with the loop variable for a row or column of their weights: ``w``, ``w_hidden`` or ``w_1``.

    Long names become numbers: a formatter cannot break the head of a loop, so it has to fit on one line.
    """
    if len(products) == 1:
        return [("w", products[0])]
    short = sum(len(product.end) for product in products) <= 40
    ends = [product.end if short else str(place) for place, product in enumerate(products, 1)]
    return [(full_name("w", end), product) for end, product in zip(ends, products, strict=True)]


def rows(equation: Equation) -> dict[str, str]:
    """Loop variables of a weighted sum and the lists they iterate over: the biases and the rows of weights."""
    biases = {"b": equation.parameters.name} if equation.parameters else {}
    return biases | {name: product.weights.name for name, product in weight_loops(equation.products)}


def columns_of(equation: Equation) -> dict[str, str]:
    """Loop variables of a returned error and the lists they iterate over: the columns of weights."""
    return {name: f"zip(*{product.weights.name})" for name, product in weight_loops(equation.products)}


def bias_of_unit(equation: Equation) -> list[str]:
    """The bias of a unit as the first term of its sum, if there are biases."""
    biases = equation.parameters
    if biases is None:
        return []
    return ["b"] if len(equation.layer.units) > 1 else [f"{biases.name}[0]"]


def all_loops(equation: Equation) -> dict[str, str]:
    """Loop variables of an equation with formulas of vectors, and the lists they iterate over."""
    biases = equation.parameters
    loops = {"b": biases.name} if biases and len(equation.layer.units) > 1 else {}
    return loops | columns_of(equation) | {k: v for term in equation.elementwise for k, v in term.loop.items()}


def examples(equation: Equation) -> dict[str, str]:
    """Loop variables over a batch and the lists they iterate over: a row of each vector."""
    return {f"{product.vector.name}_row": product.vector.name for product in equation.products}


def together(loops: Mapping[str, str]) -> str:
    """The head of a loop: ``z in z_output``, or ``a, y in zip(a_output, y_output)``."""
    lists = ", ".join(loops.values())
    return f"{', '.join(loops)} in {lists if len(loops) == 1 else f'zip({lists})'}"


def strings(parts: Sequence[str], name: str, indent: int = 0) -> str:
    """``name = "part part ..."``. If it does not fit on one line, each part becomes a string of its own."""
    line = quote(" ".join(parts))
    if indent + len("    ") + columns(line) <= WIDTH:
        return assign(line, name, indent)
    margin = " " * indent
    return f"{name} = (\n" + "".join(f"{margin}    {quote(piece)}\n" for piece in pieces(parts)) + f"{margin})"


def pieces(parts: Sequence[str]) -> list[str]:
    """Split the parts of a text into pieces that fit on a line."""
    lines = [line for part in parts for line in wrap(part, 99)]
    spaced = [*(f"{line} " for line in lines[:-1]), lines[-1]]
    return [line[start : start + 100] for line in spaced for start in range(0, len(line), 100)]


def quote(text: str) -> str:
    """A string constant. The text has no quotes or control characters."""
    return f'"{text}"'


def quoted(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The items of all rows as string constants."""
    return [[quote(item) for item in row] for row in rows]


def span(names: Sequence[str]) -> str:
    """The names; if they are long, their number."""
    line = ", ".join(names)
    return line if len(line) <= 30 else f"{len(names)} numbers"


FILTERS = (
    *loop_names.PYTHON,
    add,
    all_loops,
    as_matrices,
    assign,
    average,
    bias_of_unit,
    columns_of,
    comment,
    counted,
    elementwise,
    examples,
    id_ranges,
    items,
    weight_loops,
    literal_rows,
    literals,
    literal,
    named,
    opening,
    progress_argument,
    prose,
    quote,
    quoted,
    raised,
    return_call,
    return_sum,
    returned,
    rows,
    shapes,
    signature,
    signed_sum,
    slope_rows,
    slopes,
    span,
    strings,
    together,
    unless,
    when,
    written,
    unpack,
    updated,
)
"""The filters of Python templates."""
