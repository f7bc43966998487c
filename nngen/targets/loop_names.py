"""Names of values inside loops over units or examples.

Each function takes a layer and mostly a formula. Templates use them as filters.
"""

from collections.abc import Callable, Mapping, Sequence

from nngen.common.text import joined
from nngen.mathematics.formulas import Formula
from nngen.plan import Block, Entry, Equation, Layer, Optimizer, Product, full_name, loops


def loop(layer: Layer, formula: Formula, y: str = "y") -> dict[str, str]:
    """Loop variables of a formula and the lists they iterate over, e.g. ``{"z": "z_hidden"}``; ``y`` names a target."""
    own = [symbol for symbol in formula.variables if symbol not in layer.shared]
    return {y if symbol == "y" else symbol: layer.name_of(symbol) for symbol in own}


def in_loop(layer: Layer, y: str = "y") -> Callable[[str], str]:
    """Names inside such a loop: the symbol itself. Shared values keep the name of the layer."""
    return lambda symbol: layer.name_of(symbol) if symbol in layer.shared else y if symbol == "y" else symbol


def by_number(layer: Layer, read: str = "%s") -> Callable[[str], str]:
    """Names by the index of the unit: ``z_hidden[i]``, or ``[0]`` of a single one. Shared values have no index.

    Args:
        layer: the layer.
        read: how a parameter is read.
    """
    index = "i" if len(layer.units) > 1 else "0"
    parameters = {block.symbol for block in layer.normalization_blocks}

    def name(symbol: str) -> str:
        whole = layer.name_of(symbol)
        if symbol in layer.shared:
            return whole
        return read % f"{whole}[{index}]" if symbol in parameters else f"{whole}[{index}]"

    return name


def within(layer: Layer, formula: Formula, what: str) -> dict[str, str]:
    """Symbols that differ by example and unit, each with a ``row`` of one example or a ``column`` of one unit."""
    return {symbol: f"{symbol}_{what}" for symbol in layer.of_examples(formula)}


def example_rows(layer: Layer, formula: Formula) -> dict[str, str]:
    """Loop variables for the rows of these values, one row for each example, and the lists they iterate over."""
    return {f"{symbol}_row": layer.name_of(symbol) for symbol in layer.of_examples(formula)}


def unit_columns(layer: Layer, formula: Formula) -> dict[str, str]:
    """Loop variables for the columns of these values, one for each unit, and the Python lists they iterate over."""
    return {f"{symbol}_column": f"zip(*{layer.name_of(symbol)})" for symbol in layer.of_examples(formula)}


def of_units(layer: Layer, formula: Formula) -> dict[str, str]:
    """Loop variables of values that all examples share, and the lists they iterate over."""
    return {symbol: layer.name_of(symbol) for symbol in formula.variables if symbol in layer.of_units}


def of_layers(layer: Layer, formula: Formula) -> dict[str, str]:
    """Loop variables of values that each example has once for the layer, and the lists they iterate over."""
    return {symbol: layer.name_of(symbol) for symbol in formula.variables if symbol in layer.shared - {"n"}}


def of_example(layer: Layer, read: str = "%s") -> Callable[[str], str]:
    """Names by example k and unit i: ``z_hidden[k][i]``. Shared values have one index or none.

    Args:
        layer: the layer.
        read: how a parameter is read.
    """
    parameters = {block.symbol for block in layer.normalization_blocks}

    def name(symbol: str) -> str:
        whole = layer.name_of(symbol)
        if symbol in layer.of_units:
            return read % f"{whole}[i]" if symbol in parameters else f"{whole}[i]"
        if symbol in layer.shared:
            return whole if symbol == "n" else f"{whole}[k]"
        return f"{whole}[k][i]"

    return name


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


def number_of(entry: Entry, before: str = "", between: str = "][") -> str:
    """``x[t + k]`` or ``w[c][k]``: a number of a vector or of parameters.

    Args:
        entry: the number.
        before: what stands before the place in a vector, such as ``k][`` of an example.
        between: what stands between the row and the column of a matrix; a single place counts all numbers without it.
    """
    places, block = entry.at, isinstance(entry.of, Block)
    match entry:
        case Entry(Block() as matrix, (row, column)) if not between:
            places = (loops.flat(matrix, row, column),)
    return f"{entry.of.name}[{'' if block else before}{between.join(place.counted() for place in places)}]"


def examples(equation: Equation) -> dict[str, str]:
    """Loop variables over a batch and the lists they iterate over: a row of each vector."""
    return {f"{product.vector.name}_row": product.vector.name for product in equation.products}


def together(loops: Mapping[str, str]) -> str:
    """The head of a loop: ``z in z_output``, or ``a, y in zip(a_output, y_output)``."""
    lists = ",↵".join(loops.values())
    return f"{', '.join(loops)} in {lists if len(loops) == 1 else f'zip(⟨{lists}⟩)'}"


def old_state(optimizer: Optimizer) -> tuple[str, ...]:
    """Names of the state that a step gets: the number of steps, and a list for each variable."""
    return (*(["old_t"] if optimizer.counts else []), *state_loop(optimizer).values())


def new_state(optimizer: Optimizer) -> tuple[str, ...]:
    """Names of the state that a step returns, in the same order."""
    return (*(["t"] if optimizer.counts else []), *(f"new_{slot}" for slot in optimizer.memory))


def state_loop(optimizer: Optimizer) -> dict[str, str]:
    """Loop variables of a step and the lists they iterate over, e.g. ``{"m": "old_m"}``."""
    return {slot: f"old_{slot}" for slot in optimizer.memory}


def memory_names(optimizer: Optimizer, prefix: str) -> tuple[str, ...]:
    """Names of the variables that an optimizer remembers, such as ``old_m``."""
    return tuple(f"{prefix}_{slot}" for slot in optimizer.memory)


def given_names(optimizer: Optimizer) -> frozenset[str]:
    """Variables of a step that have a value before its first line."""
    return frozenset({"w", "g", *state_loop(optimizer)})


def changed_names(optimizer: Optimizer) -> frozenset[str]:
    """Variables to which the lines of a step assign a value."""
    return frozenset(line.name for line in optimizer.lines)


def state_type(optimizer: Optimizer, numbers: str) -> str:
    """The type of the state in Python: the number of steps, and ``numbers`` for each part of the memory."""
    types = ["int"] * optimizer.counts + [numbers] * len(optimizer.memory)
    return f"tuple[{', '.join(types) or '()'}]"


def state_in_words(optimizer: Optimizer) -> str:
    """The state of an optimizer, in words."""
    parts = ["the number of steps"] * optimizer.counts + [*optimizer.memory]
    return joined(parts, "and") or "empty"


STEP = (changed_names, given_names, memory_names, new_state, old_state, state_in_words, state_loop)
PYTHON = (
    *STEP,
    all_loops,
    bias_of_unit,
    columns_of,
    example_rows,
    examples,
    in_loop,
    loop,
    number_of,
    of_layers,
    of_units,
    rows,
    state_type,
    together,
    unit_columns,
    weight_loops,
    within,
)
C = (*STEP, by_number, number_of, of_example)
"""The filters of each language's templates."""
