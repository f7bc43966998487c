"""What a user may write about the examples that a network learns from."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from nngen.spec.fields import (
    Model,
    Number,
    Row,
    Seed,
    Short,
    Text,
    Weight,
    form,
    listed,
    named,
)

MAX_EXAMPLES = 10_000
"""In a spec: more belong into a CSV file."""


class Example(Model):
    """An example of what the network should learn."""

    x: Row
    """The inputs."""
    y: Annotated[Annotated[Row, Tag("names")] | Annotated[str, Field(strict=True), Tag("other")], Discriminator(form)]
    """The targets, or the name of a class."""
    weight: Weight | None = None
    """How much it counts, for a loss with `example_weights`; without it, 1."""


class Standardize(Model):
    """Less the mean, by the standard deviation: both of the training examples, column by column."""

    name: Literal["standardize"]
    """`standardize`"""


class Interval(Model):
    """From 0 at the smallest value to 1 at the largest: both of the training examples, column by column."""

    name: Literal["interval"]
    """`interval`"""


class Divide(Model):
    """Divided by a number."""

    name: Literal["divide"]
    """`divide`"""
    by: Annotated[Number, Field(gt=0)]
    """The number."""


Scale = Annotated[
    Standardize | Interval | Divide,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval"]}),
]


class Split(Model):
    """Examples that are kept from training."""

    test: Annotated[Number, Field(gt=0, lt=1)]
    """The share of the examples that is held out, such as 0.25."""
    seed: Seed = 0
    """The seed that draws them."""


class _Examples(Model):
    classes: Annotated[tuple[Text, ...], Field(min_length=2)] | None = None
    """The names of the classes in the order of the outputs; with one output, the first is 0 (-1 for a loss
    that takes -1 and 1) and the second 1. Without it, the output units' names."""
    split: Split | None = None
    """Which examples are held out to test what was learned."""
    scale: Scale | None = None
    """How the inputs are scaled; the generated module has the same as its function `scale`."""


class Rows(_Examples):
    """Examples written out in the spec."""

    rows: Annotated[tuple[Example, ...], Field(min_length=1, max_length=MAX_EXAMPLES)]
    """The examples."""


class Table(_Examples):
    """Examples in a CSV file with a line of column names."""

    file: Annotated[Text, Field(min_length=1)]
    """The file, by its path from the spec's folder; it lies in that folder, in the working directory or in the folder
    of `--data-root`, or below."""
    inputs: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns that are the inputs; without it, the inputs' names."""
    target: Annotated[
        tuple[Text, ...],
        Field(min_length=1),
        Short(listed, {"type": "string"}),
    ]
    """The column that is the target, as numbers or names of classes; or a column of numbers for each output."""
    weight: Annotated[Text, Field(min_length=1)] | None = None
    """The column that says how much each example counts, for a loss with `example_weights`."""


def _data(value: object) -> str:
    return "rows" if isinstance(value, Rows) or (isinstance(value, Mapping) and "rows" in value) else "file"


Data = Annotated[Annotated[Rows, Tag("rows")] | Annotated[Table, Tag("file")], Discriminator(_data)]
