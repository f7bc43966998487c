"""The models of ``inputs:``, ``layers:`` and ``initial:``."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from nngen.description.model.fields import (
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
from nngen.description.model.names import Name, numbered
from nngen.mathematics.catalogue import ACTIVATIONS, AVERAGE, INITIALIZERS, KINDS, NORMALIZATIONS

Activation = Annotated[Choice, OneOf("activation", ACTIVATIONS, custom=True), bare(ACTIVATIONS, custom=True)]


class Scheme(Choice):
    """A random initializer."""

    seed: Seed | None = None
    """A separate seed: these values do not depend on the seed of `init`."""


def _kind(value: object) -> str:
    named = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
    return "values" if named == "values" else "scheme"


_Numbers = {"type": "array", "items": {"type": "number"}}
_Rows = {"type": "array", "items": _Numbers}
_Scheme = Annotated[Scheme, OneOf("initial", INITIALIZERS), bare(INITIALIZERS)]


class Matrices(Model):
    """Explicit initial weights."""

    name: Literal["values"]
    """`values`"""
    values: Annotated[dict[str, tuple[Row, ...]], Short(lambda value: {"": value} if is_list(value) else value, _Rows)]
    """A row for each unit, with a number for each input; with several sources, such rows by the name of the source."""


class Vector(Model):
    """Explicit initial biases."""

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
    """The weights of a layer."""

    initial: _InitialWeights | None = None
    """The initial values: an initializer, or explicit values; the default is that of the network's `initial`."""
    trainable: Switch = True
    """Whether training changes them."""


class Bias(Model):
    """The biases of a layer, one for each unit."""

    initial: _InitialBiases | None = None
    """The initial values: an initializer, or explicit values; the default is that of the network's `initial`."""
    trainable: Switch = True
    """Whether training changes them."""


def _bias(value: object) -> object:
    return ({} if value else None) if isinstance(value, bool) else value


class Normalization(Choice):
    """A normalization of a layer."""

    of: Literal["sums", "activations"] = "sums"
    """The values to normalize: the weighted sums (before the activation) or the activations."""
    trainable: Switch = True
    """Whether training changes gain and shift."""


several = Field(min_length=1, max_length=MAX_UNITS, json_schema_extra={"uniqueItems": True})


class Group(Model):
    """Numbered inputs: `{name: pixel, size: 64}` is `pixel1` to `pixel64`."""

    name: Name
    """The prefix of the inputs' names, and the name of the whole input under `from`."""
    size: Size
    """The number of inputs."""


def _optional(schema: dict[str, Any]) -> None:
    """Tell editors what every kind of layer requires; a rule of the editor's schema has the rest."""
    schema["required"] = ["name"]


class Layer(Model):
    """A layer: the values of its units from those of its sources.

    A dense layer connects each unit to all units of each source. The other kinds are the parts of matrix factorization
    (Koren, Bell and Volinsky, Computer 42(8), 2009): a rating is the dot product of two embeddings, plus biases.
    """

    model_config = ConfigDict(json_schema_extra=_optional)

    name: Name
    """The name of the layer."""
    kind: Literal["dense", "embedding", "product", "dot", "add", "average", "ratio", "maximum"] = "dense"
    """The weighted sums of a `dense` layer; for each id of one input its own row of a matrix (`embedding`; with one
    unit, a bias); the `product` of two sources, unit by unit, or its sum (`dot`); the sum of several sources, unit by
    unit (`add`), or their mean (`average`); the quotient of two (`ratio`); or the greater value of two (`maximum`; at a
    tie the first one gets the slope). Only a dense layer has biases by default, and the activation of the others is
    `linear`."""
    units: Annotated[
        Annotated[Size, Tag("other")] | Annotated[tuple[Name, ...], several, Tag("names")], Discriminator(form)
    ]
    """The names of the units, or their number: 3 units of a layer `hidden` are `hidden1` to `hidden3`. A dot product
    has one unit; a product, sum, average, quotient or maximum has as many as its sources."""
    activation: Activation
    """The activation function."""
    sources: Annotated[
        tuple[Annotated[str, Field(strict=True)], ...] | None,
        Field(alias="from", min_length=1, json_schema_extra={"uniqueItems": True}),
        Short(listed, {"type": "string"}),
    ] = None
    """The sources of the layer: names of earlier layers or of the input, each with its own weights. An embedding takes
    an input with ids. The default is the previous layer."""
    weights: Weights = Weights.model_construct()
    """The initial values of the weights, and whether they are trained."""
    bias: Annotated[Bias | None, Short(_bias, {"type": "boolean"})] = Bias.model_construct()
    """Whether the units have biases (`true`, `false`), or the initial values of the biases and whether they are
    trained."""
    normalization: Annotated[Normalization, OneOf("normalization", NORMALIZATIONS), bare(NORMALIZATIONS)] | None = None
    """The normalization to mean 0 and variance 1, or to a mean square of 1, followed by a trained gain and shift."""
    dropout: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """The dropout rate: the share of units that training sets to 0 at random for each example. The others are scaled up
    by 1 / (1 - rate)."""

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, given: object) -> object:
        """Complete a layer that is not dense: no biases, no activation, and one unit of a dot product."""
        if not isinstance(given, Mapping) or given.get("kind", "dense") == "dense":
            return given
        kind = next((kind for kind in KINDS.values() if kind.name == given["kind"]), None)
        units = {"units": 1} if kind and kind.over_units else {}
        return {"activation": "linear", "bias": False, **units, **given}

    @property
    def weighted(self) -> bool:
        """Whether the layer has weights: a matrix for each source, or that of an embedding."""
        return not KINDS[self.kind].value

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The names of the units."""
        return numbered(self.name, self.units) if isinstance(self.units, int) else self.units

    def like(self, sources: Iterable["Layer"]) -> str:
        """The activation that its values are like: its own or, of an average alone, that of all its sources."""
        own = self.activation.name
        alone = own == "linear" and not (self.bias or self.normalization or self.dropout)
        found = {own if each.normalization or each.dropout else each.activation.name for each in sources}
        return found.pop() if self.kind == AVERAGE.name and alone and len(found) == 1 else own


class Initial(Model):
    """The default initializers of all layers."""

    weights: _Scheme = Field(default="glorot_uniform", validate_default=True)
    """The initializer of the weights."""
    biases: _Scheme = Field(default="zeros", validate_default=True)
    """The initializer of the biases."""
    seed: Seed = 0
    """The default seed of `init`."""
