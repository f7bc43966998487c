"""What a user may write: the models of a network's description.

Each model refuses fields that it does not know, and each field says in its description what it means; the JSON Schema
and ``docs/spec.md`` are made from here. What concerns more than one field stands in ``nngen.reading.checks``.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from nngen.activations import ACTIVATIONS
from nngen.examples import Data
from nngen.fields import (
    MAX_UNITS,
    Choice,
    InputName,
    Model,
    ModuleName,
    Name,
    Number,
    OneOf,
    Row,
    Seed,
    Short,
    Size,
    Switch,
    Text,
    bare,
    form,
    is_list,
    listed,
    named,
    numbered,
)
from nngen.initializers import INITIALIZERS
from nngen.losses import LOSSES
from nngen.optimizers import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.penalties import PENALTIES
from nngen.stopping import STOPS

MAX_LAYERS = 1_000
"""The deepest networks that were ever trained have about as many."""

Activation = Annotated[Choice, OneOf("activation", ACTIVATIONS), bare(ACTIVATIONS)]
Optimizer = Annotated[Choice, OneOf("optimizer", OPTIMIZERS), bare(OPTIMIZERS)]
Schedule = Annotated[Choice, OneOf("schedule", SCHEDULES), bare(SCHEDULES)]
Clip = Annotated[Choice, OneOf("clip", CLIPS)]


class Loss(Choice):
    """A loss and its convention."""

    outputs: Literal["sum", "mean"]
    """Over the outputs, the terms are summed or their mean is taken."""
    batch: Literal["mean", "sum"] = "mean"
    """Over the examples of a batch, the mean is taken or the sum."""


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


_several = Field(min_length=1, max_length=MAX_UNITS)


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
        Annotated[Size, Tag("other")] | Annotated[tuple[Name, ...], _several, Tag("names")], Discriminator(form)
    ]
    """The units' names, or how many there are: 3 units of a layer `hidden` are `hidden1` to `hidden3`."""
    activation: Activation
    """The function that makes a unit's output of its weighted sum."""
    sources: Annotated[
        tuple[Annotated[str, Field(strict=True)], ...] | None,
        Field(alias="from", min_length=1),
        Short(listed, {"type": "string"}),
    ] = None
    """What feeds the layer: earlier layers, or the input, by name, each with weights of its own. Without it, the layer
    before."""
    weights: Weights = Weights()
    """How its weights begin, and whether they are trained."""
    bias: Annotated[Bias | None, Short(_bias, {"type": "boolean"})] = Bias()
    """Whether its units have a bias (`true`, `false`), or how the biases begin and whether they are trained."""

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


def _full(value: object) -> object:
    return None if value == "full" else value


class Penalty(Choice):
    """What large weights cost: a term of the loss for each weight that is trained."""

    biases: Switch = False
    """Whether biases cost the same."""


class Stop(Choice):
    """A rule that ends training early. Where one is given, `fit` gives the best parameters that it met."""

    validation: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """The share of the examples that are kept from training to measure the loss; 0 measures it in training."""
    seed: Seed = 0
    """The seed that draws them."""


class Training(Model):
    """How `step` and `fit` train."""

    optimizer: Optimizer
    """The rule that turns a gradient into a step."""
    schedule: Schedule = Field(default="constant", validate_default=True)
    """How the learning rate changes from step to step."""
    clip: Clip | None = None
    """What is done to gradients that are too large, before the optimizer sees them."""
    penalty: Annotated[Penalty, OneOf("penalty", PENALTIES)] | None = None
    """What large weights cost; it belongs to the loss of each example."""
    stop: Annotated[Stop, OneOf("stop", STOPS)] | None = None
    """When training ends before the last epoch."""
    batch_size: Annotated[Annotated[int, Field(strict=True, ge=1)] | None, Short(_full, {"const": "full"})] = 1
    """How many examples make a step: 1, a mini-batch, or `full` for all of them."""
    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 100
    """How many times `fit` goes through the examples."""
    shuffle: Switch = True
    """Whether each epoch takes the examples in a new order."""
    seed: Seed = 0
    """The seed of that order."""


class PythonTarget(Model):
    """A module that needs nothing but Python."""

    name: Literal["python"]
    """`python`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """How far it is written out: an equation for each weight, or for each layer; `auto` goes by their number."""


class NumpyTarget(Model):
    """A module that needs NumPy and takes batches."""

    name: Literal["numpy"]
    """`numpy`"""
    dtype: Literal["float64", "float32"] = "float64"
    """The width of its numbers."""


Target = Annotated[
    PythonTarget | NumpyTarget,
    Field(discriminator="name"),
    Short(named, {"enum": ["python", "numpy"]}),
]


class Spec(Model):
    """A network: what it computes, how it begins, and how it learns."""

    name: ModuleName
    """The network's name, and its module's."""
    description: Text = ""
    """What the network is for; it opens the generated module."""
    inputs: Annotated[
        Annotated[Group, Tag("other")] | Annotated[tuple[InputName, ...], _several, Tag("names")], Discriminator(form)
    ]
    """The inputs' names, or how many there are."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    """The layers, each after those that feed it; the last one is the output."""
    initial: Initial = Initial()
    """How the parameters begin."""
    loss: Annotated[Loss, OneOf("loss", LOSSES)]
    """What training makes small."""
    training: Training
    """How the network is trained."""
    data: Data | None = None
    """The examples that it learns from."""
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=2)] = (
        PythonTarget(name="python"),
        NumpyTarget(name="numpy"),
    )
    """The modules to write."""

    @property
    def input_name(self) -> str:
        """The name of the whole input."""
        return self.inputs.name if isinstance(self.inputs, Group) else "x"

    @property
    def input_names(self) -> tuple[str, ...]:
        """The inputs' names."""
        return numbered(self.inputs.name, self.inputs.size) if isinstance(self.inputs, Group) else self.inputs

    @property
    def python(self) -> PythonTarget:
        """The options of the target python, whether the spec lists it or not."""
        return next((target for target in self.targets if target.name == "python"), PythonTarget(name="python"))

    @property
    def numpy(self) -> NumpyTarget:
        """The options of the target numpy, whether the spec lists it or not."""
        return next((target for target in self.targets if target.name == "numpy"), NumpyTarget(name="numpy"))
