"""What a user may write: the models of a network's description.

Each model refuses fields that it does not know, and each field says in its description what it means; the JSON Schema
and ``docs/spec.md`` are made from here. What concerns more than one field stands in ``nngen.reading.checks``.
"""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from nngen.catalogue import LOSSES
from nngen.spec.columns import Column, Input, Numeric, input_names
from nngen.spec.custom_formulas import MAX_CUSTOM, CustomActivation, CustomLoss, CustomName
from nngen.spec.data import Data, Table
from nngen.spec.fields import (
    MAX_UNITS,
    Model,
    OneOf,
    Short,
    Text,
    bare,
    form,
)
from nngen.spec.layers import Group, Initial, Layer, several
from nngen.spec.names import ModuleName, numbered
from nngen.spec.targets import CTarget, JavaScriptTarget, NumpyTarget, PythonTarget, Target
from nngen.spec.training import Loss, Training

MAX_LAYERS = 1_000
"""The deepest networks that were ever trained have about as many."""


def _group(value: object) -> object:
    """A number of inputs, as the group that it is short for."""
    return value if isinstance(value, bool) or not isinstance(value, int) else {"name": "x", "size": value}


class Spec(Model):
    """A network: what it computes, how it begins, and how it learns."""

    name: ModuleName
    """The network's name, and its module's."""
    description: Text = ""
    """What the network is for; it opens the generated module."""
    inputs: Annotated[
        Annotated[Group, Tag("other")] | Annotated[tuple[Input, ...], several, Tag("names")],
        Discriminator(form),
        Short(_group, {"type": "integer", "minimum": 1, "maximum": MAX_UNITS}),
    ]
    """The inputs: their names, the columns of the data that they are made from, or how many there are: 2 inputs are
    `x1` and `x2`."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    """The layers, each after those that feed it; the last one is the output."""
    initial: Initial = Initial()
    """How the parameters begin."""
    loss: Annotated[
        Loss, OneOf("loss", LOSSES, custom=True, by_entry=("outputs", "reduction")), bare(LOSSES, custom=True)
    ]
    """The loss to minimize."""
    training: Training
    """How the network is trained."""
    activations: dict[CustomName, CustomActivation] = Field(default={}, max_length=MAX_CUSTOM)
    """Custom activations by name: formulas that layers may use in addition to the listed activations."""
    losses: dict[CustomName, CustomLoss] = Field(default={}, max_length=MAX_CUSTOM)
    """Custom losses by name."""
    data: Data | None = None
    """The examples that it learns from."""
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=4)] = (
        PythonTarget(name="python"),
        NumpyTarget(name="numpy"),
        JavaScriptTarget(name="javascript"),
        CTarget(name="c"),
    )
    """The modules to write."""
    schema_location: Annotated[str | None, Field(alias="$schema", exclude=True)] = None
    """The JSON Schema of the format, for editors; nothing else reads it."""

    @property
    def input_name(self) -> str:
        """The name of the whole input."""
        return self.inputs.name if isinstance(self.inputs, Group) else "x"

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs; a column of categories has several."""
        return input_names(self.inputs)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the data that the inputs are made from, each with its name in the data."""
        given = self.data.inputs if isinstance(self.data, Table) else None
        plain = numbered(self.inputs.name, self.inputs.size) if isinstance(self.inputs, Group) else self.inputs
        columns = [Numeric(name=column) if isinstance(column, str) else column for column in plain]
        names = given or [column.column or column.name for column in columns]
        return tuple(column.model_copy(update={"column": name}) for column, name in zip(columns, names, strict=True))

    def unroll(self, target: str) -> str:
        """How far a target's module is written out, whether the spec lists it or not."""
        written = (listed for listed in self.targets if not isinstance(listed, NumpyTarget))
        return next((listed.unroll for listed in written if listed.name == target), "auto")

    @property
    def binding(self) -> bool:
        """Whether the header of C has a module of Python beside it."""
        return any(listed.binding for listed in self.targets if isinstance(listed, CTarget))

    def dtype(self, target: str) -> str:
        """The width of the numbers of a target's module, whether the spec lists it or not."""
        wide = (listed for listed in self.targets if isinstance(listed, NumpyTarget | CTarget))
        return next((listed.dtype for listed in wide if listed.name == target), "float64")
