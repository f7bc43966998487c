"""The words of the source: its types, and the functions that each language brings itself."""

import math
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, TypeVar

T = TypeVar("T")

F64: TypeAlias = float
"""A number of 64 bits."""

Num: TypeAlias = float
"""A number of the width of the network."""


class U32(int):
    """A whole number from 0 to below 2^32, whose sums and products leave out higher bits."""

    def __new__(cls, value: int) -> "U32":
        """The lowest 32 bits of a whole number."""
        return super().__new__(cls, value & 0xFFFFFFFF)

    def __add__(self, other: int) -> "U32":
        return U32(int(self) + other)

    def __mul__(self, other: int) -> "U32":
        return U32(int(self) * other)

    def __xor__(self, other: int) -> "U32":
        return U32(int(self) ^ other)

    def __rshift__(self, other: int) -> "U32":
        return U32(int(self) >> other)


Params: TypeAlias = list[Num]
"""All parameters of a network, in their order."""

Inputs: TypeAlias = list[Num]
"""The inputs of an example."""

Outputs: TypeAlias = list[Num]
"""The outputs of an example, or its targets."""

Shares: TypeAlias = list[Num]
"""The probability of each class."""

Row: TypeAlias = list[object]
"""A row of the data: a cell for each column."""

Answer: TypeAlias = str
"""What an output stands for: a class here, elsewhere also numbers."""


class RefusedError(ValueError):
    """What is wrong with an argument: its name, and what it has to be."""


def refuse(place: str, expected: str) -> NoReturn:
    """Refuse an argument.

    Raises:
        RefusedError: always.
    """
    raise RefusedError(f"{place}: expected {expected}")


def sorted_by(values: list[int], keys: list[U32]) -> list[int]:
    """Values in the increasing order of their keys; those with equal keys keep their order."""
    return [values[i] for i in sorted(range(len(keys)), key=keys.__getitem__)]


def rounded(value: F64) -> int:
    """The nearest whole number; of two that are equally near, the even one."""
    return round(value)


def filled(count: int, value: T) -> list[T]:
    """A list of the same values."""
    return [value] * count


@dataclass(frozen=True)
class Style:
    """How people write the numbers of a column."""

    thousands: str
    decimal: str
    prefix: str
    suffix: str
    minus: str


def stripped(text: str) -> str:
    """A text without the spaces around it."""
    return text.strip(" ")


def is_digits(text: str) -> bool:
    """Whether a text has digits alone, and at least one."""
    return text != "" and text.strip("0123456789") == ""


def joined(texts: list[str]) -> str:
    """Texts one after the other."""
    return "".join(texts)


def parsed(text: str) -> F64:
    """The number of a text such as 012.5e3."""
    return float(text)


def nan() -> F64:
    """No number."""
    return math.nan


def is_nan(value: F64) -> bool:
    """Whether this is no number."""
    return math.isnan(value)
