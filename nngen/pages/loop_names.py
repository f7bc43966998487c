"""What the letters of a formula are called inside a loop over units or examples, in the languages that have loops.

Each function takes the layer, and mostly a formula of it; templates use them as filters.
"""

from collections.abc import Callable, Mapping

from nngen.formulas import Formula
from nngen.plan import Layer, Optimizer
from nngen.text import joined


def loop(layer: Layer, formula: Formula) -> dict[str, str]:
    """The loop over the units: the letters of the formula, each with the list that it runs through."""
    return {letter: layer.name_of(letter) for letter in formula.variables if letter not in layer.shared}


def in_loop(layer: Layer) -> Callable[[str], str]:
    """Names inside such a loop: the letter itself; what the units share keeps the layer's name."""
    return lambda letter: layer.name_of(letter) if letter in layer.shared else letter


def in_map(layer: Layer, formula: Formula) -> Callable[[str], str]:
    """Names in a map over the units, which gives the first letter as ``z``; the others are ``da_hidden[i]``."""
    bare = {next(iter(loop(layer, formula)), None), *layer.shared}
    name = in_loop(layer)
    return lambda letter: name(letter) if letter in bare else f"{layer.name_of(letter)}[i]"


def by_number(layer: Layer) -> Callable[[str], str]:
    """Names by the number of the unit: ``z_hidden[i]``; what the units share keeps the layer's name."""
    return lambda letter: layer.name_of(letter) if letter in layer.shared else f"{layer.name_of(letter)}[i]"


def within(layer: Layer, formula: Formula, what: str) -> dict[str, str]:
    """The letters that differ by example and unit, each with a ``row`` of one example, or a ``column`` of one unit."""
    return {letter: f"{letter}_{what}" for letter in layer.of_examples(formula)}


def example_rows(layer: Layer, formula: Formula) -> dict[str, str]:
    """The rows of such letters, each with the name of them all."""
    return {f"{letter}_row": layer.name_of(letter) for letter in layer.of_examples(formula)}


def unit_columns(layer: Layer, formula: Formula) -> dict[str, str]:
    """The columns of such letters, each with what gives them all in Python."""
    return {f"{letter}_column": f"zip(*{layer.name_of(letter)})" for letter in layer.of_examples(formula)}


def of_units(layer: Layer, formula: Formula) -> dict[str, str]:
    """The letters of which all examples share the values, each with the name of its values."""
    return {letter: layer.name_of(letter) for letter in formula.variables if letter in layer.of_units}


def of_layers(layer: Layer, formula: Formula) -> dict[str, str]:
    """The letters of which each example has one value for the layer, each with the name of its values."""
    return {letter: layer.name_of(letter) for letter in formula.variables if letter in layer.shared - {"n"}}


def at(letters: Mapping[str, str], place: str) -> Callable[[str], str]:
    """Names for a map over the first of some lists, given by letter: ``v``; the others are ``mean_hidden[i]``."""
    first, *_ = letters
    return lambda letter: f"{letters[letter]}[{place}]" if letter in letters and letter != first else letter


def of_example(layer: Layer) -> Callable[[str], str]:
    """Names by example k and unit i: ``z_hidden[k][i]``; what is shared has one of them, or none."""

    def name(letter: str) -> str:
        whole = layer.name_of(letter)
        if letter in layer.of_units:
            return f"{whole}[i]"
        if letter in layer.shared:
            return whole if letter == "n" else f"{whole}[k]"
        return f"{whole}[k][i]"

    return name


def by_example(layer: Layer, formula: Formula, first: str = "") -> Callable[[str], str]:
    """Names for a map over the examples of a batch, and the units of each: ``z``, and ``da_hidden[k][i]``.

    Args:
        layer: the layer.
        formula: the formula, of whose letters the first that has a value for each example and unit is given.
        first: what that is called; as it stands if not said.
    """
    given = next(iter(layer.of_examples(formula)), None)
    name = of_example(layer)
    return lambda letter: first or letter if letter == given else name(letter)


def old_state(optimizer: Optimizer) -> tuple[str, ...]:
    """Names of the state that a step gets: the number of steps, and a list for each slot."""
    return (*(["old_t"] if optimizer.counts else []), *state_loop(optimizer).values())


def new_state(optimizer: Optimizer) -> tuple[str, ...]:
    """Names of the state that a step returns, in the same order."""
    return (*(["t"] if optimizer.counts else []), *(f"new_{slot}" for slot in optimizer.memory))


def state_loop(optimizer: Optimizer) -> dict[str, str]:
    """Loop variables of a step and the lists they iterate over, e.g. ``{"m": "old_m"}``."""
    return {slot: f"old_{slot}" for slot in optimizer.memory}


def given_names(optimizer: Optimizer) -> frozenset[str]:
    """Variables of a step that have a value before its first line."""
    return frozenset({"w", "g", *state_loop(optimizer)})


def changed_names(optimizer: Optimizer) -> frozenset[str]:
    """Variables to which the lines of a step assign a value."""
    return frozenset(line.name for line in optimizer.lines)


def state_in_words(optimizer: Optimizer) -> str:
    """The state of an optimizer, in words."""
    parts = ["the number of steps"] * optimizer.counts + [*optimizer.memory]
    return joined(parts, "and") or "nothing"


STEP = (changed_names, given_names, new_state, old_state, state_in_words, state_loop)
PYTHON = (*STEP, example_rows, in_loop, loop, of_layers, of_units, unit_columns, within)
JAVASCRIPT = (*STEP, at, by_example, example_rows, in_map, loop, of_layers, of_units, within)
C = (*STEP, by_number, of_example)
"""What the templates of each language use."""
