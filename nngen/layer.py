"""A planned layer: what feeds it, its equations, and the names in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nngen.formula import Formula, Line, Words
from nngen.parameters import Block

WHOLE: Mapping[str, str] = {"n": "n", "weight": "weight", "c": "_CLASS_WEIGHTS"}
"""The names of letters that belong to no layer: how many examples there are, how much one counts, how much classes."""


@dataclass(frozen=True)
class Source:
    """What feeds a layer: the input, or a layer before it."""

    name: str
    vector: str
    """Its values as a whole: ``x`` or ``a_hidden``."""
    values: tuple[str, ...]
    """Its values one by one: ``x1`` or ``a_h1``."""
    weights: Block
    row: str
    """What a loop over the units calls their rows of weights."""
    learns: bool
    """Whether the error goes back to it."""

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.weights.units)}

    def weighted(self, unit: str) -> tuple[tuple[str, str], ...]:
        """The weights that lead to a unit, each with the value that it weighs."""
        return tuple(zip(self.weights.rows[self._row_of[unit]], self.values, strict=True))

    def weight(self, unit: str, column: int) -> str:
        """The weight that leads to a unit from one of the values."""
        return self.weights.rows[self._row_of[unit]][column]


@dataclass(frozen=True)
class Layer:
    """A layer, with its equations."""

    name: str
    units: tuple[str, ...]
    activation: str
    remark: str
    """A decision about the activation that the reader should see."""
    sources: tuple[Source, ...]
    biases: Block | None
    forward: tuple[Line, ...]
    """From ``z`` to ``a``."""
    judged: tuple[Line, ...]
    """At the output, what the loss needs of all outputs together."""
    error: Line | None
    """Where the loss comes in, at the output: ``da``, or ``dz`` where loss and activation are one."""
    reason: str
    """Why it is so simple, where loss and activation are one."""
    backward: tuple[Line, ...]
    """From ``da`` to ``dz``."""
    learns: bool
    """Whether the error has to come back to it: something in it or below it is trained."""

    @cached_property
    def _shared(self) -> frozenset[str]:
        """The letters that the units share, such as the sum that softmax divides by."""
        lines = (*self.forward, *self.judged, *self.backward)
        return frozenset({"n", "weight"}).union(line.name for line in lines if line.over != "each")

    def name_of(self, letter: str) -> str:
        """A letter's name for the layer as a whole: ``z_hidden``; those of ``WHOLE`` have their own."""
        return WHOLE.get(letter) or f"{letter}_{self.name}"

    def of_unit(self, unit: str) -> Callable[[str], str]:
        """A letter's name for one unit: ``z_h1``; what the units share keeps the layer's name."""
        return lambda letter: self.name_of(letter) if letter in self._shared else f"{letter}_{unit}"

    def in_loop(self, letter: str) -> str:
        """A letter's name inside a loop over the units: the letter itself; what they share keeps the layer's name."""
        return self.name_of(letter) if letter in self._shared else letter

    def loop(self, formula: Formula) -> dict[str, str]:
        """What a loop over the units runs through for a formula: the letters, each with the name of its values."""
        return {letter: self.name_of(letter) for letter in formula.letters if letter not in self._shared}

    def names(self, letter: str) -> tuple[str, ...]:
        """A letter's names, one for each unit."""
        return tuple(f"{letter}_{unit}" for unit in self.units)

    def written(self, formula: Formula, words: Words) -> tuple[str, ...]:
        """A formula, written for each unit, as one of several that an operator joins; that of an only unit as it is."""
        write = formula.operand if len(self.units) > 1 else formula.write
        return tuple(write(words, self.of_unit(unit)) for unit in self.units)

    def weighted(self, unit: str) -> tuple[tuple[str, str], ...]:
        """All weights that lead to a unit, each with the value that it weighs."""
        return tuple(pair for source in self.sources for pair in source.weighted(unit))

    @property
    def rows(self) -> dict[str, str]:
        """What a loop over the units runs through for their weighted sums: the bias and the rows of weights."""
        rows = {source.row: source.weights.name for source in self.sources}
        return {"b": self.biases.name, **rows} if self.biases else rows

    @property
    def comment(self) -> str:
        """What its forward equations do, in words."""
        text = f"{self.name} ← {', '.join(source.name for source in self.sources)}: weighted sums"
        if self.forward[-1].formula.text != "z":
            text += f", then {self.activation}"
        return f"{text} ({self.remark})" if self.remark else text


def letters_for(names: Sequence[str]) -> tuple[str, ...]:
    """What a loop calls the weights of some layers: ``w``; ``w_hidden`` and ``w_x``; or numbers, where names are long.

    Nothing that the loop's head holds can be broken, so that it has to fit on a line.
    """
    if len(names) == 1:
        return ("w",)
    short = sum(map(len, names)) <= 40
    return tuple(f"w_{name if short else number}" for number, name in enumerate(names, 1))
