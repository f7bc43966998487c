"""A library for Arduino, PlatformIO and ESP-IDF: a predictor in integers, and a sketch that answers rows of a table.

The files follow the specifications of libraries of Arduino and of PlatformIO, and of components of ESP-IDF.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.integers import Codes, Integers, Whole
from nngen.plan import Plan
from nngen.targets import environment, quantized_texts

MARK = "neural network in integers, written by nngen"
"""The words in library.properties by which nngen recognizes its libraries."""

VERSION = "1.0.0"

NARROW = 100_000_000
"""Up to here the sketch has 32 bits: a digit more, and an offset of this size, still fit."""

WIDE = 400_000_000_000_000_000
"""The same for 64 bits."""

MANY = 20
"""The most cells of an example, and the most answers that are printed with their names."""


class Scale(NamedTuple):
    """How a decimal number becomes a whole one: ``(digits * 10^decimals - offset) / step``, rounded."""

    decimals: int
    step: int
    offset: int

    @property
    def reach(self) -> int:
        """The largest number that the sketch has to tell from larger ones."""
        return abs(self.offset) + 32_768 * self.step


def scale(resolution: float, offset: float = 0.0) -> Scale:
    """The scale of a unit, with as many of its digits as 64 bits hold."""
    for digits in (9, 6, 3, 1):
        unit = Decimal(f"{resolution:.{digits - 1}e}").normalize()
        decimals = -int(unit.as_tuple().exponent)
        step, start = int(unit.scaleb(decimals)), round(Decimal(repr(offset)).scaleb(decimals))
        if (found := Scale(decimals, step, start)).reach <= WIDE:
            break
    return found


class Run(NamedTuple):
    """Columns side by side that are read in the same way: numbers, or places of categories."""

    columns: int
    scale: Scale | None
    """None for categories."""


@dataclass(frozen=True)
class ArduinoPage:
    """The object that the templates get."""

    name: str
    description: str
    network: Integers
    plan: Plan
    header: str

    @property
    def sentence(self) -> str:
        """A title of one line for the library."""
        return f"A {MARK}: {self.name}."

    @property
    def paragraph(self) -> str:
        """The purpose of the network, in one line."""
        return " ".join(self.description.split()) or "It needs no floating point and no memory of its own."

    @property
    def version(self) -> str:
        """The version of the library."""
        return VERSION

    @property
    def lines(self) -> Iterator[str]:
        """A line for each column, or one line for many columns of the same kind."""
        columns = self.network.inputs.columns
        for column in columns[:1] if self.network.inputs.direct else columns:
            every = "each: " if self.network.inputs.direct and len(columns) > 1 else f"{ascii(column.column)[1:-1]}: "
            if isinstance(column, Codes):
                listed = ", ".join(f"{i} {ascii(text)[1:-1]}" for i, text in enumerate(column.categories))
                yield f"{every}{listed}; -1 another one, -2 or nothing a missing one".replace("*/", "* /")
            else:
                low, high = (decimal(n, column) for n in (column.low, column.high))
                gap = "" if self.network.inputs.direct else "; nothing if it is missing"
                yield f"{every}from {low} to {high}, in steps of {plain(column.resolution)}{gap}".replace("*/", "* /")

    @property
    def example(self) -> str:
        """A line that the sketch answers: the middle of each column."""
        columns = self.network.inputs.columns
        cells = ["0" if isinstance(c, Codes) else decimal((c.low + c.high) // 2, c) for c in columns]
        return ",".join(cells if len(cells) <= MANY else [*cells[:3], "..."])

    @property
    def runs(self) -> list[Run]:
        """How the columns of a row are read."""
        found = [scale(c.resolution, c.offset) if isinstance(c, Whole) else None for c in self.network.inputs.columns]
        return [Run(len([*run]), kind) for kind, run in groupby(found)]

    @property
    def narrow(self) -> bool:
        """Whether the numbers of a line fit into 32 bits."""
        return all(run.scale is None or run.scale.reach <= NARROW for run in self.runs)

    @property
    def large(self) -> int:
        """From this size on the sketch does not tell numbers apart."""
        return NARROW if self.narrow else WIDE

    @property
    def named(self) -> bool:
        """Whether the sketch prints the names of answers."""
        return len(self.answers) <= MANY

    @property
    def most_decimals(self) -> int:
        """The most digits after the point of an answer."""
        return max(0, *(scale.decimals for _, scale in self.answers))

    @property
    def room(self) -> int:
        """The characters of the longest line: each cell may have three more than the ends of its range."""
        columns = self.network.inputs.columns
        ends = ((decimal(c.low, c), decimal(c.high, c)) if isinstance(c, Whole) else ("-10",) for c in columns)
        return sum(max(map(len, pair)) + 4 for pair in ends)

    @property
    def answers(self) -> list[tuple[str, Scale]]:
        """The name of each answer and the scale of its number; probabilities are 255th parts."""
        net = self.network
        units = self.plan.output.units
        if net.output.shares:
            return [(name, Scale(0, 1, 0)) for name in (units if len(units) > 1 else (f"not {units[0]}", units[0]))]
        return [(name, scale(unit)) for name, unit in zip(units, net.output.resolutions, strict=True)]

    @property
    def functions(self) -> list[str]:
        """The functions of the header."""
        return re.findall(rf"^static inline .*?\b({self.name}_\w+)\(", self.header, re.MULTILINE)

    @property
    def constants(self) -> list[str]:
        """The constants of the header."""
        return [*dict.fromkeys(re.findall(rf"({self.name.upper()}_\w+)(?= = | [-\w]+$)", self.header, re.MULTILINE))]


def decimal(n: int, column: Whole) -> str:
    """The value of a whole number of a column, as a table has it."""
    return plain(float(n * Decimal(repr(column.resolution)) + Decimal(repr(column.offset))))


def plain(value: float) -> str:
    """A number without an exponent."""
    return f"{Decimal(f'{value:.12g}'):f}"


def library(spec: Spec, network: Integers, whole: Plan) -> dict[str, str]:
    """The files of the library, by their path in its folder.

    Args:
        spec: a spec that has passed the checks.
        network: its network in integers.
        whole: its plan.
    """
    header = quantized_texts(network, whole, ["c"])["c"]
    page = ArduinoPage(spec.name, spec.description, network, whole, header)
    jinja = environment("c")
    described = {
        "name": spec.name,
        "version": VERSION,
        "description": page.sentence,
        "keywords": ["neural network", "tinyml", "int8"],
        "headers": [f"{spec.name}.h"],
        "frameworks": "*",
        "platforms": "*",
        "examples": [{"name": spec.name, "base": f"examples/{spec.name}", "files": [f"{spec.name}.ino"]}],
    }
    templates = "library.properties keywords.txt README.md platformio.ini CMakeLists.txt idf_component.yml".split()
    return {
        **{name: jinja.get_template(f"arduino/{name}.jinja").render(page=page) for name in templates},
        "library.json": json.dumps(described, indent=2) + "\n",
        f"src/{spec.name}.h": header,
        f"examples/{spec.name}/{spec.name}.ino": jinja.get_template("arduino/sketch.ino.jinja").render(page=page),
    }
