"""What a user may write about what a network is made of: its layers, and how their parameters begin."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from nngen.catalogue import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS
from nngen.spec.fields import (
    MAX_UNITS,
    Choice,
    Model,
    Number,
    OneOf,
    Row,
    Seed,
    Short,
    Size,
    Switch,
    bare,
    form,
    is_list,
    listed,
)
from nngen.spec.names import Name, numbered

Activation = Annotated[Choice, OneOf("activation", ACTIVATIONS, custom=True), bare(ACTIVATIONS, custom=True)]


class Scheme(Choice):
    """A scheme that draws initial values."""

    seed: Seed | None = None
    """A seed of its own: these values then stay the same whatever seed `init` is given."""


def _kind(value: object) -> str:
    named = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
    return "values" if named == "values" else "scheme"


_Numbers = {"type": "array", "items": {"type": "number"}}
_Rows = {"type": "array", "items": _Numbers}
_Scheme = Annotated[Scheme, OneOf("initial", INITIALIZERS), bare(INITIALIZERS)]


class Matrices(Model):
    """Initial weights given by value."""

    name: Literal["values"]
    """`values`"""
    values: Annotated[dict[str, tuple[Row, ...]], Short(lambda value: {"": value} if is_list(value) else value, _Rows)]
    """A row for each unit with a number for each input; with several sources, such rows for each by its name."""


class Vector(Model):
    """Initial biases given by value."""

    name: Literal["values"]
    """`values`"""
    values: Row
    """A number for each unit."""


def _by_value(value: object) -> object:
    return {"name": "values", "values": value} if is_list(value) else value


_InitialWeights = Annotated[
    Annotated[_Scheme, Tag("scheme")] | Annotated[Matrices, Tag("values")],
    Discriminator(_kind),
    Short(_by_value, _Rows),
]
_InitialBiases = Annotated[
    Annotated[_Scheme, Tag("scheme")] | Annotated[Vector, Tag("values")],
    Discriminator(_kind),
    Short(_by_value, _Numbers),
]


class Weights(Model):
    """A layer's weights."""

    initial: _InitialWeights | None = None
    """Their initial values: a scheme, or the values; without it, what the network's `initial` says."""
    trainable: Switch = True
    """Whether training changes them."""


class Bias(Model):
    """A layer's biases, one for each unit."""

    initial: _InitialBiases | None = None
    """Their initial values: a scheme, or the values; without it, what the network's `initial` says."""
    trainable: Switch = True
    """Whether training changes them."""


def _bias(value: object) -> object:
    return ({} if value else None) if isinstance(value, bool) else value


class Normalization(Choice):
    """A normalization of a layer's values."""

    of: Literal["sums", "activations"] = "sums"
    """What is normalized: the weighted sums, before the activation, or the activations."""
    trainable: Switch = True
    """Whether training changes its gain and shift."""


several = Field(min_length=1, max_length=MAX_UNITS, json_schema_extra={"uniqueItems": True})


class Group(Model):
    """Inputs by number: `{name: pixel, size: 64}` is `pixel1` to `pixel64`."""

    name: Name
    """What the names of the inputs begin with, and the name of the whole input under `from`."""
    size: Size
    """How many there are."""


class Layer(Model):
    """A layer of units, each connected to all units of each source."""

    name: Name
    """The layer's name."""
    units: Annotated[
        Annotated[Size, Tag("other")] | Annotated[tuple[Name, ...], several, Tag("names")], Discriminator(form)
    ]
    """The units' names, or how many there are: 3 units of a layer `hidden` are `hidden1` to `hidden3`."""
    activation: Activation
    """The function that makes a unit's output of its weighted sum."""
    sources: Annotated[
        tuple[Annotated[str, Field(strict=True)], ...] | None,
        Field(alias="from", min_length=1, json_schema_extra={"uniqueItems": True}),
        Short(listed, {"type": "string"}),
    ] = None
    """What feeds the layer: earlier layers, or the input, by name, each with weights of its own. Without it, the layer
    before."""
    weights: Weights = Weights()
    """How its weights begin, and whether they are trained."""
    bias: Annotated[Bias | None, Short(_bias, {"type": "boolean"})] = Bias()
    """Whether its units have a bias (`true`, `false`), or how the biases begin and whether they are trained."""
    normalization: Annotated[Normalization, OneOf("normalization", NORMALIZATIONS), bare(NORMALIZATIONS)] | None = None
    """What brings its values to mean 0 and variance 1, before a gain and a shift that are trained."""
    dropout: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """The share of its units that training leaves out, drawn anew for each example; the others make up for them."""

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The units' names."""
        return numbered(self.name, self.units) if isinstance(self.units, int) else self.units


class Initial(Model):
    """How parameters begin where a layer says nothing else."""

    weights: _Scheme = Field(default="glorot_uniform", validate_default=True)
    """The scheme that draws the weights."""
    biases: _Scheme = Field(default="zeros", validate_default=True)
    """The scheme that draws the biases."""
    seed: Seed = 0
    """The seed that `init` takes unless it is given another."""
