"""What a user may write about the examples that a network learns from."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag

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
)
from nngen.spec.scale import Scale

MAX_EXAMPLES = 10_000
"""In a spec: more belong into a file."""


class Example(Model):
    """An example of what the network should learn."""

    x: Row
    """The inputs."""
    y: Annotated[Annotated[Row, Tag("names")] | Annotated[str, Field(strict=True), Tag("other")], Discriminator(form)]
    """The targets, or the name of a class."""
    weight: Weight | None = None
    """How much it counts, for a loss with `example_weights`; without it, 1."""


class Split(Model):
    """Examples that are kept from training."""

    test: Annotated[Number, Field(gt=0, lt=1)]
    """The share of the examples that is held out, such as 0.25."""
    seed: Seed = 0
    """The seed that draws them."""


Classes = Annotated[
    Annotated[tuple[Text, ...], Field(min_length=2), Tag("names")]
    | Annotated[dict[Text, Text], Field(min_length=2), Tag("other")],
    Discriminator(form),
]
"""The classes of the data: a list of their values, or each value with its name for display."""


class _Examples(Model):
    classes: Classes | None = None
    """The classes, as the data have them, in the order of the outputs; with one output, the first is 0 (-1 for a loss
    that takes -1 and 1) and the second 1. A mapping gives each a name for display: `{0: died, 1: survived}`. Without
    it, the output units' names."""
    split: Split | None = None
    """Which examples are held out to test what was learned."""
    scale: Scale | None = None
    """How the numeric inputs are scaled; the generated module has the same as its function `scale`."""
    scale_targets: Scale | None = None
    """How numeric targets are scaled for the training; predictions come back in the units of the data."""

    @property
    def class_values(self) -> tuple[str, ...]:
        """The classes as the data have them; empty where they have no names of their own."""
        return tuple(self.classes or ())

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes' names for display."""
        return tuple(self.classes.values()) if isinstance(self.classes, Mapping) else self.class_values


class Rows(_Examples):
    """Examples written out in the spec."""

    rows: Annotated[tuple[Example, ...], Field(min_length=1, max_length=MAX_EXAMPLES)]
    """The examples."""


class Table(_Examples):
    """Examples in a file with a column for each input and target."""

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


class Values(_Examples):
    """No examples: classes and scaling constants by value, which a module needs to take raw rows."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})


def _data(value: object) -> str:
    if isinstance(value, Rows | Table | Values):
        return {Rows: "rows", Table: "file", Values: "values"}[type(value)]
    keys = value.keys() if isinstance(value, Mapping) else set()
    if "rows" in keys:
        return "rows"
    return "values" if keys & {"classes", "scale", "scale_targets"} and not keys & {"file", "target"} else "file"


Data = Annotated[
    Annotated[Rows, Tag("rows")] | Annotated[Table, Tag("file")] | Annotated[Values, Tag("values")],
    Discriminator(_data),
]
