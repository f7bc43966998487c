"""A planned layer: what feeds it, its equations, and the names in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nngen.formulas import SHARED, Formula, Line, Words
from nngen.plan.blocks import Block

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
    normals: tuple[Block, ...]
    """The parameters of its normalization."""
    normalization: str
    """The name of that, where there is one."""
    normalization_reason: str
    """Why the way back through it is what it is."""
    running: tuple[Line, ...]
    """How what is measured moves on, from ``old`` towards ``new``."""
    dropped: int | None
    """The number of its first unit among all those that dropout may leave out; None where it leaves out none."""
    forward: tuple[Line, ...]
    """From ``z`` to ``a``."""
    trained: tuple[Line, ...]
    """The same in training, with what is measured and drawn then."""
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
        lines = (*self.trained, *self.judged, *self.backward)
        return frozenset({"n", "weight"}).union(line.name for line in lines if line.over in SHARED)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """The number of each unit, from 0."""
        return {unit: place for place, unit in enumerate(self.units)}

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

    def by_unit(self, formula: Formula) -> Callable[[str], str]:
        """Names for a map over the units, which gives the first letter as ``z``; the others are ``da_hidden[i]``."""
        first = next(iter(self.loop(formula)), None)
        return lambda letter: self.in_loop(letter) if letter in {first, *self._shared} else f"{self.name_of(letter)}[i]"

    @cached_property
    def _of_units(self) -> frozenset[str]:
        """The letters of which all examples share the values: parameters, measured or not, and what they give."""
        found = {block.letter for block in self.normals}
        for line in self.trained:
            letters = line.formula.letters
            if line.over == "each" and letters and found.issuperset(letters):
                found.add(line.name)
        return frozenset(found | {line.name for line in self.backward if line.over == "batch"})

    def of_units(self, formula: Formula) -> dict[str, str]:
        """The letters of a formula of which all examples share the values, each with the name of its values."""
        return {letter: self.name_of(letter) for letter in formula.letters if letter in self._of_units}

    def common(self, line: Line) -> bool:
        """Whether all examples of a batch share the values of a line: it has parameters, and what they give, alone."""
        return line.over == "each" and bool(self.of_units(line.formula)) and not self._of_examples(line.formula)

    def renames(self, line: Line) -> bool:
        """Whether a line only gives another name to the values of the units."""
        return line.over in ("each", "parameter") and line.formula.bare and line.formula.text not in self._shared

    def _of_examples(self, formula: Formula) -> tuple[str, ...]:
        """The letters of which each example has a value of its own for each unit."""
        apart = self._of_units | self._shared
        return tuple(letter for letter in formula.letters if letter not in apart)

    def within(self, formula: Formula, what: str) -> dict[str, str]:
        """Such letters, each with a ``row`` of its values, those of one example, or a ``column``, those of one unit."""
        return {letter: f"{letter}_{what}" for letter in self._of_examples(formula)}

    def rows_of(self, formula: Formula) -> dict[str, str]:
        """The rows of such letters, each with the name of them all."""
        return {f"{letter}_row": self.name_of(letter) for letter in self._of_examples(formula)}

    def columns_of(self, formula: Formula) -> dict[str, str]:
        """The columns of such letters, each with what gives them all."""
        return {f"{letter}_column": f"zip(*{self.name_of(letter)})" for letter in self._of_examples(formula)}

    def of_layers(self, formula: Formula) -> dict[str, str]:
        """The letters of which each example has one value for the layer, each with the name of its values."""
        return {letter: self.name_of(letter) for letter in formula.letters if letter in self._shared - {"n"}}

    @staticmethod
    def at(letters: Mapping[str, str], place: str) -> Callable[[str], str]:
        """Names for a map over the first of some lists, given by letter: ``v``; the others are ``mean_hidden[i]``."""
        first, *_ = letters
        return lambda letter: f"{letters[letter]}[{place}]" if letter in letters and letter != first else letter

    def by_example(self, formula: Formula, first: str = "") -> Callable[[str], str]:
        """Names for a map over the examples of a batch, and the units of each: ``z``, and ``da_hidden[k][i]``.

        Args:
            formula: the formula, of whose letters the first that has a value for each example and unit is given.
            first: what that is called; as it stands if not said.
        """
        given = next(iter(self._of_examples(formula)), None)
        return lambda letter: first or letter if letter == given else self.of_example(letter)

    def of_example(self, letter: str) -> str:
        """A letter's name by example k and unit i: ``z_hidden[k][i]``; what is shared has one of them, or none."""
        whole = self.name_of(letter)
        if letter in self._of_units:
            return f"{whole}[i]"
        if letter in self._shared:
            return whole if letter == "n" else f"{whole}[k]"
        return f"{whole}[k][i]"

    def by_number(self, letter: str) -> str:
        """A letter's name by the number of the unit: ``z_hidden[i]``; what the units share keeps the layer's name."""
        return self.name_of(letter) if letter in self._shared else f"{self.name_of(letter)}[i]"

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

    @staticmethod
    def letter(letter: str) -> str:
        """A letter of a formula, as it is."""
        return letter

    @property
    def moves(self) -> tuple[tuple[Block, Line], ...]:
        """The parameters that follow what is measured, and how."""
        lines = {line.name: line for line in self.running}
        return tuple((block, lines[block.letter]) for block in self.normals if block.measured)

    @property
    def way_through(self) -> str:
        """What the error meets on its way back through the normalization, in words."""
        return f"; {self.normalization}: {self.normalization_reason}" if self.normalization else ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All its parameters."""
        biases = (self.biases,) if self.biases else ()
        return (*(source.weights for source in self.sources), *biases, *self.normals)

    @property
    def rows(self) -> dict[str, str]:
        """What a loop over the units runs through for their weighted sums: the bias and the rows of weights."""
        rows = {source.row: source.weights.name for source in self.sources}
        return {"b": self.biases.name, **rows} if self.biases else rows

    @property
    def comment(self) -> str:
        """What its forward equations do, in words."""
        return self._comment(dropout=False)

    @property
    def training_comment(self) -> str:
        """The same, in training."""
        return self._comment(dropout=self.dropped is not None)

    def _steps(self, dropout: bool) -> list[str]:
        """What follows the weighted sums, by name."""
        normalized = [self.normalization] if self.normalization else []
        before = any(line.name == "s" for line in self.forward)
        steps = [*normalized, self.activation] if before else [self.activation, *normalized]
        return [*steps, "dropout"] if dropout else steps

    @property
    def summary(self) -> str:
        """The layer in a few words, such as ``hidden: 2 sigmoid``."""
        return f"{self.name}: {len(self.units)} {', '.join(self._steps(self.dropped is not None))}"

    def _comment(self, *, dropout: bool) -> str:
        sources = ", ".join(source.name for source in self.sources)
        steps = [step for step in self._steps(dropout) if step != "linear"]
        text = ", then ".join([f"{self.name} ← {sources}: weighted sums", *steps])
        return f"{text} ({self.remark})" if self.remark else text


def letters_for(names: Sequence[str]) -> tuple[str, ...]:
    """What a loop calls the weights of some layers: ``w``; ``w_hidden`` and ``w_x``; or numbers, where names are long.

    Nothing that the loop's head holds can be broken, so that it has to fit on a line.
    """
    if len(names) == 1:
        return ("w",)
    short = sum(map(len, names)) <= 40
    return tuple(f"w_{name if short else number}" for number, name in enumerate(names, 1))
