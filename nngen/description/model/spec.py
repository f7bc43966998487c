"""The model of a spec, the description of a network.

All models refuse unknown fields, and each field has a description. The JSON Schema and ``docs/spec.md`` are made from
these models. Rules over several fields are in ``nngen.reading.checks``.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from nngen.common.languages import LANGUAGES
from nngen.description.model.columns import Column, Index, Input, Numeric, input_names
from nngen.description.model.contents import Contents
from nngen.description.model.custom_formulas import MAX_CUSTOM, CustomActivation, CustomLoss, CustomName
from nngen.description.model.data import Data, Table
from nngen.description.model.fields import MAX_UNITS, Model, OneOf, Short, Text, bare, form
from nngen.description.model.layers import Group, Initial, Layer, several
from nngen.description.model.names import ModuleName, numbered
from nngen.description.model.properties import MAX_PROPERTIES, Property
from nngen.description.model.targets import CTarget, JavaScriptTarget, NumpyTarget, PythonTarget, Target
from nngen.description.model.training import Loss, Training
from nngen.mathematics.catalogue import LOSSES

MAX_LAYERS = 1_000
"""About as many layers as the deepest networks that were ever trained."""


def _group(value: object) -> object:
    """Expand a number of inputs to the group that it stands for."""
    return value if isinstance(value, bool) or not isinstance(value, int) else {"name": "x", "size": value}


class Spec(Model):
    """A network: its layers, its initial parameters, and its training."""

    name: ModuleName
    """The name of the network and of its modules."""
    description: Text = ""
    """The purpose of the network; a generated module begins with it."""
    inputs: Annotated[
        Annotated[Group, Tag("other")] | Annotated[tuple[Input, ...], several, Tag("names")],
        Discriminator(form),
        Short(_group, {"type": "integer", "minimum": 1, "maximum": MAX_UNITS}),
    ]
    """The inputs: their names, the columns of the data that they are made from, or how many there are: 2 inputs are
    `x1` and `x2`."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    """The layers, each after its sources; the last layer is the output."""
    initial: Initial = Initial()
    """The initial values of the parameters."""
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
    """The examples for training and testing."""
    properties: Annotated[tuple[Property, ...], Field(max_length=MAX_PROPERTIES)] = ()
    """What must hold for all rows of a header in integers: `nngen prove` proves it."""
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=len(LANGUAGES))] = (
        PythonTarget(name="python"),
        NumpyTarget(name="numpy"),
        JavaScriptTarget(name="javascript"),
        CTarget(name="c"),
    )
    """The modules to write."""
    contents: Contents | None = None
    """The parts of each module: `forward`, `gradient`, `training`, `prediction`, `batches`, `files`, `checks`,
    `sensitivity` and `notes`, or `all`, which is all but the last two. Each part brings those that it needs. Without
    this field a module has `training`, and `prediction` if the spec says what a row of data is; with trained parameters
    it has `prediction`, or `forward` without columns."""
    schema_location: Annotated[str | None, Field(alias="$schema", exclude=True)] = None
    """The JSON Schema of the format, for editors; nngen ignores it."""

    def __reduce__(self) -> Any:
        """Pickle the values alone: the models of choices are made as they are needed, and have no names to import."""
        return Spec.model_validate, (self.model_dump(by_alias=True, exclude_unset=True),)

    @property
    def input_name(self) -> str:
        """The name of the whole input."""
        return self.inputs.name if isinstance(self.inputs, Group) else "x"

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs; a column of categories has several."""
        return input_names(self.inputs)

    @property
    def indices(self) -> tuple[Index, ...]:
        """The inputs with ids. They come before the other inputs."""
        return () if isinstance(self.inputs, Group) else tuple(each for each in self.inputs if isinstance(each, Index))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the inputs that dense layers take: all but those with ids."""
        return self.input_names[len(self.indices) :]

    @property
    def monotone(self) -> Mapping[str, str]:
        """The inputs in which the output is monotone, each with `increasing` or `decreasing`."""
        listed = () if isinstance(self.inputs, Group) else self.inputs
        return {each.name: each.monotone for each in listed if isinstance(each, Numeric) and each.monotone}

    @property
    def outputs_like(self) -> str:
        """The activation that the outputs are like, see ``Layer.like``."""
        last = self.layers[-1]
        return last.like(layer for layer in self.layers if layer.name in (last.sources or ()))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the data that the inputs are made from, each with its name in the data."""
        given = self.data.inputs if isinstance(self.data, Table) else None
        plain = numbered(self.inputs.name, self.inputs.size) if isinstance(self.inputs, Group) else self.inputs
        columns = [Numeric(name=column) if isinstance(column, str) else column for column in plain]
        names = given or [column.column or column.name for column in columns]
        return tuple(column.model_copy(update={"column": name}) for column, name in zip(columns, names, strict=True))

    def unroll(self, target: str) -> str:
        """How far the module of a target is unrolled, even if the spec does not list the target."""
        named = next((listed for listed in self.targets if listed.name == target), None)
        return getattr(named, "unroll", "auto")

    @property
    def binding(self) -> bool:
        """Whether a Python module is written beside the C header."""
        return any(listed.binding for listed in self.targets if isinstance(listed, CTarget))

    @property
    def types(self) -> bool:
        """Whether the spec asks for a file with the types of its JavaScript module."""
        return any(listed.types for listed in self.targets if isinstance(listed, JavaScriptTarget))

    def namespace(self, target: str) -> str:
        """The namespace or package of a target's module, even if the spec does not list the target."""
        named = next((listed for listed in self.targets if listed.name == target), None)
        default = "Networks" if target == "php" else ""
        return getattr(named, "namespace", getattr(named, "package", default)) or default

    def dtype(self, target: str) -> str:
        """The number type of a target's module, even if the spec does not list the target."""
        named = next((listed for listed in self.targets if listed.name == target), None)
        return getattr(named, "dtype", "float64")
