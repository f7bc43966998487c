"""A library for Arduino and PlatformIO: a predictor in integers, and a sketch that answers lines of the serial port.

The files follow the specifications of libraries of Arduino and of PlatformIO.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from nngen.description.model import Spec
from nngen.integers import Codes, Integers
from nngen.plan import Plan
from nngen.targets import environment, quantized_texts

MARK = "neural network in integers, written by nngen"
"""The words in library.properties by which nngen recognizes its libraries."""


@dataclass(frozen=True)
class ArduinoPage:
    """The object that the templates get."""

    name: str
    description: str
    network: Integers

    @property
    def sentence(self) -> str:
        """A title of one line for the library."""
        return f"A {MARK}: {self.name}."

    @property
    def paragraph(self) -> str:
        """The purpose of the network, in one line."""
        return " ".join(self.description.split()) or "It needs no floating point and no memory of its own."

    @property
    def lines(self) -> Iterator[str]:
        """A line for each column, or one line for many columns of the same kind."""
        columns = self.network.inputs.columns
        for column in columns[:1] if self.network.inputs.direct else columns:
            every = "each: " if self.network.inputs.direct and len(columns) > 1 else f"{ascii(column.column)[1:-1]}: "
            if isinstance(column, Codes):
                listed = ", ".join(f"{i} {ascii(text)[1:-1]}" for i, text in enumerate(column.categories))
                yield f"{every}{listed}; -1 another one, -2 missing".replace("*/", "* /")
            else:
                yield f"{every}the value{column.counted}, from {column.low} to {column.high}".replace("*/", "* /")

    @property
    def answers(self) -> int:
        """How many numbers an answer has."""
        units = self.network.output.units
        return max(units, 2) if self.network.output.shares else units


def library(spec: Spec, network: Integers, whole: Plan) -> dict[str, str]:
    """The files of the library, by their path in its folder.

    Args:
        spec: a spec that has passed the checks.
        network: its network in integers.
        whole: its plan.
    """
    page = ArduinoPage(spec.name, spec.description, network)
    jinja = environment("c")
    described = {
        "name": spec.name,
        "version": "1.0.0",
        "description": page.sentence,
        "keywords": ["neural network", "tinyml", "int8"],
        "headers": [f"{spec.name}.h"],
        "frameworks": "*",
        "platforms": "*",
        "examples": [{"name": spec.name, "base": f"examples/{spec.name}", "files": [f"{spec.name}.ino"]}],
    }
    return {
        "library.properties": jinja.get_template("arduino/library.properties.jinja").render(page=page),
        "library.json": json.dumps(described, indent=2) + "\n",
        f"src/{spec.name}.h": quantized_texts(page.network, whole, ["c"])["c"],
        f"examples/{spec.name}/{spec.name}.ino": jinja.get_template("arduino/sketch.ino.jinja").render(page=page),
    }
