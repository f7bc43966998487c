"""Values and statements, in which equations of layers are stated: loops over units i, examples k and others."""

from collections.abc import Iterator

from nngen.common.records import dataclass
from nngen.mathematics.formulas import Formula
from nngen.plan.blocks import Block
from nngen.plan.place import Place


class Value:
    """A number, a vector of numbers, or a vector of such vectors."""


class Statement:
    """A step of an equation: a value gets a name, or is added to derivatives."""


@dataclass(frozen=True)
class Number(Value):
    """A number such as ``z_hidden[i]``; with fewer places, a vector."""

    name: str
    at: tuple[str | Place, ...] = ()
    """Its places: names of loops, or ``"0"`` for that of a single number. A number of a matrix has its row and column,
    or one place among all numbers."""
    block: Block | None = None
    """The parameters that it belongs to."""
    symbol: str = ""
    """Its variable in a formula."""


@dataclass(frozen=True)
class Element(Value):
    """A number of the row of an embedding that an id selects."""

    block: Block
    place: str
    symbol: str = ""


@dataclass(frozen=True)
class Same(Value):
    """A vector that has a name already; its shape is as ``shape`` has it."""

    name: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class Applied(Value):
    """A formula of numbers, one for each of its variables."""

    formula: Formula
    numbers: tuple[Number | Element, ...]


@dataclass(frozen=True)
class Sum(Value):
    """The sum of some values."""

    terms: tuple[Value, ...]


@dataclass(frozen=True)
class Product(Value):
    """The product of some values."""

    factors: tuple[Value, ...]


@dataclass(frozen=True)
class Divided(Value):
    """A value divided by a number of units, or by a variable."""

    value: Value
    by: int | str


@dataclass(frozen=True)
class _Over(Value):
    """Values at some places, or the value of a single place ``"0"``."""

    index: str
    count: int | str
    value: Value


class Each(_Over):
    """The vector of these values."""


class Total(_Over):
    """Their sum."""


class Largest(_Over):
    """The largest of them."""

    @property
    def vector(self) -> Number | None:
        """The vector of all values, if it has a name."""
        match self.value:
            case Applied(formula, (Number(name, (*at, _)),)) if formula.bare:
                return Number(name, tuple(at))
        return None


@dataclass(frozen=True)
class Affine(Value):
    """The products of matrices and vectors, added to biases or to zeros."""

    count: int
    biases: Block | None
    products: tuple[tuple[Block, Number], ...]


@dataclass(frozen=True)
class Columns(Value):
    """The products of the columns of matrices with vectors, then other terms for each place."""

    index: str
    count: int
    products: tuple[tuple[Block, Number], ...]
    terms: tuple[Value, ...]


@dataclass(frozen=True)
class Grown(Value):
    """A vector of zeros to which statements add."""

    count: int
    added: tuple[Statement, ...]


@dataclass(frozen=True)
class Slope(Value):
    """The derivative with respect to a number of a block, or of the row of an embedding that an id selects."""

    block: Block
    at: tuple[str | Place, ...]


@dataclass(frozen=True)
class Called(Value):
    """The value of a function of vectors: ``dot`` or ``sum``."""

    function: str
    vectors: tuple[Number, ...]


@dataclass(frozen=True)
class Keep(Value):
    """The dropout factor of the unit at a place; ``first`` is that of the layer's first unit among all with dropout."""

    first: int
    index: str
    rate: str


@dataclass(frozen=True)
class ClassWeight(Value):
    """The weight of an example by its class, which is also a total over the outputs."""

    targets: Number
    total: Total


@dataclass(frozen=True)
class InTraining(Value):
    """A value in training; otherwise the running statistic at a place, or 0."""

    value: Value
    statistic: Block | None
    place: str


@dataclass(frozen=True)
class Let(Statement):
    """A value gets a name; ``again`` says whether it changes later."""

    name: str
    value: Value
    again: bool = False


@dataclass(frozen=True)
class Multiply(Statement):
    """A number is multiplied by a value."""

    name: str
    value: Value


@dataclass(frozen=True)
class Slopes(Statement):
    """A derivative with respect to a block gets a name, and is added to the others if the block learns."""

    name: str
    block: Block
    value: Value


@dataclass(frozen=True)
class AddVector(Statement):
    """A vector is added to the derivatives with respect to a block."""

    block: Block
    vector: Number


@dataclass(frozen=True)
class Add(Statement):
    """A value is added to a number, within some loops: a counter of each, and how many places it counts."""

    within: tuple[tuple[str, int], ...]
    into: Number | Slope
    value: Value


@dataclass(frozen=True)
class AddOuter(Statement):
    """The products of each number of two vectors are added to the derivatives with respect to a matrix."""

    block: Block
    slopes: Number
    values: Number


@dataclass(frozen=True)
class _OfPenalty(Statement):
    """A formula of each parameter w of a block or of such a row, times a factor if there is one."""

    block: Block
    formula: Formula
    factor: str

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return len(self.block.inputs) if self.block.index else self.block.size


class AddPenalty(_OfPenalty):
    """The sum is added to the loss."""


class AddPenaltySlopes(_OfPenalty):
    """Each number is added to the derivative with respect to the parameter."""


class Share(Statement):
    """The weights of a batch are divided by their sum."""


@dataclass(frozen=True)
class Targets(Statement):
    """The targets of a batch get the name that the loss uses."""

    name: str


@dataclass(frozen=True)
class Zeros(Statement):
    """The derivatives with respect to a frozen block are 0."""

    name: str
    block: Block


@dataclass(frozen=True)
class Examples(Statement):
    """A statement for each example k."""

    body: Statement


def shape(value: Value) -> Iterator[int | str]:
    """The numbers of places of a value that is a vector, or a vector of vectors."""
    match value:
        case Each(_, count, inner):
            yield count
            yield from shape(inner)
        case Affine(count) | Columns(_, count) | Grown(count):
            yield count
        case Same(_, places):
            yield from places


def flat(block: Block, row: Place, column: Place) -> Place:
    """The place of a number of a matrix among all of its numbers."""
    return Place((*((name, step * len(block.inputs)) for name, step in row.steps), *column.steps))
